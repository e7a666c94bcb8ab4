package io.tributary.connectors.genomics.vcf;

import io.tributary.connectors.genomics.GenotypeSource;
import io.tributary.connectors.genomics.SampleFile;
import io.tributary.connectors.genomics.Samples;
import io.tributary.connectors.genomics.VariantReader;
import io.tributary.study.SiteConfig.DosageField;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Genotypes of a VCF 4.x file (https://samtools.github.io/hts-specs/VCFv4.5.pdf), plain or by
 * bgzip. Every record has an address, the block and the byte in it at which its line begins, so
 * that readers go to the study's variants and nowhere else; an index of htslib is not needed.
 */
public final class VcfFile implements GenotypeSource {
  private final String location;
  private final boolean unsplittable;
  private final Optional<DosageField> dosage;
  private final Samples samples;
  private long variants = -1;

  private VcfFile(
      String location, boolean unsplittable, Optional<DosageField> dosage, Samples samples) {
    this.location = location;
    this.unsplittable = unsplittable;
    this.dosage = dosage;
    this.samples = samples;
  }

  /**
   * Opens a file and reads its header; its lines are checked when {@link #variants(Visitor)} reads
   * them.
   *
   * @param unsplittable whether plain gzip may be read too, by every task from the start
   * @param dosage the field that is read; GT if it is empty
   * @param sampleFile .psam or .fam with families and sex of the header's samples, found by their
   *     individual ids; without it they are 0 and unknown
   */
  public static VcfFile open(
      String location,
      boolean unsplittable,
      Optional<DosageField> dosage,
      Optional<String> sampleFile) {
    try (VcfLines lines = VcfLines.open(location, unsplittable)) {
      Samples samples = VcfHeader.read(location, lines);
      return new VcfFile(
          location,
          unsplittable,
          dosage,
          sampleFile.map(file -> SampleFile.read(file).inOrderOf(samples)).orElse(samples));
    }
  }

  @Override
  public String place() {
    return location;
  }

  @Override
  public String form() {
    return "VCF";
  }

  @Override
  public Samples samples() {
    return samples;
  }

  @Override
  public long variants() {
    if (variants < 0) {
      variants((address, chromosome, position, id, alleles) -> {});
    }
    return variants;
  }

  @Override
  public Calls calls() {
    return dosage.isPresent() ? Calls.DOSAGES : Calls.HARDCALLS;
  }

  /**
   * Hands over every record. DATA_INVALID if a line has not the header's samples, has not the field
   * that is read, or is not in order.
   */
  @Override
  public void variants(Visitor visitor) {
    try (VcfLines lines = VcfLines.open(location, unsplittable)) {
      VcfHeader.read(location, lines);
      VcfRecord record = new VcfRecord(lines);
      Order order = new Order();
      long count = 0;
      while (lines.next()) {
        record.locate();
        if (record.samples() != samples.size()) {
          throw record.otherCount(record.samples(), samples.size());
        }
        if (dosage.isPresent()) {
          DosageColumns.require(record, dosage.get());
        } else {
          HardcallColumns.require(record);
        }
        String chromosome = record.chromosome();
        int position = record.position();
        order.next(record, chromosome, position);
        visitor.variant(lines.address(), chromosome, position, record.id(), record.alleles());
        count++;
      }
      if (count == 0) {
        throw lines.refuse("there is no variant.", "Look at what wrote this file.");
      }
      variants = count;
    }
  }

  @Override
  public VariantReader reader() {
    return dosage.isPresent()
        ? new VcfDosageReader(location, unsplittable, dosage.get(), samples.size())
        : new VcfReader(location, unsplittable, samples.size());
  }

  @Override
  public String toString() {
    return "VcfFile[" + location + "]";
  }

  /** Lines of one chromosome stand together, by position. */
  private static final class Order {
    private final Set<String> before = new HashSet<>();
    private String current = "";
    private int position;

    void next(VcfRecord record, String chromosome, int at) {
      if (!chromosome.equals(current)) {
        if (!before.add(chromosome)) {
          throw refuse(record, "chromosome " + chromosome + " stands in another place too.");
        }
        current = chromosome;
      } else if (at < position) {
        throw refuse(record, "position " + at + " stands after position " + position + ".");
      }
      position = at;
    }

    private static RuntimeException refuse(VcfRecord record, String problem) {
      return record.refuse(problem, "Sort the file: bcftools sort -O z FILE > NEW.");
    }
  }
}
