package io.tributary.jobs.analysis.prevalence;

import io.tributary.codec.GridSum;
import io.tributary.jobs.analysis.Field;
import io.tributary.jobs.analysis.RowBlocks;

/** Adds persons by period over rows [stratum, index, outcome, time]. */
final class PrevalenceKernel implements RowBlocks.Kernel {
  private static final long serialVersionUID = 1L;
  private static final int WIDTH = 4;

  private final long[] firsts;
  private final long[] lasts;
  private final Presence presence;
  private final int groups;

  PrevalenceKernel(Calendar calendar, Presence presence, int groups) {
    this.firsts = new long[calendar.size()];
    this.lasts = new long[calendar.size()];
    for (int period = 0; period < firsts.length; period++) {
      firsts[period] = calendar.first(period).toEpochDay();
      lasts[period] = calendar.last(period).toEpochDay();
    }
    this.presence = presence;
    this.groups = groups;
  }

  @Override
  public void add(double[] block, GridSum sum) {
    for (int i = 0; i < (int) block[0]; i++) {
      sum.count(sum.slot(PrevalenceAnalysis.UNGROUPED), 0, 1);
    }
    int persons = sum.slot(PrevalenceAnalysis.PERSONS);
    for (int row = 1; row < block.length; row += WIDTH) {
      int group = (int) block[row];
      double from = Field.wholeDays(block[row + 1], "the index date");
      double event = from + Field.wholeDays(block[row + 2], "the day of the outcome");
      double to = from + Field.wholeDays(block[row + 3], "the last day of observation");
      if (Double.isNaN(from) || Double.isNaN(to)) {
        sum.count(sum.slot(PrevalenceAnalysis.MISSING), 0, 1);
        continue;
      }
      for (int period = 0; period < firsts.length; period++) {
        long first = firsts[period];
        long last = lasts[period];
        if (presence.counts(first, last, from, to)) {
          int other = presence.isCase(first, last, to, event) ? 0 : 1;
          sum.count(persons, (period * groups + group) * 2 + other, 1);
        }
      }
    }
  }
}
