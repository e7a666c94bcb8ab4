package io.tributary.connectors.tables;

import io.tributary.study.ErrorCode;

/**
 * What can be wrong with one value. A row carries the first fault of its columns as one whole
 * number, {@code column index x 16 + number}; 0 is a good row. So rows are checked and cached in
 * one pass, and no value is ever part of an exception that an executor throws.
 */
enum Fault {
  NONE(0, ErrorCode.INTERNAL, "", ""),
  MALFORMED(
      1,
      ErrorCode.DATA_INVALID,
      "the row cannot be split into the table's columns",
      "Look for a missing or an extra delimiter and for unclosed quotes, and at the catalogue's"
          + " options delimiter, quote, encoding and newlinesInQuotes."),
  TEXT(
      2,
      ErrorCode.DATA_INVALID,
      "a number is expected and text is found",
      "Declare type: text or levels in the study, or name the text as a missing marker in the"
          + " site's catalogue; where numbers are written as 1,5, write decimal: \",\" there."),
  NOT_FINITE(
      3,
      ErrorCode.NOT_A_NUMBER,
      "the value is NaN or infinite",
      "Name it as a missing marker in the site's catalogue, or correct it."),
  TOO_LARGE(
      4,
      ErrorCode.VALUE_OUT_OF_BOUNDS,
      "the value is beyond 1e150, whose square no double holds",
      "Correct it, or name it as a missing marker in the site's catalogue."),
  OUT_OF_RANGE(
      5,
      ErrorCode.VALUE_OUT_OF_BOUNDS,
      "the value lies beyond the range that the study declares",
      "Correct it at the site, or widen the range in the study."),
  NOT_WHOLE(
      6,
      ErrorCode.DATA_INVALID,
      "a whole number below 2^53 is expected",
      "Declare type: number in the study, or correct the value."),
  NOT_BOOLEAN(
      7,
      ErrorCode.DATA_INVALID,
      "true or false is expected",
      "Write true/false, yes/no, t/f, y/n or 1/0, or declare levels in the study."),
  NOT_DATE(
      8,
      ErrorCode.DATA_INVALID,
      "a date is expected",
      "Write dates as 2026-12-31, or declare type: text in the study."),
  UNKNOWN_LEVEL(
      9,
      ErrorCode.DATA_INVALID,
      "the value is none of the levels that the study declares",
      "Correct it at the site, map it to a missing marker, or add the level to the study."),
  NO_PERSON(
      10,
      ErrorCode.DATA_INVALID,
      "the row names no person",
      "Fill the person column, or remove 'person' from the study if each row is one person."),
  NOT_COMPUTED(
      11,
      ErrorCode.NOT_A_NUMBER,
      "an expression divides by zero or gives a number that is not finite",
      "Guard it in the study, such as if(x > 0, log(x), null).");

  private final int number;
  private final ErrorCode code;
  private final String problem;
  private final String remedy;

  Fault(int number, ErrorCode code, String problem, String remedy) {
    this.number = number;
    this.code = code;
    this.problem = problem;
    this.remedy = remedy;
  }

  ErrorCode code() {
    return code;
  }

  /** Follows "in 3 rows ". */
  String problem() {
    return problem;
  }

  String remedy() {
    return remedy;
  }

  int at(int columnIndex) {
    return columnIndex * 16 + number;
  }

  static Fault of(int number) {
    for (Fault fault : values()) {
      if (fault.number == number % 16) {
        return fault;
      }
    }
    return NONE;
  }

  static int columnIndex(int number) {
    return number / 16;
  }
}
