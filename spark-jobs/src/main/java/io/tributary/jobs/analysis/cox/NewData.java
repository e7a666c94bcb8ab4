package io.tributary.jobs.analysis.cox;

import io.tributary.jobs.analysis.Design;
import io.tributary.jobs.analysis.Field;
import io.tributary.jobs.analysis.ModelTerms;
import io.tributary.jobs.analysis.Options;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.Values;
import io.tributary.jobs.formula.Formula;
import io.tributary.jobs.formula.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Rows that nobody has, for which the study asks what a model predicts: a value for every column of
 * its formula.
 */
final class NewData {
  /** Rows of one model. */
  private static final int MOST = 20;

  private static final String OPTION = "newData";

  private final Formula formula;
  private final List<Map<String, Object>> rows;

  private NewData(Formula formula, List<Map<String, Object>> rows) {
    this.formula = formula;
    this.rows = rows;
  }

  /**
   * One row.
   *
   * @param label its columns and values
   * @param columns of the model matrix, [p]; empty if a level is one that nobody has
   * @param offset sum of the formula's offsets
   */
  record Row(String label, Reals columns, double offset) {
    boolean isKnown(CoxResult.Fit fit) {
      return columns.size() == fit.estimates().size();
    }
  }

  /** Reads the option {@code newData}. */
  static NewData of(Options options, Formula formula, ModelTerms terms) {
    NewData data = new NewData(formula, options.mappings(OPTION, MOST));
    TreeSet<String> needed = new TreeSet<>();
    variables(formula).map(Variable::column).forEach(needed::add);
    for (Map<String, Object> row : data.rows) {
      if (!new TreeSet<>(row.keySet()).equals(needed)) {
        throw options.refuse(
            OPTION,
            "gives values of " + String.join(", ", new TreeSet<>(row.keySet())),
            "one value for each of " + String.join(", ", needed));
      }
      formula.offsets().forEach(offset -> requireNumber(options, offset, row));
      for (Variable variable : formula.variables()) {
        if (variable.form() != Variable.Form.PLAIN && variable.form() != Variable.Form.FACTOR) {
          requireNumber(options, variable, row);
        }
      }
    }
    if (terms.discovered().isEmpty()) {
      data.check(options, terms.fields(List.of()));
    }
    return data;
  }

  private static Stream<Variable> variables(Formula formula) {
    return Stream.concat(formula.variables().stream(), formula.offsets().stream());
  }

  private static void requireNumber(Options options, Variable variable, Map<String, Object> row) {
    Object value = row.get(variable.column());
    if (!(value instanceof Number number)
        || !Double.isFinite(variable.apply(number.doubleValue()))) {
      throw options.refuse(
          OPTION, "gives '" + value + "' for " + variable.label(), "a number it is defined of");
    }
  }

  private void check(Options options, List<Field> fields) {
    for (Map<String, Object> row : rows) {
      for (int v = 0; v < fields.size(); v++) {
        Field field = fields.get(v);
        if (Double.isNaN(value(field, v, row))) {
          throw options.refuse(
              OPTION,
              "gives '" + row.get(field.column()) + "' for " + field.column(),
              field.isCategory() ? String.join(", ", field.levels()) : "a number");
        }
      }
    }
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  /** The number or level index that a variable has in a row; NaN if it is none. */
  private double value(Field field, int variable, Map<String, Object> row) {
    Object value = row.get(field.column());
    if (field.isCategory()) {
      int level = field.levels().indexOf(Values.levelText(value));
      return level < 0 ? Double.NaN : level;
    }
    double number =
        value instanceof Boolean flag
            ? (flag ? 1 : 0)
            : value instanceof Number real ? real.doubleValue() : Double.NaN;
    return formula.variables().get(variable).apply(number);
  }

  /** The rows, once all levels are known. */
  List<Row> rows(List<Field> fields, Design design) {
    List<Row> known = new ArrayList<>();
    for (Map<String, Object> row : rows) {
      double[] values = new double[fields.size()];
      boolean complete = true;
      for (int v = 0; v < values.length; v++) {
        values[v] = value(fields.get(v), v, row);
        complete &= !Double.isNaN(values[v]);
      }
      double[] columns = new double[complete ? design.size() : 0];
      if (complete) {
        design.write(values, columns, 0);
      }
      double offset = 0;
      for (Variable variable : formula.offsets()) {
        offset += variable.apply(((Number) row.get(variable.column())).doubleValue());
      }
      known.add(new Row(label(row), Reals.of(columns), offset));
    }
    return known;
  }

  /** Labels of all rows. */
  List<String> labels() {
    return rows.stream().map(NewData::label).toList();
  }

  private static String label(Map<String, Object> row) {
    return row.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + Values.levelText(entry.getValue()))
        .collect(Collectors.joining(", "));
  }
}
