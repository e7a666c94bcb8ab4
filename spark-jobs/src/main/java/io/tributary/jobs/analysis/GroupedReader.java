package io.tributary.jobs.analysis;

import io.tributary.connectors.tables.SiteTable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;

/**
 * Reads a row as [group, values...]; a row whose group is missing is dropped. Numbers stand as they
 * are, categories as level index, missing ones as NaN.
 */
public final class GroupedReader implements RowBlocks.RowReader {
  private final Grouping grouping;
  private final int by;
  private final int measured;
  private final Values values;

  private GroupedReader(Grouping grouping, List<Field> fields) {
    this.grouping = grouping;
    this.by = grouping.fields().size();
    this.measured = fields.size() - by;
    this.values = new Values(fields);
  }

  /** The table's rows with group and these fields. */
  public static RowBlocks blocks(SiteTable table, Grouping grouping, List<Field> measured) {
    List<Field> fields = new ArrayList<>(grouping.fields());
    fields.addAll(measured);
    return RowBlocks.of(
        table,
        List.of("grouped", grouping.fields().size(), fields),
        fields.stream().map(Field::column).toList(),
        new GroupedReader(grouping, fields));
  }

  /** The same, by person. */
  public static PersonRows persons(
      Job job, SiteTable table, Grouping grouping, List<Field> measured) {
    List<Field> fields = new ArrayList<>(grouping.fields());
    fields.addAll(measured);
    return PersonRows.of(
        job,
        table,
        fields.stream().map(Field::column).toList(),
        new GroupedReader(grouping, fields));
  }

  @Override
  public int width() {
    return 1 + measured;
  }

  @Override
  public boolean read(Row row, double[] into, int at) {
    double[] levels = new double[by];
    for (int i = 0; i < by; i++) {
      levels[i] = values.value(i, row, i);
    }
    int group = grouping.group(levels);
    if (group < 0) {
      return false;
    }
    into[at] = group;
    for (int i = 0; i < measured; i++) {
      into[at + 1 + i] = values.value(by + i, row, by + i);
    }
    return true;
  }
}
