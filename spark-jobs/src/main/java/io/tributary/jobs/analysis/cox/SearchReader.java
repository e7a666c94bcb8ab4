package io.tributary.jobs.analysis.cox;

import io.tributary.codec.GridSum;
import io.tributary.jobs.analysis.LevelDiscovery;
import io.tributary.jobs.analysis.RowBlocks;
import io.tributary.jobs.analysis.SurvivalTimes;
import io.tributary.jobs.analysis.Values;
import org.apache.spark.sql.Row;

/**
 * Reads a complete row as [factors to discover, time, event, entry if any]: what the first round
 * looks at.
 *
 * @param factors the row's first columns
 * @param times the next ones
 * @param values of the times
 * @param columns that must not be missing
 */
record SearchReader(int factors, SurvivalTimes times, Values values, int columns)
    implements RowBlocks.RowReader {

  @Override
  public int width() {
    return factors + times.fields().size();
  }

  @Override
  public boolean read(Row row, double[] into, int at) {
    if (!new LevelDiscovery.Reader(factors, columns).read(row, into, at)) {
      return false;
    }
    for (int i = 0; i < times.fields().size(); i++) {
      into[at + factors + i] = values.value(i, row, factors + i);
    }
    times.check(into, at + factors);
    return true;
  }

  /** Both sums of the round; levels only if there are factors. */
  record Kernel(int factors, int width, RowBlocks.Kernel search) implements RowBlocks.Kernel {
    @Override
    public void add(double[] block, GridSum sum) {
      if (factors > 0) {
        for (int row = 1; row < block.length; row += width) {
          LevelDiscovery.count(block, row, factors, sum);
        }
      }
      search.add(block, sum);
    }
  }
}
