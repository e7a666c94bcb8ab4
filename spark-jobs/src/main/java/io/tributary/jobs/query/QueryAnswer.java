package io.tributary.jobs.query;

import io.tributary.jobs.query.SelectQuery.Aggregate;
import io.tributary.jobs.query.SelectQuery.GroupKey;
import io.tributary.jobs.query.SelectQuery.Kind;
import io.tributary.jobs.query.SelectQuery.Order;
import io.tributary.jobs.query.SelectQuery.Output;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.Column;
import io.tributary.report.Plot;
import io.tributary.report.ResultTable;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The rows of a query's answer, from what its study released. */
public final class QueryAnswer {
  private final QueryStudy study;
  private final SelectQuery query;
  private final List<AnalysisReport> reports;

  private QueryAnswer(QueryStudy study, List<AnalysisReport> reports) {
    this.study = study;
    this.query = study.query();
    this.reports = List.copyOf(reports);
  }

  /** One released group: its keys, and its aggregates in the order of the query. */
  private record Group(List<Cell> keys, List<Cell> aggregates) {}

  /**
   * The answer as a table.
   *
   * @param reports of the query's study, after the study's gate
   */
  public static ResultTable of(QueryStudy study, List<AnalysisReport> reports) {
    return new QueryAnswer(study, reports).table();
  }

  private ResultTable table() {
    List<Group> groups = new ArrayList<>(groups());
    query.having().ifPresent(condition -> groups.removeIf(group -> !holds(group, condition)));
    Comparator<Group> comparator = null;
    for (Order order : query.order()) {
      Comparator<Group> next = comparator(order);
      comparator = comparator == null ? next : comparator.thenComparing(next);
    }
    if (comparator != null) {
      groups.sort(comparator);
    }
    List<List<Cell>> rows = new ArrayList<>();
    for (Group group : groups) {
      if (query.limit().isEmpty() || rows.size() < query.limit().getAsInt()) {
        rows.add(query.outputs().stream().map(output -> cell(group, output)).toList());
      }
    }
    return new ResultTable("answer", "Answer", columns(), rows);
  }

  private List<Column> columns() {
    List<Column> columns = new ArrayList<>();
    for (Output output : query.outputs()) {
      columns.add(
          output.key()
              ? Column.text(output.name())
              : query.aggregates().get(output.index()).kind().isCount()
                  ? Column.whole(output.name())
                  : Column.real(output.name()));
    }
    return columns;
  }

  private static Cell cell(Group group, Output output) {
    return output.key() ? group.keys().get(output.index()) : group.aggregates().get(output.index());
  }

  // ---- groups ----------------------------------------------------------------------------------

  private List<Group> groups() {
    ResultTable rows = table(QueryStudy.ROWS, "counts");
    List<String> keys =
        query.keys().isEmpty()
            ? List.of(QueryStudy.EVERYBODY)
            : query.keys().stream().map(GroupKey::column).toList();
    List<Group> groups = new ArrayList<>();
    for (List<Cell> row : rows.rows()) {
      List<Cell> levels = keys.stream().map(key -> row.get(rows.column(key))).toList();
      if (!levels.contains(Cell.of(Plot.ALL))) {
        List<Cell> aggregates = new ArrayList<>();
        for (Aggregate aggregate : query.aggregates()) {
          aggregates.add(
              study.countsPersons(aggregate)
                  ? persons(levels)
                  : aggregate.kind().isRows()
                      ? row.get(rows.column(Kind.ROWS.column()))
                      : aggregate.kind().isPair()
                          ? ofPair(aggregate, levels)
                          : value(aggregate, levels));
        }
        groups.add(new Group(levels, aggregates));
      }
    }
    return groups;
  }

  private Cell persons(List<Cell> levels) {
    ResultTable persons = group(table(QueryStudy.PERSONS, "persons"), levels);
    return persons.rows().get(0).get(persons.column("number_subjects"));
  }

  /** The rows of one group. */
  private ResultTable group(ResultTable of, List<Cell> levels) {
    List<List<Cell>> rows = new ArrayList<>();
    for (List<Cell> row : of.rows()) {
      boolean same = true;
      for (int key = 0; key < query.keys().size(); key++) {
        same &= row.get(of.column(query.keys().get(key).column())).equals(levels.get(key));
      }
      if (same) {
        rows.add(row);
      }
    }
    if (rows.isEmpty()) {
      throw Errors.internal("Table " + of.name() + " lacks a group of the crosstab.", null);
    }
    return new ResultTable(of.name(), of.title(), of.columns(), rows);
  }

  private Cell value(Aggregate aggregate, List<Cell> levels) {
    boolean quantile = aggregate.kind() == Kind.QUANTILE;
    ResultTable values =
        quantile ? table(QueryStudy.QUANTILES, "quantiles") : table(QueryStudy.VALUES, "summary");
    Cell column = Cell.of(study.columnsOf(aggregate).get(0));
    for (List<Cell> row : group(values, levels).rows()) {
      boolean same = row.get(values.column("column")).equals(column);
      if (quantile) {
        same &= row.get(values.column("probability")).equals(Cell.of(aggregate.probability()));
      }
      if (same) {
        return row.get(values.column(aggregate.kind().column()));
      }
    }
    throw Errors.internal("A summary lacks a column of its query.", null);
  }

  /** Least squares of the first column on the second; SQL calls them y and x. */
  private Cell ofPair(Aggregate aggregate, List<Cell> levels) {
    String pair = study.pairOf(aggregate);
    ResultTable both = group(table(pair, "correlations"), levels);
    ResultTable each = group(table(pair, "moments"), levels);
    Cell correlation = both.rows().get(0).get(both.column("correlation"));
    Cell covariance = both.rows().get(0).get(both.column("covariance"));
    Cell meanOfY = each.rows().get(0).get(each.column("mean"));
    Cell meanOfX = each.rows().get(1).get(each.column("mean"));
    Cell spreadOfY = each.rows().get(0).get(each.column("sd"));
    Cell spreadOfX = each.rows().get(1).get(each.column("sd"));
    return switch (aggregate.kind()) {
      case CORRELATION -> correlation;
      case COVARIANCE -> covariance;
      case MEAN_OF_Y -> meanOfY;
      case MEAN_OF_X -> meanOfX;
      default -> {
        // A y that does not vary has a line, and no correlation; an x that does not has neither.
        if (!(covariance instanceof Cell.Real together)
            || !(spreadOfX instanceof Cell.Real spread)
            || !(spreadOfY instanceof Cell.Real ofY)
            || !(meanOfY instanceof Cell.Real y)
            || !(meanOfX instanceof Cell.Real x)
            || !(spread.value() > 0)) {
          yield correlation;
        }
        if (aggregate.kind() == Kind.R_SQUARED) {
          yield correlation instanceof Cell.Real r
              ? Cell.of(r.value() * r.value())
              : ofY.value() == 0 ? Cell.of(1.0) : correlation;
        }
        double slope = together.value() / (spread.value() * spread.value());
        yield Cell.of(aggregate.kind() == Kind.SLOPE ? slope : y.value() - slope * x.value());
      }
    };
  }

  private ResultTable table(String analysis, String name) {
    for (AnalysisReport each : reports) {
      if (each.name().equals(analysis)) {
        return each.tables().stream()
            .filter(table -> table.name().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    Errors.invalid(
                        ErrorCode.USAGE,
                        "query",
                        "the keys' levels cannot be told (" + each.outcome() + ").",
                        "Declare the levels of the keys under columns in the study."));
      }
    }
    throw Errors.internal("A query's study lacks an analysis.", null);
  }

  // ---- rows ------------------------------------------------------------------------------------

  private boolean holds(Group group, io.tributary.study.Expression condition) {
    return new ReleasedCondition(name -> number(named(group, name))).holds(condition);
  }

  private Cell named(Group group, String name) {
    for (int i = 0; i < query.aggregates().size(); i++) {
      if (SelectQuery.aggregateName(i).equals(name)) {
        return group.aggregates().get(i);
      }
    }
    for (Output output : query.outputs()) {
      if (output.name().equals(name)) {
        return cell(group, output);
      }
    }
    for (int key = 0; key < query.keys().size(); key++) {
      if (query.keys().get(key).column().equals(name)) {
        return group.keys().get(key);
      }
    }
    throw Errors.invalid(
        ErrorCode.USAGE,
        "query",
        "HAVING names '" + name + "', which is no column of the answer.",
        "Conditions on rows stand in WHERE.");
  }

  /** Double, String, or null for what is not shown. */
  private static Object number(Cell cell) {
    if (cell instanceof Cell.Whole whole) {
      return (double) whole.value();
    }
    if (cell instanceof Cell.Real real) {
      return real.value();
    }
    return cell instanceof Cell.Text text ? text.value() : null;
  }

  private Comparator<Group> comparator(Order order) {
    return (a, b) -> {
      Object left = number(cell(a, new Output("", order.key(), order.index())));
      Object right = number(cell(b, new Output("", order.key(), order.index())));
      if (left == null || right == null) {
        return Boolean.compare(left == null, right == null);
      }
      int compared =
          left instanceof Double x && right instanceof Double y
              ? Double.compare(x, y)
              : left.toString().compareTo(right.toString());
      return order.descending() ? -compared : compared;
    };
  }
}
