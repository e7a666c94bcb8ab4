package io.tributary.jobs.analysis;

import io.tributary.connectors.genomics.VariantList;
import io.tributary.jobs.study.StudyRows;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.Study;
import io.tributary.study.Study.AnalysisSpec;
import java.util.Map;

/**
 * One analysis of a study, as its folder reads it.
 *
 * @param number position in the study
 * @param references places of public files by name, of the party that runs it
 */
public record Job(Study study, int number, Map<String, String> references) {
  /** 2^30 persons over all sites together: the most that unbounded slots hold. */
  public static final long MAX_PERSONS = 1L << 30;

  public Job {
    references = Map.copyOf(references);
    if (number < 0 || number >= study.analyses().size()) {
      throw Errors.invalid(
          ErrorCode.STUDY_INVALID,
          "analyses",
          "there is no analysis number " + number + ".",
          "The study has " + study.analyses().size() + ".");
    }
  }

  /** For a party without public files. */
  public Job(Study study, int number) {
    this(study, number, Map.of());
  }

  public AnalysisSpec spec() {
    return study.analyses().get(number);
  }

  public String name() {
    return spec().name();
  }

  /** Roster size, for which scales are chosen. */
  public int sites() {
    return study.sites().size();
  }

  /** Persons a site may have. */
  public long personsPerSite() {
    return MAX_PERSONS / sites();
  }

  /** STUDY_INVALID if the study names no genotypes. */
  public Study.Genotypes genotypes() {
    return study
        .genotypes()
        .orElseThrow(
            () ->
                Errors.badOption(
                    name(), "the study has no genotypes.", "a study with a section 'genotypes'"));
  }

  /** The study's list of variants, read anew. */
  public VariantList variants() {
    return StudyRows.list(references, genotypes());
  }

  public Floor floor() {
    return new Floor(study.release(), study.cohort().rowsPerPerson());
  }
}
