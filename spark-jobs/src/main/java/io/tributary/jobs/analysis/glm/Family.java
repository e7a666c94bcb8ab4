package io.tributary.jobs.analysis.glm;

import java.util.List;

/** Distribution of the outcome, each with its canonical link (McCullagh and Nelder 1989, 2.2). */
enum Family {
  /** Identity link; dispersion estimated, t tests. */
  GAUSSIAN("gaussian", "identity"),
  /** Logit link; dispersion 1, z tests. */
  BINOMIAL("binomial", "logit"),
  /** Log link; dispersion 1, z tests. */
  POISSON("poisson", "log");

  static final List<String> WORDS = List.of("gaussian", "binomial", "poisson");

  private final String word;
  private final String link;

  Family(String word, String link) {
    this.word = word;
    this.link = link;
  }

  String word() {
    return word;
  }

  String link() {
    return link;
  }

  static Family of(String word) {
    return values()[WORDS.indexOf(word)];
  }

  /**
   * One person at a linear predictor.
   *
   * @param y outcome
   * @param eta linear predictor
   * @param out receives mean, y - mean, variance function at the mean, unit deviance
   */
  void evaluate(double y, double eta, double[] out) {
    switch (this) {
      case GAUSSIAN -> {
        double residual = y - eta;
        out[0] = eta;
        out[1] = residual;
        out[2] = 1;
        out[3] = residual * residual;
      }
      case BINOMIAL -> logit(y, eta, out);
      case POISSON -> {
        double mu = StrictMath.exp(eta);
        out[0] = mu;
        out[1] = y - mu;
        out[2] = mu;
        out[3] = y > 0 ? 2 * (y * (StrictMath.log(y) - eta) - (y - mu)) : 2 * mu;
      }
    }
  }

  /** All from exp(-|eta|), so that neither tail loses digits. */
  private static void logit(double y, double eta, double[] out) {
    double e = StrictMath.exp(-Math.abs(eta));
    double near = 1 / (1 + e);
    double far = e / (1 + e);
    double mu = eta >= 0 ? near : far;
    double rest = eta >= 0 ? far : near;
    out[0] = mu;
    out[1] = y == 1 ? rest : -mu;
    out[2] = near * far;
    double wrongSide = y == 1 ? Math.max(-eta, 0) : Math.max(eta, 0);
    out[3] = 2 * (StrictMath.log1p(e) + wrongSide);
  }
}
