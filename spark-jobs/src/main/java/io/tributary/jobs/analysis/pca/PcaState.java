package io.tributary.jobs.analysis.pca;

import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.VariantPruning.Candidates;
import io.tributary.jobs.genomics.Projection;
import io.tributary.jobs.genomics.VariantRows;

/** What is public between the sums. */
sealed interface PcaState {
  /** Genotypes are counted. */
  record Counting() implements PcaState {}

  /** Products of candidates are summed, for pruning. */
  record Linking(Candidates candidates, long persons) implements PcaState {}

  /**
   * A block of vectors is multiplied by Z'Z.
   *
   * @param candidates variants, in the order of the block's rows
   * @param persons of all sites
   * @param round from 0
   * @param cycle of the filter, from 0
   * @param factors of the cycle's polynomial that are applied; 0: the block is orthonormal
   * @param edge eigenvalues from 0 to it are damped; 0 without factors
   */
  record Projecting(
      Candidates candidates,
      long persons,
      int round,
      int cycle,
      int factors,
      double edge,
      Block block)
      implements PcaState {}

  /**
   * Scores are described.
   *
   * @param rounds in which vectors were found
   * @param values eigenvalues of Z'Z
   * @param residuals as of {@link Basis}
   */
  record Describing(
      Candidates candidates,
      long persons,
      int rounds,
      Block loadings,
      Reals values,
      Reals residuals)
      implements PcaState {}

  /** How scores are made from vectors over these variants. */
  static Projection projection(Candidates candidates, Block block) {
    return new Projection(
        VariantRows.of(candidates.variants()),
        candidates.means().toArray(),
        block.numbers().toArray(),
        block.columns());
  }
}
