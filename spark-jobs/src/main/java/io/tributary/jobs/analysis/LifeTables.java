package io.tributary.jobs.analysis;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.codec.GridSum;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.jobs.survival.Curve.Limits;
import io.tributary.jobs.survival.Incidence;
import io.tributary.jobs.survival.LifeTable;
import io.tributary.jobs.survival.TimeGrid;
import io.tributary.privacy.Demand;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Row;

/**
 * Persons with the event, censored and entering at each point of a time grid, by group and cause:
 * the sums of survival curves and of their tests. They grow with the grid, not with the persons.
 */
public final class LifeTables {
  private static final String EVENTS = "events";
  private static final String CENSORED = "censored";
  private static final String ENTERED = "entered";
  private static final String DROPPED = "dropped";

  private final Grouping grouping;
  private final SurvivalTimes times;
  private final int groups;

  /**
   * Counts of one study.
   *
   * @param groups those of {@code grouping}
   */
  public LifeTables(Grouping grouping, SurvivalTimes times, int groups) {
    this.grouping = grouping;
    this.times = times;
    this.groups = groups;
  }

  /** Grid points that fit into one partial with so many groups and causes. */
  public static int limit(int groups, int causes, Options options) {
    return limit(groups, causes, options.has("entry"), 0);
  }

  /**
   * The same beside other slots.
   *
   * @param entry whether entries are counted
   * @param words of the other slots
   */
  public static int limit(int groups, int causes, boolean entry, int words) {
    int series = groups * (causes + 1 + (entry ? 1 : 0));
    return (Layout.MAX_BLOCK_WORDS - words - 1) / series - 1;
  }

  public SurvivalTimes times() {
    return times;
  }

  /** Slots on a grid. */
  public void declare(Layout.Builder layout, TimeGrid grid, long personsPerSite) {
    int size = groups * (grid.points() + 1);
    layout.count(EVENTS, size * times.causes().size(), "person", 1, personsPerSite);
    layout.count(CENSORED, size, "person", 1, personsPerSite);
    if (times.hasEntry()) {
      layout.count(ENTERED, size, "person", 1, personsPerSite);
    }
    layout.count(DROPPED, 1, "person", 1, personsPerSite);
  }

  /** Slots of a round: those of the search, or those on its grid. */
  public Layout layout(GridState state, int sites, long personsPerSite) {
    Layout.Builder layout = Layout.of(sites);
    if (state instanceof GridState.Counting counting) {
      declare(layout, counting.grid(), personsPerSite);
    } else {
      SurvivalTimes.declareSearch(layout, personsPerSite);
    }
    return layout.build();
  }

  /** A site's part of a round, in the layout of {@link #layout}. */
  public Partial contribute(GridState state, Layout layout, SiteTable table) {
    RowBlocks.Kernel kernel =
        state instanceof GridState.Counting counting ? kernel(counting.grid()) : searchKernel();
    return blocks(table).sum(layout, kernel);
  }

  /** Rounds: one on a declared grid, else the search before it. */
  public Demand demand() {
    return Demand.ofRounds(times.declared().isPresent() ? 1 : 2).crossing(grouping.fields().size());
  }

  /** What each round reveals. */
  public List<String> sentences() {
    return times.declared().isPresent()
        ? List.of("Sum 1: " + sentence())
        : List.of("Sum 1: " + SurvivalTimes.searchSentence(), "Sum 2: " + sentence());
  }

  /** The option {@code limits}: on which scale a curve's confidence limits are made. */
  public static Limits limits(Options options) {
    return switch (options.word("limits", "log", List.of("log", "log-log", "plain"))) {
      case "plain" -> Limits.PLAIN;
      case "log-log" -> Limits.LOG_LOG;
      default -> Limits.LOG;
    };
  }

  /** What they reveal, after "Sum 2: ". */
  public String sentence() {
    return "persons with the event"
        + (times.causes().size() > 1 ? " of each of " + times.causes().size() + " causes" : "")
        + ", censored"
        + (times.hasEntry() ? " and entering" : "")
        + " at each time of the grid"
        + (groups > 1 ? " in each of " + groups + " groups" : "")
        + " (at a fine grid often one person), and rows left out.";
  }

  /** Complete rows as [group, time, event, entry if any]; others are dropped. */
  public RowBlocks blocks(SiteTable table) {
    List<Field> fields = new ArrayList<>(grouping.fields());
    fields.addAll(times.fields());
    return RowBlocks.of(
        table,
        List.of("survival", grouping.fields().size(), fields),
        fields.stream().map(Field::column).toList(),
        new Reader(grouping, times, new Values(fields)));
  }

  private int width() {
    return 1 + times.fields().size();
  }

  public RowBlocks.Kernel searchKernel() {
    return times.search(width(), 1);
  }

  public RowBlocks.Kernel kernel(TimeGrid grid) {
    return kernel(grid, width());
  }

  /**
   * The same over rows that begin as those of {@link #blocks}.
   *
   * @param width of such a row
   */
  public RowBlocks.Kernel kernel(TimeGrid grid, int width) {
    return new Kernel(times, grid, width, groups);
  }

  /** Life tables of the groups for all causes together. */
  public List<LifeTable> tables(TimeGrid grid, Aggregate sum) {
    List<LifeTable> tables = new ArrayList<>();
    for (int group = 0; group < groups; group++) {
      long[] all = new long[grid.points() + 1];
      for (int cause = 0; cause < times.causes().size(); cause++) {
        add(all, events(grid, sum, group, cause));
      }
      tables.add(
          LifeTable.of(grid, all, part(grid, sum, CENSORED, group), entered(grid, sum, group)));
    }
    return tables;
  }

  /** Curves of all causes, by group. */
  public List<Incidence> incidences(TimeGrid grid, Aggregate sum) {
    List<LifeTable> tables = tables(grid, sum);
    List<Incidence> incidences = new ArrayList<>();
    for (int group = 0; group < groups; group++) {
      LifeTable table = tables.get(group);
      long[][] own = new long[times.causes().size()][table.size()];
      for (int cause = 0; cause < own.length; cause++) {
        long[] events = events(grid, sum, group, cause);
        for (int i = 0; i < table.size(); i++) {
          own[cause][i] = events[grid.exit(table.time(i))];
        }
      }
      incidences.add(Incidence.of(table, own));
    }
    return incidences;
  }

  /** The life table of all groups together, for all causes together. */
  public LifeTable together(TimeGrid grid, Aggregate sum) {
    long[] events = new long[grid.points() + 1];
    long[] censored = new long[grid.points() + 1];
    long[] entered = new long[times.hasEntry() ? grid.points() + 1 : 0];
    for (int group = 0; group < groups; group++) {
      for (int cause = 0; cause < times.causes().size(); cause++) {
        add(events, events(grid, sum, group, cause));
      }
      add(censored, part(grid, sum, CENSORED, group));
      add(entered, entered(grid, sum, group));
    }
    return LifeTable.of(grid, events, censored, entered);
  }

  private static void add(long[] into, long[] from) {
    for (int i = 0; i < into.length; i++) {
      into[i] += from[i];
    }
  }

  /** Events of one cause in one group, [points + 1]. */
  public long[] events(TimeGrid grid, Aggregate sum, int group, int cause) {
    return part(grid, sum, EVENTS, cause * groups + group);
  }

  private long[] entered(TimeGrid grid, Aggregate sum, int group) {
    return times.hasEntry() ? part(grid, sum, ENTERED, group) : new long[0];
  }

  private static long[] part(TimeGrid grid, Aggregate sum, String slot, int series) {
    int points = grid.points() + 1;
    return Arrays.copyOfRange(sum.counts(slot), series * points, (series + 1) * points);
  }

  public static long dropped(Aggregate sum) {
    return sum.count(DROPPED);
  }

  /**
   * Whom columns {@code n} and {@code n_event} of a table count that has a row for each group, for
   * the study's gate.
   *
   * @param shown the groups; strata beside them are summed over
   */
  public List<PlacedCount> counts(String table, Grouping shown) {
    List<PlacedCount> counts = new ArrayList<>();
    for (int group = 0; group < shown.groups(); group++) {
      for (boolean withEvent : new boolean[] {false, true}) {
        Map<String, Set<String>> where = new TreeMap<>(times.states(withEvent));
        grouping.fields().forEach(field -> where.put(field.column(), Set.copyOf(field.levels())));
        where.putAll(shown.states(group));
        counts.add(new PlacedCount(table, group, withEvent ? "n_event" : "n", where));
      }
    }
    return counts;
  }

  /** Counts of a report on groups: those of all of them, and those left out, among its facts. */
  public List<PlacedCount> facts() {
    Map<String, Set<String>> where = new TreeMap<>(times.states(false));
    grouping.fields().forEach(field -> where.put(field.column(), Set.copyOf(field.levels())));
    PlacedCount persons =
        new PlacedCount(PlacedCount.FACTS, 0, "persons", where, false, !grouping.isGrouped());
    return List.of(persons, persons.leftOut(PlacedCount.FACTS, "dropped"));
  }

  /**
   * The same of a table that has a row for each cause of each group: {@code n} counts the group,
   * and {@code n_event} those with the event of this cause.
   */
  public List<PlacedCount> countsByCause(String table, Grouping shown) {
    List<PlacedCount> counts = new ArrayList<>();
    int causes = times.causes().size();
    for (PlacedCount count : counts(table, shown)) {
      for (int cause = 0; cause < causes; cause++) {
        int row = count.row() * causes + cause;
        Map<String, Set<String>> where = new TreeMap<>(count.where());
        if (count.column().equals("n_event")) {
          where.put(times.eventColumn(), Set.of(times.causes().get(cause)));
        }
        counts.add(new PlacedCount(table, row, count.column(), where));
      }
    }
    return counts;
  }

  private record Reader(Grouping grouping, SurvivalTimes times, Values values)
      implements RowBlocks.RowReader {
    @Override
    public int width() {
      return 1 + times.fields().size();
    }

    @Override
    public boolean read(Row row, double[] into, int at) {
      int by = grouping.fields().size();
      for (int i = 0; i < by + times.fields().size(); i++) {
        if (row.isNullAt(i)) {
          return false;
        }
      }
      double[] levels = new double[by];
      for (int i = 0; i < by; i++) {
        levels[i] = values.value(i, row, i);
      }
      into[at] = grouping.group(levels);
      for (int i = 0; i < times.fields().size(); i++) {
        into[at + 1 + i] = values.value(by + i, row, by + i);
      }
      times.check(into, at + 1);
      return true;
    }
  }

  private record Kernel(SurvivalTimes times, TimeGrid grid, int width, int groups)
      implements RowBlocks.Kernel {
    @Override
    public void add(double[] block, GridSum sum) {
      int events = sum.slot(EVENTS);
      int censored = sum.slot(CENSORED);
      int entered = times.hasEntry() ? sum.slot(ENTERED) : -1;
      for (int i = 0; i < (int) block[0]; i++) {
        sum.count(sum.slot(DROPPED), 0, 1);
      }
      int points = grid.points() + 1;
      for (int row = 1; row < block.length; row += width) {
        int group = (int) block[row];
        int index = times.exit(grid, block[row + 1]);
        int event = (int) block[row + 2];
        if (event == 0) {
          sum.count(censored, group * points + index, 1);
        } else {
          sum.count(events, ((event - 1) * groups + group) * points + index, 1);
        }
        if (entered >= 0) {
          sum.count(entered, group * points + grid.entry(block[row + 3]), 1);
        }
      }
    }
  }
}
