package io.tributary.protocol.site;

import io.tributary.analysis.Layout;
import io.tributary.codec.Digest;
import io.tributary.protocol.Declarations;
import io.tributary.protocol.StepId;
import io.tributary.protocol.StudyTerms;
import io.tributary.study.ErrorCode;
import java.util.Optional;

/** The site's own rules, asked before anything is answered (DESIGN.md 8, SitePolicy). */
public interface Admission {
  /** Whether the site takes part in the study at all (PROTOCOL.md 2.4, E1); the refusal's code. */
  Optional<ErrorCode> refusalOfStudy(StudyTerms terms);

  /**
   * Whether a step may be summed, before any row is read (R0). Asked at every start of an attempt:
   * what it charges, it charges once for each step of a study.
   */
  Optional<ErrorCode> refusalOfStep(StudyTerms terms, StepId step, Layout layout);

  /** What the steward declares for the dataset of the study (PROTOCOL.md 2.8). */
  Declarations declarations(StudyTerms terms);

  /** Admits everything, one population, nothing declared; for tests and simulations. */
  static Admission everything(String site) {
    return new Admission() {
      @Override
      public Optional<ErrorCode> refusalOfStudy(StudyTerms terms) {
        return Optional.empty();
      }

      @Override
      public Optional<ErrorCode> refusalOfStep(StudyTerms terms, StepId step, Layout layout) {
        return Optional.empty();
      }

      @Override
      public Declarations declarations(StudyTerms terms) {
        return Declarations.none(site);
      }
    };
  }

  /**
   * The head of the site's evidence journal, to become the nonce of its EpochKey: every other
   * member of the roster then holds it, signed (PROTOCOL.md 2.12). Never the same one twice. Empty
   * for a site that keeps no such journal; its nonce is random.
   */
  default Optional<Digest> anchor(StudyTerms terms, long epoch) {
    return Optional.empty();
  }
}
