package io.tributary.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.study.ErrorCode;
import io.tributary.study.TributaryException;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;

/** Bounds hold at exactly B and n B, and nothing beyond passes (PROTOCOL.md 2.9). */
class GridBoundsTest {
  private static final Layout NARROW = Layout.of(5).count("cases", 2, "person", 1, 1000).build();
  private static final Layout WIDE = Layout.of(5).wide("mass", 1, "kg", 10, 1000).build();

  @Test
  void narrowSlot() {
    assertThat(GridBounds.violated(NARROW, 0, new long[] {1000, -1000}, 1)).isEmpty();
    assertThat(GridBounds.violated(NARROW, 0, new long[] {0, 1001}, 1)).isPresent();
    assertThat(GridBounds.violated(NARROW, 0, new long[] {-1001, 0}, 1)).isPresent();
    assertThat(GridBounds.violated(NARROW, 0, new long[] {0, Long.MIN_VALUE}, 1)).isPresent();
    assertThat(GridBounds.violated(NARROW, 0, new long[] {5000, -5000}, 5)).isEmpty();
    assertThat(GridBounds.violated(NARROW, 0, new long[] {5001, 0}, 5)).isPresent();
  }

  @Test
  void wideSlot() {
    int scale = WIDE.slots().get(0).scaleBits();
    BigInteger bound = BigInteger.valueOf(1000).shiftLeft(scale);
    for (int sites = 1; sites <= 5; sites++) {
      BigInteger most = bound.multiply(BigInteger.valueOf(sites));
      assertThat(GridBounds.violated(WIDE, 0, words(most), sites)).isEmpty();
      assertThat(GridBounds.violated(WIDE, 0, words(most.negate()), sites)).isEmpty();
      assertThat(GridBounds.violated(WIDE, 0, words(most.add(BigInteger.ONE)), sites)).isPresent();
      assertThat(GridBounds.violated(WIDE, 0, words(most.add(BigInteger.ONE).negate()), sites))
          .isPresent();
    }
    assertThat(GridBounds.violated(WIDE, 0, new long[] {0, Long.MIN_VALUE}, 5)).isPresent();
    assertThat(GridBounds.violated(WIDE, 0, new long[] {0, 0}, 1)).isEmpty();
  }

  private static long[] words(BigInteger value) {
    return new long[] {value.longValue(), value.shiftRight(64).longValue()};
  }

  @Test
  void partialBeyondItsBoundCannotBeEncoded() {
    Partial within = Partial.of(NARROW, new long[] {1000, 3});
    assertThat(FixedPoint.encode(within, 0).shape()).isEqualTo(new FrameShape(0, 2));
    Partial beyond = Partial.of(NARROW, new long[] {1001, 3});
    assertThatThrownBy(() -> FixedPoint.encode(beyond, 0))
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.VALUE_OUT_OF_BOUNDS);
              assertThat(e.getMessage()).doesNotContain("1001");
            });
  }

  @Test
  void layoutDigestTellsLayoutsApart() {
    Digest digest = LayoutDigest.of(NARROW);
    assertThat(LayoutDigest.of(Layout.of(5).count("cases", 2, "person", 1, 1000).build()))
        .isEqualTo(digest);
    assertThat(LayoutDigest.of(Layout.of(6).count("cases", 2, "person", 1, 1000).build()))
        .isNotEqualTo(digest);
    assertThat(LayoutDigest.of(Layout.of(5).count("cases", 2, "person", 1, 999).build()))
        .isNotEqualTo(digest);
    assertThat(LayoutDigest.of(WIDE)).isNotEqualTo(digest);
  }
}
