package io.tributary.jobs.analysis.histogram;

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
import io.tributary.report.ResultTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A histogram whose bins carry noise; see the package's card. */
public final class NoisedHistogram implements NoisedOnce {
  private final NoisedJob noised;
  private final Grouping grouping;
  private final Field field;
  private final Reals edges;
  private final double confidence;
  private final NoisePlan plan;

  private NoisedHistogram(Job job, Options options) {
    this.noised = NoisedJob.of(job);
    this.grouping = Grouping.of(job, options);
    this.confidence = options.between("confidence", 0.95, 0, 1);
    String column = options.requiredText("column", "one numeric column");
    this.field = Field.of(job.study(), job.name(), column);
    if (field.isCategory()) {
      throw options.refuse("column", "names a category", "a number; a crosstab counts categories");
    }
    this.edges = edges(options);
    this.plan =
        noised.plan(
            List.of(
                noised.slot(HistogramKernel.BINS, 1, grouping.groups() * places(), noised.rho())));
  }

  /** Edges are public: given, or equal parts of the declared range; data give none. */
  private Reals edges(Options options) {
    if (!options.has("breaks")) {
      if (!field.hasRange()) {
        throw options.refuse(
            "column",
            "has no declared range, and edges found in the data would be about persons",
            "a column with columns." + field.column() + ".range, or breaks");
      }
      int bins = options.whole("bins", 20, 1, HistogramAnalysis.MAX_BINS);
      return Reals.of(Edges.equal(field.low(), field.high(), bins));
    }
    double[] breaks = options.numbers("breaks");
    boolean ascending = breaks.length >= 2 && breaks.length <= HistogramAnalysis.MAX_BINS + 1;
    for (int i = 1; i < breaks.length; i++) {
      ascending &= breaks[i] > breaks[i - 1];
    }
    if (!ascending || options.has("bins")) {
      throw options.refuse(
          "breaks",
          "does not ascend, stands beside bins, or has too few or too many numbers",
          "2 to " + (HistogramAnalysis.MAX_BINS + 1) + " numbers in ascending order");
    }
    return Reals.of(breaks);
  }

  /** Below the first edge, the bins, above the last edge, missing. */
  private int places() {
    return edges.size() + 2;
  }

  /** Reads the options {@code column}, {@code by}, {@code bins}, {@code breaks}, confidence. */
  public static NoisedHistogram of(Job job) {
    return new NoisedHistogram(
        job, Options.of(job.spec(), "column", "by", "bins", "breaks", "confidence"));
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
    return "noised-histogram/1";
  }

  @Override
  public Partial contribute(OneSum state, SiteTable table) {
    double[] bounds = edges.toArray();
    int places = places();
    return GroupedReader.persons(noised.job(), table, grouping, List.of(field))
        .sum(
            layout(state),
            (row, person) -> {
              int place = Double.isNaN(row[1]) ? places - 1 : Edges.place(row[1], bounds);
              int group = (int) row[0];
              person[0][group * places + place]++;
            });
  }

  @Override
  public Demand demand() {
    return new Demand(grouping.fields().size(), edges.size() - 1, 1, false);
  }

  @Override
  public List<String> reveals() {
    return List.of(
        NoisedJob.sentence(1, plan)
            + " Persons below, in and above the bins, and missing"
            + grouping.sentence()
            + ".");
  }

  @Override
  public AnalysisReport present(NoisedSums result) {
    Reals counts = result.slots().get(0);
    double sd = plan.standardDeviation(HistogramKernel.BINS, result.contributors());
    int bins = edges.size() - 1;
    double z = NoisedJob.quantile(confidence);
    List<Column> columns = new ArrayList<>(grouping.columns());
    for (String name :
        List.of("lower", "upper", "n", "noise_sd", "conf_low", "conf_high", "proportion")) {
      columns.add(Column.real(name));
    }
    List<List<Cell>> rows = new ArrayList<>();
    double total = 0;
    double missing = 0;
    for (int group = 0; group < grouping.groups(); group++) {
      int first = group * places();
      double inside = 0;
      for (int bin = 1; bin <= bins; bin++) {
        inside += counts.at(first + bin);
      }
      total += inside;
      missing += counts.at(first + places() - 1);
      boolean shown = noised.showsStatistic(inside, sd * Math.sqrt(bins));
      for (int place = 0; place <= bins + 1; place++) {
        List<Cell> row = new ArrayList<>(grouping.cells(group));
        boolean below = place == 0;
        boolean above = place > bins;
        row.add(
            below ? new Cell.NotComputed("below the first edge") : Cell.of(edges.at(place - 1)));
        row.add(above ? new Cell.NotComputed("above the last edge") : Cell.of(edges.at(place)));
        double n = counts.at(first + place);
        row.add(Cell.of(n));
        row.add(Cell.of(sd));
        row.add(Cell.of(n - z * sd));
        row.add(Cell.of(n + z * sd));
        row.add(
            below || above
                ? new Cell.NotComputed("proportions are of the persons between the edges")
                : noised.statistic(shown, n / inside));
        rows.add(row);
      }
    }
    Map<String, Cell> facts = new LinkedHashMap<>();
    facts.put("persons", Cell.of(total));
    facts.put("missing", Cell.of(missing));
    return noised.report(
        "histogram",
        total,
        sd * Math.sqrt((double) bins * grouping.groups()),
        result.contributors(),
        noise(),
        facts,
        List.of(new ResultTable("bins", "Persons by bin", columns, rows)),
        List.of("A bin holds its lower edge and not its upper one; the last bin holds both."));
  }
}
