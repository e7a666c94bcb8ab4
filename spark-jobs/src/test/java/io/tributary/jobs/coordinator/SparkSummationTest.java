package io.tributary.jobs.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.analysis.Program;
import io.tributary.analysis.Step;
import io.tributary.connectors.SharedSpark;
import io.tributary.connectors.exchange.filesystem.FileSystemExchange;
import io.tributary.exchange.Exchange;
import io.tributary.exchange.FrameSummation;
import io.tributary.exchange.MonotonicTime;
import io.tributary.exchange.SummationOrder;
import io.tributary.simulation.Federation;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteId;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sums of many frames, on executors, within a whole run of the protocol. */
class SparkSummationTest {
  private static final int SITES = 4;
  private static final int FRAMES = 19;
  private static final int WORDS = 2 * FRAMES - 1;

  @TempDir private Path folder;
  private FileSystemExchange objects;
  private final List<Integer> taken = new ArrayList<>();
  private boolean damaged;
  private boolean missing;

  @BeforeEach
  void open() {
    objects =
        FileSystemExchange.create(
            folder.resolve("objects").toUri(), "coordinator", Map.of(), MonotonicTime.SYSTEM);
  }

  /** One round: every site adds its words. More frames than one Spark job takes. */
  private record Words() implements Program<long[], List<Long>> {
    @Override
    public byte[] start() {
      return new byte[1];
    }

    @Override
    public Layout layout(byte[] state) {
      return Layout.of(SITES).rows(WORDS, 2).count("value", 1, "unit", 1L << 40, 1L << 50).build();
    }

    @Override
    public Partial contribute(byte[] state, long[] data) {
      return Partial.lazy(
          layout(state),
          block -> Arrays.copyOfRange(data, 2 * block, Math.min(WORDS, 2 * block + 2)));
    }

    @Override
    public Step<byte[], List<Long>> update(byte[] state, Aggregate sum) {
      List<Long> words = new ArrayList<>();
      for (int block = 0; block < sum.layout().blocks(); block++) {
        Arrays.stream(sum.words(block)).forEach(words::add);
      }
      return new Step.Done<>(words);
    }
  }

  /** Frames lie in memory for the simulation; executors find them in the folder. */
  private final class InFolder implements FrameSummation {
    private final Exchange memory;
    private final SparkSummation spark;

    InFolder(Exchange memory) {
      this.memory = memory;
      this.spark =
          new SparkSummation(memory, folder.resolve("objects").toUri(), SharedSpark::session);
    }

    @Override
    public Presence check(List<StoredFrame> upload) {
      return spark.check(upload);
    }

    @Override
    public void sum(SummationOrder order, Sink sink) {
      for (int frame = 0; frame < order.frames(); frame++) {
        for (StoredFrame each : order.objects(frame)) {
          objects.put(each.name(), memory.get(each.name()).orElseThrow());
        }
      }
      if (damaged) {
        damage(order.objects(FRAMES - 1).get(1).name());
      }
      if (missing) {
        missing = false;
        delete(order.objects(FRAMES - 1).get(1).name());
      }
      spark.sum(
          order,
          (frame, words) -> {
            taken.add(frame);
            sink.frame(frame, words);
          });
    }
  }

  /** One bit of a stored object. */
  private void damage(String name) {
    Path file = folder.resolve("objects").resolve(name);
    try {
      byte[] bytes = Files.readAllBytes(file);
      bytes[bytes.length / 2] ^= 1;
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void delete(String name) {
    try {
      Files.delete(folder.resolve("objects").resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Federation.Run run(Federation federation, Map<SiteId, long[]> data) {
    federation.summing(InFolder::new);
    Federation.Run run =
        federation.run(
            federation.study("sum", SITES, Optional.empty(), 3, 1), List.of(new Words()), data);
    run.startAll();
    return run;
  }

  private static List<Long> expected(Map<SiteId, long[]> data) {
    List<Long> sums = new ArrayList<>();
    for (int i = 0; i < WORDS; i++) {
      int at = i;
      sums.add(data.values().stream().mapToLong(words -> words[at]).sum());
    }
    return sums;
  }

  @Test
  void framesOfSeveralSparkJobsAreThoseOfTheRows() {
    try (Federation federation = new Federation(SITES, 11)) {
      Map<SiteId, long[]> data = federation.data(WORDS);

      Federation.Run run = run(federation, data);
      run.settle();

      assertThat(run.refused).isEmpty();
      assertThat(run.coordinator().results()).containsEntry(0, expected(data));
      assertThat(taken).hasSize(FRAMES).isSorted().doesNotHaveDuplicates();
    }
  }

  @Test
  void aFrameThatChangedOnItsWayToTheExecutorIsBad() {
    damaged = true;
    try (Federation federation = new Federation(SITES, 12)) {
      Federation.Run run = run(federation, federation.data(WORDS));

      run.settle();

      assertThat(run.coordinator().failures()).containsOnlyKeys(0);
      assertThat(run.coordinator().failures().get(0).code()).isEqualTo(ErrorCode.BAD_FRAME);
      assertThat(run.coordinator().results()).isEmpty();
    }
  }

  /** As when the folder is not mounted for a while: the certificate binds the step to the frame. */
  @Test
  void aFrameThatIsNotThereIsWaitedFor() {
    missing = true;
    try (Federation federation = new Federation(SITES, 13)) {
      Map<SiteId, long[]> data = federation.data(WORDS);
      Federation.Run run = run(federation, data);

      assertThatThrownBy(run::settle)
          .isInstanceOfSatisfying(
              TributaryException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.EXCHANGE_FAILED);
                assertThat(e.problem()).startsWith("Frame '").contains("not in the exchange");
              });
      assertThat(run.coordinator().failures()).isEmpty();
      // The folder is whole again when it is asked the next time.
      run.settle();

      assertThat(run.coordinator().failures()).isEmpty();
      assertThat(run.coordinator().results()).containsEntry(0, expected(data));
    }
  }
}
