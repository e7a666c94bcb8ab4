package io.tributary.jobs.reference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.jobs.analysis.Pooled;
import io.tributary.jobs.analysis.Sheet;
import io.tributary.jobs.analysis.cumulativeincidence.CumulativeIncidenceAnalysis;
import io.tributary.jobs.analysis.cumulativeincidence.IncidenceResult;
import io.tributary.jobs.analysis.kaplanmeier.KaplanMeierAnalysis;
import io.tributary.jobs.analysis.kaplanmeier.KaplanMeierResult;
import io.tributary.jobs.analysis.logrank.LogRankAnalysis;
import io.tributary.jobs.analysis.logrank.LogRankResult;
import io.tributary.jobs.probability.Tails;
import io.tributary.jobs.survival.Curve;
import io.tributary.jobs.survival.Curve.Limits;
import io.tributary.jobs.survival.Incidence;
import io.tributary.jobs.survival.LifeTable;
import io.tributary.jobs.survival.LogRank;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.ResultTable;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Survival curves of lung and colon against R's survival. */
class SurvivalReferenceTest {
  private static final double NORMAL = Tails.normalQuantile(0.95);

  private static KaplanMeierResult curves(Federation federation, String analysis) {
    return Pooled.run(KaplanMeierAnalysis.of(federation.job(analysis)), federation.tables())
        .result();
  }

  /** Every time of every curve. */
  static void curves(String file, Federation federation, String analysis, Limits limits) {
    KaplanMeierResult result = curves(federation, analysis);
    assertThat(result.grid().exact()).isTrue();
    Sheet oracle = Oracle.csv(file);
    int row = 0;
    for (LifeTable table : result.groups()) {
      Curve curve = Curve.of(table);
      for (int i = 0; i < table.size(); i++) {
        List<String> expected = oracle.rows().get(row++);
        assertThat(table.time(i)).isEqualTo(Double.parseDouble(expected.get(1)));
        Differences.exact(file, "n_risk", table.risk(i), Long.parseLong(expected.get(2)));
        Differences.exact(file, "n_event", table.events(i), Long.parseLong(expected.get(3)));
        Differences.exact(file, "n_censor", table.censored(i), Long.parseLong(expected.get(4)));
        double[] bounds = curve.limits(i + 1, limits, NORMAL);
        double[] values = {
          curve.survival(i + 1), curve.error(i + 1), bounds[0], bounds[1],
        };
        String[] names = {"survival", "std_error", "conf_low", "conf_high"};
        for (int k = 0; k < values.length; k++) {
          check(file, names[k], values[k], expected.get(5 + k));
        }
      }
    }
    assertThat(row).isEqualTo(oracle.rows().size());
  }

  private static void check(String study, String quantity, double actual, String expected) {
    if (expected.equals("NA")) {
      assertThat(actual).as(study + " " + quantity).isNaN();
    } else {
      double tolerance = quantity.startsWith("conf") ? 1e-10 : 1e-12;
      Differences.check(study, quantity, actual, Double.parseDouble(expected), tolerance);
    }
  }

  /** Observed and expected events, their covariance, and the test. */
  static void logRank(String file, String element, Federation federation, String name) {
    LogRankAnalysis analysis = LogRankAnalysis.of(federation.job(name));
    LogRankResult result = Pooled.run(analysis, federation.tables()).result();
    LogRank sums = LogRank.of(result.strata(), analysis.weight());
    JsonNode expected = Oracle.json(file).get(element);
    int k = sums.groups();
    assertThat(expected.get("groups")).hasSize(k);
    for (int g = 0; g < k; g++) {
      JsonNode group = expected.get("groups").get(g);
      assertThat(result.persons(g)).isEqualTo(group.get("n").asLong());
      double observed = group.get("observed").asDouble();
      Differences.check(file, "observed", sums.observed(g), observed, 1e-12);
      double events = group.get("expected").asDouble();
      Differences.check(file, "expected", sums.expected(g), events, 1e-12);
      for (int h = 0; h < k; h++) {
        double element2 = expected.get("var").get(g).get(h).asDouble();
        Differences.check(file, "covariance", sums.covariance(g, h), element2, 1e-12);
      }
    }
    LogRank.Test test = sums.test();
    assertThat(test.df()).isEqualTo(expected.get("df").asInt());
    double chiSquare = expected.get("chisq").asDouble();
    Differences.check(file, "chi_square", test.chiSquare(), chiSquare, 1e-10);
    double p = StrictMath.exp(Tails.logChiSquareUpper(test.chiSquare(), test.df()));
    Differences.check(file, "p_value", p, expected.get("p_value").asDouble(), 1e-9);
  }

  /** Cumulative hazards and their errors. */
  static void nelsonAndAalen(String file, Federation federation) {
    LifeTable table = curves(federation, "km").groups().get(0);
    Curve curve = Curve.of(table);
    Sheet oracle = Oracle.csv(file);
    assertThat(oracle.rows()).hasSize(table.size());
    for (int i = 0; i < table.size(); i++) {
      check(file, "cumulative_hazard", curve.hazard(i + 1), oracle.rows().get(i).get(1));
      check(file, "std_error", curve.hazardError(i + 1), oracle.rows().get(i).get(2));
    }
  }

  /** Persons, events, medians and restricted means of each group. */
  static void groups(String file, Federation federation, String analysis) {
    AnalysisReport report = federation.report(analysis);
    ResultTable groups = GlmReferenceTest.table(report, "groups");
    KaplanMeierResult result = curves(federation, analysis);
    int group = 0;
    for (JsonNode expected : Oracle.json(file)) {
      LifeTable table = result.groups().get(group);
      Differences.exact(file, "n", table.persons(), expected.get("n").asLong());
      Differences.exact(file, "n_event", table.events(), expected.get("events").asLong());
      double[] median = Curve.of(table).quantile(0.5, Limits.LOG, NORMAL);
      check(file, "median", median[0], expected.get("median").asText().replace("null", "NA"));
      String low = expected.get("median_ci_lower").asText().replace("null", "NA");
      check(file, "median low", median[1], low);
      String high = expected.get("median_ci_upper").asText().replace("null", "NA");
      check(file, "median high", median[2], high);
      Differences.check(
          file,
          "restricted_mean",
          GlmReferenceTest.real(groups, group, "restricted_mean"),
          expected.get("rmean_to_common_last_time").asDouble(),
          1e-12);
      Differences.check(
          file,
          "restricted_mean std_error",
          GlmReferenceTest.real(groups, group, "std_error"),
          expected.get("rmean_std_error").asDouble(),
          1e-12);
      group++;
    }
    assertThat(group).isEqualTo(result.groups().size());
  }

  /** Quartiles and their limits. */
  static void quantiles(String file, Federation federation) {
    JsonNode expected = Oracle.json(file);
    ResultTable quantiles = GlmReferenceTest.table(federation.report("km"), "quantiles");
    String[] columns = {"time", "conf_low", "conf_high"};
    String[] elements = {"quantile", "lower", "upper"};
    for (int i = 0; i < 3; i++) {
      for (int k = 0; k < columns.length; k++) {
        double number = expected.get(elements[k]).get(i).asDouble();
        double actual = GlmReferenceTest.real(quantiles, i, columns[k]);
        Differences.check(file, columns[k], actual, number, 0);
      }
    }
  }

  /** Survival at whole years, where the release floor shows it. */
  static void atYears(String file, Federation federation) {
    Sheet oracle = Oracle.csv(file);
    ResultTable times = GlmReferenceTest.table(federation.report("km-rx"), "times");
    int compared = 0;
    for (int row = 0; row < oracle.rows().size(); row++) {
      List<String> expected = oracle.rows().get(row);
      if (times.rows().get(row).get(times.column("survival")).reason().isEmpty()) {
        check(file, "survival", GlmReferenceTest.real(times, row, "survival"), expected.get(3));
        check(file, "std_error", GlmReferenceTest.real(times, row, "std_error"), expected.get(4));
        check(file, "conf_low", GlmReferenceTest.real(times, row, "conf_low"), expected.get(5));
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(8);
  }

  /** survfit of a multi-state response; see resources/reference/competing.R. */
  @Test
  void cumulativeIncidencesEqualR() {
    Federation federation = Federation.colonFirst();
    IncidenceResult result =
        Pooled.run(CumulativeIncidenceAnalysis.of(federation.job("causes-rx")), federation.tables())
            .result();
    List<String> groups = List.of("Obs", "Lev", "Lev+5FU");
    Sheet oracle =
        Sheet.read(
            Path.of(
                System.getProperty("basedir", "."), "src/test/resources/reference/competing.csv"));
    assertThat(oracle.rows()).hasSize(30);
    for (List<String> expected : oracle.rows()) {
      Incidence curves = result.groups().get(groups.indexOf(expected.get(0)));
      int cause = List.of("recurrence", "death").indexOf(expected.get(1));
      int entries = 0;
      double time = Double.parseDouble(expected.get(2));
      while (entries < curves.table().size() && curves.table().time(entries) <= time) {
        entries++;
      }
      double[] limits = curves.limits(cause, entries, Limits.LOG, NORMAL);
      double[] actual = {
        curves.incidence(cause, entries), curves.error(cause, entries), limits[0], limits[1]
      };
      String[] names = {"incidence", "std_error", "conf_low", "conf_high"};
      for (int i = 0; i < actual.length; i++) {
        String number = expected.get(3 + i);
        check("competing.csv", names[i], actual[i], number.isEmpty() ? "NA" : number);
      }
    }
  }

  /** cuminc's tests, also on a grid where many have the event at a time. */
  @Test
  void graysTestsEqualR() {
    Sheet oracle =
        Sheet.read(
            Path.of(System.getProperty("basedir", "."), "src/test/resources/reference/gray.csv"));
    assertThat(oracle.rows()).hasSize(6);
    for (List<String> expected : oracle.rows()) {
      AnalysisReport report = Federation.colonFirst().report("causes-" + expected.get(0));
      ResultTable tests = GlmReferenceTest.table(report, "tests");
      int row = List.of("recurrence", "death").indexOf(expected.get(1));
      String[] columns = {"statistic", "p_value", "df"};
      for (int i = 0; i < columns.length; i++) {
        double actual = GlmReferenceTest.real(tests, row, columns[i]);
        double number = Double.parseDouble(expected.get(2 + i));
        Differences.check("gray.csv", columns[i], actual, number, 1e-11);
      }
    }
  }

  /** A curve is shown where at least five, or none, of each cause lie between two of its times. */
  @Test
  void incidencesAreReleasedByTheFloor() {
    AnalysisReport report = Federation.colonFirst().report("causes-rx");
    assertThat(report.outcome()).isEqualTo("OK");
    ResultTable curves = GlmReferenceTest.table(report, "incidence");
    int events = curves.column("n_event");
    assertThat(curves.rows()).hasSizeGreaterThan(12);
    for (List<Cell> row : curves.rows()) {
      long count = ((Cell.Whole) row.get(events)).value();
      assertThat(count == 0 || count >= 5).isTrue();
    }
    ResultTable groups = GlmReferenceTest.table(report, "groups");
    assertThat(GlmReferenceTest.whole(groups, 0, "n_event")).isEqualTo(177);
    assertThat(GlmReferenceTest.whole(groups, 1, "n_event")).isEqualTo(13);
    assertThat(GlmReferenceTest.whole(groups, 5, "n")).isEqualTo(304);
  }
}
