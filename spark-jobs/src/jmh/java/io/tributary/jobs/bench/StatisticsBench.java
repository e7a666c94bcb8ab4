package io.tributary.jobs.bench;

import static org.apache.spark.sql.functions.ceil;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.exp;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log;
import static org.apache.spark.sql.functions.rand;
import static org.apache.spark.sql.functions.randn;
import static org.apache.spark.sql.functions.when;

import io.tributary.analysis.Program;
import io.tributary.bench.Bench;
import io.tributary.bench.CpuTime;
import io.tributary.bench.Measurement;
import io.tributary.codec.StudyParser;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.jobs.analysis.Catalog;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.linalg.Cholesky;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.ResultTable;
import io.tributary.simulation.Federation;
import io.tributary.study.SiteConfig;
import io.tributary.study.SiteId;
import io.tributary.study.Study;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * Cox's model over 10^6 persons, 10 columns and 1,000 times: four sites and the whole protocol on
 * this machine against Newton's method written on Spark for the pooled rows, since MLlib has no
 * such model. Both end at the same estimates, which is looked at. Then logistic regression over
 * 10^7 rows and 20 columns against MLlib.
 */
final class StatisticsBench implements Bench {
  private static final int SITES = 4;
  private static final long ROWS = 1_000_000;
  private static final int COLUMNS = 10;
  private static final int TIMES = 1000;
  private static final int REPETITIONS = 3;
  private static final long LOGISTIC_ROWS = 10_000_000;
  private static final double GOAL = 1.3;

  @Override
  public String name() {
    return "statistics";
  }

  @Override
  public String about() {
    return "Cox's model on 10^6 x 10 rows and 1,000 times, logistic regression on 10^7 x 20; 4 sites";
  }

  @Override
  public void run(Consumer<Measurement> out) throws Exception {
    hazards(out);
    LogisticRegressionBench.againstMllib("statistics/logistic", LOGISTIC_ROWS, 1, out);
  }

  private static void hazards(Consumer<Measurement> out) throws Exception {
    try (Scratch scratch = Scratch.make()) {
      List<Path> parts = write(scratch.folder());
      Study study = study();
      double federated = Double.MAX_VALUE;
      double direct = Double.MAX_VALUE;
      int rounds = 0;
      int iterations = 0;
      for (int i = 0; i < REPETITIONS; i++) {
        Federated[] ended = new Federated[1];
        Direct[] fitted = new Direct[1];
        federated = Math.min(federated, CpuTime.ofWall(() -> ended[0] = federated(study, parts)));
        direct = Math.min(direct, CpuTime.ofWall(() -> fitted[0] = direct(parts)));
        requireSame(ended[0].report(), fitted[0].beta());
        rounds = ended[0].rounds();
        iterations = fitted[0].iterations();
      }
      String size =
          "rows=%d columns=%d times=%d sites=%d sums=%d iterations of the direct one=%d"
              .formatted(ROWS, COLUMNS, TIMES, SITES, rounds, iterations);
      out.accept(
          Measurement.of("statistics/cox", size, federated, "s")
              .against(direct)
              .goal(new Measurement.Goal.RatioAtMost(GOAL)));
    }
  }

  private record Federated(AnalysisReport report, int rounds) {}

  private record Direct(Reals beta, int iterations) {}

  private static void requireSame(AnalysisReport report, Reals beta) {
    ResultTable table =
        report.tables().stream()
            .filter(t -> t.name().equals("coefficients"))
            .findFirst()
            .orElseThrow();
    for (int j = 0; j < COLUMNS; j++) {
      Cell cell = table.rows().get(j).get(table.column("estimate"));
      if (!(cell instanceof Cell.Real real) || Math.abs(real.value() - beta.at(j)) > 1e-8) {
        throw new IllegalStateException("estimate " + j + " is " + cell + " and " + beta.at(j));
      }
    }
  }

  private static Federated federated(Study study, List<Path> parts) {
    List<SiteTable> tables = parts.stream().map(part -> open(part, study)).toList();
    Program<SiteTable, AnalysisReport> program = Catalog.create(study, 0).program();
    try (Federation federation = new Federation(SITES, 1)) {
      Map<SiteId, SiteTable> data = new TreeMap<>();
      for (int site = 0; site < SITES; site++) {
        data.put(Federation.id(site), tables.get(site));
      }
      Federation.Run run = federation.run(study, List.of(program), data);
      run.startAll();
      run.settle();
      if (!run.refused.isEmpty() || run.coordinator().results().size() != 1) {
        throw new IllegalStateException("no result: " + run.coordinator().failures());
      }
      return new Federated((AnalysisReport) run.coordinator().results().get(0), run.rounds.size());
    } finally {
      tables.forEach(SiteTable::close);
    }
  }

  // ---- Newton's method on the pooled rows -------------------------------------------------------

  /** Elements of one time's sums: weight, its products with the columns and their pairs. */
  private static final int SUMS = 1 + COLUMNS + COLUMNS * (COLUMNS + 1) / 2;

  private static Direct direct(List<Path> parts) {
    JavaRDD<double[]> rows =
        BenchSpark.session()
            .read()
            .parquet(parts.stream().map(Path::toString).toArray(String[]::new))
            .toJavaRDD()
            .map(StatisticsBench::values)
            .persist(StorageLevel.MEMORY_ONLY());
    double[] events =
        rows.treeAggregate(
            new double[TIMES * (1 + COLUMNS)], StatisticsBench::count, StatisticsBench::plus, 2);
    double[] beta = new double[COLUMNS];
    for (int iteration = 1; iteration <= 25; iteration++) {
      AtRisk at = new AtRisk(Reals.of(beta));
      double[] sums =
          rows.treeAggregate(new double[TIMES * SUMS], at::add, StatisticsBench::plus, 2);
      double[] step = step(events, sums);
      double decrement = step[COLUMNS];
      for (int j = 0; j < COLUMNS; j++) {
        beta[j] += step[j];
      }
      if (decrement < 1e-9) {
        rows.unpersist(true);
        return new Direct(Reals.of(beta), iteration);
      }
    }
    throw new IllegalStateException("the direct model did not converge");
  }

  private static double[] values(Row row) {
    double[] values = new double[2 + COLUMNS];
    values[0] = ((Number) row.get(COLUMNS)).doubleValue();
    values[1] = ((Number) row.get(COLUMNS + 1)).doubleValue();
    for (int j = 0; j < COLUMNS; j++) {
      values[2 + j] = row.getDouble(j);
    }
    return values;
  }

  private static double[] count(double[] sums, double[] row) {
    if (row[1] == 1) {
      int at = ((int) row[0] - 1) * (1 + COLUMNS);
      sums[at]++;
      for (int j = 0; j < COLUMNS; j++) {
        sums[at + 1 + j] += row[2 + j];
      }
    }
    return sums;
  }

  private static double[] plus(double[] a, double[] b) {
    for (int i = 0; i < a.length; i++) {
      a[i] += b[i];
    }
    return a;
  }

  /** Sums at each time over those whose time it is. */
  private record AtRisk(Reals beta) implements Serializable {
    double[] add(double[] sums, double[] row) {
      double predictor = 0;
      for (int j = 0; j < COLUMNS; j++) {
        predictor += beta.at(j) * row[2 + j];
      }
      double weight = Math.exp(predictor);
      int at = ((int) row[0] - 1) * SUMS;
      sums[at++] += weight;
      for (int j = 0; j < COLUMNS; j++) {
        sums[at++] += weight * row[2 + j];
      }
      for (int j = 0; j < COLUMNS; j++) {
        double left = weight * row[2 + j];
        for (int k = j; k < COLUMNS; k++) {
          sums[at++] += left * row[2 + k];
        }
      }
      return sums;
    }
  }

  /** Newton's step of the partial likelihood with Breslow's ties, and its decrement. */
  private static double[] step(double[] events, double[] sums) {
    double[] score = new double[COLUMNS];
    double[] information = new double[COLUMNS * (COLUMNS + 1) / 2];
    double[] risk = new double[SUMS];
    for (int time = TIMES - 1; time >= 0; time--) {
      for (int i = 0; i < SUMS; i++) {
        risk[i] += sums[time * SUMS + i];
      }
      int at = time * (1 + COLUMNS);
      double count = events[at];
      int pair = 0;
      for (int j = 0; j < COLUMNS && count > 0; j++) {
        double mean = risk[1 + j] / risk[0];
        score[j] += events[at + 1 + j] - count * mean;
        for (int k = j; k < COLUMNS; k++) {
          double product = risk[1 + COLUMNS + pair] / risk[0];
          information[pair++] += count * (product - mean * (risk[1 + k] / risk[0]));
        }
      }
    }
    double[] solved = Cholesky.of(COLUMNS, information, 0).solve(score);
    double[] step = Arrays.copyOf(solved, COLUMNS + 1);
    for (int j = 0; j < COLUMNS; j++) {
      step[COLUMNS] += score[j] * solved[j];
    }
    return step;
  }

  // ---- data -------------------------------------------------------------------------------------

  private static String names() {
    return IntStream.rangeClosed(1, COLUMNS)
        .mapToObj(i -> "x" + i)
        .collect(Collectors.joining(" + "));
  }

  private static Study study() {
    String sites =
        IntStream.range(0, SITES)
            .mapToObj(site -> Federation.id(site).value())
            .collect(Collectors.joining(", "));
    String yaml =
        """
        study: bench
        sites: [%s]
        cohort: {from: table}
        columns: {time: {type: integer, range: [0, %d]}, event: {type: integer, range: [0, 1]}}
        analyses:
          - {name: model, type: cox, ties: breslow, formula: "Surv(time, event) ~ %s"}
        """
            .formatted(sites, TIMES, names());
    return StudyParser.parse(yaml.getBytes(StandardCharsets.UTF_8), "study.yaml");
  }

  /** Exponential times in steps, everybody censored at the last one and a fifth before. */
  private static List<Path> write(Path folder) {
    List<Path> parts = new ArrayList<>();
    for (int site = 0; site < SITES; site++) {
      Column predictor = lit(0);
      List<Column> columns = new ArrayList<>();
      for (int i = 1; i <= COLUMNS; i++) {
        columns.add(randn(100L * site + i).as("x" + i));
        predictor = predictor.plus(col("x" + i).multiply(0.1 * (i % 5 - 2)));
      }
      Column time = ceil(log(rand(7L + site)).multiply(-500).multiply(exp(predictor.multiply(-1))));
      Path part = folder.resolve("site" + site);
      BenchSpark.session()
          .range(0, ROWS / SITES, 1, 2)
          .select(columns.toArray(Column[]::new))
          .withColumn("time", least(time, lit(TIMES)).cast("int"))
          .withColumn(
              "event", when(col("time").lt(TIMES).and(rand(9L + site).lt(0.8)), 1).otherwise(0))
          .withColumn("time", when(col("time").lt(1), 1).otherwise(col("time")))
          .write()
          .parquet(part.toString());
      parts.add(part);
    }
    return parts;
  }

  private static SiteTable open(Path part, Study study) {
    return SiteTable.open(
        BenchSpark.session(),
        new SiteConfig.Dataset(
            "table",
            new SiteConfig.Parquet(part.toString()),
            List.of(),
            Map.of(),
            SiteConfig.DEFAULT_POPULATION),
        study);
  }
}
