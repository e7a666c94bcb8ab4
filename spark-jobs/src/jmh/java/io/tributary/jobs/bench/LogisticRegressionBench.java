package io.tributary.jobs.bench;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.exp;
import static org.apache.spark.sql.functions.lit;
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
import io.tributary.report.AnalysisReport;
import io.tributary.simulation.Federation;
import io.tributary.study.SiteConfig;
import io.tributary.study.SiteId;
import io.tributary.study.Study;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.regression.GeneralizedLinearRegression;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Logistic regression over 10^6 rows and 20 columns: four sites and the whole protocol on this
 * machine against MLlib on the pooled rows, the same number of iterations. Then the secure path
 * against the same pipeline without masks. Sites take turns, as their jobs share the cores.
 */
final class LogisticRegressionBench implements Bench {
  private static final int SITES = 4;
  private static final long ROWS = 1_000_000;
  private static final int COLUMNS = 20;
  private static final int REPETITIONS = 3;

  /** Counting and spreading: what a model asks for before its first iteration. */
  private static final int ROUNDS_BEFORE_FITTING = 2;

  private static final double MLLIB_GOAL = 1.3;
  private static final double MASKS_GOAL = 1.1;

  @Override
  public String name() {
    return "logistic";
  }

  @Override
  public String about() {
    return "logistic regression on 10^6 x 20 rows, 4 sites: against MLlib, and against masks off";
  }

  @Override
  public void run(Consumer<Measurement> out) throws Exception {
    try (Scratch scratch = Scratch.make()) {
      List<Path> parts = write(scratch.folder(), ROWS);
      Study study = study();
      // A small federation first: code is compiled, Spark is up.
      List<SiteTable> tables = open(parts, study);
      Program<SiteTable, AnalysisReport> program = Catalog.create(study, 0).program();
      Secure first = secure(study, program, tables);
      OpenPath plain = OpenPath.run(program, tables);
      if (plain.rounds() != first.rounds()) {
        throw new IllegalStateException("the two paths took other rounds");
      }
      compareMasks(study, program, tables, out);
      tables.forEach(SiteTable::close);

      int iterations = first.rounds() - ROUNDS_BEFORE_FITTING;
      mllib(parts, iterations);
      lbfgs(parts, iterations);
      compareMllib("logistic", ROWS, parts, study, REPETITIONS, out);
    }
  }

  /** The comparison with MLlib alone, over so many rows. */
  static void againstMllib(String name, long rows, int repetitions, Consumer<Measurement> out)
      throws Exception {
    try (Scratch scratch = Scratch.make()) {
      compareMllib(name, rows, write(scratch.folder(), rows), study(), repetitions, out);
    }
  }

  private static void compareMllib(
      String name,
      long rows,
      List<Path> parts,
      Study study,
      int repetitions,
      Consumer<Measurement> out)
      throws Exception {
    double federated = Double.MAX_VALUE;
    double generalized = Double.MAX_VALUE;
    double logistic = Double.MAX_VALUE;
    int[] iterations = new int[1];
    for (int i = 0; i < repetitions; i++) {
      federated =
          Math.min(
              federated,
              CpuTime.ofWall(
                  () -> {
                    List<SiteTable> opened = open(parts, study);
                    Secure run = secure(study, Catalog.create(study, 0).program(), opened);
                    iterations[0] = run.rounds() - ROUNDS_BEFORE_FITTING;
                    opened.forEach(SiteTable::close);
                  }));
      generalized = Math.min(generalized, CpuTime.ofWall(() -> mllib(parts, iterations[0])));
      logistic = Math.min(logistic, CpuTime.ofWall(() -> lbfgs(parts, iterations[0])));
    }
    String size =
        "rows=%d columns=%d sites=%d iterations=%d".formatted(rows, COLUMNS, SITES, iterations[0]);
    out.accept(
        Measurement.of(name + "/glm-of-mllib", size, federated, "s")
            .against(generalized)
            .goal(new Measurement.Goal.RatioAtMost(MLLIB_GOAL)));
    out.accept(
        Measurement.of(name + "/lbfgs-of-mllib", size, federated, "s")
            .against(logistic)
            .goal(new Measurement.Goal.RatioAtMost(MLLIB_GOAL)));
  }

  private static void compareMasks(
      Study study,
      Program<SiteTable, AnalysisReport> program,
      List<SiteTable> tables,
      Consumer<Measurement> out)
      throws Exception {
    double masked = Double.MAX_VALUE;
    double open = Double.MAX_VALUE;
    double maskedCpu = Double.MAX_VALUE;
    double openCpu = Double.MAX_VALUE;
    for (int i = 0; i < REPETITIONS; i++) {
      double[] wall = new double[2];
      maskedCpu =
          Math.min(
              maskedCpu,
              CpuTime.ofProcess(
                  () -> wall[0] = CpuTime.ofWall(() -> secure(study, program, tables))));
      openCpu =
          Math.min(
              openCpu,
              CpuTime.ofProcess(
                  () -> wall[1] = CpuTime.ofWall(() -> OpenPath.run(program, tables))));
      masked = Math.min(masked, wall[0]);
      open = Math.min(open, wall[1]);
    }
    String size = "rows=%d columns=%d sites=%d, tables cached".formatted(ROWS, COLUMNS, SITES);
    out.accept(
        Measurement.of("logistic/masks-off", size, masked, "s")
            .against(open)
            .goal(new Measurement.Goal.RatioAtMost(MASKS_GOAL)));
    out.accept(
        Measurement.of("logistic/masks-off-cpu", size, maskedCpu, "s")
            .against(openCpu)
            .goal(new Measurement.Goal.RatioAtMost(MASKS_GOAL)));
  }

  /** A study over the whole protocol in this process. */
  private record Secure(int rounds) {}

  private static Secure secure(
      Study study, Program<SiteTable, AnalysisReport> program, List<SiteTable> tables) {
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
      return new Secure(run.rounds.size());
    }
  }

  // ---- MLlib on the pooled rows -----------------------------------------------------------------

  private static Dataset<Row> pooled(List<Path> parts) {
    Dataset<Row> rows =
        BenchSpark.session()
            .read()
            .parquet(parts.stream().map(Path::toString).toArray(String[]::new));
    return new VectorAssembler()
        .setInputCols(names())
        .setOutputCol("features")
        .transform(rows)
        .select(col("y").cast("double").as("label"), col("features"));
  }

  private static void mllib(List<Path> parts, int iterations) {
    Dataset<Row> rows = pooled(parts).cache();
    var model =
        new GeneralizedLinearRegression()
            .setFamily("binomial")
            .setMaxIter(iterations)
            .setTol(0)
            .fit(rows);
    if (model.summary().numIterations() != iterations) {
      throw new IllegalStateException(
          "MLlib took " + model.summary().numIterations() + " iterations");
    }
    rows.unpersist(true);
  }

  private static void lbfgs(List<Path> parts, int iterations) {
    Dataset<Row> rows = pooled(parts).cache();
    new LogisticRegression().setMaxIter(iterations).setTol(0).fit(rows);
    rows.unpersist(true);
  }

  // ---- data -------------------------------------------------------------------------------------

  private static String[] names() {
    String[] names = new String[COLUMNS];
    for (int i = 0; i < COLUMNS; i++) {
      names[i] = "x" + (i + 1);
    }
    return names;
  }

  private static Study study() {
    List<String> ids = new ArrayList<>();
    for (int site = 0; site < SITES; site++) {
      ids.add(Federation.id(site).value());
    }
    StringBuilder ranges = new StringBuilder("y: {type: integer, range: [0, 1]}");
    for (String name : names()) {
      ranges.append(", ").append(name).append(": {type: number, range: [-8, 8]}");
    }
    String yaml =
        """
        study: bench
        sites: [%s]
        cohort: {from: table}
        columns: {%s}
        analyses:
          - {name: model, type: glm, family: binomial, formula: "y ~ %s"}
        """
            .formatted(String.join(", ", ids), ranges, String.join(" + ", names()));
    return StudyParser.parse(yaml.getBytes(StandardCharsets.UTF_8), "study.yaml");
  }

  private static List<Path> write(Path folder, long rows) {
    List<Path> parts = new ArrayList<>();
    for (int site = 0; site < SITES; site++) {
      Column eta = lit(-0.5);
      List<Column> columns = new ArrayList<>();
      for (int i = 0; i < COLUMNS; i++) {
        columns.add(randn(1000L * site + i).as(names()[i]));
        eta = eta.plus(col(names()[i]).multiply(0.1 * (i % 5 - 2)));
      }
      Path part = folder.resolve("site" + site);
      BenchSpark.session()
          .range(0, rows / SITES, 1, 2)
          .select(columns.toArray(Column[]::new))
          .withColumn(
              "y",
              when(rand(77L + site).lt(lit(1).divide(exp(eta.multiply(-1)).plus(1))), 1)
                  .otherwise(0))
          .write()
          .parquet(part.toString());
      parts.add(part);
    }
    return parts;
  }

  private static List<SiteTable> open(List<Path> parts, Study study) {
    List<SiteTable> tables = new ArrayList<>();
    for (Path part : parts) {
      tables.add(
          SiteTable.open(
              BenchSpark.session(),
              new SiteConfig.Dataset(
                  "table",
                  new SiteConfig.Parquet(part.toString()),
                  List.of(),
                  Map.of(),
                  SiteConfig.DEFAULT_POPULATION),
              study));
    }
    return tables;
  }
}
