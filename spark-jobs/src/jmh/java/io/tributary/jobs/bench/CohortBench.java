package io.tributary.jobs.bench;

import static org.apache.spark.sql.functions.col;

import io.tributary.analysis.Program;
import io.tributary.bench.Bench;
import io.tributary.bench.CpuTime;
import io.tributary.bench.Measurement;
import io.tributary.connectors.omop.CohortTable;
import io.tributary.connectors.omop.CommonDataModel;
import io.tributary.connectors.omop.GeneratedRecords;
import io.tributary.connectors.omop.KeptCohorts;
import io.tributary.connectors.omop.StudyTable;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.jobs.analysis.Catalog;
import io.tributary.jobs.query.QueryStudy;
import io.tributary.jobs.study.StudyFile;
import io.tributary.report.AnalysisReport;
import io.tributary.study.SiteConfig;
import io.tributary.study.Study;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Cohorts of generated health records in Parquet: ten definitions in SQL, evaluated as a site does,
 * against the same text in Spark, and in DuckDB beside it; ten queries over a cohort, the whole
 * part of a site from its files to the sums, against one statement in Spark. Persons and days are
 * compared. Then the same records at four sites.
 */
final class CohortBench implements Bench {
  /** Numbers of persons, separated by commas. */
  private static final String PERSONS = "TRIBUTARY_BENCH_PERSONS";

  private static final String DEFAULT_PERSONS = "100000,1000000";
  private static final int SITES = 4;
  private static final int PERSONS_PER_FILE = 12_500;
  private static final int REPETITIONS = 2;
  private static final long SEED = 5;
  private static final double GOAL = 1.3;

  @Override
  public String name() {
    return "cohort";
  }

  @Override
  public String about() {
    return "cohorts of 10^5 and 10^6 persons ("
        + PERSONS
        + ") against Spark SQL and DuckDB; 4 sites";
  }

  @Override
  public void run(Consumer<Measurement> out) throws Exception {
    String persons = System.getenv().getOrDefault(PERSONS, DEFAULT_PERSONS);
    for (String each : persons.split(",")) {
      try (Scratch scratch = Scratch.make()) {
        Records records = Records.write(scratch.folder(), Integer.parseInt(each.trim()));
        String size = records.words();
        try (Connection duck = records.inDuckDb()) {
          definitions(records, duck, size, out);
          queries(records, duck, size, out);
        }
        again(records, size, out);
        atFourSites(records, size, out);
        out.accept(Measurement.of("cohort/heap-peak", size, peakMebibytes(), "MiB"));
      }
    }
  }

  // ---- definitions -----------------------------------------------------------------------------

  private record Definition(String name, String sql) {
    byte[] bytes() {
      return sql.getBytes(StandardCharsets.UTF_8);
    }
  }

  /** The first event of each person that fulfils a condition, observed for a year before. */
  private static Definition first(
      String name, String table, String start, String id, String end, String where) {
    return new Definition(
        name,
        """
        SELECT person_id, a, b FROM (
          SELECT e.person_id, e.%2$s AS a, %4$s AS b,
            row_number() OVER (PARTITION BY e.person_id ORDER BY e.%2$s, e.%3$s) AS n
          FROM %1$s e
          JOIN person p ON p.person_id = e.person_id
          JOIN observation_period o ON o.person_id = e.person_id
            AND e.%2$s BETWEEN o.observation_period_start_date + 365
                          AND o.observation_period_end_date
          WHERE %5$s) x
        WHERE n = 1
        """
            .formatted(table, start, id, end, where));
  }

  private static final String OBSERVED = "o.observation_period_end_date";

  private static Definition condition(String name, String where) {
    return first(
        name,
        "condition_occurrence",
        "condition_start_date",
        "condition_occurrence_id",
        OBSERVED,
        where);
  }

  private static Definition era(String name, String end, String where) {
    return first(name, "drug_era", "drug_era_start_date", "drug_era_id", end, where);
  }

  private static String among(String column, long ancestor) {
    return column
        + " IN (SELECT descendant_concept_id FROM concept_ancestor WHERE ancestor_concept_id = "
        + ancestor
        + ")";
  }

  private static long group(int number) {
    return GeneratedRecords.CONDITION_GROUP + 100L * number;
  }

  private static long ingredient(int number) {
    return GeneratedRecords.INGREDIENT + 100L * number;
  }

  private static List<Definition> all() {
    String common = among("e.condition_concept_id", group(0));
    String rare = among("e.condition_concept_id", group(7));
    String treated =
        " AND EXISTS (SELECT 1 FROM drug_exposure d WHERE d.person_id = e.person_id AND "
            + among("d.drug_concept_id", ingredient(1))
            + " AND d.drug_exposure_start_date BETWEEN e.condition_start_date"
            + " AND e.condition_start_date + 30)";
    return List.of(
        condition("common condition", common),
        condition("rare condition", rare),
        condition("one of 80 conditions", "e.condition_concept_id = " + (group(3) + 2)),
        condition(
            "women over 40",
            common
                + " AND p.gender_concept_id = 8532"
                + " AND year(e.condition_start_date) - p.year_of_birth >= 40"),
        condition("treated within 30 days", common + treated),
        condition(
            "new onset",
            rare
                + " AND NOT EXISTS (SELECT 1 FROM condition_occurrence c WHERE c.person_id ="
                + " e.person_id AND "
                + among("c.condition_concept_id", group(7))
                + " AND c.condition_start_date < e.condition_start_date)"),
        condition(
            "with a high value or an inpatient stay",
            common
                + " AND (EXISTS (SELECT 1 FROM measurement m WHERE m.person_id = e.person_id AND"
                + " m.measurement_concept_id = 2000004000 AND m.value_as_number > 7.5 AND"
                + " m.measurement_date BETWEEN e.condition_start_date - 365 AND"
                + " e.condition_start_date) OR EXISTS (SELECT 1 FROM visit_occurrence v WHERE"
                + " v.person_id = e.person_id AND v.visit_concept_id = 9201 AND v.visit_start_date"
                + " BETWEEN e.condition_start_date - 30 AND e.condition_start_date))"),
        era(
            "new users of a drug",
            "least(e.drug_era_end_date, o.observation_period_end_date)",
            "e.drug_concept_id = "
                + ingredient(0)
                + " AND NOT EXISTS (SELECT 1 FROM drug_era d WHERE d.person_id = e.person_id AND"
                + " d.drug_concept_id = "
                + ingredient(0)
                + " AND d.drug_era_start_date < e.drug_era_start_date)"),
        era(
            "a drug after a condition, alive a year later",
            OBSERVED,
            "e.drug_concept_id IN ("
                + ingredient(2)
                + ", "
                + ingredient(3)
                + ") AND EXISTS (SELECT 1 FROM condition_occurrence c WHERE c.person_id ="
                + " e.person_id AND "
                + among("c.condition_concept_id", group(2))
                + " AND c.condition_start_date BETWEEN e.drug_era_start_date - 180 AND"
                + " e.drug_era_start_date) AND NOT EXISTS (SELECT 1 FROM death x WHERE x.person_id ="
                + " e.person_id AND x.death_date <= e.drug_era_start_date + 365)"),
        first(
            "a value measured",
            "measurement",
            "measurement_date",
            "measurement_id",
            "least(e.measurement_date + 90, o.observation_period_end_date)",
            "e.measurement_concept_id = 2000004001 AND e.value_as_number > 6"));
  }

  private static void definitions(
      Records records, Connection duck, String size, Consumer<Measurement> out) throws Exception {
    for (Definition definition : all()) {
      String text =
          "SELECT count(DISTINCT person_id) AS persons, sum(%s) AS first, sum(%s) AS last FROM ("
              + definition.sql()
              + ") y";
      Timed timed = new Timed();
      for (int i = 0; i <= REPETITIONS; i++) {
        timed.compare(
            i > 0,
            () -> evaluated(records.pooled(), definition),
            () -> row(records.spark().sql(text.formatted(sinceInSpark("a"), sinceInSpark("b")))),
            () -> row(duck, text.formatted(sinceInDuckDb("a"), sinceInDuckDb("b"))));
      }
      timed.emit("cohort/definition: " + definition.name(), size, out);
    }
  }

  private static String sinceInSpark(String day) {
    return "datediff(" + day + ", date '2000-01-01')";
  }

  private static String sinceInDuckDb(String day) {
    return "date_diff('day', date '2000-01-01', " + day + ")";
  }

  private static List<Number> evaluated(Path folder, Definition definition) {
    CommonDataModel model = CommonDataModel.open(BenchSpark.session(), folder);
    try (CohortTable cohort = CohortTable.of(model, definition.bytes())) {
      cohort.spells().createOrReplaceTempView("spells");
      return row(
          BenchSpark.session()
              .sql(
                  "SELECT count(DISTINCT person_id), sum("
                      + sinceInSpark("start_date")
                      + "), sum("
                      + sinceInSpark("end_date")
                      + ") FROM spells"));
    }
  }

  // ---- queries ---------------------------------------------------------------------------------

  /** A query over the cohort, and the same over its rows in a database. */
  private record Query(String name, String sql, String byHand) {}

  private static final String DECADE = "floor(age / 10) * 10";

  private static List<Query> asked() {
    return List.of(
        new Query(
            "persons by sex", "SELECT sex, count(*) FROM cohort GROUP BY sex", "sex, count(*)"),
        new Query(
            "persons by decade",
            "SELECT " + DECADE + " AS decade, count(*) FROM cohort GROUP BY decade",
            "decade, count(*)"),
        new Query(
            "persons by sex and decade",
            "SELECT sex, " + DECADE + " AS decade, count(*) FROM cohort GROUP BY sex, decade",
            "sex, decade, count(*)"),
        new Query(
            "mean age by sex",
            "SELECT sex, avg(age) FROM cohort GROUP BY sex",
            "sex, count(*), avg(age)"),
        new Query(
            "days observed by sex, over 60",
            "SELECT sex, avg(days_in_cohort), stddev(days_in_cohort) FROM cohort WHERE age > 60 GROUP BY sex",
            "sex, avg(days_in_cohort), stddev(days_in_cohort) WHERE age > 60"),
        new Query(
            "treated by sex",
            "SELECT sex, sum(treated) FROM cohort GROUP BY sex",
            "sex, count(*), sum(treated)"),
        new Query(
            "values by sex",
            "SELECT sex, avg(laboratory) FROM cohort GROUP BY sex",
            "sex, count(*), avg(laboratory)"),
        new Query(
            "correlation of age and days observed",
            "SELECT corr(age, days_in_cohort) FROM cohort",
            "corr(age, days_in_cohort)"),
        new Query(
            "women by age",
            "SELECT age, count(*) FROM cohort WHERE sex = 'female' GROUP BY age",
            "age, count(*) WHERE sex = 'female'"),
        new Query(
            "treated by decade, all aggregates",
            "SELECT "
                + DECADE
                + " AS decade, count(*), avg(treated), variance(age) FROM cohort GROUP BY decade",
            "decade, count(*), avg(treated), variance(age)"));
  }

  private static String study(Definition definition) {
    return """
        study: bench
        sites: [s1, s2, s3]
        cohort:
          from: omop
          definition: |
        %s
          covariates:
            treated: {drug era: %d, window: [0d, 90d]}
            laboratory: {measurement: 2000004000, window: [-365d, 0d], take: last, unit: 8840}
        columns:
          sex: {levels: [female, male, other]}
          decade: {levels: [0, 10, 20, 30, 40, 50, 60, 70, 80, 90]}
          age: {type: integer, range: [0, 120]}
          days_in_cohort: {type: integer, range: [0, 8000]}
          laboratory: {type: number, range: [0, 30]}
        analyses: [{name: any, type: summary, columns: [age]}]
        """
        .formatted(definition.sql().indent(4).stripTrailing(), ingredient(1));
  }

  /** The cohort's rows with what the queries ask for, in words that both databases know. */
  private static String rows(Definition definition, String days) {
    return """
        SELECT c.person_id, c.a, year(c.a) - p.year_of_birth AS age,
          floor((year(c.a) - p.year_of_birth) / 10) * 10 AS decade,
          CASE p.gender_concept_id WHEN 8532 THEN 'female' WHEN 8507 THEN 'male' ELSE 'other' END AS sex,
          %s AS days_in_cohort,
          CASE WHEN t.person_id IS NULL THEN 0 ELSE 1 END AS treated, l.value AS laboratory
        FROM (%s) c JOIN person p ON p.person_id = c.person_id
        LEFT JOIN (SELECT DISTINCT c.person_id FROM (%2$s) c JOIN drug_era d ON d.person_id = c.person_id
            AND d.drug_concept_id = %d AND d.drug_era_start_date BETWEEN c.a AND c.a + 90) t
          ON t.person_id = c.person_id
        LEFT JOIN (SELECT person_id, value FROM (SELECT c.person_id, m.value_as_number AS value,
            row_number() OVER (PARTITION BY c.person_id ORDER BY m.measurement_date DESC,
              m.measurement_id DESC) AS n
            FROM (%2$s) c JOIN measurement m ON m.person_id = c.person_id
            AND m.measurement_concept_id = 2000004000 AND m.value_as_number IS NOT NULL
            AND m.measurement_date BETWEEN c.a - 365 AND c.a) y WHERE n = 1) l
          ON l.person_id = c.person_id
        """
        .formatted(days, definition.sql(), ingredient(1));
  }

  private static String byHand(Query query, String rows) {
    String[] parts = query.byHand().split(" WHERE ");
    List<String> keys =
        Stream.of(parts[0].split(", "))
            .filter(each -> !each.contains("(") && !each.contains(")"))
            .toList();
    return "SELECT "
        + parts[0]
        + " FROM ("
        + rows
        + ") r"
        + (parts.length > 1 ? " WHERE " + parts[1] : "")
        + (keys.isEmpty() ? "" : " GROUP BY " + String.join(", ", keys));
  }

  private static void queries(
      Records records, Connection duck, String size, Consumer<Measurement> out) throws Exception {
    Definition definition = all().get(3);
    StudyFile study =
        StudyFile.of(study(definition).getBytes(StandardCharsets.UTF_8), "study.yaml");
    String inSpark = rows(definition, "datediff(c.b, c.a)");
    String inDuck = rows(definition, "date_diff('day', c.a, c.b)");
    for (Query query : asked()) {
      Study asked = QueryStudy.of(query.sql(), study, Map.of(), Instant.EPOCH).file().study();
      Timed timed = new Timed();
      for (int i = 0; i <= REPETITIONS; i++) {
        timed.compare(
            i > 0,
            () -> sitePart(asked, List.of(records.pooled())),
            () -> {
              records.spark().sql(byHand(query, inSpark)).collectAsList();
              return List.of();
            },
            () -> {
              all(duck, byHand(query, inDuck));
              return List.of();
            });
      }
      timed.emit("cohort/query: " + query.name(), size, out);
    }
  }

  /** From the files to the sums, without masks. */
  private static List<Number> sitePart(Study study, List<Path> folders) {
    try (KeptCohorts none = new KeptCohorts()) {
      return sitePart(study, folders, none);
    }
  }

  private static List<Number> sitePart(Study study, List<Path> folders, KeptCohorts cohorts) {
    List<SiteTable> tables = new ArrayList<>();
    try {
      for (Path folder : folders) {
        SiteConfig.Dataset dataset =
            new SiteConfig.Dataset(
                "omop",
                new SiteConfig.Omop(folder.toString()),
                List.of(),
                Map.of(),
                SiteConfig.DEFAULT_POPULATION);
        tables.add(
            StudyTable.open(
                BenchSpark.session(), dataset, study, Map.of(), SiteTable.Traces.NONE, cohorts));
      }
      for (int job = 0; job < study.analyses().size(); job++) {
        Program<SiteTable, AnalysisReport> program = Catalog.create(study, job).program();
        OpenPath.run(program, tables);
      }
      return List.of();
    } finally {
      tables.forEach(SiteTable::close);
    }
  }

  /** Another question over a cohort that is kept from an earlier one. */
  private static void again(Records records, String size, Consumer<Measurement> out)
      throws Exception {
    StudyFile study =
        StudyFile.of(study(all().get(3)).getBytes(StandardCharsets.UTF_8), "study.yaml");
    List<Path> folders = List.of(records.pooled());
    double first = Double.MAX_VALUE;
    double again = Double.MAX_VALUE;
    for (int i = 0; i < REPETITIONS; i++) {
      try (KeptCohorts cohorts = new KeptCohorts()) {
        Study one =
            QueryStudy.of(asked().get(3).sql(), study, Map.of(), Instant.EPOCH).file().study();
        Study other =
            QueryStudy.of(asked().get(5).sql(), study, Map.of(), Instant.EPOCH).file().study();
        first = Math.min(first, CpuTime.ofWall(() -> sitePart(one, folders, cohorts)));
        again = Math.min(again, CpuTime.ofWall(() -> sitePart(other, folders, cohorts)));
      }
    }
    out.accept(Measurement.of("cohort/query over a kept cohort", size, again, "s").against(first));
  }

  private static void atFourSites(Records records, String size, Consumer<Measurement> out)
      throws Exception {
    StudyFile study =
        StudyFile.of(study(all().get(3)).getBytes(StandardCharsets.UTF_8), "study.yaml");
    Study asked =
        QueryStudy.of(asked().get(9).sql(), study, Map.of(), Instant.EPOCH).file().study();
    double one = Double.MAX_VALUE;
    double four = Double.MAX_VALUE;
    for (int i = 0; i < REPETITIONS; i++) {
      one = Math.min(one, CpuTime.ofWall(() -> sitePart(asked, List.of(records.pooled()))));
      four = Math.min(four, CpuTime.ofWall(() -> sitePart(asked, records.sites())));
    }
    out.accept(Measurement.of("cohort/four-sites-one-after-another", size, four, "s").against(one));
  }

  // ---- time ------------------------------------------------------------------------------------

  private interface Answering {
    List<Number> answer() throws Exception;
  }

  /** The best of some runs of three ways, which take turns. */
  private static final class Timed {
    private final double[] best = {Double.MAX_VALUE, Double.MAX_VALUE, Double.MAX_VALUE};

    void compare(boolean counts, Answering... ways) throws Exception {
      List<List<Number>> answers = new ArrayList<>();
      for (int way = 0; way < ways.length; way++) {
        Answering own = ways[way];
        double seconds = CpuTime.ofWall(() -> answers.add(own.answer()));
        if (counts) {
          best[way] = Math.min(best[way], seconds);
        }
      }
      if (answers.stream().distinct().count() != 1) {
        throw new IllegalStateException("three answers differ: " + answers);
      }
    }

    void emit(String name, String size, Consumer<Measurement> out) {
      out.accept(
          Measurement.of(name, size, best[0], "s")
              .against(best[1])
              .goal(new Measurement.Goal.RatioAtMost(GOAL)));
      out.accept(Measurement.of(name + ", duckdb", size, best[2], "s"));
    }
  }

  private static List<Number> row(Dataset<Row> rows) {
    Row row = rows.first();
    return List.of(row.getLong(0), row.getLong(1), row.getLong(2));
  }

  private static List<Number> row(Connection duck, String sql) throws SQLException {
    try (Statement statement = duck.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return List.of(rows.getLong(1), rows.getLong(2), rows.getLong(3));
    }
  }

  private static void all(Connection duck, String sql) throws SQLException {
    try (Statement statement = duck.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        rows.getObject(1);
      }
    }
  }

  private static double peakMebibytes() {
    long bytes = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      bytes += pool.getType() == MemoryType.HEAP ? pool.getPeakUsage().getUsed() : 0;
    }
    return bytes / (double) (1 << 20);
  }

  // ---- data ------------------------------------------------------------------------------------

  /**
   * Generated records as Parquet.
   *
   * @param pooled folder of tables of all persons
   * @param sites folders of a quarter of the persons each
   * @param events rows other than of person and vocabulary
   */
  private record Records(int persons, Path pooled, List<Path> sites, long events) {
    private static final List<String> VOCABULARY =
        List.of("concept", "concept_ancestor", "concept_relationship");

    SparkSession spark() {
      return BenchSpark.session();
    }

    String words() {
      return "persons=%d events=%d threads=%d"
          .formatted(persons, events, Runtime.getRuntime().availableProcessors());
    }

    static Records write(Path folder, int persons) throws Exception {
      SparkSession spark = BenchSpark.session();
      int files = SITES * Math.max(1, persons / (SITES * PERSONS_PER_FILE));
      Path csv = folder.resolve("csv");
      GeneratedRecords.write(csv, persons, files, SEED);
      List<Path> parts = new ArrayList<>();
      for (int i = 0; i < files; i++) {
        parts.add(csv.resolve("site-" + (i + 1)));
      }
      List<Path> sites = new ArrayList<>();
      for (int site = 0; site < SITES; site++) {
        int own = site;
        sites.add(folder.resolve("site-" + site));
        List<Path> of = parts.stream().filter(part -> parts.indexOf(part) % SITES == own).toList();
        tables(spark, of, sites.get(site));
      }
      Path pooled = folder.resolve("pooled");
      long events = 0;
      for (String table : tables(spark, parts, pooled)) {
        Dataset<Row> read = spark.read().parquet(pooled.resolve(table + ".parquet").toString());
        read.createOrReplaceTempView(table);
        events += VOCABULARY.contains(table) || table.equals("person") ? 0 : read.count();
      }
      return new Records(persons, pooled, sites, events);
    }

    private static List<String> tables(SparkSession spark, List<Path> parts, Path to)
        throws Exception {
      List<String> names;
      try (Stream<Path> files = Files.list(parts.get(0))) {
        names =
            files.map(file -> file.getFileName().toString().replace(".csv", "")).sorted().toList();
      }
      for (String name : names) {
        List<Path> from = VOCABULARY.contains(name) ? parts.subList(0, 1) : parts;
        Dataset<Row> text =
            spark
                .read()
                .option("header", true)
                .csv(
                    from.stream()
                        .map(part -> part.resolve(name + ".csv").toString())
                        .toArray(String[]::new));
        Column[] typed =
            Arrays.stream(text.columns())
                .map(column -> col(column).cast(type(column)).as(column))
                .toArray(Column[]::new);
        text.select(typed).write().parquet(to.resolve(name + ".parquet").toString());
      }
      return names;
    }

    private static String type(String column) {
      if (column.endsWith("_date")) {
        return "date";
      }
      Map<String, String> others = new LinkedHashMap<>();
      others.put("value_as_number", "double");
      others.put("range_low", "double");
      others.put("range_high", "double");
      others.put("quantity", "double");
      for (String text :
          List.of(
              "stop_reason",
              "lot_number",
              "concept_name",
              "domain_id",
              "standard_concept",
              "invalid_reason",
              "relationship_id")) {
        others.put(text, "string");
      }
      return others.getOrDefault(column, column.endsWith("_id") ? "bigint" : "int");
    }

    Connection inDuckDb() throws Exception {
      Connection duck = DriverManager.getConnection("jdbc:duckdb:");
      try (Statement statement = duck.createStatement();
          Stream<Path> tables = Files.list(pooled)) {
        statement.execute("SET threads = " + Runtime.getRuntime().availableProcessors());
        for (Path table : tables.toList()) {
          String name = table.getFileName().toString().replace(".parquet", "");
          statement.execute(
              "CREATE VIEW " + name + " AS SELECT * FROM read_parquet('" + table + "/*.parquet')");
        }
      }
      return duck;
    }
  }
}
