package io.tributary.protocol.model;

import io.tributary.study.Study.Shape;

/**
 * The thresholds of PROTOCOL.md 2.4, written down a second time for the model; c_s is the number of
 * colluding sites.
 *
 * @param m least |U|
 * @param t signatures of a certificate
 * @param k shares that rebuild a seed
 */
record Thresholds(int m, int t, int k) {
  private static final int MIN_CONTRIBUTORS = 3;

  /** As the table says. */
  static Thresholds of(Shape shape, int n, int colluders) {
    if (shape == Shape.ALL) {
      int k = Math.max(2, colluders + 1);
      return new Thresholds(n, k, k);
    }
    int t = (n + colluders) / 2 + 1;
    return new Thresholds(Math.max(t, Math.max(MIN_CONTRIBUTORS, colluders + 2)), t, t);
  }

  /** Whether a site accepts such a roster. */
  boolean strong(Shape shape, int n, int colluders) {
    return n >= 3
        && m <= n
        && k <= n
        && m >= colluders + 2
        && k >= colluders + 1
        && (shape == Shape.ALL || (n >= 4 && 2 * t > n + colluders));
  }
}
