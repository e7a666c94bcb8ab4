package io.tributary.jobs.query;

import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.Expression.Function;
import io.tributary.study.TributaryException;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.analysis.UnresolvedFunction;
import org.apache.spark.sql.catalyst.expressions.Add;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.BinaryOperator;
import org.apache.spark.sql.catalyst.expressions.CaseWhen;
import org.apache.spark.sql.catalyst.expressions.Divide;
import org.apache.spark.sql.catalyst.expressions.EqualTo;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GreaterThan;
import org.apache.spark.sql.catalyst.expressions.GreaterThanOrEqual;
import org.apache.spark.sql.catalyst.expressions.In;
import org.apache.spark.sql.catalyst.expressions.IsNotNull;
import org.apache.spark.sql.catalyst.expressions.IsNull;
import org.apache.spark.sql.catalyst.expressions.LessThan;
import org.apache.spark.sql.catalyst.expressions.LessThanOrEqual;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.Multiply;
import org.apache.spark.sql.catalyst.expressions.Not;
import org.apache.spark.sql.catalyst.expressions.Or;
import org.apache.spark.sql.catalyst.expressions.Remainder;
import org.apache.spark.sql.catalyst.expressions.Subtract;
import org.apache.spark.sql.catalyst.expressions.UnaryMinus;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import scala.collection.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Writes a parsed SQL expression in the grammar of a study's own expressions. What that grammar
 * lacks has no way through.
 */
final class SelectExpressions {
  private static final Map<Class<? extends BinaryOperator>, String> SIGNS =
      Map.ofEntries(
          Map.entry(Add.class, "+"),
          Map.entry(Subtract.class, "-"),
          Map.entry(Multiply.class, "*"),
          Map.entry(Divide.class, "/"),
          Map.entry(Remainder.class, "%"),
          Map.entry(EqualTo.class, "="),
          Map.entry(LessThan.class, "<"),
          Map.entry(LessThanOrEqual.class, "<="),
          Map.entry(GreaterThan.class, ">"),
          Map.entry(GreaterThanOrEqual.class, ">="),
          Map.entry(And.class, "and"),
          Map.entry(Or.class, "or"));

  private static final Map<String, Function> FUNCTIONS =
      Arrays.stream(Function.values()).collect(Collectors.toMap(Function::word, f -> f));

  private static final String ALLOWED =
      "Expressions know numbers, texts, dates, + - * / %, comparisons, and, or, not, in, between, is"
          + " null, case, and the functions "
          + String.join(", ", FUNCTIONS.keySet().stream().sorted().toList())
          + ".";

  private final Map<String, String> prefixes;
  private final java.util.function.Function<UnresolvedFunction, Optional<String>> aggregates;

  /**
   * A writer.
   *
   * @param prefixes of columns in the study by how they are qualified; none for the cohort's
   * @param aggregates how an aggregate function is called here, empty if it is none, or refused
   */
  SelectExpressions(
      Map<String, String> prefixes,
      java.util.function.Function<UnresolvedFunction, Optional<String>> aggregates) {
    this.prefixes = Map.copyOf(prefixes);
    this.aggregates = aggregates;
  }

  /** A refusal of a part of a query, at its place. */
  static TributaryException refused(Expression at, String problem, String remedy) {
    String place =
        at.origin().startIndex().isDefined()
            ? "position " + (1 + (int) at.origin().startIndex().get()) + ": "
            : "";
    return Errors.invalid(ErrorCode.USAGE, "query", place + problem, remedy);
  }

  static <T> List<T> list(Seq<T> items) {
    return List.copyOf(CollectionConverters.asJava(items));
  }

  /** Spark's named expressions are expressions, which Java does not see. */
  static List<Expression> expressions(Seq<?> items) {
    return CollectionConverters.asJava(items).stream().map(Expression.class::cast).toList();
  }

  String text(Expression expression) {
    String sign = SIGNS.get(expression.getClass());
    if (sign != null) {
      List<Expression> sides = list(expression.children());
      return "(" + text(sides.get(0)) + " " + sign + " " + text(sides.get(1)) + ")";
    }
    if (expression instanceof UnresolvedAttribute attribute) {
      return quoted(column(attribute));
    }
    if (expression instanceof Literal literal) {
      return literal(literal);
    }
    if (expression instanceof Not not) {
      return "(not " + text(not.child()) + ")";
    }
    if (expression instanceof UnaryMinus minus) {
      return "(- " + text(minus.child()) + ")";
    }
    if (expression instanceof IsNull isNull) {
      return "(" + text(isNull.child()) + " is null)";
    }
    if (expression instanceof IsNotNull isNotNull) {
      return "(" + text(isNotNull.child()) + " is not null)";
    }
    if (expression instanceof In in) {
      return "(" + text(in.value()) + " in (" + joined(list(in.list())) + "))";
    }
    if (expression instanceof CaseWhen cases) {
      return cases(cases);
    }
    if (expression instanceof UnresolvedFunction function) {
      return function(function);
    }
    throw refused(expression, "sites cannot evaluate this part of the query.", ALLOWED);
  }

  private String joined(List<Expression> items) {
    return items.stream().map(this::text).collect(Collectors.joining(", "));
  }

  /** The column's name in the study. */
  String column(UnresolvedAttribute attribute) {
    List<String> parts = list(attribute.nameParts());
    Optional<String> prefix =
        parts.size() == 2 ? Optional.ofNullable(prefixes.get(parts.get(0))) : Optional.empty();
    // A name in a study may hold dots, and SQL takes them for qualifiers.
    String name = prefix.map(of -> of + parts.get(1)).orElse(String.join(".", parts));
    if (name.contains("`")) {
      throw refused(attribute, "a column's name holds a backquote.", "Rename it.");
    }
    return name;
  }

  static String quoted(String column) {
    return "`" + column + "`";
  }

  private String literal(Literal literal) {
    Object value = literal.value();
    if (value == null) {
      return "null";
    }
    if (literal.dataType() instanceof NumericType) {
      return new BigDecimal(value.toString()).toPlainString();
    }
    if (literal.dataType() instanceof StringType) {
      return "'" + value.toString().replace("'", "''") + "'";
    }
    if (literal.dataType() instanceof BooleanType) {
      return value.toString();
    }
    if (literal.dataType() instanceof DateType) {
      return "date '" + LocalDate.ofEpochDay(((Number) value).longValue()) + "'";
    }
    throw refused(literal, "a value of this type is not known to sites.", ALLOWED);
  }

  private String cases(CaseWhen cases) {
    StringBuilder text = new StringBuilder("(case");
    for (scala.Tuple2<Expression, Expression> branch : list(cases.branches())) {
      text.append(" when ").append(text(branch._1())).append(" then ").append(text(branch._2()));
    }
    if (cases.elseValue().isDefined()) {
      text.append(" else ").append(text(cases.elseValue().get()));
    }
    return text.append(" end)").toString();
  }

  private String function(UnresolvedFunction function) {
    Optional<String> aggregate = aggregates.apply(function);
    if (aggregate.isPresent()) {
      return aggregate.get();
    }
    List<String> name = list(function.nameParts());
    String word = name.get(name.size() - 1).toLowerCase(Locale.ROOT);
    List<Expression> arguments = new ArrayList<>(list(function.arguments()));
    if (name.size() == 1 && word.equals("between") && arguments.size() == 3) {
      return "("
          + text(arguments.get(0))
          + " between "
          + text(arguments.get(1))
          + " and "
          + text(arguments.get(2))
          + ")";
    }
    if (name.size() > 1
        || !FUNCTIONS.containsKey(word)
        || function.isDistinct()
        || function.filter().isDefined()) {
      throw refused(function, "function '" + word + "' is not known to sites.", ALLOWED);
    }
    return word + "(" + joined(arguments) + ")";
  }
}
