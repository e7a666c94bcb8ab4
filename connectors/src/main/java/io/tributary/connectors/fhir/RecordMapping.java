package io.tributary.connectors.fhir;

import io.tributary.connectors.fhir.CodeConcepts.Concept;
import java.sql.Date;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * From a resource to rows of the tables. A code that maps to several standard concepts gives as
 * many rows, as OMOP says.
 */
final class RecordMapping {
  /** Types of records: EHR, EHR prescription, EHR administration record. */
  private static final long EHR = 32817;

  private static final long PRESCRIPTION = 32838;
  private static final long ADMINISTRATION = 32818;

  private static final Map<String, Long> GENDERS = Map.of("male", 8507L, "female", 8532L);

  /** By codes of the CDC's race and ethnicity. */
  private static final Map<String, Long> RACES =
      Map.of(
          "2106-3", 8527L,
          "2054-5", 8516L,
          "2028-9", 8515L,
          "2076-8", 8557L,
          "1002-5", 8657L);

  private static final Map<String, Long> ETHNICITIES =
      Map.of("2135-2", 38003563L, "2186-5", 38003564L);

  /** By codes of ActEncounterCode. */
  private static final Map<String, Long> VISITS =
      Map.of(
          "IMP", 9201L,
          "ACUTE", 9201L,
          "NONAC", 9201L,
          "AMB", 9202L,
          "EMER", 9203L,
          "HH", 581476L,
          "VR", 5083L);

  private final RecordTable table;
  private final CodeConcepts concepts;

  private RecordMapping(RecordTable table, CodeConcepts concepts) {
    this.table = table;
    this.concepts = concepts;
  }

  /** Rows of one line by table. A line that one of its tables cannot take is in none of them. */
  static Map<RecordTable, List<Row>> rows(byte[] line, ResourceType type, CodeConcepts concepts)
      throws BadLine {
    Resource resource = Resource.read(line, type);
    Map<RecordTable, List<Row>> rows = new EnumMap<>(RecordTable.class);
    for (RecordTable table : RecordTable.of(type)) {
      rows.put(table, new RecordMapping(table, concepts).rows(resource, type));
    }
    return rows;
  }

  /** None if it tells of nothing that happened, or of something that happened to no patient. */
  private List<Row> rows(Resource resource, ResourceType type) throws BadLine {
    if (!type.happened(resource) || resource.isOfOthers()) {
      return List.of();
    }
    return switch (table) {
      case PERSON -> List.of(person(resource));
      case DEATH -> death(resource);
      case VISIT_OCCURRENCE -> List.of(visit(resource));
      case CONDITION_OCCURRENCE -> condition(resource);
      case DRUG_EXPOSURE -> drug(resource, type);
      case PROCEDURE_OCCURRENCE -> procedure(resource);
      case MEASUREMENT, OBSERVATION -> observed(resource);
    };
  }

  private static Row person(Resource patient) throws BadLine {
    Integer[] birth = patient.birth();
    return RowFactory.create(
        patient.id(),
        GENDERS.getOrDefault(patient.text("gender").orElse(""), 0L),
        birth[0],
        birth[1],
        birth[2],
        RACES.getOrDefault(patient.extension("us-core-race"), 0L),
        ETHNICITIES.getOrDefault(patient.extension("us-core-ethnicity"), 0L));
  }

  private static List<Row> death(Resource patient) throws BadLine {
    Date day = patient.day("deceasedDateTime");
    return day == null ? List.of() : List.of(RowFactory.create(patient.id(), day, EHR, 0L));
  }

  private static Row visit(Resource encounter) throws BadLine {
    String kind = encounter.text("class.code").orElse("");
    return RowFactory.create(
        encounter.id(),
        encounter.person(),
        VISITS.getOrDefault(kind, 0L),
        encounter.someDay("period.start"),
        encounter.day("period.end"),
        EHR);
  }

  private List<Row> condition(Resource condition) throws BadLine {
    Date start = condition.someDay("onsetDateTime", "onsetPeriod.start", "recordedDate");
    Date end = condition.day("abatementDateTime", "abatementPeriod.end", "onsetPeriod.end");
    Long visit = condition.reference(ResourceType.ENCOUNTER, "encounter").orElse(null);
    Concept concept = concepts.of(condition.codings("code"));
    List<Row> rows = new ArrayList<>();
    for (long standard : concept.standard()) {
      rows.add(
          RowFactory.create(
              condition.id(), condition.person(), standard, concept.id(), start, end, EHR, visit));
    }
    return rows;
  }

  private List<Row> drug(Resource drug, ResourceType type) throws BadLine {
    boolean prescribed = type == ResourceType.MEDICATION_REQUEST;
    boolean vaccine = type == ResourceType.IMMUNIZATION;
    Date start =
        prescribed
            ? drug.someDay("dispenseRequest.validityPeriod.start", "authoredOn")
            : drug.someDay("occurrenceDateTime", "effectiveDateTime", "effectivePeriod.start");
    Date end =
        prescribed
            ? drug.day("dispenseRequest.validityPeriod.end")
            : vaccine ? start : drug.day("effectivePeriod.end", "effectiveDateTime");
    Concept concept =
        concepts.of(drug.codings(vaccine ? "vaccineCode" : "medicationCodeableConcept"));
    Concept route =
        concepts.of(
            drug.codings(
                vaccine ? "route" : prescribed ? "dosageInstruction.0.route" : "dosage.route"));
    List<Row> rows = new ArrayList<>();
    for (long standard : concept.standard()) {
      rows.add(
          RowFactory.create(
              drug.id(),
              drug.person(),
              standard,
              concept.id(),
              start,
              end,
              prescribed ? PRESCRIPTION : ADMINISTRATION,
              drug.reference(ResourceType.ENCOUNTER, "encounter", "context").orElse(null),
              drug.whole("dispenseRequest.numberOfRepeatsAllowed"),
              drug.number(
                  prescribed
                      ? "dispenseRequest.quantity.value"
                      : vaccine ? "doseQuantity.value" : "dosage.dose.value"),
              supply(drug),
              route.standard().get(0),
              drug.text("lotNumber").orElse(null)));
    }
    return rows;
  }

  /** Days of a supply that is told in days. */
  private static Integer supply(Resource drug) throws BadLine {
    String duration = "dispenseRequest.expectedSupplyDuration";
    boolean days = drug.coding(duration).stream().map(Coding::code).allMatch("d"::equals);
    return days ? drug.whole(duration + ".value") : null;
  }

  private List<Row> procedure(Resource procedure) throws BadLine {
    Date day = procedure.someDay("performedDateTime", "performedPeriod.start");
    Long visit = procedure.reference(ResourceType.ENCOUNTER, "encounter").orElse(null);
    Concept concept = concepts.of(procedure.codings("code"));
    List<Row> rows = new ArrayList<>();
    for (long standard : concept.standard()) {
      rows.add(
          RowFactory.create(
              procedure.id(), procedure.person(), standard, concept.id(), day, EHR, visit));
    }
    return rows;
  }

  /** The observation itself, unless all that it says is in its components, and each of these. */
  private List<Row> observed(Resource observation) throws BadLine {
    List<Resource> parts = observation.components();
    List<Row> rows = new ArrayList<>();
    boolean says =
        observation.has("valueQuantity")
            || observation.has("valueCodeableConcept")
            || observation.has("valueString");
    if (parts.isEmpty() || says) {
      rows.addAll(observed(observation, observation));
    }
    for (Resource part : parts) {
      rows.addAll(observed(observation, part));
    }
    return rows;
  }

  private List<Row> observed(Resource whole, Resource part) throws BadLine {
    Date day =
        whole.someDay("effectiveDateTime", "effectivePeriod.start", "effectiveInstant", "issued");
    Concept concept = concepts.of(part.codings("code"));
    boolean unmapped = concept.domain().isEmpty();
    boolean measured =
        unmapped
            ? whole.hasCategory("laboratory") || whole.hasCategory("vital-signs")
            : concept.domain().equals("Measurement");
    Concept unit = concepts.of(part.coding("valueQuantity"));
    Concept value = concepts.of(part.codings("valueCodeableConcept"));
    Long visit = whole.reference(ResourceType.ENCOUNTER, "encounter").orElse(null);
    long id = whole.id();
    long person = whole.person();
    Double number = part.number("valueQuantity.value");
    Double low = part.number("referenceRange.0.low.value");
    Double high = part.number("referenceRange.0.high.value");
    List<Row> rows = new ArrayList<>();
    for (long standard : concept.standard()) {
      if (measured && table == RecordTable.MEASUREMENT) {
        rows.add(
            RowFactory.create(
                id,
                person,
                standard,
                concept.id(),
                day,
                EHR,
                visit,
                number,
                value.standard().get(0),
                unit.standard().get(0),
                low,
                high));
      } else if (!measured && table == RecordTable.OBSERVATION) {
        rows.add(
            RowFactory.create(
                id,
                person,
                standard,
                concept.id(),
                day,
                EHR,
                visit,
                number,
                part.text("valueString").orElse(null),
                value.standard().get(0),
                unit.standard().get(0)));
      }
    }
    return rows;
  }
}
