package io.tributary.jobs.query;

import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.Expression;
import io.tributary.study.Expression.Binary;
import io.tributary.study.Expression.ColumnName;
import java.util.function.Function;

/**
 * HAVING over released values, with SQL's three values of truth: a withheld value is unknown, and a
 * row of which the condition is unknown is left out.
 */
final class ReleasedCondition {
  private final Function<String, Object> values;

  /**
   * A condition over one row.
   *
   * @param values by name: Double, String, or null for a withheld one; refuses other names
   */
  ReleasedCondition(Function<String, Object> values) {
    this.values = values;
  }

  boolean holds(Expression condition) {
    return Boolean.TRUE.equals(value(condition));
  }

  private Object value(Expression expression) {
    if (expression instanceof Expression.Numeric number) {
      return number.value();
    }
    if (expression instanceof Expression.Text text) {
      return text.value();
    }
    if (expression instanceof Expression.Flag flag) {
      return flag.value();
    }
    if (expression instanceof ColumnName column) {
      return values.apply(column.name());
    }
    if (expression instanceof Expression.Not not) {
      Object operand = value(not.operand());
      return operand == null ? null : !(Boolean) truth(operand, not);
    }
    if (expression instanceof Expression.Negative negative) {
      Object operand = value(negative.operand());
      return operand == null ? null : -(Double) number(operand, negative);
    }
    if (expression instanceof Expression.IsMissing missing) {
      return value(missing.operand()) == null;
    }
    if (expression instanceof Expression.In in) {
      Object operand = value(in.operand());
      return operand == null
          ? null
          : in.choices().stream().anyMatch(choice -> operand.equals(value(choice)));
    }
    if (expression instanceof Expression.Between between) {
      Object low = compared(value(between.operand()), value(between.low()), between);
      Object high = compared(value(between.high()), value(between.operand()), between);
      if (low == null || high == null) {
        return null;
      }
      return (Integer) low >= 0 && (Integer) high >= 0;
    }
    if (expression instanceof Binary binary) {
      return binary(binary);
    }
    throw refused(expression);
  }

  private Object binary(Binary binary) {
    Object left = value(binary.left());
    Object right = value(binary.right());
    return switch (binary.operator()) {
      case AND -> and(left, right, binary);
      case OR -> {
        Object neither =
            and(
                left == null ? null : !(Boolean) truth(left, binary),
                right == null ? null : !(Boolean) truth(right, binary),
                binary);
        yield neither == null ? null : !(Boolean) neither;
      }
      case PLUS, MINUS, TIMES, DIVIDED_BY, MODULO ->
          (left == null || right == null)
              ? null
              : computed(binary, (Double) number(left, binary), (Double) number(right, binary));
      case EQUAL, NOT_EQUAL, LESS, AT_MOST, GREATER, AT_LEAST -> {
        Integer order = compared(left, right, binary);
        yield order == null ? null : holds(binary, order);
      }
    };
  }

  private static Object and(Object left, Object right, Expression at) {
    boolean leftFalse = left != null && !(Boolean) truth(left, at);
    boolean rightFalse = right != null && !(Boolean) truth(right, at);
    if (leftFalse || rightFalse) {
      return false;
    }
    return (left == null || right == null) ? null : Boolean.TRUE;
  }

  private static double computed(Binary binary, double left, double right) {
    return switch (binary.operator()) {
      case PLUS -> left + right;
      case MINUS -> left - right;
      case TIMES -> left * right;
      case DIVIDED_BY -> left / right;
      default -> left % right;
    };
  }

  private static boolean holds(Binary binary, int order) {
    return switch (binary.operator()) {
      case EQUAL -> order == 0;
      case NOT_EQUAL -> order != 0;
      case LESS -> order < 0;
      case AT_MOST -> order <= 0;
      case GREATER -> order > 0;
      default -> order >= 0;
    };
  }

  private static Integer compared(Object left, Object right, Expression at) {
    if (left == null || right == null) {
      return null;
    }
    if (left instanceof Double a && right instanceof Double b) {
      return Double.compare(a, b);
    }
    if (left instanceof String a && right instanceof String b) {
      return a.compareTo(b);
    }
    throw refused(at);
  }

  private static Object truth(Object value, Expression at) {
    if (value instanceof Boolean) {
      return value;
    }
    throw refused(at);
  }

  private static Object number(Object value, Expression at) {
    if (value instanceof Double) {
      return value;
    }
    throw refused(at);
  }

  private static RuntimeException refused(Expression at) {
    return Errors.invalid(
        ErrorCode.USAGE,
        "query",
        "HAVING is no comparison of released values (at " + at.position() + ").",
        "Compare keys and aggregates with numbers and texts: HAVING count(*) > 10 AND avg(x) < 3.");
  }
}
