package io.tributary.jobs.formula;

import io.tributary.jobs.formula.Variable.Form;
import io.tributary.study.Errors;
import io.tributary.study.TributaryException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Recursive descent over R's operators: {@code :} binds before {@code *}, that before + and -. */
final class FormulaParser {
  private static final int MAX_LENGTH = 10_000;
  private static final int MAX_VARIABLES = 62;
  private static final int MAX_TERMS = 4096;
  private static final int MAX_DEPTH = 50;
  private static final String SUPPORTED =
      "Use + - : * ( ) factor() offset() log() exp() sqrt() and -1.";

  private final String text;
  private final List<Variable> variables = new ArrayList<>();
  private final List<Variable> offsets = new ArrayList<>();
  private final List<String> strata = new ArrayList<>();

  /** Columns before the tilde. */
  private final Set<String> outcomes = new HashSet<>();

  private boolean survival;
  private int at;
  private int depth;

  FormulaParser(String text) {
    this.text = text;
  }

  /**
   * What a part of a formula stands for.
   *
   * @param terms sets of variables as bits
   * @param intercept 1 asks for it, -1 against it, 0 says nothing
   * @param aside what stands beside the terms: an offset, strata(), or "" for a part of terms
   */
  private record Part(Set<Long> terms, int intercept, String aside) {
    /** Something that is no term. */
    static Part beside(String what) {
      return new Part(new LinkedHashSet<>(), 0, what);
    }

    boolean isAside() {
      return !aside.isEmpty();
    }
  }

  Formula parse() {
    checkLength();
    Variable response = response();
    outcomes.add(response.column());
    return formula(response);
  }

  SurvivalFormula parseSurvival() {
    checkLength();
    survival = true;
    List<String> times = survivalResponse();
    outcomes.addAll(times);
    int start = at;
    Formula model = formula(new Variable(times.get(times.size() - 2), Form.PLAIN));
    if (!model.intercept()) {
      throw refuse(start, "a model of hazards has no intercept.", "Leave out -1 and 0.");
    }
    return new SurvivalFormula(
        times.size() == 3 ? Optional.of(times.get(0)) : Optional.empty(),
        times.get(times.size() - 2),
        times.get(times.size() - 1),
        strata,
        model);
  }

  private void checkLength() {
    if (text.length() > MAX_LENGTH) {
      throw refuse(MAX_LENGTH, "it is too long.", "Write at most " + MAX_LENGTH + " characters.");
    }
  }

  /** The right-hand side; the response has been read. */
  private Formula formula(Variable response) {
    Part right = sum();
    skip();
    if (at < text.length()) {
      throw unexpected();
    }
    List<List<Integer>> terms = new ArrayList<>();
    for (long bits : right.terms()) {
      List<Integer> term = new ArrayList<>();
      for (int v = 0; v < variables.size(); v++) {
        if ((bits >>> v & 1) == 1) {
          term.add(v);
        }
      }
      terms.add(term);
    }
    // Stable: terms of one order stay as written.
    terms.sort(Comparator.comparingInt(List::size));
    return new Formula(text, response, right.intercept() >= 0, variables, terms, offsets);
  }

  private Variable response() {
    skip();
    int start = at;
    if (at == text.length() || text.charAt(at) == '~') {
      throw refuse(at, "the outcome is missing.", "Write it before '~', e.g. death ~ age.");
    }
    String name = name("an outcome");
    Variable response = new Variable(name, Form.PLAIN);
    skip();
    if (peek('(')) {
      if (name.equals("Surv")) {
        throw refuse(
            start,
            "Surv() is an outcome of survival analyses.",
            "Use type cox, or a 0/1 outcome here.");
      }
      response = function(name, start);
      skip();
    }
    if (response.form() == Form.FACTOR) {
      throw refuse(start, "factor() cannot be an outcome.", "Declare its two levels in the study.");
    }
    if (!peek('~')) {
      if (at == text.length()) {
        throw refuse(at, "'~' is missing.", "Write outcome ~ terms.");
      }
      throw refuse(
          at,
          "the outcome must be one column.",
          "Make it with derive in the study, e.g. dead: \"status == 2\".");
    }
    at++;
    return response;
  }

  /** Surv(time, event) or Surv(entry, time, event), and '~'. */
  private List<String> survivalResponse() {
    skip();
    int start = at;
    String remedy = "Write Surv(time, event) ~ terms, or Surv(entry, time, event) ~ terms.";
    if (at == text.length() || !isNameStart(text.charAt(at)) || !name("Surv()").equals("Surv")) {
      throw refuse(start, "the outcome is not Surv().", remedy);
    }
    skip();
    if (!peek('(')) {
      throw refuse(at, "the outcome is not Surv().", remedy);
    }
    List<String> columns = names(start);
    if (columns.size() < 2 || columns.size() > 3) {
      throw refuse(start, "Surv() has " + columns.size() + " columns.", remedy);
    }
    skip();
    if (!peek('~')) {
      throw refuse(at, "'~' is missing.", remedy);
    }
    at++;
    return columns;
  }

  /** '(' name (',' name)* ')'. */
  private List<String> names(int start) {
    List<String> names = new ArrayList<>();
    do {
      at++;
      skip();
      names.add(name("a column"));
      skip();
    } while (peek(','));
    close(start);
    return names;
  }

  /** sum := ['-'] product (('+' | '-') product)*. */
  private Part sum() {
    if (++depth > MAX_DEPTH) {
      throw refuse(at, "it nests too deep.", "Write out the parentheses.");
    }
    LinkedHashSet<Long> terms = new LinkedHashSet<>();
    int intercept = 0;
    boolean minus = false;
    skip();
    if (peek('-') || peek('+')) {
      minus = peek('-');
      at++;
    }
    while (true) {
      Part part = product();
      if (minus) {
        if (part.isAside()) {
          throw refuse(at, part.aside() + " cannot be taken away.", "Leave it out.");
        }
        terms.removeAll(part.terms());
        if (part.intercept() != 0) {
          intercept = -part.intercept();
        }
      } else {
        terms.addAll(part.terms());
        if (part.intercept() != 0) {
          intercept = part.intercept();
        }
      }
      if (terms.size() > MAX_TERMS) {
        throw refuse(at, "it has more than " + MAX_TERMS + " terms.", "Leave some out.");
      }
      skip();
      if (!peek('+') && !peek('-')) {
        depth--;
        return new Part(terms, intercept, "");
      }
      minus = peek('-');
      at++;
    }
  }

  /** product := interaction ('*' interaction)*; a*b is a + b + a:b. */
  private Part product() {
    Part left = interaction();
    skip();
    while (peek('*')) {
      int operator = at++;
      Part right = interaction();
      LinkedHashSet<Long> terms = new LinkedHashSet<>(left.terms());
      terms.addAll(right.terms());
      terms.addAll(crossed(left, right, operator));
      left = new Part(terms, 0, "");
      skip();
    }
    return left;
  }

  /** interaction := primary (':' primary)*. */
  private Part interaction() {
    Part left = primary();
    skip();
    while (peek(':')) {
      int operator = at++;
      Part right = primary();
      left = new Part(crossed(left, right, operator), 0, "");
      skip();
    }
    return left;
  }

  private Set<Long> crossed(Part left, Part right, int operator) {
    for (Part part : List.of(left, right)) {
      if (part.isAside()) {
        throw refuse(operator, part.aside() + " cannot interact.", "Add it with +.");
      }
    }
    if (left.intercept() != 0 || right.intercept() != 0) {
      throw refuse(operator, "a number cannot interact.", "Name columns on both sides.");
    }
    LinkedHashSet<Long> terms = new LinkedHashSet<>();
    for (long a : left.terms()) {
      for (long b : right.terms()) {
        terms.add(a | b);
      }
    }
    return terms;
  }

  /** primary := number | name | function '(' name ')' | '(' sum ')'. */
  private Part primary() {
    skip();
    int start = at;
    if (at == text.length()) {
      throw refuse(at, "a term is missing at the end.", "Name a column, or write 1.");
    }
    char c = text.charAt(at);
    if (c == '(') {
      at++;
      Part inner = sum();
      skip();
      if (!peek(')')) {
        throw at == text.length() ? refuse(start, "'(' is not closed.", "Add ')'.") : unexpected();
      }
      at++;
      return inner;
    }
    if (Character.isDigit(c)) {
      return number();
    }
    if (c == '.' && !(at + 1 < text.length() && isNamePart(text.charAt(at + 1)))) {
      throw refuse(at, "'.' for all columns is not supported.", "Name the columns.");
    }
    if (!isNameStart(c) && c != '`') {
      throw unexpected();
    }
    String name = name("a column");
    skip();
    Variable variable;
    if (peek('(')) {
      if (name.equals("offset")) {
        return offset(start);
      }
      if (name.equals("strata") && survival) {
        strata.addAll(names(start));
        return Part.beside("strata()");
      }
      variable = function(name, start);
    } else {
      variable = new Variable(name, Form.PLAIN);
    }
    if (outcomes.contains(variable.column())) {
      throw refuse(
          start,
          "'" + variable.column() + "' is the outcome, and explains itself.",
          "Leave it out.");
    }
    int index = variables.indexOf(variable);
    if (index < 0) {
      index = variables.size();
      variables.add(variable);
      if (variables.size() > MAX_VARIABLES) {
        throw refuse(start, "it has more than 62 variables.", "Leave some out.");
      }
    }
    LinkedHashSet<Long> terms = new LinkedHashSet<>();
    terms.add(1L << index);
    return new Part(terms, 0, "");
  }

  private Part number() {
    int start = at;
    while (at < text.length() && (Character.isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
      at++;
    }
    String digits = text.substring(start, at);
    if (!digits.equals("0") && !digits.equals("1")) {
      throw refuse(start, "the number " + digits + " is no term.", "Only 0 and 1 may stand here.");
    }
    return new Part(new LinkedHashSet<>(), digits.equals("1") ? 1 : -1, "");
  }

  /** offset(z) or offset(log(z)); the name has been read. */
  private Part offset(int start) {
    at++;
    skip();
    int inner = at;
    String name = name("a column");
    skip();
    Variable variable = new Variable(name, Form.PLAIN);
    if (peek('(')) {
      variable = function(name, inner);
      skip();
    }
    if (variable.form() == Form.FACTOR) {
      throw refuse(inner, "a factor cannot be an offset.", "Name a numeric column.");
    }
    close(start);
    offsets.add(variable);
    return Part.beside("an offset");
  }

  /** A function of one column; the function's name has been read. */
  private Variable function(String name, int start) {
    Form form = null;
    for (Form candidate : Form.values()) {
      if (candidate != Form.PLAIN && candidate.function().equals(name)) {
        form = candidate;
      }
    }
    if (form == null) {
      String remedy =
          name.equals("I")
              ? "Make the column with derive in the study, e.g. age2: \"age * age\"."
              : SUPPORTED;
      throw refuse(start, name + "() is not supported.", remedy);
    }
    at++;
    skip();
    String column = name("a column");
    close(start);
    return new Variable(column, form);
  }

  private void close(int start) {
    skip();
    if (!peek(')')) {
      throw at == text.length()
          ? refuse(start, "'(' is not closed.", "Add ')'.")
          : refuse(at, "one column is expected here.", "Make others with derive in the study.");
    }
    at++;
  }

  private String name(String what) {
    int start = at;
    if (peek('`')) {
      int end = text.indexOf('`', at + 1);
      if (end <= at + 1) {
        throw refuse(start, "a backquoted name is not closed or empty.", "Close it with `.");
      }
      at = end + 1;
      return text.substring(start + 1, end);
    }
    if (at == text.length() || !isNameStart(text.charAt(at))) {
      throw refuse(at, what + " is expected here.", "Name a column of the study.");
    }
    while (at < text.length() && isNamePart(text.charAt(at))) {
      at++;
    }
    return text.substring(start, at);
  }

  private static boolean isNameStart(char c) {
    return Character.isLetter(c) || c == '.' || c == '_';
  }

  private static boolean isNamePart(char c) {
    return isNameStart(c) || Character.isDigit(c);
  }

  private boolean peek(char c) {
    return at < text.length() && text.charAt(at) == c;
  }

  private void skip() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private TributaryException unexpected() {
    char c = text.charAt(at);
    String problem =
        switch (c) {
          case '^' -> "powers are not supported.";
          case '/' -> "nesting with '/' is not supported.";
          case '|' -> "random effects with '|' are not supported.";
          case '%' -> "'%in%' is not supported.";
          case '~' -> "a second '~' stands here.";
          case ')' -> "')' closes nothing or a term is missing before it.";
          case '=', '<', '>', '!', '&' -> "comparisons are not supported.";
          default -> "'" + c + "' is not expected here.";
        };
    String remedy =
        switch (c) {
          case '=', '<', '>', '!', '&' -> "Make the column with derive in the study.";
          default -> SUPPORTED;
        };
    return refuse(at, problem, remedy);
  }

  private TributaryException refuse(int position, String problem, String remedy) {
    return Errors.badFormula(text, position + 1, problem, remedy);
  }
}
