package io.tributary.jobs;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Ends work in good order when the process is told to end (Ctrl-C, SIGTERM): the shutdown waits for
 * the actions, the last one registered first, so nothing is left running and nothing half-written.
 */
public final class Stopping implements AutoCloseable {
  private static final Deque<Stopping> OPEN = new ArrayDeque<>();
  private static boolean hooked;
  private static volatile boolean begun;

  private final Runnable action;

  private Stopping(Runnable action) {
    this.action = action;
  }

  /** Runs the action at shutdown unless this is closed before. */
  public static Stopping before(Runnable action) {
    Stopping stopping = new Stopping(action);
    synchronized (OPEN) {
      if (!hooked) {
        Runtime.getRuntime().addShutdownHook(new Thread(Stopping::runAll, "stopping"));
        hooked = true;
      }
      OPEN.push(stopping);
    }
    return stopping;
  }

  /** Whether the process is being ended: what fails from now on fails because of that. */
  public static boolean begun() {
    return begun;
  }

  private static void runAll() {
    begun = true;
    RuntimeException failed = null;
    for (Stopping next = pop(); next != null; next = pop()) {
      try {
        next.action.run();
      } catch (RuntimeException e) {
        // The others still have to be ended.
        failed = e;
      }
    }
    if (failed != null) {
      throw failed;
    }
  }

  private static Stopping pop() {
    synchronized (OPEN) {
      return OPEN.poll();
    }
  }

  @Override
  public void close() {
    synchronized (OPEN) {
      OPEN.remove(this);
    }
  }
}
