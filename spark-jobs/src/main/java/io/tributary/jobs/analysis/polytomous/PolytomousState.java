package io.tributary.jobs.analysis.polytomous;

import io.tributary.jobs.analysis.Counts;
import io.tributary.jobs.analysis.Reals;
import java.math.BigDecimal;
import java.util.List;

/** What is public between the rounds of a model of an outcome with several levels. */
sealed interface PolytomousState {
  /** Persons at each level and sums of columns follow. */
  record Counting() implements PolytomousState {}

  /** Squares about means follow. */
  record Spreading(Counted counted) implements PolytomousState {}

  /** Log-likelihood, score and information at the iteration's coefficients follow. */
  record Fitting(Counted counted, List<BigDecimal> squares, Iteration iteration)
      implements PolytomousState {
    public Fitting {
      squares = List.copyOf(squares);
    }
  }

  /**
   * Sums of the first round over complete rows of positive weight.
   *
   * @param levels rows at each level of the outcome, [levels]
   * @param dropped rows with a missing value or weight 0
   * @param weights exact sums at each level, [levels]
   * @param numbers exact sums of each column, [columns]
   * @param absolutes exact sums of their absolute values, [columns]
   */
  record Counted(
      Counts levels,
      long dropped,
      List<BigDecimal> weights,
      List<BigDecimal> numbers,
      List<BigDecimal> absolutes) {
    public Counted {
      weights = List.copyOf(weights);
      numbers = List.copyOf(numbers);
      absolutes = List.copyOf(absolutes);
    }

    long persons() {
      return levels.sum();
    }

    /** Weights of all levels. */
    BigDecimal allWeights() {
      return weights.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    }
  }

  /**
   * Where the fit stands; coefficients are those of centred and scaled columns.
   *
   * @param step Newton steps taken or halved so far
   * @param last whether only the final sums are missing
   * @param halvings of the step that led here
   * @param coefficients at which sums are taken
   * @param previous coefficients one accepted step before, equal to them at the start
   * @param previousObjective minus twice the log-likelihood there, infinite at the start
   */
  record Iteration(
      int step,
      boolean last,
      int halvings,
      Reals coefficients,
      Reals previous,
      double previousObjective) {}
}
