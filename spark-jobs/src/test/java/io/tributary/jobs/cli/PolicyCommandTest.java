package io.tributary.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.jobs.Outcome;
import io.tributary.study.ErrorCode;
import io.tributary.study.SitePolicy;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a policy says of a study before anybody is asked: at the site and at the analyst's desk. */
class PolicyCommandTest {
  private static final String SITE =
      """
      site: north
      identity: {key: k}
      consortium: {file: c.yaml, digest: %s}
      exchange: {type: files, path: e}
      state: state
      catalog: {lung: {format: csv, path: lung.csv}}
      policy:
        analysts: [ada]
        purposes: all
        datasets: {lung: {columns: {age: [describe], sex: [group]}}}
        analyses: {summary: {maxWays: 1}}
        minCell: 7
        contributorScope: study
        ownTotalsMayBeInferred: true
      """
          .formatted("0".repeat(64));

  private static final String STUDY =
      """
      study: ages
      sites: [a, b, c]
      analyst: ada
      release: {minCell: 7}
      cohort: {from: lung}
      columns:
        age: {range: [0, 120]}
        sex: {levels: [1, 2]}
      analyses: [{name: t, type: summary, columns: [age], by: [sex]}]
      """;

  @TempDir private Path folder;

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  @Test
  void aStudyThatThePolicyAllowsIsExplainedRuleByRule() throws IOException {
    Outcome explained =
        Outcome.of(
                "policy", "explain", "--config", file("site.yaml", SITE), file("study.yaml", STUDY))
            .done();
    assertThat(explained.out())
        .contains("asks for the column 'age' to describe; allows describe")
        .contains("asks for the column 'sex' to group; allows group")
        .contains("asks for t: 1 columns crossed; allows at most 1")
        .contains("asks for the dataset 'lung'; allows lung")
        .containsPattern("site north admits study ages: all \\d+ rules pass; approval: manual")
        .doesNotContain("REFUSES");
  }

  @Test
  void theAnalystSeesTheSameAfterWhatTheStudyReveals() throws IOException {
    String site = file("site.yaml", SITE);
    String asks = file("study.yaml", STUDY.replace("minCell: 7", "minCell: 5"));
    Outcome checked = Outcome.of("study", "check", "--against", site, asks);
    // All but its first rule, which tells the time.
    String judgement =
        Outcome.of("policy", "explain", "--config", site, asks)
            .out()
            .lines()
            .skip(1)
            .collect(Collectors.joining("\n", "", "\n"));
    assertThat(checked.exit()).isEqualTo(ErrorCode.POLICY_REFUSED.exitCode());
    assertThat(checked.out())
        .contains("the coordinator learns:")
        .endsWith(judgement)
        .containsPattern("REFUSES minCell +asks for 5; allows no less than 7")
        .containsPattern("site north refuses study ages: 1 of \\d+ rules refuse");
  }

  @Test
  void columnsThatASummaryCrossesHaveALimitToo() throws IOException {
    String two =
        STUDY
            .replace("by: [sex]", "by: [sex, arm]")
            .replace("analyses:", "  arm: {levels: [1, 2]}\nanalyses:");
    Outcome explained =
        Outcome.of(
            "policy",
            "explain",
            "--json",
            "--config",
            file("site.yaml", SITE),
            file("s.yaml", two));
    assertThat(explained.exit()).isEqualTo(ErrorCode.POLICY_REFUSED.exitCode());
    assertThat(explained.out())
        .contains("\"passed\":false,\"rule\":\"analyses.summary.maxWays\"")
        .contains("\"admitted\":false");
  }

  @Test
  void genotypesAndTheirListHaveToBeThere() throws IOException {
    String study =
        STUDY
            .replace(
                "analyst: ada",
                "analyst: ada\ngenotypes: {from: array, variants: panel, sha256: "
                    + "0".repeat(64)
                    + ", count: 10, assembly: GRCh38}")
            .replace("cohort: {from: lung}", "cohort: {from: lung, person: id}")
            .replace("  age:", "  id: {type: text}\n  age:");
    Outcome explained =
        Outcome.of(
            "policy", "explain", "--config", file("site.yaml", SITE), file("study.yaml", study));
    assertThat(explained.out())
        .containsPattern("REFUSES catalog +asks for the dataset 'array'; allows lung")
        .containsPattern("REFUSES references +asks for the list 'panel'; allows nothing");
  }

  @Test
  void showNamesEveryRuleOfAPolicy() throws IOException {
    List<String> rules =
        Arrays.stream(SitePolicy.class.getRecordComponents())
            .map(RecordComponent::getName)
            .toList();
    String shown =
        Outcome.of(
                "policy",
                "show",
                "--config",
                file("site.yaml", SITE + "  budgets: [{dataset: lung, rho: 1/2}]\n"))
            .done()
            .out();
    for (String rule : rules) {
      assertThat(shown).containsPattern("(?m)^" + rule + "\\b");
    }
    assertThat(shown)
        .containsPattern("minCell +7")
        .containsPattern("contributorScope +study")
        .containsPattern("ownTotalsMayBeInferred +true")
        .containsPattern("budgets lung +rho 1/2")
        .contains("age: describe; sex: group")
        .contains("1 columns crossed, 100 bins, 30 rounds");
  }

  @Test
  void aTypeOfAnalysisThatThereIsNotIsNoRule() throws IOException {
    Outcome.of("policy", "show", "--config", file("site.yaml", SITE.replace("summary:", "summry:")))
        .refused(ErrorCode.CONFIG_INVALID, "'summry' is no type of analysis", "crosstab");
  }

  @Test
  void versionNamesWhatRunsHere() {
    String plain = Outcome.of("version").done().out();
    String json = Outcome.of("version", "--json").done().out();
    for (String name : List.of("tributary", "jar", "protocol", "spark", "arrow", "java")) {
      assertThat(plain).containsPattern("(?m)^" + name + " \\S");
      assertThat(json).contains("\"" + name + "\":\"");
    }
  }
}
