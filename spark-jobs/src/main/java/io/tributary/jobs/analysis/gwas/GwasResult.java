package io.tributary.jobs.analysis.gwas;

import io.tributary.analysis.Aggregate;
import io.tributary.jobs.analysis.gwas.GwasState.Scanning;
import java.util.Optional;

/**
 * A scan, or why there is none.
 *
 * @param outcome of the model without a variant
 * @param scan empty unless the outcome is OK
 */
record GwasResult(Outcome outcome, Moments moments, Optional<Sums> scan) {
  /**
   * Sums over variants.
   *
   * @param state of the last one
   * @param counts of genotypes
   * @param complete where everybody has a call
   * @param incomplete where some have none
   */
  record Sums(
      Scanning state,
      Aggregate counts,
      Optional<Aggregate> complete,
      Optional<Aggregate> incomplete) {}

  static GwasResult failed(Outcome outcome, Moments moments) {
    return new GwasResult(outcome, moments, Optional.empty());
  }

  static GwasResult of(
      Scanning state,
      Aggregate counts,
      Optional<Aggregate> complete,
      Optional<Aggregate> incomplete) {
    return new GwasResult(
        Outcome.OK,
        state.model().moments(),
        Optional.of(new Sums(state, counts, complete, incomplete)));
  }
}
