package io.tributary.jobs.analysis.glm;

import io.tributary.jobs.analysis.BinaryOutcome;
import io.tributary.jobs.analysis.glm.GlmState.Counted;
import io.tributary.jobs.analysis.glm.GlmState.Element;
import io.tributary.jobs.probability.LogFactorial;
import io.tributary.study.Errors;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * Distribution of the outcome, each with its variance function (McCullagh and Nelder 1989, 2.2) and
 * its likelihood as R's family objects count it.
 */
enum Family {
  GAUSSIAN("gaussian", Variance.CONSTANT) {
    @Override
    OptionalDouble logLikelihood(Counted counted, double deviance) {
      double n = counted.persons();
      return OptionalDouble.of(
          -n / 2 * (StrictMath.log(2 * Math.PI * deviance / n) + 1)
              + counted.outcome(Element.LOG_W).doubleValue() / 2);
    }
  },
  /** Outcomes 0 and 1; dispersion 1, z tests. */
  BINOMIAL("binomial", Variance.BINOMIAL) {
    @Override
    OptionalDouble logLikelihood(Counted counted, double deviance) {
      return OptionalDouble.of(-deviance / 2);
    }
  },
  /** Counts; dispersion 1, z tests. */
  POISSON("poisson", Variance.MEAN) {
    @Override
    double likelihoodTerm(double y) {
      return LogFactorial.saturatedPoisson((long) y);
    }

    @Override
    OptionalDouble logLikelihood(Counted counted, double deviance) {
      return OptionalDouble.of(counted.outcome(Element.LIKELIHOOD).doubleValue() - deviance / 2);
    }
  },
  /** Counts that vary more than poisson; theta is estimated, dispersion 1, z tests. */
  NEGATIVE_BINOMIAL("negative-binomial", Variance.OVERDISPERSED),
  /** Outcomes above 0; Pearson's dispersion, t tests. */
  GAMMA("gamma", Variance.SQUARE) {
    @Override
    double likelihoodTerm(double y) {
      return StrictMath.log(y);
    }

    /** At dispersion deviance / weights; the means cancel against the deviance. */
    @Override
    OptionalDouble logLikelihood(Counted counted, double deviance) {
      double weights = counted.outcome(Element.W).doubleValue();
      double shape = weights / deviance;
      return OptionalDouble.of(
          weights * (LogFactorial.gammaPeak(shape) - 0.5)
              - counted.outcome(Element.LIKELIHOOD).doubleValue());
    }
  },
  /** Outcomes above 0; Pearson's dispersion, t tests. */
  INVERSE_GAUSSIAN("inverse-gaussian", Variance.CUBE) {
    @Override
    double likelihoodTerm(double y) {
      return StrictMath.log(y);
    }

    /** At dispersion deviance / weights. */
    @Override
    OptionalDouble logLikelihood(Counted counted, double deviance) {
      double weights = counted.outcome(Element.W).doubleValue();
      double logs = counted.outcome(Element.LIKELIHOOD).doubleValue();
      return OptionalDouble.of(
          -(weights * (StrictMath.log(2 * Math.PI * deviance / weights) + 1) + 3 * logs) / 2);
    }
  },
  /** Binomial variance, Pearson's dispersion, t tests, no likelihood. */
  QUASIBINOMIAL("quasibinomial", Variance.BINOMIAL),
  /** Poisson variance, Pearson's dispersion, t tests, no likelihood; y need not be whole. */
  QUASIPOISSON("quasipoisson", Variance.MEAN);

  static final List<String> WORDS = Stream.of(values()).map(Family::word).toList();

  private final String word;
  private final Variance variance;

  Family(String word, Variance variance) {
    this.word = word;
    this.variance = variance;
  }

  String word() {
    return word;
  }

  Variance variance() {
    return variance;
  }

  /** Links it may have, the default one first. */
  List<Link> links() {
    return variance.links();
  }

  static Family of(String word) {
    return values()[WORDS.indexOf(word)];
  }

  /** Whether an outcome above 0 is an event, so that persons with and without one are counted. */
  boolean hasEvents() {
    return variance == Variance.BINOMIAL
        || variance == Variance.MEAN
        || variance == Variance.OVERDISPERSED;
  }

  /** Whether dispersion is estimated, and tests are t tests. */
  boolean estimatesDispersion() {
    return this != BINOMIAL && this != POISSON && this != NEGATIVE_BINOMIAL;
  }

  /** Whether a theta is estimated beside the coefficients. */
  boolean estimatesTheta() {
    return variance == Variance.OVERDISPERSED;
  }

  /** Whether Pearson's statistic is summed; for gaussian it is the deviance. */
  boolean sumsPearson() {
    return estimatesDispersion() && variance != Variance.CONSTANT;
  }

  /** Whether there is a likelihood; quasi families have none. */
  boolean hasLikelihood() {
    return this != QUASIBINOMIAL && this != QUASIPOISSON;
  }

  /**
   * Likelihood parameters beside the coefficients: an estimated dispersion counts as one in R, and
   * theta.
   */
  int extraParameters() {
    return estimatesTheta() || (estimatesDispersion() && hasLikelihood()) ? 1 : 0;
  }

  /** What a person of weight 1 adds to {@link Element#LIKELIHOOD}. */
  double likelihoodTerm(double y) {
    return 0;
  }

  /**
   * As R's logLik counts it, from the first round's sums and the residual deviance; empty for quasi
   * families, and where it is summed beside theta.
   */
  OptionalDouble logLikelihood(Counted counted, double deviance) {
    return OptionalDouble.empty();
  }

  /** DATA_INVALID for an outcome this family cannot have. */
  void check(String label, double y) {
    switch (variance) {
      case CONSTANT -> {}
      case BINOMIAL -> BinaryOutcome.check(label, y, word);
      case MEAN, OVERDISPERSED -> {
        if (this != QUASIPOISSON && !(y >= 0 && y == Math.rint(y) && y <= 0x1p53)) {
          throw Errors.badColumn(
              label,
              "a value is not a whole number of at least 0, which a " + word + " outcome must be.",
              "Count events, and give the time at risk as offset(log(time)).");
        }
        if (!(y >= 0)) {
          throw Errors.badColumn(
              label,
              "a value is negative, which a " + word + " outcome cannot be.",
              "Give numbers of at least 0, or take family gaussian.");
        }
      }
      case SQUARE, CUBE -> {
        if (!(y > 0)) {
          throw Errors.badColumn(
              label,
              "a value is not above 0, which a " + word + " outcome must be.",
              "Leave such rows out with a filter, or take another family.");
        }
      }
    }
  }
}
