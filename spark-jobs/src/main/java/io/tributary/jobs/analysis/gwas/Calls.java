package io.tributary.jobs.analysis.gwas;

import io.tributary.jobs.analysis.Options;
import java.util.List;

/**
 * What is taken for a person's copies of ALT.
 *
 * @param dosages expected copies where files have them; else the hardcalls that they are near
 * @param means whether persons without a call have the mean of those with one; else they are left
 *     out
 */
record Calls(boolean dosages, boolean means) {
  static final String GENOTYPES = "genotypes";
  static final String MISSING = "missing";

  /** Means of all variants have to stand in one state. */
  private static final int MOST_MEANS = 1 << 19;

  /** Reads the options {@code genotypes} and {@code missing}. */
  static Calls of(Options options, int variants) {
    boolean means = options.word(MISSING, "drop", List.of("drop", "mean")).equals("mean");
    if (means && variants > MOST_MEANS) {
      throw options.refuse(
          MISSING,
          "is 'mean', of " + variants + " variants",
          "at most " + MOST_MEANS + " variants, as of one chromosome; or drop");
    }
    return new Calls(
        options.word(GENOTYPES, "hardcalls", List.of("hardcalls", "dosages")).equals("dosages"),
        means);
  }

  /** For those who read results. */
  String note() {
    return (dosages ? "Copies are dosages" : "Copies are whole")
        + (means
            ? "; persons without a call have the mean of those with one."
            : "; persons without a call are left out of a variant's model.");
  }
}
