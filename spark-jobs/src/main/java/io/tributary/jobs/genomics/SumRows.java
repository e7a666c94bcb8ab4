package io.tributary.jobs.genomics;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.analysis.Slot;

/**
 * Rows of a sum over variants, one after another. It holds the two blocks that were asked for last,
 * so that a row can be read beside those that follow it.
 */
public final class SumRows {
  private final Aggregate sum;
  private int block = -1;
  private long[] words = new long[0];
  private int blockBefore = -1;
  private long[] wordsBefore = new long[0];

  public SumRows(Aggregate sum) {
    this.sum = sum;
  }

  /** Element of a narrow slot in its unit. */
  public double value(int slot, int row, int element) {
    Slot declared = sum.layout().slots().get(slot);
    return Math.scalb((double) word(slot, row, element), -declared.scaleBits());
  }

  /** All elements of a narrow slot in its unit. */
  public double[] values(int slot, int row) {
    double[] values = new double[sum.layout().slots().get(slot).size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(slot, row, i);
    }
    return values;
  }

  /** Word of an element of a narrow slot. */
  public long word(int slot, int row, int element) {
    Layout layout = sum.layout();
    int wanted = row / layout.rowsPerBlock();
    if (wanted != block) {
      long[] found = wanted == blockBefore ? wordsBefore : sum.words(wanted);
      blockBefore = block;
      wordsBefore = words;
      block = wanted;
      words = found;
    }
    int within = row - wanted * layout.rowsPerBlock();
    int size = layout.slots().get(slot).size();
    return words[layout.offset(slot, wanted) + within * size + element];
  }
}
