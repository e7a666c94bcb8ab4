package io.tributary.jobs.analysis.glm;

import io.tributary.jobs.analysis.Design;
import io.tributary.jobs.analysis.Field;
import io.tributary.jobs.analysis.RowBlocks;
import io.tributary.jobs.analysis.Values;
import io.tributary.jobs.formula.Variable;
import java.util.List;
import org.apache.spark.sql.Row;

/**
 * Reads a complete row as [y, w, offset, first, columns of the design], where first is 1 unless the
 * row before is of the same cluster. Rows with a missing value are dropped. The outcome of a linear
 * model is y - offset, and its offset 0.
 */
final class DesignReader implements RowBlocks.RowReader {
  /** Doubles before the design's columns. */
  static final int BEFORE = 4;

  /** Position of the mark of a cluster's first row. */
  static final int FIRST = 3;

  private final FamilyLink model;
  private final Variable response;
  private final List<Variable> variables;
  private final List<Variable> offsets;
  private final boolean weighted;
  private final Values values;
  private final Design design;

  /**
   * @param fields in the order of the row's columns: response, variables, offsets, weights
   * @param weighted whether a last column holds weights
   */
  DesignReader(
      FamilyLink model,
      Variable response,
      List<Variable> variables,
      List<Variable> offsets,
      boolean weighted,
      List<Field> fields,
      Design design) {
    this.model = model;
    this.response = response;
    this.variables = List.copyOf(variables);
    this.offsets = List.copyOf(offsets);
    this.weighted = weighted;
    this.values = new Values(fields);
    this.design = design;
  }

  @Override
  public int width() {
    return BEFORE + design.size();
  }

  @Override
  public boolean read(Row row, double[] into, int at) {
    double[] read = new double[variables.size()];
    int last = 1 + variables.size() + offsets.size();
    for (int i = 0; i < row.size(); i++) {
      if (row.isNullAt(i)) {
        return false;
      }
    }
    double y = response.finite(values.value(0, row, 0));
    for (int v = 0; v < read.length; v++) {
      read[v] = variables.get(v).finite(values.value(1 + v, row, 1 + v));
    }
    double offset = 0;
    for (int o = 0; o < offsets.size(); o++) {
      offset += offsets.get(o).finite(values.value(1 + read.length + o, row, 1 + read.length + o));
    }
    double weight = weighted ? values.weight(last, row, last) : 1;
    model.family().check(response.label(), y);
    into[at] = model.linear() ? y - offset : y;
    into[at + 1] = weight;
    into[at + 2] = model.linear() ? 0 : offset;
    into[at + FIRST] = 1;
    design.write(read, into, at + BEFORE);
    return true;
  }
}
