package io.tributary.jobs.analysis.gwas;

import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.genomics.VariantRows;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Mean copies at variants where some persons have no call.
 *
 * @param variants of the list
 * @param values of each, in the list's order
 */
record Means(BitSet variants, Reals values) {
  /** Nobody has the mean. */
  static final Means NONE = new Means(new BitSet(), Reals.of());

  Means {
    variants = (BitSet) variants.clone();
  }

  /** Whether there is one for as many variants as it says, and each is of copies. */
  boolean usable() {
    boolean usable = values.size() == variants.cardinality();
    for (int i = 0; i < values.size(); i++) {
      usable &= values.at(i) >= 0 && values.at(i) <= 2;
    }
    return usable;
  }

  /** Those of some variants only. */
  Means among(BitSet some) {
    VariantRows rows = VariantRows.of(variants);
    BitSet kept = (BitSet) variants.clone();
    kept.and(some);
    return new Means(
        kept,
        Reals.of(kept.stream().mapToDouble(variant -> values.at(rows.row(variant))).toArray()));
  }

  /** Of each row; 0 where everybody has a call. Empty if there are none at all. */
  double[] of(VariantRows rows) {
    if (variants.isEmpty()) {
      return new double[0];
    }
    VariantRows own = VariantRows.of(variants);
    double[] means = new double[rows.size()];
    Arrays.setAll(
        means, row -> variants.get(rows.variant(row)) ? values.at(own.row(rows.variant(row))) : 0);
    return means;
  }
}
