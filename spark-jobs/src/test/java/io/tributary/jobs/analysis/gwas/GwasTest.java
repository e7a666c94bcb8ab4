package io.tributary.jobs.analysis.gwas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tributary.jobs.analysis.Catalog;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.Sheet;
import io.tributary.jobs.analysis.gwas.GwasState.Iterating;
import io.tributary.jobs.analysis.gwas.GwasState.Scanning;
import io.tributary.jobs.genomics.CallMatrix;
import io.tributary.jobs.genomics.Copies;
import io.tributary.jobs.genomics.GenotypeCounts;
import io.tributary.jobs.genomics.GenotypedSites;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.ResultTable;
import io.tributary.study.Assembly;
import io.tributary.study.ErrorCode;
import io.tributary.study.Study.ReleaseFloor;
import io.tributary.study.TributaryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
        "{name: a, type: gwas, formula: \"y ~ x\", coding: genotypic} | is 'genotypic' | additive, dominant, recessive",
        "{name: a, type: gwas, formula: \"y ~ x\", coding: dominant, genotypes: dosages} | dosages are taken | hardcalls",
        "{name: a, type: gwas, formula: \"y ~ x\", coding: recessive, missing: mean} | means are taken | missing: drop",
        "{name: a, type: gwas, model: logistic, formula: \"y ~ x\", test: wald} | is 'wald' | score, likelihood, trend, allelic",
        "{name: a, type: gwas, model: logistic, formula: \"y ~ x\", test: trend} | the formula has covariates | y ~ 1",
        "{name: a, type: gwas, model: logistic, formula: \"y ~ 1\", test: trend, firth: always} | goes with likelihoods | no firth",
        "{name: a, type: gwas, model: logistic, formula: \"y ~ 1\", test: allelic, pThreshold: 0.1} | goes with likelihoods | no pThreshold",
        "{name: a, type: gwas, model: logistic, formula: \"y ~ 1\", test: trend, genotypes: dosages} | dosages are taken | hardcalls",
        "{name: a, type: gwas, model: logistic, formula: \"y ~ 1\", test: trend, missing: mean} | means are taken | missing: drop",
        "{name: a, type: gwas, model: logistic, formula: \"y ~ 1\", test: allelic, coding: dominant} | coded dominant | coding: additive",
        "{name: a, type: gwas, formula: \"y ~ x\", minCases: 20} | is of logistic models | model: logistic",
        "{name: a, type: gwas, model: logistic, formula: \"y ~ x\", minCases: 9} | is 9 | from 10",
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

  /** Cases, variants that separate them, follow from a covariate, or have no call at cases. */
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
              ill ? "3" : "-3",
              i % 10 < (CALLS.copies()[7][i] < 0 ? 8 : 1) ? "1" : "0"));
    }
    return new Sheet(List.of("IID", "d", "s", "follows", "x", "few", "two", "tells", "gone"), rows);
  }

  private static List<Cell> row(AnalysisReport report, String id) {
    return report.tables().get(0).rows().stream()
        .filter(row -> row.get(2).equals(Cell.of(id)))
        .findFirst()
        .orElseThrow();
  }

  private static String code(AnalysisReport report, String id) {
    return ((Cell.Text) row(report, id).get(report.tables().get(0).column("code"))).value();
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
        {name: tells, type: gwas, model: logistic, formula: "d ~ tells + x"},
        {name: gone, type: gwas, model: logistic, formula: "gone ~ x", pThreshold: 0},
        {name: fitted, type: gwas, model: logistic, formula: "gone ~ x", pThreshold: 1e-9},
        {name: wald, type: gwas, model: logistic, formula: "gone ~ x", test: likelihood}
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
      AnalysisReport gone = sites.report(7);
      assertThat(code(gone, "rs7")).isEqualTo("DIFFERENTIAL_MISSINGNESS");
      assertThat(gone.facts()).containsEntry("differential_missingness", Cell.of(1L));
      assertThat(code(gone, "rs9")).isEqualTo("OK");
      AnalysisReport fitted = sites.report(8);
      assertThat(fitted.facts()).containsEntry("wald_tests", Cell.of(1L));
      assertThat(row(fitted, "rs7")).isEqualTo(row(sites.report(9), "rs7"));
    }
  }

  /**
   * 2,000 of 9,000 persons with a call carry one copy; of 1,000 without, who are the persons of one
   * site, so many are cases. Without covariates the score test among persons with a call is that of
   * Cochran and Armitage.
   */
  private static Association score(int cases, int casesMissing, int casesCarrying) {
    double mu = cases / 10_000.0;
    double w = mu * (1 - mu);
    NullModel model =
        new NullModel(new Moments(10_000, 0, Reals.of(mu), Reals.of(1)), Reals.of(10_000 * w));
    ScoreTest test =
        new ScoreTest(new NullFit(model, Reals.of(Math.log(mu / (1 - mu))), Reals.of(10_000 * w)));
    return test.incomplete(
        new double[] {2000 * w, casesCarrying - 2000 * mu, 2000 * w},
        new double[] {1000 * w, casesMissing - 1000 * mu});
  }

  private static double trend(int cases, int casesCarrying) {
    double mu = cases / 9000.0;
    double u = casesCarrying - 2000 * mu;
    return u * u / (mu * (1 - mu) * (2000 - 2000 * 2000 / 9000.0));
  }

  @Test
  void callsThatAreMissingWithTheOutcomeHaveNoScoreTest() {
    Association random = score(590, 59, 140);
    assertThat(random.statistic() * random.statistic())
        .isCloseTo(trend(590 - 59, 140), within(1e-9));
    Association nearly = score(590, 75, 140);
    assertThat(nearly.statistic() * nearly.statistic() / trend(590 - 75, 140)).isBetween(0.9, 1.1);
    // Half of one site, one in a hundred elsewhere.
    assertThat(score(590, 500, 30).code()).isEqualTo("DIFFERENTIAL_MISSINGNESS");
    assertThat(score(590, 0, 140).code()).isEqualTo("DIFFERENTIAL_MISSINGNESS");
  }

  /**
   * Of 100 cases and 180 controls with calls, and 15 and 5 without: R's {@code
   * prop.trend.test(c(30, 45, 25), c(110, 115, 55), 0:2)}; {@code chisq.test(matrix(c(95, 105, 130,
   * 230), 2), correct = FALSE)}; of persons with an ALT {@code chisq.test(matrix(c(70, 30, 100,
   * 80), 2), correct = FALSE)}.
   */
  @Test
  void testsOfCasesAreThoseOfTheTable() {
    GenotypeCounts counts = new GenotypeCounts(115, 55, 20, 300, 3);
    double share = 115 / 300.0;
    double missing = 15 - 20 * share;
    double residual = 95 - 225 * share;
    Association trend =
        new CaseTest(share, Association.Test.TREND, 2, 47).of(Copies.of(counts), residual, missing);
    assertThat(square(trend)).isCloseTo(6.05648845139292, within(1e-9));
    Association alleles =
        new CaseTest(share, Association.Test.ALLELIC, 2, 0)
            .of(Copies.of(counts), residual, missing);
    assertThat(square(alleles)).isCloseTo(6.93834531048461, within(1e-9));
    assertThat(Math.exp(alleles.logP())).isCloseTo(0.00843671232284016, within(1e-11));
    assertThat(alleles.beta()).isPositive();
    Copies coded = new Copies(new GenotypeCounts(0, 170, 20, 300, 3), 170, 170);
    Association dominant =
        new CaseTest(share, Association.Test.TREND, 1, 30).of(coded, 70 - 170 * share, missing);
    assertThat(square(dominant)).isCloseTo(5.6232917409388, within(1e-9));
    // 95 alleles may be of 48 persons, and are of 47 at least; 30 cases have no ALT.
    for (CaseTest few :
        List.of(
            new CaseTest(share, Association.Test.TREND, 2, 48),
            new CaseTest(share, Association.Test.ALLELIC, 2, 48))) {
      assertThat(few.of(Copies.of(counts), residual, missing).code()).isEqualTo("SUPPRESSED_CASES");
    }
    assertThat(
            new CaseTest(share, Association.Test.TREND, 1, 31)
                .of(coded, 70 - 170 * share, missing)
                .code())
        .isEqualTo("SUPPRESSED_CASES");
    // All persons with a call are controls.
    assertThat(
            new CaseTest(share, Association.Test.TREND, 2, 0)
                .of(Copies.of(counts), -225 * share, 280 * share)
                .code())
        .isEqualTo("INVALID_RESULT");
  }

  private static double square(Association association) {
    return association.statistic() * association.statistic();
  }

  /** Also where calls are missing with the outcome. */
  @Test
  void casesOfAllSitesAreTestedAsOneTable() {
    String all =
        """
        {name: trend, type: gwas, model: logistic, formula: "gone ~ 1", test: trend},
        {name: carriers, type: gwas, model: logistic, formula: "gone ~ 1", test: trend, coding: dominant},
        {name: alleles, type: gwas, model: logistic, formula: "gone ~ 1", test: allelic},
        {name: many, type: gwas, model: logistic, formula: "gone ~ 1", minCases: 150}
        """;
    Sheet cases = cases();
    try (GenotypedSites sites = sites(all.strip().replace("\n", " "))) {
      sites.open(cases, CALLS.write(folder, "calls", true));
      List<String> tests = List.of("TREND", "TREND", "ALLELIC");
      int compared = 0;
      for (int job = 0; job < 3; job++) {
        AnalysisReport report = sites.report(job);
        ResultTable table = report.tables().get(0);
        for (int variant = 0; variant < 12; variant++) {
          List<Cell> row = table.rows().get(variant);
          long[][] persons = new long[2][3];
          for (int i = 0; i < 200; i++) {
            int copies = CALLS.copies()[variant][i];
            if (copies >= 0) {
              int ill = Integer.parseInt(cases.rows().get(i).get(8));
              persons[ill][job == 1 ? Math.min(copies, 1) : copies]++;
            }
          }
          Cell code = row.get(table.column("code"));
          int each = job == 1 ? 1 : 2;
          if (!code.equals(Cell.of("OK"))) {
            assertThat(code.toString())
                .containsPattern(
                    least(persons, each) < 5L * each ? "SUPPRESSED" : "SUPPRESSED_(CARR|MISS)");
            continue;
          }
          compared++;
          assertThat(least(persons, each)).isGreaterThanOrEqualTo(5L * each);
          assertThat(row.get(table.column("test"))).isEqualTo(Cell.of(tests.get(job)));
          double z = ((Cell.Real) row.get(table.column("z_stat"))).value();
          assertThat(z * z).isCloseTo(job == 2 ? alleles(persons) : trend(persons), within(1e-6));
        }
        double ill = cases.rows().stream().filter(row -> row.get(8).equals("1")).count();
        assertThat(((Cell.Real) report.facts().get("effective_persons")).value())
            .isCloseTo(4 * ill * (200 - ill) / 200, within(1e-9));
        double lambda = ((Cell.Real) report.facts().get("lambda_gc")).value();
        assertThat(((Cell.Real) report.facts().get("lambda_1000")).value())
            .isCloseTo(1 + (lambda - 1) * 500 * 200 / (ill * (200 - ill)), within(1e-9));
        assertThat(report.facts()).doesNotContainKey("differential_missingness");
      }
      assertThat(compared).isGreaterThan(20);
      assertThat(sites.report(3).outcome()).isEqualTo("RARE_OUTCOME");
      assertThat(sites.analysis(0).reveals().toString()).contains("copies of its ALT among cases");
      assertThat(sites.analysis(0).demand().rounds()).isEqualTo(5 + NullIteration.MOST);
    }
  }

  /** Copies of an allele, or persons coded, among cases or controls. */
  private static long least(long[][] persons, int each) {
    long least = Long.MAX_VALUE;
    for (long[] genotypes : persons) {
      long copies = genotypes[1] + 2 * genotypes[2];
      long all = each * (genotypes[0] + genotypes[1] + genotypes[2]);
      least = Math.min(least, Math.min(copies, all - copies));
    }
    return least;
  }

  private static double trend(long[][] persons) {
    double n = 0;
    double cases = 0;
    double sum = 0;
    double squares = 0;
    double product = 0;
    for (int copies = 0; copies < 3; copies++) {
      double here = persons[0][copies] + persons[1][copies];
      n += here;
      cases += persons[1][copies];
      sum += copies * here;
      squares += copies * copies * here;
      product += copies * (double) persons[1][copies];
    }
    double r =
        (product - cases * sum / n)
            / Math.sqrt((squares - sum * sum / n) * (cases - cases * cases / n));
    return n * r * r;
  }

  private static double alleles(long[][] persons) {
    double a = persons[1][1] + 2.0 * persons[1][2];
    double b = persons[1][1] + 2.0 * persons[1][0];
    double c = persons[0][1] + 2.0 * persons[0][2];
    double d = persons[0][1] + 2.0 * persons[0][0];
    double cross = a * d - b * c;
    return (a + b + c + d) * cross * cross / ((a + b) * (c + d) * (a + c) * (b + d));
  }

  /** With 25 persons a parameter, of three, variants with fewer carriers are not fitted. */
  @Test
  void parametersAreHeldAgainstAVariantsOwnPersons() {
    String all =
        """
        {name: chosen, type: gwas, model: logistic, formula: "d ~ x", pThreshold: 0.999},
        {name: fits, type: gwas, model: logistic, formula: "d ~ x", test: likelihood}
        """;
    try (GenotypedSites sites =
        sites(all.strip().replace("\n", " ")).released(new ReleaseFloor(5, 10, 1 / 25.0))) {
      sites.open(cases(), CALLS.write(folder, "calls", true));
      ResultTable chosen = sites.report(0).tables().get(0);
      ResultTable fits = sites.report(1).tables().get(0);
      List<String> codes = new ArrayList<>();
      for (int variant = 2; variant < 12; variant++) {
        long het = count(variant, 1);
        long carriers = het + Math.min(count(variant, 0), count(variant, 2));
        Cell code = fits.rows().get(variant).get(fits.column("code"));
        codes.add(((Cell.Text) code).value());
        String otherwise = count(variant, -1) > 0 ? "SUPPRESSED_MISSING" : "OK";
        assertThat(code).isEqualTo(Cell.of(carriers < 75 ? "SUPPRESSED_CARRIERS" : otherwise));
        assertThat(chosen.rows().get(variant).get(chosen.column("code")))
            .isEqualTo(Cell.of(otherwise));
        if (otherwise.equals("OK")) {
          assertThat(chosen.rows().get(variant).get(chosen.column("test")))
              .isEqualTo(Cell.of(carriers < 75 ? "SCORE" : "WALD"));
        }
      }
      assertThat(codes).contains("SUPPRESSED_MISSING", "SUPPRESSED_CARRIERS", "OK");
      assertThat(((GwasAnalysis) sites.analysis(0)).gate(3).leastPersons()).isEqualTo(75);
      assertThat(sites.analysis(0).reveals().toString())
          .contains("at least 75 persons with a call");
    }
  }

  /** Persons without a call are left out in both; estimates are equal to the bit. */
  @ParameterizedTest
  @CsvSource({"dominant, 1, DOM", "recessive, 2, REC"})
  void codedScanIsTheAdditiveOneOfCodedCalls(String coding, int least, String plink) {
    String all =
        """
        {name: linear, type: gwas, formula: "y ~ tiny", coding: %1$s},
        {name: odds, type: gwas, model: logistic, formula: "d ~ tiny", coding: %1$s, pThreshold: 0.5}
        """
            .formatted(coding);
    int[][] coded =
        java.util.Arrays.stream(CALLS.copies())
            .map(of -> IntStream.of(of).map(c -> c < 0 ? -1 : c >= least ? 1 : 0).toArray())
            .toArray(int[][]::new);
    CallMatrix other =
        new CallMatrix(CALLS.families(), CALLS.individuals(), CALLS.variants(), coded);
    Sheet cases = sheet().with("d", row -> row.get("IID").hashCode() % 3 == 0 ? "1" : "0");
    try (GenotypedSites sites = sites(all.strip().replace("\n", " "));
        GenotypedSites additive =
            sites(all.strip().replace("\n", " ").replace("coding: " + coding, "absent: refuse"))) {
      sites.open(cases, CALLS.write(folder, "calls", true));
      additive.open(cases, other.write(folder, "coded", false));
      int compared = 0;
      for (int job = 0; job < 2; job++) {
        AnalysisReport report = sites.report(job);
        ResultTable here = report.tables().get(0);
        ResultTable there = additive.report(job).tables().get(0);
        assertThat(report.facts()).containsEntry("coding", Cell.of(coding));
        for (int variant = 0; variant < 12; variant++) {
          List<Cell> row = here.rows().get(variant);
          List<Cell> expected = there.rows().get(variant);
          long with = IntStream.of(coded[variant]).filter(c -> c == 1).count();
          long without = IntStream.of(coded[variant]).filter(c -> c == 0).count();
          if (Math.min(with, without) < 20) {
            assertThat(row.get(here.column("code"))).isEqualTo(Cell.of("SUPPRESSED_CARRIERS"));
          } else if (expected.get(here.column("code")).equals(Cell.of("OK"))) {
            compared++;
            assertThat(row.subList(7, row.size())).isEqualTo(expected.subList(7, row.size()));
            long alleles = count(variant, 1) + 2 * count(variant, 2);
            double called = 200.0 - count(variant, -1);
            // One person has no trait, and is in the other model only.
            if (job == 1) {
              assertThat(row.get(here.column("alt_freq")))
                  .isEqualTo(Cell.of(alleles / (2 * called)));
            }
          }
        }
      }
      assertThat(compared).isGreaterThan(8);
      assertThat(sites.analysis(0).reveals().get(2)).contains("coded 1");
      assertThat(((GwasAnalysis) sites.analysis(0)).calls().coding().plink()).isEqualTo(plink);
    }
  }

  private static long count(int variant, int copies) {
    return IntStream.of(CALLS.copies()[variant]).filter(here -> here == copies).count();
  }

  private GenotypedSites manyLevels(int levels, String options) {
    String names =
        IntStream.range(0, levels).mapToObj(level -> "l" + level).collect(Collectors.joining(", "));
    return GenotypedSites.of(
        folder,
        CALLS,
        Assembly.GRCH38,
        "{many: {levels: [" + names + "]}}",
        "[{name: a, type: gwas, model: logistic, formula: \"y ~ many\"" + options + "}]");
  }

  /** Third moments of 182 parameters fit a sum, those of 183 do not. */
  @Test
  void penaltyOfTooManyParametersIsRefused() {
    GenotypedSites refused = manyLevels(182, "");
    assertThatThrownBy(() -> refused.analysis(0))
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.STUDY_INVALID);
              assertThat(e.problem()).contains("'firth' is 'fallback', of 183 parameters");
              assertThat(e.remedy()).contains("firth: never");
            });
    int common = 5 + NullIteration.MOST;
    assertThat(manyLevels(181, "").analysis(0).demand().rounds()).isEqualTo(30);
    assertThat(manyLevels(182, ", pThreshold: 0").analysis(0).demand().rounds()).isEqualTo(common);
    assertThat(manyLevels(182, ", firth: never").analysis(0).demand().rounds())
        .isEqualTo(common + LikelihoodScan.MOST);
  }

  private static BitSet variants(int... variants) {
    BitSet set = new BitSet();
    IntStream.of(variants).forEach(set::set);
    return set;
  }

  /** A coordinator that asks for sums which the options do not lead to. */
  @Test
  void statesOfOtherOptionsAreRefused() {
    String logistic = ", type: gwas, model: logistic, formula: \"y ~ x\"";
    GenotypedSites sites =
        sites(
            String.join(
                ", ",
                "{name: score" + logistic + ", pThreshold: 0}",
                "{name: hybrid" + logistic + "}",
                "{name: never" + logistic + ", test: likelihood, firth: never}",
                "{name: always" + logistic + ", test: likelihood, firth: always}",
                "{name: mean" + logistic + ", missing: mean}"));
    NullModel model =
        new NullModel(
            new Moments(100, 0, Reals.of(0, 0), Reals.of(100, 100)), Reals.of(100, 0, 100));
    NullFit fit = new NullFit(model, Reals.of(0, 0), Reals.of(25, 0, 25));
    Means means = new Means(variants(1), Reals.of(0.5));
    Map<GwasState, List<Integer>> takenBy = new LinkedHashMap<>();
    takenBy.put(scanning(fit, Means.NONE), List.of(0, 1));
    takenBy.put(scanning(fit, Means.NONE, 0, 1), List.of(1));
    takenBy.put(scanning(fit, Means.NONE, 0, 2), List.of());
    takenBy.put(scanning(fit, means), List.of(4));
    takenBy.put(Iterating.start(fit, false, variants(0, 1), Means.NONE), List.of(1, 2, 4));
    takenBy.put(Iterating.start(fit, true, variants(0, 1), Means.NONE), List.of(1, 3, 4));
    takenBy.put(Iterating.start(fit, false, variants(0, 1), means), List.of(4));
    takenBy.forEach(
        (state, takers) -> {
          byte[] bytes = GwasCodec.encode(state);
          for (int job = 0; job < 5; job++) {
            GwasAnalysis analysis = (GwasAnalysis) sites.analysis(job);
            if (takers.contains(job)) {
              assertThat(analysis.decode(bytes)).isEqualTo(state);
              continue;
            }
            assertThatThrownBy(() -> analysis.decode(bytes))
                .as("%s of analysis %d", state, job)
                .isInstanceOfSatisfying(
                    TributaryException.class,
                    e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_MESSAGE));
          }
        });
  }

  private static Scanning scanning(NullFit fit, Means means, int... chosen) {
    return new Scanning(fit, variants(0), variants(1), false, variants(chosen), means);
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
