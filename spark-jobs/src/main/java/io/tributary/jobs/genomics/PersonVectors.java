package io.tributary.jobs.genomics;

import java.io.Serializable;

/**
 * A vector of each sample of a file, as whole numbers on the grid 2^-scale; zeros for samples that
 * are no persons of the analysis.
 */
public final class PersonVectors implements Serializable {
  private final int columns;
  private final int scale;
  private final long[] values;

  /** Zeros. */
  public PersonVectors(int samples, int columns, int scale) {
    this.columns = columns;
    this.scale = scale;
    this.values = new long[Math.multiplyExact(samples, columns)];
  }

  /** Puts a vector on the grid. */
  public void set(int sample, double[] vector) {
    for (int j = 0; j < columns; j++) {
      values[sample * columns + j] = (long) Math.rint(Math.scalb(vector[j], scale));
    }
  }

  /** Elements of a vector. */
  public int columns() {
    return columns;
  }

  public int samples() {
    return columns == 0 ? 0 : values.length / columns;
  }

  /** s of the grid 2^-s. */
  public int scale() {
    return scale;
  }

  /** An element by its place, row-major [samples x columns]. */
  long at(int place) {
    return values[place];
  }
}
