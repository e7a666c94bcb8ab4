package io.tributary.property;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.codec.GridSum;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Exact mode: order and partitioning never change a bit (PROTOCOL.md 2.9). */
class GridSumPropertyTest {
  private static final double BOUND = 1e9;
  private static final Layout LAYOUT =
      Layout.of(3)
          .narrow("narrow", 1, "unit", BOUND, BOUND * 200)
          .wide("wide", 1, "unit", BOUND, BOUND * 200)
          .unbounded("any", 1, "unit")
          .build();

  @Property(tries = 300)
  void anyPartitioningGivesTheSameBits(
      @ForAll @Size(min = 1, max = 60) List<@DoubleRange(min = -1e9, max = 1e9) Double> values,
      @ForAll @IntRange(min = 1, max = 7) int parts,
      @ForAll long seed) {
    long[] whole = words(values);

    List<Double> shuffled = new java.util.ArrayList<>(values);
    Collections.shuffle(shuffled, new Random(seed));
    long[] merged = new long[whole.length];
    for (int part = 0; part < parts; part++) {
      List<Double> mine = new java.util.ArrayList<>();
      for (int i = part; i < shuffled.size(); i += parts) {
        mine.add(shuffled.get(i));
      }
      GridSum.merge(LAYOUT, merged, words(mine));
    }
    assertThat(merged).isEqualTo(whole);
  }

  @Property(tries = 300)
  void eachRecordIsOffByHalfAGridUnitAtMost(
      @ForAll @DoubleRange(min = -1e9, max = 1e9) double value) {
    Aggregate sum = Aggregate.of(LAYOUT, 1, words(List.of(value)));
    for (String slot : List.of("narrow", "wide")) {
      int scale = LAYOUT.slots().get(LAYOUT.slotIndex(slot)).scaleBits();
      BigDecimal grid = BigDecimal.valueOf(2).pow(scale);
      BigDecimal error = sum.exact(slot, 0).subtract(new BigDecimal(value)).abs().multiply(grid);
      assertThat(error.setScale(10, RoundingMode.UP)).isLessThanOrEqualTo(new BigDecimal("0.5"));
    }
    assertThat(sum.unbounded("any", 0).doubleValue()).isEqualTo(value);
  }

  private static long[] words(List<Double> values) {
    GridSum sum = new GridSum(LAYOUT);
    int narrow = sum.slot("narrow");
    int wide = sum.slot("wide");
    int any = sum.slot("any.high");
    for (double value : values) {
      sum.add(narrow, 0, value);
      sum.add(wide, 0, value);
      sum.unbounded(any, 0, value);
    }
    return sum.words();
  }
}
