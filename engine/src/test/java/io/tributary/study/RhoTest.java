package io.tributary.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RhoTest {
  @Test
  void tenTenthsAreOneAndNotNearlyOne() {
    Rho sum = IntStream.range(0, 10).mapToObj(i -> Rho.of(1, 10)).reduce(Rho.ZERO, Rho::plus);
    assertThat(sum).isEqualTo(Rho.of(1, 1));
    assertThat(Rho.parse("0.1").orElseThrow().times(3)).isEqualTo(Rho.of(3, 10));
    assertThat(Rho.of(3, 10).dividedBy(3)).isEqualTo(Rho.of(1, 10));
  }

  @Test
  void whatIsWrittenIsReadBackInLowestTerms() {
    assertThat(Rho.parse("4/32")).contains(Rho.of(1, 8));
    assertThat(Rho.parse("0.125")).contains(Rho.of(1, 8));
    assertThat(Rho.of(1, 8).toString()).isEqualTo("1/8");
    assertThat(Rho.parse("2").orElseThrow().toString()).isEqualTo("2");
    assertThat(Rho.of(1, 8).toDouble()).isEqualTo(0.125);
  }

  @Test
  void nothingIsLeftBelowZero() {
    assertThat(Rho.of(1, 2).minus(Rho.of(1, 3))).contains(Rho.of(1, 6));
    assertThat(Rho.of(1, 2).minus(Rho.of(1, 2))).contains(Rho.ZERO);
    assertThat(Rho.of(1, 3).minus(Rho.of(1, 2))).isEmpty();
    assertThat(Rho.of(1, 3)).isLessThan(Rho.of(1, 2));
    assertThatThrownBy(() -> Rho.of(-1, 2)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Rho.of(1, 0)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "1/0", "1e9", "NaN", "0x1", "1/2/3", "1.", ".5", " 1"})
  void otherTextsAreNoRho(String text) {
    assertThat(Rho.parse(text)).isEmpty();
  }
}
