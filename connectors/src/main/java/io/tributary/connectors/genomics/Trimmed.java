package io.tributary.connectors.genomics;

import java.util.List;

/**
 * REF and one ALT without the bases that both have at their ends: first those behind, then those
 * before, one base of each stays. A file that writes several ALTs in one line has to write bases
 * that a line of one of them would not need.
 *
 * @param position of the first base that is left
 */
record Trimmed(int position, String ref, String alt) {
  static Trimmed of(int position, String ref, String alt) {
    int refEnd = ref.length();
    int altEnd = alt.length();
    while (refEnd > 1 && altEnd > 1 && ref.charAt(refEnd - 1) == alt.charAt(altEnd - 1)) {
      refEnd--;
      altEnd--;
    }
    int from = 0;
    while (from < Math.min(refEnd, altEnd) - 1 && ref.charAt(from) == alt.charAt(from)) {
      from++;
    }
    return new Trimmed(position + from, ref.substring(from, refEnd), alt.substring(from, altEnd));
  }

  List<String> alleles() {
    return List.of(ref, alt);
  }
}
