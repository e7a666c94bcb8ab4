package io.tributary.connectors.omop;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;

/**
 * Columns of one table as they are read, each null where nothing stands, and the first fault of a
 * row among those that were asked for.
 */
final class CheckedColumns {
  /** Years and days beyond this are no dates that anything can be computed with. */
  private static final int MAX_SMALL = 1_000_000;

  private final CommonDataModel model;
  private final String table;
  private final List<Column> faults = new ArrayList<>();

  CheckedColumns(CommonDataModel model, String table) {
    this.model = model;
    this.table = table;
    model
        .malformed(table)
        .ifPresent(row -> faults.add(when(row, lit(RecordFault.MALFORMED.at(table, "")))));
  }

  /** 64 bits. */
  Column whole(String name) {
    Column whole = model.whole(table, name);
    return model.isWhole(table, name) ? whole : checked(whole, name, RecordFault.NOT_WHOLE);
  }

  /** A year or a number of days, as an int. */
  Column small(String name) {
    Column whole = model.whole(table, name);
    Column small = when(abs(whole).lt(MAX_SMALL), whole).cast("int");
    return checked(small, name, RecordFault.NOT_SMALL);
  }

  /** Days since 1970-01-01. */
  Column day(String name) {
    return checked(model.day(table, name), name, RecordFault.NOT_DATE);
  }

  /** A double that is finite. */
  Column number(String name) {
    return checked(model.number(table, name), name, RecordFault.NOT_NUMBER);
  }

  Column text(String name) {
    return model.text(table, name);
  }

  /** Nothing is a fault too. */
  Column required(Column value, String name) {
    faults.add(when(model.isEmpty(table, name), lit(RecordFault.NOTHING.at(table, name))));
    return value;
  }

  /** An end that lies before its start is a fault. */
  Column notBefore(Column start, Column end, String name) {
    faults.add(when(end.lt(start), lit(RecordFault.ENDS_FIRST.at(table, name))));
    return end;
  }

  private Column checked(Column value, String name, RecordFault fault) {
    faults.add(
        when(value.isNull().and(not(model.isEmpty(table, name))), lit(fault.at(table, name))));
    return value;
  }

  /** Whether a row has a fault; empty if the columns' types leave none. */
  Optional<Column> anyFault() {
    return faults.isEmpty() ? Optional.empty() : Optional.of(fault().isNotNull());
  }

  /** Text of {@link RecordFault#at}, null for a good row. */
  Column fault() {
    List<Column> first = new ArrayList<>(faults);
    first.add(lit(null).cast("string"));
    return coalesce(first.toArray(Column[]::new));
  }
}
