package io.tributary.bench;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.analysis.Program;
import io.tributary.analysis.Step;
import io.tributary.exchange.Exchange;
import io.tributary.exchange.InMemoryExchange;
import io.tributary.journal.FileStateStore;
import io.tributary.simulation.Federation;
import io.tributary.study.SiteId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A partial of 10^8 words through the whole protocol at three sites in a JVM with a heap of 900
 * MiB: frames lie on disk, every party holds a few blocks. Each word of the sum is compared with
 * what it must be.
 */
final class LargePartial implements Bench {
  private static final int SITES = 3;
  private static final int WORDS = 100_000_000;
  private static final int WORDS_PER_BLOCK = 1_000_000;
  private static final int HEAP_MIB = 900;
  private static final long MINUTES = 10;
  private static final Pattern LINE = Pattern.compile("seconds=([0-9.]+) cpu=([0-9.]+)");

  @Override
  public String name() {
    return "large";
  }

  @Override
  public String about() {
    return "a partial of 10^8 words at 3 sites in a JVM with a heap of 900 MiB";
  }

  @Override
  public void run(Consumer<Measurement> out) throws Exception {
    Process process =
        OtherJvm.start("-Xmx" + HEAP_MIB + "m", Inside.class, ProcessBuilder.Redirect.PIPE);
    String said = new String(process.getInputStream().readAllBytes(), OtherJvm.CHARSET);
    if (!process.waitFor(MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IllegalStateException("the JVM of 900 MiB failed: " + said);
    }
    Matcher line = LINE.matcher(said);
    if (!line.find()) {
      throw new IllegalStateException("no figures: " + said);
    }
    String size = "sites=%d words=%d heapMiB=%d".formatted(SITES, WORDS, HEAP_MIB);
    out.accept(Measurement.of("large/wall", size, Double.parseDouble(line.group(1)), "s"));
    out.accept(Measurement.of("large/cpu", size, Double.parseDouble(line.group(2)), "s"));
    out.accept(
        Measurement.of("large/heap", size, HEAP_MIB, "MiB")
            .goal(new Measurement.Goal.ValueAtMost(1024)));
  }

  /** Word i of a site: made when asked for, so that no table of 800 MB is in the way. */
  private static long word(int site, long i) {
    long mixed = (i + 1) * 0x9E3779B97F4A7C15L + site * 0xBF58476D1CE4E5B9L;
    return (mixed ^ mixed >>> 31) % WordSum.BOUND;
  }

  /** One sum, compared word by word. Data is the site's number. */
  private record Blocks() implements Program<Integer, Integer> {
    @Override
    public byte[] start() {
      return new byte[1];
    }

    @Override
    public Layout layout(byte[] state) {
      return Layout.of(SITES)
          .rows(WORDS, WORDS_PER_BLOCK)
          .count("value", 1, "unit", WordSum.BOUND, 1L << 50)
          .build();
    }

    @Override
    public Partial contribute(byte[] state, Integer site) {
      Layout layout = layout(state);
      return Partial.lazy(
          layout,
          block -> {
            long[] words = new long[layout.words(block)];
            for (int i = 0; i < words.length; i++) {
              words[i] = word(site, (long) block * WORDS_PER_BLOCK + i);
            }
            return words;
          });
    }

    @Override
    public Step<byte[], Integer> update(byte[] state, Aggregate sum) {
      int compared = 0;
      for (int block = 0; block < sum.layout().blocks(); block++) {
        long[] words = sum.words(block);
        for (int i = 0; i < words.length; i++) {
          long expected = 0;
          for (int site = 0; site < SITES; site++) {
            expected += word(site, (long) block * WORDS_PER_BLOCK + i);
          }
          if (words[i] != expected) {
            throw new IllegalStateException("word " + i + " of block " + block + " is wrong");
          }
          compared++;
        }
      }
      return new Step.Done<>(compared);
    }
  }

  /** What the JVM with the small heap does. */
  static final class Inside {
    private Inside() {}

    public static void main(String[] args) throws Exception {
      Path folder = Files.createTempDirectory("tributary-large");
      double[] wall = new double[1];
      try {
        double cpu = CpuTime.ofProcess(() -> wall[0] = CpuTime.ofWall(() -> sum(folder)));
        System.out.printf(java.util.Locale.ROOT, "seconds=%.2f cpu=%.2f%n", wall[0], cpu);
      } finally {
        delete(folder);
      }
    }

    private static void sum(Path folder) {
      try (Federation federation = new Federation(SITES, 1);
          FileStateStore store =
              FileStateStore.open(folder.resolve("coordinator"), new SecureRandom())) {
        federation.wrapExchange(exchange -> new FramesOnDisk(folder.resolve("frames")));
        federation.wrapCoordinatorStore(memory -> store);
        Map<SiteId, Integer> data = new TreeMap<>();
        for (int site = 0; site < SITES; site++) {
          data.put(Federation.id(site), site);
        }
        Federation.Run run =
            federation.run(
                federation.study("large", SITES, Optional.empty(), 3, 1),
                List.of(new Blocks()),
                data);
        run.startAll();
        run.settle();
        if (!Integer.valueOf(WORDS).equals(run.coordinator().results().get(0))) {
          throw new IllegalStateException("no sum: " + run.refused + run.coordinator().failures());
        }
      }
    }

    private static void delete(Path folder) throws IOException {
      try (var paths = Files.walk(folder)) {
        for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  /** Messages in memory, frames in files. */
  private static final class FramesOnDisk implements Exchange {
    private final InMemoryExchange messages = new InMemoryExchange();
    private final Path folder;

    FramesOnDisk(Path folder) {
      this.folder = folder;
    }

    private static boolean isFrame(String name) {
      return name.contains("/f/");
    }

    @Override
    public void put(String name, byte[] bytes) {
      if (!isFrame(name)) {
        messages.put(name, bytes);
        return;
      }
      try {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public Optional<byte[]> get(String name) {
      try {
        return isFrame(name)
            ? Optional.of(Files.readAllBytes(folder.resolve(name)))
            : messages.get(name);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public List<String> list(String prefix) {
      return messages.list(prefix);
    }

    @Override
    public List<String> await(String prefix, List<String> known, Duration patience) {
      return messages.await(prefix, known, patience);
    }

    @Override
    public void remove(String prefix) {
      messages.remove(prefix);
    }

    @Override
    public void close() {}
  }
}
