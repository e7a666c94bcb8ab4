package io.tributary.jobs.analysis.ldprune;

import io.tributary.jobs.analysis.VariantPruning.Candidates;

/** What is public between the two sums. */
sealed interface LdPruneState {
  /** Genotypes are counted. */
  record Counting() implements LdPruneState {}

  /** Products of candidates are summed. */
  record Linking(Candidates candidates) implements LdPruneState {}
}
