package io.tributary.jobs.analysis;

import io.tributary.jobs.hypothesis.Adjustment;
import io.tributary.report.Cell;
import io.tributary.report.Column;
import io.tributary.report.ResultTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Rows of tests with their p-values, which are adjusted over all rows of the same test. One that is
 * withheld or not computed does not count among them.
 */
public final class TestTable {
  private final Adjustment adjustment;
  private final List<Column> columns;
  private final List<List<Cell>> rows = new ArrayList<>();
  private final Map<String, List<Integer>> families = new LinkedHashMap<>();
  private final List<Double> logs = new ArrayList<>();

  /**
   * A table without rows.
   *
   * @param columns what stands before the p-values
   */
  public TestTable(Adjustment adjustment, List<Column> columns) {
    this.adjustment = adjustment;
    this.columns = List.copyOf(columns);
  }

  /**
   * Adds a test that was computed.
   *
   * @param family tests that are adjusted together
   * @param cells one for each column
   * @param logP natural logarithm of the p-value
   */
  public void add(String family, List<Cell> cells, double logP) {
    families.computeIfAbsent(family, f -> new ArrayList<>()).add(rows.size());
    rows.add(new ArrayList<>(cells));
    logs.add(logP);
  }

  /**
   * Adds a test without an answer.
   *
   * @param cells the first columns; {@code instead} fills the others
   */
  public void add(List<Cell> cells, Cell instead) {
    List<Cell> row = new ArrayList<>(cells);
    while (row.size() < columns.size()) {
      row.add(instead);
    }
    rows.add(row);
    logs.add(Double.NaN);
  }

  /** The table, with p-values behind the columns. */
  public ResultTable table(String name, String title) {
    List<Column> all = new ArrayList<>(columns);
    all.add(Column.real("p_value"));
    all.add(Column.real("neg_log_10_p_value"));
    boolean adjusted = adjustment != Adjustment.NONE;
    if (adjusted) {
      all.add(Column.real("p_adjusted"));
    }
    double[] adjustedLogs = adjusted();
    for (int i = 0; i < rows.size(); i++) {
      List<Cell> row = rows.get(i);
      boolean none = Double.isNaN(logs.get(i));
      Cell instead = row.get(row.size() - 1);
      row.add(none ? instead : PValue.of(logs.get(i)));
      row.add(none ? instead : PValue.negativeLog10(logs.get(i)));
      if (adjusted) {
        row.add(none ? instead : PValue.of(adjustedLogs[i]));
      }
    }
    return new ResultTable(name, title, all, rows);
  }

  private double[] adjusted() {
    double[] all = new double[rows.size()];
    for (List<Integer> family : families.values()) {
      double[] own = family.stream().mapToDouble(logs::get).toArray();
      double[] adjusted = adjustment.apply(own);
      for (int i = 0; i < own.length; i++) {
        all[family.get(i)] = adjusted[i];
      }
    }
    return all;
  }

  /** Reads the option {@code adjust}. */
  public static Adjustment adjustment(Options options) {
    return Adjustment.of(options.word("adjust", Adjustment.NONE.word(), Adjustment.words()));
  }
}
