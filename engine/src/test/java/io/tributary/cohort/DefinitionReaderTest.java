package io.tributary.cohort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.cohort.DefinitionReader.Reading;
import io.tributary.study.TributaryException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything in a definition is either meant or refused by its path. */
class DefinitionReaderTest {
  private static final String ATLAS =
      """
      {"ConceptSets": [{"id": 0, "name": "x", "expression": {"items": [
         {"concept": {"CONCEPT_ID": 201826, "CONCEPT_NAME": "T2DM", "DOMAIN_ID": "Condition"},
          "isExcluded": false, "includeDescendants": true, "includeMapped": false}]}}],
       "PrimaryCriteria": {"CriteriaList": [{"ConditionOccurrence": {"CodesetId": 0 %s}}],
         "ObservationWindow": {"PriorDays": 365, "PostDays": 0},
         "PrimaryCriteriaLimit": {"Type": "First"}},
       "QualifiedLimit": {"Type": "First"}, "ExpressionLimit": {"Type": "First"},
       "InclusionRules": [], "CensoringCriteria": [], "CensorWindow": {},
       "CollapseSettings": {"CollapseType": "ERA", "EraPad": 0}, "cdmVersionRange": ">=5.0.0" %s}
      """;

  private static Reading check(String text) {
    return DefinitionReader.check(text.getBytes(StandardCharsets.UTF_8), "file");
  }

  @Test
  void readsWhatAtlasExports() {
    Reading reading = check(ATLAS.formatted("", ""));
    assertThat(reading.findings()).isEmpty();
    assertThat(DefinitionWords.of(reading.definition()))
        .contains(
            "Entry: the first of each person: condition of 'x'; observed 365 days before and 0 days"
                + " after",
            "Concepts 'x': 201826 with descendants");
    // With its envelope, as the web interface's own export has it.
    assertThat(
            check("{\"id\": 7, \"name\": \"n\", \"expression\": " + ATLAS.formatted("", "") + "}"))
        .satisfies(wrapped -> assertThat(wrapped.findings()).isEmpty())
        .satisfies(wrapped -> assertThat(wrapped.definition().name()).isEqualTo("n"));
  }

  @Test
  void whatIsNotSupportedIsNamedByPath() {
    assertThat(
            check(ATLAS.formatted(", \"ProviderSpecialty\": [{\"CONCEPT_ID\": 1}]", "")).findings())
        .containsExactly(
            "$.PrimaryCriteria.CriteriaList[0].ConditionOccurrence: 'ProviderSpecialty' is not"
                + " supported.");
    assertThat(
            check(
                    ATLAS.formatted(
                        ", \"Age\": {\"Op\": \"near\", \"Value\": 4}, \"CodesetI\": 3",
                        ", \"AdditionalCriteria\": {\"Type\": \"ALL\", \"CriteriaList\": ["
                            + "{\"Criteria\": {\"PayerPlanPeriod\": {}},"
                            + " \"Occurrence\": {\"Type\": 2, \"Count\": 1}}]}"))
                .findings())
        .containsExactlyInAnyOrder(
            "$.PrimaryCriteria.CriteriaList[0].ConditionOccurrence.Age: the operator is not one of"
                + " lt, lte, eq, !eq, gte, gt, bt, !bt.",
            "$.PrimaryCriteria.CriteriaList[0].ConditionOccurrence: 'CodesetI' is not supported.",
            "$.AdditionalCriteria.CriteriaList[0].Criteria: the domain 'PayerPlanPeriod' is not"
                + " supported.");
  }

  @Test
  void aSetThatIsNotThereIsRefused() {
    String text = ATLAS.formatted("", "").replace("\"CodesetId\": 0", "\"CodesetId\": 9");
    assertThatThrownBy(() -> DefinitionReader.read(text.getBytes(StandardCharsets.UTF_8), "file"))
        .isInstanceOf(TributaryException.class)
        .hasMessageContaining("there is no concept set 9");
  }

  @Test
  void shortFormInWords() {
    Reading reading =
        check(
            """
            cohort: new users
            concepts: {metformin: [1503297], bleed: {ids: [192671], descendants: false}}
            entry: {drug: metformin, first: true, observed: [-365d, 0d]}
            require:
              - {name: adults, age: [18, 120]}
              - {condition: 201826, window: [all, 0d], at least: 2, distinct: dates}
            exclude:
              - {condition: bleed, window: [-30d, -1d]}
            keep: first
            exit: {drug: metformin, gap: 30d}
            """);
    assertThat(reading.findings()).isEmpty();
    assertThat(DefinitionWords.of(reading.definition()))
        .containsExactly(
            "Cohort: new users",
            "Entry: the first drug of 'metformin'; observed 365 days before and 0 days after",
            "Rule 1 (adults): age at start between 18 and 120",
            "Rule 2 (at least 2 different start dates of condition of '201826', starting any time"
                + " before to 0 days from the index date): at least 2 different start dates of"
                + " condition of '201826', starting any time before to 0 days from the index date",
            "Rule 3 (not: at least 1 x condition of 'bleed', starting -30 days to -1 days from the"
                + " index date): none of: at least 1 x condition of 'bleed', starting -30 days to"
                + " -1 days from the index date",
            "Kept: the first such event of each person",
            "Exit: with the run of exposures, gaps up to 30 days, plus 0 days",
            "Concepts 'metformin': 1503297 with descendants",
            "Concepts 'bleed': 192671",
            "Concepts '201826': 201826 with descendants");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "entry: {condition: nowhere}",
        "entry: {condition: any, oge: [1, 2]}",
        "entry: {condition: any}\nrequire: [{condition: any, window: [5, x]}]",
        "entry: {condition: any}\nrequire: [{nothing: 1}]",
        "entry: {condition: any}\nexit: {after: -5d}",
        "entry: {condition: any}\nkeep: \"first'; drop table person; --\"",
        "entry: {condition: any, observed: [3d, 0d]}",
        "entry: {condition: any}\nmisspelt: true",
        "entry: [1, 2]",
        "42",
        "",
        "{}"
      })
  void whatCannotBeMeantIsFound(String text) {
    assertThat(check(text).findings()).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"PrimaryCriteria\": ",
        "{\"a\": 1, \"a\": 2}",
        "entry: &x {condition: any}\nrequire: [*x, *x]\nentry: 1",
        "entry: {condition: any} }"
      })
  void brokenTextsAreRefused(String text) {
    assertThatThrownBy(() -> check(text)).isInstanceOf(TributaryException.class);
  }

  private static final String SQL =
      """
      WITH metformin AS (
        SELECT descendant_concept_id FROM concept_ancestor WHERE ancestor_concept_id IN (1503297))
      SELECT d.person_id, d.drug_exposure_start_date, o.observation_period_end_date AS last_day
      FROM drug_exposure d
      JOIN person p ON p.person_id = d.person_id
      JOIN observation_period o ON o.person_id = d.person_id
        AND d.drug_exposure_start_date >= o.observation_period_start_date + 365
        AND d.drug_exposure_start_date <= o.observation_period_end_date
      WHERE d.drug_concept_id IN (SELECT descendant_concept_id FROM metformin)
      """;

  @Test
  void theSqlFormMeansWhatTheShortFormMeans() {
    Reading sql =
        check(
            "-- SELECTed\n"
                + SQL
                + """
                  AND d.days_supply > 7
                  AND year(d.drug_exposure_start_date) - p.year_of_birth >= 18
                  AND (SELECT count(DISTINCT c.condition_start_date) FROM condition_occurrence c
                       WHERE d.person_id = c.person_id AND c.condition_concept_id = 201826
                         AND c.condition_start_date <= d.drug_exposure_start_date
                         AND c.condition_start_date BETWEEN o.observation_period_start_date
                                                       AND o.observation_period_end_date) > 1
                  AND NOT (EXISTS (SELECT 1 FROM death x WHERE x.person_id = d.person_id)
                           OR p.gender_concept_id IN (8507))
                """);
    Reading form =
        check(
            """
            concepts: {metformin: [1503297], '201826': {ids: [201826], descendants: false}}
            entry: {drug: metformin, observed: [-365d, 0d], days of supply: [8, all]}
            require:
              - {age: [18, all]}
              - {condition: '201826', window: [all, 0d], at least: 2, distinct: dates}
              - {death: any, exactly: 0, outside observation: true}
            """);
    assertThat(sql.findings()).isEmpty();
    assertThat(form.findings()).isEmpty();
    List<String> words = DefinitionWords.of(sql.definition());
    assertThat(words)
        .contains("Rule 4 (sex not among 8507): sex not among 8507")
        .filteredOn(line -> !line.startsWith("Rule 4") && !line.startsWith("Entry"))
        .containsExactlyElementsOf(
            DefinitionWords.of(form.definition()).stream()
                .filter(line -> !line.startsWith("Entry"))
                .toList());
    assertThat(words)
        .contains(
            "Entry: drug of 'metformin', days of supply > 7; observed 365 days before and 0 days after");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "AND d.quantity > 3 OR p.gender_concept_id = 8507 | under OR stand",
        "AND d.drug_concept_id <> 5 AND d.nothing = 1 | no column 'd.nothing'",
        "AND d.drug_concept_id IN (5) | a concept is = or IN some, once",
        "AND EXISTS (SELECT 1 FROM death x) | events of whom?",
        "AND EXISTS (SELECT 1 FROM note n WHERE n.person_id = d.person_id) | 'note' is no table",
        "AND EXISTS (SELECT 1 FROM death d WHERE d.person_id = 1) | two tables are 'd'",
        "AND d.stop_reason LIKE 'a_b' | percent sign at its ends only",
        "AND d.stop_reason = 'x'; DROP TABLE person | 'drop' is not understood",
        "GROUP BY d.person_id | 'group' is not understood",
        "AND p.gender_concept_id > 8507 | =, <> or IN",
        "AND d.drug_exposure_start_date > '1.2.2020' | expected a date",
        "AND (SELECT max(x.death_date) FROM death x) > 1 | a query in the place of a value counts",
        "AND d.quantity = 'unfinished | a quote does not end",
        "AND length(d.lot_number) = 2 | '(' is not understood"
      },
      quoteCharacter = '~')
  void whatSqlSaysThatNoCohortMeansIsNamedByLine(String condition, String what) {
    assertThat(check(SQL + condition).findings())
        .isNotEmpty()
        .anyMatch(line -> line.contains(what));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM person",
        "SELECT person_id, death_date, death_date FROM death",
        "select",
        "WITH",
        "SELECT a.b FROM (SELECT",
        "SELECT e.person_id, e.death_date, e.death_date FROM death e JOIN observation_period o ON 1 = 1",
        "SELECT person_id, s, e FROM (SELECT person_id, observation_period_start_date s,"
            + " observation_period_end_date e FROM observation_period) x WHERE n = 1"
      })
  void sqlThatIsNoCohortIsFound(String text) {
    assertThat(check(text).findings()).isNotEmpty().allMatch(line -> line.startsWith("line 1: "));
  }

  @Test
  void sqlIsBoundedToo() {
    assertThat(check(SQL + "AND " + "NOT (".repeat(5000)).findings())
        .containsExactly("line 10: nested too deeply.");
  }

  @Test
  void depthAndSizeAreBounded() {
    String deep = "{\"AdditionalCriteria\": " + "{\"Groups\": [".repeat(5000);
    assertThatThrownBy(() -> check(deep)).hasMessageContaining("nested too deeply");
    assertThatThrownBy(() -> check(" ".repeat(DefinitionReader.MAX_BYTES + 1)))
        .hasMessageContaining("bytes");
    assertThatThrownBy(() -> DefinitionReader.check(new byte[] {'{', (byte) 0xff, '}'}, "file"))
        .hasMessageContaining("not UTF-8");
  }

  @Test
  void tenThousandConceptsAreRead() {
    StringBuilder text = new StringBuilder("concepts: {x: [");
    for (int i = 0; i < 10_000; i++) {
      text.append(i == 0 ? "" : ", ").append(2_000_000_000L + i);
    }
    Reading reading = check(text + "]}\nentry: {condition: x}");
    assertThat(reading.findings()).isEqualTo(List.of());
    assertThat(reading.definition().conceptSets().get(0).items()).hasSize(10_000);
  }
}
