package io.tributary.jobs.genomics;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.analysis.Slot;

/**
 * Rows of a sum over variants, one after another, for several threads that are near each other. It
 * holds the two blocks that were fetched last, so that a row can be read beside those that follow
 * it.
 */
public final class SumRows {
  private final Aggregate sum;
  private volatile Block last = new Block(-1, new long[0]);
  private volatile Block before = last;

  private static final class Block {
    private final int number;
    private final long[] words;

    Block(int number, long[] words) {
      this.number = number;
      this.words = words;
    }
  }

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
    Layout layout = sum.layout();
    Slot declared = layout.slots().get(slot);
    double[] values = new double[declared.size()];
    int wanted = row / layout.rowsPerBlock();
    long[] words = words(wanted);
    int at = at(slot, wanted, row);
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.scalb((double) words[at + i], -declared.scaleBits());
    }
    return values;
  }

  /** Word of an element of a narrow slot. */
  public long word(int slot, int row, int element) {
    int wanted = row / sum.layout().rowsPerBlock();
    return words(wanted)[at(slot, wanted, row) + element];
  }

  /** Where the elements of a row's slot begin in their block. */
  private int at(int slot, int block, int row) {
    Layout layout = sum.layout();
    int within = row - block * layout.rowsPerBlock();
    return layout.offset(slot, block) + within * layout.slots().get(slot).size();
  }

  private long[] words(int wanted) {
    Block here = last;
    if (here.number == wanted) {
      return here.words;
    }
    here = before;
    return here.number == wanted ? here.words : fetched(wanted);
  }

  private synchronized long[] fetched(int wanted) {
    if (last.number == wanted || before.number == wanted) {
      return words(wanted);
    }
    Block block = new Block(wanted, sum.words(wanted));
    before = last;
    last = block;
    return block.words;
  }
}
