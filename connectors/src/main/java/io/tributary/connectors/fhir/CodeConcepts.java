package io.tributary.connectors.fhir;

import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** What codes mean at a site. */
public final class CodeConcepts implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Where an export of codes without a vocabulary stands. */
  static final Concept UNKNOWN = new Concept(0, List.of(0L), "");

  private final HashMap<VocabularyCode, Concept> concepts;
  private final transient Consumer<VocabularyCode> asked;

  /**
   * Of what a vocabulary says.
   *
   * @param concepts codes that it lacks are left out
   */
  public CodeConcepts(Map<VocabularyCode, Concept> concepts) {
    this(concepts, code -> {});
  }

  private CodeConcepts(Map<VocabularyCode, Concept> concepts, Consumer<VocabularyCode> asked) {
    this.concepts = new HashMap<>(concepts);
    this.asked = asked;
  }

  /** Knows nothing, and notes what it is asked for. */
  static CodeConcepts noting(Set<VocabularyCode> into) {
    return new CodeConcepts(Map.of(), into::add);
  }

  /**
   * One code.
   *
   * @param id its concept
   * @param standard what it maps to, itself if it is standard; empty if it maps to nothing
   * @param domain of the first of these, empty if there is none
   */
  public record Concept(long id, List<Long> standard, String domain) implements Serializable {
    public Concept {
      standard = List.copyOf(standard);
    }
  }

  /**
   * What a list of translations means: the standard concepts of the first code that is standard
   * itself, else of the first that maps to any; its source is the code that a person chose, else
   * the first.
   *
   * @return standard concept 0, as OMOP says, if there is none
   */
  Concept of(List<Coding> codings) {
    Concept standard = UNKNOWN;
    boolean itself = false;
    for (Coding coding : codings) {
      Concept found = of(coding).orElse(UNKNOWN);
      boolean first = standard.equals(UNKNOWN) && !found.domain().isEmpty();
      boolean own = found.standard().contains(found.id()) && found.id() != 0;
      if (first || (own && !itself)) {
        standard = found;
        itself = own;
      }
    }
    long source =
        codings.stream()
            .filter(Coding::chosen)
            .findFirst()
            .or(() -> codings.stream().findFirst())
            .flatMap(this::of)
            .map(Concept::id)
            .orElse(0L);
    return new Concept(source, standard.standard(), standard.domain());
  }

  private Optional<Concept> of(Coding coding) {
    Optional<VocabularyCode> code = coding.inVocabulary();
    if (asked != null) {
      code.ifPresent(asked);
    }
    return code.map(concepts::get);
  }
}
