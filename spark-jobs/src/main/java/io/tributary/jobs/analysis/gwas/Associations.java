package io.tributary.jobs.analysis.gwas;

import io.tributary.jobs.genomics.CountingKernel;
import io.tributary.jobs.genomics.GenotypeCounts;
import io.tributary.jobs.genomics.SumRows;
import io.tributary.jobs.genomics.VariantGate;
import io.tributary.jobs.genomics.VariantRows;
import java.util.Optional;

/**
 * The test of any variant, from the coordinator's sums; in ascending order each block is read once.
 */
final class Associations {
  private final VariantGate gate;
  private final LinearTest test;
  private final int columns;
  private final CountingKernel.Counts counts;
  private final Optional<SumRows> complete;
  private final Optional<SumRows> incomplete;
  private final VariantRows completeRows;
  private final VariantRows incompleteRows;
  private final long persons;

  Associations(GwasResult.Sums sums, VariantGate gate) {
    this.gate = gate;
    this.test = new LinearTest(sums.state().model());
    this.columns = sums.state().model().columns() + 1;
    this.counts = new CountingKernel.Counts(sums.counts());
    this.complete = sums.complete().map(SumRows::new);
    this.incomplete = sums.incomplete().map(SumRows::new);
    this.completeRows = VariantRows.of(sums.state().complete());
    this.incompleteRows = VariantRows.of(sums.state().incomplete());
    this.persons = sums.state().model().moments().persons();
  }

  GenotypeCounts counts(int variant) {
    return counts.at(variant);
  }

  /** Why a variant was not summed; empty if it was. */
  Optional<VariantGate.Code> code(int variant) {
    return gate.code(counts.at(variant));
  }

  /** The test of a variant without a code. */
  Association at(int variant) {
    GenotypeCounts here = counts.at(variant);
    if (here.called() == persons) {
      return test.complete(
          here,
          values(complete.orElseThrow(), LinearScan.DOSAGES, completeRows.row(variant), columns));
    }
    SumRows sums = incomplete.orElseThrow();
    int row = incompleteRows.row(variant);
    return test.incomplete(
        new GenotypeCounts(
            here.het(), here.homAlt(), persons - here.called(), persons, here.sites()),
        values(sums, LinearScan.DOSAGES, row, columns),
        values(sums, LinearScan.MISSING, row, columns),
        values(sums, LinearScan.PRODUCTS, row, columns * (columns + 1) / 2));
  }

  private static double[] values(SumRows sums, int slot, int row, int size) {
    double[] values = new double[size];
    for (int i = 0; i < size; i++) {
      values[i] = sums.value(slot, row, i);
    }
    return values;
  }
}
