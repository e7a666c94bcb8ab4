package io.tributary.jobs.site;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.connectors.SharedSpark;
import io.tributary.jobs.Outcome;
import io.tributary.report.ResultComparison;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a study's analyses leave in a driver: sums, whose size is that of the layout, however many
 * rows there are and however they are partitioned; and nothing when it is over. The comparison of
 * cohorts is switched off: the ledger's fingerprints are made in the driver, which has their key,
 * of a trace of each row, a partition at a time.
 */
class FootprintTest {
  private static final String STUDY =
      """
      study: footprint
      sites: [east, north, south]
      cohort: {from: visits}
      columns:
        age: {type: number, range: [0, 120]}
        sex: {levels: [female, male]}
        dead: {type: integer, range: [0, 1]}
      analyses:
        - {name: table-one, type: summary, columns: [age], by: sex}
        - {name: ages, type: histogram, column: age, bins: 12}
        - {name: model, type: glm, formula: "dead ~ age + sex", family: binomial}
      """;

  private static final String SITE =
      """
      policy:
        datasets: [all]
        columns: [all]
        analyses: [all]
        analysts: [all]
        purposes: [all]
        approval: rules
        cohorts: unchecked
      """;

  private static final int FEW = 60;
  private static final int MANY = 6_000;

  /** Spark's own part of a task's result: counters whose digits vary. */
  private static final long SLACK_BYTES = 4_096;

  private static final String PART_BYTES = "spark.sql.files.maxPartitionBytes";

  @TempDir private Path folder;
  private final SparkSession spark = SharedSpark.session();

  /** Bytes that each task sent to the driver. */
  private record Footprint(List<Long> results) {
    long largest() {
      return results.stream().mapToLong(Long::longValue).max().orElseThrow();
    }
  }

  private static final class Results extends SparkListener {
    private final ConcurrentLinkedQueue<Long> bytes = new ConcurrentLinkedQueue<>();

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      bytes.add(end.taskMetrics().resultSize());
    }
  }

  @Test
  void whatReachesTheDriverDoesNotGrowWithTheRows() throws Exception {
    Set<Object> kept = kept();
    Files.writeString(folder.resolve("study.yaml"), STUDY);
    tables("few", FEW);
    tables("many", MANY);

    Footprint few = run("few", "few");
    Footprint many = run("many", "many");
    spark.conf().set(PART_BYTES, "16384");
    Footprint parts;
    try {
      parts = run("many", "parts");
    } finally {
      spark.conf().unset(PART_BYTES);
    }

    assertThat(parts.results().size()).isGreaterThan(2 * many.results().size());
    assertThat(many.largest()).isLessThan(few.largest() + SLACK_BYTES);
    assertThat(parts.largest()).isLessThan(few.largest() + SLACK_BYTES);
    ResultComparison comparison =
        ResultComparison.between(folder.resolve("out-parts"), folder.resolve("out-many"));
    assertThat(comparison.columns()).isNotEmpty();
    assertThat(comparison.identical()).as(comparison.text()).isTrue();
    assertThat(kept).containsAll(kept());
  }

  /** Ids of what Spark keeps for later; those that others left go when the collector takes them. */
  private Set<Object> kept() {
    return Set.copyOf(
        scala.jdk.javaapi.CollectionConverters.asJava(
                spark.sparkContext().getPersistentRDDs().keySet())
            .stream()
            .toList());
  }

  private void tables(String name, int rows) throws IOException {
    for (int site = 0; site < 3; site++) {
      int first = site * rows;
      List<String> lines = new ArrayList<>(List.of("age,sex,dead"));
      IntStream.range(first, first + rows)
          .mapToObj(
              n ->
                  "%d,%s,%d"
                      .formatted(
                          30 + n * 7 % 61,
                          n % 2 == 0 ? "female" : "male",
                          n * 13 % 97 < 40 ? 1 : 0))
          .forEach(lines::add);
      Path home = folder.resolve(name).resolve(List.of("east", "north", "south").get(site));
      Files.write(Files.createDirectories(home).resolve("visits.csv"), lines);
      Files.writeString(home.resolve("site.yaml"), SITE);
    }
  }

  private Footprint run(String sites, String out) throws Exception {
    Results results = new Results();
    spark.sparkContext().addSparkListener(results);
    try {
      Outcome.of(
              "local",
              "run",
              folder.resolve("study.yaml").toString(),
              "--sites",
              folder.resolve(sites).toString(),
              "--out",
              folder.resolve("out-" + out).toString(),
              "--one-jvm")
          .done();
      spark.sparkContext().listenerBus().waitUntilEmpty();
    } finally {
      spark.sparkContext().removeSparkListener(results);
    }
    return new Footprint(List.copyOf(results.bytes));
  }
}
