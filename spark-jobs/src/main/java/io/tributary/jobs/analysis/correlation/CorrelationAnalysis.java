package io.tributary.jobs.analysis.correlation;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.analysis.Step;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.jobs.analysis.Exact;
import io.tributary.jobs.analysis.Field;
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
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;

/** Covariance and Pearson correlation of numbers over complete rows; see the package's card. */
public final class CorrelationAnalysis
    implements StudyAnalysis<CorrelationState, CorrelationResult> {
  private static final int MAX_COLUMNS = 200;
  private static final String FORM = "correlation/1";

  private final Job job;
  private final double confidence;
  private final List<Field> fields = new ArrayList<>();

  private CorrelationAnalysis(Job job, Options options) {
    this.job = job;
    this.confidence = options.between("confidence", 0.95, 0, 1);
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
  }

  /** Reads the options {@code columns} and {@code confidence}. */
  public static CorrelationAnalysis of(Job job) {
    return new CorrelationAnalysis(job, Options.of(job.spec(), "columns", "confidence"));
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

  @Override
  public CorrelationState start() {
    return new Counting();
  }

  @Override
  public Layout layout(CorrelationState state) {
    Layout.Builder layout = Layout.of(job.sites());
    int columns = fields.size();
    if (state instanceof Multiplying in) {
      double most = 0;
      for (int j = 0; j < columns; j++) {
        most = Math.max(most, reach(in, j));
      }
      // Cauchy-Schwarz and sum z^2 <= (sum |z|)^2.
      double bound = most * most * (1 + 0x1p-30);
      int products = columns * (columns + 1) / 2;
      return layout.wide(CorrelationKernel.PRODUCTS, products, "sd^2", bound, bound).build();
    }
    long people = job.personsPerSite();
    return layout
        .count(CorrelationKernel.PERSONS, 1, "person", 1, people)
        .count(CorrelationKernel.DROPPED, 1, "person", 1, people)
        .unbounded(CorrelationKernel.SUM, columns, "unit")
        .unbounded(CorrelationKernel.ABSOLUTE, columns, "unit")
        .build();
  }

  /** Sum of |x - mean| / scale is at most (sum |x| + n |mean|) / scale. */
  private static double reach(Multiplying in, int column) {
    double absolute = Exact.upperBound(in.absolutes().get(column));
    return (absolute + (in.n() + 1.0) * Math.abs(centre(in, column))) / scale(in, column);
  }

  private static double centre(Multiplying in, int column) {
    return Exact.mean(in.sums().get(column), in.n());
  }

  /** The power of two at or below the mean absolute value; 1 for a column of zeros. */
  private static double scale(Multiplying in, int column) {
    double mean = Exact.mean(in.absolutes().get(column), in.n());
    return mean > 0 ? Math.scalb(1.0, Math.getExponent(mean)) : 1;
  }

  @Override
  public Partial contribute(CorrelationState state, SiteTable table) {
    RowBlocks blocks =
        RowBlocks.of(
            table,
            List.of("complete", fields),
            fields.stream().map(Field::column).toList(),
            new CompleteReader(fields.size(), new Values(fields)));
    Layout layout = layout(state);
    if (state instanceof Multiplying in) {
      double[] centres = new double[fields.size()];
      double[] scales = new double[fields.size()];
      for (int j = 0; j < centres.length; j++) {
        centres[j] = centre(in, j);
        scales[j] = scale(in, j);
      }
      return blocks.sum(
          layout, new CorrelationKernel.Products(Reals.of(centres), Reals.of(scales)));
    }
    return blocks.sum(layout, new CorrelationKernel.Moments(fields.size()));
  }

  /** Reads rows that have all values. */
  private record CompleteReader(int width, Values values) implements RowBlocks.RowReader {
    @Override
    public boolean read(Row row, double[] into, int at) {
      for (int j = 0; j < width; j++) {
        into[at + j] = values.value(j, row, j);
        if (Double.isNaN(into[at + j])) {
          return false;
        }
      }
      return true;
    }
  }

  @Override
  public Step<CorrelationState, CorrelationResult> update(CorrelationState state, Aggregate sum) {
    int columns = fields.size();
    if (state instanceof Multiplying in) {
      double[] means = new double[columns];
      double[] covariance = new double[columns * columns];
      for (int j = 0; j < columns; j++) {
        means[j] = centre(in, j);
        for (int k = j; k < columns; k++) {
          covariance[j * columns + k] =
              covariance(
                  in, sum.exact(CorrelationKernel.PRODUCTS, Cholesky.packed(columns, j, k)), j, k);
          covariance[k * columns + j] = covariance[j * columns + k];
        }
      }
      return new Step.Done<>(
          new CorrelationResult(in.n(), in.dropped(), Reals.of(means), Reals.of(covariance)));
    }
    long n = sum.count(CorrelationKernel.PERSONS);
    long dropped = sum.count(CorrelationKernel.DROPPED);
    if (n < 2 || !job.floor().showsStatistic(n)) {
      return new Step.Done<>(new CorrelationResult(n, dropped, Reals.of(), Reals.of()));
    }
    List<BigDecimal> sums = new ArrayList<>();
    List<BigDecimal> absolutes = new ArrayList<>();
    for (int j = 0; j < columns; j++) {
      sums.add(sum.unbounded(CorrelationKernel.SUM, j));
      absolutes.add(sum.unbounded(CorrelationKernel.ABSOLUTE, j));
    }
    return new Step.Next<>(new Multiplying(n, dropped, sums, absolutes));
  }

  /** (sum of products about the centres - n off_j off_k) / (n - 1), scaled back exactly. */
  private static double covariance(Multiplying in, BigDecimal products, int j, int k) {
    BigDecimal scaled =
        products.multiply(new BigDecimal(scale(in, j))).multiply(new BigDecimal(scale(in, k)));
    BigDecimal offJ = off(in, j);
    BigDecimal offK = off(in, k);
    BigDecimal about = scaled.subtract(BigDecimal.valueOf(in.n()).multiply(offJ).multiply(offK));
    return Exact.ratio(about, BigDecimal.valueOf(in.n() - 1));
  }

  /** Exact mean less the centre that was subtracted. */
  private static BigDecimal off(Multiplying in, int column) {
    return Exact.exactMean(in.sums().get(column), in.n())
        .subtract(new BigDecimal(centre(in, column)));
  }

  @Override
  public byte[] encode(CorrelationState state) {
    StateBytes.Writer out = StateBytes.write(FORM);
    if (state instanceof Multiplying in) {
      out.whole(1).whole(in.n()).whole(in.dropped());
      return out.decimals(in.sums()).decimals(in.absolutes()).bytes();
    }
    return out.whole(0).bytes();
  }

  @Override
  public CorrelationState decode(byte[] bytes) {
    StateBytes.Reader in = StateBytes.read(FORM, bytes);
    CorrelationState state = new Counting();
    if (in.whole(0, 1) == 1) {
      Multiplying read =
          new Multiplying(
              in.whole(), in.whole(), in.decimals(fields.size()), in.decimals(fields.size()));
      boolean negative = read.absolutes().stream().anyMatch(value -> value.signum() < 0);
      if (read.n() < 2 || read.n() > Job.MAX_PERSONS || read.dropped() < 0 || negative) {
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
    PlacedCount n =
        new PlacedCount(
            PlacedCount.FACTS,
            0,
            "persons",
            PlacedCount.complete(fields.stream().map(Field::column).toList()),
            false,
            true);
    return List.of(n, n.leftOut(PlacedCount.FACTS, "dropped"));
  }

  @Override
  public String resolution() {
    return "counts exact; products on a grid of 2^-125 of their bound";
  }

  @Override
  public Demand demand() {
    return Demand.ofRounds(2);
  }

  @Override
  public List<String> reveals() {
    int p = fields.size();
    return List.of(
        "Sum 1: complete and dropped rows, sum and absolute sum of " + p + " numbers.",
        "Sum 2: products of the numbers about their means ["
            + p
            + " x "
            + p
            + ", upper triangle].");
  }
}
