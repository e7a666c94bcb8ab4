package io.tributary.jobs.analysis.polytomous;

import io.tributary.jobs.analysis.Design;
import io.tributary.jobs.analysis.Field;
import io.tributary.jobs.analysis.RowBlocks;
import io.tributary.jobs.analysis.Values;
import io.tributary.jobs.formula.Variable;
import java.util.List;
import org.apache.spark.sql.Row;

/**
 * Reads a complete row as [level of the outcome, w, columns of the design]. Rows with a missing
 * value, or of weight 0, are dropped.
 */
final class CategoryReader implements RowBlocks.RowReader {
  static final int LEVEL = 0;
  static final int WEIGHT = 1;

  /** The design's first column. */
  static final int COLUMNS = 2;

  private final List<Variable> variables;
  private final boolean weighted;
  private final Values values;
  private final Design design;

  /**
   * A reader of rows.
   *
   * @param fields in the order of the row's columns: outcome, variables, weights
   * @param weighted whether a last column holds weights
   */
  CategoryReader(List<Variable> variables, boolean weighted, List<Field> fields, Design design) {
    this.variables = List.copyOf(variables);
    this.weighted = weighted;
    this.values = new Values(fields);
    this.design = design;
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
    double[] read = new double[variables.size()];
    for (int v = 0; v < read.length; v++) {
      read[v] = variables.get(v).finite(values.value(1 + v, row, 1 + v));
    }
    int last = 1 + read.length;
    double weight = weighted ? values.weight(last, row, last) : 1;
    into[at + LEVEL] = values.value(0, row, 0);
    into[at + WEIGHT] = weight;
    design.write(read, into, at + COLUMNS);
    return weight > 0;
  }
}
