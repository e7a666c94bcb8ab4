package io.tributary.jobs.analysis;

import io.tributary.report.Cell;
import io.tributary.study.Study.ReleaseFloor;
import io.tributary.study.Study.SupportRound;
import java.math.BigDecimal;

/**
 * The study's release floor on pooled values. A count is shown from {@code minCell} on; zero is
 * withheld like 1 to 4, since "nobody" about a small group says something about everybody in it. A
 * statistic is shown on at least {@code minPersons}.
 *
 * <p>Counts are of rows. Where a person may have r rows, n persons are certain only in r n rows, so
 * r times as many are asked for, and parameters are held against persons in the same way.
 */
public final class Floor {
  private final ReleaseFloor floor;
  private final int rowsPerPerson;

  /**
   * A floor on rows.
   *
   * @param rowsPerPerson most rows of one person, 1 or more
   */
  public Floor(ReleaseFloor floor, int rowsPerPerson) {
    this.floor = floor;
    this.rowsPerPerson = rowsPerPerson;
  }

  /** Rows a shown cell has at least. */
  public int minCell() {
    return Math.multiplyExact(floor.minCell(), rowsPerPerson);
  }

  /** Rows a shown statistic rests on at least. */
  public int minPersons() {
    return Math.multiplyExact(floor.minPersons(), rowsPerPerson);
  }

  /** Rows that a model of so many parameters rests on at least. */
  public long minPersons(int parameters) {
    return Math.max(minPersons(), (long) Math.ceil(parameters / maxSaturation()));
  }

  /** Most parameters a row. */
  public double maxSaturation() {
    return floor.maxSaturation() / rowsPerPerson;
  }

  public boolean showsCount(long count) {
    return count >= minCell();
  }

  /**
   * Whether a count of missing values, or of rows left out, is shown: nobody is told by 0, and a
   * handful is withheld like any cell.
   */
  public boolean showsMissing(long count) {
    return count == 0 || showsCount(count);
  }

  /** A count of missing values, or of rows left out. */
  public Cell missing(long count) {
    return showsMissing(count) ? Cell.of(count) : withheldCount();
  }

  /**
   * Whether it is certain that no person makes up more of a magnitude than the study allows.
   *
   * @param reach greatest absolute value of the column, as declared; infinite if none is
   * @param absolutes sum of the absolute values
   */
  public boolean boundsShare(double reach, BigDecimal absolutes) {
    double most = floor.maxShare();
    return most >= 1 || rowsPerPerson * reach <= most * absolutes.doubleValue();
  }

  /** Text of a sum, or what follows from it, that one person may make up too much of. */
  public Cell withheldMagnitude() {
    return new Cell.Suppressed(
        "one person may make up more than "
            + floor.maxShare()
            + " of it, or it would reveal such one");
  }

  public boolean showsStatistic(long persons) {
    return persons >= minPersons();
  }

  /** Text of a withheld count; complementary ones carry the same, so that they cannot be told. */
  public Cell withheldCount() {
    return new Cell.Suppressed(
        floor.supportRound() == SupportRound.REQUIRED
            ? "count below " + minCell() + ", or of too few sites, or it would reveal one"
            : "count below " + minCell() + ", or it would reveal one");
  }

  /** Text of a withheld statistic. */
  public Cell withheldStatistic() {
    return new Cell.Suppressed(
        "fewer than "
            + minPersons()
            + (rowsPerPerson == 1 ? " persons" : " rows")
            + ", or it would reveal such a group");
  }

  public Cell count(long count) {
    return showsCount(count) ? Cell.of(count) : withheldCount();
  }

  public Cell statistic(long persons, double value) {
    return showsStatistic(persons) ? Cell.of(value) : withheldStatistic();
  }

  /** The rules in a sentence or two, for standard errors that take rows for independent. */
  public String sentence() {
    return rowsPerPerson == 1
        ? sentenceOfPersons()
        : sentenceOfPersons() + " Standard errors take rows for independent.";
  }

  /** The rules, for standard errors that know which rows are of one person. */
  public String sentenceOfPersons() {
    String rules =
        "Pooled counts below "
            + minCell()
            + " and statistics on fewer than "
            + minPersons()
            + (rowsPerPerson == 1 ? " persons" : " rows")
            + " are withheld, with others from which they would follow.";
    return rowsPerPerson == 1
        ? rules
        : rules + " Counts are of rows, since a person may have up to " + rowsPerPerson + ".";
  }
}
