package io.tributary.protocol;

import java.util.ArrayList;
import java.util.List;

/**
 * What a message did: the state after it, and effects in the order in which they must happen.
 * Secrets and journal come before anything leaves, so a crash between any two of them is made good
 * by replay (PROTOCOL.md 2.8, States: every arrow is journal and fsync, then send).
 *
 * @param <S> kind of state
 */
public record Transition<S>(S state, List<Effect> effects) {
  public Transition {
    effects = List.copyOf(effects);
    boolean sent = false;
    for (Effect effect : effects) {
      boolean durable = effect instanceof Effect.Journal || effect instanceof Effect.SaveSecrets;
      if (durable && sent) {
        throw new IllegalArgumentException("a journal record after a send");
      }
      sent |= !durable;
    }
  }

  /** Nothing to do. */
  public static <S> Transition<S> stay(S state) {
    return new Transition<>(state, List.of());
  }

  /** To a state, with one record of it. */
  public static <S> Transition<S> to(S state, JournalRecord record) {
    return new Transition<>(state, List.of(new Effect.Journal(record)));
  }

  /** As {@link #to}, after the secrets are saved. */
  public static <S> Transition<S> savingSecrets(S state, JournalRecord record) {
    return new Transition<>(state, List.of(new Effect.SaveSecrets(), new Effect.Journal(record)));
  }

  /** And then this. */
  public Transition<S> then(Effect effect) {
    List<Effect> more = new ArrayList<>(effects);
    more.add(effect);
    return new Transition<>(state, more);
  }

  /** The same effects, seen as a transition of a wider kind of state. */
  public <T> Transition<T> as(T wider) {
    return new Transition<>(wider, effects);
  }
}
