package io.tributary.study;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** A build of the human reference genome, as positions of variants are counted in it. */
public enum Assembly {
  NCBI36("NCBI36"),
  GRCH37("GRCh37"),
  GRCH38("GRCh38");

  private final String word;

  Assembly(String word) {
    this.word = word;
  }

  /** As studies and GWAS-SSF files write it. */
  public String word() {
    return word;
  }

  /** By its word or by the name that UCSC gives it: hg18, hg19, hg38. */
  public static Optional<Assembly> of(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "hg18" -> Optional.of(NCBI36);
      case "hg19" -> Optional.of(GRCH37);
      case "hg38" -> Optional.of(GRCH38);
      default -> Stream.of(values()).filter(each -> each.word.equalsIgnoreCase(text)).findFirst();
    };
  }
}
