package io.tributary.jobs.analysis.gwas;

import io.tributary.jobs.analysis.Reals;
import java.util.BitSet;

/** What is public between the rounds of an association scan. */
sealed interface GwasState {
  /** Sums of the outcome and of the model's columns. */
  record Centring() implements GwasState {}

  /** Products about public means. */
  record Crossing(Moments moments) implements GwasState {}

  /**
   * The logistic model without a variant is fitted.
   *
   * @param coefficients of this iteration
   * @param iteration from 0
   */
  record Fitting(NullModel model, Reals coefficients, int iteration) implements GwasState {}

  /** Genotypes of the model's persons are counted. */
  record Counting(NullFit fit) implements GwasState {}

  /**
   * Variants are summed.
   *
   * @param complete variants of the list where everybody has a call
   * @param incomplete variants where some have none
   * @param second whether it is the second of two sums, over {@code incomplete}
   * @param chosen variants whose likelihood is to be fitted; of those that are not summed yet, may
   *     be
   * @param means copies of persons without a call, of all {@code incomplete} variants or none
   */
  record Scanning(
      NullFit fit, BitSet complete, BitSet incomplete, boolean second, BitSet chosen, Means means)
      implements GwasState {
    public Scanning {
      complete = (BitSet) complete.clone();
      incomplete = (BitSet) incomplete.clone();
      chosen = (BitSet) chosen.clone();
    }

    /** How variants of this sum are tested. */
    Scan scan() {
      return Scan.of(fit, second && means.variants().isEmpty());
    }

    /** Variants of this sum. */
    BitSet rows() {
      return second ? incomplete : complete;
    }
  }

  /**
   * Likelihoods of single variants are summed at each variant's own coefficients.
   *
   * @param firth whether they are penalised (Firth 1993)
   * @param iteration from 0
   * @param variants that have not converged
   * @param numbers row-major [variants x {@link #stride}]: coefficients, the variant's last; if
   *     penalised also those before and the step from them
   * @param failed variants without a maximum, which are penalised next
   * @param means copies of persons without a call, who else are left out
   */
  record Iterating(
      NullFit fit,
      boolean firth,
      int iteration,
      BitSet variants,
      Reals numbers,
      BitSet failed,
      Means means)
      implements GwasState {
    public Iterating {
      variants = (BitSet) variants.clone();
      failed = (BitSet) failed.clone();
    }

    /** The first iteration of some variants, from the model without an effect of any. */
    static Iterating start(NullFit fit, boolean firth, BitSet variants, Means means) {
      double[] one = fit.start();
      int stride = stride(one.length, firth);
      double[] all = new double[Math.multiplyExact(variants.cardinality(), stride)];
      for (int at = 0; at < all.length; at += stride) {
        System.arraycopy(one, 0, all, at, one.length);
      }
      return new Iterating(
          fit, firth, 0, variants, Reals.of(all), new BitSet(), means.among(variants));
    }

    /** Numbers of one variant. */
    static int stride(int parameters, boolean firth) {
      return firth ? 3 * parameters : parameters;
    }

    /** Coefficients of the variant in a row of the sum. */
    double[] coefficients(int row) {
      return part(row, 0);
    }

    /** Coefficients of its iteration before; zeros in the first one. */
    double[] before(int row) {
      return part(row, 1);
    }

    /** The step from there. */
    double[] stepBefore(int row) {
      return part(row, 2);
    }

    private double[] part(int row, int part) {
      int p = fit.parametersWithVariant();
      int from = row * stride(p, firth) + part * p;
      double[] own = new double[p];
      for (int j = 0; j < p; j++) {
        own[j] = numbers.at(from + j);
      }
      return own;
    }
  }
}
