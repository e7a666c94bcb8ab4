package io.tributary.codec;

import io.tributary.cohort.Domain;
import io.tributary.study.ColumnRole;
import io.tributary.study.Study;
import io.tributary.study.Study.AnalysisSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The columns a study touches. Two places hold on to one list: a site's policy is asked about each
 * of them before a row is read, and the table reader serves no other; so an analysis option whose
 * columns are overlooked here fails, and never slips past the policy.
 */
public final class StudyColumns {
  /** Options of analyses whose texts are names of columns. */
  private static final Set<String> NAMES =
      Set.of(
          "column",
          "columns",
          "join",
          "paired",
          "by",
          "row",
          "rows",
          "strata",
          "cluster",
          "fold",
          "group",
          "weights",
          "offset",
          "exposure",
          "outcome",
          "covariates",
          "entry",
          "time",
          "status",
          "event",
          "prior",
          "standardise",
          "index",
          "cohorts",
          "treatments");

  /** Options among {@link #NAMES} whose columns make groups or cells. */
  private static final Set<String> GROUPS =
      Set.of("by", "row", "rows", "strata", "group", "standardise", "cohorts", "treatments");

  /** Types whose {@code columns} make cells. */
  private static final Set<String> CELLS = Set.of("crosstab", "contingency-test");

  /** The option whose mappings hold values of a formula's columns; it names no others. */
  private static final String NEW_DATA = "newData";

  /** Options whose texts are model formulas. */
  private static final Set<String> FORMULAS = Set.of("formula", "null");

  /** A quoted level, a backquoted name, a plain name, a number. */
  private static final Pattern TOKEN =
      Pattern.compile(
          "\"[^\"]*\"|'[^']*'|`([^`]*)`|([\\p{L}_.][\\p{L}\\p{N}_.]*)"
              + "|[0-9.]+([eE][-+]?[0-9]+)?");

  private StudyColumns() {}

  /** Columns that analyses use, in order of appearance; derived ones among them. */
  public static Set<String> analysed(Study study) {
    Set<String> known = new LinkedHashSet<>(study.columns().keySet());
    known.addAll(study.cohort().derive().keySet());
    Set<String> used = new LinkedHashSet<>();
    for (AnalysisSpec analysis : study.analyses()) {
      analysis.options().forEach((key, value) -> collect(key, value, known, used));
    }
    return Collections.unmodifiableSet(used);
  }

  /** Every column of the source that the study reads, in any way: what a policy is asked about. */
  public static Set<String> touched(Study study) {
    return uses(study).keySet();
  }

  /**
   * The roles of every column of the source that the study reads; a derived column hands its roles
   * on to what it is made from, a covariate to the table of its events. A column that only an
   * unused derivation reads has none.
   */
  public static Map<String, Set<ColumnRole>> uses(Study study) {
    Set<String> known = new LinkedHashSet<>(study.columns().keySet());
    known.addAll(study.cohort().derive().keySet());
    Map<String, Set<ColumnRole>> roles = new LinkedHashMap<>();
    for (AnalysisSpec analysis : study.analyses()) {
      analysis
          .options()
          .forEach(
              (key, value) -> {
                Set<String> used = new LinkedHashSet<>();
                collect(key, value, known, used);
                used.forEach(column -> note(roles, column, roles(analysis.type(), key)));
              });
    }
    CohortExpressions expressions = CohortExpressions.of(study.cohort(), study.columns());
    expressions
        .where()
        .ifPresent(
            where ->
                where.columns().forEach(name -> note(roles, name, EnumSet.of(ColumnRole.FILTER))));
    study.cohort().person().ifPresent(name -> note(roles, name, EnumSet.of(ColumnRole.PERSON)));
    for (Study.Join join : study.cohort().joins()) {
      join.on()
          .forEach(
              (name, other) -> {
                note(roles, name, EnumSet.of(ColumnRole.PERSON));
                note(roles, join.prefix() + other, EnumSet.of(ColumnRole.PERSON));
              });
    }
    study
        .genotypes()
        .flatMap(Study.Genotypes::family)
        .ifPresent(name -> note(roles, name, EnumSet.of(ColumnRole.PERSON)));
    List<String> derived = new ArrayList<>(expressions.derive().keySet());
    Collections.reverse(derived);
    for (String name : derived) {
      Set<ColumnRole> handedOn = roles.getOrDefault(name, Set.of());
      expressions.derive().get(name).columns().forEach(from -> note(roles, from, handedOn));
    }
    derived.forEach(roles::remove);
    study.cohort().covariates().forEach((name, events) -> handOn(roles, name, events));
    return Collections.unmodifiableMap(roles);
  }

  /** A site admits the table that a covariate is made from: its name is the analyst's. */
  private static void handOn(Map<String, Set<ColumnRole>> roles, String name, Object events) {
    Set<ColumnRole> handedOn = roles.remove(name);
    if (handedOn != null && events instanceof Map<?, ?> keys) {
      List<String> words = keys.keySet().stream().map(String::valueOf).toList();
      Domain.among(words).ifPresent(domain -> note(roles, domain.table(), handedOn));
    }
  }

  private static void note(
      Map<String, Set<ColumnRole>> roles, String column, Set<ColumnRole> further) {
    roles.computeIfAbsent(column, name -> EnumSet.noneOf(ColumnRole.class)).addAll(further);
  }

  /** What an option of an analysis makes of the columns it names. */
  private static Set<ColumnRole> roles(String type, String option) {
    if (GROUPS.contains(option) || (CELLS.contains(type) && option.equals("columns"))) {
      return EnumSet.of(ColumnRole.GROUP);
    }
    if (List.of("column", "columns", "join", "paired").contains(option)) {
      return EnumSet.of(ColumnRole.DESCRIBE);
    }
    if (FORMULAS.contains(option) || NAMES.contains(option)) {
      return EnumSet.of(ColumnRole.MODEL);
    }
    // Nobody has said what this option does with a column: the policy must allow all of it.
    return EnumSet.of(ColumnRole.GROUP, ColumnRole.DESCRIBE, ColumnRole.MODEL);
  }

  private static void collect(String key, Object value, Set<String> known, Set<String> used) {
    if (key.equals(NEW_DATA)) {
      return;
    }
    if (value instanceof String text) {
      if (FORMULAS.contains(key)) {
        used.addAll(inFormula(text));
      } else if (NAMES.contains(key) || known.contains(text)) {
        used.add(text);
      }
    } else if (value instanceof List<?> list) {
      list.forEach(item -> collect(key, item, known, used));
    } else if (value instanceof Map<?, ?> map) {
      map.forEach((inner, item) -> collect(String.valueOf(inner), item, known, used));
    }
  }

  /** Names in a model formula, functions and their argument names left out. */
  public static Set<String> inFormula(String formula) {
    Set<String> names = new LinkedHashSet<>();
    Matcher token = TOKEN.matcher(formula);
    while (token.find()) {
      if (token.group(1) != null) {
        names.add(token.group(1));
      } else if (token.group(2) != null && isColumn(formula, token)) {
        names.add(token.group(2));
      }
    }
    return names;
  }

  private static boolean isColumn(String formula, Matcher token) {
    if (token.group(2).equals(".")) {
      return false;
    }
    int next = token.end();
    while (next < formula.length() && Character.isWhitespace(formula.charAt(next))) {
      next++;
    }
    return next == formula.length() || (formula.charAt(next) != '(' && formula.charAt(next) != '=');
  }
}
