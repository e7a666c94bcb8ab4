package io.tributary.jobs.analysis.gwas;

import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.linalg.Cholesky;
import java.util.Arrays;

/**
 * The model without a variant. A logistic one has coefficients on the intercept and the whitened
 * columns; of a linear one the whitening is all.
 *
 * @param coefficients [columns + 1], or none if the model is linear
 * @param information X'WX at the coefficients, upper triangle by rows, or none
 */
record NullFit(NullModel model, Reals coefficients, Reals information) {
  static NullFit linear(NullModel model) {
    return new NullFit(model, Reals.of(), Reals.of());
  }

  boolean logistic() {
    return coefficients.size() > 0;
  }

  /** Parameters of a logistic model with a variant. */
  int parametersWithVariant() {
    return coefficients.size() + 1;
  }

  /** Coefficients of the model without effect of a variant, which comes last. */
  double[] start() {
    return Arrays.copyOf(coefficients.toArray(), parametersWithVariant());
  }

  /** Whether the information can be inverted. */
  boolean usable() {
    return !logistic()
        || (coefficients.allFinite()
            && information.allFinite()
            && Cholesky.of(coefficients.size(), information.toArray(), 0).rank()
                == coefficients.size());
  }
}
