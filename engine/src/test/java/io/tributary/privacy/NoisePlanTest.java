package io.tributary.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.codec.FixedPoint;
import io.tributary.privacy.NoisePlan.SlotNoise;
import io.tributary.study.Rho;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A step with a histogram of 20 bins and a sum, over five sites of which m_h = 3 are sure. */
final class NoisePlanTest {
  private static final int SITES = 5;
  private static final int HONEST = 3;
  private static final int BINS = 20;

  private static NoisePlan plan(Rho each) {
    return new NoisePlan(
        List.of(
            NoisePlan.slot("bins", 1, BINS, each, HONEST),
            NoisePlan.slot("sum", 120, 1, each, HONEST)),
        HONEST);
  }

  @Test
  void theStepCostsWhatItsSlotsCost() {
    assertThat(plan(Rho.of(1, 20)).cost()).isEqualTo(Rho.of(1, 10));
  }

  /**
   * Sums of noised parts of five sites, as masked words add up, keep to bounds and to the error.
   */
  @Test
  void noisedSumsLieWithinTheStatedError() {
    NoisePlan plan = plan(Rho.of(1, 20));
    Layout layout = plan.layout(SITES, "person", 100_000);
    SplittableRandom random = new SplittableRandom(21);
    long person = 1L << layout.slots().get(0).scaleBits();
    double squares = 0;
    int trials = 100;
    for (int trial = 0; trial < trials; trial++) {
      List<Partial> partials = new ArrayList<>();
      for (int site = 0; site < SITES; site++) {
        long[] words = new long[layout.words(0)];
        for (int bin = 0; bin < BINS; bin++) {
          words[bin] = 40 * person;
        }
        plan.addTo(layout, words, random::nextLong);
        partials.add(Partial.of(layout, words));
      }
      for (double bin : FixedPoint.sumInTheClear(layout, partials).values("bins")) {
        squares += (bin - 200) * (bin - 200);
      }
    }
    double sd = plan.standardDeviation("bins", SITES);
    // 2000 values: five standard errors of a variance are 16 percent.
    assertThat(squares / (trials * BINS) / (sd * sd)).isBetween(0.84, 1.16);
    assertThat(sd).isEqualTo(Math.sqrt(10.0 * SITES / HONEST), within(0.02));
  }

  @Test
  void aSlotWithoutNoiseIsRefused() {
    NoisePlan plan = plan(Rho.of(1, 20));
    Layout more =
        Layout.of(SITES)
            .add(plan.layout(SITES, "person", 1000).slots().get(0))
            .add(plan.layout(SITES, "person", 1000).slots().get(1))
            .count("bare", 1, "person", 1, 1000)
            .build();
    assertThatThrownBy(() -> plan.addTo(more, new long[more.words(0)], () -> 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void everythingThatMattersChangesTheHash() {
    SlotNoise bins = NoisePlan.slot("bins", 1, BINS, Rho.of(1, 20), HONEST);
    SlotNoise dearer = new SlotNoise("bins", bins.clip(), Rho.of(1, 21));
    SlotNoise renamed = new SlotNoise("cells", bins.clip(), Rho.of(1, 20));
    PersonClip wider = new PersonClip(2, bins.clip().scaleBits(), BINS);
    SlotNoise other = new SlotNoise("bins", wider, Rho.of(1, 20));
    assertThat(
            List.of(
                new NoisePlan(List.of(bins), HONEST).digest(),
                new NoisePlan(List.of(bins), 2).digest(),
                new NoisePlan(List.of(dearer), HONEST).digest(),
                new NoisePlan(List.of(renamed), HONEST).digest(),
                new NoisePlan(List.of(other), HONEST).digest()))
        .doesNotHaveDuplicates();
    assertThat(new NoisePlan(List.of(bins), HONEST).digest())
        .isEqualTo(
            new NoisePlan(List.of(NoisePlan.slot("bins", 1, BINS, Rho.of(1, 20), HONEST)), HONEST)
                .digest());
  }

  /** The tables of PRIVACY.md are what the classes compute. */
  @Test
  void theDocumentsTableIsComputed() throws Exception {
    String document = Files.readString(Path.of("docs", "PRIVACY.md"), StandardCharsets.UTF_8);
    for (Rho rho : List.of(Rho.of(1, 100), Rho.of(1, 10), Rho.of(1, 2), Rho.of(1, 1))) {
      NoisePlan plan = new NoisePlan(List.of(NoisePlan.slot("n", 1, 1, rho, HONEST)), HONEST);
      NoisePlan sum = new NoisePlan(List.of(NoisePlan.slot("age", 120, 1, rho, HONEST)), HONEST);
      String row =
          String.format(
              Locale.ROOT,
              "| %s | %.2f | %.2f | %.2f | %.2f | %.0f |",
              rho,
              ZeroConcentrated.epsilon(rho, 1e-6),
              ZeroConcentrated.aboutEpsilon(rho, 1e-6),
              plan.standardDeviation("n", HONEST),
              plan.standardDeviation("n", SITES),
              sum.standardDeviation("age", SITES));
      assertThat(document).contains(row);
    }
  }
}
