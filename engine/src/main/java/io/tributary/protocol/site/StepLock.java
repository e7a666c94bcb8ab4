package io.tributary.protocol.site;

import io.tributary.codec.Digest;
import io.tributary.masking.RoundTerms;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What binds all attempts at one step, in any epoch (PROTOCOL.md 2.5): one input, and after the
 * first answer one tuple (U as ids, query, layout, broadcast, dp). Changes only by records that are
 * in the journal.
 */
public final class StepLock {
  private final List<Digest> inputTags = new ArrayList<>();
  private Optional<Tuple> tuple = Optional.empty();

  private record Tuple(
      Set<SiteId> contributors, Digest query, Digest layout, Digest broadcast, Digest dp) {
    static Tuple of(Set<SiteId> contributors, RoundTerms terms) {
      return new Tuple(
          Set.copyOf(contributors), terms.query(), terms.layout(), terms.broadcast(), terms.dp());
    }
  }

  /** Whether this is the input of every earlier attempt, as far as that attempt came. */
  boolean allowsInput(int frame, Digest tag) {
    return frame >= inputTags.size() || inputTags.get(frame).equals(tag);
  }

  /** Whether an attempt with these terms may be accepted (R0). */
  Optional<ErrorCode> refusalOf(RoundTerms terms) {
    return tuple.isEmpty() || tuple.get().equals(Tuple.of(tuple.get().contributors(), terms))
        ? Optional.empty()
        : Optional.of(ErrorCode.STEP_LOCKED);
  }

  /** Whether U under these terms may be signed or answered (R2, R3). */
  Optional<ErrorCode> refusalOf(RoundTerms terms, Set<SiteId> contributors) {
    return tuple.isEmpty() || tuple.get().equals(Tuple.of(contributors, terms))
        ? Optional.empty()
        : Optional.of(ErrorCode.STEP_LOCKED);
  }

  /** Whether an answer was given. */
  boolean isLocked() {
    return tuple.isPresent();
  }

  void noteInput(int frame, Digest tag) {
    if (frame == inputTags.size()) {
      inputTags.add(tag);
    }
  }

  void noteAnswer(Set<SiteId> contributors, RoundTerms terms) {
    if (tuple.isEmpty()) {
      tuple = Optional.of(Tuple.of(contributors, terms));
    }
  }

  @Override
  public String toString() {
    return "StepLock[frames=" + inputTags.size() + ", locked=" + isLocked() + "]";
  }
}
