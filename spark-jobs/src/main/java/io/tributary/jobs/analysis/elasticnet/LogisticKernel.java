package io.tributary.jobs.analysis.elasticnet;

import io.tributary.codec.GridSum;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.RowBlocks;
import io.tributary.jobs.analysis.ScoreSums;
import java.util.List;

/**
 * One iteration's sums of many logistic models side by side, each over its own rows z = [1,
 * columns]: deviance, score (y - p) z, information p (1 - p) z z'.
 *
 * @param running the models that have not ended
 */
record LogisticKernel(NetScaling scaling, List<Running> running) implements RowBlocks.Kernel {
  static final String DEVIANCES = "deviances";

  /** Followed by the model's number. */
  static final String SCORE = "score ";

  static final String INFORMATION = "information ";

  LogisticKernel {
    running = List.copyOf(running);
  }

  /**
   * A model.
   *
   * @param left the part whose rows it has not, -1 for none
   */
  record Running(int left, Reals coefficients, ScoreSums.Places places)
      implements java.io.Serializable {}

  @Override
  public void add(double[] block, GridSum sum) {
    int models = running.size();
    ScoreSums[] sums = new ScoreSums[models];
    double[][] coefficients = new double[models][];
    for (int m = 0; m < models; m++) {
      sums[m] = new ScoreSums(running.get(m).places(), sum.words());
      coefficients[m] = running.get(m).coefficients().toArray();
    }
    int deviances = sum.slot(DEVIANCES);
    double[] z = new double[1 + scaling.columns()];
    int width = PartReader.COLUMNS + scaling.columns();
    for (int row = 1; row < block.length; row += width) {
      int part = (int) block[row + PartReader.PART];
      boolean event = block[row + PartReader.OUTCOME] == 1;
      double most = scaling.write(block, row, DEVIANCES, z);
      for (int m = 0; m < models; m++) {
        if (running.get(m).left() == part) {
          continue;
        }
        double predictor = predictor(z, coefficients[m]);
        // Of the outcome that it was: its log odds, and the probability that it would not be.
        double said = event ? predictor : -predictor;
        double small = StrictMath.exp(-Math.abs(said));
        double missed = (said > 0 ? small : 1) / (1 + small);
        double weight = small / ((1 + small) * (1 + small));
        sum.add(deviances, m, 2 * (Math.max(0, -said) + StrictMath.log1p(small)));
        sums[m].add(z, most, event ? missed : -missed, weight);
      }
    }
    for (ScoreSums of : sums) {
      of.flush();
    }
  }

  static double predictor(double[] z, double[] coefficients) {
    double predictor = 0;
    for (int j = 0; j < z.length; j++) {
      predictor += coefficients[j] * z[j];
    }
    return predictor;
  }
}
