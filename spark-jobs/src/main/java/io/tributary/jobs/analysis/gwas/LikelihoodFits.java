package io.tributary.jobs.analysis.gwas;

import io.tributary.analysis.Aggregate;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.gwas.GwasState.Iterating;
import io.tributary.jobs.analysis.gwas.LikelihoodScan.Progress;
import io.tributary.jobs.genomics.SumRows;
import io.tributary.jobs.genomics.VariantRows;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Estimates of single variants' likelihoods, gathered from iteration to iteration. */
final class LikelihoodFits {
  private final Map<Integer, Association> ended = new HashMap<>();

  /** Takes what ended in an iteration; a penalised estimate replaces why there was no other. */
  void add(Iterating state, Aggregate sum) {
    LikelihoodScan scan = new LikelihoodScan(state);
    VariantRows rows = VariantRows.of(state.variants());
    SumRows sums = new SumRows(sum);
    for (int row = 0; row < rows.size(); row++) {
      int variant = rows.variant(row);
      scan.progress(sums, row).ended().ifPresent(found -> ended.put(variant, found));
    }
  }

  /** What came out at a variant; empty if its likelihood was not fitted. */
  Optional<Association> at(int variant) {
    return Optional.ofNullable(ended.get(variant));
  }

  /**
   * The state after an iteration; empty if all variants have ended.
   *
   * @param fallback whether variants without a maximum are penalised
   */
  static Optional<Iterating> next(Iterating state, Aggregate sum, boolean fallback) {
    LikelihoodScan scan = new LikelihoodScan(state);
    VariantRows rows = VariantRows.of(state.variants());
    SumRows sums = new SumRows(sum);
    int stride = Iterating.stride(state.fit().parametersWithVariant(), state.firth());
    double[] next = new double[rows.size() * stride];
    BitSet left = new BitSet();
    BitSet failed = state.failed();
    int at = 0;
    for (int row = 0; row < rows.size(); row++) {
      Progress progress = scan.progress(sums, row);
      if (progress.ended().isEmpty()) {
        left.set(rows.variant(row));
        System.arraycopy(progress.next().toArray(), 0, next, at, stride);
        at += stride;
      } else if (progress.failed() && !state.firth()) {
        failed.set(rows.variant(row));
      }
    }
    if (!left.isEmpty()) {
      return Optional.of(
          new Iterating(
              state.fit(),
              state.firth(),
              state.iteration() + 1,
              left,
              Reals.of(java.util.Arrays.copyOf(next, at)),
              failed,
              state.means()));
    }
    return !fallback || failed.isEmpty()
        ? Optional.empty()
        : Optional.of(Iterating.start(state.fit(), true, failed, state.means()));
  }
}
