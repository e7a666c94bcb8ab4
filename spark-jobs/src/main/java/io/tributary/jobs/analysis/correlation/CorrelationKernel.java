package io.tributary.jobs.analysis.correlation;

import io.tributary.codec.GridSum;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.RowBlocks;

/** Sums of the two rounds; a row is [group, values], all present. */
sealed interface CorrelationKernel extends RowBlocks.Kernel {
  String PERSONS = "persons";
  String DROPPED = "dropped";
  String SUM = "sum";
  String ABSOLUTE = "absolute";
  String PRODUCTS = "products";

  /** Persons, sums and absolute sums. */
  record Moments(int columns) implements CorrelationKernel {
    @Override
    public void add(double[] block, GridSum sum) {
      int dropped = sum.slot(DROPPED);
      for (int i = 0; i < (int) block[0]; i++) {
        sum.count(dropped, 0, 1);
      }
      int persons = sum.slot(PERSONS);
      int total = sum.slot(SUM + ".high");
      int absolute = sum.slot(ABSOLUTE + ".high");
      for (int row = 1; row < block.length; row += 1 + columns) {
        int group = (int) block[row];
        sum.count(persons, group, 1);
        for (int j = 0; j < columns; j++) {
          double x = block[row + 1 + j];
          sum.unbounded(total, group * columns + j, x);
          sum.unbounded(absolute, group * columns + j, Math.abs(x));
        }
      }
    }
  }

  /**
   * Products of centred columns, each over its public power of two; packed upper triangle.
   *
   * @param centres [groups x columns]
   * @param scales the same; 0 for a group whose products are not asked for
   */
  record Products(int columns, Reals centres, Reals scales) implements CorrelationKernel {
    @Override
    public void add(double[] block, GridSum sum) {
      int slot = sum.slot(PRODUCTS);
      int products = columns * (columns + 1) / 2;
      double[] z = new double[columns];
      for (int row = 1; row < block.length; row += 1 + columns) {
        int group = (int) block[row];
        int first = group * columns;
        if (scales.at(first) == 0) {
          continue;
        }
        for (int j = 0; j < columns; j++) {
          z[j] = (block[row + 1 + j] - centres.at(first + j)) / scales.at(first + j);
        }
        int at = group * products;
        for (int j = 0; j < columns; j++) {
          for (int k = j; k < columns; k++) {
            sum.add(slot, at++, z[j] * z[k]);
          }
        }
      }
    }
  }
}
