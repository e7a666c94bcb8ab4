package io.tributary.jobs.analysis.glm;

import io.tributary.jobs.analysis.PersonRows;
import io.tributary.jobs.analysis.Reals;

/** What one row adds to the slots of {@link NoisedGlm}. */
final class NoisedGlmKernel implements PersonRows.Kernel {
  private final Family family;
  private final NoisedScaling scaling;
  private final Reals beta;
  private final double most;
  private final boolean counting;

  /**
   * @param most greatest mean of a person; poisson means are cut there
   * @param counting whether a last slot counts persons
   */
  NoisedGlmKernel(Family family, NoisedScaling scaling, Reals beta, double most, boolean counting) {
    this.family = family;
    this.scaling = scaling;
    this.beta = beta;
    this.most = most;
    this.counting = counting;
  }

  @Override
  public void add(double[] row, double[][] person) {
    double[] z = new double[scaling.size()];
    scaling.scale(row, DesignReader.BEFORE, z);
    if (counting) {
      person[person.length - 1][0]++;
    }
    if (family == Family.GAUSSIAN) {
      double y = (row[0] - scaling.outcomeCentre()) / scaling.outcomeReach();
      double bounded = Math.max(-1, Math.min(1, y));
      add(z, bounded, 1, person);
      person[2][0] += bounded * bounded;
      return;
    }
    double eta = 0;
    for (int j = 0; j < z.length; j++) {
      eta += beta.at(j) * z[j];
    }
    double[] at = new double[FamilyLink.OUT];
    FamilyLink.of(family)
        .evaluate(row[0], family == Family.POISSON ? Math.min(eta, StrictMath.log(most)) : eta, at);
    add(z, at[1], at[2], person);
  }

  /** Score r z, and the upper triangle of w z z', packed by rows. */
  private static void add(double[] z, double residual, double weight, double[][] person) {
    int at = 0;
    for (int j = 0; j < z.length; j++) {
      person[0][j] += residual * z[j];
      for (int k = j; k < z.length; k++) {
        person[1][at++] += weight * z[j] * z[k];
      }
    }
  }
}
