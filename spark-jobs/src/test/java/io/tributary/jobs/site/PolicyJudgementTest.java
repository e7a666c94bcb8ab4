package io.tributary.jobs.site;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.codec.SiteConfigParser;
import io.tributary.codec.StudyParser;
import io.tributary.privacy.Judgement;
import io.tributary.privacy.Judgement.RuleResult;
import io.tributary.study.SiteConfig;
import io.tributary.study.Study;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class PolicyJudgementTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-24T12:00:00Z"), ZoneOffset.UTC);

  private static final Study STUDY =
      StudyParser.parse(
          """
          study: s
          sites: [a, b, c]
          analyst: ada
          cohort: {from: lung}
          columns: {age: {range: [0, 120]}}
          analyses: [{name: t, type: summary, columns: [age]}]
          """
              .getBytes(StandardCharsets.UTF_8),
          "study.yaml");

  private static SiteConfig site(String dataset, String approval) {
    String yaml =
        """
        site: north
        identity: {key: k}
        consortium: {file: c.yaml, digest: %s}
        exchange: {type: files, path: e}
        state: state
        catalog: {%s: {format: csv, path: lung.csv}}
        policy: {datasets: [all], columns: [all], analyses: [all], analysts: [all], purposes: all%s}
        """
            .formatted("0".repeat(64), dataset, approval);
    return SiteConfigParser.parse(
        yaml.getBytes(StandardCharsets.UTF_8), Path.of("/etc/tributary/site.yaml"));
  }

  private static Judgement judge(SiteConfig site) {
    return PolicyJudgement.of(STUDY, "ada", site, CLOCK);
  }

  @Test
  void rulesDecideAloneWhereThePolicySaysSo() {
    assertThat(judge(site("lung", ", approval: rules")).admits()).isTrue();
  }

  @Test
  void aDatasetThatTheSiteDoesNotHaveIsRefused() {
    assertThat(
            judge(site("heart", ", approval: rules")).results().stream()
                .filter(result -> !result.passed()))
        .extracting(RuleResult::rule)
        .containsExactly("catalog");
  }
}
