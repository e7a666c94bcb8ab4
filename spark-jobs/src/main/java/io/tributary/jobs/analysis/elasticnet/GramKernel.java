package io.tributary.jobs.analysis.elasticnet;

import io.tributary.codec.GridSum;
import io.tributary.jobs.analysis.RowBlocks;
import io.tributary.jobs.analysis.ScoreSums;
import java.util.List;

/**
 * Products of rows z = [1, columns] and the outcome y in each part: z y, z z', y^2.
 *
 * @param places of each part
 */
record GramKernel(NetScaling scaling, List<ScoreSums.Places> places) implements RowBlocks.Kernel {
  /** Followed by the part. */
  static final String PRODUCTS = "products ";

  static final String GRAM = "gram ";

  static final String SQUARES = "squares";

  GramKernel {
    places = List.copyOf(places);
  }

  @Override
  public void add(double[] block, GridSum sum) {
    ScoreSums[] sums = new ScoreSums[places.size()];
    for (int part = 0; part < sums.length; part++) {
      sums[part] = new ScoreSums(places.get(part), sum.words());
    }
    int squares = sum.slot(SQUARES);
    double[] z = new double[1 + scaling.columns()];
    int width = PartReader.COLUMNS + scaling.columns();
    for (int row = 1; row < block.length; row += width) {
      int part = (int) block[row + PartReader.PART];
      double most = scaling.write(block, row, SQUARES, z);
      double y = scaling.outcome(block, row, SQUARES);
      sums[part].add(z, most, y, 1);
      sum.add(squares, part, y * y);
    }
    for (ScoreSums of : sums) {
      of.flush();
    }
  }
}
