package io.tributary.connectors.genomics.bgen;

import io.tributary.connectors.genomics.DosageReader;
import io.tributary.connectors.genomics.DosageTile;
import io.tributary.connectors.genomics.GenomicFile;
import io.tributary.connectors.genomics.bgen.BgenHeader.Compression;
import java.io.IOException;
import java.util.zip.Inflater;

/** Blocks of a BGEN file into tiles. */
final class BgenReader extends DosageReader {
  private final String bgen;
  private final Compression compression;
  private final int samples;

  BgenReader(String bgen, Compression compression, int samples) {
    this.bgen = bgen;
    this.compression = compression;
    this.samples = samples;
  }

  @Override
  public int samples() {
    return samples;
  }

  @Override
  protected Rows open() {
    return new Blocks(GenomicFile.open(bgen), compression, samples);
  }

  private static final class Blocks implements Rows {
    /** Room behind the numbers, which are read eight bytes at a time. */
    private static final int BEYOND = 8;

    /** Of more alleles or copies than these bytes a sample can tell, nothing is called. */
    private static final int MAX_SAMPLE_BYTES = 1024;

    private final GenomicFile file;
    private final BgenVariants variants;
    private final Compression compression;
    private final int samples;
    private final Inflater inflater = new Inflater();
    private final byte[] head;
    private byte[] stored = new byte[1 << 14];
    private byte[] numbers = new byte[1 << 14];

    Blocks(GenomicFile file, Compression compression, int samples) {
      this.file = file;
      this.variants = new BgenVariants(file);
      this.compression = compression;
      this.samples = samples;
      this.head = new byte[Probabilities.BEFORE_PLOIDY + samples + Probabilities.AFTER_PLOIDY];
    }

    @Override
    public void read(long address, int counted, char[] into, int from) {
      variants.read(address);
      int length = variants.blockBytes();
      int prefix = compression == Compression.NONE ? 0 : 4;
      if (length < prefix) {
        throw damaged("has " + length + " bytes");
      }
      if (stored.length < length) {
        stored = new byte[Math.max(length, 2 * stored.length)];
      }
      file.read(variants.block(), stored, 0, length);
      long stated =
          prefix == 0
              ? length
              : (stored[0] & 0xffL)
                  | (stored[1] & 0xffL) << 8
                  | (stored[2] & 0xffL) << 16
                  | (stored[3] & 0xffL) << 24;
      try (BlockBytes bytes =
          new BlockBytes(compression, inflater, stored, prefix, length - prefix)) {
        decode(bytes, stated, counted, into, from);
      } catch (IOException e) {
        throw damaged("cannot be decompressed");
      }
    }

    /** Nothing is decompressed beyond what samples, alleles, ploidies and bits take. */
    private void decode(BlockBytes bytes, long stated, int counted, char[] into, int from)
        throws IOException {
      int alleles = variants.alleles().size();
      if (!bytes.read(head, 0, head.length)) {
        throw damaged("ends within its head, of " + samples + " samples");
      }
      Probabilities probabilities = new Probabilities(samples, alleles, head);
      if (probabilities.statedSamples() != samples) {
        throw damaged(
            "has " + probabilities.statedSamples() + " samples, and the header " + samples);
      }
      if (probabilities.statedAlleles() != alleles) {
        throw damaged(
            "has " + probabilities.statedAlleles() + " alleles, and the variant " + alleles);
      }
      int bits = probabilities.bits();
      if (bits < 1 || bits > 32 || !probabilities.phaseIsTold()) {
        throw damaged("has " + bits + " bits a number, or no phase");
      }
      double needed = probabilities.numberBytes();
      if (stated != head.length + needed) {
        throw damaged(
            "takes "
                + (long) (head.length + needed)
                + " bytes by its samples, alleles, ploidies and bits, and states "
                + stated);
      }
      if (needed > MAX_SAMPLE_BYTES * (samples + 1.0)) {
        DosageTile.missing(into, from, samples);
        return;
      }
      int length = (int) needed;
      if (numbers.length < length + BEYOND) {
        numbers = new byte[length + BEYOND];
      }
      if (!bytes.read(numbers, 0, length) || !bytes.atEnd()) {
        throw damaged("has not the " + stated + " bytes that it states");
      }
      int wrong = probabilities.dosages(numbers, counted, into, from);
      if (wrong >= 0) {
        throw damaged("has probabilities that are more than 1 at sample " + (wrong + 1));
      }
    }

    private RuntimeException damaged(String problem) {
      return BgenHeader.damaged(
          file,
          variants.block(),
          "the block of variant '"
              + variants.id()
              + "' at "
              + variants.chromosome()
              + ":"
              + variants.position()
              + " "
              + problem
              + ".");
    }

    @Override
    public void close() {
      inflater.end();
      file.close();
    }
  }
}
