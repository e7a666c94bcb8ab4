package io.tributary.jobs.analysis;

import io.tributary.report.Cell;
import io.tributary.study.Study.ReleaseFloor;

/**
 * The study's release floor on pooled values. A count is shown from {@code minCell} on; zero is
 * withheld like 1 to 4, since "nobody" about a small group says something about everybody in it. A
 * statistic is shown on at least {@code minPersons}.
 */
public final class Floor {
  private final ReleaseFloor floor;

  public Floor(ReleaseFloor floor) {
    this.floor = floor;
  }

  public int minCell() {
    return floor.minCell();
  }

  public int minPersons() {
    return floor.minPersons();
  }

  public double maxSaturation() {
    return floor.maxSaturation();
  }

  public boolean showsCount(long count) {
    return count >= floor.minCell();
  }

  public boolean showsStatistic(long persons) {
    return persons >= floor.minPersons();
  }

  /** Text of a withheld count; complementary ones carry the same, so that they cannot be told. */
  public Cell withheldCount() {
    return new Cell.Suppressed("count below " + floor.minCell() + ", or it would reveal one");
  }

  /** Text of a withheld statistic. */
  public Cell withheldStatistic() {
    return new Cell.Suppressed(
        "fewer than " + floor.minPersons() + " persons, or it would reveal such a group");
  }

  public Cell count(long count) {
    return showsCount(count) ? Cell.of(count) : withheldCount();
  }

  public Cell statistic(long persons, double value) {
    return showsStatistic(persons) ? Cell.of(value) : withheldStatistic();
  }

  /** The rules as one sentence. */
  public String sentence() {
    return "Pooled counts below "
        + floor.minCell()
        + " and statistics on fewer than "
        + floor.minPersons()
        + " persons are withheld, with others from which they would follow.";
  }
}
