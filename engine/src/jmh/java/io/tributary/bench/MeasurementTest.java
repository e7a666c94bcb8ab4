package io.tributary.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What scripts/bench prints, and how it ends. */
class MeasurementTest {
  @Test
  void aLineHoldsEveryFieldAndWhetherTheGoalIsMet() {
    assertThat(
            Measurement.of("masks/narrow", "peers=16", 4.5, "GB/s")
                .against(5)
                .goal(new Measurement.Goal.RatioAtLeast(0.6))
                .json())
        .isEqualTo(
            "{\"name\":\"masks/narrow\",\"size\":\"peers=16\",\"value\":4.5,\"unit\":\"GB/s\","
                + "\"ratio\":0.9,\"baseline\":5.0,\"goal\":\"ratio >= 0.6\",\"met\":true}");
    assertThat(Measurement.of("x", "", 123.456, "s").json())
        .contains("\"value\":123.5")
        .endsWith("\"goal\":null,\"met\":null}");
  }

  @Test
  void goalsAreComparedTheRightWayRound() {
    Measurement two = Measurement.of("x", "", 2, "s").against(4);
    assertThat(two.goal(new Measurement.Goal.ValueAtMost(1.9)).met()).isFalse();
    assertThat(two.goal(new Measurement.Goal.ValueAtLeast(1.9)).met()).isTrue();
    assertThat(two.goal(new Measurement.Goal.RatioAtMost(0.5)).met()).isTrue();
    assertThat(two.goal(new Measurement.Goal.RatioAtLeast(0.6)).met()).isFalse();
  }

  @Test
  void theExitCodeTellsAMissedGoalFromAFailureAndAWrongName() {
    assertThat(run(out -> out.accept(Measurement.of("x", "", 1, "s")))).isZero();
    assertThat(
            run(
                out ->
                    out.accept(
                        Measurement.of("x", "", 1, "s")
                            .goal(new Measurement.Goal.ValueAtMost(0.5)))))
        .isEqualTo(1);
    assertThat(
            run(
                out -> {
                  throw new IllegalStateException("wrong sum");
                }))
        .isEqualTo(3);
    assertThat(BenchRun.run(List.of(), List.of("nothing"), quiet())).isEqualTo(2);
  }

  private static int run(Consumer<Consumer<Measurement>> work) {
    Bench bench =
        new Bench() {
          @Override
          public String name() {
            return "one";
          }

          @Override
          public String about() {
            return "for this test";
          }

          @Override
          public void run(Consumer<Measurement> out) {
            work.accept(out);
          }
        };
    return BenchRun.run(List.of(bench), List.of("one"), quiet());
  }

  private static PrintStream quiet() {
    return new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8);
  }
}
