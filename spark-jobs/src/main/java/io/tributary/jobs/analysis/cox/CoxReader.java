package io.tributary.jobs.analysis.cox;

import io.tributary.jobs.analysis.Design;
import io.tributary.jobs.analysis.Field;
import io.tributary.jobs.analysis.Grouping;
import io.tributary.jobs.analysis.RowBlocks;
import io.tributary.jobs.analysis.SurvivalTimes;
import io.tributary.jobs.analysis.Values;
import io.tributary.jobs.formula.Formula;
import io.tributary.jobs.formula.Variable;
import java.util.List;
import org.apache.spark.sql.Row;

/**
 * Reads a complete row as [stratum, time, event, entry if any, w, offset, first, columns of the
 * design], where first is 1 unless the row before is of the same person. Rows with a missing value,
 * or of weight 0, are dropped.
 */
final class CoxReader implements RowBlocks.RowReader {
  private final Grouping strata;
  private final SurvivalTimes times;
  private final List<Variable> variables;
  private final List<Variable> offsets;
  private final boolean weighted;
  private final Values values;
  private final Design design;

  /**
   * @param fields in the order of the row's columns: strata, times, variables, offsets, weights
   * @param weighted whether a last column holds weights
   */
  CoxReader(
      Grouping strata,
      SurvivalTimes times,
      Formula formula,
      boolean weighted,
      List<Field> fields,
      Design design) {
    this.strata = strata;
    this.times = times;
    this.variables = formula.variables();
    this.offsets = formula.offsets();
    this.weighted = weighted;
    this.values = new Values(fields);
    this.design = design;
  }

  /** Position of the weight in a row; offset and first follow, then the columns. */
  static int weightAt(SurvivalTimes times) {
    return 1 + times.fields().size();
  }

  /** Doubles before the design's columns. */
  static int before(SurvivalTimes times) {
    return weightAt(times) + 3;
  }

  /** Position of the mark of a person's first row. */
  static int firstAt(SurvivalTimes times) {
    return weightAt(times) + 2;
  }

  @Override
  public int width() {
    return before(times) + design.size();
  }

  @Override
  public boolean read(Row row, double[] into, int at) {
    for (int i = 0; i < row.size(); i++) {
      if (row.isNullAt(i)) {
        return false;
      }
    }
    double[] levels = new double[strata.fields().size()];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = values.value(i, row, i);
    }
    into[at] = strata.group(levels);
    int next = levels.length;
    for (int i = 0; i < times.fields().size(); i++) {
      into[at + 1 + i] = values.value(next + i, row, next + i);
    }
    times.check(into, at + 1);
    next += times.fields().size();
    double[] read = new double[variables.size()];
    for (int v = 0; v < read.length; v++) {
      read[v] = variables.get(v).finite(values.value(next + v, row, next + v));
    }
    next += read.length;
    double offset = 0;
    for (int o = 0; o < offsets.size(); o++) {
      offset += offsets.get(o).finite(values.value(next + o, row, next + o));
    }
    next += offsets.size();
    double weight = weighted ? values.weight(next, row, next) : 1;
    into[at + weightAt(times)] = weight;
    into[at + weightAt(times) + 1] = offset;
    into[at + firstAt(times)] = 1;
    design.write(read, into, at + before(times));
    return weight > 0;
  }
}
