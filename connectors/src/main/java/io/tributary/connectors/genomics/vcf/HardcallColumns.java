package io.tributary.connectors.genomics.vcf;

import io.tributary.connectors.genomics.VariantTile;

/**
 * GT of all samples of a line. A call of one allele, as of males on X, counts as two copies of it;
 * a call with a dot in it, or of more than two alleles, is missing; alleles that are not counted
 * are all one.
 */
final class HardcallColumns {
  private static final int MISSING = 3;

  private final VcfRecord record;
  private final int samples;
  private int at;
  private int alleles;

  HardcallColumns(VcfRecord record, int samples) {
    this.record = record;
    this.samples = samples;
  }

  /** DATA_INVALID unless GT is the first key of FORMAT. */
  static void require(VcfRecord record) {
    if (record.key("GT") != 0) {
      throw record.refuse(
          "FORMAT does not begin with GT.",
          "Write the genotypes into the file, or name the field that is to be read: options:"
              + " {dosage: DS} in the catalogue.");
    }
  }

  /**
   * Reads one line into a row of a tile.
   *
   * @param counted number of the allele that is counted
   */
  void read(int counted, VariantTile tile, int variant) {
    require(record);
    byte[] line = record.bytes();
    int end = record.length();
    long[] words = tile.words();
    int into = variant * tile.stride();
    alleles = record.alleleCount();
    at = record.samplesFrom();
    long word = 0;
    int shift = 0;
    for (int sample = 0; sample < samples; sample++) {
      if (at > end) {
        throw record.otherCount(sample, samples);
      }
      word |= (long) call(line, end, counted, sample) << shift;
      shift += 2;
      if (shift == Long.SIZE) {
        words[into++] = word;
        word = 0;
        shift = 0;
      }
      while (at < end && line[at] != '\t') {
        at++;
      }
      at++;
    }
    if (shift > 0) {
      words[into] = word;
    }
    if (at <= end) {
      throw record.otherCount(record.samples(), samples);
    }
  }

  /** Two alleles of one digit are nearly all there is. */
  private int call(byte[] line, int end, int counted, int sample) {
    if (at + 3 <= end && (at + 3 == end || line[at + 3] == '\t' || line[at + 3] == ':')) {
      int first = line[at] - '0';
      int second = line[at + 2] - '0';
      boolean known = first >= 0 && first < Math.min(alleles, 10);
      known &= second >= 0 && second < Math.min(alleles, 10);
      known &= line[at + 1] == '|' || line[at + 1] == '/';
      if (known) {
        at += 3;
        return (first == counted ? 1 : 0) + (second == counted ? 1 : 0);
      }
    }
    return anyCall(line, end, counted, sample);
  }

  private int anyCall(byte[] line, int end, int counted, int sample) {
    int ploidy = 0;
    int copies = 0;
    boolean missing = false;
    // VCF 4.4 lets a mark of phase stand before the first allele too.
    if (at < end && isMark(line[at])) {
      at++;
    }
    while (true) {
      int allele = allele(line, end, sample);
      missing |= allele < 0;
      copies += allele == counted ? 1 : 0;
      ploidy++;
      if (at == end || line[at] == '\t' || line[at] == ':') {
        break;
      }
      if (!isMark(line[at])) {
        throw noCall(sample);
      }
      at++;
    }
    if (missing || ploidy > 2) {
      return MISSING;
    }
    return ploidy == 1 ? 2 * copies : copies;
  }

  /** The allele where the reader stands, or -1 for a dot. */
  private int allele(byte[] line, int end, int sample) {
    if (at < end && line[at] == '.') {
      at++;
      return -1;
    }
    int from = at;
    int value = 0;
    while (at < end && line[at] >= '0' && line[at] <= '9' && at - from < 6) {
      value = 10 * value + line[at++] - '0';
    }
    if (at == from) {
      throw noCall(sample);
    }
    if (value >= alleles) {
      throw record.refuse(
          "sample "
              + (sample + 1)
              + " has allele "
              + value
              + ", and ALT names "
              + (alleles - 1)
              + ".",
          "The line was changed without its genotypes: write the file anew.");
    }
    return value;
  }

  private RuntimeException noCall(int sample) {
    return record.refuse(
        "GT of sample " + (sample + 1) + " is no genotype.",
        "Write 0/1, 0|1, 1 or ./. with the numbers of the alleles.");
  }

  private static boolean isMark(byte b) {
    return b == '/' || b == '|';
  }
}
