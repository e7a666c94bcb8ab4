package io.tributary.jobs;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import java.lang.management.ManagementFactory;
import java.util.List;

/**
 * A party's process holds keys and sums in its memory, so nothing may write that memory into a file
 * by itself. Core dumps are switched off by the launcher and by {@code spark-jvm-options}; what
 * this JVM was told to do is looked at before a key is read.
 */
public final class MemoryDumps {
  private static final List<String> OPTIONS =
      List.of("HeapDumpOnOutOfMemoryError", "HeapDumpBeforeFullGC", "HeapDumpAfterFullGC");

  private MemoryDumps() {}

  /** WRONG_JAVA if this JVM would write its heap into a file. */
  public static void requireNone() {
    HotSpotDiagnosticMXBean options =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    if (options == null) {
      return; // Not HotSpot, which has no such options.
    }
    for (String option : OPTIONS) {
      if (Boolean.parseBoolean(options.getVMOption(option).getValue())) {
        throw Errors.invalid(
            ErrorCode.WRONG_JAVA,
            "JVM options",
            "-XX:+" + option + " writes the memory into a file, and with it keys and sums.",
            "Take it out of the driver's options, and of JAVA_TOOL_OPTIONS and JDK_JAVA_OPTIONS.");
      }
    }
  }
}
