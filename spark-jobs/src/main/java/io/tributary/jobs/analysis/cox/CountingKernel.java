package io.tributary.jobs.analysis.cox;

import io.tributary.codec.GridSum;
import io.tributary.jobs.analysis.RowBlocks;
import io.tributary.jobs.analysis.cox.CoxState.Element;

/**
 * First sums of a model: rows on the grid, sums of the design's columns, of weight and offset.
 *
 * @param lives counts rows on the grid
 * @param weightAt position of the weight in a row
 * @param columns of the design
 */
record CountingKernel(RowBlocks.Kernel lives, int weightAt, int columns)
    implements RowBlocks.Kernel {
  static final String DESIGN = "design";
  static final String ABSOLUTES = "absolute design";
  static final String OTHERS = "weight and offset";

  @Override
  public void add(double[] block, GridSum sum) {
    lives.add(block, sum);
    int design = sum.slot(DESIGN + ".high");
    int absolutes = sum.slot(ABSOLUTES + ".high");
    int others = sum.slot(OTHERS + ".high");
    int first = weightAt + 3;
    for (int row = 1; row < block.length; row += first + columns) {
      double w = block[row + weightAt];
      double offset = block[row + weightAt + 1];
      sum.unbounded(others, Element.W.position(), w);
      sum.unbounded(others, Element.OFFSET.position(), offset);
      sum.unbounded(others, Element.ABSOLUTE_OFFSET.position(), Math.abs(offset));
      for (int j = 0; j < columns; j++) {
        double x = block[row + first + j];
        sum.unbounded(design, j, x);
        sum.unbounded(absolutes, j, Math.abs(x));
      }
    }
  }
}
