package io.tributary.jobs.probability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HardyWeinbergTest {
  private static final MathContext DIGITS = new MathContext(60);

  /** Whole numbers in proportion to the probabilities: 2^het n! / (homRef! het! homAlt!). */
  private static double[] direct(int homRef, int het, int homAlt) {
    int n = homRef + het + homAlt;
    int rare = het + 2 * Math.min(homRef, homAlt);
    BigInteger seen = weight(n, rare, het);
    BigInteger total = BigInteger.ZERO;
    BigInteger tail = BigInteger.ZERO;
    BigInteger ties = BigInteger.ZERO;
    for (int h = rare % 2; h <= rare; h += 2) {
      BigInteger here = weight(n, rare, h);
      total = total.add(here);
      tail = here.compareTo(seen) <= 0 ? tail.add(here) : tail;
      ties = here.equals(seen) ? ties.add(here) : ties;
    }
    BigDecimal all = new BigDecimal(total);
    BigDecimal p = new BigDecimal(tail).divide(all, DIGITS);
    BigDecimal half = new BigDecimal(ties).divide(all.multiply(BigDecimal.valueOf(2)), DIGITS);
    return new double[] {log(p), log(p.subtract(half))};
  }

  private static double log(BigDecimal p) {
    int digits = p.precision() - p.scale();
    return Math.log(p.movePointLeft(digits).doubleValue()) + digits * Math.log(10);
  }

  private static BigInteger weight(int n, int rare, int het) {
    int homRare = (rare - het) / 2;
    return choose(n, het).multiply(choose(n - het, homRare)).shiftLeft(het);
  }

  private static BigInteger choose(int n, int k) {
    BigInteger value = BigInteger.ONE;
    for (int i = 0; i < k; i++) {
      value = value.multiply(BigInteger.valueOf(n - i)).divide(BigInteger.valueOf(i + 1));
    }
    return value;
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0",
    "1, 0, 0",
    "0, 1, 0",
    "5, 0, 5",
    "0, 10, 0",
    "3, 4, 3",
    "57, 14, 50",
    "78, 42, 5",
    "1469, 138, 5",
    "310, 166, 24",
    "1, 40, 1",
    "200, 0, 200",
    "700, 0, 900",
    "0, 1500, 1",
    "900, 700, 0",
    "500, 998, 502"
  })
  void equalsTheSumOfWholeNumbers(int homRef, int het, int homAlt) {
    double[] expected = direct(homRef, het, homAlt);
    double slack = 1e-11 * Math.max(1, Math.abs(expected[0]));
    assertThat(HardyWeinberg.logP(homRef, het, homAlt)).isCloseTo(expected[0], within(slack));
    assertThat(HardyWeinberg.logMidP(homRef, het, homAlt)).isCloseTo(expected[1], within(slack));
    assertThat(HardyWeinberg.logP(homAlt, het, homRef))
        .isEqualTo(HardyWeinberg.logP(homRef, het, homAlt));
  }

  /** 5,7,3 of 15 persons: five possible numbers of heterozygotes up to 13, as in the paper. */
  @Test
  void allSmallTablesAgree() {
    for (int homRef = 0; homRef < 9; homRef++) {
      for (int het = 0; het < 9; het++) {
        for (int homAlt = 0; homAlt < 9; homAlt++) {
          double[] expected = direct(homRef, het, homAlt);
          assertThat(HardyWeinberg.logP(homRef, het, homAlt)).isCloseTo(expected[0], within(1e-12));
          assertThat(HardyWeinberg.logMidP(homRef, het, homAlt))
              .isCloseTo(expected[1], within(1e-12));
        }
      }
    }
  }

  /** A million persons without a heterozygote: about -log 2 a person, beyond any double. */
  @Test
  void logarithmsAreRightFarBeyondDoubles() {
    long n = 500_000;
    double direct =
        LogFactorial.of(2 * n)
            - 2 * LogFactorial.of(n)
            + 2 * LogFactorial.of(2 * n)
            - LogFactorial.of(4 * n);
    assertThat(HardyWeinberg.logP(n, 0, n)).isCloseTo(direct, within(1e-9 * -direct));
    assertThat(HardyWeinberg.logP(250_000, 500_000, 250_000)).isCloseTo(0, within(1e-9));
  }

  @Test
  void negativeCountsAreRefused() {
    assertThatThrownBy(() -> HardyWeinberg.logP(1, -1, 1)).hasMessage("negative count");
  }
}
