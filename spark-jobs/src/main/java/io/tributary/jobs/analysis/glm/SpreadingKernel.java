package io.tributary.jobs.analysis.glm;

import io.tributary.codec.GridSum;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.RowBlocks;

/**
 * Second round of a model: squares about public centres.
 *
 * @param design centre of each column
 * @param outcome centre of y
 * @param weighted weighted mean of y
 * @param offset mean of the offset
 */
record SpreadingKernel(Reals design, double outcome, double weighted, double offset)
    implements RowBlocks.Kernel {
  static final String DESIGN = "squares ";
  static final String OUTCOME = "outcome squares";
  static final String WEIGHTED = "weighted outcome squares";
  static final String OFFSET = "offset squares";

  @Override
  public void add(double[] block, GridSum sum) {
    int width = DesignReader.BEFORE + design.size();
    int outcomes = sum.slot(OUTCOME);
    int weights = sum.slot(WEIGHTED);
    int offsets = sum.slot(OFFSET);
    int columns = design.size() == 0 ? 0 : sum.slot(DESIGN + 0);
    for (int row = 1; row < block.length; row += width) {
      double w = block[row + 1];
      if (w == 0) {
        continue;
      }
      double y = block[row] - outcome;
      double about = block[row] - weighted;
      double o = block[row + 2] - offset;
      sum.add(outcomes, 0, y * y);
      sum.add(weights, 0, w * (about * about));
      sum.add(offsets, 0, o * o);
      for (int j = 0; j < design.size(); j++) {
        double x = block[row + DesignReader.BEFORE + j] - design.at(j);
        sum.add(columns + j, 0, x * x);
      }
    }
  }
}
