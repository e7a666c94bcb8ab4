package io.tributary.jobs.analysis;

import io.tributary.jobs.genomics.VariantGate;

/** The option {@code minCarriers} of analyses of genotypes. */
public final class Carriers {
  public static final String OPTION = "minCarriers";

  private static final int MOST = 1_000_000;

  private Carriers() {}

  /**
   * Persons who carry each allele of a variant that is looked at: 20 unless the study says
   * otherwise, and never fewer than the release floor's least cell.
   */
  public static int least(Options options, Job job) {
    int floor = job.floor().minCell();
    return options.whole(OPTION, Math.max(floor, VariantGate.DEFAULT_CARRIERS), floor, MOST);
  }
}
