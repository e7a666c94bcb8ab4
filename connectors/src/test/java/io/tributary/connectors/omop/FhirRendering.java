package io.tributary.connectors.omop;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;

/** Writes OMOP records as a FHIR R4 bulk export, by the inverse of the mapping in COHORTS.md. */
final class FhirRendering {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Map<String, String> SYSTEMS =
      Map.of(
          "SNOMED", "http://snomed.info/sct",
          "LOINC", "http://loinc.org",
          "RxNorm", "http://www.nlm.nih.gov/research/umls/rxnorm",
          "CVX", "http://hl7.org/fhir/sid/cvx",
          "NDC", "http://hl7.org/fhir/sid/ndc",
          "ICD10CM", "http://hl7.org/fhir/sid/icd-10-cm");

  private static final Map<String, String> RACES =
      Map.of("8527", "2106-3", "8516", "2054-5", "8515", "2028-9");

  private final Path folder;
  private final Map<String, Row> concepts = new LinkedHashMap<>();

  FhirRendering(Path folder, List<Row> concepts) {
    this.folder = folder;
    concepts.forEach(row -> this.concepts.put(text(row, "concept_id"), row));
  }

  private static String text(Row row, String column) {
    Object value = row.getAs(column);
    return value == null ? "" : value.toString();
  }

  private void write(String type, List<Map<String, Object>> resources) {
    List<String> lines = new ArrayList<>();
    try {
      for (Map<String, Object> resource : resources) {
        Map<String, Object> typed = new LinkedHashMap<>();
        typed.put("resourceType", type);
        typed.putAll(resource);
        lines.add(JSON.writeValueAsString(typed));
      }
      Files.write(folder.resolve(type + ".ndjson"), lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What a row says, but for its date; its code is the standard one and, if it differs, the chosen.
   */
  private Map<String, Object> event(Row row, String id, String code, String concept) {
    Map<String, Object> resource = new LinkedHashMap<>();
    resource.put("id", text(row, id));
    resource.put(
        code.equals("vaccineCode") ? "patient" : "subject",
        Map.of("reference", "Patient/" + text(row, "person_id")));
    String visit = text(row, "visit_occurrence_id");
    if (!visit.isEmpty()) {
      resource.put("encounter", Map.of("reference", "Encounter/" + visit));
    }
    String standard = text(row, concept);
    String source = text(row, concept.replace("_concept_id", "_source_concept_id"));
    List<Object> codings = new ArrayList<>(List.of(coding(standard, false)));
    if (!source.equals(standard) && concepts.containsKey(source)) {
      codings.add(coding(source, true));
    }
    resource.put(code, Map.of("coding", codings));
    return resource;
  }

  private Map<String, Object> coding(String concept, boolean chosen) {
    Row row = concepts.get(concept);
    Map<String, Object> coding = new LinkedHashMap<>();
    coding.put("system", SYSTEMS.get(text(row, "vocabulary_id")));
    coding.put("code", text(row, "concept_code"));
    if (chosen) {
      coding.put("userSelected", true);
    }
    return coding;
  }

  private static Map<String, Object> extension(String url, String code) {
    return Map.of(
        "url",
        "http://hl7.org/fhir/us/core/StructureDefinition/" + url,
        "extension",
        List.of(Map.of("url", "ombCategory", "valueCoding", Map.of("code", code))));
  }

  void patients(List<Row> rows) {
    List<Map<String, Object>> patients = new ArrayList<>();
    for (Row row : rows) {
      Map<String, Object> patient = new LinkedHashMap<>();
      patient.put("id", text(row, "person_id"));
      patient.put("gender", text(row, "gender_concept_id").equals("8507") ? "male" : "female");
      patient.put("birthDate", text(row, "birth_datetime"));
      List<Object> extensions = new ArrayList<>();
      if (RACES.containsKey(text(row, "race_concept_id"))) {
        extensions.add(extension("us-core-race", RACES.get(text(row, "race_concept_id"))));
      }
      if (text(row, "ethnicity_concept_id").equals("38003563")) {
        extensions.add(extension("us-core-ethnicity", "2135-2"));
      }
      patient.put("extension", extensions);
      patients.add(patient);
    }
    write("Patient", patients);
  }

  void encounters(List<Row> rows) {
    Map<String, String> kinds = Map.of("9201", "IMP", "9202", "AMB", "9203", "EMER");
    List<Map<String, Object>> encounters = new ArrayList<>();
    for (Row row : rows) {
      Map<String, Object> encounter = new LinkedHashMap<>();
      encounter.put("id", text(row, "visit_occurrence_id"));
      encounter.put("status", "finished");
      encounter.put("class", Map.of("code", kinds.get(text(row, "visit_concept_id"))));
      encounter.put("subject", Map.of("reference", "Patient/" + text(row, "person_id")));
      encounter.put(
          "period",
          period(text(row, "visit_start_date") + "T08:15:00+02:00", text(row, "visit_end_date")));
      encounters.add(encounter);
    }
    write("Encounter", encounters);
  }

  private static Map<String, Object> period(String start, String end) {
    Map<String, Object> period = new LinkedHashMap<>();
    period.put("start", start);
    if (!end.isEmpty()) {
      period.put("end", end);
    }
    return period;
  }

  void conditions(List<Row> rows) {
    List<Map<String, Object>> conditions = new ArrayList<>();
    for (Row row : rows) {
      Map<String, Object> condition =
          event(row, "condition_occurrence_id", "code", "condition_concept_id");
      condition.put("onsetDateTime", text(row, "condition_start_date"));
      if (!text(row, "condition_end_date").isEmpty()) {
        condition.put("abatementDateTime", text(row, "condition_end_date") + "T23:59:59Z");
      }
      conditions.add(condition);
      // Said again, and taken back.
      Map<String, Object> refuted = new LinkedHashMap<>(condition);
      refuted.put("onsetDateTime", "1990-01-01");
      refuted.put("verificationStatus", Map.of("coding", List.of(Map.of("code", "refuted"))));
      if (conditions.size() % 10 == 1) {
        conditions.add(refuted);
      }
    }
    write("Condition", conditions);
  }

  /** Vaccines of one day as immunizations; of the others each second one was administered. */
  void drugs(List<Row> rows) {
    List<Map<String, Object>> requests = new ArrayList<>();
    List<Map<String, Object>> administrations = new ArrayList<>();
    List<Map<String, Object>> immunizations = new ArrayList<>();
    for (Row row : rows) {
      String start = text(row, "drug_exposure_start_date");
      String end = text(row, "drug_exposure_end_date");
      boolean vaccine =
          text(concepts.get(text(row, "drug_concept_id")), "vocabulary_id").equals("CVX")
              && start.equals(end);
      Map<String, Object> drug =
          event(
              row,
              "drug_exposure_id",
              vaccine ? "vaccineCode" : "medicationCodeableConcept",
              "drug_concept_id");
      if (vaccine) {
        drug.put("status", "completed");
        drug.put("occurrenceDateTime", start);
        immunizations.add(drug);
      } else if (requests.size() > administrations.size()) {
        drug.put("status", "completed");
        Object visit = drug.remove("encounter");
        if (visit != null) {
          drug.put("context", visit);
        }
        drug.put("effectivePeriod", period(start, end));
        administrations.add(drug);
      } else {
        drug.put("status", "active");
        drug.put("intent", "order");
        drug.put("authoredOn", start);
        drug.put("dispenseRequest", Map.of("validityPeriod", period(start, end)));
        requests.add(drug);
      }
    }
    write("MedicationRequest", requests);
    write("MedicationAdministration", administrations);
    write("Immunization", immunizations);
  }

  void procedures(List<Row> rows) {
    List<Map<String, Object>> procedures = new ArrayList<>();
    for (Row row : rows) {
      Map<String, Object> procedure =
          event(row, "procedure_occurrence_id", "code", "procedure_concept_id");
      procedure.put("status", "completed");
      procedure.put("performedDateTime", text(row, "procedure_date"));
      procedures.add(procedure);
    }
    write("Procedure", procedures);
  }

  void observations(List<Row> measurements, List<Row> observations) {
    List<Map<String, Object>> all = new ArrayList<>();
    for (Row row : measurements) {
      Map<String, Object> measured = event(row, "measurement_id", "code", "measurement_concept_id");
      measured.put("status", "final");
      measured.put("effectiveDateTime", text(row, "measurement_date"));
      all.add(measured);
    }
    for (Row row : observations) {
      Map<String, Object> observed = event(row, "observation_id", "code", "observation_concept_id");
      observed.put("status", "final");
      observed.put("effectiveDateTime", text(row, "observation_date"));
      all.add(observed);
    }
    write("Observation", all);
  }
}
