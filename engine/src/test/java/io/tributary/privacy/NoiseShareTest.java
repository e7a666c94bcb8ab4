package io.tributary.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tributary.study.ErrorCode;
import io.tributary.study.Rho;
import io.tributary.study.TributaryException;
import java.math.BigInteger;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shares of a count: five sites, of which one may collude and one vanish, so m_h = 3. */
final class NoiseShareTest {
  private static final Rho RHO = Rho.of(1, 2);
  private static final int HONEST = 3;
  private static final int BITS = NoiseShare.scaleBits(1, 1, RHO, HONEST);
  private static final PersonClip CLIP = new PersonClip(1, BITS, 1);

  /** At rho 1/2 one person moves the sum by one standard deviation, and mu = 1. */
  private static final double ALLOWED = 0.383;

  private static final int TRIALS = 3000;

  /** Hoeffding: two frequencies of 3000 are off by more than this with probability 2e-6. */
  private static final double SLACK = 0.1;

  private static NoiseShare share() {
    return new NoiseShare(CLIP.sensitivity(), RHO, HONEST);
  }

  /**
   * Adversary who knows everybody but one person, and sees the sum of the sites that did not
   * vanish: by how much more often the sum lies above the middle when the person is in the table.
   *
   * @param sites whose shares are in what the adversary sees
   * @param divisor of the standard deviation; 1 is the mechanism, 2 half the noise
   */
  private static double advantage(int sites, int divisor, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    BigInteger sensitivity = CLIP.sensitivity();
    NoiseShare share = share();
    long person = CLIP.onGrid(new double[] {1})[0];
    int[] above = new int[2];
    for (int trial = 0; trial < 2 * TRIALS; trial++) {
      int there = trial % 2;
      long sum = 0;
      for (int site = 0; site < sites; site++) {
        long[] words = {0, site == 0 ? there * person : 0, 0};
        long before = words[1];
        share.addTo(words, 1, 1, random::nextLong);
        sum += before + (words[1] - before) / divisor;
        assertThat(words[0] | words[2]).as("other slots are left alone").isZero();
      }
      above[there] += sum > person / 2 ? 1 : 0;
    }
    assertThat(sensitivity).isGreaterThanOrEqualTo(BigInteger.valueOf(person));
    return (above[1] - above[0]) / (double) TRIALS;
  }

  /** The audit: no more can be told than rho allows, with the fewest honest sites there can be. */
  @Test
  void onePersonIsNotToldApartBetterThanRhoAllows() {
    double found = advantage(HONEST, 1, 11);
    assertThat(found).isLessThan(ALLOWED + SLACK);
    assertThat(found).as("and the noise is not larger than it must be").isGreaterThan(0.28);
  }

  @Test
  void theAuditFindsHalfTheNoise() {
    assertThat(advantage(HONEST, 2, 12)).isGreaterThan(ALLOWED + SLACK);
  }

  @Test
  void theAuditFindsSharesScaledForAllSites() {
    // Were each share scaled for five sites, two of whom do not count, the sum would lack 2/5.
    assertThat(share().varianceOfSum(5) / share().varianceOfSum(HONEST))
        .isEqualTo(5.0 / HONEST, within(1e-12));
    assertThat(share().varianceOfSum(HONEST))
        .isEqualTo(Math.pow(CLIP.sensitivity().doubleValue(), 2), within(1e-3));
  }

  @Test
  void sumsOfAllSitesAreNoisierByTheSquareRoot() {
    SplittableRandom random = new SplittableRandom(13);
    double squares = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
      long[] words = new long[1];
      for (int site = 0; site < 5; site++) {
        share().addTo(words, 0, 1, random::nextLong);
      }
      squares += (double) words[0] * words[0];
    }
    assertThat(squares / TRIALS / share().varianceOfSum(5)).isBetween(0.87, 1.13);
  }

  @Test
  void aRetryAddsTheSameNoise() {
    long[] first = new long[20];
    long[] second = new long[20];
    share().addTo(first, 0, 20, new SplittableRandom(14)::nextLong);
    share().addTo(second, 0, 20, new SplittableRandom(14)::nextLong);
    assertThat(first).isEqualTo(second);
  }

  @Test
  void aGridOfWholePersonsIsTooCoarse() {
    BigInteger one = new PersonClip(1, 0, 1).sensitivity();
    assertThatThrownBy(() -> new NoiseShare(one, RHO, HONEST))
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.DP_GRID_TOO_COARSE));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-6, 0.3, 1, 120, 1e9})
  void theScaleIsTheLeastThatIsFineEnough(double norm) {
    for (int elements : new int[] {1, 10, 5000}) {
      int bits = NoiseShare.scaleBits(norm, elements, RHO, HONEST);
      BigInteger fine = new PersonClip(norm, bits, elements).sensitivity();
      assertThat(new NoiseShare(fine, RHO, HONEST).sensitivity()).isEqualTo(fine);
      assertThat(Math.scalb(norm, bits)).isBetween(Math.sqrt(elements), 1e5);
    }
  }

  @Test
  void aPersonNeverAddsMoreThanTheSensitivity() {
    SplittableRandom random = new SplittableRandom(15);
    PersonClip clip = new PersonClip(2.5, 9, 40);
    BigInteger most = clip.sensitivity().pow(2);
    for (int trial = 0; trial < 300; trial++) {
      double[] person = new double[40];
      double size = Math.pow(10, random.nextInt(-3, 300));
      for (int i = 0; i < person.length; i++) {
        person[i] = (random.nextDouble() - 0.5) * (trial % 2 == 0 ? size : 1);
      }
      BigInteger squares = BigInteger.ZERO;
      for (long element : clip.onGrid(person)) {
        squares = squares.add(BigInteger.valueOf(element).pow(2));
      }
      assertThat(squares).isLessThanOrEqualTo(most);
    }
    assertThatThrownBy(() -> clip.onGrid(new double[41]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aShortVectorIsNotClipped() {
    PersonClip clip = new PersonClip(5, 10, 2);
    assertThat(clip.clips(new double[] {3, 4})).isFalse();
    assertThat(clip.onGrid(new double[] {3, 4})).containsExactly(3 << 10, 4 << 10);
    assertThat(clip.clips(new double[] {6, 8})).isTrue();
    assertThat(clip.onGrid(new double[] {6, 8})).containsExactly(3 << 10, 4 << 10);
  }
}
