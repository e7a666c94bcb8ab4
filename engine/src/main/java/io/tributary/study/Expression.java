package io.tributary.study;

import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A {@code where} or {@code derive} expression of a study: a closed list of pure, total operations
 * on the values of one row. There is no way to name a table, a random number, the clock, a pattern
 * or a function of the site's, and readers build Spark columns from this tree, never from text.
 *
 * <p>Missing values: an operation on a missing value gives a missing value, but for {@code is
 * null}, {@code coalesce}, {@code least} and {@code greatest} (which skip it), {@code and} and
 * {@code or} (three-valued as in SQL), {@code case} and {@code if} (a missing condition is not
 * true). A number that is not finite (1/0, log(0), exp(1000)) is an error of the row.
 *
 * <p>Positions count characters of the expression's text from 1.
 */
public sealed interface Expression {
  int position();

  record Numeric(double value, int position) implements Expression {}

  record Text(String value, int position) implements Expression {}

  record Flag(boolean value, int position) implements Expression {}

  record Date(LocalDate value, int position) implements Expression {}

  /** Only as a result of {@code case}, {@code if} and {@code coalesce}. */
  record Missing(int position) implements Expression {}

  record ColumnName(String name, int position) implements Expression {}

  record Not(Expression operand, int position) implements Expression {}

  record Negative(Expression operand, int position) implements Expression {}

  record Binary(Operator operator, Expression left, Expression right, int position)
      implements Expression {}

  /** {@code operand in (choices)}; choices are literals. */
  record In(Expression operand, List<Expression> choices, int position) implements Expression {
    public In {
      choices = List.copyOf(choices);
    }
  }

  /** Both ends belong to it. */
  record Between(Expression operand, Expression low, Expression high, int position)
      implements Expression {}

  record IsMissing(Expression operand, int position) implements Expression {}

  /**
   * The result of the first branch whose condition is true, else {@code otherwise}, else missing.
   */
  record Case(List<Branch> branches, Optional<Expression> otherwise, int position)
      implements Expression {
    public Case {
      branches = List.copyOf(branches);
    }
  }

  /** One {@code when condition then result}. */
  record Branch(Expression condition, Expression result) {}

  record Call(Function function, List<Expression> arguments, int position) implements Expression {
    public Call {
      arguments = List.copyOf(arguments);
    }
  }

  /** Operators with two sides. */
  enum Operator {
    PLUS("+"),
    MINUS("-"),
    TIMES("*"),
    DIVIDED_BY("/"),
    MODULO("%"),
    EQUAL("="),
    NOT_EQUAL("!="),
    LESS("<"),
    AT_MOST("<="),
    GREATER(">"),
    AT_LEAST(">="),
    AND("and"),
    OR("or");

    private final String sign;

    Operator(String sign) {
      this.sign = sign;
    }

    public String sign() {
      return sign;
    }
  }

  /** The allow-list. */
  enum Function {
    ABS(1, 1),
    FLOOR(1, 1),
    CEIL(1, 1),
    /** Half away from zero; the second argument is the count of decimals, a literal. */
    ROUND(1, 2),
    /** Natural logarithm. */
    LOG(1, 1),
    EXP(1, 1),
    SQRT(1, 1),
    POW(2, 2),
    LEAST(2, 50),
    GREATEST(2, 50),
    COALESCE(2, 50),
    LOWER(1, 1),
    UPPER(1, 1),
    TRIM(1, 1),
    /** Text, first character counted from 1, count of characters; both are literals. */
    SUBSTRING(3, 3),
    LENGTH(1, 1),
    YEAR(1, 1),
    MONTH(1, 1),
    /** Days from the second date to the first. */
    DATEDIFF(2, 2),
    /** Condition, then, else. */
    IF(3, 3);

    private final int least;
    private final int most;

    Function(int least, int most) {
      this.least = least;
      this.most = most;
    }

    /** How it is written. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Least number of arguments. */
    public int least() {
      return least;
    }

    /** Largest number of arguments. */
    public int most() {
      return most;
    }
  }
}
