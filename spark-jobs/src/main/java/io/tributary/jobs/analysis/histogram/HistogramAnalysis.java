package io.tributary.jobs.analysis.histogram;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.analysis.Step;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.jobs.analysis.Counts;
import io.tributary.jobs.analysis.Exact;
import io.tributary.jobs.analysis.Field;
import io.tributary.jobs.analysis.GroupedReader;
import io.tributary.jobs.analysis.Grouping;
import io.tributary.jobs.analysis.Job;
import io.tributary.jobs.analysis.NumberRange;
import io.tributary.jobs.analysis.Options;
import io.tributary.jobs.analysis.PlacedCount;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.RowBlocks;
import io.tributary.jobs.analysis.StateBytes;
import io.tributary.jobs.analysis.StudyAnalysis;
import io.tributary.jobs.analysis.histogram.HistogramState.Binning;
import io.tributary.jobs.analysis.histogram.HistogramState.Counting;
import io.tributary.jobs.analysis.histogram.HistogramState.Spreading;
import io.tributary.privacy.Demand;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.ResultTable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Persons between edges of one number, by group; see the package's card. */
public final class HistogramAnalysis implements StudyAnalysis<HistogramState, HistogramResult> {
  /** Bins of one histogram. */
  static final int MAX_BINS = 1000;

  private static final String FORM = "histogram/1";

  private final Job job;
  private final Grouping grouping;
  private final Field field;
  private final int bins;
  private final boolean join;
  private final Reals edges;

  private HistogramAnalysis(Job job, Options options) {
    this.job = job;
    this.grouping = Grouping.of(job, options);
    String column = options.requiredText("column", "one numeric column");
    this.field = Field.of(job.study(), job.name(), column);
    if (field.isCategory()) {
      throw options.refuse("column", "names a category", "a number; a crosstab counts categories");
    }
    this.bins = options.whole("bins", 20, 1, MAX_BINS);
    this.join = options.flag("join", false);
    if (options.has("breaks")) {
      if (options.has("bins")) {
        throw options.refuse("bins", "stands beside breaks", "one of the two");
      }
      double[] breaks = options.numbers("breaks");
      for (int i = 1; i < breaks.length; i++) {
        if (!(breaks[i] > breaks[i - 1])) {
          throw options.refuse("breaks", "does not ascend", "numbers in ascending order");
        }
      }
      if (breaks.length < 2 || breaks.length > MAX_BINS + 1) {
        throw options.refuse(
            "breaks", "has " + breaks.length + " numbers", "2 to " + (MAX_BINS + 1) + " numbers");
      }
      this.edges = Reals.of(breaks);
    } else {
      this.edges =
          field.hasRange() ? Reals.of(Edges.equal(field.low(), field.high(), bins)) : Reals.of();
    }
  }

  /** Reads the options {@code column}, {@code by}, {@code bins}, {@code breaks}, {@code join}. */
  public static HistogramAnalysis of(Job job) {
    return new HistogramAnalysis(
        job, Options.of(job.spec(), "column", "by", "bins", "breaks", "join"));
  }

  /** Whether bins with too few persons are joined, and not withheld. */
  boolean join() {
    return join;
  }

  Job job() {
    return job;
  }

  Grouping grouping() {
    return grouping;
  }

  Field field() {
    return field;
  }

  @Override
  public HistogramState start() {
    return edges.size() > 0 ? new Binning(edges) : new Counting();
  }

  @Override
  public Layout layout(HistogramState state) {
    Layout.Builder layout = Layout.of(job.sites());
    long most = job.personsPerSite();
    if (state instanceof Counting) {
      layout.count(HistogramKernel.PERSONS, 1, "person", 1, most);
      layout.unbounded(HistogramKernel.SUM, 1, "unit");
      layout.unbounded(HistogramKernel.ABSOLUTE, 1, "unit");
    } else if (state instanceof Spreading spreading) {
      double reach =
          Exact.upperBound(spreading.absolute())
              + (spreading.n() + 1.0) * Math.abs(Exact.mean(spreading.sum(), spreading.n()));
      double bound = reach * reach * (1 + 0x1p-40);
      layout.wide(HistogramKernel.SQUARES, 1, "unit^2", bound, bound);
    } else {
      int places = ((Binning) state).edges().size() + 1;
      layout.count(HistogramKernel.BINS, grouping.groups() * places, "person", 1, most);
      layout.count(HistogramKernel.MISSING, grouping.groups(), "person", 1, most);
      layout.count(HistogramKernel.UNGROUPED, 1, "person", 1, most);
    }
    return layout.build();
  }

  @Override
  public Partial contribute(HistogramState state, SiteTable table) {
    RowBlocks blocks = GroupedReader.blocks(table, grouping, List.of(field));
    HistogramKernel kernel;
    if (state instanceof Counting) {
      kernel = new HistogramKernel.Moments();
    } else if (state instanceof Spreading spreading) {
      kernel = new HistogramKernel.Squares(Exact.mean(spreading.sum(), spreading.n()));
    } else {
      kernel = new HistogramKernel.Bins(((Binning) state).edges().toArray());
    }
    return blocks.sum(layout(state), kernel);
  }

  @Override
  public Step<HistogramState, HistogramResult> update(HistogramState state, Aggregate sum) {
    if (state instanceof Counting) {
      long n = sum.count(HistogramKernel.PERSONS);
      if (!job.floor().showsStatistic(n)) {
        return new Step.Done<>(
            new HistogramResult(
                AnalysisReport.TOO_FEW_PERSONS, Reals.of(), Counts.of(), Counts.of(), 0));
      }
      return new Step.Next<>(
          new Spreading(
              n,
              sum.unbounded(HistogramKernel.SUM, 0),
              sum.unbounded(HistogramKernel.ABSOLUTE, 0)));
    }
    if (state instanceof Spreading spreading) {
      double centre = Exact.mean(spreading.sum(), spreading.n());
      BigDecimal squares =
          Exact.squaresAboutMean(
              sum.exact(HistogramKernel.SQUARES, 0), spreading.sum(), spreading.n(), centre);
      double sd = StrictMath.sqrt(Exact.variance(squares, spreading.n()));
      return new Step.Next<>(new Binning(Reals.of(Edges.round(centre, sd, bins))));
    }
    return new Step.Done<>(
        new HistogramResult(
            AnalysisReport.OK,
            ((Binning) state).edges(),
            Counts.of(sum.counts(HistogramKernel.BINS)),
            Counts.of(sum.counts(HistogramKernel.MISSING)),
            sum.count(HistogramKernel.UNGROUPED),
            sum.leftOut(HistogramKernel.BINS).stream().boxed().toList(),
            !sum.leftOut(HistogramKernel.MISSING).isEmpty()
                || !sum.leftOut(HistogramKernel.UNGROUPED).isEmpty()));
  }

  /** Bins may be left out where they are declared and stay as they are. */
  @Override
  public boolean withholdsPlaces(HistogramState state) {
    return edges.size() > 0 && !join;
  }

  @Override
  public byte[] encode(HistogramState state) {
    StateBytes.Writer out = StateBytes.write(FORM);
    if (state instanceof Spreading spreading) {
      out.whole(1).whole(spreading.n());
      return out.decimal(spreading.sum()).decimal(spreading.absolute()).bytes();
    }
    if (state instanceof Binning binning) {
      return out.whole(2).reals(binning.edges().toArray()).bytes();
    }
    return out.whole(0).bytes();
  }

  @Override
  public HistogramState decode(byte[] bytes) {
    StateBytes.Reader in = StateBytes.read(FORM, bytes);
    int phase = in.whole(0, 2);
    HistogramState state;
    if (phase == 0) {
      state = new Counting();
    } else if (phase == 1) {
      Spreading spreading = new Spreading(in.whole(), in.decimal(), in.decimal());
      if (spreading.n() < 1 || spreading.absolute().signum() < 0) {
        throw in.refuse();
      }
      state = spreading;
    } else {
      double[] read = in.reals();
      // Round edges may be some more than the bins asked for.
      if (read.length < 2 || read.length > 2 * MAX_BINS + 3) {
        throw in.refuse();
      }
      for (int i = 0; i < read.length; i++) {
        if (!Double.isFinite(read[i]) || (i > 0 && !(read[i] > read[i - 1]))) {
          throw in.refuse();
        }
      }
      state = new Binning(Reals.of(read));
    }
    in.end();
    return state;
  }

  @Override
  public AnalysisReport present(HistogramResult result) {
    return new HistogramTables(this, result).report();
  }

  @Override
  public String resolution() {
    return "exact";
  }

  @Override
  public Demand demand() {
    int ways = grouping.fields().size();
    return edges.size() > 0
        ? new Demand(ways, edges.size() - 1, 1, false)
        : new Demand(ways, bins, 3, false);
  }

  @Override
  public List<PlacedCount> counts(AnalysisReport report) {
    List<PlacedCount> counts = new ArrayList<>(PlacedCount.ungrouped(grouping));
    for (ResultTable table : report.tables()) {
      Map<String, Set<String>> valued = new TreeMap<>(grouping.anyGroup());
      Map<String, Set<String>> unvalued = new TreeMap<>(valued);
      valued.put(field().column(), Set.of(PlacedCount.PRESENT));
      unvalued.put(field().column(), Set.of(PlacedCount.MISSING));
      PlacedCount persons = PlacedCount.persons(valued);
      counts.add(
          join
              ? persons
              : new PlacedCount(
                  PlacedCount.FACTS,
                  0,
                  persons.column(),
                  grouping.anyGroup(),
                  Map.of(field().column(), ends(table)),
                  false,
                  false));
      counts.add(new PlacedCount(PlacedCount.FACTS, 0, "missing", unvalued));
      int lower = table.column("lower");
      for (int row = 0; row < table.rows().size(); row++) {
        List<Cell> cells = table.rows().get(row);
        Map<String, Set<String>> where = new TreeMap<>();
        for (Field by : grouping.fields()) {
          Cell group = cells.get(table.column(by.column()));
          where.put(by.column(), Set.of(((Cell.Text) group).value()));
        }
        Map<String, NumberRange> bin =
            Map.of(field().column(), range(cells.get(lower), cells.get(lower + 1), ends(table)));
        counts.add(new PlacedCount(table.name(), row, "n", where, bin, false, false));
      }
    }
    return counts;
  }

  /** The first lower and the last upper edge of a table of bins. */
  private static NumberRange ends(ResultTable table) {
    double first = Double.POSITIVE_INFINITY;
    double last = Double.NEGATIVE_INFINITY;
    int lower = table.column("lower");
    for (List<Cell> cells : table.rows()) {
      if (cells.get(lower) instanceof Cell.Real from) {
        first = Math.min(first, from.value());
      }
      if (cells.get(lower + 1) instanceof Cell.Real to) {
        last = Math.max(last, to.value());
      }
    }
    return NumberRange.fromTo(first, last);
  }

  /** A bin of a report; one without a lower or without an upper edge is a tail. */
  private NumberRange range(Cell lower, Cell upper, NumberRange ends) {
    if (!(lower instanceof Cell.Real from)) {
      return NumberRange.below(((Cell.Real) upper).value());
    }
    if (!(upper instanceof Cell.Real to)) {
      return NumberRange.above(from.value());
    }
    boolean isFirst = from.value() == ends.from().at();
    boolean isLast = to.value() == ends.to().at();
    NumberRange bin =
        isLast
            ? NumberRange.fromTo(from.value(), to.value())
            : NumberRange.fromBelow(from.value(), to.value());
    bin = join && isFirst ? bin.withAllBelow() : bin;
    return join && isLast ? bin.withAllAbove() : bin;
  }

  @Override
  public List<String> reveals() {
    String counts =
        "persons in each bin, below the first and above the last one"
            + grouping.sentence()
            + ", and missing.";
    return edges.size() > 0
        ? List.of("Sum 1: " + counts)
        : List.of(
            "Sum 1: persons, sum and absolute sum of the column.",
            "Sum 2: squares about its mean.",
            "Sum 3: " + counts);
  }
}
