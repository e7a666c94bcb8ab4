package io.tributary.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.analysis.Slot;
import io.tributary.analysis.Width;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a site says of its part before it gives it, and what it leaves out (PROTOCOL.md 2.11). */
class SupportTest {
  /** Narrow, wide, narrow: places are in declared order, words are not. */
  private static final Layout LAYOUT =
      Layout.of(5)
          .count("cells", 3, "person", 1, 100)
          .wide("sums", 2, "unit", 10, 1000)
          .narrow("scores", 2, "unit", 1, 100)
          .build();

  /** Wide first: sums[0], sums[1], then cells[0..2], scores[0..1]. */
  private static long[] words(long... words) {
    assertThat(words).hasSize(LAYOUT.words(0));
    return words;
  }

  private static long[] clear(Partial partial) {
    long[] words = FixedPoint.encode(partial, 0).wordsInTheClear();
    return Arrays.copyOf(words, partial.layout().words(0));
  }

  @Test
  void aPlaceIsFilledWhereTheSitesPartIsNotZero() {
    Partial part = Partial.of(LAYOUT, words(0, 0, 0, 1, 7, 0, 0, -3, 0));
    assertThat(Support.places(LAYOUT)).isEqualTo(7);
    Partial said = Support.indicators(part);
    assertThat(said.layout()).isEqualTo(Support.layout(LAYOUT));
    // cells, sums (only the high word of the second is set), scores.
    assertThat(clear(said)).containsExactly(1, 0, 0, 0, 1, 1, 0);
    assertThat(said.layout().slots())
        .allSatisfy(
            slot -> {
              assertThat(slot.width()).isEqualTo(Width.NARROW);
              assertThat(slot.boundPerSite()).isEqualTo(1);
              assertThat(slot.scaleBits()).isZero();
            });
    assertThat(said.layout().slots()).extracting(Slot::size).containsExactly(3, 2, 2);
  }

  @Test
  void negativePartsAreFilledAndTheSumCountsSites() {
    Partial one = Support.indicators(Partial.of(LAYOUT, words(-1, -1, 0, 0, 0, 5, 0, -1, 1)));
    Partial other = Support.indicators(Partial.of(LAYOUT, words(1, 0, 0, 0, 0, 5, 0, 1, 0)));
    Aggregate sum = FixedPoint.sumInTheClear(one.layout(), List.of(one, other));
    assertThat(sum.counts("cells")).containsExactly(0, 2, 0);
    // They cancel in the sum, and are filled all the same.
    assertThat(sum.counts("sums")).containsExactly(2, 0);
    assertThat(sum.counts("scores")).containsExactly(2, 1);
  }

  @Test
  void whatIsLeftOutIsNotInThePart() {
    long[] words = words(1, 2, 3, 4, 5, 6, 7, 8, 9);
    BitSet left = new BitSet();
    left.set(1);
    left.set(4);
    left.set(5);
    Partial part = Partial.of(LAYOUT, words);
    assertThat(clear(Support.without(part, left))).containsExactly(1, 2, 0, 0, 5, 0, 7, 0, 9);
    // The part itself stays as it is: a retry gives the same.
    assertThat(clear(part)).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9);
    Aggregate sum = Aggregate.of(LAYOUT, 1, words).without(left);
    assertThat(sum.leftOut("cells").stream()).containsExactly(1);
    assertThat(sum.leftOut("sums").stream()).containsExactly(1);
    assertThat(sum.leftOut("scores").stream()).containsExactly(0);
    assertThat(Aggregate.of(LAYOUT, 1, words).leftOut("cells").isEmpty()).isTrue();
  }

  @Test
  void severalBlocksHaveNoSupportRound() {
    Layout large = Layout.of(3).count("g", 1, "person", 1, 9).rows(10, 4).build();
    assertThatThrownBy(() -> Support.places(large)).isInstanceOf(IllegalArgumentException.class);
  }
}
