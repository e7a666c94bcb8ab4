package io.tributary.jobs.analysis.contingency;

import io.tributary.jobs.analysis.Ratio;
import io.tributary.jobs.hypothesis.ContingencyTable;
import io.tributary.jobs.hypothesis.ContingencyTable.Effect;
import io.tributary.jobs.hypothesis.StratifiedTables;
import io.tributary.jobs.probability.Tails;
import io.tributary.report.Cell;
import io.tributary.report.Column;
import io.tributary.report.ResultTable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

/** Sizes of effects in tables of counts, with limits. */
final class ContingencyEffects {
  private final ContingencyTestAnalysis analysis;
  private final ContingencyResult result;
  private final IntPredicate shown;
  private final List<List<Cell>> rows = new ArrayList<>();

  /**
   * Effects of one result.
   *
   * @param shown whether a column's statistics may be shown
   */
  ContingencyEffects(
      ContingencyTestAnalysis analysis, ContingencyResult result, IntPredicate shown) {
    this.analysis = analysis;
    this.result = result;
    this.shown = shown;
  }

  ResultTable table() {
    List<Column> columns = new ArrayList<>(List.of(Column.text("column"), Column.text("effect")));
    Stream.of("estimate", "conf_low", "conf_high").map(Column::real).forEach(columns::add);
    for (int column = 0; column < analysis.fields().size(); column++) {
      ContingencyTable counts = ContingencyTable.of(result.table(column));
      if (analysis.paired()) {
        if (counts.isFourfold()) {
          addRatio(column, "odds ratio within persons", counts.logPairedOddsRatio());
        }
        continue;
      }
      double level = analysis.confidence();
      add(column, "Cramer's V", shown.test(column) ? counts.association(level) : new double[3]);
      if (counts.isFourfold()) {
        addRatio(column, "odds ratio", counts.logOddsRatio());
        addRatio(column, "risk ratio", counts.logRiskRatio());
        add(column, "risk difference", counts.riskDifference(level));
      }
      if (analysis.strata().isGrouped()) {
        addRatio(
            column,
            "odds ratio, Mantel-Haenszel",
            StratifiedTables.of(result.tables(column)).logOddsRatio());
      }
    }
    return new ResultTable("effects", "Sizes of effects", columns, rows);
  }

  private void addRatio(int column, String name, Effect effect) {
    if (!effect.isDefined()) {
      add(column, name, new double[] {Double.NaN, Double.NaN, Double.NaN});
      return;
    }
    double reach = Tails.normalQuantile(analysis.confidence()) * effect.error();
    add(
        column,
        name,
        Ratio.of(effect.estimate()),
        Ratio.of(effect.estimate() - reach),
        Ratio.of(effect.estimate() + reach));
  }

  private void add(int column, String name, double[] values) {
    if (Double.isNaN(values[0])) {
      Cell none = new Cell.NotComputed("a cell that nobody is in");
      add(column, name, none, none, none);
    } else {
      add(column, name, Cell.of(values[0]), Cell.of(values[1]), Cell.of(values[2]));
    }
  }

  private void add(int column, String name, Cell estimate, Cell low, Cell high) {
    List<Cell> row = new ArrayList<>();
    row.add(Cell.of(analysis.fields().get(column).column()));
    row.add(Cell.of(name));
    if (shown.test(column)) {
      row.addAll(List.of(estimate, low, high));
    } else {
      Cell withheld = analysis.job().floor().withheldStatistic();
      row.addAll(List.of(withheld, withheld, withheld));
    }
    rows.add(row);
  }
}
