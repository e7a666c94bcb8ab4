package io.tributary.jobs.analysis.elasticnet;

import io.tributary.codec.GridSum;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.RowBlocks;
import java.util.List;

/**
 * Deviances of each part's rows under the models that were fitted without them, with probabilities
 * kept away from 0 and 1 by 1e-5, as cv.glmnet has it.
 *
 * @param coefficients by part, then by penalty
 */
record JudgingKernel(NetScaling scaling, List<List<Reals>> coefficients)
    implements RowBlocks.Kernel {
  static final String DEVIANCES = "deviances";

  private static final double LEAST = 1e-5;

  /** Most that one row adds. */
  static final double MOST = 24;

  JudgingKernel {
    coefficients = coefficients.stream().map(List::copyOf).toList();
  }

  @Override
  public void add(double[] block, GridSum sum) {
    int deviances = sum.slot(DEVIANCES);
    int penalties = coefficients.get(0).size();
    double[][][] models =
        coefficients.stream()
            .map(path -> path.stream().map(Reals::toArray).toArray(double[][]::new))
            .toArray(double[][][]::new);
    double[] z = new double[1 + scaling.columns()];
    int width = PartReader.COLUMNS + scaling.columns();
    for (int row = 1; row < block.length; row += width) {
      int part = (int) block[row + PartReader.PART];
      boolean event = block[row + PartReader.OUTCOME] == 1;
      scaling.write(block, row, DEVIANCES, z);
      for (int i = 0; i < penalties; i++) {
        double predictor = LogisticKernel.predictor(z, models[part][i]);
        double p = 1 / (1 + StrictMath.exp(event ? -predictor : predictor));
        double kept = Math.min(Math.max(p, LEAST), 1 - LEAST);
        sum.add(deviances, part * penalties + i, -2 * StrictMath.log(kept));
      }
    }
  }
}
