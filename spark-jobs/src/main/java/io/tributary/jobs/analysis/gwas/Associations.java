package io.tributary.jobs.analysis.gwas;

import io.tributary.jobs.analysis.gwas.GwasResult.Scanned;
import io.tributary.jobs.genomics.CountingKernel;
import io.tributary.jobs.genomics.GenotypeCounts;
import io.tributary.jobs.genomics.SumRows;
import io.tributary.jobs.genomics.VariantGate;
import java.util.Optional;

/**
 * The test of any variant, from the coordinator's sums; in ascending order each block is read once.
 */
final class Associations {
  private final GwasResult.Sums sums;
  private final VariantGate gate;
  private final CountingKernel.Counts counts;
  private final Optional<SumRows> complete;
  private final Optional<SumRows> incomplete;
  private final long persons;

  Associations(GwasResult.Sums sums, VariantGate gate) {
    this.sums = sums;
    this.gate = gate;
    this.counts = new CountingKernel.Counts(sums.counts());
    this.complete = sums.complete().map(scanned -> new SumRows(scanned.sum()));
    this.incomplete = sums.incomplete().map(scanned -> new SumRows(scanned.sum()));
    this.persons = sums.fit().model().moments().persons();
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
    Optional<Association> fitted = sums.likelihoods().at(variant);
    if (fitted.isPresent()) {
      return Association.untestable(here, sums.fit().model().parameters()).or(() -> fitted).get();
    }
    if (here.called() == persons) {
      return test(sums.complete().orElseThrow(), complete.orElseThrow(), here, variant);
    }
    return test(
        sums.incomplete().orElseThrow(),
        incomplete.orElseThrow(),
        new GenotypeCounts(
            here.het(), here.homAlt(), persons - here.called(), persons, here.sites()),
        variant);
  }

  private static Association test(
      Scanned scanned, SumRows rows, GenotypeCounts counts, int variant) {
    return scanned.scan().test(counts, rows, scanned.rows().row(variant));
  }
}
