package io.tributary.jobs.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.tributary.jobs.query.SelectQuery.Aggregate;
import io.tributary.jobs.query.SelectQuery.GroupKey;
import io.tributary.jobs.query.SelectQuery.Kind;
import io.tributary.jobs.study.StudyFile;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.Study;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The study that answers a query: the persons and columns of another study, the query's condition
 * and expressions in its {@code where} and {@code derive}, a crosstab of the keys, and a summary of
 * what is added up.
 */
public final class QueryStudy {
  static final String ROWS = "rows";
  static final String VALUES = "values";
  static final String QUANTILES = "quantiles";
  static final String PERSONS = "persons";

  /** What counts where there is no key. */
  static final String EVERYBODY = "everybody";

  private final SelectQuery query;
  private final List<String> arguments = new ArrayList<>();
  private final StudyFile file;
  private final boolean severalRows;

  private QueryStudy(SelectQuery query, StudyFile of, Map<String, Object> changes, Instant now) {
    this.query = query;
    Study base = of.study();
    require(base);
    this.severalRows = base.cohort().rowsPerPerson() > 1;
    Map<String, Object> top = tree(of);
    top.putAll(changes);
    Map<String, Object> derive = section(section(top, "cohort"), "derive");
    Map<String, Object> columns = section(top, "columns");
    for (GroupKey key : query.keys()) {
      key.derivation().ifPresent(text -> put(derive, base, key.column(), text));
    }
    if (query.keys().isEmpty()) {
      put(derive, base, EVERYBODY, "'all'");
      columns.put(EVERYBODY, Map.of("levels", List.of("all")));
    }
    for (Aggregate aggregate : query.aggregates()) {
      if (!aggregate.kind().isRows()) {
        aggregate.arguments().forEach(argument -> addArgument(argument, base, derive));
      }
    }
    Map<String, Object> joins = section(section(top, "cohort"), "join");
    for (Study.Join join : query.joins()) {
      Map<String, Object> table = new LinkedHashMap<>(Map.of("on", join.on()));
      if (join.keepsUnmatched()) {
        table.put("unmatched", "keep");
      }
      if (joins.putIfAbsent(join.table(), table) != null) {
        throw refused(
            "the study joins '" + join.table() + "' already.",
            "Leave the JOIN out; its columns are " + join.prefix() + "x.");
      }
    }
    query.where().ifPresent(where -> section(top, "cohort").put("where", both(base, where)));
    top.put("study", name(base));
    top.put("analyses", analyses());
    top.values().removeIf(value -> value instanceof Map<?, ?> map && map.isEmpty());
    section(top, "cohort").values().removeIf(value -> value instanceof Map<?, ?> m && m.isEmpty());
    // The same question tomorrow is another study.
    String text = "# Asked at " + now + "\n" + written(top);
    this.file = StudyFile.of(text.getBytes(StandardCharsets.UTF_8), "query");
  }

  /**
   * The study of a query.
   *
   * @param sql one SELECT
   * @param of the study whose cohort it is about
   * @param changes what stands instead of parts of it, such as its sites
   */
  public static QueryStudy of(String sql, StudyFile of, Map<String, Object> changes, Instant now) {
    return new QueryStudy(SelectReader.read(sql), of, changes, now);
  }

  /** To be signed and submitted. */
  public StudyFile file() {
    return file;
  }

  SelectQuery query() {
    return query;
  }

  /** Columns of the study that an aggregate is computed of. */
  List<String> columnsOf(Aggregate aggregate) {
    return aggregate.arguments().stream().map(this::column).toList();
  }

  /** The analysis that a pair of columns is in. */
  String pairOf(Aggregate aggregate) {
    return "pair-" + (1 + pairs().indexOf(columnsOf(aggregate)));
  }

  private List<List<String>> pairs() {
    return query.aggregates().stream()
        .filter(each -> each.kind().isPair())
        .map(this::columnsOf)
        .distinct()
        .toList();
  }

  private void require(Study base) {
    if (!query.from().equals("cohort") && !query.from().equals(base.cohort().from())) {
      throw refused(
          "there is no table '" + query.from() + "' in this study.",
          "Write FROM cohort, or FROM " + base.cohort().from() + ".");
    }
    if (base.privacy().isPresent()) {
      throw refused(
          "the study adds noise, and a query has exact sums.",
          "Write its analyses by hand: crosstab and summary have a form with noise.");
    }
    for (Aggregate aggregate : query.aggregates()) {
      if (aggregate.kind() == Kind.PERSONS) {
        requirePersons(aggregate, base);
      }
    }
    boolean adds =
        query.aggregates().stream()
            .anyMatch(
                each ->
                    !each.kind().isRows()
                        || (each.kind() == Kind.PERSONS && base.cohort().rowsPerPerson() > 1));
    int most = adds ? 2 : 3;
    if (query.keys().size() > most) {
      throw refused(
          "there are " + query.keys().size() + " keys.",
          "Use at most " + most + (adds ? " with aggregates of values." : "."));
    }
  }

  /** Of no other column distinct values are counted. */
  private static void requirePersons(Aggregate aggregate, Study base) {
    String person = base.cohort().person().orElse("person_id");
    if (!aggregate.argument().equals(SelectExpressions.quoted(person))) {
      throw refused(
          "count(distinct) is answered for persons, who are '" + person + "' in this study.",
          "Write count(distinct " + person + "), or GROUP BY the column and count.");
    }
  }

  /** Whether an aggregate counts persons who may have several rows. */
  boolean countsPersons(Aggregate aggregate) {
    return severalRows && aggregate.kind() == Kind.PERSONS;
  }

  private static io.tributary.study.TributaryException refused(String problem, String remedy) {
    return Errors.invalid(ErrorCode.USAGE, "query", problem, remedy);
  }

  // ---- its text --------------------------------------------------------------------------------

  @SuppressWarnings("unchecked")
  private static Map<String, Object> tree(StudyFile of) {
    try {
      return new YAMLMapper().readValue(of.raw(), LinkedHashMap.class);
    } catch (java.io.IOException read) {
      throw Errors.internal("A study that was parsed is no YAML.", read);
    }
  }

  private static String written(Map<String, Object> top) {
    try {
      return new YAMLMapper().writeValueAsString(top);
    } catch (JsonProcessingException unwritable) {
      throw Errors.internal("A study cannot be written.", unwritable);
    }
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> section(Map<String, Object> of, String key) {
    return (Map<String, Object>)
        of.compute(key, (k, now) -> now == null ? new LinkedHashMap<String, Object>() : now);
  }

  private static void put(Map<String, Object> derive, Study base, String name, String text) {
    boolean taken = derive.containsKey(name) || base.cohort().covariates().containsKey(name);
    if (taken) {
      throw refused(
          "'" + name + "' is a column of the study already.",
          "Give what is computed another name.");
    }
    derive.put(name, text);
  }

  private void addArgument(String argument, Study base, Map<String, Object> derive) {
    if (arguments.contains(argument)) {
      return;
    }
    arguments.add(argument);
    if (!isColumn(argument)) {
      put(derive, base, column(argument), argument);
    }
  }

  private static boolean isColumn(String argument) {
    return argument.matches("`[^`]*`");
  }

  private String column(String argument) {
    return isColumn(argument)
        ? argument.substring(1, argument.length() - 1)
        : "value " + (1 + arguments.indexOf(argument));
  }

  private static String both(Study base, String where) {
    return base.cohort().where().map(own -> "(" + own + ") and " + where).orElse(where);
  }

  private static String name(Study base) {
    String name = base.name();
    return (name.length() > 57 ? name.substring(0, 57) : name) + "-query";
  }

  private List<Map<String, Object>> analyses() {
    List<String> keys = query.keys().stream().map(GroupKey::column).toList();
    List<Map<String, Object>> analyses = new ArrayList<>();
    Map<String, Object> rows = new LinkedHashMap<>();
    rows.put("name", ROWS);
    rows.put("type", "crosstab");
    rows.put("columns", keys.isEmpty() ? List.of(EVERYBODY) : keys);
    analyses.add(rows);
    addSummary(
        VALUES,
        keys,
        query.aggregates().stream()
            .filter(each -> !each.kind().isRows() && !each.kind().isPair())
            .filter(each -> each.kind() != Kind.QUANTILE)
            .toList(),
        analyses);
    addSummary(
        QUANTILES,
        keys,
        query.aggregates().stream().filter(each -> each.kind() == Kind.QUANTILE).toList(),
        analyses);
    if (query.aggregates().stream().anyMatch(this::countsPersons)) {
      Map<String, Object> persons = new LinkedHashMap<>();
      persons.put("name", PERSONS);
      persons.put("type", "distinct-persons");
      if (!keys.isEmpty()) {
        persons.put("by", keys);
      }
      analyses.add(persons);
    }
    List<List<String>> pairs = pairs();
    for (int pair = 0; pair < pairs.size(); pair++) {
      Map<String, Object> correlation = new LinkedHashMap<>();
      correlation.put("name", "pair-" + (pair + 1));
      correlation.put("type", "correlation");
      correlation.put("columns", pairs.get(pair));
      if (!keys.isEmpty()) {
        correlation.put("by", keys);
      }
      analyses.add(correlation);
    }
    return analyses;
  }

  private void addSummary(
      String name, List<String> keys, List<Aggregate> of, List<Map<String, Object>> analyses) {
    if (of.isEmpty()) {
      return;
    }
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("name", name);
    values.put("type", "summary");
    values.put("columns", of.stream().map(each -> column(each.argument())).distinct().toList());
    if (!keys.isEmpty()) {
      values.put("by", keys);
    }
    values.put(
        "quantiles",
        of.stream()
            .map(Aggregate::probability)
            .filter(probability -> probability > 0)
            .distinct()
            .sorted()
            .toList());
    analyses.add(values);
  }
}
