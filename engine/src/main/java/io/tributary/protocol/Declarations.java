package io.tributary.protocol;

import io.tributary.codec.Digest;

/**
 * What a site's steward declares about a study's dataset, signed into EpochKey (PROTOCOL.md 2.8).
 *
 * @param population opaque name of the population that the site's catalogue gives the dataset;
 *     equal for two datasets unless the steward declares that they share no person
 * @param consent whether the site's own totals may become computable by difference
 * @param scope whether the contributor and roster rules bind over all studies
 */
public record Declarations(Digest population, Consent consent, Scope scope) {
  /** Of a site to being inferred ({@code ownTotalsMayBeInferred}). */
  public enum Consent {
    WITHHELD,
    GIVEN
  }

  /** Of the contributor and roster rules ({@code contributorScope}). */
  public enum Scope {
    POPULATION,
    STUDY
  }

  /** One population for the whole site, nothing declared: the default. */
  public static Declarations none(String site) {
    return new Declarations(population(site, "all"), Consent.WITHHELD, Scope.POPULATION);
  }

  /** The opaque name of a population of a site. */
  public static Digest population(String site, String key) {
    return io.tributary.codec.Canonical.hash(
        "population/v1",
        io.tributary.codec.Canonical.utf8(site),
        io.tributary.codec.Canonical.utf8(key));
  }
}
