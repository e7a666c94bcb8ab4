package io.tributary.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RhoTest {
  @Test
  void tenTenthsAreOneExactly() {
    Rho sum = Rho.ZERO;
    for (int i = 0; i < 10; i++) {
      sum = sum.plus(Rho.parse("0.1"));
    }
    assertThat(sum).isEqualTo(Rho.of(1, 1));
    assertThat(sum.minus(Rho.of(1, 1)).isZero()).isTrue();
  }

  @Test
  void aThirdThriceIsCoveredByOneAndNotByAnythingLess() {
    Rho thirds = Rho.of(1, 1).dividedBy(3).times(3);
    assertThat(thirds.isAtMost(Rho.of(1, 1))).isTrue();
    assertThat(thirds.isAtMost(Rho.parse("0.999999999999999999999999"))).isFalse();
  }

  @Test
  void textAndValueGoBothWays() {
    for (String text : new String[] {"0", "1", "0.1", "5e-2", "1/10", "7/3", "12.50", "1e2"}) {
      Rho rho = Rho.parse(text);
      assertThat(Rho.parse(rho.toString())).isEqualTo(rho);
    }
    assertThat(Rho.parse("0.10").toString()).isEqualTo("1/10");
    assertThat(Rho.parse("2/20")).isEqualTo(Rho.parse("5e-2").times(2)).hasToString("1/10");
    assertThat(Rho.parse("1e2")).hasToString("100/1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-1",
        "+1",
        "1/0",
        "1/",
        "/2",
        "NaN",
        "Infinity",
        "1e999",
        "0x1",
        " 1",
        "1/-2"
      })
  void anythingElseIsRefused(String text) {
    assertThatThrownBy(() -> Rho.parse(text)).isInstanceOfAny(IllegalArgumentException.class);
  }

  @Test
  void nothingGoesBelowZero() {
    assertThatThrownBy(() -> Rho.of(1, 10).minus(Rho.of(2, 10)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Rho.of(-1, 10)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Rho.of(1, -10)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void doublesBoundItFromBothSides() {
    for (Rho rho : new Rho[] {Rho.of(1, 3), Rho.of(1, 10), Rho.of(2, 3), Rho.of(7, 1)}) {
      BigDecimal up = new BigDecimal(rho.ceiling());
      BigDecimal down = new BigDecimal(rho.floor());
      assertThat(Rho.of(up)).isGreaterThanOrEqualTo(rho);
      assertThat(Rho.of(down)).isLessThanOrEqualTo(rho);
      assertThat(up.subtract(down).doubleValue()).isLessThanOrEqualTo(Math.ulp(rho.ceiling()));
    }
    assertThat(Rho.of(7, 1).ceiling()).isEqualTo(7.0);
  }

  @Test
  void quotientsAndProductsAreExact() {
    assertThat(Rho.of(1, 6).times(Rho.of(3, 5))).isEqualTo(Rho.of(1, 10));
    assertThat(Rho.of(1, 6).dividedBy(Rho.of(3, 5))).isEqualTo(Rho.of(5, 18));
  }
}
