package io.tributary.jobs.analysis.gwas;

import io.tributary.analysis.Aggregate;
import io.tributary.jobs.analysis.gwas.GwasState.Counting;
import io.tributary.jobs.analysis.gwas.GwasState.Iterating;
import io.tributary.jobs.analysis.gwas.GwasState.Scanning;
import io.tributary.jobs.genomics.VariantRows;
import java.util.Optional;

/**
 * A scan, or why there is none.
 *
 * @param outcome of the model without a variant
 * @param scan empty unless the outcome is OK
 */
record GwasResult(Outcome outcome, Moments moments, Optional<Sums> scan) {
  /**
   * A sum over variants that are tested by it.
   *
   * @param rows which variants its rows are
   */
  record Scanned(Scan scan, VariantRows rows, Aggregate sum) {}

  /**
   * Sums over variants.
   *
   * @param counts of genotypes
   * @param complete where everybody has a call
   * @param incomplete where some have none
   * @param likelihoods of single variants
   */
  record Sums(
      NullFit fit,
      Aggregate counts,
      Optional<Scanned> complete,
      Optional<Scanned> incomplete,
      LikelihoodFits likelihoods) {}

  static GwasResult failed(Outcome outcome, Moments moments) {
    return new GwasResult(outcome, moments, Optional.empty());
  }

  /** Gathers the sums of a scan, in the order in which they were taken. */
  static final class Gathering {
    private Optional<NullFit> fit = Optional.empty();
    private Optional<Aggregate> counts = Optional.empty();
    private Optional<Scanned> complete = Optional.empty();
    private Optional<Scanned> incomplete = Optional.empty();
    private final LikelihoodFits likelihoods = new LikelihoodFits();

    void add(GwasState state, Aggregate sum) {
      if (state instanceof Counting counting) {
        fit = Optional.of(counting.fit());
        counts = Optional.of(sum);
      } else if (state instanceof Scanning scanning) {
        Scanned scanned = new Scanned(scanning.scan(), VariantRows.of(scanning.rows()), sum);
        if (scanning.second()) {
          incomplete = Optional.of(scanned);
        } else {
          complete = Optional.of(scanned);
        }
      } else if (state instanceof Iterating iterating) {
        likelihoods.add(iterating, sum);
      }
    }

    /** The result; empty if genotypes were not among the sums. */
    Optional<GwasResult> result() {
      return fit.map(
          model ->
              new GwasResult(
                  Outcome.OK,
                  model.model().moments(),
                  Optional.of(
                      new Sums(model, counts.orElseThrow(), complete, incomplete, likelihoods))));
    }
  }
}
