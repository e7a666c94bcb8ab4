package io.tributary.jobs.analysis.glm;

import java.util.Arrays;
import java.util.List;

/**
 * Variance functions V(mean) of the exponential families, each with its unit deviance and its links
 * (McCullagh and Nelder 1989, tables 2.1 and 2.3).
 */
enum Variance {
  /** V = 1. */
  CONSTANT(false) {
    @Override
    List<Link> links() {
      return List.of(Link.IDENTITY, Link.LOG);
    }

    @Override
    double at(double mean) {
      return 1;
    }

    @Override
    void weigh(double y, double mean, double rest, double slope, double theta, double[] out) {
      double residual = y - mean;
      set(out, mean, residual * slope, slope * slope, residual * residual, residual * residual);
    }
  },
  /** V = mean (1 - mean), for outcomes 0 and 1. */
  BINOMIAL(false) {
    @Override
    List<Link> links() {
      return List.of(Link.LOGIT, Link.PROBIT, Link.CLOGLOG, Link.CAUCHIT);
    }

    @Override
    double at(double mean) {
      return mean * (1 - mean);
    }

    @Override
    void weigh(double y, double mean, double rest, double slope, double theta, double[] out) {
      double weight = (slope / mean) * (slope / rest);
      if (y == 1) {
        set(out, mean, slope / mean, weight, minusTwoLog(mean, rest), rest / mean);
      } else {
        set(out, mean, -slope / rest, weight, minusTwoLog(rest, mean), mean / rest);
      }
    }
  },
  /** V = mean. */
  MEAN(true) {
    @Override
    List<Link> links() {
      return List.of(Link.LOG, Link.SQRT, Link.IDENTITY);
    }

    @Override
    double at(double mean) {
      return mean;
    }

    @Override
    void weigh(double y, double mean, double rest, double slope, double theta, double[] out) {
      double residual = y - mean;
      double deviance = y > 0 ? 2 * (y * StrictMath.log(y / mean) - residual) : 2 * mean;
      set(
          out,
          mean,
          residual * (slope / mean),
          slope * (slope / mean),
          deviance,
          residual * (residual / mean));
    }
  },
  /** V = mean + mean^2 / theta. */
  OVERDISPERSED(true) {
    @Override
    List<Link> links() {
      return MEAN.links();
    }

    /** That of theta without end, below which no bound may lie. */
    @Override
    double at(double mean) {
      return mean;
    }

    @Override
    void weigh(double y, double mean, double rest, double slope, double theta, double[] out) {
      double residual = y - mean;
      double variance = mean * (1 + mean / theta);
      double spread = (y + theta) * StrictMath.log1p(residual / (mean + theta));
      double deviance = 2 * ((y > 0 ? y * StrictMath.log(y / mean) : 0) - spread);
      set(
          out,
          mean,
          residual * (slope / variance),
          slope * (slope / variance),
          deviance,
          residual * (residual / variance));
    }
  },
  /** V = mean^2. */
  SQUARE(true) {
    @Override
    List<Link> links() {
      return List.of(Link.INVERSE, Link.LOG, Link.IDENTITY);
    }

    @Override
    double at(double mean) {
      return mean * mean;
    }

    @Override
    void weigh(double y, double mean, double rest, double slope, double theta, double[] out) {
      double off = (y - mean) / mean;
      double relative = slope / mean;
      double log = off < -0.5 ? StrictMath.log(y / mean) : StrictMath.log1p(off);
      set(out, mean, off * relative, relative * relative, 2 * (off - log), off * off);
    }
  },
  /** V = mean^3. */
  CUBE(true) {
    @Override
    List<Link> links() {
      return List.of(Link.INVERSE_SQUARE, Link.LOG, Link.INVERSE);
    }

    @Override
    double at(double mean) {
      return mean * mean * mean;
    }

    @Override
    void weigh(double y, double mean, double rest, double slope, double theta, double[] out) {
      double off = (y - mean) / mean;
      double relative = slope / mean;
      set(
          out,
          mean,
          off * (relative / mean),
          relative * (relative / mean),
          off * (off / y),
          off * (off / mean));
    }
  };

  private final boolean positive;

  Variance(boolean positive) {
    this.positive = positive;
  }

  /** Links of families with this variance, the canonical one first. */
  abstract List<Link> links();

  /** V at a mean. */
  abstract double at(double mean);

  /**
   * What {@link #evaluate} gives, from the mean, 1 - mean, the mean's derivative and theta, which
   * only one variance has.
   */
  abstract void weigh(double y, double mean, double rest, double slope, double theta, double[] out);

  /**
   * One person under a link; NaN where the mean leaves its range.
   *
   * @param theta of an overdispersed count, else not looked at
   * @param out receives mean, score factor (y - mean) mean' / V, weight mean'^2 / V, unit deviance
   *     and Pearson's (y - mean)^2 / V
   */
  void evaluate(Link link, double theta, double y, double eta, double[] out) {
    link.evaluate(eta, out);
    if (positive && !(out[0] > 0)) {
      Arrays.fill(out, Double.NaN);
      return;
    }
    weigh(y, out[0], out[1], out[2], theta, out);
  }

  /** -2 log p, with 1 - p for a p near 1. */
  private static double minusTwoLog(double p, double rest) {
    return -2 * (p > 0.5 ? StrictMath.log1p(-rest) : StrictMath.log(p));
  }

  private static void set(
      double[] out, double mean, double score, double weight, double deviance, double pearson) {
    out[0] = mean;
    out[1] = score;
    out[2] = weight;
    out[3] = deviance;
    out[4] = pearson;
  }
}
