package io.tributary.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.study.ErrorCode;
import io.tributary.study.TributaryException;
import org.junit.jupiter.api.Test;

class LayoutTest {
  @Test
  void wideSlotsComeFirstAndStartAtEvenOffsets() {
    Layout layout =
        Layout.of(4)
            .count("n", 3, "person", 1, 1000)
            .wide("sum", 2, "year", 120, 120_000)
            .count("missing", 1, "person", 1, 1000)
            .wide("squares", 1, "year^2", 14_400, 14_400_000)
            .build();

    assertThat(layout.offset(layout.slotIndex("sum"), 0)).isEqualTo(0);
    assertThat(layout.offset(layout.slotIndex("squares"), 0)).isEqualTo(4);
    assertThat(layout.offset(layout.slotIndex("n"), 0)).isEqualTo(6);
    assertThat(layout.offset(layout.slotIndex("missing"), 0)).isEqualTo(9);
    assertThat(layout.words(0)).isEqualTo(10);
  }

  @Test
  void theLastBlockIsShort() {
    Layout layout = Layout.of(3).rows(10, 4).count("n", 2, "person", 1, 5).build();

    assertThat(layout.blocks()).isEqualTo(3);
    assertThat(layout.words(0)).isEqualTo(8);
    assertThat(layout.words(2)).isEqualTo(4);
    assertThat(layout.words()).isEqualTo(20);
  }

  @Test
  void scaleLeavesRoomForTheSumOfAllSites() {
    Slot slot = Layout.of(100).narrow("x", 1, "m", 32, 3.2e8).build().slots().get(0);

    assertThat(slot.scaleBits()).isEqualTo(27);
    assertThat(3.2e8 * 100 * Math.scalb(1.0, slot.scaleBits())).isLessThan(Math.scalb(1.0, 63));
  }

  @Test
  void aCountThatCouldWrapIsRefused() {
    assertThatThrownBy(() -> Layout.of(4).count("n", 1, "person", 1, 1L << 61).build())
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.LAYOUT_WOULD_WRAP);
              assertThat(e.problem()).contains("'n'");
              assertThat(e.remedy()).isNotBlank();
            });
    assertThat(Layout.of(4).count("n", 1, "person", 1, 1L << 60).build().blocks()).isEqualTo(1);
  }

  @Test
  void infiniteAndMissingBoundsAreRefused() {
    for (double bound : new double[] {Double.POSITIVE_INFINITY, Double.NaN, 0, -1}) {
      assertThatThrownBy(() -> Layout.of(3).narrow("x", 1, "m", 1, bound))
          .isInstanceOfSatisfying(
              TributaryException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.LAYOUT_WOULD_WRAP));
    }
  }

  @Test
  void aBlockBeyondOneFrameIsRefused() {
    assertThatThrownBy(
            () -> Layout.of(3).count("n", Layout.MAX_BLOCK_WORDS + 1, "person", 1, 5).build())
        .isInstanceOf(TributaryException.class)
        .hasMessageContaining("1048574");
  }

  @Test
  void aVectorHasAtMost65536Frames() {
    assertThat(Layout.of(3).rows(1 << 16, 1).count("n", 1, "person", 1, 5).build().blocks())
        .isEqualTo(1 << 16);
    assertThatThrownBy(
            () -> Layout.of(3).rows((1 << 16) + 1, 1).count("n", 1, "person", 1, 5).build())
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.LAYOUT_WOULD_WRAP))
        .hasMessageContaining("more than 65536 blocks");
  }
}
