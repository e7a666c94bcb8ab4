package io.tributary.connectors.exchange.flight;

import io.tributary.exchange.MonotonicTime;
import java.time.Duration;

/**
 * Lets a few things a minute be said, whoever makes them happen: strangers can be refused without
 * end, and each refusal is a line in a log.
 */
final class Sparing {
  private static final long MINUTE_NANOS = Duration.ofMinutes(1).toNanos();

  private final int most;
  private final MonotonicTime time;
  private long begun;
  private int said;
  private long kept;

  /**
   * Says this many in a minute.
   *
   * @param most in any minute that begins with one
   */
  Sparing(int most, MonotonicTime time) {
    this.most = most;
    this.time = time;
    this.begun = time.nanos();
  }

  /** Whether the next may be said. */
  synchronized boolean allows() {
    long now = time.nanos();
    if (now - begun >= MINUTE_NANOS) {
      begun = now;
      said = 0;
    }
    if (said < most) {
      said++;
      return true;
    }
    kept++;
    return false;
  }

  /** How many were not said since this was asked last. */
  synchronized long kept() {
    long before = kept;
    kept = 0;
    return before;
  }
}
