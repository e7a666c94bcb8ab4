package io.tributary.jobs.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.codec.StudyParser;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.jobs.analysis.Catalog;
import io.tributary.jobs.analysis.HealthRecords;
import io.tributary.jobs.analysis.Pooled;
import io.tributary.jobs.analysis.StudyGate;
import io.tributary.jobs.query.QueryAnswer;
import io.tributary.jobs.query.QueryStudy;
import io.tributary.jobs.study.StudyFile;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.ResultTable;
import io.tributary.study.Study;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Overlap, prevalence, pathways and exposure over the GiBleed records of four sites, against SQL in
 * DuckDB over the same records in one place: every count that is shown is equal.
 */
class CohortQuestionsReferenceTest {
  private static final String STUDY =
      """
      study: questions
      sites: [s0, s1, s2, s3]
      cohort:
        from: omop
        definition: |
          concepts:
            celecoxib: {ids: [1118084], descendants: false}
            acetaminophen: {ids: [1125315], descendants: false}
            amoxicillin: {ids: [1713332], descendants: false}
            aspirin: {ids: [1112807], descendants: false}
            naproxen: {ids: [1115008], descendants: false}
            bleed: {ids: [192671], descendants: false}
          entry: {observation period: any, keep: first}
        covariates:
          celecoxib: {drug era: celecoxib, window: [0d, all]}
          naproxen: {drug era: naproxen, window: [0d, all]}
          bleed: {condition: bleed, window: [0d, all]}
          acetaminophen_day: {drug era: acetaminophen, window: [0d, all], take: days}
          amoxicillin_day: {drug era: amoxicillin, window: [0d, all], take: days}
          aspirin_day: {drug era: aspirin, window: [0d, all], take: days}
          bleed_day: {condition: bleed, window: [0d, all], take: days}
          exposed: {drug era: naproxen, window: [0d, all], take: covered}
          exposed_early: {drug era: naproxen, window: [0d, 7300d], take: covered}
      columns:
        sex: {levels: [male, female]}
        index_date: {type: date}
      analyses:
        - {name: overlap, type: cohort-overlap, cohorts: [celecoxib, naproxen, bleed]}
        - {name: prevalence, type: prevalence, index: index_date, outcome: bleed_day, time: days_observed_after, from: '1995-01-01', to: '2018-12-31', by: sex}
        - {name: quarters, type: prevalence, index: index_date, outcome: aspirin_day, time: days_observed_after, from: '2009-01-01', to: '2012-12-31', interval: quarters, at: point}
        - {name: orders, type: treatment-pathways, treatments: [acetaminophen_day, amoxicillin_day, aspirin_day]}
        - {name: exposure, type: summary, columns: [exposed, exposed_early], quantiles: []}
      """;

  @TempDir static Path folder;
  private static Study study;
  private static List<SiteTable> tables;
  private static List<AnalysisReport> reports;
  private static Connection duck;

  @BeforeAll
  static void open() throws IOException, SQLException {
    HealthRecords.split(
        folder, List.of("person", "observation_period", "drug_era", "condition_occurrence"));
    study = StudyParser.parse(STUDY.getBytes(StandardCharsets.UTF_8), "study.yaml");
    tables = HealthRecords.open(study, folder);
    reports = released();
    duck = DriverManager.getConnection("jdbc:duckdb:");
    String records = Oracle.shared().resolve("data/omop-gibleed") + "/";
    try (Statement sql = duck.createStatement()) {
      sql.execute(
          "create table person as select person_id p, gender_concept_id g from read_csv('"
              + records
              + "person.csv.gz', header = true)");
      sql.execute(
          "create table op as select p, s::date s, e::date e from read_csv('"
              + records
              + "observation_period.csv.gz', header = true, names = ['id', 'p', 's', 'e', 't'])"
              + " where p in (select p from person)"
              + " qualify row_number() over (partition by p order by s, e) = 1");
      sql.execute(
          "create table event as select person_id p, drug_concept_id c,"
              + " drug_era_start_date::date d, drug_era_end_date::date u from read_csv('"
              + records
              + "drug_era.csv.gz', header = true) union all select person_id,"
              + " condition_concept_id, condition_start_date::date, condition_end_date::date from"
              + " read_csv('"
              + records
              + "condition_occurrence.csv.gz', header = true)");
      sql.execute(
          "create table q as select op.*, g, "
              + first(1118084, "celecoxib")
              + ", "
              + first(1125315, "acetaminophen")
              + ", "
              + first(1713332, "amoxicillin")
              + ", "
              + first(1112807, "aspirin")
              + ", "
              + first(1115008, "naproxen")
              + ", "
              + first(192671, "bleed")
              + " from op join person using (p)");
    }
  }

  private static String first(int concept, String name) {
    return "(select min(d) from event y where y.p = op.p and c = "
        + concept
        + " and d between op.s and op.e) "
        + name;
  }

  @AfterAll
  static void close() throws SQLException {
    tables.forEach(SiteTable::close);
    duck.close();
  }

  /** As they are released: after the gate that all of them pass together. */
  private static List<AnalysisReport> released() {
    List<AnalysisReport> reports = new ArrayList<>();
    for (int job = 0; job < study.analyses().size(); job++) {
      reports.add(Pooled.report(Catalog.create(study, job), tables));
    }
    return StudyGate.review(study, reports);
  }

  private static ResultTable table(String analysis, String name) {
    AnalysisReport report =
        reports.stream().filter(each -> each.name().equals(analysis)).findFirst().orElseThrow();
    assertThat(report.outcome()).isEqualTo(AnalysisReport.OK);
    return GlmReferenceTest.table(report, name);
  }

  private static Map<String, Long> counts(String sql) throws SQLException {
    Map<String, Long> counts = new HashMap<>();
    try (Statement statement = duck.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        counts.put(rows.getString(1), rows.getLong(2));
      }
    }
    return counts;
  }

  /** How many cells of a column are shown, all of them equal. */
  private static int compare(
      ResultTable table, String key, String column, Map<String, Long> expected) {
    int shown = 0;
    for (List<Cell> row : table.rows()) {
      String name = ((Cell.Text) row.get(table.column(key))).value();
      long count = expected.getOrDefault(name, 0L);
      if (row.get(table.column(column)) instanceof Cell.Whole whole) {
        assertThat(whole.value())
            .as(name + " " + column)
            .isEqualTo(count)
            .isGreaterThanOrEqualTo(5);
        shown++;
      }
    }
    return shown;
  }

  @Test
  void overlapEqualsSql() throws SQLException {
    Map<String, Long> combinations =
        counts(
            "select case when k = '' then '(none)' else k end, count(*) from (select concat_ws("
                + "' & ', case when celecoxib is not null then 'celecoxib' end, case when naproxen"
                + " is not null then 'naproxen' end, case when bleed is not null then 'bleed' end) k"
                + " from q) group by 1");
    assertThat(
            compare(table("overlap", "combinations"), "cohorts", "number_subjects", combinations))
        .isGreaterThan(3);
    ResultTable pairs = table("overlap", "overlap");
    Map<String, Long> both =
        counts(
            "select 'naproxen', count(*) from q where celecoxib is not null and naproxen is not null"
                + " union all select 'bleed', count(*) from q where celecoxib is not null and bleed"
                + " is not null");
    ResultTable first = new ResultTable("t", "t", pairs.columns(), pairs.rows().subList(0, 2));
    assertThat(compare(first, "comparator_cohort_name", "both_subjects", both)).isPositive();
  }

  @Test
  void prevalenceEqualsSql() throws SQLException {
    String year =
        " from q, (select make_date(y, 1, 1) f, make_date(y, 12, 31) l from range(1995, 2019) t(y))"
            + " where s <= l and e >= f";
    String group = "select f::text || case g when 8507 then ', male' else ', female' end, ";
    String isCase = " and bleed <= least(l, e)";
    ResultTable years = table("prevalence", "prevalence");
    Map<String, Long> denominators = counts(group + "count(*)" + year + " group by 1");
    denominators.putAll(counts("select f::text, count(*)" + year + " group by 1"));
    assertThat(compare(years, "period", "denominator_count", denominators)).isEqualTo(3 * 24);
    Map<String, Long> cases = counts(group + "count(*)" + year + isCase + " group by 1");
    cases.putAll(counts("select f::text, count(*)" + year + isCase + " group by 1"));
    assertThat(compare(years, "period", "outcome_count", cases)).isGreaterThan(20);
    String point =
        "select f::text, count(*) from q, (select unnest(generate_series(date '2009-01-01', date"
            + " '2012-10-01', interval 3 month))::date f) where s <= f and e >= f";
    ResultTable quarters = table("quarters", "prevalence");
    assertThat(compare(quarters, "period", "denominator_count", counts(point + " group by 1")))
        .isEqualTo(16);
    assertThat(
            compare(
                quarters,
                "period",
                "outcome_count",
                counts(point + " and aspirin <= f group by 1")))
        .isEqualTo(16);
  }

  @Test
  void pathwaysEqualSql() throws SQLException {
    String steps =
        "with long as (select p, d, n, o from q, lateral (values"
            + " (acetaminophen, 'acetaminophen_day', 1), (amoxicillin, 'amoxicillin_day', 2),"
            + " (aspirin, 'aspirin_day', 3)) v(d, n, o) where d"
            + " is not null), step as (select p, d, string_agg(n, '+' order by o) n from long group"
            + " by p, d), way as (select p, string_agg(n, '-' order by d) w from step group by p)";
    Map<String, Long> whole = counts(steps + " select w, count(*) from way group by 1");
    whole.put(
        "(all)",
        counts("select '', count(*) from q").get("")
            - whole.values().stream().mapToLong(x -> x).sum());
    ResultTable table = table("orders", "treatment_pathways");
    assertThat(compare(table, "pathway", "freq", whole)).isGreaterThan(3);
    Map<String, Long> begin = new HashMap<>();
    whole.forEach(
        (way, persons) -> {
          begin.merge("(all)", persons, Long::sum);
          for (int end = way.indexOf('-', 1); end > 0; end = way.indexOf('-', end + 1)) {
            begin.merge(way.substring(0, end), persons, Long::sum);
          }
          if (!way.equals("(all)")) {
            begin.merge(way, persons, Long::sum);
          }
        });
    assertThat(compare(table, "pathway", "number_subjects", begin)).isGreaterThan(3);
  }

  @Test
  void exposedDaysEqualSql() throws SQLException {
    String days =
        "(select count(distinct d) from (select unnest(generate_series(y.d, least(y.u, q.e%s),"
            + " interval 1 day)) d from event y where y.p = q.p and c = 1115008 and y.d between q.s"
            + " and q.e %s))";
    ResultTable table = table("exposure", "summary");
    Map<String, Long> expected =
        counts(
            "select 'exposed', sum("
                + days.formatted("", "")
                + ") from q union all select 'exposed_early', sum("
                + days.formatted(", q.s + 7300", "and y.d <= q.s + 7300")
                + ") from q");
    assertThat(expected.get("exposed")).isGreaterThan(expected.get("exposed_early")).isPositive();
    for (List<Cell> row : table.rows()) {
      String name = ((Cell.Text) row.get(table.column("column"))).value();
      assertThat(row.get(table.column("sum"))).isEqualTo(Cell.of((double) expected.get(name)));
    }
  }

  /** A query joins a table of the records to the cohort: events within ten years of its start. */
  @Test
  void joinedEventsEqualSql() throws SQLException {
    QueryStudy query =
        QueryStudy.of(
            "SELECT sex, count(*) AS n, count(DISTINCT person_id) AS persons FROM cohort c JOIN"
                + " condition_occurrence e ON e.person_id = c.person_id WHERE"
                + " e.condition_concept_id = 40481087 AND"
                + " datediff(e.condition_start_date, index_date) BETWEEN 0 AND 3650 GROUP BY sex",
            StudyFile.of(
                STUDY
                    .replace("from: omop", "from: omop\n  rowsPerPerson: 12")
                    .replace(
                        "index_date:",
                        "condition_occurrence.condition_start_date: {type: date}\n  index_date:")
                    .getBytes(StandardCharsets.UTF_8),
                "study.yaml"),
            Map.of(),
            Instant.EPOCH);
    Study asked = query.file().study();
    List<SiteTable> joined = HealthRecords.open(asked, folder);
    List<AnalysisReport> answers = new ArrayList<>();
    for (int job = 0; job < asked.analyses().size(); job++) {
      answers.add(Pooled.report(Catalog.create(asked, job), joined));
    }
    joined.forEach(SiteTable::close);
    ResultTable answer = QueryAnswer.of(query, StudyGate.review(asked, answers));
    String events =
        " from q join event y using (p) where c = 40481087 and y.d between q.s and q.s + 3650"
            + " group by 1";
    String sex = "select case g when 8507 then 'male' else 'female' end, ";
    assertThat(compare(answer, "sex", "n", counts(sex + "count(*)" + events))).isEqualTo(2);
    assertThat(compare(answer, "sex", "persons", counts(sex + "count(distinct p)" + events)))
        .isEqualTo(2);
  }
}
