package io.tributary.privacy;

import io.tributary.study.Rho;
import io.tributary.study.Study;
import io.tributary.study.Study.Privacy;
import java.util.Optional;

/**
 * What a study with noise may cost, as a whole and for each analysis, and how many honest sites its
 * noise rests on. It follows from the signed study alone, so every party computes the same.
 *
 * @param total rho of the study
 * @param privacy as the study states it
 */
public record StudyBudget(Rho total, Privacy privacy) {

  /** The budget of a study; empty for one of exact sums. */
  public static Optional<StudyBudget> of(Study study) {
    return study.privacy().map(privacy -> new StudyBudget(total(privacy), privacy));
  }

  private static Rho total(Privacy privacy) {
    return privacy
        .rho()
        .orElseGet(() -> ZeroConcentrated.rhoFor(privacy.epsilon().orElseThrow(), privacy.delta()));
  }

  /** The part of analysis number {@code job}: as split says, else equal parts. */
  public Rho ofJob(Study study, int job) {
    if (privacy.split().isEmpty()) {
      return total.dividedBy(study.analyses().size());
    }
    int all = privacy.split().values().stream().mapToInt(Integer::intValue).sum();
    return total.times(privacy.split().get(study.analyses().get(job).name())).dividedBy(all);
  }

  /**
   * m_h = n_min - c, at least 2: honest sites that every sum is sure to hold, whatever roster comes
   * about. A roster in which the colluding organisations have so many sites that fewer are left is
   * refused ({@link #isBorneBy}). A study lowers its noise by asking for more contributors.
   */
  public static int honest(Study study) {
    return Math.max(2, study.minContributors() - study.colluding());
  }

  /**
   * Whether a roster is sure to have that many honest sites in every sum.
   *
   * @param uploads m of the roster, sites in a sum at least
   * @param colludingSites c_s of the roster
   */
  public static boolean isBorneBy(Study study, int uploads, int colludingSites) {
    return uploads - colludingSites >= honest(study);
  }

  /** Proven epsilon of a cost at the study's delta. */
  public double epsilon(Rho rho) {
    return ZeroConcentrated.epsilon(rho, privacy.delta());
  }

  /** Epsilon by the Gaussian curve: about, not proven. */
  public double aboutEpsilon(Rho rho) {
    return ZeroConcentrated.aboutEpsilon(rho, privacy.delta());
  }
}
