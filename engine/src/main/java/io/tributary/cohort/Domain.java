package io.tributary.cohort;

import static io.tributary.cohort.Attribute.*;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A kind of event: its table in the OMOP common data model (5.3 and 5.4), and what ATLAS calls its
 * attributes. An event without an end date ends as Circe 1.x says: the day after its start, or
 * after the days of supply.
 */
@SuppressWarnings("ImmutableEnumChecker") // its maps are unmodifiable
public enum Domain {
  CONDITION(
      "ConditionOccurrence",
      "condition",
      "condition_occurrence",
      "condition_occurrence_id",
      "condition_concept_id",
      "condition_source_concept_id",
      "condition_start_date",
      "condition_end_date",
      "Condition",
      Map.of(
          TYPE, "condition_type_concept_id",
          STATUS, "condition_status_concept_id",
          STOP_REASON, "stop_reason")),
  CONDITION_ERA(
      "ConditionEra",
      "condition era",
      "condition_era",
      "condition_era_id",
      "condition_concept_id",
      "",
      "condition_era_start_date",
      "condition_era_end_date",
      "",
      Map.of(OCCURRENCES, "condition_occurrence_count")),
  DRUG(
      "DrugExposure",
      "drug",
      "drug_exposure",
      "drug_exposure_id",
      "drug_concept_id",
      "drug_source_concept_id",
      "drug_exposure_start_date",
      "drug_exposure_end_date",
      "Drug",
      Map.of(
          TYPE, "drug_type_concept_id",
          STOP_REASON, "stop_reason",
          REFILLS, "refills",
          QUANTITY, "quantity",
          DAYS_SUPPLY, "days_supply",
          ROUTE, "route_concept_id",
          LOT, "lot_number")),
  DRUG_ERA(
      "DrugEra",
      "drug era",
      "drug_era",
      "drug_era_id",
      "drug_concept_id",
      "",
      "drug_era_start_date",
      "drug_era_end_date",
      "",
      Map.of(OCCURRENCES, "drug_exposure_count", GAP, "gap_days")),
  DOSE_ERA(
      "DoseEra",
      "dose era",
      "dose_era",
      "dose_era_id",
      "drug_concept_id",
      "",
      "dose_era_start_date",
      "dose_era_end_date",
      "",
      Map.of(UNIT, "unit_concept_id", DOSE, "dose_value")),
  PROCEDURE(
      "ProcedureOccurrence",
      "procedure",
      "procedure_occurrence",
      "procedure_occurrence_id",
      "procedure_concept_id",
      "procedure_source_concept_id",
      "procedure_date",
      "",
      "Procedure",
      Map.of(
          TYPE, "procedure_type_concept_id",
          MODIFIER, "modifier_concept_id",
          QUANTITY, "quantity")),
  MEASUREMENT(
      "Measurement",
      "measurement",
      "measurement",
      "measurement_id",
      "measurement_concept_id",
      "measurement_source_concept_id",
      "measurement_date",
      "",
      "Measurement",
      Map.of(
          TYPE, "measurement_type_concept_id",
          OPERATOR, "operator_concept_id",
          VALUE, "value_as_number",
          VALUE_CONCEPT, "value_as_concept_id",
          UNIT, "unit_concept_id",
          RANGE_LOW, "range_low",
          RANGE_HIGH, "range_high")),
  OBSERVATION(
      "Observation",
      "observation",
      "observation",
      "observation_id",
      "observation_concept_id",
      "observation_source_concept_id",
      "observation_date",
      "",
      "Observation",
      Map.of(
          TYPE, "observation_type_concept_id",
          VALUE, "value_as_number",
          VALUE_TEXT, "value_as_string",
          VALUE_CONCEPT, "value_as_concept_id",
          QUALIFIER, "qualifier_concept_id",
          UNIT, "unit_concept_id")),
  DEVICE(
      "DeviceExposure",
      "device",
      "device_exposure",
      "device_exposure_id",
      "device_concept_id",
      "device_source_concept_id",
      "device_exposure_start_date",
      "device_exposure_end_date",
      "Device",
      Map.of(
          TYPE, "device_type_concept_id",
          DEVICE_ID, "unique_device_id",
          QUANTITY, "quantity")),
  SPECIMEN(
      "Specimen",
      "specimen",
      "specimen",
      "specimen_id",
      "specimen_concept_id",
      "",
      "specimen_date",
      "",
      "Specimen",
      Map.of(
          TYPE, "specimen_type_concept_id",
          QUANTITY, "quantity",
          UNIT, "unit_concept_id",
          ANATOMIC_SITE, "anatomic_site_concept_id",
          DISEASE_STATUS, "disease_status_concept_id",
          SOURCE_ID, "specimen_source_id")),
  VISIT_OCCURRENCE(
      "VisitOccurrence",
      "visit",
      "visit_occurrence",
      "visit_occurrence_id",
      "visit_concept_id",
      "visit_source_concept_id",
      "visit_start_date",
      "visit_end_date",
      "Visit",
      Map.of(TYPE, "visit_type_concept_id")),
  DEATH(
      "Death",
      "death",
      "death",
      "",
      "cause_concept_id",
      "cause_source_concept_id",
      "death_date",
      "",
      "Death",
      Map.of(TYPE, "death_type_concept_id")),
  PERIOD(
      "ObservationPeriod",
      "observation period",
      "observation_period",
      "observation_period_id",
      "period_type_concept_id",
      "",
      "observation_period_start_date",
      "observation_period_end_date",
      "",
      Map.of(TYPE, "period_type_concept_id"));

  private static final List<Domain> ALL = List.of(values());

  private final String atlasName;
  private final String words;
  private final String table;
  private final String id;
  private final String concept;
  private final String sourceConcept;
  private final String start;
  private final String end;
  private final Map<Attribute, String> columns;
  private final Map<String, Attribute> atlasAttributes;
  private final String atlasSource;

  Domain(
      String atlasName,
      String words,
      String table,
      String id,
      String concept,
      String sourceConcept,
      String start,
      String end,
      String prefix,
      Map<Attribute, String> columns) {
    this.atlasName = atlasName;
    this.words = words;
    this.table = table;
    this.id = id;
    this.concept = concept;
    this.sourceConcept = sourceConcept;
    this.start = start;
    this.end = end;
    this.columns = columns;
    this.atlasSource = sourceConcept.isEmpty() ? "" : prefix + "SourceConcept";
    this.atlasAttributes = atlas(prefix);
  }

  private Map<String, Attribute> atlas(String prefix) {
    Map<String, Attribute> names = new LinkedHashMap<>();
    boolean period = atlasName.equals("ObservationPeriod");
    boolean era = table.endsWith("_era");
    String date = era ? "Era" : period ? "Period" : "Occurrence";
    names.put(date + "StartDate", START);
    names.put(date + "EndDate", END);
    names.put("Gender", GENDER);
    if (era || period) {
      names.put("AgeAtStart", AGE_AT_START);
      names.put("AgeAtEnd", AGE_AT_END);
      names.put(era ? "EraLength" : "PeriodLength", LENGTH);
    } else {
      names.put("Age", AGE_AT_START);
    }
    if (period) {
      names.put("PeriodType", TYPE);
    }
    if (!prefix.isEmpty()) {
      names.put(prefix + "Type", TYPE);
    }
    if (table.equals("visit_occurrence")) {
      names.put("VisitLength", LENGTH);
    } else if (!prefix.isEmpty() && !table.equals("death") && !table.equals("specimen")) {
      names.put("VisitType", VISIT);
    }
    Map<Attribute, String> further =
        Map.ofEntries(
            Map.entry(STATUS, "ConditionStatus"),
            Map.entry(STOP_REASON, "StopReason"),
            Map.entry(OCCURRENCES, "OccurrenceCount"),
            Map.entry(GAP, "GapDays"),
            Map.entry(REFILLS, "Refills"),
            Map.entry(QUANTITY, "Quantity"),
            Map.entry(DAYS_SUPPLY, "DaysSupply"),
            Map.entry(ROUTE, "RouteConcept"),
            Map.entry(LOT, "LotNumber"),
            Map.entry(UNIT, "Unit"),
            Map.entry(DOSE, "DoseValue"),
            Map.entry(MODIFIER, "Modifier"),
            Map.entry(OPERATOR, "Operator"),
            Map.entry(VALUE, "ValueAsNumber"),
            Map.entry(VALUE_CONCEPT, "ValueAsConcept"),
            Map.entry(VALUE_TEXT, "ValueAsString"),
            Map.entry(RANGE_LOW, "RangeLow"),
            Map.entry(RANGE_HIGH, "RangeHigh"),
            Map.entry(QUALIFIER, "Qualifier"),
            Map.entry(DEVICE_ID, "UniqueDeviceId"),
            Map.entry(ANATOMIC_SITE, "AnatomicSite"),
            Map.entry(DISEASE_STATUS, "DiseaseStatus"),
            Map.entry(SOURCE_ID, "SourceId"));
    columns
        .keySet()
        .forEach(
            attribute -> {
              if (further.containsKey(attribute)) {
                names.put(further.get(attribute), attribute);
              }
            });
    return Collections.unmodifiableMap(names);
  }

  /** A number for rows of one process; it may change with versions. */
  public int number() {
    return ALL.indexOf(this);
  }

  /** The domain of a {@link #number}. */
  public static Domain of(int number) {
    return ALL.get(number);
  }

  /** The first of which the name in the short form is among some keys. */
  public static Optional<Domain> among(Collection<String> keys) {
    return ALL.stream().filter(domain -> keys.contains(domain.words)).findFirst();
  }

  /** Tables of events, by the model's names. */
  public static Set<String> tables() {
    return ALL.stream().map(Domain::table).collect(Collectors.toUnmodifiableSet());
  }

  /** Its key in a Circe expression. */
  public String atlasName() {
    return atlasName;
  }

  /** Its name in the short form and in explanations. */
  public String words() {
    return words;
  }

  public String table() {
    return table;
  }

  /** Column of the row's number; a death has none and takes the person's. */
  public String id() {
    return id.isEmpty() ? "person_id" : id;
  }

  public String concept() {
    return concept;
  }

  /** Empty if rows of this table have no source concept. */
  public Optional<String> sourceConcept() {
    return Optional.of(sourceConcept).filter(name -> !name.isEmpty());
  }

  public String start() {
    return start;
  }

  /** Empty if the model gives these events one date. */
  public Optional<String> end() {
    return Optional.of(end).filter(name -> !name.isEmpty());
  }

  /** Whether rows name the visit they belong to. */
  public boolean namesVisit() {
    return !table.endsWith("_era")
        && !List.of("death", "observation_period", "specimen").contains(table);
  }

  /** Column of a stored attribute, empty if this domain has none. */
  public Optional<String> column(Attribute attribute) {
    return Optional.ofNullable(columns.get(attribute));
  }

  /** Whether a definition can ask for the attribute here. */
  boolean has(Attribute attribute) {
    return switch (attribute) {
      case START, END, LENGTH, AGE_AT_START, AGE_AT_END, GENDER, RACE, ETHNICITY -> true;
      case VISIT -> namesVisit();
      default -> columns.containsKey(attribute);
    };
  }

  /** By the names of a Circe expression. */
  Map<String, Attribute> atlasAttributes() {
    return atlasAttributes;
  }

  /** Key of the source concept's set in a Circe expression; empty if there is none. */
  String atlasSource() {
    return atlasSource;
  }
}
