package io.tributary.jobs.analysis.glm;

import io.tributary.jobs.analysis.Options;
import java.io.Serializable;
import java.util.List;

/**
 * A family with one of its links.
 *
 * @param theta of a negative binomial variance; infinite for other families, and until it is known
 */
record FamilyLink(Family family, Link link, double theta) implements Serializable {
  /** Doubles that {@link #evaluate} fills. */
  static final int OUT = 5;

  /** Reads the options {@code family} and {@code link}. */
  static FamilyLink of(Options options) {
    Family family = Family.of(options.word("family", "gaussian", Family.WORDS));
    List<String> words = family.links().stream().map(Link::word).toList();
    String word = options.word("link", words.get(0), words);
    return new FamilyLink(
        family, family.links().get(words.indexOf(word)), Double.POSITIVE_INFINITY);
  }

  /** A family with its default link. */
  static FamilyLink of(Family family) {
    return new FamilyLink(family, family.links().get(0), Double.POSITIVE_INFINITY);
  }

  /** The same with a theta. */
  FamilyLink at(double known) {
    return new FamilyLink(family, link, known);
  }

  /** Least squares: the outcome may be centred and scaled, and an offset taken off it. */
  boolean linear() {
    return family == Family.GAUSSIAN && link == Link.IDENTITY;
  }

  /**
   * Whether residual and weight of the iterations have bounds of their own: gaussian, binomial and
   * poisson variance with the canonical link. Other pairs have caps.
   */
  boolean bounded() {
    return link == family.links().get(0)
        && family.variance() != Variance.OVERDISPERSED
        && family.variance() != Variance.SQUARE
        && family.variance() != Variance.CUBE;
  }

  /** Whether every predictor has a mean that the family may have. */
  boolean everywhere() {
    return link.everywhere() && (linear() || link != Link.IDENTITY);
  }

  /** Whether a predictor of 0 is a start: with a probability, or where steps have bounds. */
  boolean startsAtZero() {
    return bounded() || family.variance() == Variance.BINOMIAL;
  }

  /** Change of a linear predictor that does not happen near a finite estimate. */
  double moved() {
    // With a canonical link a predictor on its way to infinity moves by 1 a step, else by less.
    return bounded() ? 0.1 : 1e-3;
  }

  /** Whether an estimate can lie at infinity with a deviance that settles. */
  boolean canSeparate() {
    return switch (family.variance()) {
      case BINOMIAL -> true;
      case CONSTANT, MEAN, OVERDISPERSED -> link == Link.LOG;
      case SQUARE, CUBE -> false;
    };
  }

  /**
   * One person at a linear predictor.
   *
   * @param y outcome
   * @param eta linear predictor
   * @param out [5] receives mean, score factor (y - mean) mean' / V, weight mean'^2 / V, unit
   *     deviance, Pearson's (y - mean)^2 / V; NaN where the mean leaves its range
   */
  void evaluate(double y, double eta, double[] out) {
    if (!bounded()) {
      family.variance().evaluate(link, theta, y, eta, out);
      return;
    }
    switch (family.variance()) {
      case CONSTANT -> {
        double residual = y - eta;
        out[0] = eta;
        out[1] = residual;
        out[2] = 1;
        out[3] = residual * residual;
        out[4] = out[3];
      }
      case BINOMIAL -> logit(y, eta, out);
      case MEAN -> {
        double mu = StrictMath.exp(eta);
        out[0] = mu;
        out[1] = y - mu;
        out[2] = mu;
        out[3] = y > 0 ? 2 * (y * (StrictMath.log(y) - eta) - (y - mu)) : 2 * mu;
        out[4] = y == mu ? 0 : (y - mu) * ((y - mu) / mu);
      }
      case OVERDISPERSED, SQUARE, CUBE -> throw new IllegalStateException(family + " has caps");
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
    out[4] = y == 1 ? rest / mu : mu / rest;
  }
}
