package io.tributary.jobs.analysis.polytomous;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.jobs.analysis.Exact;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.RowBlocks;
import io.tributary.jobs.analysis.Scales;
import io.tributary.jobs.analysis.ScoreSums;
import io.tributary.jobs.analysis.polytomous.PolytomousState.Counted;
import io.tributary.jobs.analysis.polytomous.PolytomousState.Iteration;
import io.tributary.jobs.linalg.Cholesky;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Log odds of a level up to k are a threshold less the predictor (McCullagh 1980). Parameters are
 * the slopes, then the thresholds, which ascend.
 *
 * <p>With u and l the log odds on both sides of a level, its probability is F(u) - F(l) = F(u) (1 -
 * F(l)) (1 - exp(l - u)), F the logistic function. The last factor depends on thresholds alone, so
 * that it and its derivatives follow from the weights of the levels; the others are those of one
 * binary outcome each.
 *
 * @param outcome levels in their order
 * @param columns names of the design's columns
 */
record ProportionalOdds(List<String> outcome, List<String> columns) implements PolytomousModel {
  static final String SCORE = "score";
  static final String INFORMATION = "information";

  ProportionalOdds {
    outcome = List.copyOf(outcome);
    columns = List.copyOf(columns);
  }

  @Override
  public int levels() {
    return outcome.size();
  }

  private int thresholds() {
    return outcome.size() - 1;
  }

  @Override
  public int parameters() {
    return columns.size() + thresholds();
  }

  @Override
  public int slopes() {
    return columns.size();
  }

  @Override
  public String meaning() {
    return "Log odds of a level up to a threshold are that threshold less the linear predictor, as in"
        + " R's polr; an odds ratio of 2 doubles the odds of a higher level for a unit more, at every"
        + " threshold.";
  }

  @Override
  public List<String> names() {
    List<String> names = new ArrayList<>(columns);
    for (int k = 0; k < thresholds(); k++) {
      names.add(outcome.get(k) + "|" + outcome.get(k + 1));
    }
    return names;
  }

  @Override
  public boolean isSlope(int parameter) {
    return parameter < columns.size();
  }

  @Override
  public List<String> concerned(List<Integer> parameters) {
    return parameters.stream().filter(this::isSlope).map(columns::get).toList();
  }

  @Override
  public Reals start(Counted counted) {
    double[] start = new double[parameters()];
    BigDecimal below = BigDecimal.ZERO;
    BigDecimal all = counted.allWeights();
    for (int k = 0; k < thresholds(); k++) {
      below = below.add(counted.weights().get(k));
      start[columns.size() + k] = StrictMath.log(Exact.ratio(below, all.subtract(below)));
    }
    return Reals.of(start);
  }

  @Override
  public boolean admits(Reals coefficients) {
    for (int k = 1; k < thresholds(); k++) {
      if (!(gap(coefficients, k) > 0)) {
        return false;
      }
    }
    return true;
  }

  /** From the threshold below a level to that above it. */
  private double gap(Reals coefficients, int level) {
    return coefficients.at(columns.size() + level) - coefficients.at(columns.size() + level - 1);
  }

  /** Where thresholds would meet, half of the least share of their distance is left. */
  @Override
  public Reals moved(Reals coefficients, double[] step) {
    double share = 1;
    for (int k = 1; k < thresholds(); k++) {
      double closing = step[columns.size() + k - 1] - step[columns.size() + k];
      if (!(gap(coefficients, k) > closing)) {
        share = Math.min(share, gap(coefficients, k) / 2 / closing);
      }
    }
    double[] next = coefficients.toArray();
    for (int j = 0; j < next.length; j++) {
      next[j] += share * step[j];
    }
    return Reals.of(next);
  }

  @Override
  public void declare(
      Layout.Builder layout, ColumnScaling scaling, Iteration at, long personsPerSite) {
    int p = parameters();
    double w = scaling.weights();
    double z = scaling.greatestReach();
    double threshold = 0;
    for (int k = 0; k < thresholds(); k++) {
      threshold = Math.max(threshold, Math.abs(at.coefficients().at(columns.size() + k)));
    }
    // A row is two binary outcomes, and -log F(u) at most |u| and the logarithm of 2.
    double predictor = threshold + scaling.predictorReach(at.coefficients(), 0) + 1;
    double objective = Scales.above(4 * w * predictor);
    layout.wide(OBJECTIVE, 1, "log-likelihood", objective, objective);
    double score = Scales.above(2 * w * z);
    layout.wide(SCORE, p, "score", score, score);
    double product = Scales.above(w * z * z / 2);
    layout.wide(INFORMATION, p * (p + 1) / 2, "information", product, product);
    layout.count(MOVED, 1, "person", 1, personsPerSite);
  }

  @Override
  public RowBlocks.Kernel kernel(Layout layout, ColumnScaling scaling, Iteration at) {
    return new ProportionalOddsKernel(
        scaling,
        ScoreSums.Places.of(layout, SCORE, INFORMATION),
        levels(),
        at.coefficients(),
        at.previous());
  }

  @Override
  public Derivatives derivatives(Counted counted, Iteration at, Aggregate sum) {
    double[] score = sum.values(SCORE);
    double[] information = sum.values(INFORMATION);
    double objective = sum.exact(OBJECTIVE, 0).doubleValue();
    int p = parameters();
    for (int k = 1; k < thresholds(); k++) {
      double gap = gap(at.coefficients(), k);
      double weight = counted.weights().get(k).doubleValue();
      // Of log(1 - exp(-gap)): the derivative, and minus the second one.
      double lost = -StrictMath.expm1(-gap);
      double slope = weight / StrictMath.expm1(gap);
      double curvature = slope / lost;
      objective -= 2 * weight * StrictMath.log(lost);
      int upper = columns.size() + k;
      score[upper] += slope;
      score[upper - 1] -= slope;
      information[Cholesky.packed(p, upper, upper)] += curvature;
      information[Cholesky.packed(p, upper - 1, upper - 1)] += curvature;
      information[Cholesky.packed(p, upper - 1, upper)] -= curvature;
    }
    return new Derivatives(objective, Reals.of(score), Reals.of(information));
  }

  @Override
  public List<Constant> constants() {
    return IntStream.range(0, thresholds())
        .mapToObj(k -> new Constant(columns.size() + k, 0, 1))
        .toList();
  }
}
