package io.tributary.jobs.analysis;

import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.Study;
import io.tributary.study.Study.AnalysisSpec;

/**
 * One analysis of a study, as its folder reads it.
 *
 * @param number position in the study
 */
public record Job(Study study, int number) {
  /** 2^30 persons over all sites together: the most that unbounded slots hold. */
  public static final long MAX_PERSONS = 1L << 30;

  public Job {
    if (number < 0 || number >= study.analyses().size()) {
      throw Errors.invalid(
          ErrorCode.STUDY_INVALID,
          "analyses",
          "there is no analysis number " + number + ".",
          "The study has " + study.analyses().size() + ".");
    }
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

  public Floor floor() {
    return new Floor(study.release(), study.cohort().rowsPerPerson());
  }
}
