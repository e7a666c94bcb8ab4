package io.tributary.connectors.genomics;

import io.tributary.connectors.genomics.bgen.BgenFile;
import io.tributary.connectors.genomics.vcf.VcfFile;
import io.tributary.study.SiteConfig.GenotypeFormat;
import io.tributary.study.SiteConfig.Genotypes;
import java.util.Locale;
import java.util.Optional;

/** Which reader reads which form. */
public final class GenotypeForms {
  private GenotypeForms() {}

  /** Opens and checks the files of a catalogue's entry. */
  public static GenotypeSource open(Genotypes files) {
    return switch (files.format()) {
      case PLINK1 -> PlinkBed.open(files.path());
      case PLINK2 -> PlinkPgen.open(files.path());
      case VCF -> VcfFile.open(files.path(), files.unsplittable(), files.dosage(), files.samples());
      case BGEN -> BgenFile.open(files.path(), files.samples());
    };
  }

  /** The form that a file's name tells; empty if it tells none. */
  public static Optional<GenotypeFormat> ofName(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.endsWith(".bed")) {
      return Optional.of(GenotypeFormat.PLINK1);
    }
    if (lower.endsWith(".pgen")) {
      return Optional.of(GenotypeFormat.PLINK2);
    }
    if (lower.endsWith(".bgen")) {
      return Optional.of(GenotypeFormat.BGEN);
    }
    boolean vcf = lower.endsWith(".vcf") || lower.endsWith(".vcf.gz") || lower.endsWith(".vcf.bgz");
    return vcf ? Optional.of(GenotypeFormat.VCF) : Optional.empty();
  }
}
