package io.tributary.jobs.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.connectors.tables.SiteTable;
import io.tributary.jobs.analysis.Catalog;
import io.tributary.jobs.analysis.Pooled;
import io.tributary.jobs.analysis.Sheet;
import io.tributary.jobs.analysis.StudyGate;
import io.tributary.jobs.study.StudyFile;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.ResultTable;
import io.tributary.study.Study;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From a SELECT to its answer over three sites' tables, against sums by hand. */
class QueryTest {
  private static final String STUDY =
      """
      study: base
      sites: [north, south, east]
      cohort: {from: table, person: id, where: age >= 20}
      columns:
        sex: {levels: [f, m]}
        decade: {levels: [20, 30, 40, 50]}
      analyses: [{name: any, type: summary, columns: [age]}]
      """;

  @TempDir static Path folder;

  private static Sheet sheet() {
    Random random = new Random(4);
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      rows.add(
          List.of(
              random.nextInt(3) == 0 ? "f" : "m",
              Integer.toString(10 + random.nextInt(70)),
              Integer.toString(random.nextInt(50)),
              "p" + i));
    }
    return new Sheet(List.of("sex", "age", "x", "id"), rows);
  }

  private static QueryStudy query(String sql) {
    return query(sql, STUDY);
  }

  private static QueryStudy query(String sql, String study) {
    return QueryStudy.of(
        sql,
        StudyFile.of(study.getBytes(StandardCharsets.UTF_8), "study.yaml"),
        Map.of(),
        Instant.EPOCH);
  }

  private static ResultTable answer(String sql) {
    return QueryAnswer.of(query(sql), reports(sql));
  }

  private static List<AnalysisReport> reports(String sql) {
    return reports(query(sql), sheet().cut(3, 1));
  }

  private static List<AnalysisReport> reports(QueryStudy query, List<Sheet> sites) {
    Study study = query.file().study();
    List<SiteTable> tables = Sheet.open(sites, study, folder);
    try {
      List<AnalysisReport> reports = new ArrayList<>();
      for (int job = 0; job < study.analyses().size(); job++) {
        reports.add(Pooled.report(Catalog.create(study, job), tables));
      }
      return StudyGate.review(study, reports);
    } finally {
      tables.forEach(SiteTable::close);
    }
  }

  @Test
  void groupsAreThoseOfTheRows() {
    ResultTable answer =
        answer(
            "SELECT floor(age / 10) * 10 AS decade, sex, count(*) AS n, avg(2 * x) AS twice,"
                + " count(x) AS known, stddev(x) AS sd FROM cohort WHERE age < 60"
                + " GROUP BY 1, 2 HAVING count(*) > 12 ORDER BY n DESC LIMIT 7");
    Sheet rows =
        sheet()
            .filter(
                row -> {
                  int age = Integer.parseInt(row.get("age"));
                  return age >= 20 && age < 60;
                });
    long last = Long.MAX_VALUE;
    assertThat(answer.rows()).hasSizeBetween(4, 7);
    for (List<Cell> row : answer.rows()) {
      String decade = ((Cell.Text) row.get(0)).value();
      Sheet group =
          rows.where("sex", ((Cell.Text) row.get(1)).value())
              .filter(each -> each.get("age").substring(0, 1).equals(decade.substring(0, 1)));
      long n = ((Cell.Whole) row.get(2)).value();
      assertThat(n).isEqualTo(group.rows().size()).isGreaterThan(12).isLessThanOrEqualTo(last);
      last = n;
      double[] x =
          group.rows().stream().mapToDouble(each -> Double.parseDouble(each.get(2))).toArray();
      double mean = java.util.Arrays.stream(x).average().orElseThrow();
      assertThat(((Cell.Real) row.get(3)).value()).isEqualTo(2 * mean);
      assertThat(((Cell.Whole) row.get(4)).value()).isEqualTo(x.length);
      double squares = java.util.Arrays.stream(x).map(each -> (each - mean) * (each - mean)).sum();
      assertThat(((Cell.Real) row.get(5)).value())
          .isCloseTo(
              Math.sqrt(squares / (x.length - 1)), org.assertj.core.api.Assertions.within(1e-12));
    }
  }

  @Test
  void withoutKeysThereIsOneRow() {
    ResultTable answer =
        answer("SELECT count(*), sum(x) FILTER (WHERE sex = 'f') AS s, variance(x) FROM table");
    Sheet rows = sheet().filter(row -> Integer.parseInt(row.get("age")) >= 20);
    assertThat(answer.rows()).hasSize(1);
    assertThat(answer.rows().get(0).get(0)).isEqualTo(Cell.of((long) rows.rows().size()));
    assertThat(answer.rows().get(0).get(1))
        .isEqualTo(
            Cell.of(
                rows.where("sex", "f").rows().stream()
                    .mapToDouble(row -> Double.parseDouble(row.get(2)))
                    .sum()));
    assertThat(answer.columns().stream().map(each -> each.name()))
        .containsExactly("count(*)", "s", "variance(x)");
  }

  /** Quantiles are those of R's type 7, which is SQL's percentile. */
  @Test
  void quantilesAndPairsAreThoseOfTheRows() {
    ResultTable answer =
        answer(
            "SELECT sex, percentile(x, 0.25) AS q1, median(x) AS q2, count(DISTINCT id) AS persons,"
                + " count_if(x > 10) AS many, avg(x) AS m FROM cohort GROUP BY sex ORDER BY q2");
    for (List<Cell> row : answer.rows()) {
      double[] x =
          old().where("sex", ((Cell.Text) row.get(0)).value()).rows().stream()
              .mapToDouble(each -> Double.parseDouble(each.get(2)))
              .sorted()
              .toArray();
      near(row.get(1), quantile(x, 0.25));
      near(row.get(2), quantile(x, 0.5));
      assertThat(row.get(3)).isEqualTo(Cell.of((long) x.length));
      assertThat(row.get(4))
          .isEqualTo(Cell.of(java.util.Arrays.stream(x).filter(each -> each > 10).count()));
    }
    List<Cell> pairs =
        answer(
                "SELECT corr(x, age), covar_samp(x, age), regr_r2(age, x), regr_avgx(x, age) FROM cohort")
            .rows()
            .get(0);
    List<Cell> line =
        answer(
                "SELECT regr_slope(x, age) FILTER (WHERE sex = 'm') AS slope,"
                    + " regr_intercept(x, age) FILTER (WHERE sex = 'm') AS base FROM cohort")
            .rows()
            .get(0);
    double[] all = moments(old());
    double[] men = moments(old().where("sex", "m"));
    close(pairs.get(0), all[4] / Math.sqrt(all[2] * all[3]));
    close(pairs.get(1), all[4]);
    close(line.get(0), men[4] / men[3]);
    close(line.get(1), men[0] - men[4] / men[3] * men[1]);
    close(pairs.get(2), all[4] * all[4] / all[2] / all[3]);
    close(pairs.get(3), all[1]);
  }

  /** SQL: the line is flat and fits; where only x is constant there is none. */
  @Test
  void aConstantHasALine() {
    List<Cell> row =
        answer(
                "SELECT regr_slope(x * 0 + 3, age), regr_intercept(x * 0 + 3, age),"
                    + " regr_r2(x * 0 + 3, age), corr(x * 0 + 3, age),"
                    + " regr_slope(age, x * 0 + 3), regr_r2(age, x * 0 + 3) FROM cohort")
            .rows()
            .get(0);
    assertThat(row.subList(0, 3)).containsExactly(Cell.of(0.0), Cell.of(3.0), Cell.of(1.0));
    assertThat(row.subList(3, 6)).allMatch(cell -> cell instanceof Cell.NotComputed);
  }

  private static Sheet old() {
    return sheet().filter(row -> Integer.parseInt(row.get("age")) >= 20);
  }

  private static double quantile(double[] sorted, double probability) {
    double h = (sorted.length - 1) * probability;
    int low = (int) h;
    double share = h - low;
    return share == 0 ? sorted[low] : (1 - share) * sorted[low] + share * sorted[low + 1];
  }

  /** Bins end where fewer persons would be in them than a cell has, here within one number. */
  private static void near(Cell cell, double expected) {
    assertThat(((Cell.Real) cell).value())
        .isCloseTo(expected, org.assertj.core.api.Assertions.within(1.0));
  }

  private static void close(Cell cell, double expected) {
    assertThat(((Cell.Real) cell).value())
        .isCloseTo(expected, org.assertj.core.api.Assertions.within(1e-11 * Math.abs(expected)));
  }

  /** Means of x and age, their variances, their covariance. */
  private static double[] moments(Sheet rows) {
    double[] x = rows.rows().stream().mapToDouble(row -> Double.parseDouble(row.get(2))).toArray();
    double[] age =
        rows.rows().stream().mapToDouble(row -> Double.parseDouble(row.get(1))).toArray();
    double meanOfX = java.util.Arrays.stream(x).average().orElseThrow();
    double meanOfAge = java.util.Arrays.stream(age).average().orElseThrow();
    double[] moments = {meanOfX, meanOfAge, 0, 0, 0};
    for (int i = 0; i < x.length; i++) {
      moments[2] += (x[i] - meanOfX) * (x[i] - meanOfX) / (x.length - 1);
      moments[3] += (age[i] - meanOfAge) * (age[i] - meanOfAge) / (x.length - 1);
      moments[4] += (x[i] - meanOfX) * (age[i] - meanOfAge) / (x.length - 1);
    }
    return moments;
  }

  /** Three rows a person, each with an age of its own; all of a person's rows are at one site. */
  @Test
  void personsWithSeveralRowsCountOnceInEachGroup() {
    QueryStudy query =
        query(
            "SELECT sex, count(DISTINCT id) AS persons, count(*) AS n FROM cohort GROUP BY sex",
            STUDY.replace("person: id", "person: id, rowsPerPerson: 3"));
    Sheet sheet =
        new Sheet(
            sheet().header(),
            java.util.stream.IntStream.range(0, 400)
                .mapToObj(
                    i -> {
                      List<String> row = new ArrayList<>(sheet().rows().get(i));
                      row.set(3, "p" + i / 3);
                      return row;
                    })
                .toList());
    List<Sheet> sites = List.of(sheet.slice(0, 30), sheet.slice(30, 300), sheet.slice(300, 400));
    ResultTable answer = QueryAnswer.of(query, reports(query, sites));
    assertThat(answer.rows()).hasSize(2);
    for (List<Cell> row : answer.rows()) {
      Sheet group =
          sheet
              .filter(each -> Integer.parseInt(each.get("age")) >= 20)
              .where("sex", ((Cell.Text) row.get(0)).value());
      long persons = group.rows().stream().map(each -> each.get(3)).distinct().count();
      assertThat(row.get(1)).isEqualTo(Cell.of(persons));
      assertThat(row.get(2)).isEqualTo(Cell.of((long) group.rows().size()));
      assertThat(persons).isLessThan(group.rows().size());
    }
  }

  /** Levels of a whole-numbered key that nothing declares are found in a sum of their own. */
  @Test
  void levelsOfANumberAreAgreed() {
    ResultTable answer =
        answer("SELECT floor(x / 25) AS half, count(*) AS n FROM cohort GROUP BY 1 ORDER BY 1");
    assertThat(answer.rows()).hasSize(2);
    for (List<Cell> row : answer.rows()) {
      int half = Integer.parseInt(((Cell.Text) row.get(0)).value());
      assertThat(row.get(1))
          .isEqualTo(
              Cell.of(
                  (long)
                      old()
                          .filter(each -> Integer.parseInt(each.get("x")) / 25 == half)
                          .rows()
                          .size()));
    }
  }

  /** Nobody is 50: that is withheld with another one. Unknown is not true, and stands last. */
  @Test
  void withheldCountsAreUnknown() {
    String sql =
        "SELECT floor(age / 10) * 10 AS decade, count(*) n FROM cohort WHERE age < 50 GROUP BY 1";
    List<AnalysisReport> released = reports(sql);
    List<List<Cell>> rows = QueryAnswer.of(query(sql + " ORDER BY n DESC"), released).rows();
    assertThat(rows).hasSize(4);
    assertThat(rows.subList(0, 2))
        .allSatisfy(row -> assertThat(row.get(1)).isInstanceOf(Cell.Whole.class));
    assertThat(rows.subList(2, 4))
        .allSatisfy(row -> assertThat(row.get(1)).isInstanceOf(Cell.Suppressed.class));
    String either = sql + " HAVING count(*) < 5 OR NOT count(*) < 5 ORDER BY n DESC";
    assertThat(QueryAnswer.of(query(either), released).rows()).isEqualTo(rows.subList(0, 2));
    String unknown = sql + " HAVING n IS NULL OR decade = '20' AND false";
    assertThat(QueryAnswer.of(query(unknown), released).rows()).hasSize(2);
    assertThatThrownBy(() -> QueryAnswer.of(query(sql + " HAVING age > 3"), released))
        .hasMessageContaining("names 'age', which is no column of the answer");
    assertThatThrownBy(() -> QueryAnswer.of(query(sql + " HAVING decade > 3"), released))
        .hasMessageContaining("no comparison of released values");
  }

  /** The query's condition narrows the study's own; its sums are those of two known analyses. */
  @Test
  void theStudySaysWhatSitesDo() {
    QueryStudy query = query("SELECT sex, sum(age - 1) FROM cohort WHERE x > 3 GROUP BY sex");
    Study study = query.file().study();
    assertThat(study.name()).isEqualTo("base-query");
    assertThat(study.cohort().where()).contains("(age >= 20) and (`x` > 3)");
    assertThat(study.cohort().derive()).containsEntry("value 1", "(`age` - 1)");
    assertThat(study.analyses())
        .extracting(Study.AnalysisSpec::type)
        .containsExactly("crosstab", "summary");
    assertThat(new String(query.file().raw(), StandardCharsets.UTF_8))
        .startsWith("# Asked at 1970-01-01T00:00:00Z\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT count(*) FROM patients | there is no table 'patients' | FROM cohort, or FROM table",
        "SELECT sex, decade, x, age, count(*) FROM cohort GROUP BY 1, 2, 3, 4 | there are 4 keys | at most 3",
        "SELECT count(DISTINCT x) FROM cohort | answered for persons, who are 'id' | GROUP BY",
        "SELECT sex, decade, x, sum(age) FROM cohort GROUP BY 1, 2, 3 | there are 3 keys | at most 2",
        "SELECT count(*) FROM cohort WHERE sex = 'q' | none of the levels | Its levels are: f, m",
      })
  void whatTheStudyCannotAnswerIsRefused(String sql, String problem, String remedy) {
    assertThatThrownBy(
            () -> {
              Study study = query(sql).file().study();
              for (int job = 0; job < study.analyses().size(); job++) {
                Catalog.create(study, job);
              }
            })
        .satisfies(
            e -> {
              io.tributary.study.TributaryException ours =
                  (io.tributary.study.TributaryException) e;
              assertThat(ours.problem()).contains(problem);
              assertThat(ours.remedy()).contains(remedy);
            });
  }
}
