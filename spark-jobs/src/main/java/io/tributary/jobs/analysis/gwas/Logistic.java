package io.tributary.jobs.analysis.gwas;

/** One person's part of a logistic likelihood; right where the mean is next to 0 or 1 too. */
final class Logistic {
  private double residual;
  private double weight;
  private double skew;

  /**
   * Sets the person.
   *
   * @param eta linear predictor
   * @param y outcome, 0 or 1
   */
  void set(double eta, double y) {
    double e = StrictMath.exp(-Math.abs(eta));
    double near = 1 / (1 + e);
    double far = e * near;
    double mean = eta >= 0 ? near : far;
    double rest = eta >= 0 ? far : near;
    residual = y == 1 ? rest : -mean;
    weight = near * far;
    skew = weight * (rest - mean);
  }

  /** y - mu. */
  double residual() {
    return residual;
  }

  /** w = mu (1 - mu), at most 1/4. */
  double weight() {
    return weight;
  }

  /** Derivative of the weight by the predictor, w (1 - 2 mu); at most 0.0963. */
  double skew() {
    return skew;
  }
}
