package io.tributary.jobs.analysis.summary;

import io.tributary.codec.GridSum;
import io.tributary.jobs.analysis.RowBlocks;
import io.tributary.jobs.analysis.ValueKeys;
import io.tributary.jobs.analysis.summary.SummaryState.Target;
import java.util.List;

/** Later rounds: counts in equal parts of the bins that are still open. */
final class BinningKernel implements RowBlocks.Kernel {
  private final int groups;
  private final int width;
  private final int[] decimals;
  private final int[] column;
  private final int[] series;
  private final long[] low;
  private final long[] high;

  /**
   * @param width doubles a row
   * @param decimals of each number
   * @param bins one target for each open bin
   */
  BinningKernel(int groups, int width, List<Integer> decimals, List<Target> bins) {
    this.groups = groups;
    this.width = width;
    this.decimals = decimals.stream().mapToInt(Integer::intValue).toArray();
    this.column = bins.stream().mapToInt(Target::column).toArray();
    this.series = bins.stream().mapToInt(Target::series).toArray();
    this.low = bins.stream().mapToLong(Target::low).toArray();
    this.high = bins.stream().mapToLong(Target::high).toArray();
  }

  @Override
  public void add(double[] block, GridSum sum) {
    int slot = sum.slot(SummaryAnalysis.BINS);
    int split = Refinement.split(low.length);
    for (int bin = 0; bin < low.length; bin++) {
      long step = Refinement.step(low[bin], high[bin], split);
      boolean all = series[bin] == groups;
      for (int row = 1; row < block.length; row += width) {
        double x = block[row + 1 + column[bin]];
        if (Double.isNaN(x) || !(all || (int) block[row] == series[bin])) {
          continue;
        }
        long key = ValueKeys.key(x, decimals[column[bin]]);
        if (key >= low[bin] && key <= high[bin]) {
          int part = (int) Long.divideUnsigned(key - low[bin], step);
          sum.count(slot, bin * split + part, 1);
        }
      }
    }
  }
}
