package io.tributary.jobs.genomics;

/**
 * Persons by genotype at one variant, pooled or at one site.
 *
 * @param het persons with one copy of ALT
 * @param homAlt persons with two
 * @param missing persons without a call, at sites that have the variant
 * @param persons all persons at sites that have the variant
 * @param sites sites that have the variant
 */
public record GenotypeCounts(long het, long homAlt, long missing, long persons, long sites) {
  /** Words of one variant in a sum. */
  public static final int WORDS = 3;

  /** Two counts share a word; together all sites have fewer than 2^31 persons. */
  static final int LANE = 31;

  static final long LOW = (1L << LANE) - 1;

  /** From the words of a sum. */
  static GenotypeCounts of(long genotypes, long calls, long sites) {
    return new GenotypeCounts(
        genotypes & LOW, genotypes >>> LANE, calls & LOW, calls >>> LANE, sites);
  }

  /** Persons with a call. */
  public long called() {
    return persons - missing;
  }

  /** Persons without a copy of ALT. */
  public long homRef() {
    return called() - het - homAlt;
  }

  /** Copies of ALT. */
  public long copies() {
    return het + 2 * homAlt;
  }

  /** Frequency of ALT; NaN if nobody has a call. */
  public double frequency() {
    return copies() / (2.0 * called());
  }

  /** Frequency of the rarer allele. */
  public double minorFrequency() {
    return Math.min(copies(), 2 * called() - copies()) / (2.0 * called());
  }

  /** Persons who carry the allele that fewer carry: with few of them, sums are about them. */
  public long fewerCarriers() {
    return Math.min(het + homAlt, het + homRef());
  }
}
