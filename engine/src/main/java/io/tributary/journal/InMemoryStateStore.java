package io.tributary.journal;

import io.tributary.codec.Digest;
import io.tributary.protocol.StateStore;
import io.tributary.protocol.StepId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * State that lasts as long as this object: for a federation in one process, and for simulations,
 * where a new role over the same store is that role after a crash.
 */
public final class InMemoryStateStore implements StateStore {
  private final List<Entry> journal = new ArrayList<>();
  private final Map<Digest, byte[]> secrets = new HashMap<>();
  private final Map<Digest, Map<StepId, Map<Integer, long[]>>> words = new HashMap<>();

  private record Entry(Digest study, Stored record) {}

  /** Keeps the array out of the record's components. */
  private static final class Stored {
    private final byte[] bytes;

    private Stored(byte[] bytes) {
      this.bytes = bytes;
    }
  }

  @Override
  public synchronized void replay(Reader reader) {
    for (Entry entry : List.copyOf(journal)) {
      reader.record(entry.study(), entry.record().bytes.clone());
    }
  }

  @Override
  public void replay(Digest study, Reader reader) {
    replay(
        (owner, record) -> {
          if (owner.equals(study)) {
            reader.record(owner, record);
          }
        });
  }

  @Override
  public synchronized void append(Digest study, byte[] record) {
    journal.add(new Entry(study, new Stored(record.clone())));
  }

  @Override
  public synchronized Optional<byte[]> secrets(Digest study) {
    return Optional.ofNullable(secrets.get(study)).map(byte[]::clone);
  }

  @Override
  public synchronized void replaceSecrets(Digest study, byte[] plaintext) {
    byte[] before = secrets.put(study, plaintext.clone());
    if (before != null) {
      Arrays.fill(before, (byte) 0);
    }
  }

  @Override
  public synchronized void putWords(Digest study, StepId step, int frame, long[] sum) {
    words
        .computeIfAbsent(study, s -> new HashMap<>())
        .computeIfAbsent(step, s -> new HashMap<>())
        .put(frame, sum.clone());
  }

  @Override
  public synchronized Optional<long[]> words(Digest study, StepId step, int frame) {
    return Optional.ofNullable(
            words.getOrDefault(study, Map.of()).getOrDefault(step, Map.of()).get(frame))
        .map(long[]::clone);
  }

  @Override
  public synchronized void removeWords(Digest study, StepId step) {
    words.getOrDefault(study, new HashMap<>()).remove(step);
  }

  @Override
  public void close() {
    // Nothing to give back: the content is meant to outlive the role that closes it.
  }
}
