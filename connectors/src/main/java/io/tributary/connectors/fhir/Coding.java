package io.tributary.connectors.fhir;

import java.util.Map;
import java.util.Optional;

/**
 * One code of a CodeableConcept.
 *
 * @param system its URI
 * @param chosen whether a person chose it, and the others are translations
 */
record Coding(String system, String code, boolean chosen) {
  /** URIs of HL7's registry, and what OMOP calls the same vocabularies. */
  private static final Map<String, String> VOCABULARIES =
      Map.ofEntries(
          Map.entry("http://snomed.info/sct", "SNOMED"),
          Map.entry("http://loinc.org", "LOINC"),
          Map.entry("http://www.nlm.nih.gov/research/umls/rxnorm", "RxNorm"),
          Map.entry("http://hl7.org/fhir/sid/cvx", "CVX"),
          Map.entry("http://hl7.org/fhir/sid/ndc", "NDC"),
          Map.entry("http://hl7.org/fhir/sid/icd-10", "ICD10"),
          Map.entry("http://hl7.org/fhir/sid/icd-10-cm", "ICD10CM"),
          Map.entry("http://hl7.org/fhir/sid/icd-9-cm", "ICD9CM"),
          Map.entry("http://fhir.de/CodeSystem/bfarm/icd-10-gm", "ICD10GM"),
          Map.entry("http://www.cms.gov/Medicare/Coding/ICD10", "ICD10PCS"),
          Map.entry("http://www.ama-assn.org/go/cpt", "CPT4"),
          Map.entry("http://www.whocc.no/atc", "ATC"),
          Map.entry("http://unitsofmeasure.org", "UCUM"));

  /** What it is looked up by; empty if the vocabularies have no such system. */
  Optional<VocabularyCode> inVocabulary() {
    return Optional.ofNullable(VOCABULARIES.get(system))
        .map(vocabulary -> new VocabularyCode(vocabulary, code));
  }
}
