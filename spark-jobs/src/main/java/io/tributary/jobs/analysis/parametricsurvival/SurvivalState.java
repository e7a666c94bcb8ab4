package io.tributary.jobs.analysis.parametricsurvival;

import io.tributary.jobs.analysis.Reals;
import java.math.BigDecimal;
import java.util.List;

/** What is public between the rounds of a parametric model of times. */
sealed interface SurvivalState {
  /** Persons and sums of columns follow. */
  record Counting() implements SurvivalState {}

  /** Squares about means follow. */
  record Spreading(Counted counted) implements SurvivalState {}

  /** Log-likelihood, score and information at the iteration's coefficients follow. */
  record Fitting(Counted counted, Spread spread, Iteration iteration) implements SurvivalState {}

  /** Squares of score residuals at the estimate follow. */
  record Squaring(Counted counted, Spread spread, Estimate estimate) implements SurvivalState {}

  /**
   * Sums of the first round over complete rows of positive weight.
   *
   * @param events rows with the event
   * @param censored rows without
   * @param dropped rows with a missing value or weight 0
   * @param weights exact sum
   * @param numbers exact sums of the outcome and of each column, [1 + columns]
   * @param absolutes exact sums of their absolute values, [1 + columns]
   */
  record Counted(
      long events,
      long censored,
      long dropped,
      BigDecimal weights,
      List<BigDecimal> numbers,
      List<BigDecimal> absolutes) {
    public Counted {
      numbers = List.copyOf(numbers);
      absolutes = List.copyOf(absolutes);
    }

    long persons() {
      return events + censored;
    }
  }

  /**
   * Sums of the second round.
   *
   * @param squares of the outcome and of each column about their means, [1 + columns]
   * @param eventWeights weights of all events
   * @param eventLogTimes weighted sum of their log times
   */
  record Spread(List<BigDecimal> squares, BigDecimal eventWeights, BigDecimal eventLogTimes) {
    public Spread {
      squares = List.copyOf(squares);
    }
  }

  /**
   * Where the fit stands. Coefficients are those of u = intercept + columns + inverse scale times
   * outcome, of centred and scaled columns; the last one is missing where the scale is 1.
   *
   * @param ofNull whether columns have no coefficients yet: the model with intercept and scale
   *     alone
   * @param step Newton steps taken or halved so far
   * @param last whether only the final sums are missing
   * @param halvings of the step that led here
   * @param coefficients at which sums are taken
   * @param previous coefficients one accepted step before, equal to them at a start
   * @param previousObjective minus twice the log-likelihood there, infinite at a start
   * @param nullObjective that of the model without columns, 0 while it is fitted
   */
  record Iteration(
      boolean ofNull,
      int step,
      boolean last,
      int halvings,
      Reals coefficients,
      Reals previous,
      double previousObjective,
      double nullObjective) {}

  /**
   * Where the fit ended.
   *
   * @param coefficients as those of an iteration
   * @param information there, its upper triangle packed by rows
   * @param objective minus twice the log-likelihood of u
   * @param nullObjective that of the model without columns
   * @param iterations steps
   */
  record Estimate(
      Reals coefficients,
      Reals information,
      double objective,
      double nullObjective,
      int iterations) {}
}
