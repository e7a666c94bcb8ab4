package io.tributary.jobs.analysis.elasticnet;

import java.io.Serializable;

/**
 * How rows are cut into the parts of a cross-validation.
 *
 * @param count parts; 1 for no cross-validation
 * @param from what a row's part follows from
 */
record Parts(int count, From from) implements Serializable {
  /** What a row's part follows from. */
  enum From {
    NONE,
    /** A column's level. */
    COLUMN,
    /** The person's name, so that all rows of a person are in one part. */
    PERSON,
    /** The row's numbers, where each row is a person. */
    VALUES
  }

  /** Part of a name: its characters mixed to 64 bits (FNV-1a, then Steele et al. 2014). */
  int of(String name) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < name.length(); i++) {
      hash = (hash ^ name.charAt(i)) * 0x100000001b3L;
    }
    return of(hash);
  }

  /** Part of some numbers. */
  int of(double[] values, int from, int size) {
    long hash = 0xcbf29ce484222325L;
    for (int i = from; i < from + size; i++) {
      hash = (hash ^ mixed(Double.doubleToLongBits(values[i]))) * 0x100000001b3L;
    }
    return of(hash);
  }

  private int of(long hash) {
    return (int) Long.remainderUnsigned(mixed(hash), count);
  }

  private static long mixed(long bits) {
    long z = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
