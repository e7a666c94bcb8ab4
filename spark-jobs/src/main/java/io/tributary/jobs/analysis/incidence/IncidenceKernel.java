package io.tributary.jobs.analysis.incidence;

import io.tributary.codec.GridSum;
import io.tributary.jobs.analysis.Field;
import io.tributary.jobs.analysis.RowBlocks;

/** Adds persons, events and days at risk over rows [stratum, outcome, time, prior?, age?]. */
final class IncidenceKernel implements RowBlocks.Kernel {
  private final TimeAtRisk risk;
  private final boolean prior;
  private final int ages;

  /**
   * A kernel.
   *
   * @param prior whether rows say who had an event before
   * @param ages levels of age, 0 if rows do not say
   */
  IncidenceKernel(TimeAtRisk risk, boolean prior, int ages) {
    this.risk = risk;
    this.prior = prior;
    this.ages = ages;
  }

  @Override
  public void add(double[] block, GridSum sum) {
    for (int i = 0; i < (int) block[0]; i++) {
      sum.count(sum.slot(IncidenceAnalysis.UNGROUPED), 0, 1);
    }
    int width = 3 + (prior ? 1 : 0) + (ages > 0 ? 1 : 0);
    for (int row = 1; row < block.length; row += width) {
      addPerson(block, row, sum);
    }
  }

  private void addPerson(double[] block, int row, GridSum sum) {
    int group = (int) block[row];
    double outcome = Field.wholeDays(block[row + 1], "the day of the outcome");
    double time = Field.wholeDays(block[row + 2], "the last day of observation");
    double before = prior ? block[row + 3] : 0;
    double age = ages == 0 ? 0 : block[row + (prior ? 4 : 3)];
    if (Double.isNaN(time) || Double.isNaN(before) || Double.isNaN(age)) {
      sum.count(sum.slot(IncidenceAnalysis.MISSING), 0, 1);
      return;
    }
    TimeAtRisk.Share share = before == 0 ? risk.of(outcome, time) : TimeAtRisk.Share.NONE;
    if (!share.atRisk()) {
      sum.count(sum.slot(IncidenceAnalysis.NOT_AT_RISK), group, 1);
      return;
    }
    int cell = group * Math.max(1, ages) + (int) age;
    sum.count(sum.slot(IncidenceAnalysis.AT_RISK), cell, 1);
    sum.count(sum.slot(IncidenceAnalysis.DAYS), cell, share.days());
    if (share.event()) {
      sum.count(sum.slot(IncidenceAnalysis.EVENTS), cell, 1);
    }
  }
}
