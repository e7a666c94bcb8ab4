package io.tributary.jobs.analysis.histogram;

/** Edges of bins that people like: multiples of 1, 2, 2.5 or 5 times a power of ten. */
final class Edges {
  private static final double[] STEPS = {1, 2, 2.5, 5, 10};

  /** Standard deviations from the mean that edges reach when no range is declared. */
  static final double REACH = 3;

  private Edges() {}

  /** Exactly {@code bins} equal bins over a declared range. */
  static double[] equal(double low, double high, int bins) {
    double[] edges = new double[bins + 1];
    for (int i = 0; i <= bins; i++) {
      edges[i] = low + (high - low) * i / bins;
    }
    edges[bins] = high;
    return edges;
  }

  /** About {@code bins} round bins from mean - 3 sd to mean + 3 sd; one bin if sd is 0. */
  static double[] round(double mean, double sd, int bins) {
    if (!(sd > 0)) {
      double half = Math.max(0.5, Math.ulp(mean));
      return new double[] {mean - half, mean + half};
    }
    double step = step(2 * REACH * sd / bins);
    double first = Math.floor((mean - REACH * sd) / step);
    int count = (int) Math.max(1, Math.ceil((mean + REACH * sd) / step) - first);
    double[] edges = new double[count + 1];
    for (int i = 0; i <= count; i++) {
      edges[i] = (first + i) * step;
    }
    return edges;
  }

  /** The least round number of at least {@code width}. */
  private static double step(double width) {
    double power = 1;
    while (power > width) {
      power /= 10;
    }
    while (power * 10 <= width) {
      power *= 10;
    }
    for (double step : STEPS) {
      if (step * power >= width) {
        return step * power;
      }
    }
    return 10 * power;
  }

  /**
   * Place of a value: 0 below the first edge, i in [edge i-1, edge i), the last bin closed, and
   * {@code edges.length} above the last edge.
   */
  static int place(double x, double[] edges) {
    int last = edges.length - 1;
    if (x < edges[0]) {
      return 0;
    }
    if (x >= edges[last]) {
      return x == edges[last] ? last : last + 1;
    }
    int low = 0;
    int high = last;
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (x < edges[middle]) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return low + 1;
  }
}
