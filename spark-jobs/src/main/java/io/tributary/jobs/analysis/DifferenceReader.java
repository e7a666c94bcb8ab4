package io.tributary.jobs.analysis;

import io.tributary.connectors.tables.SiteTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;

/** Reads a row as [group 0, differences from the last field...]; NaN where one is missing. */
public record DifferenceReader(int columns, Values values) implements RowBlocks.RowReader {
  /**
   * The column that the option {@code paired} names, from which others are compared within each
   * person.
   *
   * @param columns those others
   */
  public static Optional<Field> paired(Job job, Options options, List<String> columns) {
    Optional<Field> paired = options.text("paired").map(column -> ModelTerms.number(job, column));
    if (paired.isPresent() && options.has("by")) {
      throw options.refuse("paired", "stands beside by", "one of the two");
    }
    if (paired.isPresent() && columns.contains(paired.get().column())) {
      throw options.refuse("paired", "names a column that it is compared with", "another column");
    }
    return paired;
  }

  /** What a difference from the paired column is called. */
  public static String name(Field field, Optional<Field> paired) {
    return field.column() + paired.map(other -> " - " + other.column()).orElse("");
  }

  /** A site's differences; read once for the same columns. */
  public static RowBlocks blocks(SiteTable table, List<Field> fields, Field paired) {
    List<Field> all = new ArrayList<>(fields);
    all.add(paired);
    return RowBlocks.of(
        table,
        List.of("differences", all),
        all.stream().map(Field::column).toList(),
        new DifferenceReader(fields.size(), new Values(all)));
  }

  @Override
  public int width() {
    return 1 + columns;
  }

  @Override
  public boolean read(Row row, double[] into, int at) {
    double other = values.value(columns, row, columns);
    into[at] = 0;
    for (int i = 0; i < columns; i++) {
      into[at + 1 + i] = values.value(i, row, i) - other;
    }
    return true;
  }
}
