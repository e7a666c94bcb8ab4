package io.tributary.simulation;

import io.tributary.codec.Digest;
import io.tributary.protocol.StateStore;
import io.tributary.protocol.StepId;
import java.util.Optional;

/** A store that kills its process before or after its n-th durable write, once. */
public final class CrashingStore implements StateStore {
  private final StateStore store;
  private final When when;
  private int left;

  /** On which side of the write the process dies. */
  public enum When {
    BEFORE,
    AFTER
  }

  /** The process is gone. */
  public static final class Killed extends RuntimeException {}

  public CrashingStore(StateStore store, int write, When when) {
    this.store = store;
    this.left = write;
    this.when = when;
  }

  /** Whether it has not come to the write yet. */
  public boolean isArmed() {
    return left > 0;
  }

  private void write(Runnable action) {
    left--;
    if (left == 0 && when == When.BEFORE) {
      throw new Killed();
    }
    action.run();
    if (left == 0) {
      throw new Killed();
    }
  }

  @Override
  public void replay(Reader reader) {
    store.replay(reader);
  }

  @Override
  public void replay(Digest study, Reader reader) {
    store.replay(study, reader);
  }

  @Override
  public void append(Digest study, byte[] record) {
    write(() -> store.append(study, record));
  }

  @Override
  public Optional<byte[]> secrets(Digest study) {
    return store.secrets(study);
  }

  @Override
  public void replaceSecrets(Digest study, byte[] plaintext) {
    write(() -> store.replaceSecrets(study, plaintext));
  }

  @Override
  public void putWords(Digest study, StepId step, int frame, long[] words) {
    write(() -> store.putWords(study, step, frame, words));
  }

  @Override
  public Optional<long[]> words(Digest study, StepId step, int frame) {
    return store.words(study, step, frame);
  }

  @Override
  public void removeWords(Digest study, StepId step) {
    store.removeWords(study, step);
  }

  @Override
  public void close() {
    store.close();
  }
}
