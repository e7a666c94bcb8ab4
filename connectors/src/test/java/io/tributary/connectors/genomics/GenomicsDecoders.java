package io.tributary.connectors.genomics;

import io.tributary.connectors.genomics.bgen.BgenFile;
import io.tributary.connectors.genomics.vcf.VcfFile;
import io.tributary.fuzz.Decoders.Target;
import io.tributary.study.Assembly;
import io.tributary.study.SiteConfig.DosageField;
import io.tributary.study.SiteConfig.Duplicates;
import io.tributary.study.SiteConfig.Strand;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Files of genotypes, for the fuzzers: opened, matched with a list, and all of its calls read. */
public final class GenomicsDecoders {
  private static final String LIST =
      """
      #CHROM\tPOS\tID\tREF\tALT\tAF
      1\t100\trs1\tG\tA\t0.25
      1\t200\trs2\tC\tT\t.
      2\t50\trs3\tA\tG\t0.5
      X\t9\trs4\tAT\tA\t0
      """;
  private static final String VCF =
      """
      ##fileformat=VCFv4.2
      ##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">
      #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\ta\tb\tc
      1\t100\trs1\tG\tA\t.\tPASS\t.\tGT\t0/0\t0|1\t./.
      1\t200\trs2\tC\tA,T\t.\tPASS\tAC=3\tGT:DP\t0|2:9\t1|2:.\t2/2:8
      chr2\t50\t.\tAT\tA,GT\t9\t.\t.\tGT\t1/2\t0\t2|2
      X\t9\trs4\tA\tAT\t.\t.\t.\tGT\t0\t1\t0|1
      """;
  private static final String DOSAGES =
      """
      ##fileformat=VCFv4.3
      #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\ta\tb
      1\t100\trs1\tG\tA\t.\tPASS\t.\tGT:DS:GP\t0/0:0.1:0.95,0.03,0.02\t1:0.9:.
      1\t200\trs2\tC\tA,T\t.\t.\t.\tDS:GP\t1e-1,0.2:0.5,0.5,0,0,0,0\t.,.:0.1,0.9,0
      """;

  private GenomicsDecoders() {}

  /**
   * All of them.
   *
   * @param folder for the files
   */
  public static List<Target> targets(Path folder) throws IOException {
    Path file = Files.write(folder.resolve("fuzz-list.pvar"), utf8(LIST));
    VariantList list = VariantList.read(file.toString(), Assembly.GRCH38);
    List<Target> targets = new ArrayList<>();
    targets.add(
        new Target(
            "variant-list",
            List.of(utf8(LIST)),
            bytes ->
                VariantList.read(write(folder, "fuzzed.pvar", bytes).toString(), Assembly.GRCH38)));
    plink(folder, list, targets);
    pgen(folder, list, targets);
    targets.add(vcf("vcf", folder, list, Optional.empty(), utf8(VCF)));
    targets.add(vcf("vcf-bgzip", folder, list, Optional.empty(), WrittenBgzf.of(utf8(VCF), 150)));
    for (DosageField field : DosageField.values()) {
      targets.add(vcf("vcf-" + field, folder, list, Optional.of(field), utf8(DOSAGES)));
    }
    for (int compression = 0; compression < 3; compression++) {
      String name = "bgen-" + List.of("plain", "zlib", "zstd").get(compression);
      targets.add(
          new Target(
              name,
              List.of(bgen(compression, 8), bgen(compression, 13)),
              bytes ->
                  readAll(
                      BgenFile.open(write(folder, name, bytes).toString(), Optional.empty()),
                      list)));
    }
    targets.add(
        new Target(
            "samples",
            List.of(
                utf8("ID_1 ID_2 missing sex\n0 0 0 D\nf i 0 1\nf j 0 2\n"),
                utf8("#FID IID SEX\nf i 1\nf j NA\n")),
            bytes -> SampleFile.read(write(folder, "fuzzed.sample", bytes).toString())));
    return targets;
  }

  private static byte[] bgen(int compression, int bits) {
    long one = (1L << bits) - 1;
    List<String> pair = List.of("A", "G");
    List<String> three = List.of("C", "A", "T");
    return new WrittenBgen(compression, bits, List.of("a", "b", "c"))
        .add("1", 100, "rs1", pair, false, new int[] {2, 2, 0x82}, one, 0, 0, one, 0, 0)
        .add("01", 200, "rs2", three, false, new int[] {1, 2, 1}, one, 0, 0, 0, one, 0, 0, 0, 0)
        .add("chr2", 50, "rs3", pair, true, new int[] {2, 1, 2}, one, 0, 0, one, 0)
        .bytes(true);
  }

  private static void plink(Path folder, VariantList list, List<Target> targets)
      throws IOException {
    List<String> bim =
        List.of("1 rs1 0 100 A G", "1 rs2 0 200 T C", "chr2 rs3 0.5 50 G A", "X rs4 0 9 AT A");
    int[][] calls = {{0, 1, 2, -1, 0}, {1, 1, 1, 2, 2}, {-1, -1, 0, 0, 0}, {2, 2, 2, 0, 1}};
    String prefix = WrittenBed.of(bim, calls).write(folder, "fuzz-set");
    for (String ending : List.of("bed", "bim", "fam")) {
      Path file = Path.of(prefix + "." + ending);
      byte[] whole = Files.readAllBytes(file);
      targets.add(
          new Target(
              "plink-" + ending,
              List.of(whole),
              bytes -> {
                Files.write(file, bytes);
                try {
                  readAll(PlinkBed.open(prefix), list);
                } finally {
                  Files.write(file, whole);
                }
              }));
    }
  }

  private static void pgen(Path folder, VariantList list, List<Target> targets) throws IOException {
    Map<String, byte[]> whole =
        Map.of(
            "pgen",
            new byte[] {0x6c, 0x1b, 2, 2, 0, 0, 0, 5, 0, 0, 0, 0x40, 0x1b, 1, 0x27, 2},
            "pvar",
            utf8("#CHROM\tPOS\tID\tREF\tALT\n1\t100\trs1\tG\tA\n1\t200\trs2\tC\tT,A\n"),
            "psam",
            utf8("#FID\tIID\tSEX\nf\ta\t1\nf\tb\t2\nf\tc\t0\nf\td\tNA\nf\te\t1\n"));
    for (Map.Entry<String, byte[]> each : whole.entrySet()) {
      write(folder, "fuzz-pgen." + each.getKey(), each.getValue());
    }
    for (String ending : List.of("pgen", "pvar", "psam")) {
      targets.add(
          new Target(
              "plink2-" + ending,
              List.of(whole.get(ending)),
              bytes -> {
                Path file = write(folder, "fuzz-pgen." + ending, bytes);
                try {
                  readAll(PlinkPgen.open(file.resolveSibling("fuzz-pgen").toString()), list);
                } finally {
                  Files.write(file, whole.get(ending));
                }
              }));
    }
  }

  private static Target vcf(
      String name, Path folder, VariantList list, Optional<DosageField> dosage, byte[] whole) {
    return new Target(
        name,
        List.of(whole),
        bytes ->
            readAll(
                VcfFile.open(write(folder, name, bytes).toString(), true, dosage, Optional.empty()),
                list));
  }

  private static void readAll(GenotypeSource source, VariantList list) {
    VariantMatch match = VariantMatch.of(source, list, Strand.UNKNOWN, Duplicates.FIRST);
    VariantTile tile = new VariantTile(source.samples().size(), list.size());
    source.reader().read(match.addresses(0, list.size()), match.counted(0, list.size()), tile);
    DosageTile dosages = new DosageTile(source.samples().size(), list.size());
    source.reader().read(match.addresses(0, list.size()), match.counted(0, list.size()), dosages);
  }

  private static Path write(Path folder, String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
