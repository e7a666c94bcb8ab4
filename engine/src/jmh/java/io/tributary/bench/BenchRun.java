package io.tributary.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Runs the benchmarks that the command line names, one after another, and prints JSON lines. */
public final class BenchRun {
  private BenchRun() {}

  /** The benchmarks of the engine alone. */
  public static List<Bench> ofEngine() {
    return List.of(new MaskExpansion(), new SecureSum(), new LargePartial());
  }

  /**
   * Runs them.
   *
   * @param args names of benchmarks, none for all; {@code --list} prints them instead
   * @return exit code: 0 when every goal is met, 1 when one is not, 2 for an unknown name, 3 when a
   *     benchmark failed
   */
  public static int run(List<Bench> benches, List<String> args, PrintStream out) {
    if (args.contains("--list")) {
      benches.forEach(bench -> out.printf("%-12s %s%n", bench.name(), bench.about()));
      return 0;
    }
    List<String> names = benches.stream().map(Bench::name).toList();
    List<String> unknown = args.stream().filter(arg -> !names.contains(arg)).toList();
    if (!unknown.isEmpty()) {
      System.err.println("bench: no benchmark " + unknown + "; there are " + names);
      return 2;
    }
    out.println(Measurement.line(machine()));
    int code = 0;
    for (Bench bench : benches) {
      if (args.isEmpty() || args.contains(bench.name())) {
        List<Measurement> missed = new ArrayList<>();
        try {
          bench.run(
              measurement -> {
                out.println(measurement.json());
                out.flush();
                if (!measurement.met()) {
                  missed.add(measurement);
                }
              });
        } catch (Exception e) {
          System.err.println("bench: " + bench.name() + " failed: " + e);
          e.printStackTrace(System.err);
          code = 3;
        }
        code = code == 0 && !missed.isEmpty() ? 1 : code;
      }
    }
    return code;
  }

  /** What the figures were measured on. */
  static Map<String, Object> machine() {
    var system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("machine", processor());
    fields.put("cores", Runtime.getRuntime().availableProcessors());
    fields.put("memoryMiB", system.getTotalMemorySize() >> 20);
    fields.put("heapMiB", Runtime.getRuntime().maxMemory() >> 20);
    fields.put("jvm", Runtime.version().toString());
    fields.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    fields.put("load", system.getSystemLoadAverage());
    return fields;
  }

  private static String processor() {
    try (Stream<String> lines =
        Files.lines(Path.of("/proc/cpuinfo"), StandardCharsets.ISO_8859_1)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    } catch (IOException e) {
      return "unknown";
    }
  }
}
