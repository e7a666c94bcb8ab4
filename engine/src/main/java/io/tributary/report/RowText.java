package io.tributary.report;

import java.io.IOException;
import java.util.List;

/** A text of a table's rows, any part of which can be made by itself. */
interface RowText {
  /** What stands before the rows. */
  void head(StringBuilder out) throws IOException;

  /**
   * Some rows.
   *
   * @param first number of the first of them, from 0
   */
  void rows(List<List<Cell>> rows, int first, StringBuilder out) throws IOException;

  /** What stands after the rows. */
  void tail(StringBuilder out);
}
