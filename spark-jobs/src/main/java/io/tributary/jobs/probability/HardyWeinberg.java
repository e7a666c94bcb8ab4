package io.tributary.jobs.probability;

/**
 * Exact test of Hardy-Weinberg proportions given the allele counts (Wigginton, Cutler, Abecasis,
 * American Journal of Human Genetics 76, 2005): the probability of all numbers of heterozygotes
 * that are at most as probable as the one observed. Mid-p takes half of those that are as probable
 * (Graffelman and Moreno 2013).
 *
 * <p>Probabilities are walked outwards from the one observed by their ratios, so that each step
 * costs a few operations; a power of two is kept apart, so that logarithms are right far beyond
 * doubles.
 */
public final class HardyWeinberg {
  /** As probable: apart by rounding only. */
  private static final double TIE = 1e-7;

  private static final int RESCALE_BITS = 512;
  private static final double RESCALE = Math.scalb(1.0, RESCALE_BITS);
  private static final double LOG_2 = 0.6931471805599453;
  private static final double NEGLIGIBLE = 1e-20;

  private final long persons;
  private final long copies;
  private final long observed;
  // In units of the probability observed.
  private double tail = 1;
  private double ties = 1;
  // In units of it times 2^(RESCALE_BITS exponent).
  private double total = 1;
  private int exponent;

  private HardyWeinberg(long homRef, long het, long homAlt) {
    this.persons = homRef + het + homAlt;
    this.copies = het + 2 * Math.min(homRef, homAlt);
    this.observed = het;
  }

  /** Natural logarithm of the p-value; counts at least 0. */
  public static double logP(long homRef, long het, long homAlt) {
    HardyWeinberg test = of(homRef, het, homAlt);
    return test.log(test.tail);
  }

  /** Natural logarithm of the mid-p-value. */
  public static double logMidP(long homRef, long het, long homAlt) {
    HardyWeinberg test = of(homRef, het, homAlt);
    return test.log(test.tail - 0.5 * test.ties);
  }

  private static HardyWeinberg of(long homRef, long het, long homAlt) {
    if (homRef < 0 || het < 0 || homAlt < 0) {
      throw new IllegalArgumentException("negative count");
    }
    HardyWeinberg test = new HardyWeinberg(homRef, het, homAlt);
    test.walk(-2);
    test.walk(2);
    return test;
  }

  private double log(double part) {
    return Math.min(
        0, StrictMath.log(part) - StrictMath.log(total) - exponent * RESCALE_BITS * LOG_2);
  }

  /** Adds the probabilities on one side. */
  private void walk(int step) {
    double value = 1;
    int scale = 0;
    for (long het = observed; ; het += step) {
      double ratio = ratio(het, step);
      if (ratio == 0) {
        return;
      }
      value *= ratio;
      if (value > RESCALE) {
        value /= RESCALE;
        scale++;
      } else if (scale > 0 && value < 1) {
        value *= RESCALE;
        scale--;
      }
      add(value, scale);
      if (ratio < 1 && scale == 0 && value < NEGLIGIBLE * tail) {
        return;
      }
    }
  }

  private void add(double value, int scale) {
    if (scale > exponent) {
      total = Math.scalb(total, -RESCALE_BITS * (scale - exponent));
      exponent = scale;
    }
    total += Math.scalb(value, -RESCALE_BITS * (exponent - scale));
    if (scale == 0 && value <= 1 + TIE) {
      tail += value;
      if (value >= 1 - TIE) {
        ties += value;
      }
    }
  }

  /** P(het + step) / P(het); 0 beyond the ends. */
  private double ratio(long het, int step) {
    // Copies that are not in heterozygotes come in pairs.
    long pairs = (copies - het) / 2;
    double rare = pairs;
    double common = persons - het - pairs;
    return step > 0
        ? 4 * rare * common / ((het + 2.0) * (het + 1.0))
        : het * (het - 1.0) / (4 * (rare + 1) * (common + 1));
  }
}
