package io.tributary.jobs.analysis.ldprune;

import io.tributary.analysis.Aggregate;
import java.util.BitSet;
import java.util.Optional;

/**
 * What pruning leaves.
 *
 * @param counts the sum of genotypes; empty where it was not kept
 * @param persons of the cohort
 * @param kept variants of the list
 * @param tooMany whether more variants are common enough than a state holds
 */
record LdPruneResult(Optional<Aggregate> counts, long persons, BitSet kept, boolean tooMany) {
  LdPruneResult {
    kept = (BitSet) kept.clone();
  }
}
