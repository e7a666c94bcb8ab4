package io.tributary.jobs.analysis.glm;

import io.tributary.jobs.analysis.Counts;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.linalg.Cholesky;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** What is public between the rounds of a model. */
sealed interface GlmState {
  /** Levels of factors that nothing declares are looked for first. */
  record Discovering() implements GlmState {}

  /**
   * Counts and sums follow.
   *
   * @param levels found for each factor that nothing declares, in the order of its variables
   */
  record Counting(List<Counts> levels) implements GlmState {
    public Counting {
      levels = List.copyOf(levels);
    }
  }

  /** Squares about centres follow. */
  record Spreading(List<Counts> levels, Counted counted) implements GlmState {
    public Spreading {
      levels = List.copyOf(levels);
    }
  }

  /** Deviance, score and information at the iteration's coefficients follow. */
  record Fitting(List<Counts> levels, Counted counted, Spread spread, Iteration iteration)
      implements GlmState {
    public Fitting {
      levels = List.copyOf(levels);
    }
  }

  /** Squares of score residuals at the estimate follow. */
  record Squaring(List<Counts> levels, Counted counted, Spread spread, Estimate estimate)
      implements GlmState {
    public Squaring {
      levels = List.copyOf(levels);
    }
  }

  /**
   * Sums of the first round over complete rows of positive weight.
   *
   * @param persons rows
   * @param dropped rows with a missing value
   * @param unweighted rows of weight zero
   * @param events rows with outcome 1 (binomial) or above 0 (poisson variance)
   * @param clusters of rows; as many as persons where a row is one
   * @param design exact sums of each column, [columns]
   * @param absolutes exact sums of their absolute values, [columns]
   * @param outcome exact sums by {@link Element}
   */
  record Counted(
      long persons,
      long dropped,
      long unweighted,
      long events,
      long clusters,
      List<BigDecimal> design,
      List<BigDecimal> absolutes,
      List<BigDecimal> outcome) {
    public Counted {
      design = List.copyOf(design);
      absolutes = List.copyOf(absolutes);
      outcome = List.copyOf(outcome);
    }

    BigDecimal outcome(Element element) {
      return outcome.get(element.position());
    }
  }

  /**
   * What is summed about outcome, weight w and offset o; y is the outcome, less o in a linear
   * model.
   */
  enum Element {
    Y(0),
    ABSOLUTE_Y(1),
    W(2),
    W_Y(3),
    LOG_W(4),
    OFFSET(5),
    ABSOLUTE_OFFSET(6),
    /** w y log y, 0 at y = 0, for poisson variance. */
    W_Y_LOG_Y(7),
    /**
     * What a family's likelihood needs: w (y log y - y - log y!) for poisson, w log y for gamma and
     * inverse gaussian.
     */
    LIKELIHOOD(8);

    static final int COUNT = 9;

    private final int position;

    Element(int position) {
      this.position = position;
    }

    /** Element of the slot. */
    int position() {
      return position;
    }
  }

  /**
   * Exact sums of squares about centres.
   *
   * @param design of each column about its centre, [columns]
   * @param outcome of y about its centre
   * @param weighted of w (y - weighted mean)^2
   * @param offset of the offset about its mean
   */
  record Spread(
      List<BigDecimal> design, BigDecimal outcome, BigDecimal weighted, BigDecimal offset) {
    public Spread {
      design = List.copyOf(design);
    }
  }

  /**
   * Where the fit stands. Coefficients are those of centred and scaled columns, the intercept first
   * if there is one.
   *
   * @param step Newton steps taken or halved so far
   * @param last whether only the final sums are missing
   * @param halvings of the step that led here
   * @param beta coefficients
   * @param previous coefficients one accepted step before, equal to beta at the start
   * @param previousDeviance deviance there, infinite at the start; minus twice the log-likelihood
   *     where theta is estimated
   * @param nullIntercept of the model with offset and intercept alone
   * @param theta where it is estimated, else infinite
   * @param previousTheta one accepted step before
   */
  record Iteration(
      int step,
      boolean last,
      int halvings,
      Reals beta,
      Reals previous,
      double previousDeviance,
      double nullIntercept,
      double theta,
      double previousTheta) {}

  /**
   * Where the fit ended.
   *
   * @param beta of centred and scaled columns
   * @param information there, its upper triangle packed by rows
   * @param deviance in the outcome's own scale
   * @param pearson Pearson's statistic where it is summed, else 0
   * @param nullDeviance as far as it was fitted beside, else 0
   * @param iterations steps
   * @param theta where it is estimated
   */
  record Estimate(
      Reals beta,
      Reals information,
      double deviance,
      double pearson,
      double nullDeviance,
      int iterations,
      Optional<Theta> theta) {
    /** The inverse of the information, row-major [p x p]. */
    double[] inverse() {
      return Cholesky.of(beta.size(), information.toArray(), 0).inverse();
    }
  }

  /**
   * The estimate of theta.
   *
   * @param value above 0
   * @param stdError from the observed information at the coefficients
   * @param minusTwoLogLikelihood of the whole model
   */
  record Theta(double value, double stdError, double minusTwoLogLikelihood) {}
}
