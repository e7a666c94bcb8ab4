package io.tributary.jobs.analysis.summary;

import io.tributary.jobs.analysis.PersonRows;

/** What one row adds to the slots of {@link NoisedSummary}. */
final class NoisedSummaryKernel implements PersonRows.Kernel {
  private final int groups;
  private final double[] centres;
  private final double[] reaches;
  private final int[] levels;
  private final boolean withBins;

  /**
   * @param centres of the numbers' ranges
   * @param reaches half their widths
   * @param levels levels of each category
   */
  NoisedSummaryKernel(
      int groups, double[] centres, double[] reaches, int[] levels, boolean withBins) {
    this.groups = groups;
    this.centres = centres.clone();
    this.reaches = reaches.clone();
    this.levels = levels.clone();
    this.withBins = withBins;
  }

  @Override
  public void add(double[] row, double[][] person) {
    int group = (int) row[0];
    for (int column = 0; column < centres.length; column++) {
      double x = row[1 + column];
      int at = column * groups + group;
      if (Double.isNaN(x)) {
        person[0][2 * at + 1]++;
        continue;
      }
      double scaled = Math.max(-1, Math.min(1, (x - centres[column]) / reaches[column]));
      person[0][2 * at]++;
      person[1][at] += scaled;
      person[2][at] += scaled * scaled;
      if (withBins) {
        int part = (int) Math.floor((scaled + 1) / 2 * NoisedSummary.PARTS);
        person[3][at * NoisedSummary.PARTS + Math.min(part, NoisedSummary.PARTS - 1)]++;
      }
    }
    int before = 0;
    for (int column = 0; column < levels.length; column++) {
      double level = row[1 + centres.length + column];
      int place = Double.isNaN(level) ? levels[column] : (int) level;
      person[person.length - 1][(before + place) * groups + group]++;
      before += levels[column] + 1;
    }
  }
}
