package io.tributary.jobs.analysis.glm;

import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.linalg.Cholesky;

/**
 * Newton's method on noised sums (Ganesh et al. 2023 for its use under privacy). Pure functions of
 * public numbers.
 *
 * <p>A noised information H need not be positive definite: then H + r I is used, r from sd sqrt(p)
 * doubled until it is, about the size of the noise's largest eigenvalue. With score s whose
 * elements have noise of deviance v, the step H^-1 s adds v H^-2 to the covariance H^-1.
 */
final class NoisedNewton {
  /** Largest change of a linear predictor in one step; |z| is at most 1 in each column. */
  static final double MOST_STEP = 4;

  /** A last step beyond this and 6 standard deviations of its noise has not settled. */
  static final double SETTLED = 0.1;

  private static final int MAX_DOUBLINGS = 80;

  private final int size;
  private final double[] inverse;

  private NoisedNewton(int size, double[] inverse) {
    this.size = size;
    this.inverse = inverse;
  }

  /**
   * Takes a noised information.
   *
   * @param upper upper triangle, packed by rows
   * @param sd of the noise in each element
   */
  static NoisedNewton of(int size, double[] upper, double sd) {
    double ridge = 0;
    for (int doubling = 0; doubling < MAX_DOUBLINGS; doubling++) {
      double[] matrix = upper.clone();
      for (int j = 0; j < size; j++) {
        matrix[Cholesky.packed(size, j, j)] += ridge;
      }
      Cholesky factor = Cholesky.of(size, matrix, 1e-10);
      if (factor.aliased().isEmpty()) {
        return new NoisedNewton(size, factor.inverse());
      }
      ridge = ridge == 0 ? Math.max(sd * Math.sqrt(size), 1e-9) : 2 * ridge;
    }
    throw new IllegalStateException("no ridge is enough");
  }

  /** H^-1, row-major [p x p]. */
  double[] inverse() {
    return inverse.clone();
  }

  /** H^-1 s, [p]. */
  double[] step(double[] score) {
    double[] step = new double[size];
    for (int j = 0; j < size; j++) {
      for (int k = 0; k < size; k++) {
        step[j] += inverse[j * size + k] * score[k];
      }
    }
    return step;
  }

  /** v H^-2, row-major [p x p]. */
  double[] noise(double variance) {
    double[] noise = new double[size * size];
    for (int j = 0; j < size; j++) {
      for (int k = 0; k < size; k++) {
        for (int i = 0; i < size; i++) {
          noise[j * size + k] += variance * inverse[j * size + i] * inverse[i * size + k];
        }
      }
    }
    return noise;
  }

  /** The coefficients after a step, shortened so that no predictor moves by more than MOST_STEP. */
  static Reals moved(Reals beta, double[] step) {
    double reach = 0;
    for (double each : step) {
      reach += Math.abs(each);
    }
    double factor = reach > MOST_STEP ? MOST_STEP / reach : 1;
    double[] next = beta.toArray();
    for (int j = 0; j < next.length; j++) {
      next[j] += factor * step[j];
    }
    return Reals.of(next);
  }

  /** Whether a step is no longer than its noise explains. */
  static boolean isSettled(double[] step, double[] noise) {
    for (int j = 0; j < step.length; j++) {
      if (Math.abs(step[j]) > SETTLED + 6 * Math.sqrt(noise[j * step.length + j])) {
        return false;
      }
    }
    return true;
  }
}
