package io.tributary.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * Time that this thread, or this process, has spent on a processor. On a machine shared with others
 * it says what a piece of work costs when wall time says how busy the machine was.
 */
public final class CpuTime {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final double NANOS = 1e9;

  private CpuTime() {}

  /** Something to measure. */
  public interface Work {
    void run() throws Exception;
  }

  /** Seconds of this thread. */
  public static double ofThread(Work work) throws Exception {
    long before = THREADS.getCurrentThreadCpuTime();
    work.run();
    return (THREADS.getCurrentThreadCpuTime() - before) / NANOS;
  }

  /** Seconds of all threads of this process, collector and compiler among them. */
  public static double ofProcess(Work work) throws Exception {
    var system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long before = system.getProcessCpuTime();
    work.run();
    return (system.getProcessCpuTime() - before) / NANOS;
  }

  /** Seconds on the wall. */
  public static double ofWall(Work work) throws Exception {
    long before = System.nanoTime();
    work.run();
    return (System.nanoTime() - before) / NANOS;
  }
}
