package io.tributary.jobs.linalg;

/** Covariances of estimates that do not take the model's word for their variance. */
public final class Sandwich {
  private Sandwich() {}

  /**
   * V S V (Huber 1967; White 1982).
   *
   * @param bread V, the inverse of the information, row-major [size x size], symmetric
   * @param squares S, the sum of squares of score residuals, its upper triangle packed by rows
   * @return row-major [size x size], symmetric to the bit
   */
  public static double[] of(int size, double[] bread, double[] squares) {
    double[] half = new double[size * size];
    double[] whole = new double[size * size];
    for (int j = 0; j < size; j++) {
      for (int k = 0; k < size; k++) {
        for (int i = 0; i < size; i++) {
          half[j * size + k] +=
              bread[j * size + i] * squares[Cholesky.packed(size, Math.min(i, k), Math.max(i, k))];
        }
      }
    }
    for (int j = 0; j < size; j++) {
      for (int k = j; k < size; k++) {
        for (int i = 0; i < size; i++) {
          whole[j * size + k] += half[j * size + i] * bread[i * size + k];
        }
        whole[k * size + j] = whole[j * size + k];
      }
    }
    return whole;
  }
}
