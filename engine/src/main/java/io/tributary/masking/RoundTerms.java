package io.tributary.masking;

import io.tributary.codec.Digest;
import io.tributary.codec.SiteSet;
import io.tributary.study.Errors;

/**
 * The public terms of one attempt at one sum, beside those of its epoch (PROTOCOL.md 2.3).
 *
 * @param job position of the analysis in the study, 0 to 255
 * @param step number of the sum inside the job, 0 to 65535
 * @param attempt 0 to 15
 * @param participants P, the sites whose masks are in play
 * @param layout slots, order, widths, scales, bounds, frames
 * @param broadcast SHA-256 of the payload
 * @param query study, job and compiled analysis
 * @param dp mechanism, rho, clip and scale per slot, m_h
 * @param previousTranscript of step - 1, {@link Digest#ZERO} for step 0
 */
public record RoundTerms(
    int job,
    int step,
    int attempt,
    SiteSet participants,
    Digest layout,
    Digest broadcast,
    Digest query,
    Digest dp,
    Digest previousTranscript) {

  /** Analyses of one study. */
  public static final int MAX_JOBS = 256;

  /** Sums of one job. */
  public static final int MAX_STEPS = 1 << 16;

  /** Attempts at one step in one epoch. */
  public static final int MAX_ATTEMPTS = 16;

  /** BAD_MESSAGE for a number out of its range: the terms come from the coordinator. */
  public RoundTerms {
    if (job < 0 || job >= MAX_JOBS) {
      throw Errors.badMessage("Job " + job + " is beyond " + MAX_JOBS + " jobs.");
    }
    if (step < 0 || step >= MAX_STEPS) {
      throw Errors.badMessage("Step " + step + " is beyond " + MAX_STEPS + " steps.");
    }
    if (attempt < 0 || attempt >= MAX_ATTEMPTS) {
      throw Errors.badMessage("Attempt " + attempt + " is beyond " + MAX_ATTEMPTS + " attempts.");
    }
    if (step == 0 && !previousTranscript.equals(Digest.ZERO)) {
      throw Errors.badMessage("Step 0 names a transcript before it.");
    }
  }
}
