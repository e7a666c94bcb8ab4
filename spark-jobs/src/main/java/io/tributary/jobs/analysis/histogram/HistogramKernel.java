package io.tributary.jobs.analysis.histogram;

import io.tributary.codec.GridSum;
import io.tributary.jobs.analysis.RowBlocks;

/** Sums of the three kinds of round; a row is [group, value]. */
sealed interface HistogramKernel extends RowBlocks.Kernel {
  String PERSONS = "persons";
  String SUM = "sum";
  String ABSOLUTE = "absolute";
  String SQUARES = "squares";
  String BINS = "bins";
  String MISSING = "missing";
  String UNGROUPED = "ungrouped";

  /** Persons, sum and absolute sum. */
  record Moments() implements HistogramKernel {
    @Override
    public void add(double[] block, GridSum sum) {
      int persons = sum.slot(PERSONS);
      int total = sum.slot(SUM + ".high");
      int absolute = sum.slot(ABSOLUTE + ".high");
      for (int row = 1; row < block.length; row += 2) {
        double x = block[row + 1];
        if (!Double.isNaN(x)) {
          sum.count(persons, 0, 1);
          sum.unbounded(total, 0, x);
          sum.unbounded(absolute, 0, Math.abs(x));
        }
      }
    }
  }

  /** Squares about a public centre. */
  record Squares(double centre) implements HistogramKernel {
    @Override
    public void add(double[] block, GridSum sum) {
      int squares = sum.slot(SQUARES);
      for (int row = 1; row < block.length; row += 2) {
        double off = block[row + 1] - centre;
        if (!Double.isNaN(off)) {
          sum.add(squares, 0, off * off);
        }
      }
    }
  }

  /** Persons between edges, by group. */
  final class Bins implements HistogramKernel {
    private final double[] edges;

    Bins(double[] edges) {
      this.edges = edges.clone();
    }

    @Override
    public void add(double[] block, GridSum sum) {
      int bins = sum.slot(BINS);
      int missing = sum.slot(MISSING);
      int ungrouped = sum.slot(UNGROUPED);
      for (int i = 0; i < (int) block[0]; i++) {
        sum.count(ungrouped, 0, 1);
      }
      for (int row = 1; row < block.length; row += 2) {
        int group = (int) block[row];
        double x = block[row + 1];
        if (Double.isNaN(x)) {
          sum.count(missing, group, 1);
        } else {
          sum.count(bins, group * (edges.length + 1) + Edges.place(x, edges), 1);
        }
      }
    }
  }
}
