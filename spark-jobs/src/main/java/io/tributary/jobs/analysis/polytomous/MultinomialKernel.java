package io.tributary.jobs.analysis.polytomous;

import io.tributary.codec.GridSum;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.RowBlocks;
import io.tributary.jobs.analysis.ScoreSums;
import java.util.List;

/**
 * One iteration's sums over rows z = [1, columns], with p_k the probability of level k: for each
 * level but the first the score (1{y = k} - p_k) z, and for each pair the information p_k (1 - p_k)
 * z z', or p_k p_l z z' of different levels, which enters with a minus (Agresti 2013, section 8.1).
 *
 * @param places of each pair of levels, k at most l, row by row
 * @param levels of the outcome
 */
record MultinomialKernel(
    ColumnScaling scaling,
    List<ScoreSums.Places> places,
    int levels,
    Reals coefficients,
    Reals previous)
    implements RowBlocks.Kernel {
  MultinomialKernel {
    places = List.copyOf(places);
  }

  @Override
  public void add(double[] block, GridSum sum) {
    ScoreSums[] sums = new ScoreSums[places.size()];
    for (int i = 0; i < sums.length; i++) {
      sums[i] = new ScoreSums(places.get(i), sum.words());
    }
    int objective = sum.slot(PolytomousModel.OBJECTIVE);
    int moved = sum.slot(PolytomousModel.MOVED);
    double[] now = coefficients.toArray();
    double[] before = previous.toArray();
    double[] z = new double[1 + scaling.columns()];
    z[0] = 1;
    double[] predictors = new double[levels];
    double[] earlier = new double[levels];
    int width = CategoryReader.COLUMNS + scaling.columns();
    for (int row = 1; row < block.length; row += width) {
      double w = block[row + CategoryReader.WEIGHT];
      int level = (int) block[row + CategoryReader.LEVEL];
      double most = scaling.write(block, row, PolytomousModel.OBJECTIVE, z, 1);
      predict(z, now, predictors);
      predict(z, before, earlier);
      for (int k = 1; k < levels; k++) {
        if (Math.abs(predictors[k] - earlier[k]) > PolytomousModel.FAR) {
          sum.count(moved, 0, 1);
          break;
        }
      }
      sum.add(objective, 0, -2 * w * probabilities(predictors, level));
      int pair = 0;
      for (int k = 1; k < levels; k++) {
        double p = predictors[k];
        double rest = rest(predictors, k);
        double residual = level == k ? rest : -p;
        sums[pair++].add(z, most, w * residual, w * (p * rest));
        for (int l = k + 1; l < levels; l++) {
          sums[pair++].add(z, most, 0, w * (p * predictors[l]));
        }
      }
    }
    for (ScoreSums of : sums) {
      of.flush();
    }
  }

  private static void predict(double[] z, double[] coefficients, double[] into) {
    for (int k = 1; k < into.length; k++) {
      double predictor = 0;
      for (int j = 0; j < z.length; j++) {
        predictor += coefficients[(k - 1) * z.length + j] * z[j];
      }
      into[k] = predictor;
    }
  }

  /** Turns predictors, the first one 0, into probabilities; gives a level's logarithm. */
  private static double probabilities(double[] predictors, int level) {
    predictors[0] = 0;
    double greatest = 0;
    for (double predictor : predictors) {
      greatest = Math.max(greatest, predictor);
    }
    double total = 0;
    double own = predictors[level] - greatest;
    for (int k = 0; k < predictors.length; k++) {
      predictors[k] = StrictMath.exp(predictors[k] - greatest);
      total += predictors[k];
    }
    for (int k = 0; k < predictors.length; k++) {
      predictors[k] /= total;
    }
    return own - StrictMath.log(total);
  }

  /** 1 - p_k, which keeps its digits where p_k is near 1. */
  private static double rest(double[] probabilities, int k) {
    double rest = 0;
    for (int l = 0; l < probabilities.length; l++) {
      rest += l == k ? 0 : probabilities[l];
    }
    return rest;
  }
}
