package io.tributary.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.study.ErrorCode;
import io.tributary.study.TributaryException;
import java.math.BigDecimal;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class GridSumTest {
  private static final Layout LAYOUT =
      Layout.of(4)
          .count("n", 1, "person", 1, 1000)
          .narrow("x", 2, "year", 120, 120_000)
          .wide("w", 1, "year^2", 1e9, 1e12)
          .unbounded("u", 1, "any")
          .build();

  @Test
  void sumsAreExactOnTheGrid() {
    GridSum sum = new GridSum(LAYOUT);
    sum.count(sum.slot("n"), 0, 1);
    sum.add(sum.slot("x"), 1, -0.5);
    sum.add(sum.slot("x"), 1, 41.25);
    sum.add(sum.slot("w"), 0, -123456789.125);
    sum.add(sum.slot("w"), 0, 0.25);

    Aggregate aggregate = Aggregate.of(LAYOUT, 1, sum.words());
    assertThat(aggregate.count("n")).isEqualTo(1);
    assertThat(aggregate.values("x")).containsExactly(0.0, 40.75);
    assertThat(aggregate.values("w")).containsExactly(-123456788.875);
    assertThat(aggregate.exact("w", 0)).isEqualByComparingTo("-123456788.875");
  }

  @Test
  void undeclaredRangesKeepTinyAndHugeNumbersTogether() {
    double[] values = {1e15, 1e-20, -1e15, 3e-18, 0.1, -7.25e10, Double.MIN_NORMAL};
    GridSum sum = new GridSum(LAYOUT);
    BigDecimal expected = BigDecimal.ZERO;
    for (double value : values) {
      sum.unbounded(sum.slot("u.high"), 0, value);
      if (value != Double.MIN_NORMAL) {
        expected = expected.add(new BigDecimal(value));
      }
    }

    BigDecimal found = Aggregate.of(LAYOUT, 1, sum.words()).unbounded("u", 0);
    assertThat(found.subtract(expected).abs().doubleValue())
        .isLessThanOrEqualTo(values.length * Math.scalb(1.0, -121));
  }

  @Test
  void badValuesAreRefusedNotClipped() {
    GridSum sum = new GridSum(LAYOUT);
    refuses(ErrorCode.NOT_A_NUMBER, () -> sum.add(sum.slot("x"), 0, Double.NaN));
    refuses(ErrorCode.NOT_A_NUMBER, () -> sum.add(sum.slot("w"), 0, Double.POSITIVE_INFINITY));
    refuses(ErrorCode.NOT_A_NUMBER, () -> sum.unbounded(sum.slot("u.high"), 0, Double.NaN));
    refuses(ErrorCode.VALUE_OUT_OF_BOUNDS, () -> sum.add(sum.slot("x"), 0, 120.5));
    refuses(ErrorCode.VALUE_OUT_OF_BOUNDS, () -> sum.add(sum.slot("w"), 0, -1e9 - 1));
    refuses(ErrorCode.VALUE_OUT_OF_BOUNDS, () -> sum.unbounded(sum.slot("u.high"), 0, 1e308));
    refuses(ErrorCode.VALUE_OUT_OF_BOUNDS, () -> sum.count(sum.slot("n"), 0, 2));
    assertThat(sum.words()).containsOnly(0);
  }

  @Test
  void printsNoValue() {
    GridSum sum = new GridSum(LAYOUT);
    sum.add(sum.slot("x"), 0, 77.5);
    assertThat(sum.toString()).isEqualTo("GridSum[values withheld]");
    assertThat(sum.partial().toString()).isEqualTo("Partial[values withheld]");
  }

  private static void refuses(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
