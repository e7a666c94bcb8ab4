package io.tributary.cohort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.tributary.study.ErrorCode;
import io.tributary.study.TributaryException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a covariate may ask, and what is said about one that may not. */
class CovariateReaderTest {
  private static final String SHORT =
      "concepts: {bleed: {ids: [192671], descendants: false}}\nentry: {condition: bleed}";

  /** Two sets have one name, as ATLAS allows, and numbers have gaps. */
  private static final String ATLAS =
      """
      {"ConceptSets": [
        {"id": 4, "name": "bleed", "expression": {"items": [{"concept": {"CONCEPT_ID": 192671}}]}},
        {"id": 9, "name": "twice", "expression": {"items": [{"concept": {"CONCEPT_ID": 1}}]}},
        {"id": 10, "name": "twice", "expression": {"items": [{"concept": {"CONCEPT_ID": 2}}]}}],
       "PrimaryCriteria": {"CriteriaList": [{"ConditionOccurrence": {"CodesetId": 4}}],
         "ObservationWindow": {"PriorDays": 0, "PostDays": 0},
         "PrimaryCriteriaLimit": {"Type": "First"}},
       "QualifiedLimit": {"Type": "First"}, "ExpressionLimit": {"Type": "First"},
       "InclusionRules": [], "CensoringCriteria": [],
       "CollapseSettings": {"CollapseType": "ERA", "EraPad": 0}, "CensorWindow": {}}
      """;

  @SuppressWarnings("unchecked")
  private static CohortDefinition read(String definition, String covariates) {
    try {
      Map<String, Object> parsed = new YAMLMapper().readValue(covariates, Map.class);
      return DefinitionReader.read(definition.getBytes(StandardCharsets.UTF_8), parsed, "file");
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void wordsSayWhatIsTaken() {
    CohortDefinition definition =
        read(
            SHORT,
            """
            bled: {condition: bleed, window: [-365d, -1d], outside observation: true}
            a1c: {measurement: 3004410, window: [all, 0d], take: last, unit: [8554, 9000]}
            seen: {visit: any, window: [0d, all], take: dates, age: [18, all]}
            """);
    assertThat(DefinitionWords.of(definition))
        .contains(
            "Covariate bled: any condition of 'bleed', starting -365 days to -1 days from the index"
                + " date, also outside the observation period",
            "Covariate a1c: last value: measurement of '3004410', starting any time before to 0 days"
                + " from the index date, in units 8554, 9000, others are errors",
            "Covariate seen: number of different days: visit of any concept, age at start >= 18,"
                + " starting 0 days to any time after from the index date");
    assertThat(definition.covariates())
        .extracting(Covariate::name)
        .containsExactly("bled", "a1c", "seen");
  }

  /** A set that is named on the way takes no number that ATLAS gave. */
  @Test
  void conceptSetsOfAtlasAreNamed() {
    CohortDefinition definition =
        read(
            ATLAS,
            "a: {condition: bleed, window: [all, 0d]}\nb: {drug: [5, 6], window: [all, 0d]}");
    assertThat(definition.conceptSets())
        .extracting(CohortDefinition.ConceptSet::number)
        .containsExactly(4, 9, 10, 11);
    assertThat(definition.usedSets()).containsExactlyInAnyOrder(4, 11);
    assertThat(definition.stored().keySet()).contains(Domain.CONDITION, Domain.DRUG);
    assertThatThrownBy(() -> read(ATLAS, "a: {condition: twice, window: [all, 0d]}"))
        .hasMessageContaining("two concept sets have this name");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "c: {condition: bleed} | cohort.covariates.c: 'window' is missing",
        "c: {condition: nowhere, window: [0d, 0d]} | c.condition: there is no such name",
        "c: {condition: null, window: [0d, 0d]} | names no kind of event",
        "c: 5 | expected an event such as",
        "c: {condition: bleed, window: [0d, 0d], take: median} | expected one of presence, events",
        "c: {condition: bleed, window: [0d, 0d], take: last, unit: any} | only measurements and",
        "c: {measurement: 1, window: [0d, 0d], take: last} | name the unit's concept",
        "c: {measurement: 1, window: [0d, 0d], take: last, unit: mmol} | expected a whole number",
        "c: {measurement: 1, window: [0d, 0d], take: last, unit: 1, other units: convert} | expected",
        "c: {condition: bleed, window: [0d, 0d], at least: 2} | counts are asked for by 'take'",
        "c: {condition: bleed, window: [0d, 0d], same visit: true} | a spell has no visit",
        "c: {condition: bleed, window: [0d, 0d], unit: 1} | 'unit' is not supported",
        "c: {condition: \"x'; drop table person; --\", window: [0d, 0d]} | there is no such name",
      })
  void whatCannotBeMeantIsRefused(String covariates, String problem) {
    assertThatThrownBy(() -> read(SHORT, covariates))
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.STUDY_INVALID);
              assertThat(e.problem()).contains(problem);
            });
  }

  @Test
  void valuesAreGatheredByDateAndUnit() {
    CohortDefinition definition =
        read(
            "entry: {condition: 1}",
            """
            last: {measurement: 7, window: [-10d, 0d], take: last, unit: 1, other units: leave out}
            strict: {measurement: 7, window: [-10d, 0d], take: mean, unit: 1}
            day: {measurement: 7, window: [all, all], take: days}
            """);
    History history = new History(new History.Person(1, 1950, 8507, 0, 0));
    history.add(new History.Period(0, 1000));
    history.add(Domain.CONDITION, event(1, 100, 1));
    history.add(Domain.MEASUREMENT, measured(2, 95, 4, 1));
    history.add(Domain.MEASUREMENT, measured(3, 95, 6, 1));
    history.add(Domain.MEASUREMENT, measured(4, 99, 100, 2));
    history.add(Domain.MEASUREMENT, measured(5, 98, Double.NaN, 2));
    history.add(Domain.MEASUREMENT, measured(6, 89, 50, 1));
    history.add(Domain.MEASUREMENT, measured(7, 1001, 50, 1));
    Map<Integer, long[]> sets = new java.util.TreeMap<>();
    definition
        .conceptSets()
        .forEach(set -> sets.put(set.number(), new long[] {set.items().get(0).concept()}));
    CohortEvaluation evaluation = new CohortEvaluation(definition, new ConceptIds(sets));
    List<CohortEvaluation.Spell> spells = evaluation.of(history).spells();
    assertThat(spells).containsExactly(new CohortEvaluation.Spell(100, 1000));
    CohortEvaluation.Surroundings around = evaluation.around(history, spells.get(0));
    assertThat(around.covariates()).containsExactly(6, 5, -11);
    assertThat(around.wrongUnits()).containsExactly(0, 1, 0);
    assertThat(around.observed()).isEqualTo(new History.Period(0, 1000));
  }

  private static History.Event event(long id, int day, long concept) {
    return new History.Event(
        id,
        day,
        day,
        concept,
        History.MISSING,
        History.MISSING,
        new double[0],
        new long[0],
        new String[0]);
  }

  /** Stored attributes are unit and value, in this order. */
  private static History.Event measured(long id, int day, double value, long unit) {
    return new History.Event(
        id,
        day,
        day,
        7,
        History.MISSING,
        History.MISSING,
        new double[] {Double.NaN, value},
        new long[] {unit, History.MISSING},
        new String[0]);
  }
}
