package io.tributary.jobs.analysis.glm;

import io.tributary.jobs.analysis.Exact;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.glm.GlmResult.Fit;
import io.tributary.jobs.analysis.glm.GlmState.Counted;
import io.tributary.jobs.analysis.glm.GlmState.Element;
import io.tributary.jobs.analysis.glm.GlmState.Estimate;
import io.tributary.jobs.analysis.glm.GlmState.Spread;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * From centred and scaled columns back to the study's units. Scales are powers of two, so slopes
 * keep every bit; the intercept is added up exactly and rounded once.
 */
final class BackTransform {
  private BackTransform() {}

  /**
   * The fit in the units of the columns.
   *
   * @param robust covariance of the scaled coefficients that stands in for the model's, [p x p]
   */
  static Fit of(
      FamilyLink model,
      Scaling scaling,
      Counted counted,
      Spread spread,
      boolean withNull,
      Estimate fit,
      Optional<Reals> robust) {
    int p = scaling.size();
    long n = counted.persons();
    Family family = model.family();
    double dispersion =
        family.estimatesDispersion()
            ? (family.sumsPearson() ? fit.pearson() : fit.deviance()) / (n - p)
            : 1;
    double nullDeviance =
        withNull ? fit.nullDeviance() : nullDeviance(family, scaling, counted, spread);
    Reals covariance = covariance(scaling, fit.inverse(), dispersion);
    double square = scaling.outcomeScale() * scaling.outcomeScale();
    return new Fit(
        estimates(scaling, fit.beta()),
        robust.map(scaled -> covariance(scaling, scaled.toArray(), square)).orElse(covariance),
        covariance,
        fit.deviance(),
        nullDeviance,
        family.logLikelihood(counted, fit.deviance()),
        dispersion,
        fit.iterations());
  }

  private static Reals estimates(Scaling scaling, Reals beta) {
    double[] estimates = new double[beta.size()];
    int first = scaling.intercept() ? 1 : 0;
    BigDecimal intercept = new BigDecimal(scaling.outcomeCentre());
    for (int j = first; j < estimates.length; j++) {
      estimates[j] = beta.at(j) * (scaling.outcomeScale() / scaling.scales().at(j - first));
      intercept =
          intercept.subtract(
              new BigDecimal(estimates[j])
                  .multiply(new BigDecimal(scaling.centres().at(j - first))));
    }
    if (first == 1) {
      BigDecimal own = new BigDecimal(beta.at(0)).multiply(new BigDecimal(scaling.outcomeScale()));
      estimates[0] = intercept.add(own).doubleValue();
    }
    return Reals.of(estimates);
  }

  /** T V T' with T the linear map of {@link #estimates}, times the dispersion. */
  private static Reals covariance(Scaling scaling, double[] inverse, double dispersion) {
    int p = scaling.size();
    int first = scaling.intercept() ? 1 : 0;
    double[] slopes = new double[p];
    for (int j = 0; j < p; j++) {
      slopes[j] = j < first ? 1 : 1 / scaling.scales().at(j - first);
    }
    // With the information in the outcome's scale, dispersion / outcomeScale^2 is the factor there.
    double[] covariance = new double[p * p];
    for (int j = first; j < p; j++) {
      for (int k = first; k < p; k++) {
        covariance[j * p + k] = inverse[j * p + k] * slopes[j] * slopes[k] * dispersion;
      }
    }
    if (first == 1) {
      BigDecimal[] row = new BigDecimal[p];
      for (int k = 0; k < p; k++) {
        row[k] = new BigDecimal(inverse[k] * slopes[k]);
        for (int j = 1; j < p; j++) {
          row[k] =
              row[k].subtract(
                  new BigDecimal(inverse[j * p + k] * slopes[j] * slopes[k])
                      .multiply(new BigDecimal(scaling.centres().at(j - 1))));
        }
      }
      BigDecimal corner = row[0];
      for (int k = 1; k < p; k++) {
        corner = corner.subtract(row[k].multiply(new BigDecimal(scaling.centres().at(k - 1))));
        covariance[k] = row[k].doubleValue() * dispersion;
        covariance[k * p] = covariance[k];
      }
      covariance[0] = corner.doubleValue() * dispersion;
    }
    return Reals.of(covariance);
  }

  /** Deviance of the weighted mean, in closed form; without intercept, of mean link^-1(0). */
  private static double nullDeviance(
      Family family, Scaling scaling, Counted counted, Spread spread) {
    double weights = counted.outcome(Element.W).doubleValue();
    double sum = counted.outcome(Element.W_Y).doubleValue();
    return switch (family.variance()) {
      case CONSTANT -> gaussianNull(scaling.intercept(), counted, spread);
      case BINOMIAL -> {
        double rest =
            counted.outcome(Element.W).subtract(counted.outcome(Element.W_Y)).doubleValue();
        yield -2 * (sum * StrictMath.log(sum / weights) + rest * StrictMath.log(rest / weights));
      }
      case MEAN ->
          2
              * (counted.outcome(Element.W_Y_LOG_Y).doubleValue()
                  - sum * StrictMath.log(sum / weights));
      case SQUARE, CUBE -> throw new IllegalStateException(family + " is fitted beside");
    };
  }

  /** Squares about the exact weighted mean, from squares about that mean rounded to a double. */
  private static double gaussianNull(boolean intercept, Counted counted, Spread spread) {
    if (!intercept) {
      return spread.weighted().doubleValue();
    }
    BigDecimal weights = counted.outcome(Element.W);
    BigDecimal off =
        counted
            .outcome(Element.W_Y)
            .subtract(weights.multiply(new BigDecimal(Scaling.weightedMean(true, counted))));
    return spread.weighted().subtract(Exact.quotient(off.multiply(off), weights)).doubleValue();
  }
}
