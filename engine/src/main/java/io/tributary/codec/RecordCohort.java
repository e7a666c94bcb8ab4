package io.tributary.codec;

import io.tributary.cohort.CohortDefinition;
import io.tributary.cohort.Covariate;
import io.tributary.cohort.DefinitionReader;
import io.tributary.cohort.Domain;
import io.tributary.study.Study.ColumnSpec;
import io.tributary.study.Study.ColumnType;
import io.tributary.study.Study.Range;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a study's cohort says about health records: who is in it, and what is known of them.
 *
 * @param text the definition; empty if the cohort is a table
 * @param definition read, with the covariates
 * @param covariates as parsed YAML
 */
record RecordCohort(
    Optional<String> text, Optional<CohortDefinition> definition, Map<String, Object> covariates) {

  /** Columns of every cohort of health records. */
  static final List<String> COLUMNS =
      List.of(
          "person_id",
          "sex",
          "gender_concept_id",
          "race",
          "race_concept_id",
          "ethnicity",
          "ethnicity_concept_id",
          "year_of_birth",
          "age",
          "age_group",
          "age_days",
          "index_date",
          "index_year",
          "end_date",
          "days_in_cohort",
          "days_observed_before",
          "days_observed_after");

  /** Ten years each, as {@code age_group} has them; the last one is open. */
  static final List<String> AGE_GROUPS =
      Stream.concat(
              Stream.iterate(0, low -> low < 100, low -> low + 10)
                  .map(low -> low + " - " + (low + 9)),
              Stream.of("100 -"))
          .toList();

  /** Takes {@code definition} and {@code covariates}. */
  static RecordCohort read(YamlSection section) {
    Optional<String> text = section.optionalText("definition");
    Map<String, Object> covariates =
        each(
            section, section.optionalSection("covariates").map(YamlSection::rest).orElse(Map.of()));
    if (text.isEmpty()) {
      if (!covariates.isEmpty()) {
        throw section.invalid(
            "covariates",
            "the cohort has no definition, so there are no events to look at.",
            "Name columns of the table in analyses, or derive them.");
      }
      return new RecordCohort(text, Optional.empty(), covariates);
    }
    String where = section.fileAndLine("definition") + ": cohort.definition";
    CohortDefinition definition =
        DefinitionReader.read(text.get().getBytes(StandardCharsets.UTF_8), covariates, where);
    return new RecordCohort(text, Optional.of(definition), covariates);
  }

  /**
   * The covariates, with a column {@code NAME_KEY} for every concept that one of them names by key
   * in place of a concept: {@code had: {condition: {cough: 254761, fever: 437663}, window: ...}}.
   */
  private static Map<String, Object> each(YamlSection section, Map<String, Object> covariates) {
    Map<String, Object> columns = new LinkedHashMap<>();
    covariates.forEach(
        (name, events) -> {
          for (Map.Entry<String, Object> column : named(name, events).entrySet()) {
            if (columns.put(column.getKey(), column.getValue()) != null) {
              throw section.invalid(
                  "covariates",
                  "two covariates make a column '" + column.getKey() + "'.",
                  "Give one of them another name.");
            }
          }
        });
    return columns;
  }

  private static Map<String, Object> named(String name, Object events) {
    Map<String, Object> columns = new LinkedHashMap<>();
    if (events instanceof Map<?, ?> keys) {
      List<String> words = keys.keySet().stream().map(String::valueOf).toList();
      Optional<String> domain = Domain.among(words).map(Domain::words);
      if (domain.isPresent() && keys.get(domain.get()) instanceof Map<?, ?> concepts) {
        concepts.forEach(
            (key, concept) -> {
              Map<Object, Object> one = new LinkedHashMap<>(keys);
              one.put(domain.get(), concept);
              columns.put(name + "_" + key, one);
            });
      }
    }
    return columns.isEmpty() ? Collections.singletonMap(name, events) : columns;
  }

  /** A covariate is a column of its own. */
  void requireOthers(YamlSection section, Collection<String> derived) {
    for (String name : covariates.keySet()) {
      if (COLUMNS.contains(name) || derived.contains(name)) {
        throw section.invalid(
            "covariates",
            "'" + name + "' is a column already.",
            "Give the covariate another name.");
      }
    }
  }

  /**
   * The study's columns, with what is known of the cohort's own: presence is 0 or 1, counts and
   * days are whole, and age groups have ten years. What the study declares itself stands.
   */
  Map<String, ColumnSpec> declared(Map<String, ColumnSpec> columns) {
    if (definition.isEmpty()) {
      return columns;
    }
    Map<String, ColumnSpec> all = new LinkedHashMap<>(columns);
    for (Covariate covariate : definition.get().covariates()) {
      all.putIfAbsent(covariate.name(), spec(covariate));
    }
    all.putIfAbsent(
        "age_group", new ColumnSpec(Optional.empty(), "year", Optional.empty(), AGE_GROUPS));
    return all;
  }

  private static ColumnSpec spec(Covariate covariate) {
    ColumnType type = covariate.take().isValue() ? ColumnType.NUMBER : ColumnType.INTEGER;
    Optional<Range> range =
        covariate.take() == Covariate.Take.PRESENCE
            ? Optional.of(new Range(0, 1))
            : Optional.empty();
    String unit = covariate.take() == Covariate.Take.DAYS ? "day" : "";
    return new ColumnSpec(Optional.of(type), unit, range, List.of());
  }
}
