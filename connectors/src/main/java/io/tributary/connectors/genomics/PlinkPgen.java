package io.tributary.connectors.genomics;

import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * PLINK 2 genotypes of fixed width (https://github.com/chrchang/plink-ng/tree/master/pgen_spec),
 * storage mode 02.
 *
 * <pre>
 *   .pgen   0   magic 6c 1b, then the storage mode
 *           3   u32 variants, u32 samples, u8 flags: 3 in bits 6-7 puts a bit a variant before rows
 *           12  row of a variant: two bits a sample, low bits first: copies of ALT, 11 missing
 *   .pvar   #CHROM POS ID REF ALT ...
 *   .psam   #FID IID ... SEX, or #IID ... SEX
 * </pre>
 */
public final class PlinkPgen implements GenotypeSource {
  private static final int HEADER_BYTES = 12;
  private static final int FIXED_WIDTH = 2;
  private static final List<String> COLUMNS = List.of("#CHROM", "POS", "ID", "REF", "ALT");

  private final String pgen;
  private final String pvar;
  private final Samples samples;
  private final long variants;
  private final long firstRow;

  private PlinkPgen(String pgen, String pvar, Samples samples, long variants, long firstRow) {
    this.pgen = pgen;
    this.pvar = pvar;
    this.samples = samples;
    this.variants = variants;
    this.firstRow = firstRow;
  }

  /**
   * Opens and checks the .pgen and the .psam; the .pvar when {@link #variants(Visitor)} reads it.
   *
   * @param prefix of the three names, or the name of the .pgen
   */
  public static PlinkPgen open(String prefix) {
    String stem = prefix.endsWith(".pgen") ? prefix.substring(0, prefix.length() - 5) : prefix;
    Samples samples = SampleFile.read(stem + ".psam");
    try (GenomicFile file = GenomicFile.open(stem + ".pgen")) {
      byte[] bytes = new byte[HEADER_BYTES];
      file.read(0, bytes, 0, (int) Math.min(HEADER_BYTES, file.size()));
      checkForm(file, bytes, stem);
      ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      long variants = Integer.toUnsignedLong(header.getInt(3));
      long people = Integer.toUnsignedLong(header.getInt(7));
      if (people != samples.size()) {
        throw refuse(
            file,
            "it has " + people + " samples, and the .psam " + samples.size() + ".",
            "The three files are not of one set: copy them again.");
      }
      boolean flagged = (bytes[11] & 0xff) >>> 6 == 3;
      long firstRow = HEADER_BYTES + (flagged ? (variants + 7) / 8 : 0);
      long expected = firstRow + variants * PlinkBedReader.rowBytes(samples.size());
      if (file.size() != expected) {
        throw refuse(
            file,
            "it has "
                + file.size()
                + " bytes, expected are "
                + expected
                + " for "
                + variants
                + " variants of "
                + samples.size()
                + " samples.",
            "The file is cut off or damaged: copy it again.");
      }
      return new PlinkPgen(stem + ".pgen", stem + ".pvar", samples, variants, firstRow);
    }
  }

  private static void checkForm(GenomicFile file, byte[] header, String stem) {
    if ((header[0] & 0xff) != 0x6c || header[1] != 0x1b) {
      throw refuse(
          file,
          "the file does not begin with 6c 1b, so it is no .pgen file.",
          "Make it anew: plink2 --make-pgen format=2.");
    }
    if (header[2] != FIXED_WIDTH) {
      throw refuse(
          file,
          "the storage mode is "
              + String.format(Locale.ROOT, "%02x", header[2])
              + "; only rows of fixed width, mode 02, are read.",
          "Convert it. Hardcalls: plink2 --pfile "
              + stem
              + " --make-pgen format=2 --out NEW, or --make-bed; dosages: plink2 --pfile "
              + stem
              + " --export bgen-1.2 bits=16 --out NEW.");
    }
  }

  private static RuntimeException refuse(GenomicFile file, String problem, String remedy) {
    return Errors.data(ErrorCode.DATA_INVALID, file.place(), problem, remedy);
  }

  @Override
  public String place() {
    return pgen;
  }

  @Override
  public String form() {
    return "PLINK 2";
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

  /** Hands over every variant. DATA_INVALID if the .pvar has more or fewer than the .pgen. */
  @Override
  public void variants(Visitor visitor) {
    try (GenomicFile file = GenomicFile.open(pvar);
        TextLines lines = new TextLines(pvar, file.stream())) {
      header(lines);
      long row = 0;
      for (String line = lines.next(); line != null; line = lines.next()) {
        List<String> fields = TextLines.fields(line);
        if (fields.size() < COLUMNS.size()) {
          throw lines.refuse(
              "there are " + fields.size() + " columns, expected are " + COLUMNS.size() + ".",
              "A .pvar line is: chromosome position id REF ALT.");
        }
        List<String> alleles = new ArrayList<>(2);
        alleles.add(fields.get(3).toUpperCase(Locale.ROOT));
        alleles.addAll(List.of(fields.get(4).toUpperCase(Locale.ROOT).split(",", -1)));
        visitor.variant(
            row++, fields.get(0), lines.position(fields.get(1)), fields.get(2), alleles);
      }
      if (row != variants) {
        throw Errors.data(
            ErrorCode.DATA_INVALID,
            pvar,
            "there are " + row + " variants, and the .pgen has " + variants + ".",
            "The three files are not of one set: copy them again.");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void header(TextLines lines) {
    String line = lines.next();
    while (line != null && line.startsWith("##")) {
      line = lines.next();
    }
    List<String> names = line == null ? List.of() : TextLines.fields(line);
    if (names.size() < COLUMNS.size() || !names.subList(0, COLUMNS.size()).equals(COLUMNS)) {
      throw lines.refuse(
          "the header is not " + String.join(" ", COLUMNS) + ".",
          "Make the file anew: plink2 --make-just-pvar.");
    }
  }

  @Override
  public VariantReader reader() {
    return new PlinkBedReader(pgen, samples.size(), firstRow, PlinkBedReader.Code.ALT);
  }

  @Override
  public String toString() {
    return "PlinkPgen[" + pgen + "]";
  }
}
