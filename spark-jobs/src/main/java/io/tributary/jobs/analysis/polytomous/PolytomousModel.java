package io.tributary.jobs.analysis.polytomous;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.RowBlocks;
import io.tributary.jobs.analysis.polytomous.PolytomousState.Counted;
import io.tributary.jobs.analysis.polytomous.PolytomousState.Iteration;
import java.util.List;

/** How levels of an outcome depend on columns: what is summed, and what it is a sum of. */
sealed interface PolytomousModel permits MultinomialLogit, ProportionalOdds {
  String OBJECTIVE = "minus twice log-likelihood";
  String MOVED = "predictor moved";

  /** Change of a predictor that does not happen near a finite estimate. */
  double FAR = 0.1;

  /** Levels of the outcome. */
  int levels();

  /** Parameters, constants and slopes. */
  int parameters();

  /** Slopes among them. */
  int slopes();

  /** What the estimates are, in a sentence. */
  String meaning();

  /** Names of the parameters in R's manner, in their order. */
  List<String> names();

  /** Whether a parameter is a slope, not a constant. */
  boolean isSlope(int parameter);

  /** Names of the columns that parameters belong to; constants have none. */
  List<String> concerned(List<Integer> parameters);

  /** Constants that fit the shares of the levels, without effects: the model without columns. */
  Reals start(Counted counted);

  /** Whether all levels have a probability above 0. */
  boolean admits(Reals coefficients);

  /**
   * A step, shortened to one with probabilities above 0.
   *
   * @param step added to the coefficients as a whole if it may be
   */
  Reals moved(Reals coefficients, double[] step);

  /** Slots of one round; every bound follows from public sums. */
  void declare(Layout.Builder layout, ColumnScaling scaling, Iteration at, long personsPerSite);

  RowBlocks.Kernel kernel(Layout layout, ColumnScaling scaling, Iteration at);

  /** What a round's sums say. */
  Derivatives derivatives(Counted counted, Iteration at, Aggregate sum);

  /**
   * Log-likelihood and its derivatives.
   *
   * @param objective minus twice the log-likelihood
   * @param score first derivatives of the log-likelihood, [p]
   * @param information minus its second derivatives, upper triangle packed by rows
   */
  record Derivatives(double objective, Reals score, Reals information) {}

  /**
   * A constant as it is without centring: that of centred columns plus sign times centres times
   * slopes.
   *
   * @param parameter the constant
   * @param firstSlope the first of its slopes, one for each column
   */
  record Constant(int parameter, int firstSlope, int sign) {}

  /** Every constant. */
  List<Constant> constants();
}
