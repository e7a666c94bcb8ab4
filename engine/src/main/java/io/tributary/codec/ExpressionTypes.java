package io.tributary.codec;

import io.tributary.study.Errors;
import io.tributary.study.Expression;
import io.tributary.study.Expression.Between;
import io.tributary.study.Expression.Binary;
import io.tributary.study.Expression.Branch;
import io.tributary.study.Expression.Call;
import io.tributary.study.Expression.Case;
import io.tributary.study.Expression.ColumnName;
import io.tributary.study.Expression.Flag;
import io.tributary.study.Expression.In;
import io.tributary.study.Expression.IsMissing;
import io.tributary.study.Expression.Missing;
import io.tributary.study.Expression.Negative;
import io.tributary.study.Expression.Not;
import io.tributary.study.Expression.Numeric;
import io.tributary.study.Expression.Operator;
import io.tributary.study.Expression.Text;
import io.tributary.study.Study.ColumnType;
import io.tributary.study.TributaryException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Judges the types of an expression, so that {@code study check} finds what a table would only show
 * at a site. Literals take the type of what they are compared with: a date column with {@code
 * '2026-01-31'}, a category of numbers with {@code 1}; a text that is no level of its category is
 * an error. Texts have no order here: sites may sort differently.
 */
public final class ExpressionTypes {
  /** What is known of a column. {@code levels} is empty unless it is a category. */
  public record Facts(ColumnType type, List<String> levels) {
    public Facts {
      levels = List.copyOf(levels);
    }
  }

  /** Where an expression's columns are looked up. */
  public interface Scope {
    /** Throws EXPRESSION_INVALID if the column may not be used. */
    Facts facts(ColumnName column);
  }

  /**
   * An expression whose types fit.
   *
   * @param expression with literals in their final types
   * @param type NUMBER, TEXT, BOOLEAN or DATE
   * @param columns it reads, in order of appearance
   */
  public record Checked(Expression expression, ColumnType type, Set<String> columns) {}

  /** {@code type} is null for {@code null}, which fits everywhere. */
  private record Typed(Expression expression, ColumnType type, List<String> levels) {
    static Typed of(Expression expression, ColumnType type) {
      return new Typed(expression, type, List.of());
    }

    String words() {
      return type == null ? "null" : ExpressionTypes.words(type);
    }
  }

  private final Scope scope;
  private final Set<String> columns = new LinkedHashSet<>();

  private ExpressionTypes(Scope scope) {
    this.scope = scope;
  }

  public static Checked check(Expression expression, Scope scope) {
    ExpressionTypes types = new ExpressionTypes(scope);
    Typed typed = types.type(expression);
    if (typed.type() == null) {
      throw Errors.expressionInvalid(
          expression.position(), "the expression is always null.", "Give it a value.");
    }
    return new Checked(typed.expression(), typed.type(), types.columns);
  }

  static String words(ColumnType type) {
    return switch (type) {
      case NUMBER, INTEGER -> "a number";
      case TEXT -> "a text";
      case BOOLEAN -> "true or false";
      case DATE -> "a date";
    };
  }

  private Typed type(Expression expression) {
    if (expression instanceof Numeric) {
      return Typed.of(expression, ColumnType.NUMBER);
    }
    if (expression instanceof Text) {
      return Typed.of(expression, ColumnType.TEXT);
    }
    if (expression instanceof Flag) {
      return Typed.of(expression, ColumnType.BOOLEAN);
    }
    if (expression instanceof Expression.Date) {
      return Typed.of(expression, ColumnType.DATE);
    }
    if (expression instanceof Missing) {
      return Typed.of(expression, null);
    }
    if (expression instanceof ColumnName column) {
      Facts facts = scope.facts(column);
      columns.add(column.name());
      ColumnType type = facts.type() == ColumnType.INTEGER ? ColumnType.NUMBER : facts.type();
      return new Typed(column, type, facts.levels());
    }
    if (expression instanceof Not not) {
      return Typed.of(
          new Not(need(not.operand(), ColumnType.BOOLEAN), not.position()), ColumnType.BOOLEAN);
    }
    if (expression instanceof Negative negative) {
      return Typed.of(
          new Negative(need(negative.operand(), ColumnType.NUMBER), negative.position()),
          ColumnType.NUMBER);
    }
    if (expression instanceof IsMissing missing) {
      Typed operand = valued(missing.operand());
      return Typed.of(new IsMissing(operand.expression(), missing.position()), ColumnType.BOOLEAN);
    }
    if (expression instanceof Binary binary) {
      return binary(binary);
    }
    if (expression instanceof In in) {
      return in(in);
    }
    if (expression instanceof Between between) {
      return between(between);
    }
    if (expression instanceof Case cases) {
      return cases(cases);
    }
    return call((Call) expression);
  }

  private Typed binary(Binary binary) {
    Operator operator = binary.operator();
    return switch (operator) {
      case PLUS, MINUS, TIMES, DIVIDED_BY, MODULO ->
          Typed.of(
              new Binary(
                  operator,
                  need(binary.left(), ColumnType.NUMBER),
                  need(binary.right(), ColumnType.NUMBER),
                  binary.position()),
              ColumnType.NUMBER);
      case AND, OR ->
          Typed.of(
              new Binary(
                  operator,
                  need(binary.left(), ColumnType.BOOLEAN),
                  need(binary.right(), ColumnType.BOOLEAN),
                  binary.position()),
              ColumnType.BOOLEAN);
      case EQUAL, NOT_EQUAL, LESS, AT_MOST, GREATER, AT_LEAST -> comparison(binary);
    };
  }

  private Typed comparison(Binary binary) {
    Typed left = valued(binary.left());
    Typed right = valued(binary.right());
    right = alike(right, left);
    left = alike(left, right);
    boolean equality =
        binary.operator() == Operator.EQUAL || binary.operator() == Operator.NOT_EQUAL;
    if (!equality) {
      needOrder(left);
      needOrder(right);
    }
    if (left.type() != right.type()) {
      throw mismatch(right, left.words());
    }
    return Typed.of(
        new Binary(binary.operator(), left.expression(), right.expression(), binary.position()),
        ColumnType.BOOLEAN);
  }

  private Typed in(In in) {
    Typed operand = valued(in.operand());
    List<Expression> choices = new ArrayList<>();
    for (Expression choice : in.choices()) {
      Typed typed = alike(type(choice), operand);
      if (typed.type() != operand.type()) {
        throw mismatch(typed, operand.words());
      }
      choices.add(typed.expression());
    }
    return Typed.of(new In(operand.expression(), choices, in.position()), ColumnType.BOOLEAN);
  }

  private Typed between(Between between) {
    Typed operand = valued(between.operand());
    Typed low = alike(valued(between.low()), operand);
    Typed high = alike(valued(between.high()), operand);
    for (Typed part : List.of(operand, low, high)) {
      needOrder(part);
      if (part.type() != operand.type()) {
        throw mismatch(part, operand.words());
      }
    }
    return Typed.of(
        new Between(operand.expression(), low.expression(), high.expression(), between.position()),
        ColumnType.BOOLEAN);
  }

  private Typed cases(Case cases) {
    List<Typed> results = new ArrayList<>();
    List<Expression> conditions = new ArrayList<>();
    for (Branch branch : cases.branches()) {
      conditions.add(need(branch.condition(), ColumnType.BOOLEAN));
      results.add(type(branch.result()));
    }
    cases.otherwise().ifPresent(otherwise -> results.add(type(otherwise)));
    ColumnType type = common(results);
    List<Branch> branches = new ArrayList<>();
    for (int i = 0; i < conditions.size(); i++) {
      branches.add(new Branch(conditions.get(i), results.get(i).expression()));
    }
    Optional<Expression> otherwise =
        cases.otherwise().map(any -> results.get(conditions.size()).expression());
    return Typed.of(new Case(branches, otherwise, cases.position()), type);
  }

  private Typed call(Call call) {
    List<Expression> arguments = call.arguments();
    return switch (call.function()) {
      case ABS, FLOOR, CEIL, LOG, EXP, SQRT, POW, LEAST, GREATEST ->
          same(call, ColumnType.NUMBER, ColumnType.NUMBER);
      case ROUND -> {
        if (arguments.size() == 2) {
          literal(arguments.get(1), -9, 9);
        }
        yield same(call, ColumnType.NUMBER, ColumnType.NUMBER);
      }
      case LOWER, UPPER, TRIM -> same(call, ColumnType.TEXT, ColumnType.TEXT);
      case LENGTH -> same(call, ColumnType.TEXT, ColumnType.NUMBER);
      case SUBSTRING -> {
        literal(arguments.get(1), 1, 1_000_000);
        literal(arguments.get(2), 1, 1_000_000);
        Expression text = need(arguments.get(0), ColumnType.TEXT);
        yield Typed.of(
            new Call(
                call.function(),
                List.of(text, arguments.get(1), arguments.get(2)),
                call.position()),
            ColumnType.TEXT);
      }
      case YEAR, MONTH, DATEDIFF -> same(call, ColumnType.DATE, ColumnType.NUMBER);
      case COALESCE -> {
        List<Typed> typed = arguments.stream().map(this::type).toList();
        ColumnType type = common(typed);
        yield Typed.of(
            new Call(
                call.function(), typed.stream().map(Typed::expression).toList(), call.position()),
            type);
      }
      case IF ->
          cases(
              new Case(
                  List.of(new Branch(arguments.get(0), arguments.get(1))),
                  Optional.of(arguments.get(2)),
                  call.position()));
    };
  }

  private Typed same(Call call, ColumnType arguments, ColumnType result) {
    return Typed.of(
        new Call(
            call.function(),
            call.arguments().stream().map(argument -> need(argument, arguments)).toList(),
            call.position()),
        result);
  }

  // ---- rules
  // -------------------------------------------------------------------------------------

  private Expression need(Expression expression, ColumnType type) {
    Typed typed = type(expression);
    if (type == ColumnType.DATE && typed.expression() instanceof Text text) {
      typed = Typed.of(new Expression.Date(date(text), text.position()), ColumnType.DATE);
    }
    if (typed.type() != type) {
      throw mismatch(typed, words(type));
    }
    return typed.expression();
  }

  private Typed valued(Expression expression) {
    Typed typed = type(expression);
    if (typed.type() == null) {
      throw Errors.expressionInvalid(
          expression.position(),
          "a comparison with null is never true.",
          "Write 'is null' or 'is not null'.");
    }
    return typed;
  }

  private static void literal(Expression expression, int low, int high) {
    boolean fits =
        expression instanceof Numeric number
            && number.value() == Math.rint(number.value())
            && number.value() >= low
            && number.value() <= high;
    if (!fits) {
      throw Errors.expressionInvalid(
          expression.position(),
          "a whole number from " + low + " to " + high + " must stand here.",
          "Write it as a number, not as a column.");
    }
  }

  /** A literal in the type of what it is compared with. */
  private static Typed alike(Typed value, Typed other) {
    if (!other.levels().isEmpty() && other.type() == ColumnType.TEXT) {
      if (value.expression() instanceof Numeric number) {
        return level(number, Double.toString(number.value()), other);
      }
      if (value.expression() instanceof Text text) {
        return level(text, text.value(), other);
      }
    }
    if (other.type() == ColumnType.DATE && value.expression() instanceof Text text) {
      return Typed.of(new Expression.Date(date(text), text.position()), ColumnType.DATE);
    }
    return value;
  }

  private static Typed level(Expression literal, String written, Typed category) {
    for (String level : category.levels()) {
      if (level.equals(written) || sameNumber(level, written)) {
        return Typed.of(new Text(level, literal.position()), ColumnType.TEXT);
      }
    }
    throw Errors.expressionInvalid(
        literal.position(),
        "'" + written + "' is none of the levels of this column.",
        "Its levels are: " + String.join(", ", category.levels()) + ".");
  }

  private static boolean sameNumber(String level, String written) {
    try {
      return Double.parseDouble(level) == Double.parseDouble(written);
    } catch (NumberFormatException text) {
      return false;
    }
  }

  private static LocalDate date(Text text) {
    try {
      return LocalDate.parse(text.value());
    } catch (DateTimeException notADate) {
      throw Errors.expressionInvalid(
          text.position(), "'" + text.value() + "' is not a date.", "Write '2026-12-31'.");
    }
  }

  private static void needOrder(Typed typed) {
    if (typed.type() == ColumnType.TEXT || typed.type() == ColumnType.BOOLEAN) {
      throw Errors.expressionInvalid(
          typed.expression().position(),
          typed.words() + " has no order.",
          "Compare with =, != or in (...); declare type: number or date if it is one.");
    }
  }

  private static ColumnType common(List<Typed> results) {
    ColumnType type = null;
    for (Typed result : results) {
      if (type == null) {
        type = result.type();
      } else if (result.type() != null && result.type() != type) {
        throw mismatch(result, words(type));
      }
    }
    return type;
  }

  private static TributaryException mismatch(Typed found, String expected) {
    String remedy =
        found.expression() instanceof ColumnName column
            ? "Declare the type or the levels of '"
                + column.name()
                + "' under columns; undeclared columns are numbers."
            : "Look at the types of both sides.";
    return Errors.expressionInvalid(
        found.expression().position(),
        "expected " + expected + ", found " + found.words() + ".",
        remedy);
  }
}
