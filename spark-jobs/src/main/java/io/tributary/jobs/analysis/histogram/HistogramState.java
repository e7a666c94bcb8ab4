package io.tributary.jobs.analysis.histogram;

import io.tributary.jobs.analysis.Reals;
import java.math.BigDecimal;

/** What is public between the rounds of a histogram. */
sealed interface HistogramState {
  /** The column's sums are taken first, to choose edges. */
  record Counting() implements HistogramState {}

  /** Squares about the mean follow. */
  record Spreading(long n, BigDecimal sum, BigDecimal absolute) implements HistogramState {}

  /** Persons between edges are counted next; edges ascend. */
  record Binning(Reals edges) implements HistogramState {}
}
