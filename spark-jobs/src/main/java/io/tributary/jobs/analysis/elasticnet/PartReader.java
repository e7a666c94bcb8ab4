package io.tributary.jobs.analysis.elasticnet;

import io.tributary.jobs.analysis.BinaryOutcome;
import io.tributary.jobs.analysis.Design;
import io.tributary.jobs.analysis.Field;
import io.tributary.jobs.analysis.RowBlocks;
import io.tributary.jobs.analysis.Values;
import io.tributary.jobs.formula.Variable;
import java.util.List;
import org.apache.spark.sql.Row;

/**
 * Reads a complete row as [part, first, y, columns of the design], where first is 1 unless the row
 * before is of the same person. Rows with a missing value are dropped.
 */
final class PartReader implements RowBlocks.RowReader {
  static final int PART = 0;
  static final int FIRST = 1;
  static final int OUTCOME = 2;

  /** The design's first column. */
  static final int COLUMNS = 3;

  private final Variable response;
  private final List<Variable> variables;
  private final Values values;
  private final Design design;
  private final boolean binomial;
  private final Parts parts;

  /**
   * A reader of rows.
   *
   * @param fields in the order of the row's columns: response, variables, then the part where a
   *     column gives it; a person's name follows where parts go by it
   */
  PartReader(
      Variable response,
      List<Variable> variables,
      List<Field> fields,
      Design design,
      boolean binomial,
      Parts parts) {
    this.response = response;
    this.variables = List.copyOf(variables);
    this.values = new Values(fields);
    this.design = design;
    this.binomial = binomial;
    this.parts = parts;
  }

  @Override
  public int width() {
    return COLUMNS + design.size();
  }

  @Override
  public boolean read(Row row, double[] into, int at) {
    for (int i = 0; i < row.size(); i++) {
      if (row.isNullAt(i)) {
        return false;
      }
    }
    double y = response.finite(values.value(0, row, 0));
    if (binomial) {
      BinaryOutcome.check(response.label(), y, "binomial");
    }
    double[] read = new double[variables.size()];
    for (int v = 0; v < read.length; v++) {
      read[v] = variables.get(v).finite(values.value(1 + v, row, 1 + v));
    }
    into[at + FIRST] = 1;
    into[at + OUTCOME] = y;
    design.write(read, into, at + COLUMNS);
    int behind = 1 + read.length;
    into[at + PART] =
        switch (parts.from()) {
          case NONE -> 0;
          case COLUMN -> values.value(behind, row, behind);
          case PERSON -> parts.of(row.get(behind).toString());
          case VALUES -> parts.of(into, at + OUTCOME, 1 + design.size());
        };
    return true;
  }
}
