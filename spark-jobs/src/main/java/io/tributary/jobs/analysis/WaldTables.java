package io.tributary.jobs.analysis;

import io.tributary.jobs.probability.Tails;
import io.tributary.report.Cell;
import io.tributary.report.Column;
import io.tributary.report.ResultTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Tables of a model's estimates with Wald's tests and limits.
 *
 * @param terms names of the parameters
 * @param fit empty if there is none
 * @param absent what then stands where a number cannot
 * @param df degrees of freedom of t tests; infinite for normal ones
 * @param quantile standard errors from an estimate to its limits
 * @param robust whether the covariance is not the model's, whose errors then stand beside
 */
public record WaldTables(
    List<String> terms,
    Optional<Estimates> fit,
    Cell absent,
    double df,
    double quantile,
    boolean robust) {
  public WaldTables {
    terms = List.copyOf(terms);
  }

  /**
   * Estimates.
   *
   * @param values in the units of the columns, [p]
   * @param covariance row-major [p x p]
   * @param model the model's covariance where {@code covariance} is a robust one; else the same
   */
  public record Estimates(Reals values, Reals covariance, Reals model) {
    private double error(int j) {
      return root(covariance, j);
    }

    private double root(Reals matrix, int j) {
      return Math.sqrt(matrix.at(j * values.size() + j));
    }
  }

  /** A row for each parameter, with its test. */
  public ResultTable coefficients() {
    List<Column> columns = new ArrayList<>(List.of(Column.text("term")));
    for (String name :
        List.of(
            "estimate",
            "std_error",
            "statistic",
            "p_value",
            "neg_log_10_p_value",
            "conf_low",
            "conf_high")) {
      columns.add(Column.real(name));
    }
    if (robust) {
      columns.add(Column.real("model_std_error"));
    }
    List<List<Cell>> rows = new ArrayList<>();
    for (int j = 0; j < terms.size(); j++) {
      List<Cell> row = new ArrayList<>(List.of(Cell.of(terms.get(j))));
      if (fit.isPresent()) {
        coefficient(fit.get(), j, row);
      }
      rows.add(padded(row, columns.size()));
    }
    return new ResultTable("coefficients", "Coefficients", columns, rows);
  }

  private void coefficient(Estimates estimates, int j, List<Cell> row) {
    double estimate = estimates.values().at(j);
    double error = estimates.error(j);
    double statistic = estimate / error;
    double logP =
        Double.isInfinite(df)
            ? Tails.logNormalTwoSided(statistic)
            : Tails.logStudentTwoSided(statistic, df);
    double reach = quantile * error;
    row.add(Cell.of(estimate));
    row.add(Cell.of(error));
    row.add(Cell.of(statistic));
    row.add(PValue.of(logP));
    row.add(PValue.negativeLog10(logP));
    row.add(Cell.of(estimate - reach));
    row.add(Cell.of(estimate + reach));
    if (robust) {
      row.add(Cell.of(estimates.root(estimates.model(), j)));
    }
  }

  /**
   * Exponentials of estimates and limits.
   *
   * @param column what one of them is; the table's name is its plural
   * @param shown the terms whose exponential is such a thing
   */
  public ResultTable ratios(String column, String title, Predicate<String> shown) {
    List<Column> columns =
        List.of(
            Column.text("term"),
            Column.real(column),
            Column.real("conf_low"),
            Column.real("conf_high"));
    List<List<Cell>> rows = new ArrayList<>();
    for (int j = 0; j < terms.size(); j++) {
      if (!shown.test(terms.get(j))) {
        continue;
      }
      List<Cell> row = new ArrayList<>(List.of(Cell.of(terms.get(j))));
      if (fit.isPresent()) {
        double estimate = fit.get().values().at(j);
        double reach = quantile * fit.get().error(j);
        row.add(Ratio.of(estimate));
        row.add(Ratio.of(estimate - reach));
        row.add(Ratio.of(estimate + reach));
      }
      rows.add(padded(row, columns.size()));
    }
    return new ResultTable(column + "s", title, columns, rows);
  }

  /** A row for each pair of parameters. */
  public ResultTable covariance() {
    List<Column> columns =
        List.of(Column.text("term"), Column.text("with_term"), Column.real("covariance"));
    List<List<Cell>> rows = new ArrayList<>();
    int p = terms.size();
    for (int j = 0; j < p; j++) {
      for (int k = 0; k < p; k++) {
        int at = j * p + k;
        rows.add(
            List.of(
                Cell.of(terms.get(j)),
                Cell.of(terms.get(k)),
                fit.map(estimates -> Cell.of(estimates.covariance().at(at))).orElse(absent)));
      }
    }
    return new ResultTable("covariance", "Covariance of the estimates", columns, rows);
  }

  private List<Cell> padded(List<Cell> row, int size) {
    while (row.size() < size) {
      row.add(absent);
    }
    return row;
  }
}
