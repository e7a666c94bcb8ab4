package io.tributary.jobs.analysis.gwas;

import io.tributary.jobs.probability.Tails;

/**
 * What came out at one variant.
 *
 * @param code OK, or why there is no estimate, in plink2's words where it has one
 * @param beta of one more copy of ALT
 * @param error its standard error
 * @param logP natural logarithm of the two-sided p-value
 */
record Association(String code, double beta, double error, double statistic, double logP) {
  static final String OK = "OK";
  static final String CONSTANT = "CONST_ALLELE";
  static final String TOO_FEW = "SAMPLE_CT<=PREDICTOR_CT";
  static final String RANK_DEFICIENT = "RANK_DEFICIENT";
  static final String INFLATED = "VIF_TOO_HIGH";
  static final String INVALID = "INVALID_RESULT";

  static Association failed(String code) {
    return new Association(code, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
  }

  /** An estimate whose statistic has Student's t distribution. */
  static Association of(double beta, double error, double t, long df) {
    return new Association(OK, beta, error, t, Tails.logStudentTwoSided(t, (double) df));
  }

  boolean isTested() {
    return code.equals(OK);
  }
}
