package io.tributary.jobs.analysis;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.codec.GridSum;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * What a first round tells of numbers by group, and the second round that follows: squares about
 * each group's mean. Rows are those of {@link GroupedReader}, elements stand at {@code column *
 * groups + group}.
 *
 * @param n persons with a value, [columns x groups]
 * @param sums exact sums of x, [columns x groups]
 * @param absolutes exact sums of |x|, [columns x groups]
 */
public record GroupSums(int groups, Counts n, List<BigDecimal> sums, List<BigDecimal> absolutes) {
  private static final String SQUARES = "squares ";

  public GroupSums {
    sums = List.copyOf(sums);
    absolutes = List.copyOf(absolutes);
  }

  private int columns() {
    return n.size() / groups;
  }

  /** Means rounded to doubles, [columns x groups]. */
  public double[] centres() {
    double[] centres = new double[n.size()];
    for (int i = 0; i < centres.length; i++) {
      centres[i] = Exact.mean(sums.get(i), n.at(i));
    }
    return centres;
  }

  /** What no group's sum of |x - c| exceeds: sum |x| + n |c|, up to the rounding of c. */
  public double reach(int column) {
    double most = 0;
    for (int group = 0; group < groups; group++) {
      int at = column * groups + group;
      double absolute = Exact.upperBound(absolutes.get(at));
      double centre = Math.abs(Exact.mean(sums.get(at), n.at(at)));
      most = Math.max(most, absolute + (n.at(at) + 1) * centre);
    }
    return most;
  }

  /** Slots of the second round: a sum of (x - c)^2 is at most (sum of |x - c|)^2. */
  public void declareSquares(Layout.Builder layout) {
    for (int column = 0; column < columns(); column++) {
      double reach = reach(column);
      double bound = Math.nextUp(reach * reach * (1 + 0x1p-40));
      layout.wide(SQUARES + column, groups, "unit^2", bound, bound);
    }
  }

  /**
   * Adds rows to the second round.
   *
   * @param width doubles a row: the group, these numbers, others
   */
  public RowBlocks.Kernel squaresKernel(int width) {
    return new SquaresKernel(groups, width, Reals.of(centres()));
  }

  /** Exact sums of squares about each group's mean, [columns x groups]. */
  public List<BigDecimal> squares(Aggregate sum) {
    List<BigDecimal> squares = new ArrayList<>(n.size());
    double[] centres = centres();
    for (int i = 0; i < centres.length; i++) {
      squares.add(
          Exact.squaresAboutMean(
              sum.exact(SQUARES + i / groups, i % groups), sums.get(i), n.at(i), centres[i]));
    }
    return squares;
  }

  private record SquaresKernel(int groups, int width, Reals centres) implements RowBlocks.Kernel {
    @Override
    public void add(double[] block, GridSum sum) {
      for (int column = 0; column < centres.size() / groups; column++) {
        int slot = sum.slot(SQUARES + column);
        for (int row = 1; row < block.length; row += width) {
          double x = block[row + 1 + column];
          if (!Double.isNaN(x)) {
            int group = (int) block[row];
            double off = x - centres.at(column * groups + group);
            sum.add(slot, group, off * off);
          }
        }
      }
    }
  }
}
