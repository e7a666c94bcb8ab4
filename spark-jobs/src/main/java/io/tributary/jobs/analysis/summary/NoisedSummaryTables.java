package io.tributary.jobs.analysis.summary;

import io.tributary.jobs.analysis.Field;
import io.tributary.jobs.analysis.Grouping;
import io.tributary.jobs.analysis.NoisedJob;
import io.tributary.jobs.analysis.NoisedSums;
import io.tributary.jobs.analysis.Reals;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.Column;
import io.tributary.report.ResultTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tables of a noised summary. With noised count N, scaled sum S and scaled squares Q of a
 * series, u = S / N is the scaled mean; its variance is (Q / N - u^2) / (N - 1) from sampling and
 * (sd_S^2 + u^2 sd_N^2) / N^2 from the noise, to first order.
 */
final class NoisedSummaryTables {
  private final NoisedSummary analysis;
  private final NoisedSums result;
  private final Grouping grouping;
  private final NoisedJob noised;
  private final double z;

  NoisedSummaryTables(NoisedSummary analysis, NoisedSums result) {
    this.analysis = analysis;
    this.result = result;
    this.grouping = analysis.grouping();
    this.noised = analysis.noised();
    this.z = NoisedJob.quantile(analysis.confidence());
  }

  /** Elements of a slot, and the noise in each. */
  private Reals slot(String name) {
    for (int i = 0; i < analysis.plan().slots().size(); i++) {
      if (analysis.plan().slots().get(i).slot().equals(name)) {
        return result.slots().get(i);
      }
    }
    throw new IllegalArgumentException(name);
  }

  private double sd(String name) {
    return analysis.plan().standardDeviation(name, result.contributors());
  }

  /** First and last group of a series; the last series holds all. */
  private int first(int series) {
    return series < grouping.groups() ? series : 0;
  }

  private int last(int series) {
    return series < grouping.groups() ? series : grouping.groups() - 1;
  }

  /** Sum over a series' groups of the elements at {@code stride (base + group) + offset}. */
  private double sum(String name, int series, int base, int stride, int offset) {
    Reals values = slot(name);
    double sum = 0;
    for (int group = first(series); group <= last(series); group++) {
      sum += values.at(stride * (base + group) + offset);
    }
    return sum;
  }

  private double sd(String name, int series) {
    return sd(name) * Math.sqrt(last(series) - first(series) + 1.0);
  }

  AnalysisReport report() {
    List<ResultTable> tables = new ArrayList<>();
    double persons;
    double sd;
    int all = Series.count(grouping.groups()) - 1;
    if (analysis.numbers().isEmpty()) {
      persons = 0;
      int places = analysis.categories().get(0).levels().size() + 1;
      for (int place = 0; place < places; place++) {
        persons += sum(NoisedSummary.LEVELS, all, place * grouping.groups(), 1, 0);
      }
      sd = sd(NoisedSummary.LEVELS, all) * Math.sqrt(places);
    } else {
      persons = sum(NoisedSummary.PERSONS, all, 0, 2, 0) + sum(NoisedSummary.PERSONS, all, 0, 2, 1);
      sd = sd(NoisedSummary.PERSONS, all) * Math.sqrt(2);
      tables.add(summary());
      if (analysis.probabilities().length > 0) {
        tables.add(quantiles());
      }
    }
    if (!analysis.categories().isEmpty()) {
      tables.add(counts());
    }
    Map<String, Cell> facts = new LinkedHashMap<>();
    facts.put("persons", Cell.of(persons));
    return noised.report(
        "summary",
        persons,
        sd,
        result.contributors(),
        analysis.noise(),
        facts,
        tables,
        List.of(
            "Quantiles lie between "
                + NoisedSummary.PARTS
                + " parts of the declared range, by interpolation; their limits hold noise and"
                + " sampling."));
  }

  private List<Cell> named(int series, Field field) {
    List<Cell> row = new ArrayList<>(grouping.cells(series));
    row.add(Cell.of(field.column()));
    return row;
  }

  private List<Column> columns(List<String> reals) {
    List<Column> columns = new ArrayList<>(grouping.columns());
    columns.add(Column.text("column"));
    reals.forEach(name -> columns.add(Column.real(name)));
    return columns;
  }

  private ResultTable summary() {
    List<List<Cell>> rows = new ArrayList<>();
    for (int column = 0; column < analysis.numbers().size(); column++) {
      for (int series = 0; series < Series.count(grouping.groups()); series++) {
        rows.add(row(column, series));
      }
    }
    return new ResultTable(
        "summary",
        "Counts and moments",
        columns(
            List.of(
                "n",
                "missing",
                "noise_sd",
                "mean",
                "std_error",
                "conf_low",
                "conf_high",
                "sd",
                "sum",
                "sum_noise_sd")),
        rows);
  }

  private List<Cell> row(int column, int series) {
    Field field = analysis.numbers().get(column);
    double centre = NoisedSummary.centre(field);
    double reach = NoisedSummary.reach(field);
    int base = column * grouping.groups();
    double n = sum(NoisedSummary.PERSONS, series, base, 2, 0);
    double sdN = sd(NoisedSummary.PERSONS, series);
    double sums = sum(NoisedSummary.SUMS, series, base, 1, 0);
    double sdSums = sd(NoisedSummary.SUMS, series);
    double u = sums / n;
    double spread = sum(NoisedSummary.SQUARES, series, base, 1, 0) / n - u * u;
    double variance =
        Math.max(0, spread) / (n - 1) + (sdSums * sdSums + u * u * sdN * sdN) / (n * n);
    double error = reach * Math.sqrt(variance);
    double mean = centre + reach * u;
    boolean shown = noised.showsStatistic(n, sdN);
    List<Cell> row = named(series, field);
    row.add(Cell.of(n));
    row.add(Cell.of(sum(NoisedSummary.PERSONS, series, base, 2, 1)));
    row.add(Cell.of(sdN));
    row.add(noised.statistic(shown, mean));
    row.add(noised.statistic(shown, error));
    row.add(noised.statistic(shown, mean - z * error));
    row.add(noised.statistic(shown, mean + z * error));
    row.add(
        shown && !(spread > 0)
            ? new Cell.NotComputed("the noise is larger than the spread")
            : noised.statistic(shown, reach * Math.sqrt(spread * n / (n - 1))));
    row.add(Cell.of(centre * n + reach * sums));
    row.add(Cell.of(Math.hypot(centre * sdN, reach * sdSums)));
    return row;
  }

  // ---- quantiles -------------------------------------------------------------------------------

  private ResultTable quantiles() {
    List<List<Cell>> rows = new ArrayList<>();
    for (int column = 0; column < analysis.numbers().size(); column++) {
      for (int series = 0; series < Series.count(grouping.groups()); series++) {
        for (double probability : analysis.probabilities()) {
          rows.add(quantile(column, series, probability));
        }
      }
    }
    return new ResultTable(
        "quantiles",
        "Quantiles from noised bins",
        columns(List.of("probability", "estimate", "lower", "upper")),
        rows);
  }

  /**
   * With C_j persons below part j and N in all, D_j = C_j - p N; the quantile is where D passes 0.
   * var D_j = N p (1 - p) + sd^2 (j (1 - p)^2 + (parts - j) p^2), which moves the passage for the
   * limits.
   */
  private List<Cell> quantile(int column, int series, double probability) {
    Field field = analysis.numbers().get(column);
    int parts = NoisedSummary.PARTS;
    int base = column * grouping.groups();
    double[] below = new double[parts + 1];
    for (int part = 0; part < parts; part++) {
      below[part + 1] = below[part] + sum(NoisedSummary.BINS, series, base, parts, part);
    }
    double n = below[parts];
    double sd = sd(NoisedSummary.BINS, series);
    boolean shown = noised.showsStatistic(n, sd * Math.sqrt(parts));
    List<Cell> row = named(series, field);
    row.add(Cell.of(probability));
    for (int side = 0; side < 3; side++) {
      double shift = side == 0 ? 0 : side == 1 ? z : -z;
      double[] off = new double[parts + 1];
      for (int part = 0; part <= parts; part++) {
        double rest = 1 - probability;
        double variance =
            Math.max(0, n) * probability * rest
                + sd * sd * (part * rest * rest + (parts - part) * probability * probability);
        off[part] = below[part] - probability * n + shift * Math.sqrt(variance);
      }
      row.add(noised.statistic(shown, passage(off, field)));
    }
    return row;
  }

  /** Where the line through {@code off} first reaches 0, in the column's unit. */
  private static double passage(double[] off, Field field) {
    int parts = off.length - 1;
    double low = NoisedSummary.centre(field) - NoisedSummary.reach(field);
    double width = 2 * NoisedSummary.reach(field) / parts;
    if (off[0] >= 0) {
      return low;
    }
    for (int part = 1; part <= parts; part++) {
      if (off[part] >= 0) {
        return low + width * (part - 1 + off[part - 1] / (off[part - 1] - off[part]));
      }
    }
    return low + width * parts;
  }

  // ---- categories ------------------------------------------------------------------------------

  private ResultTable counts() {
    List<Column> columns = new ArrayList<>(grouping.columns());
    columns.add(Column.text("column"));
    columns.add(Column.text("level"));
    for (String name : List.of("n", "noise_sd", "conf_low", "conf_high", "percent")) {
      columns.add(Column.real(name));
    }
    List<List<Cell>> rows = new ArrayList<>();
    int before = 0;
    for (Field field : analysis.categories()) {
      int levels = field.levels().size();
      for (int series = 0; series < Series.count(grouping.groups()); series++) {
        double sd = sd(NoisedSummary.LEVELS, series);
        double total = 0;
        for (int level = 0; level < levels; level++) {
          total += level(before + level, series);
        }
        boolean shown = noised.showsStatistic(total, sd * Math.sqrt(levels));
        for (int level = 0; level <= levels; level++) {
          double n = level(before + level, series);
          boolean missing = level == levels;
          List<Cell> row = named(series, field);
          row.add(missing ? new Cell.NotComputed("missing") : Cell.of(field.levels().get(level)));
          row.add(Cell.of(n));
          row.add(Cell.of(sd));
          row.add(Cell.of(n - z * sd));
          row.add(Cell.of(n + z * sd));
          row.add(
              missing
                  ? new Cell.NotComputed("percentages are of those with a level")
                  : noised.statistic(shown, 100 * n / total));
          rows.add(row);
        }
      }
      before += levels + 1;
    }
    return new ResultTable("counts", "Persons by level", columns, rows);
  }

  private double level(int place, int series) {
    return sum(NoisedSummary.LEVELS, series, place * grouping.groups(), 1, 0);
  }
}
