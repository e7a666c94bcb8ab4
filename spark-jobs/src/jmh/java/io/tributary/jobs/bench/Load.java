package io.tributary.jobs.bench;

import io.tributary.bench.Bench;
import io.tributary.bench.CpuTime;
import io.tributary.bench.Measurement;
import io.tributary.bench.OtherJvm;
import io.tributary.jobs.load.ManySites;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A sum of 100,000 words over 200 sites, all in one JVM with a heap of 3 GiB, over Flight with TLS
 * on the loopback: set-up of the epoch, upload, certificate, opening of the seeds.
 */
final class Load implements Bench {
  private static final int SITES = 200;
  private static final int WORDS = 100_000;
  private static final int HEAP_MIB = 3072;
  private static final long MINUTES = 20;
  private static final Pattern LINE =
      Pattern.compile("seconds=([0-9.]+) cpu=([0-9.]+) contributors=([0-9]+) heapMiB=([0-9]+)");

  @Override
  public String name() {
    return "load";
  }

  @Override
  public String about() {
    return "a sum of 100,000 words over 200 sites in one process, over Flight";
  }

  @Override
  public void run(Consumer<Measurement> out) throws Exception {
    Process process =
        OtherJvm.start("-Xmx" + HEAP_MIB + "m", Inside.class, ProcessBuilder.Redirect.PIPE);
    String said = new String(process.getInputStream().readAllBytes(), OtherJvm.CHARSET);
    if (!process.waitFor(MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IllegalStateException("the JVM of 200 sites failed: " + said);
    }
    Matcher line = LINE.matcher(said);
    if (!line.find()) {
      throw new IllegalStateException("no figures: " + said);
    }
    String size = "sites=%d words=%d contributors=%s".formatted(SITES, WORDS, line.group(3));
    out.accept(Measurement.of("load/wall", size, Double.parseDouble(line.group(1)), "s"));
    out.accept(Measurement.of("load/cpu", size, Double.parseDouble(line.group(2)), "s"));
    out.accept(
        Measurement.of(
            "load/heap-after-collections", size, Double.parseDouble(line.group(4)), "MiB"));
  }

  /** What the JVM of all parties does. */
  static final class Inside {
    private Inside() {}

    public static void main(String[] args) throws Exception {
      ManySites sites = new ManySites(SITES, WORDS, Duration.ofMinutes(MINUTES - 5));
      ManySites.Taken[] taken = new ManySites.Taken[1];
      double cpu = CpuTime.ofProcess(() -> taken[0] = sites.run());
      System.out.printf(
          Locale.ROOT,
          "seconds=%.2f cpu=%.2f contributors=%d heapMiB=%d%n",
          taken[0].seconds(),
          cpu,
          taken[0].contributors(),
          taken[0].heapBytes() >> 20);
      System.exit(0);
    }
  }
}
