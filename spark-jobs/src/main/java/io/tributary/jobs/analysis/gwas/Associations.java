package io.tributary.jobs.analysis.gwas;

import io.tributary.jobs.analysis.gwas.GwasResult.Scanned;
import io.tributary.jobs.genomics.Copies;
import io.tributary.jobs.genomics.SumRows;
import io.tributary.jobs.genomics.VariantGate;
import java.util.Optional;

/**
 * The test of any variant, from the coordinator's sums; in ascending order each block is read once.
 * Several threads may ask.
 */
final class Associations {
  private final GwasResult.Sums sums;
  private final VariantGate gate;
  private final boolean means;
  private final Optional<CaseTest> cases;
  private final Copies.Sums copies;
  private final Optional<SumRows> complete;
  private final Optional<SumRows> incomplete;
  private final long persons;

  Associations(GwasResult.Sums sums, VariantGate gate, Calls calls, Optional<CaseTest> cases) {
    this.sums = sums;
    this.gate = gate;
    this.means = calls.means();
    this.cases = cases;
    this.copies = new Copies.Sums(sums.counts(), calls.coding());
    this.complete = sums.complete().map(scanned -> new SumRows(scanned.sum()));
    this.incomplete = sums.incomplete().map(scanned -> new SumRows(scanned.sum()));
    this.persons = sums.fit().model().moments().persons();
  }

  /** Copies of the persons in a variant's model. */
  Copies copies(int variant) {
    Copies here = copies.at(variant);
    return means ? here.filled(persons) : here;
  }

  /** Frequency of ALT among persons with a call. */
  double frequency(int variant) {
    return copies.frequency(variant);
  }

  /** Why a variant was not summed; empty if it was. */
  Optional<VariantGate.Code> code(int variant) {
    return gate.code(copies.at(variant).counts());
  }

  /** The test of a variant without a code. */
  Association at(int variant) {
    Copies here = copies(variant);
    Optional<Association> fitted = sums.likelihoods().at(variant);
    if (fitted.isPresent()) {
      return Association.untestable(here, sums.fit().model().parameters()).or(() -> fitted).get();
    }
    boolean everybody = copies.at(variant).called() == persons;
    Scanned scanned = (everybody ? sums.complete() : sums.incomplete()).orElseThrow();
    SumRows read = (everybody ? complete : incomplete).orElseThrow();
    Copies among = here.among(persons);
    int row = scanned.rows().row(variant);
    return cases
        .map(test -> ((ScoreScan) scanned.scan()).test(test, among, read, row))
        .orElseGet(() -> scanned.scan().test(among, read, row));
  }
}
