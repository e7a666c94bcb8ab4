package io.tributary.protocol;

import io.tributary.codec.Digest;
import java.util.Optional;

/**
 * Where a role keeps what must survive a crash: one append-only journal over all studies, one
 * sealed file of secrets a study, and, at the coordinator, the words of sums it has not used yet
 * (PROTOCOL.md 2.8). Implementations lie in {@code journal}. One process a store. Every method is
 * durable when it returns, and thread-safe.
 *
 * <p>Errors: STORAGE_FAILED when the medium fails, is full or is locked by another process;
 * STATE_ROLLED_BACK when journal and secrets do not belong together.
 */
public interface StateStore extends AutoCloseable {
  /** Takes the records of a journal in order. */
  @FunctionalInterface
  interface Reader {
    void record(Digest study, byte[] record);
  }

  /** Gives every record since the beginning, after checking the chain of hashes. */
  void replay(Reader reader);

  /** Gives every record of one study; what others left before its first one is not read again. */
  void replay(Digest study, Reader reader);

  /** Appends a record of a study. */
  void append(Digest study, byte[] record);

  /** The secrets of a study; the caller zeroes them. */
  Optional<byte[]> secrets(Digest study);

  /** Replaces the secrets of a study in one step; the earlier ones are gone. */
  void replaceSecrets(Digest study, byte[] plaintext);

  /** Keeps the words of one frame of a sum. */
  void putWords(Digest study, StepId step, int frame, long[] words);

  /** The words of one frame of a sum. */
  Optional<long[]> words(Digest study, StepId step, int frame);

  /** Forgets the words of a sum. */
  void removeWords(Digest study, StepId step);

  @Override
  void close();
}
