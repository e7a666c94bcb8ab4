package io.tributary.jobs.analysis.gwas;

import io.tributary.jobs.genomics.Copies;
import io.tributary.jobs.probability.Tails;
import java.util.Optional;

/**
 * What came out at one variant.
 *
 * @param code OK, or why there is no estimate, in plink2's words where it has one
 * @param test by which; of no use without an estimate
 * @param beta of one more copy of ALT
 * @param error its standard error
 * @param logP natural logarithm of the two-sided p-value
 */
record Association(
    String code, Test test, double beta, double error, double statistic, double logP) {
  static final String OK = "OK";
  static final String CONSTANT = "CONST_ALLELE";
  static final String TOO_FEW = "SAMPLE_CT<=PREDICTOR_CT";
  static final String RANK_DEFICIENT = "RANK_DEFICIENT";
  static final String INFLATED = "VIF_TOO_HIGH";
  static final String INVALID = "INVALID_RESULT";
  static final String DIFFERENTIAL = "DIFFERENTIAL_MISSINGNESS";
  static final String FEW_CASES = "SUPPRESSED_CASES";
  static final String SEPARATION = "SEPARATION";
  static final String LOGISTIC_UNFINISHED = "LOGISTIC_CONVERGE_FAIL";
  static final String FIRTH_UNFINISHED = "FIRTH_CONVERGE_FAIL";

  /** How an estimate was made. */
  enum Test {
    /** Least squares. */
    LINEAR,
    /** At the logistic model without the variant. */
    SCORE,
    /** Trend of cases over copies, without covariates. */
    TREND,
    /** Alleles of cases and of controls, without covariates. */
    ALLELIC,
    /** At the maximum of the logistic likelihood. */
    WALD,
    /** At the maximum of the penalised likelihood. */
    FIRTH
  }

  static Association failed(String code) {
    return new Association(code, Test.LINEAR, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
  }

  /**
   * A variant that no model can test.
   *
   * @param parameters of the model without it
   */
  static Optional<Association> untestable(Copies copies, int parameters) {
    if (copies.called() <= parameters + 1) {
      return Optional.of(failed(TOO_FEW));
    }
    return copies.spread() > LinearTest.SINGULAR * copies.called()
        ? Optional.empty()
        : Optional.of(failed(CONSTANT));
  }

  /**
   * OK, or the code of a variant that nearly follows from covariates.
   *
   * @param spread sum of squares of copies about their mean
   * @param left what covariates leave of it
   */
  static String inflation(double spread, double left) {
    if (!(left > LinearTest.SINGULAR * spread)) {
      return RANK_DEFICIENT;
    }
    return spread / left > NullModel.MAX_INFLATION ? INFLATED : OK;
  }

  /** An estimate whose statistic has Student's t distribution. */
  static Association of(double beta, double error, double t, Tails.Student distribution) {
    return new Association(OK, Test.LINEAR, beta, error, t, distribution.logTwoSided(t));
  }

  /** An estimate whose statistic is normal. */
  static Association normal(Test test, double beta, double error) {
    double z = beta / error;
    return new Association(OK, test, beta, error, z, Tails.logNormalTwoSided(z));
  }

  /** Of a logistic model: odds with one more copy of ALT over odds without. */
  double oddsRatio() {
    return StrictMath.exp(beta);
  }

  boolean isTested() {
    return code.equals(OK);
  }
}
