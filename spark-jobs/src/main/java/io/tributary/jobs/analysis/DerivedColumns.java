package io.tributary.jobs.analysis;

import io.tributary.codec.ExpressionParser;
import io.tributary.jobs.analysis.NumberRange.Cut;
import io.tributary.study.Expression;
import io.tributary.study.Expression.Operator;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How the derived columns of a study lie to the columns that they are made of, and so to each
 * other: which of their states go together with which parts of the source columns.
 *
 * <p>Constants that a source column is compared with cut it into parts. For every combination of
 * parts each expression is worked out as far as it can be; what it may be, no rule forbids. So
 * {@code case when age < 50 then 1 else 0 end} is 1 exactly where age is in the part below 50,
 * {@code x * 2} is there exactly where x is, and of {@code a < b} nothing is known but where it is
 * missing.
 */
final class DerivedColumns {
  /** Combinations of parts that are written down for one column. */
  private static final int MAX_COMBINATIONS = 100;

  /** A possible value. */
  private sealed interface Value {
    record Nothing() implements Value {}

    record Known(Object value) implements Value {}

    record Within(NumberRange range) implements Value {}

    /** A text that is none of these. */
    record Another(Set<String> than) implements Value {}

    record Some() implements Value {}
  }

  private static final Value NOTHING = new Value.Nothing();
  private static final Value SOME = new Value.Some();

  /**
   * A part of a source column, or one state of it.
   *
   * @param state its name among the column's states
   */
  record Part(String state, Value value) {
    /** A state that a count names. */
    static Part of(String state) {
      return switch (state) {
        case PlacedCount.MISSING -> new Part(state, NOTHING);
        case PlacedCount.PRESENT -> new Part(state, SOME);
        default -> new Part(state, new Value.Known(ofLevel(state)));
      };
    }

    /** Whether a value of it may lie in a range that contains all of it or nothing. */
    boolean mayLieIn(NumberRange range) {
      if (value instanceof Value.Within within) {
        return range.contains(within.range()) || within.range().contains(range);
      }
      if (value instanceof Value.Known known && known.value() instanceof Double number) {
        return range.contains(number);
      }
      return !value.equals(NOTHING);
    }
  }

  /**
   * What holds in one combination of parts.
   *
   * @param parts the states of the source columns
   * @param possible states that the derived column may have there
   */
  record Combination(Map<String, String> parts, Set<String> possible) {}

  private final Map<String, Expression> derived = new LinkedHashMap<>();
  private final SortedMap<String, SortedSet<Cut>> cuts = new TreeMap<>();
  private final SortedMap<String, Set<String>> texts = new TreeMap<>();

  /**
   * The derived columns of a study.
   *
   * @param expressions texts, in order
   */
  DerivedColumns(Map<String, String> expressions) {
    expressions.forEach((name, text) -> derived.put(name, ExpressionParser.parse(text)));
  }

  boolean isDerived(String column) {
    return derived.containsKey(column);
  }

  /** Whether a derived column's values depend on a condition, and not on values alone. */
  boolean isConditional(String column) {
    return isConditional(derived.get(column));
  }

  private boolean isConditional(Expression e) {
    if (e instanceof Expression.ColumnName name) {
      return isDerived(name.name()) && isConditional(name.name());
    }
    if (e instanceof Expression.Binary binary && !isArithmetic(binary.operator())) {
      return true;
    }
    if (e instanceof Expression.Case
        || e instanceof Expression.In
        || e instanceof Expression.Between
        || e instanceof Expression.IsMissing) {
      return true;
    }
    if (e instanceof Expression.Call call && !isStrict(call.function())) {
      return true;
    }
    return children(e).stream().anyMatch(this::isConditional);
  }

  private static boolean isArithmetic(Operator operator) {
    return switch (operator) {
      case PLUS, MINUS, TIMES, DIVIDED_BY, MODULO -> true;
      default -> false;
    };
  }

  /** Whether a missing argument makes a missing value, and nothing else does. */
  private static boolean isStrict(Expression.Function function) {
    return switch (function) {
      case LEAST, GREATEST, COALESCE, IF -> false;
      default -> true;
    };
  }

  private static List<Expression> children(Expression e) {
    if (e instanceof Expression.Not not) {
      return List.of(not.operand());
    }
    if (e instanceof Expression.Negative negative) {
      return List.of(negative.operand());
    }
    if (e instanceof Expression.Binary binary) {
      return List.of(binary.left(), binary.right());
    }
    if (e instanceof Expression.In in) {
      return List.of(in.operand());
    }
    if (e instanceof Expression.Between between) {
      return List.of(between.operand(), between.low(), between.high());
    }
    if (e instanceof Expression.IsMissing missing) {
      return List.of(missing.operand());
    }
    if (e instanceof Expression.Call call) {
      return call.arguments();
    }
    List<Expression> children = new ArrayList<>();
    if (e instanceof Expression.Case choice) {
      choice
          .branches()
          .forEach(
              branch -> {
                children.add(branch.condition());
                children.add(branch.result());
              });
      choice.otherwise().ifPresent(children::add);
    }
    return children;
  }

  /** Source columns of a derived one, in alphabetical order. */
  SortedSet<String> sources(String column) {
    SortedSet<String> sources = new TreeSet<>();
    collect(derived.get(column), sources);
    return sources;
  }

  private void collect(Expression e, Set<String> into) {
    if (e instanceof Expression.ColumnName name) {
      if (isDerived(name.name())) {
        collect(derived.get(name.name()), into);
      } else {
        into.add(name.name());
      }
    }
    children(e).forEach(child -> collect(child, into));
  }

  // ---- parts -----------------------------------------------------------------------------------

  /** Notes the constants of a derived column's expression: they cut its sources. */
  void cut(String column) {
    cut(derived.get(column));
  }

  private void cut(Expression e) {
    if (e instanceof Expression.ColumnName name && isDerived(name.name())) {
      cut(derived.get(name.name()));
    }
    if (e instanceof Expression.Binary binary && !isArithmetic(binary.operator())) {
      cut(binary.left(), binary.operator(), binary.right());
      cut(binary.right(), mirrored(binary.operator()), binary.left());
    }
    if (e instanceof Expression.In in) {
      in.choices().forEach(choice -> cut(in.operand(), Operator.EQUAL, choice));
    }
    if (e instanceof Expression.Between between) {
      cut(between.operand(), Operator.AT_LEAST, between.low());
      cut(between.operand(), Operator.AT_MOST, between.high());
    }
    children(e).forEach(this::cut);
  }

  private static Operator mirrored(Operator operator) {
    return switch (operator) {
      case LESS -> Operator.GREATER;
      case GREATER -> Operator.LESS;
      case AT_MOST -> Operator.AT_LEAST;
      case AT_LEAST -> Operator.AT_MOST;
      default -> operator;
    };
  }

  private void cut(Expression operand, Operator operator, Expression constant) {
    Optional<Object> value = constant(constant);
    if (!(operand instanceof Expression.ColumnName name)
        || isDerived(name.name())
        || value.isEmpty()) {
      return;
    }
    if (value.get() instanceof Double number) {
      SortedSet<Cut> own = cuts.computeIfAbsent(name.name(), c -> new TreeSet<>());
      if (operator != Operator.GREATER && operator != Operator.AT_MOST) {
        own.add(Cut.before(number));
      }
      if (operator != Operator.LESS && operator != Operator.AT_LEAST) {
        own.add(Cut.after(number));
      }
    } else if (value.get() instanceof String text) {
      texts.computeIfAbsent(name.name(), c -> new TreeSet<>()).add(text);
    }
  }

  private static Optional<Object> constant(Expression e) {
    if (e instanceof Expression.Numeric number) {
      return Optional.of(number.value());
    }
    if (e instanceof Expression.Negative negative) {
      return constant(negative.operand()).filter(Double.class::isInstance).map(v -> -(double) v);
    }
    if (e instanceof Expression.Text text) {
      return Optional.of(text.value());
    }
    if (e instanceof Expression.Date date) {
      return Optional.of((double) date.value().toEpochDay());
    }
    return Optional.empty();
  }

  /**
   * The parts of a source column, a missing value first.
   *
   * @param levels of it that counts name; there are none of a column of numbers that is only there
   *     or missing
   */
  List<Part> parts(String column, List<String> levels) {
    List<Part> parts = new ArrayList<>();
    parts.add(new Part(PlacedCount.MISSING, NOTHING));
    if (!levels.isEmpty()) {
      levels.forEach(level -> parts.add(new Part(level, new Value.Known(ofLevel(level)))));
    } else if (cuts.containsKey(column)) {
      for (NumberRange range : NumberRange.between(cuts.get(column))) {
        parts.add(new Part(range.toString(), new Value.Within(range)));
      }
    } else if (texts.containsKey(column)) {
      texts.get(column).forEach(text -> parts.add(new Part(text, new Value.Known(text))));
      parts.add(new Part("(another)", new Value.Another(texts.get(column))));
    } else {
      parts.add(new Part(PlacedCount.PRESENT, SOME));
    }
    return parts;
  }

  /** Where constants cut a source column. */
  SortedSet<Cut> cuts(String column) {
    return cuts.getOrDefault(column, new TreeSet<>());
  }

  private static Object ofLevel(String level) {
    try {
      return Double.valueOf(level);
    } catch (NumberFormatException e) {
      return switch (level) {
        case "TRUE" -> true;
        case "FALSE" -> false;
        default -> level;
      };
    }
  }

  // ---- combinations ----------------------------------------------------------------------------

  /**
   * All combinations of parts of a derived column's sources; nothing if they are too many.
   *
   * @param parts of each source
   * @param own levels of the derived column that counts name
   */
  Optional<List<Combination>> combinations(
      String column, Map<String, List<Part>> parts, List<String> own) {
    List<String> sources = List.copyOf(sources(column));
    int count = 1;
    for (String source : sources) {
      count = Math.min(MAX_COMBINATIONS + 1, count * parts.get(source).size());
    }
    if (count > MAX_COMBINATIONS) {
      return Optional.empty();
    }
    List<Combination> combinations = new ArrayList<>();
    for (int combination = 0; combination < count; combination++) {
      Map<String, Value> row = new TreeMap<>();
      Map<String, String> states = new TreeMap<>();
      int rest = combination;
      for (String source : sources) {
        List<Part> of = parts.get(source);
        Part part = of.get(rest % of.size());
        rest /= of.size();
        row.put(source, part.value());
        states.put(source, part.state());
      }
      combinations.add(new Combination(states, states(values(derived.get(column), row), own)));
    }
    return Optional.of(combinations);
  }

  private static Set<String> states(Set<Value> values, List<String> own) {
    Set<String> states = new TreeSet<>();
    for (Value value : values) {
      if (value.equals(NOTHING)) {
        states.add(PlacedCount.MISSING);
      } else if (own.isEmpty()) {
        states.add(PlacedCount.PRESENT);
      } else {
        List<String> equal =
            own.stream()
                .filter(
                    level ->
                        value instanceof Value.Known known && known.value().equals(ofLevel(level)))
                .toList();
        states.addAll(equal.isEmpty() ? own : equal);
      }
    }
    return states;
  }

  // ---- values ----------------------------------------------------------------------------------

  private static final Set<Value> ANYTHING = Set.of(NOTHING, SOME);

  /** Of a comparison of two values of which too little is known. */
  private static final Set<Value> EITHER = Set.of(truth(true), truth(false));

  /** What an expression may be on a row. */
  private Set<Value> values(Expression e, Map<String, Value> row) {
    Optional<Object> constant = constant(e);
    if (constant.isPresent()) {
      return Set.of(new Value.Known(constant.get()));
    }
    if (e instanceof Expression.Flag flag) {
      return Set.of(new Value.Known(flag.value()));
    }
    if (e instanceof Expression.Missing) {
      return Set.of(NOTHING);
    }
    if (e instanceof Expression.ColumnName name) {
      return isDerived(name.name())
          ? values(derived.get(name.name()), row)
          : Set.of(row.get(name.name()));
    }
    if (e instanceof Expression.IsMissing missing) {
      Set<Value> truths = new HashSet<>();
      values(missing.operand(), row).forEach(v -> truths.add(truth(v.equals(NOTHING))));
      return truths;
    }
    if (e instanceof Expression.Not not) {
      Set<Value> truths = new HashSet<>();
      values(not.operand(), row)
          .forEach(v -> truths.add(v instanceof Value.Known ? truth(!isTrue(v)) : v));
      return truths;
    }
    if (e instanceof Expression.Binary binary) {
      return binary(binary, row);
    }
    if (e instanceof Expression.In in) {
      Set<Value> truths = Set.of(truth(false));
      for (Expression choice : in.choices()) {
        truths =
            both(
                truths,
                compared(values(in.operand(), row), Operator.EQUAL, values(choice, row)),
                false);
      }
      return truths;
    }
    if (e instanceof Expression.Between between) {
      return both(
          compared(values(between.operand(), row), Operator.AT_LEAST, values(between.low(), row)),
          compared(values(between.operand(), row), Operator.AT_MOST, values(between.high(), row)),
          true);
    }
    if (e instanceof Expression.Case choice) {
      return choice(choice, row);
    }
    if (e instanceof Expression.Call call) {
      return call(call, row);
    }
    return strict(children(e), row);
  }

  private static Value truth(boolean value) {
    return new Value.Known(value);
  }

  private static boolean isTrue(Value value) {
    return value.equals(truth(true));
  }

  /** Some value where all arguments have one; what it is is not worked out. */
  private Set<Value> strict(List<Expression> arguments, Map<String, Value> row) {
    Set<Value> results = new HashSet<>(Set.of(SOME));
    for (Expression argument : arguments) {
      Set<Value> values = values(argument, row);
      if (values.equals(Set.of(NOTHING))) {
        return values;
      }
      if (values.contains(NOTHING)) {
        results.add(NOTHING);
      }
    }
    return results;
  }

  private Set<Value> binary(Expression.Binary binary, Map<String, Value> row) {
    return switch (binary.operator()) {
      case PLUS, MINUS, TIMES, DIVIDED_BY, MODULO ->
          strict(List.of(binary.left(), binary.right()), row);
      case AND -> both(values(binary.left(), row), values(binary.right(), row), true);
      case OR -> both(values(binary.left(), row), values(binary.right(), row), false);
      default ->
          compared(values(binary.left(), row), binary.operator(), values(binary.right(), row));
    };
  }

  /** {@code and}, or {@code or}, whose roles of true and false are changed; three-valued. */
  private static Set<Value> both(Set<Value> left, Set<Value> right, boolean and) {
    Set<Value> results = new HashSet<>();
    for (Value l : left) {
      for (Value r : right) {
        if (l.equals(truth(!and)) || r.equals(truth(!and))) {
          results.add(truth(!and));
        } else if (isOpen(l) || isOpen(r)) {
          // A value that is not known may decide, or leave it to the other one.
          results.add(truth(!and));
          results.add(l.equals(NOTHING) || r.equals(NOTHING) ? NOTHING : truth(and));
        } else if (l.equals(NOTHING) || r.equals(NOTHING)) {
          results.add(NOTHING);
        } else {
          results.add(truth(and));
        }
      }
    }
    return results;
  }

  private static boolean isOpen(Value value) {
    return !value.equals(NOTHING) && !(value instanceof Value.Known);
  }

  private static Set<Value> compared(Set<Value> left, Operator operator, Set<Value> right) {
    Set<Value> results = new HashSet<>();
    for (Value l : left) {
      for (Value r : right) {
        if (l.equals(NOTHING) || r.equals(NOTHING)) {
          results.add(NOTHING);
        } else if (l instanceof Value.Known a && r instanceof Value.Known b) {
          results.addAll(compared(a.value(), operator, b.value()));
        } else if (r instanceof Value.Known b) {
          results.addAll(inPart(l, operator, b.value()));
        } else if (l instanceof Value.Known a) {
          results.addAll(inPart(r, mirrored(operator), a.value()));
        } else {
          results.addAll(EITHER);
        }
      }
    }
    return results;
  }

  /** A part of a column against a constant: it lies on one side of it, or on both. */
  private static Set<Value> inPart(Value part, Operator operator, Object constant) {
    if (part instanceof Value.Within within && constant instanceof Double at) {
      boolean below = within.range().isBelow(at);
      boolean atMost = within.range().isAtMost(at);
      boolean above = within.range().isAbove(at);
      boolean atLeast = within.range().isAtLeast(at);
      return switch (operator) {
        case LESS -> certain(below, atLeast);
        case AT_MOST -> certain(atMost, above);
        case GREATER -> certain(above, atMost);
        case AT_LEAST -> certain(atLeast, below);
        case EQUAL -> certain(atMost && atLeast, below || above);
        default -> certain(below || above, atMost && atLeast);
      };
    }
    if (part instanceof Value.Another other && other.than().contains(constant)) {
      if (operator == Operator.EQUAL || operator == Operator.NOT_EQUAL) {
        return Set.of(truth(operator == Operator.NOT_EQUAL));
      }
    }
    return EITHER;
  }

  private static Set<Value> certain(boolean yes, boolean no) {
    return yes ? Set.of(truth(true)) : no ? Set.of(truth(false)) : EITHER;
  }

  private static Set<Value> compared(Object a, Operator operator, Object b) {
    if (a instanceof Double x && b instanceof Double y) {
      return Set.of(
          truth(
              switch (operator) {
                case EQUAL -> x.doubleValue() == y.doubleValue();
                case NOT_EQUAL -> x.doubleValue() != y.doubleValue();
                case LESS -> x < y;
                case AT_MOST -> x <= y;
                case GREATER -> x > y;
                default -> x >= y;
              }));
    }
    if (a.getClass().equals(b.getClass()) && operator == Operator.EQUAL) {
      return Set.of(truth(a.equals(b)));
    }
    if (a.getClass().equals(b.getClass()) && operator == Operator.NOT_EQUAL) {
      return Set.of(truth(!a.equals(b)));
    }
    return EITHER;
  }

  private Set<Value> choice(Expression.Case choice, Map<String, Value> row) {
    Set<Value> results = new HashSet<>();
    for (Expression.Branch branch : choice.branches()) {
      Set<Value> condition = values(branch.condition(), row);
      if (condition.stream().anyMatch(value -> isTrue(value) || isOpen(value))) {
        results.addAll(values(branch.result(), row));
      }
      if (condition.equals(Set.of(truth(true)))) {
        return results;
      }
    }
    results.addAll(choice.otherwise().map(other -> values(other, row)).orElse(Set.of(NOTHING)));
    return results;
  }

  private Set<Value> call(Expression.Call call, Map<String, Value> row) {
    List<Expression> arguments = call.arguments();
    return switch (call.function()) {
      case IF ->
          choice(
              new Expression.Case(
                  List.of(new Expression.Branch(arguments.get(0), arguments.get(1))),
                  Optional.of(arguments.get(2)),
                  call.position()),
              row);
      case COALESCE -> {
        Set<Value> results = new HashSet<>();
        boolean open = true;
        for (Expression argument : arguments) {
          Set<Value> values = open ? values(argument, row) : Set.of();
          values.stream().filter(v -> !v.equals(NOTHING)).forEach(results::add);
          open &= values.contains(NOTHING);
        }
        if (open) {
          results.add(NOTHING);
        }
        yield results;
      }
      case LEAST, GREATEST -> {
        boolean some = false;
        boolean none = true;
        for (Expression argument : arguments) {
          Set<Value> values = values(argument, row);
          some |= !values.contains(NOTHING);
          none &= values.equals(Set.of(NOTHING));
        }
        yield none ? Set.of(NOTHING) : some ? Set.of(SOME) : ANYTHING;
      }
      default -> strict(arguments, row);
    };
  }
}
