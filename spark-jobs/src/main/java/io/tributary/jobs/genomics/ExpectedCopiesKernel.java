package io.tributary.jobs.genomics;

import io.tributary.connectors.genomics.DosageTile;

/**
 * What {@link DosageKernel} sums, of copies that need not be whole. A person's part is rounded to
 * the grid, so sums are exact in any order and for any split; of whole copies they are the same.
 */
public final class ExpectedCopiesKernel implements CopiesKernel {
  private final int[] positions;
  private final CopyWeights weights;
  private final boolean dosages;
  private final double[] means;

  /**
   * A kernel.
   *
   * @param positions of the persons with a vector
   * @param dosages whether dosages are read as they are
   * @param means copies of persons without a call, of each row of the sum; none if they are left
   *     out
   */
  public ExpectedCopiesKernel(
      int[] positions, CopyWeights weights, boolean dosages, double[] means) {
    this.positions = positions.clone();
    this.weights = weights;
    this.dosages = dosages;
    this.means = means.clone();
  }

  @Override
  public boolean dosages() {
    return dosages;
  }

  @Override
  public boolean readsAbsent() {
    return weights.missing().words() > 0 || means.length > 0;
  }

  @Override
  public int words() {
    return weights.words();
  }

  @Override
  public long[] sum(DosageTile tile, int[] rows) {
    int step = words();
    boolean takesMissing = weights.missing().words() > 0;
    long[] words = new long[Math.multiplyExact(rows.length, step)];
    for (int variant = 0; variant < rows.length; variant++) {
      int at = variant * step;
      for (int position : positions) {
        int dosage = tile.dosage(variant, position);
        if (dosage != DosageTile.MISSING) {
          add(dosage / (double) DosageTile.COPY, position, words, at);
        } else if (means.length > 0) {
          add(means[rows[variant]], position, words, at);
        } else if (takesMissing) {
          weights.missing().add(position, words, at + weights.vectors().columns());
        }
      }
    }
    return words;
  }

  private void add(double copies, int position, long[] words, int at) {
    if (copies == 0) {
      return;
    }
    PersonVectors vectors = weights.vectors();
    int k = vectors.columns();
    int from = position * k;
    int plain = k - weights.squares();
    for (int j = 0; j < k; j++) {
      double times = j < plain ? copies : copies * copies;
      words[at + j] += (long) Math.rint(times * vectors.at(from + j));
    }
  }
}
