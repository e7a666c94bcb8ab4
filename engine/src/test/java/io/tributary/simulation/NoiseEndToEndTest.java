package io.tributary.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.codec.Digest;
import io.tributary.exchange.Exchange;
import io.tributary.protocol.Message;
import io.tributary.protocol.SignedObject;
import io.tributary.study.ErrorCode;
import io.tributary.study.Rho;
import io.tributary.study.SiteId;
import io.tributary.study.Study;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Noise through the whole protocol, from a site's part to the opened sum (PROTOCOL.md 3.1). */
class NoiseEndToEndTest {
  private static final Rho RHO = Rho.of(1, 2);
  private static final int COUNTS = 1000;
  private static final int PERSONS = 40;

  private static Study noised(Study study) {
    return new Study(
        study.name(),
        study.sites(),
        study.minContributors(),
        study.colluding(),
        study.shape(),
        study.analyst(),
        study.purpose(),
        study.validUntil(),
        study.cohort(),
        study.columns(),
        study.analyses(),
        study.release(),
        Optional.of(Study.Privacy.of(Rho.of(1000, 1), 1)));
  }

  private static Map<SiteId, long[]> data(int sites, long more) {
    Map<SiteId, long[]> data = new TreeMap<>();
    for (int site = 0; site < sites; site++) {
      long[] counts = new long[COUNTS];
      Arrays.fill(counts, PERSONS + (site == 0 ? more : 0));
      data.put(Federation.id(site), counts);
    }
    return data;
  }

  private static Federation.Run run(
      Federation federation, NoisedSums program, Map<SiteId, long[]> data) {
    Study study = noised(federation.study("noise", data.size(), Optional.empty(), 3, 1));
    return federation.run(study, List.of(program), data);
  }

  @SuppressWarnings("unchecked")
  private static List<double[]> sums(Federation.Run run) {
    assertThat(run.refused).isEmpty();
    assertThat(run.declined).isEmpty();
    return (List<double[]>) run.coordinator().results().get(0);
  }

  /** The noised counts of all steps, less what is true. */
  private static double[] noise(int sites, int steps, Rho rho, long seed, long more) {
    try (Federation federation = new Federation(sites, seed)) {
      Federation.Run run =
          run(federation, new NoisedSums(sites, COUNTS, steps, rho, 2), data(sites, more));
      run.startAll();
      run.finish();
      return flat(sums(run), (double) sites * PERSONS);
    }
  }

  private static double[] flat(List<double[]> sums, double truth) {
    return sums.stream().flatMapToDouble(Arrays::stream).map(value -> value - truth).toArray();
  }

  /** sd of one count's noise if {@code sites} are in the sum, by the formula alone. */
  private static double sd(int sites, Rho rho) {
    return Math.sqrt(sites / (2 * rho.ceiling() * 2));
  }

  private static boolean hasVariance(double[] noise, double sd) {
    double squares = Arrays.stream(noise).map(value -> value * value).sum() / noise.length;
    // The variance of a Gaussian's sample variance is 2 sigma^4 / n.
    double five = 5 * Math.sqrt(2.0 / noise.length);
    return Math.abs(squares / (sd * sd) - 1) < five;
  }

  @Test
  void openedSumsCarryTheNoiseOfAllContributors() {
    double[] noise = noise(4, 3, RHO, 71, 0);
    assertThat(hasVariance(noise, sd(4, RHO))).isTrue();
    double mean = Arrays.stream(noise).average().orElseThrow();
    assertThat(Math.abs(mean)).isLessThan(5 * sd(4, RHO) / Math.sqrt(noise.length));
    // Another step, another randomness.
    assertThat(Arrays.copyOf(noise, COUNTS))
        .isNotEqualTo(Arrays.copyOfRange(noise, COUNTS, 2 * COUNTS));
  }

  @Test
  void theTestOfVarianceFailsOnHalfTheNoise() {
    assertThat(hasVariance(noise(4, 3, RHO.times(2), 72, 0), sd(4, RHO))).isFalse();
  }

  /**
   * Two runs that differ by one person in every count. An observer who says "more" above the middle
   * is right as often as the claim allows, at most: a Gaussian mechanism with distance mu between
   * neighbours bounds the two error rates by Phi (Dong, Roth and Su 2022, theorem 2.7).
   */
  private static double leastDistance(Rho rho, long seed) {
    double[] without = noise(3, 4, rho, seed, 0);
    double[] with = noise(3, 4, rho, seed + 1, 1);
    double n = without.length;
    double detected = Arrays.stream(with).filter(value -> value > 0.5).count() / n;
    double mistaken = Arrays.stream(without).filter(value -> value > 0.5).count() / n;
    double error = 4 * Math.sqrt(0.25 / n);
    return quantile(detected - error) - quantile(mistaken + error);
  }

  /** Standard normal quantile by bisection on a numeric integral. */
  private static double quantile(double p) {
    double low = -6;
    double high = 6;
    for (int i = 0; i < 60; i++) {
      double middle = (low + high) / 2;
      if (below(middle) < p) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static double below(double x) {
    int steps = 2000;
    double width = (x + 8) / steps;
    double sum = 0;
    for (int i = 0; i < steps; i++) {
      double t = -8 + (i + 0.5) * width;
      sum += Math.exp(-t * t / 2);
    }
    return sum * width / Math.sqrt(2 * Math.PI);
  }

  /** With all three sites in the sum the distance is sqrt(2 rho) sqrt(m_h / 3). */
  @Test
  void neighboursCannotBeToldApartBetterThanClaimed() {
    double claimed = Math.sqrt(2 * RHO.ceiling()) * Math.sqrt(2 / 3.0);
    assertThat(leastDistance(RHO, 73)).isBetween(0.5 * claimed, claimed);
  }

  @Test
  void theAuditCatchesHalfTheNoise() {
    double claimed = Math.sqrt(2 * RHO.ceiling()) * Math.sqrt(2 / 3.0);
    assertThat(leastDistance(RHO.times(2), 75)).isGreaterThan(claimed);
  }

  @Test
  void whoDropsOutDoesNotLowerTheNoiseBelowTheGuarantee() {
    try (Federation federation = new Federation(5, 77)) {
      NoisedSums program = new NoisedSums(5, COUNTS, 1, RHO, 2);
      Federation.Run run = run(federation, program, data(5, 0));
      for (int site = 0; site < 4; site++) {
        run.start(Federation.id(site));
      }
      run.finish();
      double[] noise = flat(sums(run), 4.0 * PERSONS);
      assertThat(hasVariance(noise, sd(4, RHO))).isTrue();
      // m_h = 2 shares are the guarantee; one of the four may be the coordinator's.
      assertThat(sd(3, RHO)).isGreaterThanOrEqualTo(sd(2, RHO));
      assertThat(hasVariance(noise, sd(2, RHO))).isFalse();
    }
  }

  /** A tie of commitments ends the first attempt; the second adds up to the same vectors. */
  @Test
  void aRetriedStepAddsTheSameNoise() {
    double[] first = retried(false);
    double[] second = retried(true);
    assertThat(second).isEqualTo(first);
  }

  /** The same seed twice: the one run retries its step, the other does not. */
  private static double[] retried(boolean tie) {
    try (Federation federation = new Federation(4, 79)) {
      SiteId liar = Federation.id(3);
      List<String> uploads = new ArrayList<>();
      federation.wrapExchange(
          liar,
          exchange ->
              tie
                  ? new LyingExchange(
                      exchange,
                      liar.value(),
                      federation.identity(liar),
                      4,
                      (name, message) -> {
                        if (message instanceof Message.Upload upload && name.contains("/a00/")) {
                          uploads.add(name);
                          return List.of(otherPair(upload));
                        }
                        return List.of(message);
                      })
                  : exchange);
      Federation.Run run = run(federation, new NoisedSums(4, COUNTS, 1, RHO, 2), data(4, 0));
      run.startAll();
      run.finish();
      assertThat(uploads).hasSize(tie ? 1 : 0);
      assertThat(run.rounds.get(0).id().attempt()).isEqualTo(tie ? 1 : 0);
      assertThat(run.rounds.get(0).contributors()).hasSize(4);
      assertThat(dead(federation.exchange())).doesNotContain(ErrorCode.STEP_INPUT_CHANGED);
      return sums(run).get(0);
    }
  }

  private static List<ErrorCode> dead(Exchange exchange) {
    List<ErrorCode> codes = new ArrayList<>();
    for (String name : exchange.list("studies")) {
      if (name.contains("/dead-")
          && SignedObject.decode(exchange.get(name).orElseThrow()).message(1)
              instanceof Message.AttemptDead dead) {
        codes.add(dead.code());
      }
    }
    return codes;
  }

  private static Message otherPair(Message.Upload upload) {
    List<Digest> commitments = new ArrayList<>(upload.pairCommitments());
    commitments.set(1, Digest.sha256(new byte[] {1}));
    return new Message.Upload(
        upload.round(),
        upload.nonce(),
        upload.selfCommitment(),
        commitments,
        upload.boxes(),
        upload.frames());
  }

  /** A study that states a cost takes part in no sum whose layout forgot the noise. */
  @Test
  void aSumWithoutNoiseIsRefusedInAStudyWithPrivacy() {
    try (Federation federation = new Federation(3, 81)) {
      Map<SiteId, long[]> data = federation.data(4);
      Study study = noised(federation.study("forgotten", 3, Optional.empty(), 3, 1));
      Federation.Run run = federation.run(study, List.of(StepSums.of(3, 4, 1)), data);
      run.startAll();
      for (int i = 0; i < 60; i++) {
        run.pass();
      }
      assertThat(run.declined).isNotEmpty().containsOnly(ErrorCode.CONTEXT_MISMATCH);
      assertThat(run.coordinator().results()).isEmpty();
    }
  }
}
