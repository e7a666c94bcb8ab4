package io.tributary.jobs.analysis.parametricsurvival;

import io.tributary.jobs.analysis.CentredColumns;
import io.tributary.jobs.analysis.NamedOutcome;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.parametricsurvival.SurvivalState.Counted;
import io.tributary.jobs.analysis.parametricsurvival.SurvivalState.Estimate;
import io.tributary.jobs.analysis.parametricsurvival.SurvivalState.Spread;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a parametric model of times ended with, before the release floor.
 *
 * @param outcome {@code OK} or a named outcome
 * @param counted sums of the first round
 * @param terms names of the parameters, as R writes them; Log(scale) last if it is one
 * @param concerned names of the terms that led to the outcome, empty if OK
 * @param fit empty unless OK
 */
public record SurvivalResult(
    Outcome outcome,
    Counted counted,
    List<String> terms,
    List<String> concerned,
    Optional<Fit> fit) {
  public SurvivalResult {
    terms = List.copyOf(terms);
    concerned = List.copyOf(concerned);
  }

  /** How a model can end. */
  public enum Outcome implements NamedOutcome {
    OK("", false),
    TOO_FEW_PERSONS("fewer persons than the release floor asks for", true),
    SATURATED("more parameters than the release floor allows for this many persons", true),
    RARE_LEVEL("a level, or a combination of levels, has too few persons", true),
    RARE_OUTCOME("too few persons with the event, or without it", true),
    NO_EVENTS("nobody has the event", false),
    TOO_MANY_PARAMETERS("at least as many parameters as events", false),
    CONSTANT_OUTCOME("all times, less offsets, are the same, so that there is no scale", false),
    COLLINEAR("terms follow from other terms, or have nobody in them", false),
    MONOTONE_LIKELIHOOD("a term has no finite estimate, e.g. a group without events", false),
    NOT_CONVERGED("the steps allowed did not suffice", false);

    private final String sentence;
    private final boolean withheld;

    Outcome(String sentence, boolean withheld) {
      this.sentence = sentence;
      this.withheld = withheld;
    }

    @Override
    public String sentence() {
      return sentence;
    }

    @Override
    public boolean withheld() {
      return withheld;
    }
  }

  /**
   * A converged fit.
   *
   * @param estimates of intercept and columns, and log scale unless the scale is 1, [p]
   * @param covariance of these, row-major [p x p]
   * @param model the model's covariance where {@code covariance} is a robust one; else the same
   * @param scale of the logarithms of times
   * @param logLikelihood of the times
   * @param nullLogLikelihood of the model with intercept and scale alone
   * @param iterations steps
   */
  public record Fit(
      Reals estimates,
      Reals covariance,
      Reals model,
      double scale,
      double logLikelihood,
      double nullLogLikelihood,
      int iterations) {

    /**
     * From u = b v to log time = predictor + scale u, and to the columns as they are. With t the
     * inverse scale a coefficient is -b / t, and the log scale -log t; where the score is 0 the
     * covariance follows by their derivatives.
     *
     * @param inverse of the information of b, row-major [p x p]
     * @param robust covariance of b that stands in for it
     */
    static Fit of(
        LogTimeScaling scaling,
        boolean fixedScale,
        Spread spread,
        Estimate estimate,
        double[] inverse,
        Optional<double[]> robust) {
      double[] b = estimate.coefficients().toArray();
      int p = b.length;
      int predictors = scaling.columns() + 1;
      double t = fixedScale ? 1 : b[p - 1];
      double[] beta = new double[predictors];
      double[] slopes = new double[p * p];
      for (int j = 0; j < predictors; j++) {
        beta[j] = -b[j] / t;
        slopes[j * p + j] = -1 / t;
        if (!fixedScale) {
          slopes[j * p + p - 1] = -beta[j] / t;
        }
      }
      if (!fixedScale) {
        slopes[p * p - 1] = -1 / t;
      }
      CentredColumns columns = columns(scaling, predictors - 1);
      double[] estimates =
          Arrays.copyOf(columns.estimates(Reals.of(beta), scaling.centres().at(0), 1).toArray(), p);
      if (!fixedScale) {
        estimates[p - 1] = -StrictMath.log(t);
      }
      CentredColumns all = columns(scaling, p - 1);
      Reals model = all.covariance(congruent(slopes, inverse), 1);
      double logTimes = spread.eventLogTimes().doubleValue();
      return new Fit(
          Reals.of(estimates),
          robust.map(own -> all.covariance(congruent(slopes, own), 1)).orElse(model),
          model,
          1 / t,
          -estimate.objective() / 2 - logTimes,
          -estimate.nullObjective() / 2 - logTimes,
          estimate.iterations());
    }

    /** The columns, and others beside them that were neither centred nor scaled. */
    private static CentredColumns columns(LogTimeScaling scaling, int size) {
      double[] centres = new double[size];
      double[] scales = new double[size];
      Arrays.fill(scales, 1);
      for (int j = 0; j < scaling.columns(); j++) {
        centres[j] = scaling.centres().at(j + 1);
        scales[j] = scaling.scales().at(j + 1);
      }
      return new CentredColumns(true, Reals.of(centres), Reals.of(scales));
    }

    /** A M A', row-major; symmetric to the bit. */
    private static double[] congruent(double[] a, double[] m) {
      int p = (int) Math.sqrt(a.length);
      double[] half = new double[p * p];
      double[] whole = new double[p * p];
      for (int j = 0; j < p; j++) {
        for (int k = 0; k < p; k++) {
          for (int i = 0; i < p; i++) {
            half[j * p + k] += a[j * p + i] * m[i * p + k];
          }
        }
      }
      for (int j = 0; j < p; j++) {
        for (int k = j; k < p; k++) {
          for (int i = 0; i < p; i++) {
            whole[j * p + k] += half[j * p + i] * a[k * p + i];
          }
          whole[k * p + j] = whole[j * p + k];
        }
      }
      return whole;
    }
  }
}
