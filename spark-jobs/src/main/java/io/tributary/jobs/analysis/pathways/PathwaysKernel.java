package io.tributary.jobs.analysis.pathways;

import io.tributary.codec.GridSum;
import io.tributary.jobs.analysis.Field;
import io.tributary.jobs.analysis.RowBlocks;

/** Adds persons by pathway over rows [group, days...]. */
record PathwaysKernel(Pathways pathways, int treatments, int combine) implements RowBlocks.Kernel {
  @Override
  public void add(double[] block, GridSum sum) {
    int persons = sum.slot(PathwaysAnalysis.PERSONS);
    double[] days = new double[treatments];
    for (int row = 1; row < block.length; row += 1 + treatments) {
      for (int t = 0; t < treatments; t++) {
        days[t] = Field.wholeDays(block[row + 1 + t], "the day of a treatment");
      }
      sum.count(persons, pathways.of(days, combine), 1);
    }
  }
}
