package io.tributary.jobs.analysis.glm;

import io.tributary.codec.GridSum;
import io.tributary.jobs.analysis.RowBlocks;
import io.tributary.jobs.analysis.glm.GlmState.Element;

/** First round of a model: persons, sums of the design's columns and of the outcome. */
record CountingKernel(Family family, int columns, boolean clustered) implements RowBlocks.Kernel {
  static final String PERSONS = "persons";
  static final String DROPPED = "dropped";
  static final String UNWEIGHTED = "weight zero";
  static final String EVENTS = "events";
  static final String CLUSTERS = "clusters";
  static final String DESIGN = "design";
  static final String ABSOLUTES = "absolute design";
  static final String OUTCOME = "outcome";

  @Override
  public void add(double[] block, GridSum sum) {
    int dropped = sum.slot(DROPPED);
    for (int i = 0; i < (int) block[0]; i++) {
      sum.count(dropped, 0, 1);
    }
    int persons = sum.slot(PERSONS);
    int unweighted = sum.slot(UNWEIGHTED);
    int events = sum.slot(EVENTS);
    int width = DesignReader.BEFORE + columns;
    boolean first = true;
    for (int row = 1; row < block.length; row += width) {
      first |= block[row + DesignReader.FIRST] == 1;
      double y = block[row];
      double w = block[row + 1];
      if (w == 0) {
        sum.count(unweighted, 0, 1);
        continue;
      }
      sum.count(persons, 0, 1);
      if (clustered && first) {
        sum.count(sum.slot(CLUSTERS), 0, 1);
      }
      first = false;
      if (family.hasEvents() && y > 0) {
        sum.count(events, 0, 1);
      }
      addOutcome(y, w, block[row + 2], sum);
      if (columns > 0) {
        int design = sum.slot(DESIGN + ".high");
        int absolutes = sum.slot(ABSOLUTES + ".high");
        for (int j = 0; j < columns; j++) {
          double x = block[row + DesignReader.BEFORE + j];
          sum.unbounded(design, j, x);
          sum.unbounded(absolutes, j, Math.abs(x));
        }
      }
    }
  }

  private void addOutcome(double y, double w, double offset, GridSum sum) {
    int slot = sum.slot(OUTCOME + ".high");
    sum.unbounded(slot, Element.Y.position(), y);
    sum.unbounded(slot, Element.ABSOLUTE_Y.position(), Math.abs(y));
    sum.unbounded(slot, Element.W.position(), w);
    sum.unbounded(slot, Element.W_Y.position(), w * y);
    sum.unbounded(slot, Element.LOG_W.position(), w == 1 ? 0 : StrictMath.log(w));
    sum.unbounded(slot, Element.OFFSET.position(), offset);
    sum.unbounded(slot, Element.ABSOLUTE_OFFSET.position(), Math.abs(offset));
    if (family.variance() == Variance.MEAN) {
      double yLogY = y == 0 ? 0 : y * StrictMath.log(y);
      sum.unbounded(slot, Element.W_Y_LOG_Y.position(), w * yLogY);
    }
    sum.unbounded(slot, Element.LIKELIHOOD.position(), w * family.likelihoodTerm(y));
  }
}
