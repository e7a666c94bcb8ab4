package io.tributary.jobs.genomics;

import io.tributary.report.Cell;
import java.util.Optional;

/**
 * Whether what is summed at a variant is about enough persons. With one carrier of an allele, sums
 * over carriers are that person's values; with one person without a call, so is what is taken off
 * for such persons.
 *
 * @param leastCarriers persons who carry either allele, at least
 * @param leastMissing persons without a call, at least, unless there are none
 * @param leastPersons persons with a call, at least
 * @param leastSites sites that have the variant, at least
 */
public record VariantGate(
    long leastCarriers, long leastMissing, long leastPersons, long leastSites) {
  /** Persons without a call are nobody, or as many as carriers. */
  public VariantGate(long leastCarriers, long leastPersons, long leastSites) {
    this(leastCarriers, leastCarriers, leastPersons, leastSites);
  }

  /** Carriers that are asked for unless a study says otherwise. */
  public static final int DEFAULT_CARRIERS = 20;

  /** Why a variant is not shown, or not tested. */
  public enum Code {
    /** No site has it. */
    NO_DATA,
    /** Too few sites have it. */
    SUPPRESSED_SITES,
    /** Too few persons carry one of the alleles, nobody among them. */
    SUPPRESSED_CARRIERS,
    /** Somebody has no call, and too few such persons. */
    SUPPRESSED_MISSING,
    /** On chromosome X. */
    CHROMOSOME_X;

    /** What stands in place of a number. */
    public Cell cell() {
      return switch (this) {
        case NO_DATA, CHROMOSOME_X -> new Cell.NotComputed(name());
        case SUPPRESSED_SITES, SUPPRESSED_CARRIERS, SUPPRESSED_MISSING ->
            new Cell.Suppressed(name());
      };
    }
  }

  /** What keeps a variant back; empty if nothing does. */
  public Optional<Code> code(GenotypeCounts counts) {
    if (counts.sites() == 0) {
      return Optional.of(Code.NO_DATA);
    }
    if (counts.sites() < leastSites) {
      return Optional.of(Code.SUPPRESSED_SITES);
    }
    if (counts.called() < leastPersons || counts.fewerCarriers() < leastCarriers) {
      return Optional.of(Code.SUPPRESSED_CARRIERS);
    }
    return counts.missing() > 0 && counts.missing() < leastMissing
        ? Optional.of(Code.SUPPRESSED_MISSING)
        : Optional.empty();
  }
}
