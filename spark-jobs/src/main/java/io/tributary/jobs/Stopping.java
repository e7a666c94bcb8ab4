package io.tributary.jobs;

/**
 * Ends work in good order when the process is told to end (Ctrl-C, SIGTERM): the shutdown waits for
 * the action, so nothing is left running and nothing half-written.
 */
public final class Stopping implements AutoCloseable {
  private final Thread hook;

  private Stopping(Thread hook) {
    this.hook = hook;
  }

  /** Runs the action at shutdown unless this is closed before. */
  public static Stopping before(Runnable action) {
    Thread hook = new Thread(action, "stopping");
    Runtime.getRuntime().addShutdownHook(hook);
    return new Stopping(hook);
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The shutdown is under way, and the action with it.
    }
  }
}
