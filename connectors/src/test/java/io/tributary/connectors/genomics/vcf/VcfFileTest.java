package io.tributary.connectors.genomics.vcf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.connectors.SharedData;
import io.tributary.connectors.genomics.DosageTile;
import io.tributary.connectors.genomics.GenotypeSource;
import io.tributary.connectors.genomics.Samples;
import io.tributary.connectors.genomics.VariantList;
import io.tributary.connectors.genomics.VariantMatch;
import io.tributary.connectors.genomics.VariantTile;
import io.tributary.connectors.genomics.WrittenBgzf;
import io.tributary.study.Assembly;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteConfig.DosageField;
import io.tributary.study.SiteConfig.Duplicates;
import io.tributary.study.SiteConfig.Strand;
import io.tributary.study.TributaryException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** VCF files plain, by bgzip and by gzip: calls, matches, and what is refused. */
class VcfFileTest {
  private static final String HEAD =
      """
      ##fileformat=VCFv4.2
      ##contig=<ID=1>
      #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\ta\tb\tc\td\te\tf
      """;
  private static final String RECORDS =
      """
      chr1\t100\trs1\tG\tA\t.\tPASS\t.\tGT\t0/0\t0|1\t1/1\t./.\t1\t.
      chr1\t200\trs2\tC\tT,A\t.\tPASS\tAC=3\tGT:DP\t0|2:9\t1|2:.\t2/2:8\t./2:7\t0/1/2:3\t1:2
      02\t50\t.\tAT\tA,GT\t9\t.\t.\tGT:GQ:DP\t0/0\t0/1:3\t1/2\t2|2\t.\t2:1:1
      X\t9\trs4\ta\tg\t.\t.\t.\tGT\t0\t1\t0|1\t|1|0\t1/1\t0/0
      X\t10\tsv\tA\t<DEL>,*\t.\t.\t.\tGT\t0\t1\t0\t2\t1\t0
      X\t11\tmono\tA\t.\t.\t.\t.\tGT\t0\t0\t0\t0\t0\t0
      """;
  private static final String LIST =
      """
      #CHROM\tPOS\tID\tREF\tALT
      1\t100\trs1\tG\tA
      1\t200\trs2a\tC\tA
      1\t200\trs2t\tC\tT
      2\t50\tsnv\tA\tG
      2\t50\tdel\tAT\tA
      X\t9\trs4\tG\tA
      """;
  private static final int[][] CALLS = {
    {0, 1, 2, 3, 2, 3},
    {1, 1, 2, 3, 3, 0},
    {0, 1, 0, 3, 3, 2},
    {0, 0, 1, 2, 3, 2},
    {0, 1, 1, 0, 3, 0},
    {2, 0, 1, 1, 0, 2}
  };

  @TempDir private Path folder;

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] gzip(byte[] text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text);
    }
    return bytes.toByteArray();
  }

  private VariantList list(String text) throws IOException {
    return VariantList.read(write("list.pvar", utf8(text)).toString(), Assembly.GRCH38);
  }

  private static VariantTile read(GenotypeSource source, VariantList list) {
    VariantMatch match = VariantMatch.of(source, list, Strand.FORWARD, Duplicates.REFUSE);
    VariantTile tile = new VariantTile(source.samples().size(), list.size());
    source.reader().read(match.addresses(0, list.size()), match.counted(0, list.size()), tile);
    return tile;
  }

  private static int[][] calls(VariantTile tile) {
    return IntStream.range(0, tile.variants())
        .mapToObj(v -> IntStream.range(0, tile.samples()).map(i -> tile.call(v, i)).toArray())
        .toArray(int[][]::new);
  }

  // ---- calls -----------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(strings = {"plain", "gzip", "bgzip 65000", "bgzip 7", "bgzip 64", "windows"})
  void copiesOfTheListsAltAreCounted(String form) throws IOException {
    byte[] text = utf8(HEAD + RECORDS);
    byte[] file =
        switch (form) {
          case "plain" -> text;
          case "gzip" -> gzip(text);
          case "windows" -> utf8((HEAD + RECORDS).replace("\n", "\r\n"));
          default -> WrittenBgzf.of(text, Integer.parseInt(form.substring("bgzip ".length())));
        };
    VcfFile source =
        VcfFile.open(write("a.vcf.gz", file).toString(), true, Optional.empty(), Optional.empty());
    assertThat(calls(read(source, list(LIST)))).isDeepEqualTo(CALLS);
    assertThat(source.variants()).isEqualTo(6);
    assertThat(source.samples().individual(5)).isEqualTo("f");
    assertThat(source.calls()).isEqualTo(GenotypeSource.Calls.HARDCALLS);
  }

  @Test
  void matchIsCounted() throws IOException {
    VcfFile source =
        VcfFile.open(
            write("a.vcf", utf8(HEAD + RECORDS)).toString(),
            false,
            Optional.empty(),
            Optional.empty());
    VariantMatch match = VariantMatch.of(source, list(LIST), Strand.FORWARD, Duplicates.REFUSE);
    // rs4 stands the other way round; sv and mono have no allele of a list.
    assertThat(match.counts()).isEqualTo(new VariantMatch.Counts(6, 1, 0, 2, 0, 0));
    assertThat(match.counted(0, 6)).containsExactly(1, 2, 1, 2, 1, 0);
  }

  /** Bytes of a line as fast as its calls: against a second, slow reading of the same text. */
  @ParameterizedTest
  @CsvSource({"1, 40", "31, 70", "32, 70", "33, 300", "700, 500"})
  void anyOrderOfAddressesIsRead(int samples, int blockBytes) throws IOException {
    int variants = 200;
    Random random = new Random(samples);
    String[] forms = {"0|0", "0/1", "1|0", "1/1", "./.", "0", "1", ".", "0|1:5,3"};
    int[] copies = {0, 1, 1, 2, 3, 0, 2, 3, 1};
    int[][] expected = new int[variants][samples];
    StringBuilder text =
        new StringBuilder("##fileformat=VCFv4.1\n")
            .append("#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT");
    IntStream.range(0, samples).forEach(i -> text.append("\ts").append(i));
    for (int v = 0; v < variants; v++) {
      text.append("\n1\t").append(v + 1).append("\t.\tA\tC\t.\t.\t.\tGT:AD");
      for (int i = 0; i < samples; i++) {
        int form = random.nextInt(forms.length);
        text.append('\t').append(forms[form]);
        expected[v][i] = copies[form];
      }
    }
    byte[] file = WrittenBgzf.of(utf8(text.toString()), blockBytes);
    VcfFile source =
        VcfFile.open(write("a.vcf.gz", file).toString(), false, Optional.empty(), Optional.empty());
    long[] at = new long[variants];
    source.variants((address, chromosome, position, id, alleles) -> at[position - 1] = address);
    int[] order = random.ints(300, 0, variants).toArray();
    long[] addresses = Arrays.stream(order).mapToLong(v -> v % 10 == 7 ? -1 : at[v]).toArray();
    byte[] counted = new byte[order.length];
    Arrays.fill(counted, (byte) 1);
    VariantTile tile = new VariantTile(samples, order.length);
    source.reader().read(addresses, counted, tile);
    int[] none = IntStream.generate(() -> 3).limit(samples).toArray();
    int[][] wanted =
        Arrays.stream(order).mapToObj(v -> v % 10 == 7 ? none : expected[v]).toArray(int[][]::new);
    assertThat(calls(tile)).isDeepEqualTo(wanted);
  }

  /** 600 variants of 2504 persons against plink2 --geno-counts: equal, from gzip and from bgzip. */
  @Test
  void countsAreThoseOfPlink2() throws IOException {
    Path published = SharedData.require("data/gwas-1000g-chr21/genotypes.vcf.gz");
    Path oracle = SharedData.require("oracles/gwas-1000g-chr21/plink2.gcount.gz");
    List<String[]> rows;
    try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(oracle))) {
      rows =
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .skip(1)
              .map(line -> line.split("\t"))
              .toList();
    }
    VariantList list = list("#CHROM\tPOS\tID\tREF\tALT\n" + sorted(rows));
    byte[] text;
    try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(published))) {
      text = in.readAllBytes();
    }
    Path blocks = write("g.vcf.gz", WrittenBgzf.of(text, 65280));
    for (Path file : List.of(published, blocks)) {
      VcfFile source =
          VcfFile.open(file.toString(), file.equals(published), Optional.empty(), Optional.empty());
      VariantTile tile = read(source, list);
      assertThat(tile.samples()).isEqualTo(2504);
      int compared = 0;
      for (int v = 0; v < list.size(); v++) {
        int[] counts = new int[4];
        for (int i = 0; i < tile.samples(); i++) {
          counts[tile.call(v, i)]++;
        }
        String id = list.id(v);
        String[] row = rows.stream().filter(each -> each[2].equals(id)).findFirst().orElseThrow();
        int[] expected = {
          Integer.parseInt(row[5]),
          Integer.parseInt(row[6]),
          Integer.parseInt(row[7]),
          Integer.parseInt(row[10])
        };
        assertThat(counts).as(id).isEqualTo(expected);
        compared++;
      }
      assertThat(compared).isEqualTo(600);
    }
  }

  private static String sorted(List<String[]> rows) {
    return rows.stream()
        .sorted(
            java.util.Comparator.comparingInt((String[] row) -> Integer.parseInt(row[1]))
                .thenComparing(row -> row[3])
                .thenComparing(row -> row[4]))
        .map(row -> String.join("\t", List.of(row).subList(0, 5)) + "\n")
        .collect(Collectors.joining());
  }

  // ---- files that are not what they should be --------------------------------------------------

  private static void refused(ThrowingCallable action, String... parts) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.DATA_INVALID);
              assertThat(e.problem() + " " + e.reason() + " " + e.remedy()).contains(parts);
            });
  }

  private void refusedText(String text, String... parts) throws IOException {
    VariantList list = list(LIST);
    for (byte[] file : List.of(utf8(text), WrittenBgzf.of(utf8(text), 50))) {
      Path path = write("bad.vcf", file);
      refused(
          () ->
              read(VcfFile.open(path.toString(), false, Optional.empty(), Optional.empty()), list),
          parts);
    }
  }

  private void refusedRecord(String record, String... parts) throws IOException {
    refusedText(HEAD + record.replace(' ', '\t') + "\n", parts);
  }

  @Test
  void headerHasVersionAndSamples() throws IOException {
    refusedText("", "line 0", "does not begin with ##fileformat=VCFv4.");
    refusedText("BCF\2\2", "line 1", "does not begin", "bcftools view");
    refusedText("##fileformat=VCFv3.3\n" + HEAD, "line 1", "no VCF file of version 4");
    refusedText("##fileformat=VCFv4.3\n##x\n", "line 2", "ends before the line #CHROM");
    refusedText("##fileformat=VCFv4.3\n1\t2\n", "line 2", "not the one of #CHROM");
    refusedText(HEAD.replace("\tFORMAT\ta\tb\tc\td\te\tf", ""), "line 3", "there is no sample");
    refusedText(HEAD.replace("\te\t", "\tb\t"), "line 3", "columns 11 and 14 have one sample");
    refusedText(HEAD, "line 3", "there is no variant");
  }

  @Test
  void gzipIsRefusedUnlessItIsAllowed() throws IOException {
    Path file = write("g.vcf.gz", gzip(utf8(HEAD + RECORDS)));
    refused(
        () -> VcfFile.open(file.toString(), false, Optional.empty(), Optional.empty()),
        "g.vcf.gz",
        "only be read from the start",
        "bgzip",
        "unsplittable: allow");
    byte[] cut = Arrays.copyOf(Files.readAllBytes(file), 150);
    Path half = write("half.vcf.gz", cut);
    refused(
        () -> VcfFile.open(half.toString(), true, Optional.empty(), Optional.empty()),
        "the rest cannot be decompressed");
  }

  @Test
  void blocksThatAreDamagedAreNamed() throws IOException {
    byte[] whole = WrittenBgzf.of(utf8(HEAD + RECORDS), 200);
    byte[] cut = Arrays.copyOf(whole, whole.length - 28);
    refusedBlocks(cut, "byte " + cut.length, "does not end with the empty block");
    int second = u16(whole, 16) + 1;
    String at = "byte " + second;
    refusedBlocks(with(whole, second, 0), at, "no block of a bgzip file begins here");
    refusedBlocks(with(whole, second + 10, 0), at, "no block of a bgzip file begins here");
    refusedBlocks(with(whole, second + 16, 9), at, "no block of a bgzip file begins here");
    refusedBlocks(with(whole, second + 17, 0xff), at, "no block of a bgzip file begins here");
    int third = second + u16(whole, second + 16) + 1;
    refusedBlocks(with(whole, third - 8, whole[third - 8] + 1), at, "checksum is wrong");
    int text = whole[third - 4] & 0xff;
    for (int other : new int[] {text - 1, text + 1}) {
      refusedBlocks(with(whole, third - 4, other), at, "text is not " + other + " bytes long");
    }
    refusedBlocks(with(whole, third - 1, 1), at, "its text has " + ((1 << 24) + text) + " bytes");
    refusedBlocks(with(whole, second + 18, 0xff), at, "the block cannot be decompressed");
  }

  private static int u16(byte[] bytes, int at) {
    return (bytes[at] & 0xff) + 256 * (bytes[at + 1] & 0xff);
  }

  private void refusedBlocks(byte[] file, String... parts) throws IOException {
    Path path = write("bad.vcf.gz", file);
    VariantList list = list(LIST);
    refused(
        () -> read(VcfFile.open(path.toString(), false, Optional.empty(), Optional.empty()), list),
        parts);
  }

  private static byte[] with(byte[] bytes, int at, int value) {
    byte[] changed = bytes.clone();
    changed[at] = (byte) value;
    return changed;
  }

  @Test
  void linesThatDoNotFitTheHeaderAreRefused() throws IOException {
    refusedRecord("1 100 rs1 G A . . .", "line 4", "8 columns");
    refusedRecord("1 100 rs1 G A . . . GT 0|0 0|0 0|0 0|0 0|0", "line 4", "5 samples, and 6");
    refusedRecord("1 100 rs1 G A . . . GT 0 0 0 0 0 0 0", "line 4", "7 samples, and 6");
    refusedRecord("1 1e2 rs1 G A . . . GT 0 0 0 0 0 0", "line 4", "POS is not a whole number");
    refusedRecord("1 99999999999 rs1 G A . . . GT 0 0 0 0 0 0", "POS is not a whole number");
    refusedRecord("1 -1 rs1 G A . . . GT 0 0 0 0 0 0", "POS is not a whole number");
  }

  @Test
  void genotypesThatAreNoneAreRefused() throws IOException {
    refusedRecord("1 100 r G A . . . DP:GT 0 0 0 0 0 0", "line 4", "does not begin with GT");
    refusedRecord("1 100 r G A . . . GTX 0 0 0 0 0 0", "line 4", "does not begin with GT");
    refusedRecord(
        "1 100 r G A . . . GT 0|0 0|2 0 0 0 0", "line 4", "sample 2 has allele 2, and ALT names 1");
    refusedRecord("1 100 r G A . . . GT 0 0 12 0 0 0", "sample 3 has allele 12, and ALT names 1");
    for (String call : List.of("", "a", "0|", "|", "0-1", "0/x", "0.1", "0|1|", "1e0")) {
      refusedRecord(
          "1 100 r G A . . . GT 0 0 0 " + call + " 0 0", "line 4", "GT of sample 4 is no genotype");
    }
  }

  @Test
  void linesAreInOrder() throws IOException {
    String other = " . A C . . . GT 0 0 0 0 0 0\n";
    refusedRecord(
        "1 9" + other + "1 8" + other, "line 5", "position 8 stands after position 9", "sort");
    refusedRecord(
        "1 9" + other + "2 8" + other + "1 10" + other,
        "line 6",
        "chromosome 1 stands in another place too",
        "bcftools sort");
  }

  @Test
  void otherBuildAndRepeatedVariantsAreSeen() throws IOException {
    refusedRecord("21 46709984 far A C . . . GT 0 0 0 0 0 0", "another build");
    String one = "1 100 rs1 G A . . . GT 0 0 0 0 0 0";
    refusedRecord(one + "\n" + one, "variant 'rs1'", "stands in the file twice");
  }

  // ---- dosages ---------------------------------------------------------------------------------

  private static DosageTile dosages(VcfFile source, VariantList list) {
    VariantMatch match = VariantMatch.of(source, list, Strand.FORWARD, Duplicates.REFUSE);
    DosageTile tile = new DosageTile(source.samples().size(), list.size());
    source.reader().read(match.addresses(0, list.size()), match.counted(0, list.size()), tile);
    return tile;
  }

  private VcfFile dosageFile(DosageField field, String record) throws IOException {
    Path path = write("ds.vcf", utf8(HEAD + record.replace(' ', '\t') + "\n"));
    return VcfFile.open(path.toString(), false, Optional.of(field), Optional.empty());
  }

  private void dosagesAre(DosageField field, String record, int variant, double... copies)
      throws IOException {
    DosageTile tile = dosages(dosageFile(field, record), list(LIST));
    for (int i = 0; i < copies.length; i++) {
      int expected = copies[i] < 0 ? DosageTile.MISSING : (int) Math.round(16384 * copies[i]);
      assertThat(tile.dosage(variant, i)).as("sample " + (i + 1)).isEqualTo(expected);
    }
  }

  @Test
  void dosagesOfTheListsAltAreRead() throws IOException {
    dosagesAre(
        DosageField.DS,
        "1 100 r G A . . . GT:GQ:DS 0|0:9:0.25 .:.:1.5 1|1:1:2.004 0|1 1:1:0.25 0/1:9:.",
        0,
        0.25,
        1.5,
        2,
        -1,
        0.5,
        -1);
    dosagesAre(
        DosageField.DS,
        "X 9 r A G . . . DS 0 0.5 1e0 2 1.25 0.123456789012345",
        5,
        2,
        1.5,
        1,
        0,
        0.75,
        1.876543);
    dosagesAre(
        DosageField.DS,
        "1 200 r C T,A . . . DS 0,1 0.5,.5 1,1 .,1 2,0 0,2",
        1,
        1,
        0.5,
        1,
        -1,
        0,
        2);
    dosagesAre(
        DosageField.GP,
        "1 100 r G A . . . GP 1,0,0 0.5,0.25,0.25 0,0,1 0.25,0.75 .,.,. 0,0.99,0",
        0,
        0,
        0.75,
        2,
        1.5,
        -1,
        1);
    dosagesAre(
        DosageField.GP,
        "1 200 r C T,A . . . GP 0,0,0,0,0,1 0,0,0,0,1,0 0,0,0,1,0,0 0,1,0,0,0,0 0,0,1 1,0,0",
        1,
        2,
        1,
        1,
        0,
        2,
        0);
  }

  private void refusedDosage(DosageField field, String first, String problem) throws IOException {
    VariantList list = list(LIST);
    VcfFile source = dosageFile(field, "1 100 r G A . . . " + field + " " + first + " . . . . .");
    refused(() -> dosages(source, list), "line 4", field + " of sample 1 " + problem);
  }

  @Test
  void dosagesThatAreNoneAreRefused() throws IOException {
    refusedDosage(DosageField.DS, "2.1", "is 2.1, not from 0 to 2");
    refusedDosage(DosageField.DS, "-0.1", "is -0.1, not from 0 to 2");
    refusedDosage(DosageField.DS, "1,1", "has 2 numbers, not one for each ALT");
    for (String text : List.of("NaN", "x", "1.2.3", "Infinity", "", "1e999")) {
      refusedDosage(DosageField.DS, text, "is no number");
    }
    refusedDosage(DosageField.GP, "0.5,0.2,0.2", "has the sum 0.8999999999999999, not 1");
    refusedDosage(DosageField.GP, "1.1,-0.1,0", "has the number -0.1");
    refusedDosage(DosageField.GP, "1,0,0,0", "has 4 numbers, not one for each genotype");
    VariantList list = list(LIST);
    VcfFile calls = dosageFile(DosageField.DS, "1 100 r G A . . . GT 0 0 0 0 0 0");
    refused(() -> dosages(calls, list), "line 4", "FORMAT does not name DS", "options.dosage");
  }

  @Test
  void familiesAndSexAreOfAFileOfSamples() throws IOException {
    String vcf = write("a.vcf", utf8(HEAD + RECORDS)).toString();
    String psam = "#FID\tIID\tSEX\nf1\tf\t1\nf2\tb\t2\nf3\ta\t0\nf4\tc\tNA\nf5\te\t1\nf6\td\t2\n";
    Path file = write("s.psam", utf8(psam));
    Samples samples =
        VcfFile.open(vcf, false, Optional.empty(), Optional.of(file.toString())).samples();
    assertThat(samples.individual(5)).isEqualTo("f");
    assertThat(samples.family(5)).isEqualTo("f1");
    assertThat(samples.sex(5)).isEqualTo(Samples.Sex.MALE);
    assertThat(samples.sex(1)).isEqualTo(Samples.Sex.FEMALE);
    assertThat(samples.sex(0)).isEqualTo(Samples.Sex.UNKNOWN);
    write("s.psam", utf8(psam.replace("\te\t", "\tx\t")));
    refused(
        () -> VcfFile.open(vcf, false, Optional.empty(), Optional.of(file.toString())),
        "s.psam",
        "sample 5 of",
        "is not in it");
  }

  @Test
  void fileThatChangedIsRefused() throws IOException {
    VariantList list = list(LIST);
    Path path = write("a.vcf.gz", WrittenBgzf.of(utf8(HEAD + RECORDS), 100));
    VcfFile source = VcfFile.open(path.toString(), false, Optional.empty(), Optional.empty());
    VariantMatch match = VariantMatch.of(source, list, Strand.FORWARD, Duplicates.REFUSE);
    write("a.vcf.gz", WrittenBgzf.of(utf8(HEAD), 1000));
    VariantTile tile = new VariantTile(6, 6);
    refused(
        () -> source.reader().read(match.addresses(0, 6), match.counted(0, 6), tile), "a.vcf.gz");
  }
}
