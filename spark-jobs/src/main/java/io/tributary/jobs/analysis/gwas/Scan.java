package io.tributary.jobs.analysis.gwas;

import io.tributary.analysis.Layout;
import io.tributary.jobs.genomics.Copies;
import io.tributary.jobs.genomics.CopyWeights;
import io.tributary.jobs.genomics.SumRows;

/** A sum over variants of which each is tested by itself. */
interface Scan {
  /** Positions of the slots: over carriers, and over persons without a call. */
  int DOSAGES = 0;

  int MISSING = 1;
  int PRODUCTS = 2;

  /**
   * The scan of a model.
   *
   * @param missing whether some persons are left out for want of a call
   */
  static Scan of(NullFit fit, boolean missing) {
    return fit.logistic() ? new ScoreScan(fit, missing) : new LinearScan(fit.model(), missing);
  }

  Layout layout(int sites, int rows);

  /**
   * What a site multiplies copies by.
   *
   * @param samples of the site's file
   */
  CopyWeights weights(Layout layout, ModelRows rows, int samples);

  /** The test of one variant. */
  Association test(Copies copies, SumRows sums, int row);
}
