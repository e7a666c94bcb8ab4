package io.tributary.jobs.architecture.canary.pca;

import io.tributary.jobs.architecture.canary.glm.Lender;

/** One analysis that imports another one. */
final class Borrower {
  private Borrower() {}

  static String name() {
    return Lender.name();
  }
}
