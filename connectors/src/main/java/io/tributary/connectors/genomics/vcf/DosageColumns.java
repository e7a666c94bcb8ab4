package io.tributary.connectors.genomics.vcf;

import io.tributary.connectors.genomics.DosageTile;
import io.tributary.study.SiteConfig.DosageField;
import java.nio.charset.StandardCharsets;

/**
 * DS or GP of all samples of a line, as dosages. DS has a number for each ALT, GP one for each
 * genotype, whose sum may be off 1 by 0.02 and is taken for 1. A sample of one allele counts twice:
 * GP shows it by the number of its values, DS by the sample's GT.
 */
final class DosageColumns {
  /** GP is printed with few digits. */
  private static final double SUM_WITHIN = 0.02;

  /** DS too: 2.001 is 2. */
  private static final double OVER = 1e-2;

  private static final double[] POWERS = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};

  private final VcfRecord record;
  private final DosageField field;
  private final int samples;
  private double[] values = new double[3];
  private int count;
  private int at;

  DosageColumns(VcfRecord record, DosageField field, int samples) {
    this.record = record;
    this.field = field;
    this.samples = samples;
  }

  /** Position of the field in FORMAT; DATA_INVALID if it is not there. */
  static int require(VcfRecord record, DosageField field) {
    int key = record.key(field.name());
    if (key < 0) {
      throw record.refuse(
          "FORMAT does not name " + field + ".",
          "Correct options.dosage in the catalogue; without it GT is read.");
    }
    return key;
  }

  /** Reads one line; the counted allele's dosages go to {@code into} from {@code from} on. */
  void read(int counted, char[] into, int from) {
    int key = require(record, field);
    boolean withCalls = record.key("GT") == 0;
    int alleles = record.alleleCount();
    byte[] line = record.bytes();
    int end = record.length();
    at = record.samplesFrom();
    for (int sample = 0; sample < samples; sample++) {
      if (at > end) {
        throw record.otherCount(sample, samples);
      }
      boolean oneAllele = withCalls && oneAllele(line, end);
      into[from + sample] =
          skip(line, end, key) && numbers(line, end, sample)
              ? dosage(counted, alleles, oneAllele, sample)
              : DosageTile.MISSING;
      while (at < end && line[at] != '\t') {
        at++;
      }
      at++;
    }
    if (at <= end) {
      throw record.otherCount(record.samples(), samples);
    }
  }

  /** Whether the call where the reader stands is of one allele, that is not a dot. */
  private boolean oneAllele(byte[] line, int end) {
    for (int i = at; i < end && line[i] != ':' && line[i] != '\t'; i++) {
      if (line[i] < '0' || line[i] > '9') {
        return false;
      }
    }
    return true;
  }

  /** Goes to a sample's field; false if the sample ends before it. */
  private boolean skip(byte[] line, int end, int key) {
    for (int left = key; left > 0; left--) {
      while (at < end && line[at] != ':' && line[at] != '\t') {
        at++;
      }
      if (at == end || line[at] == '\t') {
        return false;
      }
      at++;
    }
    return true;
  }

  /** Reads numbers between commas; false if one of them is a dot. */
  private boolean numbers(byte[] line, int end, int sample) {
    count = 0;
    boolean all = true;
    while (true) {
      if (count == values.length) {
        values = java.util.Arrays.copyOf(values, 2 * count);
      }
      int from = at;
      while (at < end && line[at] != ',' && line[at] != ':' && line[at] != '\t') {
        at++;
      }
      boolean dot = at == from + 1 && line[from] == '.';
      all &= !dot;
      values[count++] = dot ? 0 : number(line, from, at, sample);
      if (at == end || line[at] != ',') {
        return all;
      }
      at++;
    }
  }

  /** Few digits are exact in a double; everything else is left to Java. */
  private double number(byte[] line, int from, int to, int sample) {
    long digits = 0;
    int point = -1;
    for (int i = from; i < to; i++) {
      if (line[i] == '.' && point < 0) {
        point = i;
      } else if (line[i] >= '0' && line[i] <= '9' && to - from <= POWERS.length) {
        digits = 10 * digits + line[i] - '0';
      } else {
        return anyNumber(new String(line, from, to - from, StandardCharsets.US_ASCII), sample);
      }
    }
    if (to - from == (point < 0 ? 0 : 1)) {
      throw invalid(sample, "is no number");
    }
    return point < 0 ? digits : digits / POWERS[to - point - 1];
  }

  private double anyNumber(String text, int sample) {
    try {
      double value = Double.parseDouble(text);
      if (Double.isFinite(value) && text.chars().noneMatch(c -> c <= ' ')) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Refused below, as what is no finite number.
    }
    throw invalid(sample, "is no number");
  }

  private char dosage(int counted, int alleles, boolean oneAllele, int sample) {
    double copies =
        field == DosageField.DS
            ? expected(counted, alleles, oneAllele, sample)
            : probable(counted, alleles, sample);
    return (char) Math.round(DosageTile.COPY * Math.min(2, Math.max(0, copies)));
  }

  private double expected(int counted, int alleles, boolean oneAllele, int sample) {
    if (count != alleles - 1) {
      throw invalid(sample, "has " + count + " numbers, not one for each ALT");
    }
    double most = oneAllele ? 1 : 2;
    double sum = 0;
    for (int i = 0; i < count; i++) {
      if (values[i] < 0 || values[i] > most + OVER) {
        throw invalid(sample, "is " + values[i] + ", not from 0 to " + (oneAllele ? 1 : 2));
      }
      sum += values[i];
    }
    double copies = counted == 0 ? most - sum : values[counted - 1];
    return oneAllele ? 2 * copies : copies;
  }

  private double probable(int counted, int alleles, int sample) {
    boolean oneAllele = count == alleles;
    if (!oneAllele && count != alleles * (alleles + 1) / 2) {
      throw invalid(sample, "has " + count + " numbers, not one for each genotype");
    }
    double sum = 0;
    for (int i = 0; i < count; i++) {
      if (values[i] < 0) {
        throw invalid(sample, "has the number " + values[i]);
      }
      sum += values[i];
    }
    if (Math.abs(sum - 1) > SUM_WITHIN) {
      throw invalid(sample, "has the sum " + sum + ", not 1");
    }
    if (oneAllele) {
      return 2 * values[counted] / sum;
    }
    double copies = 0;
    int genotype = 0;
    for (int second = 0; second < alleles; second++) {
      for (int first = 0; first <= second; first++) {
        copies += values[genotype++] * ((first == counted ? 1 : 0) + (second == counted ? 1 : 0));
      }
    }
    return copies / sum;
  }

  private RuntimeException invalid(int sample, String problem) {
    return record.refuse(
        field + " of sample " + (sample + 1) + " " + problem + ".",
        "Look at what wrote this field; a dot is missing.");
  }
}
