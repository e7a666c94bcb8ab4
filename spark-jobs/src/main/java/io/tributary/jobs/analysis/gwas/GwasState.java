package io.tributary.jobs.analysis.gwas;

import java.util.BitSet;

/** What is public between the rounds of an association scan. */
sealed interface GwasState {
  /** Sums of the outcome and of the model's columns. */
  record Centring() implements GwasState {}

  /** Products about public means. */
  record Crossing(Moments moments) implements GwasState {}

  /** Genotypes of the model's persons are counted. */
  record Counting(NullModel model) implements GwasState {}

  /**
   * Variants are summed.
   *
   * @param complete variants of the list where everybody has a call
   * @param incomplete variants where some have none
   * @param second whether it is the second of two sums, over {@code incomplete}
   */
  record Scanning(NullModel model, BitSet complete, BitSet incomplete, boolean second)
      implements GwasState {
    public Scanning {
      complete = (BitSet) complete.clone();
      incomplete = (BitSet) incomplete.clone();
    }

    /** Variants of this sum. */
    BitSet rows() {
      return second ? incomplete : complete;
    }
  }
}
