package io.tributary.jobs.analysis.cox;

import io.tributary.jobs.analysis.Counts;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.survival.TimeGrid;
import java.math.BigDecimal;
import java.util.List;

/** What is public between the rounds of a model of hazards. */
sealed interface CoxState {
  /** Levels that nothing declares, and the grid if nothing declares it, are looked for. */
  record Searching() implements CoxState {}

  /**
   * Persons on the grid and sums of columns follow.
   *
   * @param levels found for each factor that nothing declares, in the order of its variables
   */
  record Counting(List<Counts> levels, TimeGrid grid) implements CoxState {
    public Counting {
      levels = List.copyOf(levels);
    }
  }

  /** Squares about centres, and rows that each event time takes in, follow. */
  record Spreading(Counting found, Counted counted) implements CoxState {}

  /** Sums over risk sets at the iteration's coefficients follow. */
  record Fitting(Counting found, Counted counted, Spread spread, Iteration iteration)
      implements CoxState {}

  /**
   * Sums of the first round over complete rows of positive weight.
   *
   * @param strata event times of each; none if every site has baseline hazards of its own
   * @param persons rows
   * @param events rows with the event
   * @param dropped rows with a missing value or weight 0
   * @param design exact sums of each column, [columns]
   * @param absolutes exact sums of their absolute values, [columns]
   * @param others exact sums by {@link Element}
   * @param along function of time along which coefficients are tested, [cells]; empty if none are
   */
  record Counted(
      List<Stratum> strata,
      long persons,
      long events,
      long dropped,
      List<BigDecimal> design,
      List<BigDecimal> absolutes,
      List<BigDecimal> others,
      Reals along) {
    public Counted {
      strata = List.copyOf(strata);
      design = List.copyOf(design);
      absolutes = List.copyOf(absolutes);
      others = List.copyOf(others);
    }

    BigDecimal other(Element element) {
      return others.get(element.position());
    }
  }

  /** What is summed about weight w and offset o. */
  enum Element {
    W(0),
    OFFSET(1),
    ABSOLUTE_OFFSET(2);

    static final int COUNT = 3;

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
   * Sums of the second round.
   *
   * @param design squares of each column about its centre, [columns]
   * @param offset squares of the offset about its mean
   * @param events weighted sums of each column less its centre over rows with the event, [columns]
   * @param eventOffset weighted sum of the offset less its mean over these rows
   * @param along sums of events with each term times the function of time, [columns]; empty if none
   *     is tested
   * @param weights of the events of each cell, [cells]; empty without weights: each counts 1
   */
  record Spread(
      List<BigDecimal> design,
      BigDecimal offset,
      Reals events,
      double eventOffset,
      Reals along,
      Reals weights) {
    public Spread {
      design = List.copyOf(design);
    }
  }

  /**
   * Where the fit stands. Coefficients are those of centred and scaled columns.
   *
   * @param step Newton steps taken or halved so far
   * @param last whether only the final sums are missing
   * @param halvings of the step that led here
   * @param drifting rounds in a row in which hardly anything was to be gained while somebody's
   *     predictor moved
   * @param beta coefficients
   * @param previous coefficients one accepted step before, equal to beta at the start
   * @param logLikelihood at previous, minus infinity at the start
   * @param decrement score' information^-1 score at previous, 0 at the start
   * @param nullLogLikelihood at no effect, 0 at the start
   * @param scoreTest statistic of the score test, 0 at the start
   * @param residuals what score residuals need of each risk set, if their squares are summed
   *     besides; else empty
   */
  record Iteration(
      int step,
      boolean last,
      int halvings,
      int drifting,
      Reals beta,
      Reals previous,
      double logLikelihood,
      double decrement,
      double nullLogLikelihood,
      double scoreTest,
      Reals residuals) {}
}
