package io.tributary.protocol.model;

/** The span of integer row vectors over F_p, p = 2^31 - 1; small and exact enough for signs. */
final class RowSpace {
  private static final long P = (1L << 31) - 1;

  private final long[][] rows;
  private final int columns;
  private int rank;

  RowSpace(int columns) {
    this.columns = columns;
    this.rows = new long[columns][];
  }

  /** Adds a vector; returns whether it was new. */
  boolean add(long[] vector) {
    long[] row = new long[columns];
    for (int i = 0; i < columns; i++) {
      row[i] = Math.floorMod(vector[i], P);
    }
    for (int i = 0; i < columns; i++) {
      if (row[i] == 0) {
        continue;
      }
      if (rows[i] == null) {
        scale(row, inverse(row[i]));
        rows[i] = row;
        rank++;
        return true;
      }
      long factor = row[i];
      for (int j = i; j < columns; j++) {
        row[j] = Math.floorMod(row[j] - factor * rows[i][j] % P, P);
      }
    }
    return false;
  }

  /** Adds the 0/1 vector of a mask. */
  boolean add(int mask) {
    long[] vector = new long[columns];
    for (int i = 0; i < columns; i++) {
      vector[i] = mask >> i & 1;
    }
    return add(vector);
  }

  int rank() {
    return rank;
  }

  /** Dimension of the part of the span that is zero in the first {@code count} columns. */
  int rankBeyond(int count) {
    // Rows are in echelon form, so those with a later pivot span exactly that part.
    int beyond = 0;
    for (int i = count; i < columns; i++) {
      beyond += rows[i] == null ? 0 : 1;
    }
    return beyond;
  }

  private static void scale(long[] row, long factor) {
    for (int i = 0; i < row.length; i++) {
      row[i] = row[i] * factor % P;
    }
  }

  private static long inverse(long a) {
    long result = 1;
    long power = a;
    for (long exponent = P - 2; exponent != 0; exponent >>= 1) {
      if ((exponent & 1) != 0) {
        result = result * power % P;
      }
      power = power * power % P;
    }
    return result;
  }

  /**
   * The least number of {@code coordinates} (a mask) on which a vector of the span of {@code sums}
   * that is not zero on all of them differs from zero; a large number if there is no such vector.
   */
  static int leastSupport(Iterable<Integer> sums, int coordinates, int columns) {
    RowSpace whole = new RowSpace(columns);
    for (int sum : sums) {
      whole.add(sum & coordinates);
    }
    int least = Integer.MAX_VALUE;
    for (int subset = coordinates; subset != 0; subset = (subset - 1) & coordinates) {
      if (Integer.bitCount(subset) >= least) {
        continue;
      }
      // A vector lives on the subset if forgetting the subset loses rank.
      RowSpace outside = new RowSpace(columns);
      for (int sum : sums) {
        outside.add(sum & coordinates & ~subset);
      }
      if (outside.rank() < whole.rank()) {
        least = Integer.bitCount(subset);
      }
    }
    return least;
  }
}
