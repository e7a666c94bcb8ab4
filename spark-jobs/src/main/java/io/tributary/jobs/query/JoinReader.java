package io.tributary.jobs.query;

import static io.tributary.jobs.query.SelectExpressions.list;
import static io.tributary.jobs.query.SelectExpressions.refused;

import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.Study;
import io.tributary.study.TributaryException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.analysis.UnresolvedRelation;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.EqualTo;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.Inner$;
import org.apache.spark.sql.catalyst.plans.JoinType;
import org.apache.spark.sql.catalyst.plans.LeftOuter$;
import org.apache.spark.sql.catalyst.plans.UsingJoin;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.SubqueryAlias;

/**
 * Takes FROM apart: one table, and others joined to it by equal columns. A column of a joined table
 * is known in the study by the table's name and its own.
 */
final class JoinReader {
  private final Map<String, String> prefixes = new LinkedHashMap<>();
  private final List<Study.Join> joins = new ArrayList<>();
  private final List<Expression> conditions = new ArrayList<>();
  private String from = "";

  private JoinReader() {}

  /** What a FROM says, or USAGE that says what of it cannot be done at a site. */
  static JoinReader read(LogicalPlan tables) {
    JoinReader reader = new JoinReader();
    reader.take(tables);
    return reader;
  }

  /** Its first table. */
  String from() {
    return from;
  }

  List<Study.Join> joins() {
    return List.copyOf(joins);
  }

  /** What columns' names in the study begin with, by how the query qualifies them. */
  Map<String, String> prefixes() {
    return Map.copyOf(prefixes);
  }

  /** What ON asks for beside equal columns; it holds for rows of inner joins as in WHERE. */
  List<Expression> conditions() {
    return List.copyOf(conditions);
  }

  private void take(LogicalPlan plan) {
    if (!(plan instanceof Join join)) {
      from = table(plan, true);
      return;
    }
    take(join.left());
    String table = table(join.right(), false);
    Map<String, String> on = new LinkedHashMap<>();
    JoinType type = join.joinType();
    if (type instanceof UsingJoin using) {
      type = using.tpe();
      list(using.usingColumns()).forEach(column -> on.put(column, column));
    }
    if (!(type instanceof Inner$) && !(type instanceof LeftOuter$)) {
      throw invalid(
          "a table is joined by " + type.sql() + ".",
          "Write JOIN or LEFT JOIN, with the cohort first: the answer is about its rows.");
    }
    boolean keeps = type instanceof LeftOuter$;
    if (join.condition().isDefined()) {
      equalities(join.condition().get(), table + ".", keeps, on);
    }
    if (on.isEmpty()) {
      throw invalid(
          "nothing says which rows of '" + table + "' belong to which.",
          "Write JOIN " + table + " ON cohort.person_id = " + table + ".person_id.");
    }
    joins.add(new Study.Join(table, false, on, keeps));
  }

  private String table(LogicalPlan plan, boolean first) {
    boolean named =
        plan instanceof SubqueryAlias alias && alias.child() instanceof UnresolvedRelation;
    LogicalPlan relation = named ? ((SubqueryAlias) plan).child() : plan;
    if (!(relation instanceof UnresolvedRelation known)) {
      throw SelectReader.unknown(relation);
    }
    String table = String.join(".", list(known.multipartIdentifier()));
    String qualifier = named ? ((SubqueryAlias) plan).alias() : table;
    boolean twice =
        joins.stream().anyMatch(join -> join.table().equals(table)) || table.equals(from);
    if (twice || prefixes.putIfAbsent(qualifier, first ? "" : table + ".") != null) {
      throw invalid(
          "'" + table + "' stands there twice.",
          "Join each table once; several of its rows are what WHERE, FILTER and GROUP BY take apart.");
    }
    return table;
  }

  private void equalities(
      Expression condition, String prefix, boolean keeps, Map<String, String> on) {
    if (condition instanceof And and) {
      equalities(and.left(), prefix, keeps, on);
      equalities(and.right(), prefix, keeps, on);
      return;
    }
    if (condition instanceof EqualTo equal
        && equal.left() instanceof UnresolvedAttribute left
        && equal.right() instanceof UnresolvedAttribute right) {
      SelectExpressions columns = new SelectExpressions(prefixes, function -> Optional.empty());
      String one = columns.column(left);
      String two = columns.column(right);
      if (one.startsWith(prefix) != two.startsWith(prefix)) {
        String other = one.startsWith(prefix) ? one : two;
        String mine = one.startsWith(prefix) ? two : one;
        if (on.putIfAbsent(mine, other.substring(prefix.length())) != null) {
          throw refused(
              condition, "one column has to equal two of a table.", "Put the second into WHERE.");
        }
        return;
      }
    }
    if (keeps) {
      throw refused(
          condition,
          "a LEFT JOIN matches by equal columns only.",
          "Put conditions on the other table's rows into a CASE or a FILTER.");
    }
    conditions.add(condition);
  }

  private static TributaryException invalid(String problem, String remedy) {
    return Errors.invalid(ErrorCode.USAGE, "query", problem, remedy);
  }
}
