package io.tributary.jobs.analysis;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.codec.GridSum;
import io.tributary.jobs.formula.SurvivalFormula;
import io.tributary.jobs.survival.TimeGrid;
import io.tributary.study.Errors;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Times to an event as the options {@code time}, {@code event}, {@code entry} and {@code
 * resolution} name them, and the grid they are counted on. The grid is declared by the study (a
 * range of whole numbers, or a range and a resolution), or found by one round: whether all times
 * are whole numbers, or have one, two or three decimals, and their greatest to an eighth of an
 * octave.
 *
 * <p>The event is 0/1 or a declared category: its first level is censoring, each further one a
 * cause. A row's fields are [time, event, entry if any].
 */
public final class SurvivalTimes implements Serializable {
  private static final String OFF_GRID = "times off grid";
  private static final String SPREAD = "times by size";
  private static final int DECIMALS = 4;

  /**
   * Octaves from 2^-20 to 2^40, each in eight parts; the first bin holds zero and what is below.
   */
  private static final int LEAST = -20;

  private static final int GREATEST = 40;
  private static final int PARTS = 8;
  private static final int BINS = (GREATEST - LEAST) * PARTS + 1;

  private final Field time;
  private final Field event;
  // None or one; Optional cannot be sent to executors.
  private final List<Field> entry;
  private final double resolution;
  private final int limit;

  private SurvivalTimes(Field time, Field event, List<Field> entry, double resolution, int limit) {
    this.time = time;
    this.event = event;
    this.entry = entry;
    this.resolution = resolution;
    this.limit = limit;
  }

  /**
   * Reads the options {@code event}, {@code entry} and {@code resolution}.
   *
   * @param time the column of times
   * @param causes whether the event may have more than one cause
   * @param limit grid points the analysis can hold
   */
  public static SurvivalTimes of(Job job, Options options, String time, boolean causes, int limit) {
    Field times = numeric(job, options, "time", time);
    String event =
        options.requiredText("event", "a 0/1 column, or a category whose first level is censoring");
    Optional<Field> entry =
        options.text("entry").map(column -> numeric(job, options, "entry", column));
    return of(options, "time", times, event(job, options, "event", event, causes), entry, limit);
  }

  /**
   * Reads the columns that a formula's Surv() names, and the option {@code resolution}.
   *
   * @param limit grid points the analysis can hold
   */
  public static SurvivalTimes of(Job job, Options options, SurvivalFormula formula, int limit) {
    return of(
        options,
        "formula",
        numeric(job, options, "formula", formula.time()),
        event(job, options, "formula", formula.event(), false),
        formula.entry().map(column -> numeric(job, options, "formula", column)),
        limit);
  }

  /**
   * The column that an option names for the event, as a category whose first level is censoring.
   *
   * @param causes whether it may have more than one cause
   */
  public static Field event(
      Job job, Options options, String option, String column, boolean causes) {
    Field event = Field.of(job.study(), job.name(), column);
    if (!event.isCategory()) {
      event = Field.category(column, List.of("0", "1"));
    }
    if (event.levels().size() < 2 || (!causes && event.levels().size() > 2)) {
      throw options.refuse(
          option,
          "names the event '" + column + "', which has " + event.levels().size() + " levels",
          causes
              ? "censoring first, then at least one cause"
              : "two levels, the second one is the event");
    }
    return event;
  }

  private static SurvivalTimes of(
      Options options, String option, Field times, Field event, Optional<Field> entry, int limit) {
    double resolution = options.has("resolution") ? options.between("resolution", 1, 0, 0x1p40) : 0;
    SurvivalTimes read =
        new SurvivalTimes(
            times,
            event,
            entry.stream().toList(),
            resolution,
            Math.min(limit, TimeGrid.MAX_POINTS));
    if (resolution > 0 && TimeGrid.ofStep(resolution, resolution, 1, false) == null) {
      throw options.refuse("resolution", "has more than nine decimals", "e.g. 1, 0.5 or 30");
    }
    if (times.hasRange() && times.low() < 0) {
      throw options.refuse(option, "names times that may be negative by their range", "from 0 on");
    }
    if (read.ranged() && read.declared().isEmpty()) {
      throw options.refuse(
          "resolution",
          "makes more than " + read.limit + " grid points of the range of '" + times.column() + "'",
          "a coarser resolution");
    }
    return read;
  }

  /** The column that an option names for a time. */
  public static Field numeric(Job job, Options options, String option, String column) {
    Field field = Field.of(job.study(), job.name(), column);
    if (field.isCategory()) {
      throw options.refuse(
          option, "names a category, '" + column + "', for a time", "a column of numbers");
    }
    return field;
  }

  /** Fields of a row: time, event, and entry if there is one. */
  public List<Field> fields() {
    List<Field> fields = new ArrayList<>(List.of(time, event));
    fields.addAll(entry);
    return fields;
  }

  public boolean hasEntry() {
    return !entry.isEmpty();
  }

  /** Causes of the event, at least one. */
  public List<String> causes() {
    return event.levels().subList(1, event.levels().size());
  }

  /** Levels of the event; the first one is censoring. */
  public List<String> eventLevels() {
    return event.levels();
  }

  public String eventColumn() {
    return event.column();
  }

  public String timeColumn() {
    return time.column();
  }

  /**
   * Whom a count of rows with all of these columns counts, for the study's gate.
   *
   * @param withEvent those with the event alone, or else everybody
   */
  public Map<String, Set<String>> states(boolean withEvent) {
    Map<String, Set<String>> states = new TreeMap<>();
    states.put(time.column(), Set.of(PlacedCount.PRESENT));
    entry.forEach(field -> states.put(field.column(), Set.of(PlacedCount.PRESENT)));
    states.put(event.column(), Set.copyOf(withEvent ? causes() : event.levels()));
    return states;
  }

  private boolean ranged() {
    return time.hasRange() && (resolution > 0 || time.whole());
  }

  /** The grid, if the study tells it. */
  public Optional<TimeGrid> declared() {
    if (!ranged()) {
      return Optional.empty();
    }
    boolean exact = time.whole() && (resolution == 0 || resolution == 1);
    return Optional.ofNullable(
        TimeGrid.ofStep(resolution > 0 ? resolution : 1, Math.max(1, time.high()), limit, exact));
  }

  /** Slots of the round that finds the grid. */
  public static void declareSearch(Layout.Builder layout, long personsPerSite) {
    layout.count(OFF_GRID, DECIMALS, "person", 1, personsPerSite);
    layout.count(SPREAD, BINS, "person", 1, personsPerSite);
  }

  /** What that round reveals. */
  public static String searchSentence() {
    return "persons by time, rounded up to an eighth of an octave ["
        + BINS
        + "], and how many times are no multiples of 1, 0.1, 0.01, 0.001.";
  }

  /** The grid that the round found. */
  public TimeGrid found(Aggregate sum) {
    long[] spread = sum.counts(SPREAD);
    long[] off = sum.counts(OFF_GRID);
    double most = Math.scalb(1.0, LEAST);
    for (int bin = 1; bin < BINS; bin++) {
      if (spread[bin] > 0) {
        most = upper(bin);
      }
    }
    if (resolution > 0) {
      TimeGrid grid = TimeGrid.ofStep(resolution, most, limit, false);
      if (grid == null) {
        throw Errors.badColumn(
            time.column(),
            "its times make more than " + limit + " grid points of the resolution asked for.",
            "Choose a coarser resolution.");
      }
      return grid;
    }
    double unit = 1;
    for (int decimals = 0; decimals < DECIMALS; decimals++) {
      TimeGrid grid = off[decimals] == 0 ? TimeGrid.ofStep(unit, most, limit, true) : null;
      if (grid != null) {
        return grid;
      }
      unit = 1 / StrictMath.pow(10, decimals + 1.0);
    }
    return TimeGrid.coarse(most, limit);
  }

  /** Least grid time of the bin's upper end: eighths of an octave. */
  private static double upper(int bin) {
    int octave = (bin - 1) / PARTS;
    return Math.scalb(1 + (1.0 + (bin - 1) % PARTS) / PARTS, LEAST + octave);
  }

  private static int bin(double time) {
    if (time <= Math.scalb(1.0, LEAST)) {
      return 0;
    }
    int octave = Math.getExponent(time);
    double part = Math.scalb(time, -octave) - 1;
    return (octave - LEAST) * PARTS + (int) Math.ceil(part * PARTS);
  }

  /**
   * Checks a row's time, event and entry, which stand from {@code at} on, and refuses what makes no
   * sense: a negative time, an entry that is not before it.
   */
  public void check(double[] row, int at) {
    if (!(row[at] >= 0) || row[at] > Math.scalb(1.0, GREATEST)) {
      throw Errors.badColumn(
          time.column(), "a time is negative or beyond 10^12.", "Give times from 0, in days, say.");
    }
    if (!entry.isEmpty() && !(row[at + 2] >= 0 && row[at + 2] < row[at])) {
      throw Errors.badColumn(
          entry.get(0).column(),
          "an entry is negative or not before the time of leaving.",
          "Correct the row, or leave it out by cohort.where.");
    }
  }

  /** Index of a time that must lie on the grid. */
  public int exit(TimeGrid grid, double value) {
    int index = grid.exit(value);
    if (index > grid.points()) {
      throw Errors.valueOutOfBounds(time.column(), grid.time(grid.points()));
    }
    return index;
  }

  /** Counts for the search; rows of {@code width} have their time at {@code at}. */
  public RowBlocks.Kernel search(int width, int at) {
    return new Search(width, at, !entry.isEmpty());
  }

  private record Search(int width, int at, boolean late) implements RowBlocks.Kernel {
    @Override
    public void add(double[] block, GridSum sum) {
      int off = sum.slot(OFF_GRID);
      int spread = sum.slot(SPREAD);
      for (int row = 1; row < block.length; row += width) {
        double time = block[row + at];
        sum.count(spread, bin(time), 1);
        for (int decimals = 0; decimals < DECIMALS; decimals++) {
          boolean on =
              TimeGrid.isDecimal(time, decimals)
                  && (!late || TimeGrid.isDecimal(block[row + at + 2], decimals));
          if (!on) {
            sum.count(off, decimals, 1);
          }
        }
      }
    }
  }

  /** Writes a grid into a state. */
  public static void write(StateBytes.Writer out, TimeGrid grid) {
    out.whole(grid.multiple())
        .whole(grid.decimals())
        .whole(grid.points())
        .whole(grid.exact() ? 1 : 0);
  }

  /** Reads a grid of a state; one this study cannot have is refused. */
  public TimeGrid read(StateBytes.Reader in) {
    long multiple = in.whole();
    int decimals = in.whole(0, TimeGrid.MAX_DECIMALS);
    int points = in.whole(1, limit);
    boolean exact = in.whole(0, 1) == 1;
    if (multiple < 1 || multiple > 1L << 40) {
      throw in.refuse();
    }
    TimeGrid grid = new TimeGrid(multiple, decimals, points, exact);
    if (declared().isPresent() && !declared().get().equals(grid)) {
      throw in.refuse();
    }
    return grid;
  }
}
