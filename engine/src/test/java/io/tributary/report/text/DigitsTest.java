package io.tributary.report.text;

import static io.tributary.report.text.Digits.Style.PLAIN;
import static io.tributary.report.text.Digits.Style.TYPESET;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class DigitsTest {
  @Test
  void aColumnHasOneNumberOfDecimals() {
    assertThat(shown("estimate", -4.90274, 0.03142, 1.12834))
        .containsExactly("-4.903", "0.031", "1.128");
    assertThat(shown("mean", 61.38172, 4.43362)).containsExactly("61.38", "4.43");
    assertThat(shown("survival", 1.0, 0.92761, 0.12345)).containsExactly("1.000", "0.928", "0.123");
    assertThat(shown("lower", 30, 35, 40)).containsExactly("30", "35", "40");
    assertThat(shown("edge", 0.1, 0.2)).containsExactly("0.1", "0.2");
  }

  @Test
  void whatWouldBeRoundedAwayIsShownInScientificForm() {
    assertThat(shown("x", 106.94, 0.00911)).containsExactly("106.9", "0.0091");
    assertThat(shown("x", 12.5, 1.234e-9)).containsExactly("12.5", "1.23e-09");
    assertThat(shown("x", 1.5e12, 2.25)).containsExactly("1.50e+12", "2.25");
    assertThat(shown("x", Double.MIN_VALUE)).containsExactly("4.94e-324");
    assertThat(Digits.ofColumn("x", new double[] {1.5e-8}, TYPESET).of(-1.5e-8))
        .isEqualTo("\u22121.50\u00d710\u207b\u2078");
  }

  @Test
  void probabilitiesAreBounded() {
    assertThat(shown("p_value", 0.20551, 0.0412, 0.00049, 1e-300, 0.9991, 1, 0))
        .containsExactly("0.21", "0.041", "<0.001", "<0.001", ">0.99", "1", "<0.001");
    assertThat(shown("neg_log_10_p_value", 300.25)).containsExactly("300.2");
  }

  @Test
  void longWholesAreGroupedOnPaperOnly() {
    assertThat(Digits.whole(1_204_224, TYPESET)).isEqualTo("1\u202f204\u202f224");
    assertThat(Digits.whole(-12_345, TYPESET)).isEqualTo("\u221212\u202f345");
    assertThat(Digits.whole(9999, TYPESET)).isEqualTo("9999");
    assertThat(Digits.whole(1_204_224, PLAIN)).isEqualTo("1204224");
  }

  @Test
  void singleFiguresKeepSixDigits() {
    assertThat(Digits.single("aic", 3324.44817, PLAIN)).isEqualTo("3324.45");
    assertThat(Digits.single("statistic", 4.90312, PLAIN)).isEqualTo("4.9031");
    assertThat(Digits.single("x", 0.000123456, PLAIN)).isEqualTo("0.000123");
    assertThat(Digits.single("x", 0, PLAIN)).isEqualTo("0");
  }

  @Test
  void significantDigitsAreThoseOfFormat() {
    Random random = new Random(3);
    List<Double> values =
        new ArrayList<>(
            List.of(0.0, -0.0, 1.0, 0.5, 999999.5, 99999.95, 1e-4, 9.9999995e-5, 123456.0, 1e300));
    for (int i = 0; i < 20_000; i++) {
      values.add(random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20));
    }
    for (double value : values) {
      StringBuilder shown = new StringBuilder();
      Digits.appendSignificant(value, 6, shown);
      assertThat(shown.toString()).isEqualTo(String.format(Locale.ROOT, "%.6g", value));
    }
  }

  @Property(tries = 300)
  void everyFiniteValueHasAText(@ForAll @Size(min = 1, max = 8) double[] values) {
    Digits digits = Digits.ofColumn("x", values, PLAIN);
    for (double value : values) {
      double read = Double.parseDouble(digits.of(value));
      // At least one digit is right; at the ends of the range rounding may leave it.
      if (Math.abs(value) > 1e-300 && Math.abs(value) < 1e300) {
        assertThat(Math.abs(read - value)).isLessThanOrEqualTo(Math.abs(value) / 2 * 1.0001);
      }
    }
  }

  private static List<String> shown(String name, double... values) {
    Digits digits = Digits.ofColumn(name, values, PLAIN);
    return Arrays.stream(values).mapToObj(digits::of).toList();
  }
}
