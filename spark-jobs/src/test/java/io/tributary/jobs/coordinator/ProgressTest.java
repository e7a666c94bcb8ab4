package io.tributary.jobs.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.codec.StudyParser;
import io.tributary.exchange.CoordinatorListener.RoundTaken;
import io.tributary.protocol.AttemptId;
import io.tributary.study.SiteId;
import io.tributary.study.Study;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private static final Study STUDY =
      StudyParser.parse(
          """
          study: two
          sites: [a, b, c]
          cohort: {from: table}
          columns: {sex: {levels: [f, m]}}
          analyses:
            - {name: table, type: crosstab, columns: [sex]}
            - {name: model, type: glm, formula: "y ~ x", maxSteps: 20}
          """
              .getBytes(StandardCharsets.UTF_8),
          "study.yaml");

  @Test
  void timeLeftIsThatOfTheSumsToComeUpToTheLimitOfSteps() {
    Progress before = Progress.of(STUDY);
    assertThat(before.secondsLeft()).isEmpty();
    assertThat(before.bytes()).isZero();

    // One sum of the table; the model has two before its steps.
    Progress table = before.after(round(0, 0, 2, 4));
    assertThat(table.secondsLeft()).hasValue(2 * 22);
    assertThat(table.bytes()).isEqualTo(3 * 4 * 8);

    Progress model = table.after(round(1, 0, 4, 10));
    assertThat(model.secondsLeft()).hasValue(3 * 21);
    assertThat(model.bytes()).isEqualTo(3 * (4 + 10) * 8);

    assertThat(model.after(round(1, 21, 3, 1)).secondsLeft()).hasValue(0);
  }

  private static RoundTaken round(int job, int step, int seconds, long words) {
    return new RoundTaken(
        new AttemptId(1, job, step, 0),
        Instant.EPOCH,
        Duration.ofSeconds(seconds),
        Set.of(new SiteId("a"), new SiteId("b"), new SiteId("c")),
        Set.of(),
        Set.of(),
        words);
  }
}
