package io.tributary.jobs.analysis.correlation;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.analysis.Step;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.jobs.analysis.Counts;
import io.tributary.jobs.analysis.Exact;
import io.tributary.jobs.analysis.Field;
import io.tributary.jobs.analysis.Grouping;
import io.tributary.jobs.analysis.Job;
import io.tributary.jobs.analysis.Options;
import io.tributary.jobs.analysis.PlacedCount;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.RowBlocks;
import io.tributary.jobs.analysis.StateBytes;
import io.tributary.jobs.analysis.StudyAnalysis;
import io.tributary.jobs.analysis.Values;
import io.tributary.jobs.analysis.correlation.CorrelationState.Counting;
import io.tributary.jobs.analysis.correlation.CorrelationState.Multiplying;
import io.tributary.jobs.linalg.Cholesky;
import io.tributary.privacy.Demand;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.ResultTable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Row;

/** Covariance and Pearson correlation of numbers over complete rows; see the package's card. */
public final class CorrelationAnalysis
    implements StudyAnalysis<CorrelationState, CorrelationResult> {
  private static final int MAX_COLUMNS = 200;
  private static final int MAX_PRODUCTS = 100_000;
  private static final String FORM = "correlation/1";

  private final Job job;
  private final double confidence;
  private final Grouping grouping;
  private final List<Field> fields = new ArrayList<>();

  private CorrelationAnalysis(Job job, Options options) {
    this.job = job;
    this.confidence = options.between("confidence", 0.95, 0, 1);
    this.grouping = Grouping.of(job, options);
    List<String> columns = options.names("columns");
    if (columns.size() < 2 || columns.size() > MAX_COLUMNS) {
      throw options.refuse(
          "columns", "names " + columns.size() + " columns", "2 to " + MAX_COLUMNS + " numbers");
    }
    for (String column : columns) {
      Field field = Field.of(job.study(), job.name(), column);
      if (field.isCategory()) {
        throw options.refuse("columns", "names the category '" + column + "'", "numeric columns");
      }
      fields.add(field);
    }
    if ((long) grouping.groups() * products() > MAX_PRODUCTS) {
      throw options.refuse(
          "by",
          "makes " + (long) grouping.groups() * products() + " products in all groups",
          "at most " + MAX_PRODUCTS);
    }
  }

  /** Of the columns with each other and themselves. */
  private int products() {
    return fields.size() * (fields.size() + 1) / 2;
  }

  /** Reads the options {@code columns}, {@code by} and {@code confidence}. */
  public static CorrelationAnalysis of(Job job) {
    return new CorrelationAnalysis(job, Options.of(job.spec(), "columns", "by", "confidence"));
  }

  Job job() {
    return job;
  }

  double confidence() {
    return confidence;
  }

  List<Field> fields() {
    return fields;
  }

  Grouping grouping() {
    return grouping;
  }

  @Override
  public CorrelationState start() {
    return new Counting();
  }

  @Override
  public Layout layout(CorrelationState state) {
    Layout.Builder layout = Layout.of(job.sites());
    int groups = grouping.groups();
    int columns = fields.size();
    if (state instanceof Multiplying in) {
      double most = 0;
      for (int group = 0; group < groups; group++) {
        for (int j = 0; j < columns && isMultiplied(in, group); j++) {
          most = Math.max(most, reach(in, group, j));
        }
      }
      // Cauchy-Schwarz and sum z^2 <= (sum |z|)^2.
      double bound = most * most * (1 + 0x1p-30);
      return layout
          .wide(CorrelationKernel.PRODUCTS, groups * products(), "sd^2", bound, bound)
          .build();
    }
    long people = job.personsPerSite();
    return layout
        .count(CorrelationKernel.PERSONS, groups, "person", 1, people)
        .count(CorrelationKernel.DROPPED, 1, "person", 1, people)
        .unbounded(CorrelationKernel.SUM, groups * columns, "unit")
        .unbounded(CorrelationKernel.ABSOLUTE, groups * columns, "unit")
        .build();
  }

  /** Products are asked for where they may be shown, and of no smaller group. */
  private boolean isMultiplied(Multiplying in, int group) {
    return isMultiplied(in.n().at(group));
  }

  private boolean isMultiplied(long n) {
    return n >= 2 && job.floor().showsStatistic(n);
  }

  /** Sum of |x - mean| / scale is at most (sum |x| + n |mean|) / scale. */
  private double reach(Multiplying in, int group, int column) {
    double absolute = Exact.upperBound(in.absolutes().get(group * fields.size() + column));
    double n = in.n().at(group);
    return (absolute + (n + 1.0) * Math.abs(centre(in, group, column))) / scale(in, group, column);
  }

  private double centre(Multiplying in, int group, int column) {
    return Exact.mean(in.sums().get(group * fields.size() + column), in.n().at(group));
  }

  /** The power of two at or below the mean absolute value; 1 for a column of zeros. */
  private double scale(Multiplying in, int group, int column) {
    double mean = Exact.mean(in.absolutes().get(group * fields.size() + column), in.n().at(group));
    return mean > 0 ? Math.scalb(1.0, Math.getExponent(mean)) : 1;
  }

  @Override
  public Partial contribute(CorrelationState state, SiteTable table) {
    int columns = fields.size();
    int groups = grouping.groups();
    List<Field> read = new ArrayList<>(grouping.fields());
    read.addAll(fields);
    RowBlocks blocks =
        RowBlocks.of(
            table,
            List.of("complete", grouping.fields().size(), read),
            read.stream().map(Field::column).toList(),
            new CompleteReader(grouping, columns, new Values(read)));
    Layout layout = layout(state);
    if (state instanceof Multiplying in) {
      double[] centres = new double[groups * columns];
      double[] scales = new double[groups * columns];
      for (int group = 0; group < groups; group++) {
        for (int j = 0; j < columns && isMultiplied(in, group); j++) {
          centres[group * columns + j] = centre(in, group, j);
          scales[group * columns + j] = scale(in, group, j);
        }
      }
      return blocks.sum(
          layout, new CorrelationKernel.Products(columns, Reals.of(centres), Reals.of(scales)));
    }
    return blocks.sum(layout, new CorrelationKernel.Moments(columns));
  }

  /** Reads rows that have a group and all values as [group, values]. */
  private record CompleteReader(Grouping grouping, int columns, Values values)
      implements RowBlocks.RowReader {
    @Override
    public int width() {
      return 1 + columns;
    }

    @Override
    public boolean read(Row row, double[] into, int at) {
      double[] levels = new double[grouping.fields().size()];
      for (int i = 0; i < levels.length; i++) {
        levels[i] = values.value(i, row, i);
      }
      into[at] = grouping.group(levels);
      if (into[at] < 0) {
        return false;
      }
      for (int j = 0; j < columns; j++) {
        into[at + 1 + j] = values.value(levels.length + j, row, levels.length + j);
        if (Double.isNaN(into[at + 1 + j])) {
          return false;
        }
      }
      return true;
    }
  }

  @Override
  public Step<CorrelationState, CorrelationResult> update(CorrelationState state, Aggregate sum) {
    int columns = fields.size();
    int groups = grouping.groups();
    if (state instanceof Multiplying in) {
      double[] means = new double[groups * columns];
      double[] covariance = new double[groups * columns * columns];
      for (int group = 0; group < groups; group++) {
        int first = group * columns * columns;
        for (int j = 0; j < columns && isMultiplied(in, group); j++) {
          means[group * columns + j] = centre(in, group, j);
          for (int k = j; k < columns; k++) {
            int at = group * products() + Cholesky.packed(columns, j, k);
            double value = covariance(in, sum.exact(CorrelationKernel.PRODUCTS, at), group, j, k);
            covariance[first + j * columns + k] = value;
            covariance[first + k * columns + j] = value;
          }
        }
      }
      return new Step.Done<>(
          new CorrelationResult(
              in.n(), in.dropped(), in.absolutes(), Reals.of(means), Reals.of(covariance)));
    }
    Counts n = Counts.of(sum.counts(CorrelationKernel.PERSONS));
    long dropped = sum.count(CorrelationKernel.DROPPED);
    List<BigDecimal> sums = new ArrayList<>();
    List<BigDecimal> absolutes = new ArrayList<>();
    for (int at = 0; at < groups * columns; at++) {
      sums.add(sum.unbounded(CorrelationKernel.SUM, at));
      absolutes.add(sum.unbounded(CorrelationKernel.ABSOLUTE, at));
    }
    if (Arrays.stream(n.toArray()).noneMatch(this::isMultiplied)) {
      return new Step.Done<>(
          new CorrelationResult(
              n,
              dropped,
              absolutes,
              Reals.zeros(groups * columns),
              Reals.zeros(groups * columns * columns)));
    }
    return new Step.Next<>(new Multiplying(n, dropped, sums, absolutes));
  }

  /** (sum of products about the centres - n off_j off_k) / (n - 1), scaled back exactly. */
  private double covariance(Multiplying in, BigDecimal products, int group, int j, int k) {
    BigDecimal scaled =
        products
            .multiply(new BigDecimal(scale(in, group, j)))
            .multiply(new BigDecimal(scale(in, group, k)));
    BigDecimal off = off(in, group, j).multiply(off(in, group, k));
    long n = in.n().at(group);
    BigDecimal about = scaled.subtract(BigDecimal.valueOf(n).multiply(off));
    return Exact.ratio(about, BigDecimal.valueOf(n - 1));
  }

  /** Exact mean less the centre that was subtracted. */
  private BigDecimal off(Multiplying in, int group, int column) {
    return Exact.exactMean(in.sums().get(group * fields.size() + column), in.n().at(group))
        .subtract(new BigDecimal(centre(in, group, column)));
  }

  @Override
  public byte[] encode(CorrelationState state) {
    StateBytes.Writer out = StateBytes.write(FORM);
    if (state instanceof Multiplying in) {
      out.whole(1).wholes(in.n().toArray()).whole(in.dropped());
      return out.decimals(in.sums()).decimals(in.absolutes()).bytes();
    }
    return out.whole(0).bytes();
  }

  @Override
  public CorrelationState decode(byte[] bytes) {
    StateBytes.Reader in = StateBytes.read(FORM, bytes);
    CorrelationState state = new Counting();
    if (in.whole(0, 1) == 1) {
      int sums = grouping.groups() * fields.size();
      Multiplying read =
          new Multiplying(
              Counts.of(in.wholes(grouping.groups())),
              in.whole(),
              in.decimals(sums),
              in.decimals(sums));
      long[] n = read.n().toArray();
      boolean wrong =
          Arrays.stream(n).anyMatch(each -> each < 0 || each > Job.MAX_PERSONS)
              || Arrays.stream(n).noneMatch(this::isMultiplied)
              || read.dropped() < 0
              || read.absolutes().stream().anyMatch(value -> value.signum() < 0);
      if (wrong) {
        throw in.refuse();
      }
      state = read;
    }
    in.end();
    return state;
  }

  @Override
  public AnalysisReport present(CorrelationResult result) {
    return new CorrelationTables(this, result).report();
  }

  @Override
  public List<PlacedCount> counts(AnalysisReport report) {
    List<String> columns = fields.stream().map(Field::column).toList();
    if (grouping.isGrouped()) {
      return groups(report, PlacedCount.complete(columns));
    }
    PlacedCount n =
        new PlacedCount(
            PlacedCount.FACTS, 0, "persons", PlacedCount.complete(columns), false, true);
    return List.of(n, n.leftOut(PlacedCount.FACTS, "dropped"));
  }

  /** Of a group in each of its rows, and of all of them. */
  private List<PlacedCount> groups(AnalysisReport report, Map<String, Set<String>> complete) {
    List<PlacedCount> counts = new ArrayList<>();
    for (ResultTable table : report.tables()) {
      for (int row = 0; row < table.rows().size(); row++) {
        Map<String, Set<String>> where = new TreeMap<>(complete);
        for (Field by : grouping.fields()) {
          Cell level = table.rows().get(row).get(table.column(by.column()));
          where.put(by.column(), Set.of(((Cell.Text) level).value()));
        }
        counts.add(new PlacedCount(table.name(), row, "n", where));
      }
    }
    Map<String, Set<String>> all = new TreeMap<>(complete);
    grouping.fields().forEach(by -> all.put(by.column(), Set.copyOf(by.levels())));
    PlacedCount persons = new PlacedCount(PlacedCount.FACTS, 0, "persons", all);
    counts.add(persons);
    counts.add(persons.leftOut(PlacedCount.FACTS, "dropped"));
    return counts;
  }

  @Override
  public String resolution() {
    return "counts exact; products on a grid of 2^-125 of their bound";
  }

  @Override
  public Demand demand() {
    return Demand.ofRounds(2).crossing(grouping.fields().size());
  }

  @Override
  public List<String> reveals() {
    int p = fields.size();
    return List.of(
        "Sum 1: complete and dropped rows, sum and absolute sum of "
            + p
            + " numbers"
            + grouping.sentence()
            + ".",
        "Sum 2: products of the numbers about their means ["
            + p
            + " x "
            + p
            + ", upper triangle]"
            + (grouping.isGrouped() ? " in each group of enough persons." : "."));
  }
}
