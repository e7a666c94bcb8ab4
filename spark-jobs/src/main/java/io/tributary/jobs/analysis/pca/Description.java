package io.tributary.jobs.analysis.pca;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.codec.GridSum;
import io.tributary.jobs.analysis.pca.PcaState.Describing;
import io.tributary.jobs.genomics.Projection;

/**
 * What is summed of scores: fourth powers, which tell how many persons make up a component, and
 * persons by cells of the first two components.
 */
final class Description {
  /** Cells along one component. */
  static final int BINS = 32;

  /** Cells of two components. */
  static final int CELLS = BINS * BINS;

  /** Cells reach so many root mean squares to either side; what is beyond stands at the edge. */
  private static final double REACH = 4;

  private static final String PERSONS = "persons";
  private static final String FOURTHS = "fourth powers";
  private static final String CELL = "cells";

  private final Describing state;

  Description(Describing state) {
    this.state = state;
  }

  private int components() {
    return state.values().size();
  }

  Layout layout(int sites, long personsPerSite) {
    Layout.Builder layout =
        Layout.of(sites)
            .count(PERSONS, 1, "person", 1, personsPerSite)
            .wide(FOURTHS, components(), "1", 1, (double) personsPerSite);
    if (components() > 1) {
      layout.count(CELL, CELLS, "person", 1, personsPerSite);
    }
    return layout.build();
  }

  /** A site's. */
  GridSum sum(Layout layout, Projection.Scores scores) {
    GridSum sum = new GridSum(layout);
    double[] all = scores.ofPersons();
    int k = components();
    int fourths = sum.slot(FOURTHS);
    for (int from = 0; from < all.length; from += k) {
      sum.count(sum.slot(PERSONS), 0, 1);
      for (int j = 0; j < k; j++) {
        // Squares add up to 1 over all persons.
        double share = Math.min(1, all[from + j] * all[from + j] / state.values().at(j));
        sum.add(fourths, j, share * share);
      }
      if (k > 1) {
        sum.count(sum.slot(CELL), BINS * bin(0, all[from]) + bin(1, all[from + 1]), 1);
      }
    }
    return sum;
  }

  private int bin(int component, double score) {
    int bin = (int) Math.floor((score / width(component)) + BINS / 2.0);
    return Math.max(0, Math.min(BINS - 1, bin));
  }

  private double width(int component) {
    return 2 * REACH * Math.sqrt(state.values().at(component) / state.persons()) / BINS;
  }

  /** Lower edge of a cell along a component. */
  double edge(int component, int bin) {
    return (bin - BINS / 2.0) * width(component);
  }

  /** Persons in the sum. */
  static long persons(Aggregate sum) {
    return sum.count(PERSONS);
  }

  /** Persons who would make up a component if all of them had as great a score. */
  static double effectivePersons(Aggregate sum, int component) {
    double fourths = sum.values(FOURTHS)[component];
    return fourths > 0 ? 1 / fourths : 0;
  }

  /** Persons by cell, [bins of the first x bins of the second]. */
  static long[] cells(Aggregate sum) {
    return sum.counts(CELL);
  }
}
