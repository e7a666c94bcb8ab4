package io.tributary.jobs.genomics;

import java.io.Serializable;

/**
 * What is summed over persons without a call: products of two vectors of theirs, so that they can
 * be taken off sums over everybody. Words: with {@code sums} the second vector [k]; products of
 * element i of the first and j of the second, j from i on, row by row.
 *
 * @param first [m]
 * @param second [k], m at most
 * @param scale s of the grid 2^-s on which each product is put
 */
public record MissingProducts(PersonVectors first, PersonVectors second, boolean sums, int scale)
    implements Serializable {
  /** Nothing is summed. */
  public static MissingProducts none() {
    PersonVectors empty = new PersonVectors(0, 0, 0);
    return new MissingProducts(empty, empty, false, 0);
  }

  /** Products of two vectors of these sizes. */
  public static int products(int first, int second) {
    return first * second - first * (first - 1) / 2;
  }

  int words() {
    return (sums ? second.columns() : 0) + products(first.columns(), second.columns());
  }

  /** Adds a person's. */
  void add(int sample, long[] words, int at) {
    int k = second.columns();
    int own = sample * first.columns();
    int other = sample * k;
    int product = at;
    if (sums) {
      for (int j = 0; j < k; j++) {
        words[product++] += second.at(other + j);
      }
    }
    int bits = scale - first.scale() - second.scale();
    for (int i = 0; i < first.columns(); i++) {
      double scaled = Math.scalb((double) first.at(own + i), bits);
      for (int j = i; j < k; j++) {
        words[product++] += (long) Math.rint(scaled * second.at(other + j));
      }
    }
  }
}
