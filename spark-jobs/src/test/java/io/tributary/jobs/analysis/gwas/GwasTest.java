package io.tributary.jobs.analysis.gwas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tributary.jobs.analysis.Catalog;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.Sheet;
import io.tributary.jobs.genomics.CallMatrix;
import io.tributary.jobs.genomics.Copies;
import io.tributary.jobs.genomics.GenotypeCounts;
import io.tributary.jobs.genomics.GenotypedSites;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.ResultTable;
import io.tributary.study.Assembly;
import io.tributary.study.ErrorCode;
import io.tributary.study.TributaryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options, outcomes of the whole and of single variants. */
class GwasTest {
  private static final CallMatrix CALLS = CallMatrix.random(2, 12, 200);

  @TempDir private Path folder;

  private GenotypedSites sites(String analyses) {
    return GenotypedSites.of(
        folder,
        CALLS,
        Assembly.GRCH38,
        "{sex: {levels: [f, m]}, three: {levels: [a, b, c]}}",
        "[" + analyses + "]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{name: a, type: gwas} | option 'formula' is missing | a formula",
        "{name: a, type: gwas, formula: \"y ~ 0 + x\"} | has no intercept | with an intercept",
        "{name: a, type: gwas, formula: \"y ~ x + offset(z)\"} | has an offset | without offset",
        "{name: a, type: gwas, formula: \"y ~ factor(z)\"} | levels of column 'z' are not known | Decl",
        "{name: a, type: gwas, formula: \"sex ~ x\"} | 'sex' is a category | a numeric column",
        "{name: a, type: gwas, formula: \"y ~ x\", absent: some} | is 'some' | refuse, allow",
        "{name: a, type: gwas, formula: \"y ~ x\", minCarriers: 4} | is 4 | from 5 to 1000000",
        "{name: a, type: gwas, formula: \"y ~ x\", model: cox} | option 'model' is 'cox' | linear, logistic",
        "{name: a, type: gwas, formula: \"y ~ x\", firth: never} | is of logistic models | model: logistic",
        "{name: a, type: gwas, formula: \"y ~ x\", genotypes: calls} | is 'calls' | hardcalls, dosages",
        "{name: a, type: gwas, formula: \"y ~ x\", missing: zero} | is 'zero' | drop, mean",
        "{name: a, type: gwas, model: logistic, formula: \"y ~ x\", test: wald} | is 'wald' | score, likelihood",
        "{name: a, type: gwas, model: logistic, formula: \"y ~ x\", firth: maybe} | is 'maybe' | fallback, never, always",
        "{name: a, type: gwas, model: logistic, formula: \"y ~ x\", pThreshold: 1} | is 1.0 | below 1",
        "{name: a, type: gwas, model: logistic, formula: \"y ~ x\", pThreshold: -0.1} | is -0.1 | from 0",
        "{name: a, type: gwas, model: logistic, formula: \"y ~ x\", test: likelihood, pThreshold: 0.1} | goes with the score | test: score",
        "{name: a, type: gwas, model: logistic, formula: \"three ~ x\"} | has 3 levels | two levels",
        "{name: a, type: gwas, model: logistic, formula: \"log(sex) ~ x\"} | 'sex' is a category | two levels",
        "{name: a, type: variant-qc, minCarriers: 0} | is 0 | from 5 to 1000000",
      })
  void wrongOptionSaysWhatIsAllowed(String analysis, String problem, String remedy) {
    GenotypedSites sites = sites(analysis);
    assertThatThrownBy(() -> Catalog.create(sites.study(), 0))
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.STUDY_INVALID);
              assertThat(e.problem()).contains(problem);
              assertThat(e.remedy()).contains(remedy);
            });
  }

  /** Columns of very different size, two that tell the same, and a constant one. */
  private static Sheet sheet() {
    Random random = new Random(4);
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      double x = random.nextGaussian();
      double y = 2 * CALLS.copies()[6][i] + x + 0.01 * random.nextGaussian();
      rows.add(
          List.of(
              "i" + (i + 1),
              i == 3 ? "NA" : Double.toString(1e-3 * y),
              Double.toString(1e12 * (x + 4)),
              Double.toString(1e-3 * random.nextGaussian()),
              Double.toString(3 * x + 1e-9 * random.nextGaussian()),
              "7"));
    }
    return new Sheet(List.of("IID", "y", "huge", "tiny", "copy", "seven"), rows);
  }

  @Test
  void modelsThatCannotBeTestedSayWhy() {
    String all =
        """
        {name: scales, type: gwas, formula: "y ~ huge + tiny"},
        {name: constant, type: gwas, formula: "y ~ huge + seven"},
        {name: collinear, type: gwas, formula: "y ~ tiny + huge + copy"},
        {name: nothing, type: gwas, formula: "seven ~ huge"},
        {name: carriers, type: gwas, formula: "y ~ huge", minCarriers: 5000}
        """;
    try (GenotypedSites sites = sites(all.strip().replace("\n", " "))) {
      sites.open(sheet(), CALLS.write(folder, "calls", true));
      AnalysisReport scales = sites.report(0);
      assertThat(scales.outcome()).isEqualTo(AnalysisReport.OK);
      assertThat(scales.persons()).isEqualTo(199);
      ResultTable top = scales.tables().get(1);
      List<Cell> best = top.rows().get(0);
      assertThat(best.get(2)).isEqualTo(Cell.of("rs6"));
      assertThat(((Cell.Real) best.get(top.column("beta"))).value()).isCloseTo(2e-3, within(1e-5));
      // Beyond the range of doubles the logarithm goes on.
      assertThat(((Cell.Real) best.get(top.column("neg_log_10_p_value"))).value())
          .isGreaterThan(307);
      assertThat(best.get(top.column("p_value"))).isInstanceOf(Cell.NotComputed.class);
      assertThat(sites.report(1).outcome()).isEqualTo("CONSTANT_COVARIATE");
      assertThat(sites.report(1).notes().get(0)).contains("'seven'");
      assertThat(sites.report(2).outcome()).isEqualTo("COLLINEAR_COVARIATES");
      assertThat(sites.report(2).notes().get(0)).contains("'huge' and 'copy'");
      assertThat(sites.report(3).outcome()).isEqualTo("CONSTANT_OUTCOME");
      assertThat(sites.report(4).outcome()).isEqualTo("NO_VARIANT");
      assertThat(sites.report(4).tables()).isEmpty();
    }
  }

  /** Cases, a variant that separates them, and one that follows from a covariate. */
  private static Sheet cases() {
    Random random = new Random(5);
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      int copies = CALLS.copies()[4][i];
      boolean ill = random.nextDouble() < 0.3;
      rows.add(
          List.of(
              "i" + (i + 1),
              ill ? "1" : "0",
              CALLS.copies()[6][i] > 1 && random.nextBoolean() ? "1" : "0",
              Double.toString(copies + 1e-9 * random.nextGaussian()),
              Double.toString(random.nextGaussian()),
              i < 9 ? "1" : "0",
              i == 3 ? "2" : "0",
              ill ? "3" : "-3"));
    }
    return new Sheet(List.of("IID", "d", "s", "follows", "x", "few", "two", "tells"), rows);
  }

  private static String code(AnalysisReport report, String id) {
    ResultTable all = report.tables().get(0);
    return all.rows().stream()
        .filter(row -> row.get(2).equals(Cell.of(id)))
        .map(row -> ((Cell.Text) row.get(all.column("code"))).value())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void logisticModelsThatCannotBeTestedSayWhy() {
    String all =
        """
        {name: never, type: gwas, model: logistic, formula: "s ~ x", test: likelihood, firth: never},
        {name: hybrid, type: gwas, model: logistic, formula: "s ~ x", test: likelihood},
        {name: score, type: gwas, model: logistic, formula: "d ~ x + follows"},
        {name: fits, type: gwas, model: logistic, formula: "d ~ x + follows", test: likelihood},
        {name: few, type: gwas, model: logistic, formula: "few ~ x"},
        {name: two, type: gwas, model: logistic, formula: "two ~ x"},
        {name: tells, type: gwas, model: logistic, formula: "d ~ tells + x"}
        """;
    try (GenotypedSites sites = sites(all.strip().replace("\n", " "))) {
      sites.open(cases(), CALLS.write(folder, "calls", true));
      AnalysisReport never = sites.report(0);
      assertThat(code(never, "rs6")).isEqualTo("SEPARATION");
      assertThat(code(never, "rs8")).isEqualTo("OK");
      assertThat(never.facts()).containsEntry("separation", Cell.of(1L));
      AnalysisReport hybrid = sites.report(1);
      assertThat(code(hybrid, "rs6")).isEqualTo("OK");
      assertThat(hybrid.facts()).containsEntry("firth_tests", Cell.of(1L));
      ResultTable top = hybrid.tables().get(1);
      assertThat(top.rows().get(0).get(top.column("test"))).isEqualTo(Cell.of("FIRTH"));
      assertThat(code(sites.report(2), "rs4")).isEqualTo("RANK_DEFICIENT");
      assertThat(code(sites.report(3), "rs4")).isEqualTo("RANK_DEFICIENT");
      assertThat(sites.report(4).outcome()).isEqualTo("RARE_OUTCOME");
      assertThat(sites.report(4).facts()).doesNotContainKey("cases");
      assertThatThrownBy(() -> sites.report(5))
          .isInstanceOfSatisfying(
              TributaryException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_INVALID));
      assertThat(sites.report(6).outcome()).isEqualTo("NOT_CONVERGED");
    }
  }

  /** The number of sums that a policy is asked for holds for whatever data there are. */
  @Test
  void logisticScanAsksForTheRoundsItMayTake() {
    GenotypedSites sites =
        sites(
            "{name: linear, type: gwas, formula: \"y ~ x\"},"
                + " {name: score, type: gwas, model: logistic, formula: \"y ~ x\", pThreshold: 0},"
                + " {name: hybrid, type: gwas, model: logistic, formula: \"y ~ x\"},"
                + " {name: all, type: gwas, model: logistic, formula: \"y ~ x\", test: likelihood, firth: always}");
    assertThat(sites.analysis(0).demand().rounds()).isEqualTo(5);
    assertThat(sites.analysis(1).demand().rounds()).isEqualTo(5 + NullIteration.MOST);
    assertThat(sites.analysis(2).demand().rounds()).isEqualTo(30);
    assertThat(sites.analysis(3).demand().rounds())
        .isEqualTo(3 + NullIteration.MOST + LikelihoodScan.MOST_FIRTH);
  }

  /** From sums that a test makes: what plink2 calls by these codes. */
  @Test
  void outcomesOfSingleVariantsAreCodes() {
    Moments moments = new Moments(100, 0, Reals.of(0, 0), Reals.of(100, 100));
    NullModel model = new NullModel(moments, Reals.of(100, 0, 100));
    LinearTest test = new LinearTest(model);
    assertThat(
            test.complete(Copies.of(new GenotypeCounts(100, 0, 0, 100, 3)), new double[2]).code())
        .isEqualTo("CONST_ALLELE");
    assertThat(test.complete(Copies.of(new GenotypeCounts(2, 0, 97, 100, 3)), new double[2]).code())
        .isEqualTo("SAMPLE_CT<=PREDICTOR_CT");
    // Copies that follow from the column: the sum of squares about the mean is all explained.
    double unit = model.whitening().columnUnit();
    double spread = 50 - 50.0 * 50 / 100;
    double[] sums = {Math.sqrt(spread) * unit, 0};
    assertThat(test.complete(Copies.of(new GenotypeCounts(50, 0, 0, 100, 3)), sums).code())
        .isEqualTo("RANK_DEFICIENT");
    sums[0] *= Math.sqrt(0.99);
    assertThat(test.complete(Copies.of(new GenotypeCounts(50, 0, 0, 100, 3)), sums).code())
        .isEqualTo("VIF_TOO_HIGH");
    sums[0] = 0;
    sums[1] = 1;
    Association fine = test.complete(Copies.of(new GenotypeCounts(50, 0, 0, 100, 3)), sums);
    assertThat(fine.isTested()).isTrue();
    assertThat(fine.logP()).isNegative();
    // An outcome that the variant explains wholly.
    sums[1] = 1e6;
    assertThat(test.complete(Copies.of(new GenotypeCounts(50, 0, 0, 100, 3)), sums).code())
        .isEqualTo("INVALID_RESULT");
  }
}
