package io.tributary.exchange;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The one port between sites and coordinator: a store of write-once objects with durable names.
 *
 * <p>A name is a relative path of segments {@code [A-Za-z0-9._-]{1,128}} joined by '/', none of
 * which begins with '.', at most 512 characters ({@link ObjectName}). No name is a folder of
 * another. An object is at most {@link #MAX_OBJECT_BYTES}. Every implementation passes {@code
 * ExchangeContract}: puts are atomic (a reader sees the whole object or none), durable when {@code
 * put} returns, and idempotent for the same bytes. Absence in a listing proves nothing. Instances
 * may be used by many threads at once.
 *
 * <p>Errors: EXCHANGE_CONFLICT for other bytes under an existing name or a name that is a folder of
 * another, EXCHANGE_FAILED when the medium fails after bounded retries, BAD_MESSAGE for a name or
 * size out of form, BAD_FRAME for a stored object that is no longer what was put.
 */
public interface Exchange extends AutoCloseable {
  /** 16 MiB: a frame has at most 2^20 words of 8 bytes, and its Arrow header. */
  long MAX_OBJECT_BYTES = 16L << 20;

  /** Writes an object once; the same bytes again are no error. */
  void put(String name, byte[] bytes);

  /** The object's bytes, or empty if there is none yet. */
  Optional<byte[]> get(String name);

  /**
   * Names below a prefix (a folder, without trailing '/'; the empty string for everything), in byte
   * order, recursively.
   */
  List<String> list(String prefix);

  /**
   * As {@link #list}, but waits until the listing holds a name that is not in {@code known} or the
   * time is over; then gives whatever is there.
   */
  List<String> await(String prefix, List<String> known, Duration patience);

  /** Removes all objects below a prefix; only the coordinator may, after JobClosed. */
  void remove(String prefix);

  @Override
  void close();
}
