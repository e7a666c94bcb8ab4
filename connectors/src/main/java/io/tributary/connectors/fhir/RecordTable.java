package io.tributary.connectors.fhir;

import static io.tributary.connectors.fhir.ResourceType.CONDITION;
import static io.tributary.connectors.fhir.ResourceType.ENCOUNTER;
import static io.tributary.connectors.fhir.ResourceType.IMMUNIZATION;
import static io.tributary.connectors.fhir.ResourceType.MEDICATION_ADMINISTRATION;
import static io.tributary.connectors.fhir.ResourceType.MEDICATION_REQUEST;
import static io.tributary.connectors.fhir.ResourceType.PATIENT;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.types.StructType;

/** Tables that an export fills, with the columns that FHIR has something for. */
@SuppressWarnings("ImmutableEnumChecker") // its lists and schemas are never written
enum RecordTable {
  PERSON(
      "person_id bigint, gender_concept_id bigint, year_of_birth int, month_of_birth int,"
          + " day_of_birth int, race_concept_id bigint, ethnicity_concept_id bigint",
      "",
      "",
      PATIENT),
  DEATH(
      "person_id bigint, death_date date, death_type_concept_id bigint, cause_concept_id bigint",
      "death_date",
      "death_date",
      PATIENT),
  VISIT_OCCURRENCE(
      "visit_occurrence_id bigint, person_id bigint, visit_concept_id bigint, visit_start_date date,"
          + " visit_end_date date, visit_type_concept_id bigint",
      "visit_start_date",
      "visit_end_date",
      ENCOUNTER),
  CONDITION_OCCURRENCE(
      "condition_occurrence_id bigint, person_id bigint, condition_concept_id bigint,"
          + " condition_source_concept_id bigint, condition_start_date date, condition_end_date date,"
          + " condition_type_concept_id bigint, visit_occurrence_id bigint",
      "condition_start_date",
      "condition_end_date",
      CONDITION),
  DRUG_EXPOSURE(
      "drug_exposure_id bigint, person_id bigint, drug_concept_id bigint,"
          + " drug_source_concept_id bigint, drug_exposure_start_date date,"
          + " drug_exposure_end_date date, drug_type_concept_id bigint, visit_occurrence_id bigint,"
          + " refills int, quantity double, days_supply int, route_concept_id bigint,"
          + " lot_number string",
      "drug_exposure_start_date",
      "drug_exposure_end_date",
      MEDICATION_REQUEST,
      MEDICATION_ADMINISTRATION,
      IMMUNIZATION),
  PROCEDURE_OCCURRENCE(
      "procedure_occurrence_id bigint, person_id bigint, procedure_concept_id bigint,"
          + " procedure_source_concept_id bigint, procedure_date date,"
          + " procedure_type_concept_id bigint, visit_occurrence_id bigint",
      "procedure_date",
      "procedure_date",
      ResourceType.PROCEDURE),
  MEASUREMENT(
      "measurement_id bigint, person_id bigint, measurement_concept_id bigint,"
          + " measurement_source_concept_id bigint, measurement_date date,"
          + " measurement_type_concept_id bigint, visit_occurrence_id bigint, value_as_number double,"
          + " value_as_concept_id bigint, unit_concept_id bigint, range_low double, range_high double",
      "measurement_date",
      "measurement_date",
      ResourceType.OBSERVATION),
  OBSERVATION(
      "observation_id bigint, person_id bigint, observation_concept_id bigint,"
          + " observation_source_concept_id bigint, observation_date date,"
          + " observation_type_concept_id bigint, visit_occurrence_id bigint, value_as_number double,"
          + " value_as_string string, value_as_concept_id bigint, unit_concept_id bigint",
      "observation_date",
      "observation_date",
      ResourceType.OBSERVATION);

  private final StructType schema;
  private final String start;
  private final String end;
  private final List<ResourceType> types;

  RecordTable(String schema, String start, String end, ResourceType... types) {
    this.schema = StructType.fromDDL(schema);
    this.start = start;
    this.end = end;
    this.types = List.of(types);
  }

  /** As OMOP calls it, in lower case. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  StructType schema() {
    return schema;
  }

  /** Columns of first and last day; empty for persons. */
  String start() {
    return start;
  }

  String end() {
    return end;
  }

  /** Resources that it is made from. */
  List<ResourceType> types() {
    return types;
  }

  /** Tables that a resource goes into. */
  static List<RecordTable> of(ResourceType type) {
    return Arrays.stream(values()).filter(table -> table.types.contains(type)).toList();
  }
}
