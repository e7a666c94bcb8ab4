package io.tributary.jobs.analysis.cox;

import io.tributary.jobs.analysis.Grouping;
import io.tributary.jobs.analysis.Ratio;
import io.tributary.jobs.analysis.cox.CoxResult.Fit;
import io.tributary.jobs.probability.Tails;
import io.tributary.jobs.survival.EventTimes;
import io.tributary.jobs.survival.TimeGrid;
import io.tributary.report.Cell;
import io.tributary.report.Column;
import io.tributary.report.Plot;
import io.tributary.report.ResultTable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The tables of what a model predicts for new rows, at the times its baseline is shown. */
final class CoxPredictions {
  private static final String CURVES = "curves";

  private final CoxAnalysis analysis;
  private final CoxResult result;
  private final Supplier<Cell> absent;
  private final double normal;

  /**
   * Predictions of one result.
   *
   * @param absent what stands where a number cannot
   */
  CoxPredictions(CoxAnalysis analysis, CoxResult result, Supplier<Cell> absent) {
    this.analysis = analysis;
    this.result = result;
    this.absent = absent;
    this.normal = Tails.normalQuantile(analysis.confidence());
  }

  List<ResultTable> tables() {
    return List.of(predictions(), curves());
  }

  static Plot plot() {
    return new Plot.Survival(
        CURVES,
        "Predicted survival",
        "time",
        "survival",
        "conf_low",
        "conf_high",
        "n_risk",
        "curve",
        Plot.Form.STRAIGHT);
  }

  private ResultTable predictions() {
    List<Column> columns = new ArrayList<>(List.of(Column.text("new_data")));
    Stream.of("predictor", "std_error", "hazard_ratio", "conf_low", "conf_high")
        .map(Column::real)
        .forEach(columns::add);
    List<List<Cell>> rows = new ArrayList<>();
    if (result.fit().isEmpty()) {
      Cell cell = absent.get();
      for (String label : analysis.newData().labels()) {
        rows.add(List.of(Cell.of(label), cell, cell, cell, cell, cell));
      }
    }
    result.fit().ifPresent(fit -> result.rows().forEach(row -> rows.add(prediction(fit, row))));
    return new ResultTable("predictions", "Hazard against that at the means", columns, rows);
  }

  private List<Cell> prediction(Fit fit, NewData.Row row) {
    if (!row.isKnown(fit)) {
      Cell cell = new Cell.NotComputed("a level that nobody has");
      return List.of(Cell.of(row.label()), cell, cell, cell, cell, cell);
    }
    PredictedHazard predicted = PredictedHazard.of(fit, row);
    double reach = normal * predicted.error();
    return List.of(
        Cell.of(row.label()),
        Cell.of(predicted.predictor()),
        Cell.of(predicted.error()),
        Ratio.of(predicted.predictor()),
        Ratio.of(predicted.predictor() - reach),
        Ratio.of(predicted.predictor() + reach));
  }

  private ResultTable curves() {
    Grouping strata = analysis.strata();
    List<Column> columns = new ArrayList<>(List.of(Column.text("new_data")));
    columns.addAll(strata.columns());
    columns.add(Column.text("curve"));
    columns.add(Column.real("time"));
    columns.add(Column.whole("n_risk"));
    Stream.of(
            "survival",
            "std_error",
            "conf_low",
            "conf_high",
            "cumulative_hazard",
            "cumulative_hazard_std_error")
        .map(Column::real)
        .forEach(columns::add);
    List<List<Cell>> rows = new ArrayList<>();
    result
        .fit()
        .ifPresent(
            fit ->
                result.rows().stream()
                    .filter(row -> row.isKnown(fit))
                    .forEach(row -> addCurves(fit, row, rows)));
    return new ResultTable(CURVES, "Predicted survival", columns, rows);
  }

  private void addCurves(Fit fit, NewData.Row row, List<List<Cell>> rows) {
    TimeGrid grid = result.grid().orElseThrow();
    List<Stratum> strata = result.counted().orElseThrow().strata();
    EventTimes times = Stratum.times(grid, strata);
    PredictedHazard predicted = PredictedHazard.of(fit, row);
    for (int stratum = 0; stratum < strata.size(); stratum++) {
      Stratum own = strata.get(stratum);
      for (int step = 0; step < own.shown().size(); step++) {
        int point = (int) own.shown().at(step);
        int last = times.last(stratum, point);
        List<Cell> cells = new ArrayList<>(List.of(Cell.of(row.label())));
        cells.addAll(analysis.strata().cells(stratum));
        cells.add(Cell.of(curve(row, stratum)));
        cells.add(Cell.of(grid.time(point)));
        cells.add(Cell.of(own.risk().at(step)));
        addValues(predicted, last < times.first(stratum) ? -1 : last, cells);
        rows.add(cells);
      }
    }
  }

  private String curve(NewData.Row row, int stratum) {
    return analysis.strata().isGrouped()
        ? row.label() + " / " + String.join(" / ", analysis.strata().levels(stratum))
        : row.label();
  }

  private void addValues(PredictedHazard predicted, int cell, List<Cell> cells) {
    double error = predicted.hazardError(cell);
    cells.add(Cell.of(predicted.survival(cell)));
    cells.add(Cell.of(predicted.survival(cell) * error));
    for (double limit : predicted.limits(cell, normal)) {
      cells.add(Double.isNaN(limit) ? new Cell.NotComputed("nobody survives") : Cell.of(limit));
    }
    cells.add(Cell.of(predicted.hazard(cell)));
    cells.add(Cell.of(error));
  }
}
