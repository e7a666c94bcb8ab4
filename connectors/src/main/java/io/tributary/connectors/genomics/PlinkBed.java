package io.tributary.connectors.genomics;

import io.tributary.connectors.genomics.Samples.Sex;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;

/**
 * PLINK 1 binary genotypes (https://www.cog-genomics.org/plink/1.9/formats#bed), variant-major.
 *
 * <pre>
 *   .bed   0  3  magic 6c 1b, then 01: variant-major
 *          3 + k ceil(n / 4)   row of variant k: two bits a sample, low bits first
 *                              00 two copies of A1, 01 missing, 10 one copy, 11 two copies of A2
 *                              bits beyond the last sample are zero
 *   .bim   chromosome id cM position A1 A2
 *   .fam   family individual father mother sex phenotype
 * </pre>
 *
 * <p>The phenotype of .fam is not read: a study takes phenotypes from a table.
 */
public final class PlinkBed implements GenotypeSource {
  static final int HEADER_BYTES = 3;

  private static final int BIM_FIELDS = 6;
  private static final int FAM_FIELDS = 6;
  private static final String MAKE_BED = "Make it anew with plink2 --make-bed.";

  private final String bed;
  private final String bim;
  private final Samples samples;
  private final long variants;

  private PlinkBed(String bed, String bim, Samples samples, long variants) {
    this.bed = bed;
    this.bim = bim;
    this.samples = samples;
    this.variants = variants;
  }

  /**
   * Opens and checks the three files; the .bim line by line when {@link #variants(Visitor)} reads
   * it.
   *
   * @param prefix of the three names, or the name of the .bed
   */
  public static PlinkBed open(String prefix) {
    String stem =
        prefix.endsWith(".bed") ? prefix.substring(0, prefix.length() - ".bed".length()) : prefix;
    Samples samples = readFam(stem + ".fam");
    long variants = countLines(stem + ".bim");
    PlinkBed source = new PlinkBed(stem + ".bed", stem + ".bim", samples, variants);
    source.checkBed();
    return source;
  }

  private static Samples readFam(String fam) {
    Samples.Builder samples = Samples.builder(fam);
    try (GenomicFile file = GenomicFile.open(fam);
        TextLines lines = new TextLines(fam, file.stream())) {
      for (String line = lines.next(); line != null; line = lines.next()) {
        List<String> fields = TextLines.fields(line);
        if (fields.size() < FAM_FIELDS) {
          throw lines.refuse(
              "there are " + fields.size() + " columns, expected are " + FAM_FIELDS + ".",
              "A .fam line is: family individual father mother sex phenotype.");
        }
        samples.add(fields.get(0), fields.get(1), sex(fields.get(4)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return samples.build();
  }

  private static Sex sex(String code) {
    return code.equals("1") ? Sex.MALE : code.equals("2") ? Sex.FEMALE : Sex.UNKNOWN;
  }

  private static long countLines(String bim) {
    long count = 0;
    try (GenomicFile file = GenomicFile.open(bim);
        TextLines lines = new TextLines(bim, file.stream())) {
      while (lines.next() != null) {
        count++;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (count == 0) {
      throw Errors.data(
          ErrorCode.DATA_INVALID, bim, "there is no variant.", "Look at what wrote this file.");
    }
    return count;
  }

  private void checkBed() {
    try (GenomicFile file = GenomicFile.open(bed)) {
      byte[] magic = new byte[HEADER_BYTES];
      if (file.size() < HEADER_BYTES) {
        throw Errors.data(
            ErrorCode.DATA_INVALID,
            bed,
            "it has " + file.size() + " bytes, fewer than its header.",
            "The file is cut off: copy it again.");
      }
      file.read(0, magic, 0, HEADER_BYTES);
      if ((magic[0] & 0xff) != 0x6c || (magic[1] & 0xff) != 0x1b) {
        throw Errors.data(
            ErrorCode.DATA_INVALID,
            bed + ", byte 0",
            "the file does not begin with 6c 1b, so it is no .bed file.",
            MAKE_BED);
      }
      if (magic[2] == 0) {
        throw Errors.data(
            ErrorCode.DATA_INVALID,
            bed + ", byte 2",
            "the rows are samples and not variants (the form of plink before 2009).",
            MAKE_BED);
      }
      if (magic[2] != 1) {
        throw Errors.data(
            ErrorCode.DATA_INVALID,
            bed + ", byte 2",
            "the storage mode is "
                + String.format(Locale.ROOT, "%02x", magic[2])
                + ", which is no mode of a .bed file.",
            MAKE_BED);
      }
      long expected = HEADER_BYTES + variants * PlinkBedReader.rowBytes(samples.size());
      if (file.size() != expected) {
        throw Errors.data(
            ErrorCode.DATA_INVALID,
            bed,
            "it has "
                + file.size()
                + " bytes, expected are "
                + expected
                + " for the "
                + samples.size()
                + " samples of the .fam and the "
                + variants
                + " variants of the .bim.",
            file.size() < expected
                ? "The file is cut off, or the three files are not of one set: copy them again."
                : "The three files are not of one set: copy them again.");
      }
    }
  }

  @Override
  public String place() {
    return bed;
  }

  @Override
  public String form() {
    return "PLINK 1";
  }

  @Override
  public Samples samples() {
    return samples;
  }

  @Override
  public long variants() {
    return variants;
  }

  @Override
  public Calls calls() {
    return Calls.HARDCALLS;
  }

  @Override
  public void variants(Visitor visitor) {
    try (GenomicFile file = GenomicFile.open(bim);
        TextLines lines = new TextLines(bim, file.stream())) {
      long row = 0;
      for (String line = lines.next(); line != null; line = lines.next()) {
        List<String> fields = TextLines.fields(line);
        if (fields.size() < BIM_FIELDS) {
          throw lines.refuse(
              "there are " + fields.size() + " columns, expected are " + BIM_FIELDS + ".",
              "A .bim line is: chromosome id centimorgan position A1 A2.");
        }
        visitor.variant(
            row++,
            fields.get(0),
            lines.position(fields.get(3)),
            fields.get(1),
            List.of(
                fields.get(4).toUpperCase(Locale.ROOT), fields.get(5).toUpperCase(Locale.ROOT)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public VariantReader reader() {
    return new PlinkBedReader(bed, samples.size(), HEADER_BYTES, PlinkBedReader.Code.A1_A2);
  }

  @Override
  public String toString() {
    return "PlinkBed[" + bed + "]";
  }
}
