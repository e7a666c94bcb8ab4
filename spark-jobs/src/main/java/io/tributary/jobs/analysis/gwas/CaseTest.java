package io.tributary.jobs.analysis.gwas;

import io.tributary.jobs.genomics.Copies;

/**
 * Tests without covariates of copies among cases, from what {@link ScoreScan} sums; equal to those
 * of the table of cases and controls by genotype of the persons with a call. With n of them, a
 * share f of cases, and G copies of which cases have A, u = A - f G.
 *
 * <p>Trend (Cochran 1954, Armitage 1955): chi-square is u u / v with v = f (1 - f) sum of (g -
 * G/n)^2. Alleles (Sasieni 1997): alleles for persons, that is in Hardy-Weinberg's proportions, v =
 * f (1 - f) G (1 - G / (2 n)); u u / v is Pearson's chi-square of alleles by cases and controls.
 * Beta is u / v.
 *
 * <p>Effect, frequency and n tell A, so that each of the four numbers of copies and of none, among
 * cases and among controls, has to be of enough persons.
 *
 * @param share of cases among all persons of the model
 * @param test TREND or ALLELIC
 * @param each copies that a person has at most
 * @param leastCell persons of each of the four, at least
 */
record CaseTest(double share, Association.Test test, int each, int leastCell) {
  /**
   * One variant.
   *
   * @param copies of the persons with a call
   * @param residual sum of g (y - share)
   * @param missing sum of y - share over persons without a call
   */
  Association of(Copies copies, double residual, double missing) {
    double n = copies.called();
    double here = share - missing / n;
    double variance = here * (1 - here);
    // Halves are room for the grid.
    double cases = here * n;
    double carried = residual + share * copies.sum();
    double least =
        Math.min(
            Math.min(carried, copies.sum() - carried),
            Math.min(each * cases - carried, each * (n - cases) - copies.sum() + carried));
    if (least < each * leastCell - 0.5) {
      return Association.failed(Association.FEW_CASES);
    }
    if (Math.min(here, 1 - here) * n < 0.5) {
      return Association.failed(Association.INVALID);
    }
    double u = residual + (share - here) * copies.sum();
    double spread =
        test == Association.Test.ALLELIC
            ? copies.sum() * (1 - copies.sum() / (2 * n))
            : copies.spread();
    double v = variance * spread;
    return Association.normal(test, u / v, 1 / Math.sqrt(v));
  }
}
