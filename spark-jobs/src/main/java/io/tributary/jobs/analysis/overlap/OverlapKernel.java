package io.tributary.jobs.analysis.overlap;

import io.tributary.codec.GridSum;
import io.tributary.jobs.analysis.RowBlocks;
import io.tributary.study.Errors;

/** Adds persons by combination over rows [group, flags...]. */
record OverlapKernel(int cohorts) implements RowBlocks.Kernel {
  @Override
  public void add(double[] block, GridSum sum) {
    for (int row = 1; row < block.length; row += 1 + cohorts) {
      int combination = combination(block, row + 1);
      if (combination < 0) {
        sum.count(sum.slot(OverlapAnalysis.MISSING), 0, 1);
      } else {
        sum.count(sum.slot(OverlapAnalysis.COMBINATIONS), combination, 1);
      }
    }
  }

  /** -1 if a value is missing. */
  private int combination(double[] block, int at) {
    int combination = 0;
    for (int cohort = 0; cohort < cohorts; cohort++) {
      double flag = block[at + cohort];
      if (Double.isNaN(flag)) {
        return -1;
      }
      if (flag != 0 && flag != 1) {
        throw Errors.badColumn(
            "a cohort's column",
            "a value is neither 0 nor 1.",
            "Derive a 0/1 column in the study.");
      }
      combination = 2 * combination + (int) flag;
    }
    return combination;
  }
}
