package io.tributary.connectors.fhir;

import java.util.List;
import java.util.Set;

/** Resources that are read, and those of them that say that nothing happened. */
@SuppressWarnings("ImmutableEnumChecker") // its set is unmodifiable
enum ResourceType {
  PATIENT("Patient", Set.of()),
  ENCOUNTER("Encounter", Set.of("cancelled", "planned")),
  CONDITION("Condition", Set.of("refuted")),
  MEDICATION_REQUEST("MedicationRequest", Set.of("cancelled", "draft")),
  MEDICATION_ADMINISTRATION("MedicationAdministration", Set.of("not-done")),
  PROCEDURE("Procedure", Set.of("not-done", "preparation")),
  OBSERVATION("Observation", Set.of("cancelled", "registered")),
  IMMUNIZATION("Immunization", Set.of("not-done"));

  private static final String ERROR = "entered-in-error";
  private static final List<String> PROPOSALS = List.of("proposal", "plan");

  private final String word;
  private final Set<String> nothing;

  ResourceType(String word, Set<String> nothing) {
    this.word = word;
    this.nothing = nothing;
  }

  /** As FHIR calls it. */
  String word() {
    return word;
  }

  /** Whether a resource tells of something that happened. */
  boolean happened(Resource resource) {
    String status =
        this == CONDITION
            ? resource.codings("verificationStatus").stream()
                .map(Coding::code)
                .findFirst()
                .orElse("")
            : resource.text("status").orElse("");
    boolean proposed =
        this == MEDICATION_REQUEST
            && (PROPOSALS.contains(resource.text("intent").orElse(""))
                || resource.text("doNotPerform").orElse("").equals("true"));
    return !proposed && !status.equals(ERROR) && !nothing.contains(status);
  }
}
