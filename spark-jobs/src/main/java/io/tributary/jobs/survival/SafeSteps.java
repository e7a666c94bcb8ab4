package io.tributary.jobs.survival;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Times at which a curve may be shown so that no difference between two of them is about fewer
 * persons than the floor. Between any two shown times, and after the last one, the events, the
 * censorings and the entries are each none or at least the floor; an ordinary step has at least the
 * floor's events. Values at the shown times are those of the fine curve: steps between are left
 * out, nothing is smoothed.
 *
 * <p>Wanted times are shown first where that holds; the steps then fill the spaces between them.
 */
public final class SafeSteps {
  private final LifeTable table;
  private final long floor;
  // Sums over the first entries of the table, [size + 1].
  private final long[] events;
  private final long[] censored;
  private final long[] entered;
  // Of causes, each by itself, [causes][size + 1].
  private final long[][] causes;
  // Boundaries as a number of leading entries of the table.
  private final List<Integer> shown = new ArrayList<>();
  private final List<Integer> wanted = new ArrayList<>();

  private SafeSteps(LifeTable table, long floor, long[][] byCause) {
    this.table = table;
    this.floor = floor;
    this.events = new long[table.size() + 1];
    this.censored = new long[table.size() + 1];
    this.entered = new long[table.size() + 1];
    this.causes = new long[byCause.length][table.size() + 1];
    for (int i = 0; i < table.size(); i++) {
      events[i + 1] = events[i] + table.events(i);
      censored[i + 1] = censored[i] + table.censored(i);
      entered[i + 1] = entered[i] + table.entered(i);
      for (int cause = 0; cause < causes.length; cause++) {
        causes[cause][i + 1] = causes[cause][i] + byCause[cause][i];
      }
    }
  }

  /** Chooses the times. A table that cannot be shown at all has none. */
  public static SafeSteps of(LifeTable table, long floor, double... wantedTimes) {
    return of(table, new long[0][], floor, wantedTimes);
  }

  /**
   * The same for curves of several causes: between shown times the events of each are none or at
   * least the floor too.
   *
   * @param byCause events of each cause at each entry of the table, [causes][size]
   */
  public static SafeSteps of(LifeTable table, long[][] byCause, long floor, double... wantedTimes) {
    SafeSteps steps = new SafeSteps(table, floor, byCause);
    steps.choose(wantedTimes);
    return steps;
  }

  private void choose(double... wantedTimes) {
    double[] ascending = wantedTimes.clone();
    Arrays.sort(ascending);
    int from = 0;
    for (double time : ascending) {
      int end = before(time);
      if (safe(from, end) && safe(end, table.size()) && safe(0, table.size())) {
        wanted.add(end);
        fill(from, end);
        if (end > from) {
          shown.add(end);
        }
        from = end;
      } else {
        wanted.add(-1);
      }
    }
    if (!safe(0, table.size())) {
      return;
    }
    fill(from, table.size());
    int last = shown.isEmpty() ? 0 : shown.get(shown.size() - 1);
    if (sum(events, last, table.size()) > 0) {
      shown.add(table.size());
    }
  }

  /** Greedy steps of at least the floor's events; the last ones go if what is left is not safe. */
  private void fill(int start, int end) {
    int first = shown.size();
    int from = start;
    for (int to = start + 1; to < end; to++) {
      if (sum(events, from, to) >= floor && safe(from, to)) {
        shown.add(to);
        from = to;
      }
    }
    while (shown.size() > first && !safe(shown.get(shown.size() - 1), end)) {
      shown.remove(shown.size() - 1);
    }
  }

  /** Entries of the table at times up to {@code time}. */
  private int before(double time) {
    int end = 0;
    while (end < table.size() && table.time(end) <= time) {
      end++;
    }
    return end;
  }

  /** Whether what happens in entries [from, to) may be told. */
  private boolean safe(int from, int to) {
    for (long[] cause : causes) {
      if (!safe(sum(cause, from, to))) {
        return false;
      }
    }
    return safe(sum(events, from, to))
        && safe(sum(censored, from, to))
        && safe(sum(entered, from, to));
  }

  private boolean safe(long count) {
    return count == 0 || count >= floor;
  }

  private static long sum(long[] sums, int from, int to) {
    return sums[to] - sums[from];
  }

  /** Shown times, as the number of entries of the life table up to each, at least 1; ascending. */
  public List<Integer> shown() {
    return List.copyOf(shown);
  }

  /** For each wanted time in ascending order the number of entries up to it, or -1: withheld. */
  public List<Integer> wanted() {
    return List.copyOf(wanted);
  }

  /** Whether some step of the fine curve is left out. */
  public boolean coarser() {
    int steps = 0;
    for (int i = 0; i < table.size(); i++) {
      steps += table.events(i) > 0 ? 1 : 0;
    }
    return shown.size() < steps;
  }
}
