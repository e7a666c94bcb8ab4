package io.tributary.connectors.genomics;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;

/** A BGEN file of layout 2 that a test writes, number by number and not by the code under test. */
public final class WrittenBgen {
  private final int compression;
  private final int bits;
  private final List<String> samples;
  private final List<byte[]> variants = new ArrayList<>();

  /**
   * A file without variants yet.
   *
   * @param compression 0 none, 1 zlib, 2 zstd
   * @param samples their ids
   */
  public WrittenBgen(int compression, int bits, List<String> samples) {
    this.compression = compression;
    this.bits = bits;
    this.samples = samples;
  }

  /**
   * One more variant.
   *
   * @param ploidies for each sample, with 0x80 for missing
   * @param numbers all that are stored, in units of 1 / (2^bits - 1)
   */
  public WrittenBgen add(
      String chromosome,
      int position,
      String id,
      List<String> alleles,
      boolean phased,
      int[] ploidies,
      long... numbers) {
    return add(chromosome, position, id, alleles, block(alleles.size(), phased, ploidies, numbers));
  }

  /** One more variant, with this block of probabilities. */
  public WrittenBgen add(
      String chromosome, int position, String id, List<String> alleles, byte[] block) {
    ByteBuffer out = ByteBuffer.allocate(1000 + 2 * block.length).order(ByteOrder.LITTLE_ENDIAN);
    name(out, "");
    name(out, id);
    name(out, chromosome);
    out.putInt(position).putShort((short) alleles.size());
    for (String allele : alleles) {
      out.putInt(allele.length()).put(utf8(allele));
    }
    byte[] stored =
        compression == 0 ? block : compression == 1 ? zlib(block) : Zstd.compress(block);
    if (compression == 0) {
      out.putInt(stored.length);
    } else {
      out.putInt(stored.length + 4).putInt(block.length);
    }
    out.put(stored);
    variants.add(Arrays.copyOf(out.array(), out.position()));
    return this;
  }

  /** A block of probabilities. */
  public byte[] block(int alleles, boolean phased, int[] ploidies, long... numbers) {
    int length = 10 + ploidies.length + (numbers.length * bits + 7) / 8;
    ByteBuffer out = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(ploidies.length).putShort((short) alleles).put((byte) 1).put((byte) 2);
    for (int ploidy : ploidies) {
      out.put((byte) ploidy);
    }
    out.put((byte) (phased ? 1 : 0)).put((byte) bits);
    byte[] packed = new byte[out.remaining()];
    for (int i = 0; i < numbers.length; i++) {
      for (int b = 0; b < bits; b++) {
        int at = i * bits + b;
        packed[at / 8] |= (byte) (((numbers[i] >>> b) & 1) << (at % 8));
      }
    }
    return out.put(packed).array();
  }

  /** The file's bytes. */
  public byte[] bytes(boolean withIds) {
    int idBytes = 8 + samples.stream().mapToInt(id -> 2 + id.length()).sum();
    ByteBuffer ids = ByteBuffer.allocate(idBytes).order(ByteOrder.LITTLE_ENDIAN);
    ids.putInt(ids.capacity()).putInt(samples.size());
    samples.forEach(id -> name(ids, id));
    int offset = 20 + (withIds ? ids.capacity() : 0);
    ByteBuffer head = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    head.putInt(offset).putInt(20).putInt(variants.size()).putInt(samples.size());
    head.put(utf8("bgen")).putInt(compression + (2 << 2) + (withIds ? 1 << 31 : 0));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(head.array());
    if (withIds) {
      out.writeBytes(ids.array());
    }
    variants.forEach(out::writeBytes);
    return out.toByteArray();
  }

  private static void name(ByteBuffer out, String text) {
    out.putShort((short) text.length()).put(utf8(text));
  }

  private static byte[] zlib(byte[] bytes) {
    Deflater deflater = new Deflater();
    deflater.setInput(bytes);
    deflater.finish();
    byte[] out = new byte[bytes.length + 100];
    int length = deflater.deflate(out);
    deflater.end();
    return Arrays.copyOf(out, length);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
