package io.tributary.protocol;

import io.tributary.masking.RoundTerms;
import io.tributary.study.Errors;

/**
 * One attempt at one sum. Inside a job attempts are ordered by (step, epoch, attempt), and a site
 * accepts only ascending ones (PROTOCOL.md 2.5, R0).
 *
 * @param epoch number of the setup, from 1
 * @param job position of the analysis in the study
 * @param step number of the sum inside the job
 * @param attempt 0 to 15 in each epoch
 */
public record AttemptId(long epoch, int job, int step, int attempt)
    implements Comparable<AttemptId> {

  public AttemptId {
    if (epoch < 1
        || job < 0
        || job >= RoundTerms.MAX_JOBS
        || step < 0
        || step >= RoundTerms.MAX_STEPS
        || attempt < 0
        || attempt >= RoundTerms.MAX_ATTEMPTS) {
      throw Errors.badMessage(
          "There is no attempt "
              + attempt
              + " at step "
              + job
              + "/"
              + step
              + " in epoch "
              + epoch
              + ".");
    }
  }

  public StepId stepId() {
    return new StepId(job, step);
  }

  @Override
  public int compareTo(AttemptId other) {
    if (job != other.job) {
      return Integer.compare(job, other.job);
    }
    if (step != other.step) {
      return Integer.compare(step, other.step);
    }
    return epoch != other.epoch
        ? Long.compare(epoch, other.epoch)
        : Integer.compare(attempt, other.attempt);
  }

  @Override
  public String toString() {
    return "epoch " + epoch + " step " + job + "/" + step + " attempt " + attempt;
  }
}
