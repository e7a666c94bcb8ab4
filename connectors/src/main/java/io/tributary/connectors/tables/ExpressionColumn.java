package io.tributary.connectors.tables;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.ceil;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.datediff;
import static org.apache.spark.sql.functions.exp;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.isnan;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.month;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.pow;
import static org.apache.spark.sql.functions.round;
import static org.apache.spark.sql.functions.sqrt;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.try_divide;
import static org.apache.spark.sql.functions.try_mod;
import static org.apache.spark.sql.functions.upper;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.year;

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
import io.tributary.study.Expression.Negative;
import io.tributary.study.Expression.Not;
import io.tributary.study.Expression.Numeric;
import io.tributary.study.Expression.Text;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.sql.Column;

/**
 * A checked expression as a Spark column, built node by node.
 *
 * @param value numbers are double, dates date, texts string; missing is null
 * @param broken true where a number on the way is not finite (1/0, log(-1), exp(1000)), which would
 *     otherwise pass as missing or compare as largest; only in branches that are taken. Absent if
 *     that cannot happen
 */
record ExpressionColumn(Column value, Optional<Column> broken) {
  /** Beyond, every double is whole. */
  private static final double TWO_53 = 9007199254740992.0;

  /** Binds names by {@code columns}; the expression has passed {@code ExpressionTypes}. */
  static ExpressionColumn of(Expression expression, Function<String, Column> columns) {
    return new Binder(columns).bind(expression);
  }

  private static ExpressionColumn sound(Column value) {
    return new ExpressionColumn(value, Optional.empty());
  }

  private record Binder(Function<String, Column> columns) {
    ExpressionColumn bind(Expression expression) {
      if (expression instanceof Numeric number) {
        return sound(lit(number.value()));
      }
      if (expression instanceof Text text) {
        return sound(lit(text.value()));
      }
      if (expression instanceof Flag flag) {
        return sound(lit(flag.value()));
      }
      if (expression instanceof Expression.Date date) {
        return sound(lit(java.sql.Date.valueOf(date.value())).cast("date"));
      }
      if (expression instanceof Expression.Missing) {
        return sound(lit(null));
      }
      if (expression instanceof ColumnName column) {
        return sound(columns.apply(column.name()));
      }
      if (expression instanceof Not not) {
        return map(not.operand(), value -> not(value));
      }
      if (expression instanceof Negative negative) {
        return map(negative.operand(), Column::unary_$minus);
      }
      if (expression instanceof IsMissing missing) {
        return map(missing.operand(), Column::isNull);
      }
      if (expression instanceof Binary binary) {
        return binary(binary);
      }
      if (expression instanceof In in) {
        Object[] choices = in.choices().stream().map(choice -> bind(choice).value()).toArray();
        return map(in.operand(), value -> value.isin(choices));
      }
      if (expression instanceof Between between) {
        return join(
            List.of(between.operand(), between.low(), between.high()),
            values -> values.get(0).between(values.get(1), values.get(2)));
      }
      if (expression instanceof Case cases) {
        return cases(cases);
      }
      return call((Call) expression);
    }

    private ExpressionColumn map(Expression operand, Function<Column, Column> operation) {
      ExpressionColumn bound = bind(operand);
      return new ExpressionColumn(operation.apply(bound.value()), bound.broken());
    }

    private ExpressionColumn join(
        List<Expression> operands, Function<List<Column>, Column> operation) {
      List<ExpressionColumn> bound = operands.stream().map(this::bind).toList();
      Column value = operation.apply(bound.stream().map(ExpressionColumn::value).toList());
      Optional<Column> broken =
          bound.stream().flatMap(part -> part.broken().stream()).reduce(Column::or);
      return new ExpressionColumn(value, broken);
    }

    /** As {@link #join}, and broken where the result is not finite though no operand is missing. */
    private ExpressionColumn finite(
        List<Expression> operands, Function<List<Column>, Column> operation) {
      List<ExpressionColumn> bound = operands.stream().map(this::bind).toList();
      List<Column> values = bound.stream().map(ExpressionColumn::value).toList();
      Column value = operation.apply(values);
      Column present = values.stream().map(Column::isNotNull).reduce(Column::and).orElseThrow();
      Column notFinite =
          value.isNull().or(isnan(value)).or(abs(value).equalTo(Double.POSITIVE_INFINITY));
      Column broken = present.and(notFinite);
      for (ExpressionColumn part : bound) {
        if (part.broken().isPresent()) {
          broken = part.broken().get().or(broken);
        }
      }
      return new ExpressionColumn(value, Optional.of(broken));
    }

    private ExpressionColumn binary(Binary binary) {
      List<Expression> sides = List.of(binary.left(), binary.right());
      return switch (binary.operator()) {
        case PLUS -> finite(sides, v -> v.get(0).plus(v.get(1)));
        case MINUS -> finite(sides, v -> v.get(0).minus(v.get(1)));
        case TIMES -> finite(sides, v -> v.get(0).multiply(v.get(1)));
        // Not '/': under ANSI rules it would throw in an executor.
        case DIVIDED_BY -> finite(sides, v -> try_divide(v.get(0), v.get(1)));
        case MODULO -> finite(sides, v -> try_mod(v.get(0), v.get(1)));
        case EQUAL -> join(sides, v -> v.get(0).equalTo(v.get(1)));
        case NOT_EQUAL -> join(sides, v -> v.get(0).notEqual(v.get(1)));
        case LESS -> join(sides, v -> v.get(0).lt(v.get(1)));
        case AT_MOST -> join(sides, v -> v.get(0).leq(v.get(1)));
        case GREATER -> join(sides, v -> v.get(0).gt(v.get(1)));
        case AT_LEAST -> join(sides, v -> v.get(0).geq(v.get(1)));
        case AND -> join(sides, v -> v.get(0).and(v.get(1)));
        case OR -> join(sides, v -> v.get(0).or(v.get(1)));
      };
    }

    private ExpressionColumn cases(Case cases) {
      ExpressionColumn rest = sound(lit(null));
      if (cases.otherwise().isPresent()) {
        rest = bind(cases.otherwise().get());
      }
      for (int i = cases.branches().size() - 1; i >= 0; i--) {
        Branch branch = cases.branches().get(i);
        ExpressionColumn condition = bind(branch.condition());
        ExpressionColumn result = bind(branch.result());
        Column value = when(condition.value(), result.value()).otherwise(rest.value());
        Optional<Column> broken = condition.broken();
        if (result.broken().isPresent() || rest.broken().isPresent()) {
          Column inBranches =
              when(condition.value(), result.broken().orElse(lit(false)))
                  .otherwise(rest.broken().orElse(lit(false)));
          broken = Optional.of(broken.map(before -> before.or(inBranches)).orElse(inBranches));
        }
        rest = new ExpressionColumn(value, broken);
      }
      return rest;
    }

    private ExpressionColumn call(Call call) {
      List<Expression> arguments = call.arguments();
      return switch (call.function()) {
        case ABS -> map(arguments.get(0), value -> abs(value));
        case FLOOR -> map(arguments.get(0), value -> whole(value, floor(value)));
        case CEIL -> map(arguments.get(0), value -> whole(value, ceil(value)));
        case ROUND -> {
          int decimals = arguments.size() == 1 ? 0 : literal(arguments.get(1));
          yield finite(List.of(arguments.get(0)), v -> round(v.get(0), decimals));
        }
        case LOG -> finite(arguments, v -> log(v.get(0)));
        case EXP -> finite(arguments, v -> exp(v.get(0)));
        case SQRT -> finite(arguments, v -> sqrt(v.get(0)));
        case POW -> finite(arguments, v -> pow(v.get(0), v.get(1)));
        case LEAST -> join(arguments, v -> least(v.toArray(Column[]::new)));
        case GREATEST -> join(arguments, v -> greatest(v.toArray(Column[]::new)));
        case COALESCE -> join(arguments, v -> coalesce(v.toArray(Column[]::new)));
        case LOWER -> map(arguments.get(0), value -> lower(value));
        case UPPER -> map(arguments.get(0), value -> upper(value));
        case TRIM -> map(arguments.get(0), value -> trim(value));
        case SUBSTRING ->
            map(
                arguments.get(0),
                value -> substring(value, literal(arguments.get(1)), literal(arguments.get(2))));
        case LENGTH -> map(arguments.get(0), value -> length(value).cast("double"));
        case YEAR -> map(arguments.get(0), value -> year(value).cast("double"));
        case MONTH -> map(arguments.get(0), value -> month(value).cast("double"));
        case DATEDIFF -> join(arguments, v -> datediff(v.get(0), v.get(1)).cast("double"));
        case IF -> throw new IllegalStateException("the type check writes 'if' as a case");
      };
    }

    private static Column whole(Column value, Column rounded) {
      return when(abs(value).lt(TWO_53), rounded.cast("double")).otherwise(value);
    }

    private static int literal(Expression expression) {
      return (int) ((Numeric) expression).value();
    }
  }
}
