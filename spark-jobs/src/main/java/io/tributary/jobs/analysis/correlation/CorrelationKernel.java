package io.tributary.jobs.analysis.correlation;

import io.tributary.codec.GridSum;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.RowBlocks;

/** Sums of the two rounds; a row is [values], all present. */
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
      for (int row = 1; row < block.length; row += columns) {
        sum.count(persons, 0, 1);
        for (int j = 0; j < columns; j++) {
          sum.unbounded(total, j, block[row + j]);
          sum.unbounded(absolute, j, Math.abs(block[row + j]));
        }
      }
    }
  }

  /** Products of centred columns, each over its public power of two; packed upper triangle. */
  record Products(Reals centres, Reals scales) implements CorrelationKernel {
    @Override
    public void add(double[] block, GridSum sum) {
      int slot = sum.slot(PRODUCTS);
      int columns = centres.size();
      double[] z = new double[columns];
      for (int row = 1; row < block.length; row += columns) {
        for (int j = 0; j < columns; j++) {
          z[j] = (block[row + j] - centres.at(j)) / scales.at(j);
        }
        int at = 0;
        for (int j = 0; j < columns; j++) {
          for (int k = j; k < columns; k++) {
            sum.add(slot, at++, z[j] * z[k]);
          }
        }
      }
    }
  }
}
