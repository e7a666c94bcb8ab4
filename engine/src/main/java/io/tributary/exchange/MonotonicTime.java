package io.tributary.exchange;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The time that waits and deadlines are measured in: it only grows, whatever happens to the
 * machine's clock. Passed in, so that tests of waiting need not wait.
 */
public interface MonotonicTime {
  /** The time of the Java machine. */
  MonotonicTime SYSTEM =
      new MonotonicTime() {
        @Override
        public long nanos() {
          return System.nanoTime();
        }

        @Override
        public void pause(Duration length) throws InterruptedException {
          TimeUnit.NANOSECONDS.sleep(length.toNanos());
        }
      };

  /** Nanoseconds since an arbitrary instant; only differences mean something. */
  long nanos();

  /** Blocks the calling thread for this long. */
  void pause(Duration length) throws InterruptedException;
}
