package io.tributary.jobs.analysis.parametricsurvival;

import io.tributary.jobs.analysis.Design;
import io.tributary.jobs.analysis.Field;
import io.tributary.jobs.analysis.RowBlocks;
import io.tributary.jobs.analysis.Values;
import io.tributary.jobs.formula.Formula;
import io.tributary.jobs.formula.Variable;
import io.tributary.study.Errors;
import java.util.List;
import org.apache.spark.sql.Row;

/**
 * Reads a complete row as [event, w, first, log time, log time less offset, columns of the design],
 * where first is 1 unless the row before is of the same person. Rows with a missing value, or of
 * weight 0, are dropped.
 */
final class LogTimeReader implements RowBlocks.RowReader {
  static final int EVENT = 0;
  static final int WEIGHT = 1;
  static final int FIRST = 2;
  static final int LOG_TIME = 3;

  /** The outcome; the columns follow. */
  static final int OUTCOME = 4;

  private final List<Variable> variables;
  private final List<Variable> offsets;
  private final boolean weighted;
  private final Values values;
  private final Design design;

  /**
   * A reader of rows.
   *
   * @param fields in the order of the row's columns: time, event, variables, offsets, weights
   * @param weighted whether a last column holds weights
   */
  LogTimeReader(Formula formula, boolean weighted, List<Field> fields, Design design) {
    this.variables = formula.variables();
    this.offsets = formula.offsets();
    this.weighted = weighted;
    this.values = new Values(fields);
    this.design = design;
  }

  @Override
  public int width() {
    return OUTCOME + 1 + design.size();
  }

  @Override
  public boolean read(Row row, double[] into, int at) {
    for (int i = 0; i < row.size(); i++) {
      if (row.isNullAt(i)) {
        return false;
      }
    }
    double time = values.value(0, row, 0);
    if (!(time > 0)) {
      throw Errors.badColumn(
          "time",
          "a time is not above 0, where its logarithm is needed.",
          "Leave such rows out with a filter, or count a day that has begun as one.");
    }
    double[] read = new double[variables.size()];
    for (int v = 0; v < read.length; v++) {
      read[v] = variables.get(v).finite(values.value(2 + v, row, 2 + v));
    }
    double offset = 0;
    int last = 2 + read.length;
    for (Variable variable : offsets) {
      offset += variable.finite(values.value(last, row, last));
      last++;
    }
    double weight = weighted ? values.weight(last, row, last) : 1;
    into[at + EVENT] = values.value(1, row, 1);
    into[at + WEIGHT] = weight;
    into[at + FIRST] = 1;
    into[at + LOG_TIME] = StrictMath.log(time);
    into[at + OUTCOME] = into[at + LOG_TIME] - offset;
    design.write(read, into, at + OUTCOME + 1);
    return weight > 0;
  }
}
