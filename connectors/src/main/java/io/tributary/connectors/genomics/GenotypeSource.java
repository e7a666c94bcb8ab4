package io.tributary.connectors.genomics;

import java.util.List;

/** Genotypes of one site, opened and checked: samples, variants, and a reader for executors. */
public interface GenotypeSource {
  /** The file's name, for errors. */
  String place();

  /** Name of its form, such as {@code PLINK 1}. */
  String form();

  Samples samples();

  /** Variants in the file. */
  long variants();

  /** What a call is. */
  Calls calls();

  /** Hands over every variant in the file's order. */
  void variants(Visitor visitor);

  /** Reads calls; serializable, for executors. */
  VariantReader reader();

  /** Whether calls are whole copies or expected ones. */
  enum Calls {
    HARDCALLS,
    DOSAGES
  }

  /** Takes the variants of a file. */
  @FunctionalInterface
  interface Visitor {
    /**
     * One variant.
     *
     * @param address by which the reader finds it
     * @param chromosome as the file writes it
     * @param position 1-based
     * @param id as the file writes it
     * @param alleles two or more, in the file's order, in upper case
     */
    void variant(long address, String chromosome, int position, String id, List<String> alleles);
  }
}
