package io.tributary.jobs.analysis.gwas;

import io.tributary.jobs.analysis.Options;
import io.tributary.jobs.genomics.Coding;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What is taken for a person's copies of ALT.
 *
 * @param dosages expected copies where files have them; else the hardcalls that they are near
 * @param means whether persons without a call have the mean of those with one; else they are left
 *     out
 * @param coding of hardcalls, if others are not left out
 */
record Calls(boolean dosages, boolean means, Coding coding) {
  static final String CODING = "coding";
  static final String GENOTYPES = "genotypes";
  static final String MISSING = "missing";

  /** Means of all variants have to stand in one state. */
  private static final int MOST_MEANS = 1 << 19;

  /** Reads the options {@code genotypes}, {@code missing} and {@code coding}. */
  static Calls of(Options options, int variants) {
    boolean means = options.word(MISSING, "drop", List.of("drop", "mean")).equals("mean");
    if (means && variants > MOST_MEANS) {
      throw options.refuse(
          MISSING,
          "is 'mean', of " + variants + " variants",
          "at most " + MOST_MEANS + " variants, as of one chromosome; or drop");
    }
    boolean dosages =
        options.word(GENOTYPES, "hardcalls", List.of("hardcalls", "dosages")).equals("dosages");
    String coding =
        options.word(CODING, "additive", Stream.of(Coding.values()).map(Coding::word).toList());
    if (!coding.equals("additive") && (dosages || means)) {
      throw options.refuse(
          CODING,
          "is '"
              + coding
              + "', and "
              + (dosages ? "dosages" : "means")
              + " are taken for genotypes",
          "genotypes: hardcalls and missing: drop");
    }
    return new Calls(dosages, means, Coding.valueOf(coding.toUpperCase(Locale.ROOT)));
  }

  /** For those who read results. */
  String note() {
    return "Effects are of "
        + coding.effect()
        + ". "
        + (dosages ? "Copies are dosages" : "Copies are whole")
        + (means
            ? "; persons without a call have the mean of those with one."
            : "; persons without a call are left out of a variant's model.");
  }
}
