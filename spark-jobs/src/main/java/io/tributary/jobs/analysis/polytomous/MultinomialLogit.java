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
import java.util.ArrayList;
import java.util.List;

/**
 * Log odds of each level against the first one are linear in the columns. Parameters stand level by
 * level, each with its constant and its slopes.
 *
 * @param outcome levels, the first one is the reference
 * @param columns names of the design's columns
 */
record MultinomialLogit(List<String> outcome, List<String> columns) implements PolytomousModel {
  MultinomialLogit {
    outcome = List.copyOf(outcome);
    columns = List.copyOf(columns);
  }

  @Override
  public int levels() {
    return outcome.size();
  }

  /** Parameters of one level. */
  private int width() {
    return 1 + columns.size();
  }

  private int others() {
    return outcome.size() - 1;
  }

  @Override
  public int parameters() {
    return others() * width();
  }

  @Override
  public int slopes() {
    return others() * columns.size();
  }

  @Override
  public String meaning() {
    return "Estimates are log odds of a level against '"
        + outcome.get(0)
        + "', as in R's multinom; an odds ratio of 2 doubles these odds for a unit more.";
  }

  @Override
  public List<String> names() {
    List<String> names = new ArrayList<>();
    for (String level : outcome.subList(1, outcome.size())) {
      names.add(level + ":(Intercept)");
      columns.forEach(column -> names.add(level + ":" + column));
    }
    return names;
  }

  @Override
  public boolean isSlope(int parameter) {
    return parameter % width() != 0;
  }

  @Override
  public List<String> concerned(List<Integer> parameters) {
    return parameters.stream()
        .filter(this::isSlope)
        .map(parameter -> columns.get(parameter % width() - 1))
        .distinct()
        .toList();
  }

  @Override
  public Reals start(Counted counted) {
    double[] start = new double[parameters()];
    for (int k = 1; k < levels(); k++) {
      start[(k - 1) * width()] =
          StrictMath.log(Exact.ratio(counted.weights().get(k), counted.weights().get(0)));
    }
    return Reals.of(start);
  }

  @Override
  public boolean admits(Reals coefficients) {
    return true;
  }

  @Override
  public Reals moved(Reals coefficients, double[] step) {
    double[] next = coefficients.toArray();
    for (int j = 0; j < next.length; j++) {
      next[j] += step[j];
    }
    return Reals.of(next);
  }

  private static String score(int level) {
    return "score " + level;
  }

  private static String information(int level, int other) {
    return "information " + level + " " + other;
  }

  @Override
  public void declare(
      Layout.Builder layout, ColumnScaling scaling, Iteration at, long personsPerSite) {
    double w = scaling.weights();
    double z = scaling.greatestReach();
    double predictor = 0;
    for (int k = 0; k < others(); k++) {
      double constant = Math.abs(at.coefficients().at(k * width()));
      double slopes = scaling.predictorReach(at.coefficients(), k * width() + 1);
      predictor = Math.max(predictor, constant + slopes);
    }
    // -log p is at most twice the greatest predictor and the logarithm of the levels' number.
    double objective = Scales.above(2 * w * (2 * predictor + levels()));
    layout.wide(OBJECTIVE, 1, "log-likelihood", objective, objective);
    double score = Scales.above(w * z);
    double product = Scales.above(w * z * z / 4);
    for (int k = 1; k < levels(); k++) {
      layout.wide(score(k), width(), "score", score, score);
      for (int l = k; l < levels(); l++) {
        int size = width() * (width() + 1) / 2;
        layout.wide(information(k, l), size, "information", product, product);
      }
    }
    layout.count(MOVED, 1, "person", 1, personsPerSite);
  }

  @Override
  public RowBlocks.Kernel kernel(Layout layout, ColumnScaling scaling, Iteration at) {
    List<ScoreSums.Places> places = new ArrayList<>();
    for (int k = 1; k < levels(); k++) {
      for (int l = k; l < levels(); l++) {
        places.add(ScoreSums.Places.of(layout, score(k), information(k, l)));
      }
    }
    return new MultinomialKernel(scaling, places, levels(), at.coefficients(), at.previous());
  }

  @Override
  public Derivatives derivatives(Counted counted, Iteration at, Aggregate sum) {
    int p = parameters();
    double[] score = new double[p];
    double[] information = new double[p * (p + 1) / 2];
    for (int k = 0; k < others(); k++) {
      System.arraycopy(sum.values(score(k + 1)), 0, score, k * width(), width());
      for (int l = k; l < others(); l++) {
        double[] block = sum.values(information(k + 1, l + 1));
        for (int i = 0; i < width(); i++) {
          for (int j = l == k ? i : 0; j < width(); j++) {
            double element = block[Cholesky.packed(width(), Math.min(i, j), Math.max(i, j))];
            information[Cholesky.packed(p, k * width() + i, l * width() + j)] =
                l == k ? element : -element;
          }
        }
      }
    }
    return new Derivatives(
        sum.exact(OBJECTIVE, 0).doubleValue(), Reals.of(score), Reals.of(information));
  }

  @Override
  public List<Constant> constants() {
    List<Constant> constants = new ArrayList<>();
    for (int k = 0; k < others(); k++) {
      constants.add(new Constant(k * width(), k * width() + 1, -1));
    }
    return constants;
  }
}
