package io.tributary.jobs.analysis.elasticnet;

import io.tributary.jobs.analysis.Counts;
import io.tributary.jobs.analysis.Reals;
import java.math.BigDecimal;
import java.util.List;

/** What is public between the rounds of an elastic net. */
sealed interface NetState {
  /** Persons of each part and sums of columns follow. */
  record Counting() implements NetState {}

  /** Squares about means follow. */
  record Spreading(Counted counted) implements NetState {}

  /** Products of the columns of each part follow, of a linear model. */
  record Multiplying(Counted counted, Spread spread) implements NetState {}

  /** Score and information of each fit that has not ended follow, of a logistic model. */
  record Fitting(Counted counted, Spread spread, int step, List<Fit> fits) implements NetState {
    public Fitting {
      fits = List.copyOf(fits);
    }
  }

  /** Deviances of each part under the fits without it follow, of a logistic model. */
  record Judging(Counted counted, Spread spread, int step, List<Fit> fits) implements NetState {
    public Judging {
      fits = List.copyOf(fits);
    }
  }

  /**
   * Sums of the first round over complete rows.
   *
   * @param persons rows of each part, [parts]
   * @param events rows with the outcome 1 in each part, [parts]; 0 in a linear model
   * @param dropped rows with a missing value
   * @param numbers exact sums of each column and of the outcome in each part, [parts x (columns +
   *     1)]
   * @param absolutes exact sums of their absolute values over all parts, [columns + 1]
   */
  record Counted(
      Counts persons,
      Counts events,
      long dropped,
      List<BigDecimal> numbers,
      List<BigDecimal> absolutes) {
    public Counted {
      numbers = List.copyOf(numbers);
      absolutes = List.copyOf(absolutes);
    }

    int parts() {
      return persons.size();
    }

    /** Sum over all parts of a column; that of the outcome is the last one. */
    BigDecimal number(int column) {
      BigDecimal sum = BigDecimal.ZERO;
      for (int part = 0; part < parts(); part++) {
        sum = sum.add(number(part, column));
      }
      return sum;
    }

    BigDecimal number(int part, int column) {
      return numbers.get(part * absolutes.size() + column);
    }
  }

  /**
   * Sums of the second round.
   *
   * @param squares of each column and of the outcome about their means over all, in each part,
   *     [parts x (columns + 1)]
   * @param products of each column and the outcome about their means, over all parts, [columns]
   */
  record Spread(List<BigDecimal> squares, List<BigDecimal> products) {
    public Spread {
      squares = List.copyOf(squares);
      products = List.copyOf(products);
    }
  }

  /**
   * One fit: a penalty and the rows it is fitted on.
   *
   * @param coefficients of intercept and centred and scaled columns at which sums are taken, or
   *     were last improved
   * @param previous those of one accepted step before, equal to them at the start
   * @param previousObjective half the deviance and the penalty there, infinite at the start
   * @param halvings of the step that led here
   * @param ended whether it has converged
   * @param deviance at the last sums, 0 before there are any
   */
  record Fit(
      Reals coefficients,
      Reals previous,
      double previousObjective,
      int halvings,
      boolean ended,
      double deviance) {}
}
