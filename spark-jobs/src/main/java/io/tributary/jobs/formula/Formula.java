package io.tributary.jobs.formula;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A model formula in R's syntax, expanded.
 *
 * <p>Supported: {@code y ~ a + b}, interactions {@code a:b} and {@code a*b}, parentheses, {@code
 * factor(a)}, {@code log(a)}, {@code exp(a)}, {@code sqrt(a)}, {@code offset(z)}, {@code 1}, {@code
 * 0}, {@code -1}, {@code - a}, names in backquotes. Everything else is FORMULA_INVALID with its
 * position.
 *
 * @param text as written
 * @param response left-hand side
 * @param intercept whether the model has one
 * @param variables of the right-hand side in order of first appearance, offsets left out
 * @param terms each the positions of its variables, ascending; lower orders first, as R sorts them
 * @param offsets added to the linear predictor
 */
public record Formula(
    String text,
    Variable response,
    boolean intercept,
    List<Variable> variables,
    List<List<Integer>> terms,
    List<Variable> offsets) {

  public Formula {
    variables = List.copyOf(variables);
    terms = terms.stream().map(List::copyOf).toList();
    offsets = List.copyOf(offsets);
  }

  /** Reads a formula; FORMULA_INVALID names the character where it goes wrong. */
  public static Formula parse(String text) {
    return new FormulaParser(text).parse();
  }

  /** Label of a term as R writes it, e.g. {@code age:sex}. */
  public String label(List<Integer> term) {
    return String.join(":", term.stream().map(v -> variables.get(v).label()).toList());
  }

  /** Columns used, the response first. */
  public List<String> columns() {
    Set<String> columns = new LinkedHashSet<>();
    columns.add(response.column());
    variables.forEach(variable -> columns.add(variable.column()));
    offsets.forEach(variable -> columns.add(variable.column()));
    return new ArrayList<>(columns);
  }

  /**
   * How a category is coded in a term: by contrasts, or by a column for each level. R's rule
   * (TermCode in its model.c, after Chambers and Hastie 1992, page 38): by contrasts if nothing is
   * left of the term without it, or if an earlier term holds all that is left; and in a model
   * without intercept the first category has a column for each level.
   *
   * @param categorical whether each variable is a category, [variables]
   * @return for each term, for each of its variables, whether it has a column for each level
   */
  public List<List<Boolean>> fullCodings(boolean[] categorical) {
    List<List<Boolean>> codings = new ArrayList<>();
    boolean firstCategory = !intercept;
    for (int t = 0; t < terms.size(); t++) {
      List<Boolean> coding = new ArrayList<>();
      for (int variable : terms.get(t)) {
        boolean full = categorical[variable] && (firstCategory || !marginalTo(t, variable));
        if (categorical[variable]) {
          firstCategory = false;
        }
        coding.add(full);
      }
      codings.add(List.copyOf(coding));
    }
    return codings;
  }

  private boolean marginalTo(int term, int variable) {
    List<Integer> rest = new ArrayList<>(terms.get(term));
    rest.remove(Integer.valueOf(variable));
    if (rest.isEmpty()) {
      return true;
    }
    for (int earlier = 0; earlier < term; earlier++) {
      if (terms.get(earlier).containsAll(rest)) {
        return true;
      }
    }
    return false;
  }
}
