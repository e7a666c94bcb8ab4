package io.tributary.connectors.omop;

import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.TributaryException;

/**
 * What can be wrong with a row of health records. A row carries its first fault as one text, such
 * as {@code NOT_DATE death death_date}, so that one pass reads and checks, and no value is ever
 * part of an exception that an executor throws.
 */
enum RecordFault {
  MALFORMED(
      "the row cannot be split into the table's columns",
      "Look for a missing or an extra delimiter and for unclosed quotes; the file may be half"
          + " written."),
  NOTHING(
      "nothing stands there, and the common data model requires a value",
      "Fill it, or leave the row out of the export."),
  NOT_DATE(
      "a date is expected and something else stands there",
      "Write dates as 2020-12-31; what is not known stays empty."),
  NOT_WHOLE(
      "a whole number of 64 bits is expected and something else stands there",
      "Write it without a fraction; what is not known stays empty."),
  NOT_SMALL(
      "a year or a number of days is expected and something else stands there",
      "Write a whole number below 1000000; what is not known stays empty."),
  NOT_NUMBER(
      "a number is expected and something else stands there",
      "Write numbers with a decimal point; what is not known stays empty."),
  ENDS_FIRST(
      "an observation period ends before it begins",
      "Correct the dates; a period of one day begins and ends on it."),
  OTHER_UNIT(
      "a value that a covariate takes is in a unit that the study does not name",
      "Convert the values at the site, or ask the analyst to name the unit, or to write 'other units:"
          + " leave out'."),
  REPEATED("there is a person who was there before", "Keep one row a person.");

  private final String problem;
  private final String remedy;

  RecordFault(String problem, String remedy) {
    this.problem = problem;
    this.remedy = remedy;
  }

  /** The fault as it travels; MALFORMED has no column. */
  String at(String table, String column) {
    return name() + " " + table + " " + column;
  }

  /**
   * DATA_INVALID for rows with one fault.
   *
   * @param fault as {@link #at} gave it
   */
  static TributaryException refused(CommonDataModel model, String fault, long rows) {
    String[] parts = fault.split(" ", 3);
    RecordFault kind = valueOf(parts[0]);
    String place = model.placeOf(parts[1]);
    return Errors.data(
        ErrorCode.DATA_INVALID,
        kind == MALFORMED ? place : place + ", column '" + parts[2] + "'",
        "in " + rows + (rows == 1 ? " row " : " rows ") + kind.problem + ".",
        kind.remedy);
  }
}
