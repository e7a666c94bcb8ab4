package io.tributary.connectors.genomics.vcf;

import io.tributary.study.TributaryException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** One line of genotypes: CHROM POS ID REF ALT QUAL FILTER INFO FORMAT, then the samples. */
final class VcfRecord {
  private static final int CHROM = 0;
  private static final int POS = 1;
  private static final int ID = 2;
  private static final int REF = 3;
  private static final int ALT = 4;
  private static final int FORMAT = 8;
  private static final int FIXED_COLUMNS = 9;

  private final VcfLines lines;
  private final int[] starts = new int[FIXED_COLUMNS + 1];
  private String chromosome = "";

  VcfRecord(VcfLines lines) {
    this.lines = lines;
  }

  /** Finds the columns of the line that was read last. */
  void locate() {
    byte[] line = lines.bytes();
    int length = lines.length();
    int column = 1;
    for (int i = 0; i < length; i++) {
      if (line[i] == '\t') {
        starts[column++] = i + 1;
        if (column > FIXED_COLUMNS) {
          return;
        }
      }
    }
    throw refuse(
        "there are " + column + " columns, fewer than one sample needs.",
        "The columns are those of the line #CHROM, between single tabs.");
  }

  /** Columns of samples; reads the whole line. */
  int samples() {
    byte[] line = lines.bytes();
    int count = 1;
    for (int i = starts[FIXED_COLUMNS]; i < lines.length(); i++) {
      count += line[i] == '\t' ? 1 : 0;
    }
    return count;
  }

  String chromosome() {
    if (!holds(CHROM, chromosome)) {
      chromosome = text(CHROM);
    }
    return chromosome;
  }

  /** 1-based; 0 means a telomere. */
  int position() {
    long value = 0;
    int from = starts[POS];
    int to = starts[POS + 1] - 1;
    byte[] line = lines.bytes();
    boolean plain = to > from && to - from <= 10;
    for (int i = from; plain && i < to; i++) {
      int digit = line[i] - '0';
      plain = digit >= 0 && digit <= 9;
      value = 10 * value + digit;
    }
    if (!plain || value >= Integer.MAX_VALUE) {
      throw refuse(
          "POS is not a whole number.",
          "Look whether columns are shifted; positions are counted from 1.");
    }
    return (int) value;
  }

  String id() {
    return text(ID);
  }

  /** REF and the ALTs, in upper case; a dot where there is no ALT. */
  List<String> alleles() {
    List<String> alleles = new ArrayList<>(2);
    alleles.add(text(REF).toUpperCase(Locale.ROOT));
    alleles.addAll(Arrays.asList(text(ALT).toUpperCase(Locale.ROOT).split(",", -1)));
    return alleles;
  }

  /** How many alleles there are. */
  int alleleCount() {
    byte[] line = lines.bytes();
    int count = 2;
    for (int i = starts[ALT]; i < starts[ALT + 1]; i++) {
      count += line[i] == ',' ? 1 : 0;
    }
    return count;
  }

  /** Position of a key in FORMAT, or -1. */
  int key(String name) {
    byte[] line = lines.bytes();
    int end = starts[FORMAT + 1] - 1;
    int position = 0;
    for (int from = starts[FORMAT]; from <= end; position++) {
      int to = from;
      while (to < end && line[to] != ':') {
        to++;
      }
      if (equal(line, from, to, name)) {
        return position;
      }
      from = to + 1;
    }
    return -1;
  }

  /** Where the first sample begins. */
  int samplesFrom() {
    return starts[FIXED_COLUMNS];
  }

  byte[] bytes() {
    return lines.bytes();
  }

  int length() {
    return lines.length();
  }

  private boolean holds(int column, String text) {
    return equal(lines.bytes(), starts[column], starts[column + 1] - 1, text);
  }

  private static boolean equal(byte[] line, int from, int to, String text) {
    if (to - from != text.length()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (line[from + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private String text(int column) {
    int from = starts[column];
    return new String(lines.bytes(), from, starts[column + 1] - 1 - from, StandardCharsets.UTF_8);
  }

  /** A refusal of this line. */
  TributaryException refuse(String problem, String remedy) {
    return lines.refuse(problem, remedy);
  }

  /** The refusal of a line with more or fewer samples than the header. */
  TributaryException otherCount(int count, int expected) {
    return refuse(
        "there are " + count + " samples, and " + expected + " in the line #CHROM.",
        "The line is cut off or has another file's columns: write the file anew.");
  }
}
