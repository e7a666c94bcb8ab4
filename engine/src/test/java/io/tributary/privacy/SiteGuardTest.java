package io.tributary.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tributary.codec.SiteConfigParser;
import io.tributary.codec.StudyParser;
import io.tributary.privacy.Judgement.RuleResult;
import io.tributary.study.ErrorCode;
import io.tributary.study.SitePolicy;
import io.tributary.study.Study;
import io.tributary.study.TributaryException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SiteGuardTest {
  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

  private static final String STUDY =
      """
      study: s
      sites: [a, b, c]
      analyst: ada
      purpose: Registered as 17/2026.
      cohort: {from: lung, where: age >= 40}
      analyses: [{name: n, type: glm, formula: dead ~ sex}]
      """;

  private static final String POLICY =
      """
      policy:
        validUntil: 2026-12-31
        analysts: [ada]
        purposes: [Registered as 17/2026.]
        datasets:
          lung: {columns: {age: [filter, describe], dead: model, sex: [model, group]}}
        analyses:
          glm: {maxRounds: 28}
          crosstab: {maxWays: 2}
          histogram: {maxBins: 40, maxSaturation: 0.2}
      """;

  private static Study study(String yaml) {
    return StudyParser.parse(yaml.getBytes(StandardCharsets.UTF_8), "study.yaml");
  }

  static SitePolicy policy(String yaml) {
    String required =
        """
        site: north
        identity: {key: k}
        consortium: {file: c.yaml, digest: %s}
        exchange: {type: files, path: e}
        state: state
        """
            .formatted("0".repeat(64));
    return SiteConfigParser.parse(
            (required + yaml).getBytes(StandardCharsets.UTF_8), Path.of("/etc/site.yaml"))
        .policy();
  }

  private static Judgement judge(Study study, String signer, SitePolicy policy) {
    return SiteGuard.judge(study, List.of(Demand.ofRounds(27)), signer, policy, NOW);
  }

  private static void refused(Judgement judgement, String problem) {
    TributaryException refused = catchThrowableOfType(TributaryException.class, judgement::require);
    assertThat(refused).isNotNull();
    assertThat(refused.code()).isEqualTo(ErrorCode.POLICY_REFUSED);
    assertThat(refused.code().exitCode()).isEqualTo(3);
    assertThat(refused.problem() + " " + refused.reason()).isEqualTo(problem);
  }

  @Test
  void aStudyWithinThePolicyIsAdmittedByEveryRule() {
    Judgement judgement = judge(study(STUDY), "ada", policy(POLICY));
    assertThat(judgement.refusal()).isEmpty();
    assertThat(judgement.admits()).isTrue();
    assertThat(judgement.results().stream().map(RuleResult::rule))
        .containsExactly(
            "validity",
            "analysts",
            "purposes",
            "datasets",
            "datasets.lung.columns",
            "datasets.lung.columns",
            "datasets.lung.columns",
            "analyses",
            "analyses.glm.maxRounds",
            "analyses.glm.maxSaturation",
            "minContributors",
            "minColluding",
            "minCell",
            "minPersons",
            "maxSaturation");
  }

  /** A study with noise needs a budget that covers it; one of exact sums is not asked. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[{dataset: lung, rho: 1}] | true",
        "[{dataset: lung, rho: 1/10}] | true",
        "[{dataset: lung, rho: 0.099}] | false",
        "[{dataset: other, rho: 1}] | false",
        "[{dataset: lung, analyst: eve, rho: 1}] | false",
        "[{dataset: lung, rho: 1}, {dataset: lung, analyst: ada, rho: 1/20}] | false",
      })
  void aStudyWithNoiseFitsIntoEveryBudgetThatCoversIt(String budgets, boolean admitted) {
    SitePolicy policy = policy(POLICY + "  budgets: " + budgets + "\n");
    Judgement judgement = judge(study(STUDY + "privacy: {rho: 1/10}\n"), "ada", policy);
    assertThat(judgement.admits()).isEqualTo(admitted);
    if (!admitted) {
      TributaryException refused =
          catchThrowableOfType(TributaryException.class, judgement::require);
      assertThat(refused.code()).isEqualTo(ErrorCode.DP_BUDGET_SPENT);
      assertThat(refused.problem()).contains("rho 1/10 of dataset lung");
    }
  }

  @Test
  void aSiteThatAsksForSupportRoundsTakesNothingElseButNoise() {
    SitePolicy policy =
        policy(POLICY + "  supportRound: required\n  budgets: [{dataset: lung, rho: 1}]\n");
    String four = STUDY.replace("[a, b, c]", "[a, b, c, d]") + "minContributors: 4\n";
    refused(
        judge(study(four), "ada", policy),
        "The site's rule 'supportRound' refuses the study: it asks for sums that may hold what one"
            + " site alone fills. The rule allows support rounds, or noise.");
    String supported = four + "release: {supportRound: required}\n";
    assertThat(judge(study(supported), "ada", policy).admits()).isTrue();
    assertThat(judge(study(four + "privacy: {rho: 1/10}\n"), "ada", policy).admits()).isTrue();
    // A site that does not ask for them takes them as well.
    assertThat(judge(study(supported), "ada", policy(POLICY)).admits()).isTrue();
  }

  @Test
  void aSiteThatLimitsSharesTakesStudiesThatDo() {
    SitePolicy policy = policy(POLICY + "  maxShare: 0.5\n  budgets: [{dataset: lung, rho: 1}]\n");
    refused(
        judge(study(STUDY), "ada", policy),
        "The site's rule 'maxShare' refuses the study: it asks for sums of which one person may make"
            + " up 1.0. The rule allows at most 0.5, or sums with noise.");
    assertThat(judge(study(STUDY + "release: {maxShare: 0.5}\n"), "ada", policy).admits()).isTrue();
    assertThat(judge(study(STUDY + "release: {maxShare: 0.6}\n"), "ada", policy).admits())
        .isFalse();
    assertThat(judge(study(STUDY + "privacy: {rho: 1/10}\n"), "ada", policy).admits()).isTrue();
  }

  @Test
  void unsetMeansDeny() {
    Judgement judgement = judge(study(STUDY), "ada", SitePolicy.DENY);
    assertThat(judgement.results().stream().filter(result -> !result.passed()))
        .extracting(RuleResult::rule)
        .containsExactly("analysts", "purposes", "datasets", "analyses");
    refused(
        judgement,
        "The site's rule 'analysts' refuses the study: it asks for the analyst 'ada'. The rule"
            + " allows nothing.");
    assertThat(SitePolicy.DENY.approval()).isEqualTo(SitePolicy.Approval.MANUAL);
  }

  @Test
  void aStrangerMayNotSignInTheAnalystsName() {
    refused(
        judge(study(STUDY), "eve", policy(POLICY)),
        "The site's rule 'analysts' refuses the study: it asks for the analyst 'eve'. The rule"
            + " allows ada.");
    refused(
        judge(study(STUDY.replace("analyst: ada\n", "")), "", policy(POLICY)),
        "The site's rule 'analysts' refuses the study: it asks for the analyst ''. The rule allows"
            + " ada.");
  }

  @ParameterizedTest(name = "{2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          from: lung | from: heart | 'datasets' refuses the study: it asks for the dataset 'heart'. The rule allows lung.
          type: glm | type: gwas | 'analyses' refuses the study: it asks for an analysis of type 'gwas'. The rule allows glm, crosstab, histogram.
          dead ~ sex | dead ~ sex + hiv | 'datasets.lung.columns' refuses the study: it asks for the column 'hiv' to model. The rule allows age, dead, sex.
          dead ~ sex | dead ~ age | 'datasets.lung.columns' refuses the study: it asks for the column 'age' to filter and to model. The rule allows filter, describe.
          where: age >= 40 | where: hiv = 1 | 'datasets.lung.columns' refuses the study: it asks for the column 'hiv' to filter. The rule allows age, dead, sex.
          where: age >= 40 | where: dead = 1 | 'datasets.lung.columns' refuses the study: it asks for the column 'dead' to filter and to model. The rule allows model.
          from: lung | from: lung, derive: {x: hiv + 1} | 'datasets.lung.columns' refuses the study: it asks for the column 'hiv'. The rule allows age, dead, sex.
          from: lung | from: lung, person: sex | 'datasets.lung.columns' refuses the study: it asks for the column 'sex' to name the person and to model. The rule allows group, model.
          as 17 | as 18 | 'purposes' refuses the study: it asks for the purpose 'Registered as 18/2026.'. The rule allows Registered as 17/2026..
          analyst: ada | release: {minCell: 3} | 'minCell' refuses the study: it asks for 3. The rule allows no less than 5.
          analyst: ada | release: {minPersons: 9} | 'minPersons' refuses the study: it asks for 9. The rule allows no less than 10.
          analyst: ada | release: {maxSaturation: 0.5} | 'analyses.glm.maxSaturation' refuses the study: it asks for 0.5 parameters per person. The rule allows at most 0.3333333333333333.
          """)
  void aRefusalNamesTheRuleWhatIsAskedAndWhatIsAllowed(
      String part, String replacement, String message) {
    assertThat(STUDY).contains(part);
    Study asked = study(STUDY.replace(part, replacement));
    refused(judge(asked, "ada", policy(POLICY)), "The site's rule " + message);
  }

  @Test
  void limitsOfAnAnalysisAreJudged() {
    Study study =
        study(
            STUDY.replaceAll(
                "analyses:.*",
                "analyses: [{name: t, type: crosstab, columns: [sex]},"
                    + " {name: h, type: histogram, column: age}]"));
    Judgement judgement =
        SiteGuard.judge(
            study,
            List.of(new Demand(3, 0, 1, false), new Demand(0, 41, 31, false)),
            "ada",
            policy(POLICY),
            NOW);
    assertThat(judgement.results().stream().filter(result -> !result.passed()))
        .containsExactly(
            new RuleResult("analyses.crosstab.maxWays", "t: 3 columns crossed", "at most 2", false),
            new RuleResult("analyses.histogram.maxBins", "h: 41 bins", "at most 40", false),
            new RuleResult("analyses.histogram.maxRounds", "h: 31 rounds", "at most 30", false),
            new RuleResult(
                "analyses.histogram.maxSaturation",
                "0.3333333333333333 parameters per person",
                "at most 0.2",
                false));
  }

  @Test
  void sumsOverAHandfulNeedTheSitesWord() {
    Study study = study(STUDY);
    List<Demand> demands = List.of(new Demand(0, 0, 27, true));
    refused(
        SiteGuard.judge(study, demands, "ada", policy(POLICY), NOW),
        "The site's rule 'analyses.glm.sparse' refuses the study: it asks for n: sums over fewer"
            + " persons than minCell. The rule allows none of them.");
    String allowed = POLICY.replace("maxRounds: 28", "maxRounds: 28, sparse: allow");
    assertThat(SiteGuard.judge(study, demands, "ada", policy(allowed), NOW).admits()).isTrue();
    assertThat(judge(study, "ada", policy(allowed)).results())
        .as("a job that asks for none is not asked about it")
        .noneMatch(result -> result.rule().endsWith("sparse"));
  }

  @Test
  void aPolicyEndsWithItsLastDay() {
    Study study = study(STUDY);
    List<Demand> demands = List.of(Demand.ofRounds(27));
    Instant last = Instant.parse("2026-12-31T23:59:59Z");
    assertThat(SiteGuard.judge(study, demands, "ada", policy(POLICY), last).admits()).isTrue();
    refused(
        SiteGuard.judge(study, demands, "ada", policy(POLICY), last.plusSeconds(1)),
        "The site's rule 'validity' refuses the study: it asks for a use on 2027-01-01T00:00:00Z."
            + " The rule allows until 2026-12-31T23:59:59Z.");
  }

  @Test
  void theStudysStrengthIsJudgedToo() {
    refused(
        judge(study(STUDY), "ada", policy(POLICY + "  minContributors: 4\n")),
        "The site's rule 'minContributors' refuses the study: it asks for 3. The rule allows no"
            + " less than 4.");
  }

  @Test
  void genotypesAreADatasetThatThePolicyHasToList() {
    Study study =
        study(
            STUDY.replace("where: age >= 40", "where: age >= 40, person: pid")
                + "genotypes: {from: array, variants: l, sha256: "
                + "0".repeat(64)
                + ", count: 1, assembly: GRCh38}\n");
    assertThat(SiteGuard.asks(study)).contains("datasets: lung, array");
    String persons = POLICY.replace("{age: ", "{pid: person, age: ");
    refused(
        judge(study, "ada", policy(persons)),
        "The site's rule 'datasets' refuses the study: it asks for the genotypes 'array'."
            + " The rule allows lung.");
    String listed = persons.replace("  analyses:", "    array:\n  analyses:");
    assertThat(judge(study, "ada", policy(listed)).refusal()).isEmpty();
  }

  @Test
  void aJoinedTableIsADatasetOfItsOwn() {
    Study study =
        study(
            STUDY.replace(
                "where: age >= 40",
                "where: age >= 40 and visits.cost > 0, person: pid, join: {visits: {on: {pid: patient}}}"));
    assertThat(SiteGuard.asks(study))
        .contains("datasets: lung, visits", "joined: visits where pid = patient");
    String persons = POLICY.replace("{age: ", "{pid: person, age: ");
    refused(
        judge(study, "ada", policy(persons)),
        "The site's rule 'datasets' refuses the study: it asks for the dataset 'visits'."
            + " The rule allows lung.");
    String some =
        persons.replace("  analyses:", "    visits: {columns: {patient: person}}\n  analyses:");
    refused(
        judge(study, "ada", policy(some)),
        "The site's rule 'datasets.visits.columns' refuses the study: it asks for the column 'cost'"
            + " to filter. The rule allows patient.");
    String all = some.replace("{patient: person}", "{patient: person, cost: filter}");
    assertThat(judge(study, "ada", policy(all)).refusal()).isEmpty();
  }
}
