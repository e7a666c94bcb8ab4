package io.tributary.protocol;

import io.tributary.masking.RoundTerms;
import io.tributary.study.Errors;

/**
 * One sum of one job (PROTOCOL.md 2.3).
 *
 * @param job position of the analysis in the study, 0 to 255
 * @param step number of the sum inside the job, 0 to 65535
 */
public record StepId(int job, int step) implements Comparable<StepId> {
  public StepId {
    if (job < 0 || job >= RoundTerms.MAX_JOBS || step < 0 || step >= RoundTerms.MAX_STEPS) {
      throw Errors.badMessage("There is no step " + step + " of job " + job + ".");
    }
  }

  @Override
  public int compareTo(StepId other) {
    return job != other.job ? Integer.compare(job, other.job) : Integer.compare(step, other.step);
  }

  @Override
  public String toString() {
    return job + "/" + step;
  }
}
