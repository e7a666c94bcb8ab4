package io.tributary.jobs.analysis.glm;

import io.tributary.jobs.analysis.CentredColumns;
import io.tributary.jobs.analysis.Exact;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.glm.GlmResult.Fit;
import io.tributary.jobs.analysis.glm.GlmState.Counted;
import io.tributary.jobs.analysis.glm.GlmState.Element;
import io.tributary.jobs.analysis.glm.GlmState.Estimate;
import io.tributary.jobs.analysis.glm.GlmState.Spread;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalDouble;

/** From centred and scaled columns back to the study's units, with what the fit is judged by. */
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
    CentredColumns columns =
        new CentredColumns(scaling.intercept(), scaling.centres(), scaling.scales());
    Reals covariance = columns.covariance(fit.inverse(), dispersion);
    double square = scaling.outcomeScale() * scaling.outcomeScale();
    return new Fit(
        columns.estimates(fit.beta(), scaling.outcomeCentre(), scaling.outcomeScale()),
        robust.map(scaled -> columns.covariance(scaled.toArray(), square)).orElse(covariance),
        covariance,
        fit.deviance(),
        nullDeviance,
        fit.theta().isPresent()
            ? OptionalDouble.of(-fit.theta().get().minusTwoLogLikelihood() / 2)
            : family.logLikelihood(counted, fit.deviance()),
        fit.theta(),
        dispersion,
        fit.iterations());
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
      case OVERDISPERSED, SQUARE, CUBE ->
          throw new IllegalStateException(family + " is fitted beside");
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
