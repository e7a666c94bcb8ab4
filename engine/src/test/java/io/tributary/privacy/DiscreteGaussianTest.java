package io.tributary.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.SplittableRandom;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;

/** The sampler against the probabilities it must have, and the test against samplers that lie. */
final class DiscreteGaussianTest {
  private static final int DRAWS = 40_000;
  private static final int CELLS = 9;

  /** Chi-square of 8 degrees of freedom: exceeded once in 10^6. */
  private static final double CRITICAL = 42.7;

  private static IntSupplier sampler(long numerator, long denominator, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    DiscreteGaussian gaussian =
        new DiscreteGaussian(
            BigInteger.valueOf(numerator), BigInteger.valueOf(denominator), random::nextLong);
    return () -> gaussian.next().intValueExact();
  }

  /** Pearson's statistic over -3 .. 3 and the two tails, for a variance. */
  private static double chiSquare(IntSupplier sampler, double variance) {
    double[] expected = new double[CELLS];
    double all = 0;
    for (int x = -200; x <= 200; x++) {
      double weight = StrictMath.exp(-x * x / (2 * variance));
      all += weight;
      expected[cell(x)] += weight;
    }
    int[] found = new int[CELLS];
    for (int i = 0; i < DRAWS; i++) {
      found[cell(sampler.getAsInt())]++;
    }
    double statistic = 0;
    for (int i = 0; i < CELLS; i++) {
      double mean = expected[i] / all * DRAWS;
      statistic += (found[i] - mean) * (found[i] - mean) / mean;
    }
    return statistic;
  }

  private static int cell(int x) {
    return Math.max(-4, Math.min(4, x)) + 4;
  }

  @Test
  void drawsHaveTheProbabilitiesOfTheDiscreteGaussian() {
    assertThat(chiSquare(sampler(4, 1, 1), 4)).isLessThan(CRITICAL);
    assertThat(chiSquare(sampler(7, 3, 2), 7.0 / 3)).isLessThan(CRITICAL);
    assertThat(chiSquare(sampler(13, 1, 3), 13)).isLessThan(CRITICAL);
  }

  @Test
  void theTestFindsSamplersThatAreNotIt() {
    SplittableRandom random = new SplittableRandom(4);
    assertThat(chiSquare(sampler(5, 1, 5), 4)).as("another variance").isGreaterThan(CRITICAL);
    IntSupplier right = sampler(4, 1, 6);
    assertThat(chiSquare(() -> Math.abs(right.getAsInt()), 4))
        .as("no sign")
        .isGreaterThan(CRITICAL);
    assertThat(chiSquare(() -> right.getAsInt() + (random.nextInt(10) == 0 ? 1 : 0), 4))
        .as("a shift of a tenth")
        .isGreaterThan(CRITICAL);
    assertThat(
            chiSquare(
                () -> {
                  int x = right.getAsInt();
                  return x == 0 && random.nextInt(8) == 0 ? 1 : x;
                },
                4))
        .as("zero too seldom")
        .isGreaterThan(CRITICAL);
  }

  @Test
  void wideNoiseHasItsVarianceAndEveryLowBit() {
    SplittableRandom random = new SplittableRandom(7);
    DiscreteGaussian gaussian =
        new DiscreteGaussian(BigInteger.TWO.pow(80), BigInteger.ONE, random::nextLong);
    double squares = 0;
    int odd = 0;
    int draws = 8000;
    for (int i = 0; i < draws; i++) {
      BigInteger x = gaussian.next();
      odd += x.testBit(0) ? 1 : 0;
      double scaled = Math.scalb(x.doubleValue(), -40);
      squares += scaled * scaled;
    }
    // Five standard errors: 5 sqrt(2/8000) and 5 sqrt(8000)/2.
    assertThat(squares / draws).isBetween(0.92, 1.08);
    assertThat(odd).isBetween(draws / 2 - 224, draws / 2 + 224);
  }

  @Test
  void theSameStreamGivesTheSameNoise() {
    IntSupplier one = sampler(1 << 20, 3, 8);
    IntSupplier other = sampler(1 << 20, 3, 8);
    for (int i = 0; i < 100; i++) {
      assertThat(one.getAsInt()).isEqualTo(other.getAsInt());
    }
  }
}
