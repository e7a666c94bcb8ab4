package io.tributary.connectors.exchange.flight;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Interrupts threads whose streams stall. Flight's own reader waits for the next batch without
 * limit, and a peer that is silent, half-open or hostile must not keep a thread for ever.
 */
final class Watchdog implements AutoCloseable {
  private final ScheduledExecutorService scheduler =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "exchange-watchdog");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * Watches the calling thread until {@link Watch#close}.
   *
   * @param stall longest time without {@link Watch#progress}
   * @param deadline longest time at all
   */
  Watch watch(Duration stall, Duration deadline) {
    Watch watch = new Watch(Thread.currentThread(), stall.toNanos(), deadline.toNanos());
    long periodNanos = Math.max(1, Math.min(stall.toNanos(), deadline.toNanos()) / 4);
    watch.looks =
        scheduler.scheduleWithFixedDelay(
            watch::look, periodNanos, periodNanos, TimeUnit.NANOSECONDS);
    return watch;
  }

  @Override
  public void close() {
    scheduler.shutdownNow();
  }

  static final class Watch implements AutoCloseable {
    private final Thread thread;
    private final long stallNanos;
    private final long deadlineNanos;
    private final long startNanos = System.nanoTime();
    private long progressNanos = startNanos;
    private boolean interrupted;
    private boolean closed;
    private volatile Future<?> looks;

    private Watch(Thread thread, long stallNanos, long deadlineNanos) {
      this.thread = thread;
      this.stallNanos = stallNanos;
      this.deadlineNanos = deadlineNanos;
    }

    synchronized void progress() {
      progressNanos = System.nanoTime();
    }

    private synchronized void look() {
      long now = System.nanoTime();
      boolean late = now - progressNanos > stallNanos || now - startNanos > deadlineNanos;
      if (late && !closed && !interrupted) {
        interrupted = true;
        thread.interrupt();
      }
    }

    /** Whether the thread was interrupted for being late. */
    synchronized boolean isLate() {
      return interrupted;
    }

    /** Ends the watch; clears the interrupt mark if it was set here. */
    @Override
    public synchronized void close() {
      closed = true;
      looks.cancel(false);
      if (interrupted) {
        Thread.interrupted();
      }
    }
  }
}
