package io.tributary.jobs.query;

import static io.tributary.jobs.query.SelectExpressions.expressions;
import static io.tributary.jobs.query.SelectExpressions.list;
import static io.tributary.jobs.query.SelectExpressions.refused;

import io.tributary.codec.ExpressionParser;
import io.tributary.jobs.query.SelectQuery.Aggregate;
import io.tributary.jobs.query.SelectQuery.GroupKey;
import io.tributary.jobs.query.SelectQuery.Kind;
import io.tributary.jobs.query.SelectQuery.Order;
import io.tributary.jobs.query.SelectQuery.Output;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.Study;
import io.tributary.study.TributaryException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAlias;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.analysis.UnresolvedFunction;
import org.apache.spark.sql.catalyst.analysis.UnresolvedHaving;
import org.apache.spark.sql.catalyst.analysis.UnresolvedOrdinal;
import org.apache.spark.sql.catalyst.analysis.UnresolvedStar;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Descending$;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.SortOrder;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.GlobalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LocalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.Sort;
import org.apache.spark.sql.types.NumericType;

/**
 * Takes a SELECT apart. Each part of the parsed plan is known here by its kind, or refused with the
 * reason and what to do instead; nothing is executed.
 */
public final class SelectReader {
  static final int MAX_CHARACTERS = 20_000;

  private static final Map<String, Kind> AGGREGATES =
      Map.ofEntries(
          Map.entry("count", Kind.COUNT),
          Map.entry("sum", Kind.SUM),
          Map.entry("avg", Kind.AVG),
          Map.entry("mean", Kind.AVG),
          Map.entry("variance", Kind.VARIANCE),
          Map.entry("var_samp", Kind.VARIANCE),
          Map.entry("stddev", Kind.STDDEV),
          Map.entry("stddev_samp", Kind.STDDEV),
          Map.entry("std", Kind.STDDEV),
          Map.entry("count_if", Kind.COUNT),
          Map.entry("median", Kind.QUANTILE),
          Map.entry("percentile", Kind.QUANTILE),
          Map.entry("approx_percentile", Kind.QUANTILE),
          Map.entry("percentile_approx", Kind.QUANTILE),
          Map.entry("corr", Kind.CORRELATION),
          Map.entry("covar_samp", Kind.COVARIANCE),
          Map.entry("regr_slope", Kind.SLOPE),
          Map.entry("regr_intercept", Kind.INTERCEPT),
          Map.entry("regr_r2", Kind.R_SQUARED),
          Map.entry("regr_avgy", Kind.MEAN_OF_Y),
          Map.entry("regr_avgx", Kind.MEAN_OF_X));

  /** Aggregates that there are elsewhere, and where. */
  private static final Map<String, String> ELSEWHERE =
      Map.ofEntries(
          Map.entry("min", "The least value is one person's: write percentile(x, 0.05)."),
          Map.entry("max", "The greatest value is one person's: write percentile(x, 0.95)."),
          Map.entry("covar_pop", "Use covar_samp, which divides by n - 1."),
          Map.entry(
              "regr_count",
              "Write count(*) filter (where x is not null and y is not null), which is held against"
                  + " the other counts."),
          Map.entry("var_pop", "Use variance, which divides by n - 1."),
          Map.entry("stddev_pop", "Use stddev, which divides by n - 1."),
          Map.entry("collect_list", "Rows never leave their site."),
          Map.entry("collect_set", "Rows never leave their site."));

  private final List<GroupKey> keys = new ArrayList<>();
  private final List<Aggregate> aggregates = new ArrayList<>();
  private final List<Output> outputs = new ArrayList<>();

  /** Conditions of FILTER and count_if. */
  private final Set<String> conditions = new LinkedHashSet<>();

  /** Pairs of columns under their conditions. */
  private final Set<List<String>> pairs = new LinkedHashSet<>();

  private String from = "";
  private List<Study.Join> joins = List.of();
  private Optional<String> where = Optional.empty();
  private SelectExpressions rows;
  private SelectExpressions released;

  private SelectReader() {}

  /** The query, or USAGE that says what of it cannot be answered and what to do instead. */
  static SelectQuery read(String sql) {
    if (sql.length() > MAX_CHARACTERS) {
      throw invalid("the query has " + sql.length() + " characters.", "Use fewer.");
    }
    return new SelectReader().query(parsed(sql));
  }

  private static LogicalPlan parsed(String sql) {
    try {
      return new CatalystSqlParser().parsePlan(sql);
    } catch (Exception | StackOverflowError notSql) { // Spark's methods declare none.
      boolean placed =
          notSql instanceof ParseException parse && parse.start().startIndex().isDefined();
      String position =
          placed
              ? " at position " + (1 + (int) ((ParseException) notSql).start().startIndex().get())
              : "";
      throw invalid(
          "this is no SQL query" + position + ".",
          "Write one SELECT, such as: SELECT sex, count(*) FROM cohort GROUP BY sex.");
    }
  }

  private static TributaryException invalid(String problem, String remedy) {
    return Errors.invalid(ErrorCode.USAGE, "query", problem, remedy);
  }

  // ---- the plan, from the outside in -----------------------------------------------------------

  private SelectQuery query(LogicalPlan whole) {
    LogicalPlan plan = whole;
    OptionalInt limit = OptionalInt.empty();
    if (plan instanceof GlobalLimit global && global.child() instanceof LocalLimit local) {
      limit = OptionalInt.of(limit(global.limitExpr()));
      plan = local.child();
    }
    List<SortOrder> sorted = List.of();
    if (plan instanceof Sort sort) {
      sorted = list(sort.order());
      plan = sort.child();
    }
    Optional<Expression> condition = Optional.empty();
    if (plan instanceof UnresolvedHaving having) {
      condition = Optional.of(having.havingCondition());
      plan = having.child();
    }
    List<Expression> grouping = List.of();
    List<Expression> selected;
    if (plan instanceof org.apache.spark.sql.catalyst.plans.logical.Aggregate aggregate) {
      grouping = list(aggregate.groupingExpressions());
      selected = expressions(aggregate.aggregateExpressions());
      source(aggregate.child());
    } else if (plan instanceof Project project) {
      selected = expressions(project.projectList());
      source(project.child());
    } else {
      throw unknown(plan);
    }
    for (Expression key : grouping) {
      addKey(key, selected);
    }
    selected.forEach(this::addOutput);
    Optional<io.tributary.study.Expression> having =
        condition.map(each -> ExpressionParser.parse(released.text(each)));
    List<Order> order = sorted.stream().map(this::order).toList();
    requireKnownDifferences();
    return new SelectQuery(from, joins, where, keys, aggregates, outputs, having, order, limit);
  }

  /**
   * The study's gate counts whom a column has a value for. A condition is such a column, so it is
   * seen beside all rows; how two conditions lie to each other is not seen, nor whom a pair is of.
   */
  private void requireKnownDifferences() {
    if (conditions.size() > 1) {
      throw invalid(
          "FILTER and count_if have " + conditions.size() + " different conditions.",
          "Two answers over rows that differ by one person would tell that person's value: ask for"
              + " one condition a query, and for groups by GROUP BY.");
    }
    boolean alone = aggregates.stream().allMatch(aggregate -> aggregate.kind().isPair());
    if (pairs.size() > 1 || (!pairs.isEmpty() && !alone)) {
      throw invalid(
          "corr, covar_samp or regr_* stand beside an aggregate over other rows.",
          "Two answers over rows that differ by one person would tell that person's value: ask for"
              + " one pair of columns, with one FILTER or none, and nothing else.");
    }
  }

  private static int limit(Expression expression) {
    if (expression instanceof Literal literal
        && literal.value() instanceof Integer rows
        && rows >= 0) {
      return rows;
    }
    throw refused(expression, "LIMIT is no whole number.", "Write LIMIT 10.");
  }

  /** One table or several, with a filter or without. */
  private void source(LogicalPlan plan) {
    LogicalPlan tables = plan;
    Optional<Expression> condition = Optional.empty();
    if (tables instanceof Filter filter) {
      condition = Optional.of(filter.condition());
      tables = filter.child();
    }
    JoinReader read = JoinReader.read(tables);
    from = read.from();
    joins = read.joins();
    rows = new SelectExpressions(read.prefixes(), SelectReader::noAggregate);
    released = new SelectExpressions(read.prefixes(), this::named);
    List<Expression> conditions = new ArrayList<>(read.conditions());
    condition.ifPresent(conditions::add);
    where =
        conditions.stream().map(rows::text).reduce((one, two) -> "(" + one + " and " + two + ")");
  }

  static TributaryException unknown(LogicalPlan plan) {
    String word = plan.getClass().getSimpleName();
    String remedy =
        switch (word) {
          case "Distinct" -> "Write GROUP BY: it gives each combination once, with its count.";
          case "Offset" -> "Use ORDER BY and LIMIT.";
          case "SubqueryAlias", "UnresolvedWith", "UnresolvedSubqueryColumnAliases" ->
              "Ask the cohort itself; what a subquery would make is a derived column of the study.";
          case "OneRowRelation" -> "Write FROM cohort.";
          default ->
              "Write one SELECT over the cohort, such as: SELECT sex, count(*) FROM cohort"
                  + " GROUP BY sex.";
        };
    return invalid("this query has a part that is not answered here (" + word + ").", remedy);
  }

  // ---- keys and outputs ------------------------------------------------------------------------

  private void addKey(Expression key, List<Expression> selected) {
    Expression expression = key;
    if (key instanceof UnresolvedOrdinal ordinal) {
      expression = at(ordinal, selected);
    }
    if (expression instanceof UnresolvedAttribute attribute) {
      expression = aliased(rows.column(attribute), selected).orElse(expression);
    }
    Optional<String> name = Optional.empty();
    if (expression instanceof Alias alias) {
      name = Optional.of(alias.name());
      expression = alias.child();
    }
    if (expression instanceof UnresolvedAttribute attribute) {
      addKey(attribute, new GroupKey(rows.column(attribute), Optional.empty()));
      return;
    }
    String text = rows.text(expression);
    Optional<String> own = name.or(() -> nameOf(text, selected));
    if (own.isEmpty()) {
      throw refused(
          expression,
          "a computed key has no name.",
          "Name it in SELECT, such as: floor(age / 10) * 10 AS decade.");
    }
    addKey(expression, new GroupKey(own.get(), Optional.of(text)));
  }

  private void addKey(Expression at, GroupKey key) {
    if (keys.contains(key)) {
      throw refused(at, "a key stands there twice.", "Name it once.");
    }
    keys.add(key);
  }

  /** GROUP BY may call a column of the answer by its name. */
  private static Optional<Expression> aliased(String name, List<Expression> selected) {
    return selected.stream()
        .filter(each -> each instanceof Alias alias && alias.name().equals(name))
        .findFirst();
  }

  private static Expression at(UnresolvedOrdinal ordinal, List<Expression> selected) {
    if (ordinal.ordinal() < 1 || ordinal.ordinal() > selected.size()) {
      throw refused(ordinal, "there is no such column of the answer.", "Count from 1.");
    }
    return selected.get(ordinal.ordinal() - 1);
  }

  private Optional<String> nameOf(String text, List<Expression> selected) {
    for (Expression each : selected) {
      if (each instanceof Alias alias && !hasAggregate(alias.child())) {
        if (rows.text(alias.child()).equals(text)) {
          return Optional.of(alias.name());
        }
      }
    }
    return Optional.empty();
  }

  private static boolean hasAggregate(Expression expression) {
    return isAggregate(expression)
        || list(expression.children()).stream().anyMatch(SelectReader::hasAggregate);
  }

  private static boolean isAggregate(Expression expression) {
    return expression instanceof UnresolvedFunction function
        && AGGREGATES.containsKey(word(function));
  }

  private static String word(UnresolvedFunction function) {
    return String.join(".", list(function.nameParts())).toLowerCase(Locale.ROOT);
  }

  private void addOutput(Expression selected) {
    Expression expression = selected;
    Optional<String> name = Optional.empty();
    if (expression instanceof Alias alias) {
      name = Optional.of(alias.name());
      expression = alias.child();
    } else if (expression instanceof UnresolvedAlias unnamed) {
      expression = unnamed.child();
    }
    Output output;
    if (isAggregate(expression)) {
      UnresolvedFunction function = (UnresolvedFunction) expression;
      int index = aggregate(function);
      output = new Output(name.orElse(called(function)), false, index);
    } else {
      int index = keyOf(expression, name);
      output = new Output(name.orElse(keys.get(index).column()), true, index);
    }
    if (outputs.stream().anyMatch(other -> other.name().equals(output.name()))) {
      throw refused(
          selected, "two columns of the answer are '" + output.name() + "'.", "Name one with AS.");
    }
    outputs.add(output);
  }

  /** As it was written, without Spark's marks. */
  private static String called(UnresolvedFunction function) {
    String argument = function.toString().replace("'", "");
    return argument.equals("count(1)") ? "count(*)" : argument;
  }

  private int keyOf(Expression expression, Optional<String> name) {
    if (expression instanceof UnresolvedStar) {
      throw refused(
          expression,
          "* stands for all columns of a row.",
          "Rows never leave their site: write count(*), or name what is added up.");
    }
    GroupKey key =
        expression instanceof UnresolvedAttribute attribute
            ? new GroupKey(rows.column(attribute), Optional.empty())
            : new GroupKey(name.orElse(""), Optional.of(rows.text(expression)));
    int index = keys.indexOf(key);
    if (index < 0) {
      throw refused(
          expression,
          "a column of the answer is neither a key nor an aggregate.",
          "Rows never leave their site: put it into GROUP BY, or into count, sum, avg, variance or"
              + " stddev.");
    }
    return index;
  }

  // ---- aggregates ------------------------------------------------------------------------------

  private int aggregate(UnresolvedFunction function) {
    Aggregate aggregate = read(function, AGGREGATES.get(word(function)));
    if (!aggregates.contains(aggregate)) {
      aggregates.add(aggregate);
    }
    return aggregates.indexOf(aggregate);
  }

  private Aggregate read(UnresolvedFunction function, Kind kind) {
    List<Expression> arguments = list(function.arguments());
    if (function.isDistinct()) {
      return distinct(function, kind, arguments);
    }
    if (kind == Kind.QUANTILE) {
      return quantile(function, arguments);
    }
    if (kind.isPair()) {
      if (arguments.size() != 2) {
        throw refused(function, "it takes two columns.", "Write corr(x, y), or regr_slope(y, x).");
      }
      List<String> pair =
          arguments.stream().map(each -> filtered(function, rows.text(each))).toList();
      pairs.add(pair.stream().sorted().toList());
      return new Aggregate(kind, pair, 0);
    }
    if (arguments.size() != 1) {
      throw refused(function, "an aggregate takes one argument.", "Write sum(x).");
    }
    boolean all =
        word(function).equals("count")
            && arguments.get(0) instanceof Literal literal
            && literal.value() != null;
    if (kind == Kind.COUNT && arguments.get(0) instanceof Literal && !all) {
      throw refused(
          function,
          "it counts a constant that is no value, or no condition on a row.",
          "Write count(*), or count_if(x > 1).");
    }
    if (all && function.filter().isEmpty()) {
      return new Aggregate(Kind.ROWS, "");
    }
    String argument = all ? "1" : rows.text(arguments.get(0));
    if (word(function).equals("count_if")) {
      Optional<String> filter = filter(function);
      conditions.add(filter.map(each -> each + " and ").orElse("") + argument);
      String counted = "(case when " + argument + " then 1 end)";
      return new Aggregate(kind, filter.map(each -> where(each, counted)).orElse(counted));
    }
    return new Aggregate(kind, filtered(function, argument));
  }

  /** A column that has the argument where FILTER is true, and nothing elsewhere. */
  private String filtered(UnresolvedFunction function, String argument) {
    Optional<String> filter = filter(function);
    filter.ifPresent(conditions::add);
    return filter.map(each -> where(each, argument)).orElse(argument);
  }

  private Optional<String> filter(UnresolvedFunction function) {
    return function.filter().isEmpty()
        ? Optional.empty()
        : Optional.of(rows.text(function.filter().get()));
  }

  private static String where(String condition, String argument) {
    return "(case when " + condition + " then " + argument + " end)";
  }

  private Aggregate distinct(UnresolvedFunction function, Kind kind, List<Expression> arguments) {
    boolean column = arguments.size() == 1 && arguments.get(0) instanceof UnresolvedAttribute;
    if (kind != Kind.COUNT || !column || function.filter().isDefined()) {
      throw refused(
          function,
          "of distinct values only count(distinct PERSON) is answered.",
          "Write count(distinct person_id), or count(*) filter (where ...).");
    }
    return new Aggregate(Kind.PERSONS, rows.text(arguments.get(0)));
  }

  private Aggregate quantile(UnresolvedFunction function, List<Expression> arguments) {
    boolean median = word(function).equals("median");
    double probability = median && arguments.size() == 1 ? 0.5 : 0;
    if (!median
        && arguments.size() == 2
        && arguments.get(1) instanceof Literal literal
        && literal.value() != null
        && literal.dataType() instanceof NumericType) {
      probability = Double.parseDouble(literal.value().toString());
    }
    if (!(probability > 0 && probability < 1)) {
      throw refused(
          function,
          "a quantile takes a column and a probability above 0 and below 1.",
          "Write percentile(x, 0.25), or median(x).");
    }
    return new Aggregate(
        Kind.QUANTILE, List.of(filtered(function, rows.text(arguments.get(0)))), probability);
  }

  /** For conditions on rows, which have no aggregates. */
  private static Optional<String> noAggregate(UnresolvedFunction function) {
    String word = word(function);
    if (AGGREGATES.containsKey(word)) {
      throw refused(
          function,
          "an aggregate stands where one row is looked at.",
          "Conditions on groups stand in HAVING; aggregates cannot be computed with.");
    }
    if (ELSEWHERE.containsKey(word)) {
      throw refused(function, "'" + word + "' is not answered here.", ELSEWHERE.get(word));
    }
    return Optional.empty();
  }

  /** In HAVING and ORDER BY an aggregate is a name of what was released. */
  private Optional<String> named(UnresolvedFunction function) {
    if (isAggregate(function)) {
      return Optional.of(SelectExpressions.quoted(SelectQuery.aggregateName(aggregate(function))));
    }
    return noAggregate(function);
  }

  private Order order(SortOrder sort) {
    boolean descending = sort.direction() instanceof Descending$;
    Expression expression = sort.child();
    if (expression instanceof UnresolvedOrdinal ordinal) {
      if (ordinal.ordinal() < 1 || ordinal.ordinal() > outputs.size()) {
        throw refused(ordinal, "there is no such column of the answer.", "Count from 1.");
      }
      Output output = outputs.get(ordinal.ordinal() - 1);
      return new Order(output.key(), output.index(), descending);
    }
    if (isAggregate(expression)) {
      return new Order(false, aggregate((UnresolvedFunction) expression), descending);
    }
    if (expression instanceof UnresolvedAttribute attribute) {
      String name = released.column(attribute);
      for (Output output : outputs) {
        if (output.name().equals(name)) {
          return new Order(output.key(), output.index(), descending);
        }
      }
    }
    return new Order(true, keyOf(expression, Optional.empty()), descending);
  }
}
