package io.tributary.connectors.genomics.vcf;

import io.tributary.connectors.genomics.Samples;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The lines before the records: only the form's version and the samples' names are needed. */
final class VcfHeader {
  private static final String VERSION = "##fileformat=VCFv4.";
  private static final List<String> COLUMNS =
      List.of("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT");
  private static final String REPAIR =
      "The columns are " + String.join(" ", COLUMNS) + " and one for each sample, with tabs.";

  private VcfHeader() {}

  /** Reads the header; the next line is then the first record. */
  static Samples read(String location, VcfLines lines) {
    if (!lines.next() || !lines.text().startsWith(VERSION)) {
      throw lines.refuse(
          "the file does not begin with " + VERSION + "x, so it is no VCF file of version 4.",
          "Write it anew, such as with bcftools view -O z.");
    }
    while (lines.next()) {
      String line = lines.text();
      if (!line.startsWith("##")) {
        Samples samples = samples(location, line.split("\t", -1), lines);
        lines.expect(samples.size());
        return samples;
      }
    }
    throw lines.refuse("the file ends before the line #CHROM.", REPAIR);
  }

  private static Samples samples(String location, String[] columns, VcfLines lines) {
    if (columns.length < COLUMNS.size() - 1
        || !List.of(columns).subList(0, COLUMNS.size() - 1).equals(COLUMNS.subList(0, 8))) {
      throw lines.refuse("the line is not the one of #CHROM that should follow ##.", REPAIR);
    }
    if (columns.length <= COLUMNS.size() || !columns[COLUMNS.size() - 1].equals("FORMAT")) {
      throw lines.refuse("there is no sample, so the file has no genotypes.", REPAIR);
    }
    Map<String, Integer> positions = new HashMap<>();
    Samples.Builder samples = Samples.builder(location);
    for (int i = COLUMNS.size(); i < columns.length; i++) {
      Integer before = positions.put(columns[i], i + 1);
      if (before != null) {
        throw lines.refuse(
            "columns " + before + " and " + (i + 1) + " have one sample's name.",
            "Remove one of the two, or rename it: bcftools reheader -s.");
      }
      samples.add("0", columns[i], Samples.Sex.UNKNOWN);
    }
    return samples.build();
  }
}
