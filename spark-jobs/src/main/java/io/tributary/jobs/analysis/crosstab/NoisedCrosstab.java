package io.tributary.jobs.analysis.crosstab;

import io.tributary.analysis.Partial;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.jobs.analysis.Field;
import io.tributary.jobs.analysis.GroupedReader;
import io.tributary.jobs.analysis.Grouping;
import io.tributary.jobs.analysis.Job;
import io.tributary.jobs.analysis.NoisedJob;
import io.tributary.jobs.analysis.NoisedOnce;
import io.tributary.jobs.analysis.NoisedSums;
import io.tributary.jobs.analysis.OneSum;
import io.tributary.jobs.analysis.Options;
import io.tributary.jobs.analysis.Reals;
import io.tributary.privacy.Demand;
import io.tributary.privacy.NoisePlan;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.Column;
import io.tributary.report.Plot;
import io.tributary.report.ResultTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A crosstab whose cells carry noise; see the package's card. */
public final class NoisedCrosstab implements NoisedOnce {
  private final NoisedJob noised;
  private final double confidence;
  private final List<Field> fields = new ArrayList<>();
  private final int cells;
  private final NoisePlan plan;

  private NoisedCrosstab(Job job, Options options) {
    this.noised = NoisedJob.of(job);
    this.confidence = options.between("confidence", 0.95, 0, 1);
    List<String> columns = options.names("columns");
    if (columns.isEmpty() || columns.size() > 3) {
      throw options.refuse("columns", "names " + columns.size() + " columns", "one to three");
    }
    long product = 1;
    for (String column : columns) {
      Field field = Field.requireCategory(job.study(), job.name(), column);
      fields.add(field);
      product *= field.levels().size();
    }
    if (product > CrosstabAnalysis.MAX_CELLS) {
      throw options.refuse(
          "columns",
          "makes " + product + " cells",
          "at most " + CrosstabAnalysis.MAX_CELLS + " cells");
    }
    this.cells = (int) product;
    this.plan =
        noised.plan(List.of(noised.slot(CrosstabAnalysis.CELLS, 1, cells + 1, noised.rho())));
  }

  /** Reads the options {@code columns} and {@code confidence}. */
  public static NoisedCrosstab of(Job job) {
    return new NoisedCrosstab(job, Options.of(job.spec(), "columns", "confidence"));
  }

  @Override
  public NoisedJob noised() {
    return noised;
  }

  @Override
  public NoisePlan plan() {
    return plan;
  }

  @Override
  public String form() {
    return "noised-crosstab/1";
  }

  @Override
  public Partial contribute(OneSum state, SiteTable table) {
    int[] sizes = fields.stream().mapToInt(field -> field.levels().size()).toArray();
    int missing = cells;
    return GroupedReader.persons(noised.job(), table, Grouping.none(), fields)
        .sum(
            layout(state),
            (row, person) -> {
              int cell = 0;
              for (int d = 0; d < sizes.length; d++) {
                if (Double.isNaN(row[1 + d])) {
                  person[0][missing]++;
                  return;
                }
                cell = cell * sizes[d] + (int) row[1 + d];
              }
              person[0][cell]++;
            });
  }

  @Override
  public Demand demand() {
    return new Demand(fields.size(), 0, 1, false);
  }

  @Override
  public List<String> reveals() {
    return List.of(NoisedJob.sentence(1, plan) + " Persons in every cell, the last one missing.");
  }

  // ---- the report ------------------------------------------------------------------------------

  @Override
  public AnalysisReport present(NoisedSums result) {
    Reals counts = result.slots().get(0);
    double sd = plan.standardDeviation(CrosstabAnalysis.CELLS, result.contributors());
    double total = 0;
    for (int cell = 0; cell < cells; cell++) {
      total += counts.at(cell);
    }
    double totalSd = sd * Math.sqrt(cells);
    List<Column> columns = new ArrayList<>();
    fields.forEach(field -> columns.add(Column.text(field.column())));
    for (String name : List.of("n", "noise_sd", "conf_low", "conf_high", "percent")) {
      columns.add(Column.real(name));
    }
    List<List<Cell>> rows = new ArrayList<>();
    for (int kept = (1 << fields.size()) - 1; kept >= 0; kept--) {
      addMargin(kept, counts, sd, noised.showsStatistic(total, totalSd), total, rows);
    }
    Map<String, Cell> facts = new LinkedHashMap<>();
    facts.put("persons", Cell.of(total));
    facts.put("missing", Cell.of(counts.at(cells)));
    return noised.report(
        "crosstab",
        total,
        totalSd,
        result.contributors(),
        noise(),
        facts,
        List.of(
            new ResultTable(CrosstabTables.COUNTS, "Persons by cell, and margins", columns, rows)),
        List.of(
            "Margins are sums of noised cells, so the table adds up. Tests of independence are not"
                + " given: their distributions do not hold with noise."));
  }

  /** All cells of the table that keeps the dimensions in {@code kept}; others are summed over. */
  private void addMargin(
      int kept, Reals counts, double sd, boolean shown, double total, List<List<Cell>> rows) {
    Map<List<Integer>, double[]> sums = new LinkedHashMap<>();
    for (int cell = 0; cell < cells; cell++) {
      List<Integer> at = new ArrayList<>();
      int rest = cell;
      for (int d = fields.size() - 1; d >= 0; d--) {
        int size = fields.get(d).levels().size();
        at.add(0, (kept >> d & 1) == 1 ? rest % size : -1);
        rest /= size;
      }
      double[] sum = sums.computeIfAbsent(at, key -> new double[2]);
      sum[0] += counts.at(cell);
      sum[1]++;
    }
    double z = NoisedJob.quantile(confidence);
    sums.forEach(
        (at, sum) -> {
          List<Cell> row = new ArrayList<>();
          for (int d = 0; d < at.size(); d++) {
            row.add(Cell.of(at.get(d) < 0 ? Plot.ALL : fields.get(d).levels().get(at.get(d))));
          }
          double own = sd * Math.sqrt(sum[1]);
          row.add(Cell.of(sum[0]));
          row.add(Cell.of(own));
          row.add(Cell.of(sum[0] - z * own));
          row.add(Cell.of(sum[0] + z * own));
          row.add(noised.statistic(shown, 100 * sum[0] / total));
          rows.add(row);
        });
  }
}
