package io.tributary.jobs.analysis.glm;

import io.tributary.jobs.probability.Tails;

/**
 * Link functions g with g(mean) = linear predictor, as R's make.link has them (McCullagh and Nelder
 * 1989, 2.2.4 and 4.3.1). Predictors outside a link's domain give NaN.
 */
enum Link {
  IDENTITY("identity", true) {
    @Override
    void evaluate(double eta, double[] out) {
      set(out, eta, 1 - eta, 1);
    }

    @Override
    double of(double mean) {
      return mean;
    }
  },
  LOG("log", true) {
    @Override
    void evaluate(double eta, double[] out) {
      double mean = StrictMath.exp(eta);
      set(out, mean, 1 - mean, mean);
    }

    @Override
    double of(double mean) {
      return StrictMath.log(mean);
    }
  },
  LOGIT("logit", true) {
    @Override
    void evaluate(double eta, double[] out) {
      double e = StrictMath.exp(-Math.abs(eta));
      double near = 1 / (1 + e);
      double far = e / (1 + e);
      set(out, eta >= 0 ? near : far, eta >= 0 ? far : near, near * far);
    }

    @Override
    double of(double mean) {
      return StrictMath.log(mean / (1 - mean));
    }
  },
  PROBIT("probit", true) {
    @Override
    void evaluate(double eta, double[] out) {
      double far = StrictMath.exp(Tails.logNormalUpper(Math.abs(eta)));
      double slope = StrictMath.exp(-eta * eta / 2) / SQRT_2PI;
      set(out, eta >= 0 ? 1 - far : far, eta >= 0 ? far : 1 - far, slope);
    }

    @Override
    double of(double mean) {
      // normalQuantile takes the level of a two-sided interval.
      double quantile = Tails.normalQuantile(Math.abs(2 * mean - 1));
      return mean >= 0.5 ? quantile : -quantile;
    }
  },
  CLOGLOG("cloglog", true) {
    @Override
    void evaluate(double eta, double[] out) {
      double hazard = StrictMath.exp(eta);
      double rest = StrictMath.exp(-hazard);
      set(out, -StrictMath.expm1(-hazard), rest, hazard * rest);
    }

    @Override
    double of(double mean) {
      return StrictMath.log(-StrictMath.log1p(-mean));
    }
  },
  CAUCHIT("cauchit", true) {
    @Override
    void evaluate(double eta, double[] out) {
      set(
          out,
          StrictMath.atan2(1, -eta) / Math.PI,
          StrictMath.atan2(1, eta) / Math.PI,
          1 / (Math.PI * (1 + eta * eta)));
    }

    @Override
    double of(double mean) {
      return StrictMath.tan(Math.PI * (mean - 0.5));
    }
  },
  INVERSE("inverse", false) {
    @Override
    void evaluate(double eta, double[] out) {
      double mean = eta > 0 ? 1 / eta : Double.NaN;
      set(out, mean, 1 - mean, -mean * mean);
    }

    @Override
    double of(double mean) {
      return 1 / mean;
    }
  },
  INVERSE_SQUARE("1/mu^2", false) {
    @Override
    void evaluate(double eta, double[] out) {
      double mean = eta > 0 ? 1 / Math.sqrt(eta) : Double.NaN;
      set(out, mean, 1 - mean, -mean / (2 * eta));
    }

    @Override
    double of(double mean) {
      return 1 / (mean * mean);
    }
  },
  SQRT("sqrt", false) {
    @Override
    void evaluate(double eta, double[] out) {
      double mean = eta > 0 ? eta * eta : Double.NaN;
      set(out, mean, 1 - mean, 2 * eta);
    }

    @Override
    double of(double mean) {
      return Math.sqrt(mean);
    }
  };

  private static final double SQRT_2PI = 2.5066282746310002;

  private final String word;
  private final boolean everywhere;

  Link(String word, boolean everywhere) {
    this.word = word;
    this.everywhere = everywhere;
  }

  String word() {
    return word;
  }

  /** Whether every predictor has a mean. */
  boolean everywhere() {
    return everywhere;
  }

  /**
   * The mean at a linear predictor.
   *
   * @param out receives mean, 1 - mean without cancellation where the mean is a probability, and
   *     the mean's derivative
   */
  abstract void evaluate(double eta, double[] out);

  /** g(mean). */
  abstract double of(double mean);

  private static void set(double[] out, double mean, double rest, double slope) {
    out[0] = mean;
    out[1] = rest;
    out[2] = slope;
  }
}
