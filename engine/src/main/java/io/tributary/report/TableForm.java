package io.tributary.report;

import java.io.IOException;
import java.nio.file.Path;

/** One more file form of every table, beside CSV and JSON. */
public interface TableForm {
  /** File name ending without the dot, e.g. {@code parquet}. */
  String ending();

  /** Writes the table to a file that does not exist yet. */
  void write(ResultTable table, Path file) throws IOException;
}
