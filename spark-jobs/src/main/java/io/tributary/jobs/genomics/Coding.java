package io.tributary.jobs.genomics;

import io.tributary.connectors.genomics.VariantTile;
import java.util.Locale;

/** What a model takes of a genotype: copies of ALT, or whether there are enough of them. */
public enum Coding {
  /** 0, 1 or 2 copies. */
  ADDITIVE("ADD", "one more copy of the list's ALT"),
  /** 1 of persons with one copy or two, else 0. */
  DOMINANT("DOM", "carrying the list's ALT, once or twice"),
  /** 1 of persons with two copies, else 0. */
  RECESSIVE("REC", "carrying the list's ALT twice");

  private final String plink;
  private final String effect;

  Coding(String plink, String effect) {
    this.plink = plink;
    this.effect = effect;
  }

  /** The coding in a word. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Plink2's name of a test with it. */
  public String plink() {
    return plink;
  }

  /** What an effect is of. */
  public String effect() {
    return effect;
  }

  /** Copies at a variant where genotypes are known. */
  Copies of(GenotypeCounts counts) {
    if (this == ADDITIVE) {
      return Copies.of(counts);
    }
    long coded = counts.homAlt() + (this == DOMINANT ? counts.het() : 0);
    // As two copies, so that these persons and the others are those who carry either allele.
    GenotypeCounts two =
        new GenotypeCounts(0, coded, counts.missing(), counts.persons(), counts.sites());
    return new Copies(two, (double) coded, (double) coded);
  }

  /** Replaces genotypes by their codes; a missing call stays one. */
  void apply(VariantTile tile) {
    if (this == ADDITIVE) {
      return;
    }
    long[] words = tile.words();
    for (int w = 0; w < tile.variants() * tile.stride(); w++) {
      long low = words[w] & VariantTile.LOW;
      long high = (words[w] >>> 1) & VariantTile.LOW;
      words[w] = ((high & low) << 1) | (this == DOMINANT ? high | low : high);
    }
  }
}
