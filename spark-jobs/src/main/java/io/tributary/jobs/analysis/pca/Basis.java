package io.tributary.jobs.analysis.pca;

import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.linalg.SymmetricEigen;

/**
 * What is known of the greatest eigenvectors of A = Z'Z after a product of A with an orthonormal
 * block: Ritz values, Ritz vectors, and how far these are from eigenvectors (Rayleigh and Ritz).
 *
 * @param vectors Ritz vectors, the one of the greatest value first; the greatest element of each is
 *     positive
 * @param images A times these
 * @param values Ritz values
 * @param residuals lengths of A x - value x, over the value
 */
record Basis(Block vectors, Block images, Reals values, Reals residuals) {
  /**
   * Turns an orthonormal block.
   *
   * @param product A times it
   */
  static Basis of(Block block, Block product) {
    int k = block.columns();
    double[] inner = block.products(product);
    double[] symmetric = new double[k * k];
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < k; j++) {
        symmetric[i * k + j] = (inner[i * k + j] + inner[j * k + i]) / 2;
      }
    }
    SymmetricEigen eigen = SymmetricEigen.of(k, symmetric);
    double[] turn = new double[k * k];
    double[] values = new double[k];
    for (int j = 0; j < k; j++) {
      values[j] = eigen.value(j);
      for (int i = 0; i < k; i++) {
        turn[i * k + j] = eigen.vector(i, j);
      }
    }
    Block vectors = block.times(turn);
    double[] signs = signs(vectors);
    Block turned = vectors.scaled(signs);
    Block images = product.times(turn).scaled(signs);
    Block off = images.combined(1, -1, turned.scaled(values));
    double[] residuals = new double[k];
    for (int j = 0; j < k; j++) {
      residuals[j] = values[j] > 0 ? off.length(j) / values[j] : Double.MAX_VALUE;
    }
    return new Basis(turned, images, Reals.of(values), Reals.of(residuals));
  }

  private static double[] signs(Block vectors) {
    double[] signs = new double[vectors.columns()];
    for (int j = 0; j < signs.length; j++) {
      double greatest = 0;
      for (int row = 0; row < vectors.rows(); row++) {
        double here = vectors.at(row, j);
        greatest = Math.abs(here) > Math.abs(greatest) ? here : greatest;
      }
      signs[j] = greatest < 0 ? -1 : 1;
    }
    return signs;
  }

  /** How many of the first values are not zero but for rounding, one at least. */
  int positive(int some) {
    int positive = 1;
    while (positive < some && values.at(positive) > 0x1p-30 * values.at(0)) {
      positive++;
    }
    return positive;
  }

  /** Greatest residual of the first vectors. */
  double residual(int some) {
    double greatest = 0;
    for (int j = 0; j < some; j++) {
      greatest = Math.max(greatest, residuals.at(j));
    }
    return greatest;
  }
}
