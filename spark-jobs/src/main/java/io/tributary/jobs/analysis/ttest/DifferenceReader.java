package io.tributary.jobs.analysis.ttest;

import io.tributary.connectors.tables.SiteTable;
import io.tributary.jobs.analysis.Field;
import io.tributary.jobs.analysis.RowBlocks;
import io.tributary.jobs.analysis.Values;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;

/** Reads a row as [group 0, differences from the last field...]; NaN where one is missing. */
record DifferenceReader(int columns, Values values) implements RowBlocks.RowReader {

  static RowBlocks blocks(SiteTable table, List<Field> fields, Field paired) {
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
