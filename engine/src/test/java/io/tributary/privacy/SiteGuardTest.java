package io.tributary.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tributary.codec.StudyParser;
import io.tributary.study.ErrorCode;
import io.tributary.study.SitePolicy;
import io.tributary.study.SitePolicy.Allowed;
import io.tributary.study.SitePolicy.ContributorScope;
import io.tributary.study.Study;
import io.tributary.study.TributaryException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SiteGuardTest {
  private static final String STUDY =
      """
      study: s
      sites: [a, b, c]
      analyst: ada
      cohort: {from: lung, where: age >= 40}
      analyses: [{name: n, type: glm, formula: dead ~ sex}]
      """;

  private static final SitePolicy POLICY =
      new SitePolicy(
          Allowed.of("lung"),
          Allowed.of("age", "dead", "sex"),
          Allowed.of("glm"),
          Allowed.of("ada"),
          3,
          1,
          5,
          10,
          1.0 / 3.0,
          ContributorScope.POPULATION,
          false);

  private static Study study(String yaml) {
    return StudyParser.parse(yaml.getBytes(StandardCharsets.UTF_8), "study.yaml");
  }

  private static void refused(Study study, String signer, SitePolicy policy, String problem) {
    TributaryException refused =
        catchThrowableOfType(
            TributaryException.class, () -> SiteGuard.admit(study, signer, policy));
    assertThat(refused).isNotNull();
    assertThat(refused.code()).isEqualTo(ErrorCode.POLICY_REFUSED);
    assertThat(refused.code().exitCode()).isEqualTo(3);
    assertThat(refused.problem() + " " + refused.reason()).isEqualTo(problem);
  }

  @Test
  void aStudyWithinThePolicyIsAdmitted() {
    assertThatCode(() -> SiteGuard.admit(study(STUDY), "ada", POLICY)).doesNotThrowAnyException();
    assertThatCode(() -> SiteGuard.admit(study(STUDY), POLICY)).doesNotThrowAnyException();
  }

  @Test
  void unsetMeansDeny() {
    refused(
        study(STUDY),
        "ada",
        SitePolicy.DENY,
        "The site's rule 'analysts' refuses the study: it asks for the analyst 'ada'. The rule"
            + " allows nothing.");
  }

  @Test
  void aStrangerMayNotSignInTheAnalystsName() {
    refused(
        study(STUDY),
        "eve",
        POLICY,
        "The site's rule 'analysts' refuses the study: it asks for the analyst 'eve'. The rule"
            + " allows ada.");
    refused(
        study(STUDY.replace("analyst: ada\n", "")),
        "",
        POLICY,
        "The site's rule 'analysts' refuses the study: it asks for the analyst ''. The rule allows"
            + " ada.");
  }

  @ParameterizedTest(name = "{2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          from: lung | from: heart | 'datasets' refuses the study: it asks for the dataset 'heart'. The rule allows lung.
          type: glm | type: gwas | 'analyses' refuses the study: it asks for an analysis of type 'gwas'. The rule allows glm.
          dead ~ sex | dead ~ sex + hiv | 'columns' refuses the study: it asks for the column 'hiv'. The rule allows age, dead, sex.
          where: age >= 40 | where: hiv = 1 | 'columns' refuses the study: it asks for the column 'hiv'. The rule allows age, dead, sex.
          from: lung | from: lung, derive: {x: hiv + 1} | 'columns' refuses the study: it asks for the column 'hiv'. The rule allows age, dead, sex.
          from: lung | from: lung, person: ssn | 'columns' refuses the study: it asks for the column 'ssn'. The rule allows age, dead, sex.
          analyst: ada | release: {minCell: 3} | 'minCell' refuses the study: it asks for 3. The rule allows no less than 5.
          analyst: ada | release: {minPersons: 9} | 'minPersons' refuses the study: it asks for 9. The rule allows no less than 10.
          analyst: ada | release: {maxSaturation: 0.5} | 'maxSaturation' refuses the study: it asks for a saturation of up to 0.5. The rule allows at most 0.3333333333333333.
          """)
  void aRefusalNamesTheRuleWhatIsAskedAndWhatIsAllowed(
      String part, String replacement, String message) {
    assertThat(STUDY).contains(part);
    refused(study(STUDY.replace(part, replacement)), "ada", POLICY, "The site's rule " + message);
  }

  @Test
  void theStudysStrengthIsJudgedToo() {
    SitePolicy strict =
        new SitePolicy(
            Allowed.ALL,
            Allowed.ALL,
            Allowed.ALL,
            Allowed.ALL,
            4,
            2,
            5,
            10,
            0.2,
            ContributorScope.POPULATION,
            false);
    refused(
        study(STUDY),
        "ada",
        strict,
        "The site's rule 'minContributors' refuses the study: it asks for 3. The rule allows no"
            + " less than 4.");
  }
}
