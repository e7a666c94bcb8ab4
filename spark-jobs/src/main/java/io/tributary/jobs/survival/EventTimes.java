package io.tributary.jobs.survival;

import java.io.Serializable;
import java.util.List;

/**
 * The times of a grid at which events come, in each stratum: all that a partial likelihood needs of
 * the grid. One such time is a cell; cells are numbered by stratum, then by time.
 *
 * <p>A row is at risk at an event time t if it entered before t and leaves at t or later, so it is
 * in the risk sets of a run of cells.
 */
public final class EventTimes implements Serializable {
  private final int points;
  // First cell of each stratum, [strata + 1].
  private final int[] first;
  private final int[] index;
  private final long[] events;
  // Position among the cells of several events, or -1, [cells].
  private final int[] tie;
  private final int ties;
  // Cells of the stratum at grid points up to each one, [strata x (points + 1)].
  private final int[] upTo;

  private EventTimes(int points, int[] first, int[] index, long[] events) {
    this.points = points;
    this.first = first;
    this.index = index;
    this.events = events;
    this.tie = new int[index.length];
    int several = 0;
    for (int cell = 0; cell < tie.length; cell++) {
      tie[cell] = events[cell] > 1 ? several++ : -1;
    }
    this.ties = several;
    this.upTo = new int[(first.length - 1) * (points + 1)];
    for (int stratum = 0; stratum < first.length - 1; stratum++) {
      int cell = first[stratum];
      for (int point = 0; point <= points; point++) {
        if (cell < first[stratum + 1] && index[cell] == point) {
          cell++;
        }
        upTo[stratum * (points + 1) + point] = cell - first[stratum];
      }
    }
  }

  /**
   * The times of these strata.
   *
   * @param index for each stratum the grid points at which events come, ascending
   * @param events for each stratum how many come at each, at least 1
   */
  public static EventTimes of(TimeGrid grid, List<long[]> index, List<long[]> events) {
    int[] first = new int[index.size() + 1];
    for (int stratum = 0; stratum < index.size(); stratum++) {
      first[stratum + 1] = first[stratum] + index.get(stratum).length;
    }
    int[] points = new int[first[index.size()]];
    long[] counts = new long[points.length];
    for (int stratum = 0; stratum < index.size(); stratum++) {
      for (int i = 0; i < index.get(stratum).length; i++) {
        points[first[stratum] + i] = Math.toIntExact(index.get(stratum)[i]);
        counts[first[stratum] + i] = events.get(stratum)[i];
      }
    }
    return new EventTimes(grid.points(), first, points, counts);
  }

  public int cells() {
    return index.length;
  }

  public int strata() {
    return first.length - 1;
  }

  /** First cell of a stratum; that of the next one ends it. */
  public int first(int stratum) {
    return first[stratum];
  }

  /** Grid point of a cell. */
  public int index(int cell) {
    return index[cell];
  }

  /** Events of a cell, at least 1. */
  public long events(int cell) {
    return events[cell];
  }

  /** Cells of several events. */
  public int ties() {
    return ties;
  }

  /** Position of a cell among those of several events, or -1. */
  public int tie(int cell) {
    return tie[cell];
  }

  /**
   * Last cell in whose risk set a row is that leaves at a grid point; less than its first: none.
   */
  public int last(int stratum, int exit) {
    return first[stratum] + upTo[stratum * (points + 1) + exit] - 1;
  }

  /** First cell in whose risk set a row may be that enters at a grid point. */
  public int firstAfter(int stratum, int entry) {
    return first[stratum] + upTo[stratum * (points + 1) + entry];
  }
}
