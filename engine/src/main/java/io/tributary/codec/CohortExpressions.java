package io.tributary.codec;

import io.tributary.codec.ExpressionTypes.Checked;
import io.tributary.codec.ExpressionTypes.Facts;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.Expression.ColumnName;
import io.tributary.study.Study.Cohort;
import io.tributary.study.Study.ColumnSpec;
import io.tributary.study.Study.ColumnType;
import io.tributary.study.TributaryException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The expressions of a cohort, checked against the study's columns. A derived column may use source
 * columns and the derived ones before it, and may not have the name of a column that it reads.
 *
 * @param derive in order
 * @param where true for the rows of the cohort; a row for which it is missing is left out
 */
public record CohortExpressions(Map<String, Checked> derive, Optional<Checked> where) {
  public CohortExpressions {
    derive = Collections.unmodifiableMap(new LinkedHashMap<>(derive));
  }

  /** Throws EXPRESSION_INVALID that names the place in the study. */
  public static CohortExpressions of(Cohort cohort, Map<String, ColumnSpec> columns) {
    Map<String, Checked> derived = new LinkedHashMap<>();
    cohort
        .derive()
        .forEach(
            (name, text) ->
                derived.put(name, check("cohort.derive." + name, text, cohort, columns, derived)));
    Optional<Checked> where =
        cohort.where().map(text -> check("cohort.where", text, cohort, columns, derived));
    if (where.isPresent() && where.get().type() != ColumnType.BOOLEAN) {
      throw Errors.invalid(
          ErrorCode.EXPRESSION_INVALID,
          "cohort.where",
          "expected true or false, found " + ExpressionTypes.words(where.get().type()) + ".",
          "Compare it with something, such as age >= 40.");
    }
    return new CohortExpressions(derived, where);
  }

  private static Checked check(
      String place,
      String text,
      Cohort cohort,
      Map<String, ColumnSpec> columns,
      Map<String, Checked> derived) {
    try {
      return ExpressionTypes.check(
          ExpressionParser.parse(text), column -> facts(column, cohort, columns, derived));
    } catch (TributaryException inside) {
      throw Errors.invalid(inside.code(), place, inside.problem(), inside.remedy());
    }
  }

  private static Facts facts(
      ColumnName column,
      Cohort cohort,
      Map<String, ColumnSpec> columns,
      Map<String, Checked> derived) {
    String name = column.name();
    if (cohort.derive().containsKey(name) && !derived.containsKey(name)) {
      throw Errors.expressionInvalid(
          column.position(),
          "the derived column '" + name + "' is not known yet here.",
          "Put it further up; a derived column cannot replace a column it reads.");
    }
    ColumnSpec spec = columns.get(name);
    if (spec != null && !spec.levels().isEmpty()) {
      return new Facts(ColumnType.TEXT, spec.levels());
    }
    if (spec != null && spec.type().isPresent()) {
      return new Facts(spec.type().get(), List.of());
    }
    return new Facts(
        derived.containsKey(name) ? derived.get(name).type() : ColumnType.NUMBER, List.of());
  }
}
