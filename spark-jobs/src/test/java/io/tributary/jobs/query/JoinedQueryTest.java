package io.tributary.jobs.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tributary.connectors.SharedSpark;
import io.tributary.connectors.tables.OtherTable;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.jobs.analysis.Catalog;
import io.tributary.jobs.analysis.Pooled;
import io.tributary.jobs.analysis.StudyGate;
import io.tributary.jobs.study.StudyFile;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.ResultTable;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteConfig;
import io.tributary.study.SiteConfig.Csv;
import io.tributary.study.SiteConfig.Parquet;
import io.tributary.study.Study;
import io.tributary.study.TributaryException;
import java.io.IOException;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same SQL over three sites, each joining its own tables, and in DuckDB over all rows in one
 * place. Keys are text here and numbers there, missing keys match nothing, not even each other, and
 * a site calls a column by another name.
 */
class JoinedQueryTest {
  private static final String STUDY =
      """
      study: base
      sites: [north, south, east]
      cohort: {from: patients, person: id, rowsPerPerson: 3, where: age >= 20}
      columns:
        sex: {levels: [f, m]}
        visits.kind: {levels: [day, stay]}
        how: {levels: [day, stay, none]}
        labs.taken: {type: date}
      analyses: [{name: any, type: summary, columns: [age]}]
      """;

  @TempDir static Path folder;
  private static Connection duck;

  @BeforeAll
  static void write() throws IOException, SQLException {
    Random random = new Random(7);
    for (int site = 0; site < 3; site++) {
      List<String> patients = new ArrayList<>(List.of("id,sex,age,clinic"));
      List<String> visits = new ArrayList<>(List.of("nr;patient;art;cost"));
      List<String> labs = new ArrayList<>(List.of("visit,value,taken"));
      for (int i = 0; i < 120; i++) {
        long id = (1L << 60) + 1000L * site + i;
        String clinic = i % 7 == 0 ? "NA" : Integer.toString(i % 5);
        patients.add(
            id
                + ","
                + (random.nextInt(3) == 0 ? "f" : "m")
                + ","
                + random.nextInt(90)
                + ","
                + clinic);
        for (int visit = 0; visit < random.nextInt(4); visit++) {
          String nr = "v" + site + "-" + i + "-" + visit;
          visits.add(
              nr
                  + ";"
                  + (random.nextInt(9) == 0 ? "NA" : " " + id + " ")
                  + ";"
                  + List.of("day", "stay").get(random.nextInt(2))
                  + ";"
                  + (random.nextInt(8) == 0
                      ? "?"
                      : random.nextInt(1000) + "," + random.nextInt(10)));
          if (random.nextInt(3) > 0) {
            labs.add(
                nr + "," + random.nextInt(50) / 8.0 + ",2020-0" + (1 + random.nextInt(9)) + "-11");
          }
        }
      }
      Path own = Files.createDirectories(folder.resolve("s" + site));
      Files.write(own.resolve("patients.csv"), patients);
      Files.write(own.resolve("visits.csv"), visits);
      Files.write(own.resolve("labs.csv"), labs);
      Files.write(
          own.resolve("clinics.csv"),
          List.of("clinic,beds", "0,10", "1,20", "2,35", "3,40", "NA,99"));
      Path columnar = own.resolve("patients.parquet");
      SharedSpark.session()
          .read()
          .option("header", true)
          .option("nullValue", "NA")
          .schema("id BIGINT, sex STRING, age INT, clinic INT")
          .csv(own.resolve("patients.csv").toString())
          .write()
          .parquet(columnar.toString());
    }
    duck = DriverManager.getConnection("jdbc:duckdb:");
    try (Statement sql = duck.createStatement()) {
      sql.execute(
          "create table cohort as select * from read_csv('"
              + folder
              + "/*/patients.csv',"
              + " nullstr = 'NA') where age >= 20");
      sql.execute(
          "create table visits as select nr, try_cast(trim(patient) as bigint) patient, art kind,"
              + " try_cast(replace(cost, ',', '.') as double) AS cost from read_csv('"
              + folder
              + "/*/visits.csv', delim = ';', all_varchar = true)");
      sql.execute(
          "create table clinics as select distinct * from read_csv('"
              + folder
              + "/*/clinics.csv',"
              + " nullstr = 'NA')");
      sql.execute(
          "create table labs as select * from read_csv('"
              + folder
              + "/*/labs.csv', types ="
              + " {'taken': 'DATE'})");
    }
  }

  @AfterAll
  static void close() throws SQLException {
    duck.close();
  }

  private static SiteConfig.Dataset dataset(int site, String name) {
    Path own = folder.resolve("s" + site);
    SiteConfig.Source source =
        switch (name) {
          case "patients" ->
              site == 1
                  ? new Parquet(own.resolve("patients.parquet").toString())
                  : Csv.of(own.resolve("patients.csv").toString());
          case "visits" ->
              new Csv(
                  own.resolve("visits.csv").toString(),
                  ';',
                  '"',
                  '"',
                  "UTF-8",
                  ',',
                  true,
                  List.of(),
                  false);
          default -> Csv.of(own.resolve(name + ".csv").toString());
        };
    return new SiteConfig.Dataset(
        name,
        source,
        List.of("", "NA", "?"),
        name.equals("visits") ? Map.of("kind", "art") : Map.of(),
        SiteConfig.DEFAULT_POPULATION);
  }

  private static SiteTable open(int site, Study study) {
    Map<String, OtherTable> others = new HashMap<>();
    for (Study.Join join : study.cohort().joins()) {
      others.put(
          join.table(),
          OtherTable.open(SharedSpark.session(), dataset(site, join.table()), study, join));
    }
    return SiteTable.open(
        SharedSpark.session(), dataset(site, "patients"), study, others, SiteTable.Traces.KEPT);
  }

  private static ResultTable answer(String sql) {
    QueryStudy query = query(sql);
    Study study = query.file().study();
    List<SiteTable> tables = new ArrayList<>();
    try {
      for (int site = 0; site < 3; site++) {
        tables.add(open(site, study));
      }
      List<AnalysisReport> reports = new ArrayList<>();
      for (int job = 0; job < study.analyses().size(); job++) {
        reports.add(Pooled.report(Catalog.create(study, job), tables));
      }
      return QueryAnswer.of(query, StudyGate.review(study, reports));
    } finally {
      tables.forEach(SiteTable::close);
    }
  }

  private static QueryStudy query(String sql) {
    return QueryStudy.of(
        sql,
        StudyFile.of(STUDY.getBytes(StandardCharsets.UTF_8), "study.yaml"),
        Map.of(),
        Instant.EPOCH);
  }

  /** Every row of DuckDB's answer, in its order; floors are far below these counts. */
  private static void compare(String sql) throws SQLException {
    ResultTable answer = answer(sql);
    int row = 0;
    try (Statement statement = duck.createStatement();
        ResultSet expected = statement.executeQuery(sql)) {
      while (expected.next()) {
        List<Cell> cells = answer.rows().get(row++);
        for (int column = 0; column < cells.size(); column++) {
          Object value = expected.getObject(column + 1);
          if (cells.get(column) instanceof Cell.Text text) {
            assertThat(text.value()).isEqualTo(value);
          } else if (cells.get(column) instanceof Cell.Whole whole) {
            assertThat(whole.value()).isEqualTo(((Number) value).longValue());
          } else {
            double real = ((Number) value).doubleValue();
            assertThat(((Cell.Real) cells.get(column)).value())
                .isCloseTo(real, within(1e-9 * Math.abs(real)));
          }
        }
      }
    }
    assertThat(row).isGreaterThan(1).isEqualTo(answer.rows().size());
  }

  @Test
  void joinsAreThoseOfDuckDb() throws SQLException {
    compare(
        "SELECT c.sex, v.kind, count(*) AS n, count(DISTINCT id) AS persons, avg(v.cost) AS mean,"
            + " sum(c.age) AS years FROM cohort c JOIN visits v ON v.patient = c.id AND v.cost > 20"
            + " WHERE c.age < 80 GROUP BY c.sex, v.kind ORDER BY n DESC");
    compare(
        "SELECT sex, count(*) AS n, count(l.value) AS known, avg(l.value) AS mean, count(v.cost) AS"
            + " costs FROM cohort c LEFT JOIN visits v ON c.id = v.patient LEFT JOIN labs l ON"
            + " l.visit = v.nr GROUP BY sex ORDER BY sex");
    compare(
        "SELECT coalesce(v.kind, 'none') AS how, count(*) AS n, sum(k.beds) AS beds FROM cohort c LEFT"
            + " JOIN visits v ON c.id = v.patient JOIN clinics k USING (clinic) GROUP BY how"
            + " ORDER BY n");
  }

  /** North's clinics are texts on both sides; south's patients have numbers, from Parquet. */
  @Test
  void textsAreEqualAsTheyStandAndBesideNumbersAsNumbers() throws IOException {
    for (int site = 0; site < 2; site++) {
      Files.write(
          folder.resolve("s" + site).resolve("wards.csv"),
          List.of("clinic,beds", "1.0,20", "2 ,35", "x,1"));
    }
    assertThat(inWards(0, 20)).isZero();
    assertThat(inWards(1, 20)).isPositive();
    assertThat(inWards(0, 35)).isPositive();
    assertThat(inWards(1, 35)).isPositive();
    assertThat(inWards(1, 1)).isZero();
  }

  private static long inWards(int site, int beds) {
    String sql =
        "SELECT count(*) FROM cohort c JOIN wards w ON w.clinic = c.clinic WHERE w.beds = ";
    try (SiteTable table = open(site, query(sql + beds).file().study())) {
      return table.rowCount();
    }
  }

  @Test
  void pairsInGroupsAreThoseOfDuckDb() throws SQLException {
    compare(
        "SELECT sex, corr(v.cost, c.age) AS r, covar_samp(v.cost, age) AS together,"
            + " regr_slope(v.cost, age) AS slope, regr_intercept(v.cost, age) AS base,"
            + " regr_r2(v.cost, age) AS fit, regr_avgx(v.cost, age) AS x, regr_avgy(v.cost, age) AS y"
            + " FROM cohort c JOIN visits v ON v.patient = c.id GROUP BY sex ORDER BY slope");
  }

  @Test
  void whatCannotBeJoinedIsRefused() throws IOException {
    Study unknown =
        query("SELECT count(*) FROM cohort c JOIN visits v ON v.person = c.id").file().study();
    assertThatThrownBy(() -> open(0, unknown))
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_COLUMN);
              assertThat(e.getMessage()).contains("visits.csv").contains("'person'");
            });
    Study many =
        query("SELECT count(*) FROM cohort c JOIN patients2 p ON p.clinic = c.clinic")
            .file()
            .study();
    Files.copy(folder.resolve("s0/patients.csv"), folder.resolve("s0/patients2.csv"));
    assertThatThrownBy(() -> open(0, many)).hasMessageContaining("more rows in the cohort");
    Study torn = query("SELECT count(*) FROM cohort c JOIN torn t ON t.id = c.id").file().study();
    Files.writeString(folder.resolve("s0/torn.csv"), "id,x\n1,2\n3\n");
    assertThatThrownBy(() -> open(0, torn))
        .hasMessageContaining("torn.csv")
        .hasMessageContaining("in 1 row the row cannot be split");
  }
}
