package io.tributary.connectors.genomics.bgen;

import io.tributary.connectors.genomics.DosageTile;

/**
 * The probabilities of one variant as dosages of one allele.
 *
 * <pre>
 *   u32 samples, u16 alleles, u8 and u8 smallest and largest ploidy
 *   for each sample a byte: bits 0-5 ploidy, 7 missing
 *   u8 phased, u8 B; then numbers of B bits, low bits first, in units of 1 / (2^B - 1)
 *     phased: for each copy, and not: for each genotype in colexicographic order; the last left out
 * </pre>
 *
 * <p>A sample of ploidy 1 counts twice; one of ploidy 0, or more than 2, is missing.
 */
final class Probabilities {
  /** Bytes before the ploidies, and after them before the numbers. */
  static final int BEFORE_PLOIDY = 8;

  static final int AFTER_PLOIDY = 2;

  private static final int MAX_PLOIDY = 63;

  private final int samples;
  private final int alleles;
  private final byte[] head;
  private byte[] numbers = new byte[0];
  private long bit;

  /** A block's first bytes, up to and with B. */
  Probabilities(int samples, int alleles, byte[] head) {
    this.samples = samples;
    this.alleles = alleles;
    this.head = head;
  }

  /** Samples that the block says it has. */
  long statedSamples() {
    return number(0, 4);
  }

  int statedAlleles() {
    return (int) number(4, 2);
  }

  boolean phased() {
    return head[BEFORE_PLOIDY + samples] == 1;
  }

  /** Whether the byte that tells of phase tells one of two things. */
  boolean phaseIsTold() {
    return phased() || head[BEFORE_PLOIDY + samples] == 0;
  }

  /** Bits of a number; 1 to 32 in a valid block. */
  int bits() {
    return head[BEFORE_PLOIDY + samples + 1] & 0xff;
  }

  /** Bytes that the numbers take, by alleles, ploidies and B; exact up to 2^53. */
  double numberBytes() {
    double[] counts = new double[MAX_PLOIDY + 1];
    for (int ploidy = 0; ploidy <= MAX_PLOIDY; ploidy++) {
      counts[ploidy] = count(ploidy);
    }
    double sum = 0;
    for (int i = 0; i < samples; i++) {
      sum += counts[ploidy(i)];
    }
    return Math.ceil(sum * bits() / 8);
  }

  /** Numbers of one sample. */
  private double count(int ploidy) {
    if (phased()) {
      return ploidy * (alleles - 1.0);
    }
    double genotypes = 1;
    for (int i = 1; i <= ploidy; i++) {
      genotypes = genotypes * (alleles - 1 + i) / i;
    }
    return Math.rint(genotypes) - 1;
  }

  private int ploidy(int sample) {
    return head[BEFORE_PLOIDY + sample] & 0x3f;
  }

  private boolean missing(int sample) {
    return head[BEFORE_PLOIDY + sample] < 0;
  }

  private long number(int at, int bytes) {
    long value = 0;
    for (int i = bytes - 1; i >= 0; i--) {
      value = value << 8 | (head[at + i] & 0xff);
    }
    return value;
  }

  /**
   * Dosages of an allele.
   *
   * @param read the numbers, with at least eight bytes behind them
   * @return -1, or the first sample whose probabilities are more than 1 together
   */
  int dosages(byte[] read, int counted, char[] into, int from) {
    numbers = read;
    bit = 0;
    long one = (1L << bits()) - 1;
    boolean plain = alleles == 2 && bits() == 8 && !phased();
    for (int i = 0; i < samples; i++) {
      int ploidy = ploidy(i);
      if (missing(i) || ploidy == 0 || ploidy > 2) {
        bit += (long) (count(ploidy) * bits());
        into[from + i] = DosageTile.MISSING;
        continue;
      }
      long copies =
          plain && ploidy == 2
              ? byteCopies(counted)
              : phased() || ploidy == 1
                  ? haplotypes(ploidy, counted, one)
                  : genotypes(counted, one);
      if (copies < 0) {
        return i;
      }
      into[from + i] = (char) ((copies * DosageTile.COPY * (ploidy == 1 ? 2 : 1) + one / 2) / one);
    }
    return -1;
  }

  /** Most files: two alleles, bytes. */
  private long byteCopies(int counted) {
    int at = (int) (bit >>> 3);
    bit += 16;
    int none = numbers[at] & 0xff;
    int het = numbers[at + 1] & 0xff;
    int both = 255 - none - het;
    return both < 0 ? -1 : het + 2L * (counted == 0 ? none : both);
  }

  /** Copies of the allele in units of 1 / one; -1 if probabilities are more than 1 together. */
  private long haplotypes(int ploidy, int counted, long one) {
    long copies = 0;
    boolean valid = true;
    for (int h = 0; h < ploidy; h++) {
      long rest = one;
      for (int allele = 0; allele < alleles - 1; allele++) {
        long p = next();
        rest -= p;
        copies += allele == counted ? p : 0;
      }
      copies += counted == alleles - 1 ? rest : 0;
      valid &= rest >= 0;
    }
    return valid ? copies : -1;
  }

  /** Genotypes (0,0), (0,1), (1,1), (0,2), (1,2), (2,2), ... */
  private long genotypes(int counted, long one) {
    long copies = 0;
    long rest = one;
    for (int second = 0; second < alleles; second++) {
      for (int first = 0; first <= second; first++) {
        boolean last = first == alleles - 1;
        long p = last ? rest : next();
        rest -= last ? 0 : p;
        copies += p * ((first == counted ? 1 : 0) + (second == counted ? 1 : 0));
      }
    }
    return rest < 0 ? -1 : copies;
  }

  private long next() {
    int at = (int) (bit >>> 3);
    int shift = (int) (bit & 7);
    bit += bits();
    return ((long) LONGS.get(numbers, at) >>> shift) & ((1L << bits()) - 1);
  }

  private static final java.lang.invoke.VarHandle LONGS =
      java.lang.invoke.MethodHandles.byteArrayViewVarHandle(
          long[].class, java.nio.ByteOrder.LITTLE_ENDIAN);
}
