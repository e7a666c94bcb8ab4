package io.tributary.connectors.fhir;

import java.io.Serializable;

/**
 * A code as CONCEPT has it.
 *
 * @param vocabulary {@code vocabulary_id}
 * @param code {@code concept_code}
 */
public record VocabularyCode(String vocabulary, String code) implements Serializable {}
