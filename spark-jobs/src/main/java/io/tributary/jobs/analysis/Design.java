package io.tributary.jobs.analysis;

import io.tributary.jobs.formula.Formula;
import io.tributary.jobs.formula.Variable;
import io.tributary.study.Errors;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The columns of a model matrix without its intercept, once all levels are known. Treatment
 * contrasts, columns in R's order and with R's names.
 */
public final class Design implements Serializable {
  /** Columns a model may have; its information matrix then has half a million elements. */
  public static final int MAX_COLUMNS = 1000;

  private final List<String> names;
  // For each column its variables, and for each of them a level or -1 for the number itself.
  private final int[][] variables;
  private final int[][] levels;
  private final int[] terms;

  private Design(List<Column> columns) {
    this.names = columns.stream().map(Column::name).toList();
    this.variables = new int[columns.size()][];
    this.levels = new int[columns.size()][];
    this.terms = new int[columns.size()];
    for (int j = 0; j < columns.size(); j++) {
      variables[j] = columns.get(j).parts().stream().mapToInt(Part::variable).toArray();
      levels[j] = columns.get(j).parts().stream().mapToInt(Part::level).toArray();
      terms[j] = columns.get(j).term();
    }
  }

  private record Part(int variable, int level) {}

  private record Column(String name, int term, List<Part> parts) {}

  /**
   * Lays out the columns.
   *
   * @param fields how each of the formula's variables is read
   */
  public static Design of(String analysis, Formula formula, List<Field> fields) {
    boolean[] categorical = new boolean[fields.size()];
    for (int v = 0; v < categorical.length; v++) {
      categorical[v] = fields.get(v).isCategory();
      if (categorical[v] && fields.get(v).levels().size() < 2) {
        throw Errors.badOption(
            analysis,
            "the factor '" + formula.variables().get(v).label() + "' has one level only.",
            "a column of at least two levels");
      }
    }
    List<List<Boolean>> codings = formula.fullCodings(categorical);
    List<Column> columns = new ArrayList<>();
    for (int t = 0; t < formula.terms().size(); t++) {
      List<Column> expanded = new ArrayList<>(List.of(new Column("", t, List.of())));
      List<Integer> term = formula.terms().get(t);
      for (int i = 0; i < term.size(); i++) {
        expanded =
            expand(
                expanded,
                term.get(i),
                formula.variables().get(term.get(i)),
                fields.get(term.get(i)),
                codings.get(t).get(i) ? 0 : 1);
        if (columns.size() + expanded.size() > MAX_COLUMNS) {
          throw Errors.badOption(
              analysis, "the formula makes more than " + MAX_COLUMNS + " columns.", "fewer terms");
        }
      }
      columns.addAll(expanded);
    }
    return new Design(columns);
  }

  /** The first variable of an interaction varies fastest, as in R's model.matrix. */
  private static List<Column> expand(
      List<Column> before, int v, Variable variable, Field field, int firstLevel) {
    List<Column> expanded = new ArrayList<>();
    int last = field.isCategory() ? field.levels().size() - 1 : firstLevel;
    for (int level = firstLevel; level <= last; level++) {
      for (Column column : before) {
        List<Part> parts = new ArrayList<>(column.parts());
        parts.add(new Part(v, field.isCategory() ? level : -1));
        String label = variable.label() + (field.isCategory() ? field.levels().get(level) : "");
        String name = column.name().isEmpty() ? label : column.name() + ":" + label;
        expanded.add(new Column(name, column.term(), List.copyOf(parts)));
      }
    }
    return expanded;
  }

  public int size() {
    return names.size();
  }

  /** Names of the columns, as R writes them. */
  public List<String> names() {
    return names;
  }

  /** Whether a column is 0 or 1 by its making. */
  public boolean isIndicator(int column) {
    for (int level : levels[column]) {
      if (level < 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Least and greatest value of a column that its variables allow.
   *
   * @param low least value of each variable; not looked at where a variable is a category
   * @param high greatest value of each variable
   * @return low, high
   */
  public double[] bounds(int column, double[] low, double[] high) {
    double least = 1;
    double most = 1;
    for (int i = 0; i < variables[column].length; i++) {
      boolean indicator = levels[column][i] >= 0;
      double from = indicator ? 0 : low[variables[column][i]];
      double to = indicator ? 1 : high[variables[column][i]];
      double a = Math.min(Math.min(least * from, least * to), Math.min(most * from, most * to));
      double b = Math.max(Math.max(least * from, least * to), Math.max(most * from, most * to));
      least = a;
      most = b;
    }
    return new double[] {least, most};
  }

  /** Whether a column is a number, or a product of numbers, for everybody. */
  public boolean isNumber(int column) {
    for (int level : levels[column]) {
      if (level >= 0) {
        return false;
      }
    }
    return true;
  }

  /** Position in the formula of the term a column belongs to. */
  public int term(int column) {
    return terms[column];
  }

  /**
   * Whether a coefficient would describe a handful of persons: an indicator column with some but
   * few ones, or a term with few zeros. Columns of nobody are left to the rank check.
   *
   * @param sums of the columns, [size]
   * @param persons rows that were added
   * @param minCell the least number that is not few
   */
  public boolean hasRareLevel(List<BigDecimal> sums, long persons, int minCell) {
    Map<Integer, Long> inTerm = new HashMap<>();
    for (int j = 0; j < size(); j++) {
      if (isIndicator(j)) {
        long ones = sums.get(j).longValue();
        if (ones > 0 && ones < minCell) {
          return true;
        }
        inTerm.merge(terms[j], ones, Long::sum);
      }
    }
    for (long ones : inTerm.values()) {
      long rest = persons - ones;
      if (rest > 0 && rest < minCell) {
        return true;
      }
    }
    return false;
  }

  /**
   * Writes one row of the model matrix.
   *
   * @param values numbers, or level indices, of the formula's variables
   */
  public void write(double[] values, double[] into, int at) {
    for (int j = 0; j < variables.length; j++) {
      double product = 1;
      for (int i = 0; i < variables[j].length; i++) {
        double value = values[variables[j][i]];
        int level = levels[j][i];
        product *= level < 0 ? value : (value == level ? 1 : 0);
      }
      into[at + j] = product;
    }
  }
}
