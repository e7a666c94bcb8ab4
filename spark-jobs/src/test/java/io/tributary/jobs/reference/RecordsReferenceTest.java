package io.tributary.jobs.reference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.codec.StudyParser;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.jobs.analysis.Catalog;
import io.tributary.jobs.analysis.HealthRecords;
import io.tributary.jobs.analysis.Pooled;
import io.tributary.jobs.analysis.Sheet;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.ResultTable;
import io.tributary.study.Study;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * From health records to models in one study: the cohort of the outcome models of the GiBleed
 * oracles, its covariates, and what other programs make of the rows of
 * sql/12_outcome_model_rows.sql.
 */
class RecordsReferenceTest {
  private static final String STUDY =
      """
      study: bleeding
      sites: [s0, s1, s2, s3]
      cohort:
        from: omop
        definition: |
          concepts:
            celecoxib: {ids: [1118084], descendants: false}
            either: {ids: [1118084, 1124300], descendants: false}
            bleed: {ids: [192671], descendants: false}
          entry: {drug era: either, first: true}
          exclude:
            - {condition: bleed, window: [all, -1d], outside observation: true}
        covariates:
          celecoxib: {drug era: celecoxib, window: [0d, 0d]}
          n_prior_conditions: {condition: any, window: [all, -1d], take: concepts, outside observation: true}
          bleed_day: {condition: bleed, window: [0d, all], take: days, outside observation: true}
        derive:
          age: age_days / 365.25
          male: if(sex = 'male', 1, 0)
          days: coalesce(bleed_day, days_observed_after)
          bleed: case when bleed_day is not null then 1 else 0 end
          bleed365: case when bleed_day <= 365 then 1 else 0 end
          always: days_observed_after * 0 + 100000
          exposed: greatest(least(days, 365), 1)
      columns:
        sex: {levels: [male, female]}
        race: {levels: [white, black, asian, other]}
        bleed365: {type: integer, range: [0, 1]}
      analyses:
        - {name: baseline, type: table1, by: celecoxib, columns: [sex, race, age_group, age, n_prior_conditions, bleed365]}
        - {name: incidence, type: incidence, outcome: bleed_day, time: days_observed_after, risk: [1, 365], by: celecoxib}
        - {name: unobserved, type: incidence, outcome: bleed_day, time: always, risk: [1, 365]}
        - {name: logistic-bleed365, type: glm, family: binomial, formula: "bleed365 ~ celecoxib + age + male + n_prior_conditions"}
        - {name: cox-bleed-breslow, type: cox, ties: breslow, formula: "Surv(days, bleed) ~ celecoxib + age + male + n_prior_conditions", sparse: allow}
        - {name: poisson-rate-bleed365, type: glm, family: poisson, formula: "bleed365 ~ celecoxib + offset(log(exposed))"}
        - {name: propensity-iptw, type: glm, family: binomial, formula: "celecoxib ~ age + male + n_prior_conditions"}
        - {name: logrank-bleed, type: logrank, time: days, event: bleed, by: celecoxib}
        - {name: cox-bleed-strata-site-efron, type: cox, baseline: by-site, formula: "Surv(days, bleed) ~ celecoxib + age + male"}
        - {name: cox-bleed-efron, type: cox, formula: "Surv(days, bleed) ~ celecoxib + age + male + n_prior_conditions", sparse: allow}
      """;

  @TempDir static Path folder;
  private static Study study;
  private static List<SiteTable> tables;

  @BeforeAll
  static void open() throws IOException {
    HealthRecords.split(
        folder, List.of("person", "observation_period", "drug_era", "condition_occurrence"));
    study = StudyParser.parse(STUDY.getBytes(StandardCharsets.UTF_8), "study.yaml");
    tables = HealthRecords.open(study, folder);
  }

  @AfterAll
  static void close() {
    tables.forEach(SiteTable::close);
  }

  private static AnalysisReport report(String analysis) {
    return report(analysis, tables);
  }

  private static AnalysisReport report(String analysis, List<SiteTable> sites) {
    for (int job = 0; job < study.analyses().size(); job++) {
      if (study.analyses().get(job).name().equals(analysis)) {
        return Pooled.report(Catalog.create(study, job), sites);
      }
    }
    throw new AssertionError(analysis);
  }

  @Test
  void theCohortHasTheOraclesPersons() {
    assertThat(tables.stream().mapToLong(SiteTable::rowCount).sum()).isEqualTo(2630);
  }

  /**
   * Counts exactly; means, standard deviations and differences as the rows themselves have them.
   */
  @Test
  void characteristicsAreThoseOfTheRows() {
    Map<String, double[]> ages = new TreeMap<>();
    Map<String, double[]> conditions = new TreeMap<>();
    Map<String, Long> men = new TreeMap<>();
    Map<String, Long> bleeds = new TreeMap<>();
    for (String cohort : List.of("0", "1")) {
      Sheet rows = rows().where("celecoxib", cohort);
      String name = "celecoxib = " + cohort;
      ages.put(
          name,
          rows.rows().stream().mapToDouble(row -> whole(rows, row, "age_days") / 365.25).toArray());
      conditions.put(
          name,
          rows.rows().stream()
              .mapToDouble(row -> whole(rows, row, "n_prior_conditions"))
              .toArray());
      men.put(name, (long) rows.where("male", "1").rows().size());
      bleeds.put(
          name,
          rows.rows().stream()
              .filter(row -> whole(rows, row, "bleed") == 1 && whole(rows, row, "days") <= 365)
              .count());
    }
    AnalysisReport report = report("baseline");
    ResultTable counts = GlmReferenceTest.table(report, "covariates");
    for (int row = 0; row < counts.rows().size(); row++) {
      String cohort = word(counts, row, "cohort_name");
      Map<String, Long> expected =
          switch (word(counts, row, "covariate_name")) {
            case "sex = male" -> men;
            case "bleed365" -> bleeds;
            default -> Map.of();
          };
      if (!expected.isEmpty()) {
        assertThat(GlmReferenceTest.whole(counts, row, "sum_value"))
            .isEqualTo(expected.get(cohort));
      }
    }
    ResultTable values = GlmReferenceTest.table(report, "covariates_continuous");
    assertThat(values.rows()).hasSize(4);
    for (int row = 0; row < values.rows().size(); row++) {
      double[] x =
          (word(values, row, "covariate_name").equals("age") ? ages : conditions)
              .get(word(values, row, "cohort_name"));
      assertThat(GlmReferenceTest.whole(values, row, "count_value")).isEqualTo(x.length);
      Differences.check(
          "table1", "mean", GlmReferenceTest.real(values, row, "average_value"), mean(x), 1e-12);
      Differences.check(
          "table1", "sd", GlmReferenceTest.real(values, row, "standard_deviation"), sd(x), 1e-12);
    }
    ResultTable apart = GlmReferenceTest.table(report, "standardized_difference");
    for (int row = 0; row < apart.rows().size(); row++) {
      if (word(apart, row, "covariate_name").equals("n_prior_conditions")) {
        double[] first = conditions.get("celecoxib = 0");
        double[] second = conditions.get("celecoxib = 1");
        double pooled = Math.sqrt((sd(first) * sd(first) + sd(second) * sd(second)) / 2);
        Differences.check(
            "table1",
            "std_diff",
            GlmReferenceTest.real(apart, row, "std_diff"),
            (mean(second) - mean(first)) / pooled,
            1e-12);
      }
    }
  }

  /** Persons, days and events as the rows have them: day 1 to the event, the end, or day 365. */
  @Test
  void incidenceIsThatOfTheRows() {
    checkIncidence(report("incidence"), rows());
  }

  /** A site that is not there is as if its persons were not. */
  @Test
  void withoutOneSiteTheAnswerIsThatOfTheOthers() {
    List<SiteTable> three = tables.subList(0, 3);
    Sheet rows = rows().filter(row -> !row.get("site").equals("S3"));
    checkIncidence(report("incidence", three), rows);
    ResultTable cohorts = GlmReferenceTest.table(report("baseline", three), "cohorts");
    assertThat(GlmReferenceTest.whole(cohorts, 0, "number_subjects")).isEqualTo(rows.rows().size());
    assertThat(GlmReferenceTest.whole(cohorts, 2, "number_subjects"))
        .isEqualTo(rows.where("celecoxib", "1").rows().size());
  }

  private static void checkIncidence(AnalysisReport report, Sheet all) {
    ResultTable table = GlmReferenceTest.table(report, "incidence");
    for (int group = 0; group < 2; group++) {
      Sheet rows = all.where("celecoxib", String.valueOf(group));
      long persons = 0;
      long days = 0;
      long events = 0;
      for (List<String> row : rows.rows()) {
        long day = whole(rows, row, "days");
        if (day >= 1) {
          persons++;
          days += Math.min(day, 365);
          events += whole(rows, row, "bleed") == 1 && day <= 365 ? 1 : 0;
        }
      }
      assertThat(GlmReferenceTest.whole(table, group, "persons_at_risk")).isEqualTo(persons);
      assertThat(GlmReferenceTest.whole(table, group, "person_days")).isEqualTo(days);
      assertThat(GlmReferenceTest.whole(table, group, "person_outcomes")).isEqualTo(events);
      Differences.check(
          "incidence",
          "rate",
          GlmReferenceTest.real(table, group, "incidence_rate_p100py"),
          100 * events / (days / 365.25),
          1e-12);
    }
  }

  /**
   * sql/07_gi_bleed_within_365_days.sql gives everybody a year, also the 64 whose index date is
   * after the end of observation; none of these bled. Who bled on day 0 had no day at risk.
   */
  @Test
  void aYearForEverybodyIsTheOracles() {
    long events = 0;
    long days = 0;
    long persons = 0;
    for (List<String> row :
        Oracle.csv("omop-gibleed/expected/07_gi_bleed_within_365_days.csv").rows()) {
      persons += Long.parseLong(row.get(2));
      events += Long.parseLong(row.get(3));
      days += Long.parseLong(row.get(4));
    }
    Sheet rows = rows();
    long onDay0 =
        rows.rows().stream()
            .filter(row -> whole(rows, row, "days") == 0 && whole(rows, row, "bleed") == 1)
            .count();
    ResultTable table = GlmReferenceTest.table(report("unobserved"), "incidence");
    assertThat(persons - 64 - onDay0)
        .isEqualTo(GlmReferenceTest.whole(table, 0, "persons_at_risk"));
    assertThat(events - onDay0).isEqualTo(GlmReferenceTest.whole(table, 0, "person_outcomes"));
    assertThat(days - 64 * 365).isEqualTo(GlmReferenceTest.whole(table, 0, "person_days"));
  }

  /** Of the persons of the outcome models. */
  private static Sheet rows() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(
                    Files.newInputStream(
                        Oracle.shared()
                            .resolve(
                                "oracles/omop-gibleed/expected/12_outcome_model_rows.csv.gz"))),
                StandardCharsets.UTF_8))) {
      List<String> header = List.of(lines.readLine().split(","));
      List<List<String>> rows = lines.lines().map(line -> List.of(line.split(","))).toList();
      return new Sheet(header, rows).filter(row -> Long.parseLong(row.get("days")) >= 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long whole(Sheet sheet, List<String> row, String column) {
    return Long.parseLong(row.get(sheet.header().indexOf(column)));
  }

  private static String word(ResultTable table, int row, String column) {
    return ((Cell.Text) table.rows().get(row).get(table.column(column))).value();
  }

  private static double mean(double[] x) {
    return Arrays.stream(x).sum() / x.length;
  }

  private static double sd(double[] x) {
    double mean = mean(x);
    return Math.sqrt(
        Arrays.stream(x).map(each -> (each - mean) * (each - mean)).sum() / (x.length - 1));
  }

  @ParameterizedTest
  @CsvSource({
    "logistic-bleed365, logistic_bleed365",
    "poisson-rate-bleed365, poisson_rate_bleed365",
    "propensity-iptw, propensity_iptw",
    "cox-bleed-breslow, cox_bleed_breslow",
    "cox-bleed-efron, cox_bleed_efron",
    "cox-bleed-strata-site-efron, cox_bleed_strata_site_efron"
  })
  void modelsEqualR(String analysis, String oracle) {
    AnalysisReport report = report(analysis);
    assertThat(report.outcome()).isEqualTo("OK");
    String file = "omop-gibleed/expected/" + oracle + ".json";
    if (analysis.startsWith("cox")) {
      CoxReferenceTest.compare(file, report, Oracle.json(file));
    } else {
      GlmReferenceTest.compare(
          file, analysis.startsWith("poisson") ? "poisson" : "binomial", report, Oracle.json(file));
    }
  }

  @Test
  void logRankEqualsR() {
    ResultTable tests = GlmReferenceTest.table(report("logrank-bleed"), "tests");
    JsonNode expected = Oracle.json("omop-gibleed/expected/logrank_bleed.json").get("logrank");
    Differences.check(
        "logrank",
        "statistic",
        GlmReferenceTest.real(tests, 0, "statistic"),
        expected.get("chisq").asDouble(),
        1e-8);
    Differences.check(
        "logrank",
        "p_value",
        GlmReferenceTest.real(tests, 0, "p_value"),
        expected.get("p_value").asDouble(),
        1e-6);
  }
}
