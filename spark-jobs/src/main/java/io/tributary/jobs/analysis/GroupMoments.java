package io.tributary.jobs.analysis;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.analysis.Step;
import io.tributary.codec.GridSum;
import io.tributary.jobs.hypothesis.Sample;
import io.tributary.report.Cell;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Means and variances of numbers by group, in two sums: persons, x and |x|; then squares and
 * distances about each group's mean. The second one is taken of columns whose groups are all large
 * enough to be shown. Rows are those of {@link GroupedReader}: [group, columns...]; elements stand
 * at {@code column * groups + group}.
 */
public final class GroupMoments {
  /** How exact the numbers are. */
  public static final String RESOLUTION = "counts exact; sums exact for values of at least 2^-68";

  private static final String PERSONS = "persons";
  private static final String DROPPED = "dropped";
  private static final String SUM = "sum";
  private static final String ABSOLUTE = "absolute";
  private static final String SQUARES = "squares ";
  private static final String DISTANCES = "distances ";

  private final String form;
  private final Job job;
  private final int groups;
  private final List<Double> reaches;

  /**
   * Moments of an analysis.
   *
   * @param form name of its states
   * @param reaches greatest absolute value of each column, as declared; infinite if none is
   */
  public GroupMoments(String form, Job job, int groups, List<Double> reaches) {
    this.form = form;
    this.job = job;
    this.groups = groups;
    this.reaches = List.copyOf(reaches);
  }

  /** Greatest absolute value that a field's range allows; infinite without one. */
  public static double reach(Field field) {
    return field.hasRange()
        ? Math.max(Math.abs(field.low()), Math.abs(field.high()))
        : Double.POSITIVE_INFINITY;
  }

  /** What is public between the two sums. */
  public sealed interface State {}

  /** Nothing is known yet. */
  public record Counting() implements State {}

  /** Squares are summed next. */
  public record Spreading(First first) implements State {}

  /**
   * The first sum.
   *
   * @param n persons with a value
   * @param dropped rows without a value or a group, by column
   * @param sums exact sums of x
   * @param absolutes exact sums of |x|
   */
  public record First(Counts n, Counts dropped, List<BigDecimal> sums, List<BigDecimal> absolutes) {
    public First {
      sums = List.copyOf(sums);
      absolutes = List.copyOf(absolutes);
    }

    private GroupSums sums(int groups) {
      return new GroupSums(groups, n, sums, absolutes);
    }
  }

  /**
   * Both sums, before the release floor.
   *
   * @param samples for each column its groups; empty if the second sum left it out
   * @param distances sums of |x - mean|, of the same shape
   */
  public record Result(First first, List<List<Sample>> samples, List<List<BigDecimal>> distances) {
    public Result {
      samples = samples.stream().map(List::copyOf).toList();
      distances = distances.stream().map(List::copyOf).toList();
    }
  }

  public State start() {
    return new Counting();
  }

  private int columns() {
    return reaches.size();
  }

  /** Persons with a value, by group. */
  public long[] sizes(First first, int column) {
    return first.n().slice(column * groups, groups);
  }

  /** Whether every group of a column is large enough for its statistics. */
  public boolean shown(First first, int column) {
    Floor floor = job.floor();
    for (long n : sizes(first, column)) {
      if (n < 2 || !floor.showsStatistic(n) || !floor.showsCount(n)) {
        return false;
      }
    }
    return true;
  }

  /** Whether it is certain of every group that nobody makes up too much of its sum. */
  public boolean boundsShares(First first, int column) {
    return IntStream.range(0, groups)
        .allMatch(
            group ->
                job.floor()
                    .boundsShare(
                        reaches.get(column), first.absolutes().get(column * groups + group)));
  }

  /** What stands in place of a column's statistics; empty if they may be shown. */
  public Optional<Cell> withheld(First first, int column) {
    if (!shown(first, column)) {
      return Optional.of(job.floor().withheldStatistic());
    }
    return boundsShares(first, column)
        ? Optional.empty()
        : Optional.of(job.floor().withheldMagnitude());
  }

  private List<Integer> spread(First first) {
    return IntStream.range(0, columns()).filter(c -> shown(first, c)).boxed().toList();
  }

  public Layout layout(State state) {
    Layout.Builder layout = Layout.of(job.sites());
    if (state instanceof Spreading spreading) {
      for (int column : spread(spreading.first())) {
        double reach = reach(spreading.first(), column);
        double squares = Math.nextUp(reach * reach * (1 + 0x1p-40));
        layout.wide(SQUARES + column, groups, "unit^2", squares, squares);
        layout.wide(DISTANCES + column, groups, "unit", reach, reach);
      }
      return layout.build();
    }
    long most = job.personsPerSite();
    int size = columns() * groups;
    return layout
        .count(PERSONS, size, "person", 1, most)
        .count(DROPPED, columns(), "person", 1, most)
        .unbounded(SUM, size, "unit")
        .unbounded(ABSOLUTE, size, "unit")
        .build();
  }

  private double reach(First first, int column) {
    return Math.nextUp(first.sums(groups).reach(column) * (1 + 0x1p-40));
  }

  /** Adds rows to the sum of a state. */
  public RowBlocks.Kernel kernel(State state) {
    if (!(state instanceof Spreading spreading)) {
      return new Moments(groups, columns());
    }
    First first = spreading.first();
    Reals centres = Reals.of(first.sums(groups).centres());
    return new Spread(groups, columns(), spread(first), centres);
  }

  public Step<State, Result> update(State state, Aggregate sum) {
    if (state instanceof Spreading spreading) {
      return new Step.Done<>(result(spreading.first(), sum));
    }
    List<BigDecimal> sums = new ArrayList<>();
    List<BigDecimal> absolutes = new ArrayList<>();
    for (int i = 0; i < columns() * groups; i++) {
      sums.add(sum.unbounded(SUM, i));
      absolutes.add(sum.unbounded(ABSOLUTE, i));
    }
    First first =
        new First(Counts.of(sum.counts(PERSONS)), Counts.of(sum.counts(DROPPED)), sums, absolutes);
    if (spread(first).isEmpty()) {
      List<List<Sample>> none = IntStream.range(0, columns()).mapToObj(c -> none()).toList();
      return new Step.Done<>(
          new Result(
              first,
              none,
              IntStream.range(0, columns()).mapToObj(c -> List.<BigDecimal>of()).toList()));
    }
    return new Step.Next<>(new Spreading(first));
  }

  private static List<Sample> none() {
    return List.of();
  }

  private Result result(First first, Aggregate sum) {
    List<List<Sample>> samples = new ArrayList<>();
    List<List<BigDecimal>> distances = new ArrayList<>();
    for (int column = 0; column < columns(); column++) {
      List<Sample> own = new ArrayList<>();
      List<BigDecimal> off = new ArrayList<>();
      for (int group = 0; group < groups && shown(first, column); group++) {
        int at = column * groups + group;
        long n = first.n().at(at);
        BigDecimal total = first.sums().get(at);
        own.add(
            new Sample(
                n,
                Exact.exactMean(total, n),
                Exact.squaresAboutMean(
                    sum.exact(SQUARES + column, group), total, n, Exact.mean(total, n))));
        off.add(sum.exact(DISTANCES + column, group));
      }
      samples.add(own);
      distances.add(off);
    }
    return new Result(first, samples, distances);
  }

  public byte[] encode(State state) {
    StateBytes.Writer out = StateBytes.write(form);
    if (state instanceof Spreading spreading) {
      First first = spreading.first();
      out.whole(1).wholes(first.n().toArray()).wholes(first.dropped().toArray());
      return out.decimals(first.sums()).decimals(first.absolutes()).bytes();
    }
    return out.whole(0).bytes();
  }

  public State decode(byte[] bytes) {
    StateBytes.Reader in = StateBytes.read(form, bytes);
    State state = in.whole(0, 1) == 1 ? new Spreading(first(in)) : new Counting();
    in.end();
    return state;
  }

  private First first(StateBytes.Reader in) {
    int size = columns() * groups;
    First first =
        new First(
            Counts.of(in.wholes(size)),
            Counts.of(in.wholes(columns())),
            in.decimals(size),
            in.decimals(size));
    boolean possible = true;
    for (int i = 0; i < size; i++) {
      possible &= first.n().at(i) >= 0 && first.n().at(i) <= Job.MAX_PERSONS;
      possible &= first.absolutes().get(i).signum() >= 0;
    }
    if (!possible || spread(first).isEmpty()) {
      throw in.refuse();
    }
    return first;
  }

  /** What the sums reveal. */
  public List<String> sentences() {
    String where = groups > 1 ? " in each of " + groups + " groups" : "";
    String numbers = columns() == 1 ? "one number" : columns() + " numbers";
    return List.of(
        "Sum 1: persons, sum and absolute sum of " + numbers + where + ", and rows left out.",
        "Sum 2: squares and distances about the means" + where + ".");
  }

  private record Moments(int groups, int columns) implements RowBlocks.Kernel {
    @Override
    public void add(double[] block, GridSum sum) {
      int persons = sum.slot(PERSONS);
      int dropped = sum.slot(DROPPED);
      int total = sum.slot(SUM + ".high");
      int absolute = sum.slot(ABSOLUTE + ".high");
      for (int i = 0; i < (int) block[0]; i++) {
        for (int column = 0; column < columns; column++) {
          sum.count(dropped, column, 1);
        }
      }
      for (int row = 1; row < block.length; row += 1 + columns) {
        for (int column = 0; column < columns; column++) {
          double x = block[row + 1 + column];
          int at = column * groups + (int) block[row];
          if (Double.isNaN(x)) {
            sum.count(dropped, column, 1);
          } else {
            sum.count(persons, at, 1);
            sum.unbounded(total, at, x);
            sum.unbounded(absolute, at, Math.abs(x));
          }
        }
      }
    }
  }

  private record Spread(int groups, int columns, List<Integer> spread, Reals centres)
      implements RowBlocks.Kernel {
    @Override
    public void add(double[] block, GridSum sum) {
      for (int column : spread) {
        int squares = sum.slot(SQUARES + column);
        int distances = sum.slot(DISTANCES + column);
        for (int row = 1; row < block.length; row += 1 + columns) {
          double x = block[row + 1 + column];
          if (!Double.isNaN(x)) {
            int group = (int) block[row];
            double off = x - centres.at(column * groups + group);
            sum.add(squares, group, off * off);
            sum.add(distances, group, Math.abs(off));
          }
        }
      }
    }
  }
}
