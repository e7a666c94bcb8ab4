package io.tributary.connectors.genomics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.connectors.SharedData;
import io.tributary.study.Assembly;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteConfig.Duplicates;
import io.tributary.study.SiteConfig.Strand;
import io.tributary.study.TributaryException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPInputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Readers of PLINK 1 files and of variant lists, and what they refuse. */
class PlinkBedTest {
  private static final List<String> BIM =
      List.of("1 rs1 0 100 A G", "1 rs2 0 200 T C", "chr2 rs3 0.5 50 G A", "X rs4 0 9 AT A");
  private static final String LIST =
      """
      ##fileformat=PVARv1.0
      #CHROM\tPOS\tID\tREF\tALT\tAF
      1\t100\trs1\tG\tA\t0.25
      1\t200\trs2\tT\tC\t.
      2\t50\trs3\tA\tG\t0.5
      2\t50\trs3b\tA\tT\t1
      X\t9\trs4\tAT\tA\t0
      """;

  @TempDir private Path folder;

  private static int[][] calls(int samples) {
    int[][] calls = new int[BIM.size()][samples];
    for (int v = 0; v < calls.length; v++) {
      for (int i = 0; i < samples; i++) {
        calls[v][i] = (7 * v + 5 * i + i * i) % 4 - 1;
      }
    }
    return calls;
  }

  private VariantList list(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("list.pvar"), text);
    return VariantList.read(file.toString(), Assembly.GRCH38);
  }

  private static VariantTile read(GenotypeSource source, VariantList list) {
    VariantMatch match = VariantMatch.of(source, list, Strand.FORWARD, Duplicates.REFUSE);
    VariantTile tile = new VariantTile(source.samples().size(), list.size());
    source.reader().read(match.addresses(0, list.size()), match.counted(0, list.size()), tile);
    return tile;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 5, 31, 32, 33, 64, 101})
  void copiesOfTheListsAltAreCounted(int samples) throws IOException {
    int[][] calls = calls(samples);
    PlinkBed source = PlinkBed.open(WrittenBed.of(BIM, calls).write(folder, "set"));
    VariantTile tile = read(source, list(LIST));
    for (int i = 0; i < samples; i++) {
      // rs1, rs3: ALT is A1. rs2, rs4: ALT is A2. rs3b is not in the file.
      assertThat(tile.call(0, i)).isEqualTo(calls[0][i] < 0 ? 3 : calls[0][i]);
      assertThat(tile.call(1, i)).isEqualTo(calls[1][i] < 0 ? 3 : 2 - calls[1][i]);
      assertThat(tile.call(2, i)).isEqualTo(calls[2][i] < 0 ? 3 : calls[2][i]);
      assertThat(tile.call(3, i)).isEqualTo(3);
      assertThat(tile.call(4, i)).isEqualTo(calls[3][i] < 0 ? 3 : 2 - calls[3][i]);
    }
    long beyond = ~VariantTile.lastWord(samples);
    for (int v = 0; v < tile.variants(); v++) {
      assertThat(tile.words()[(v + 1) * tile.stride() - 1] & beyond).isZero();
    }
  }

  @Test
  void rowsFarApartAndWithoutAddressAreRead() throws IOException {
    int samples = 300;
    int variants = 4000;
    List<String> bim = new ArrayList<>();
    int[][] calls = new int[variants][samples];
    Random random = new Random(1);
    for (int v = 0; v < variants; v++) {
      bim.add("1 v" + v + " 0 " + (v + 1) + " A C");
      for (int i = 0; i < samples; i++) {
        calls[v][i] = random.nextInt(4) - 1;
      }
    }
    PlinkBed source = PlinkBed.open(WrittenBed.of(bim, calls).write(folder, "large"));
    long[] addresses = {3999, 0, 1, 2, -1, 5, 3000, 3001, -1, -1, 12};
    byte[] counted = new byte[addresses.length];
    VariantTile tile = new VariantTile(samples, 64);
    source.reader().read(addresses, counted, tile);
    for (int v = 0; v < addresses.length; v++) {
      for (int i = 0; i < samples; i++) {
        int call = addresses[v] < 0 ? -1 : calls[(int) addresses[v]][i];
        assertThat(tile.call(v, i)).isEqualTo(call < 0 ? 3 : call);
      }
    }
  }

  @Test
  void countsAreThoseOfThe1000VariantsOfRegenie() throws IOException {
    Path prefix = SharedData.require("data/gwas-regenie/example.bed");
    Path oracle = SharedData.require("oracles/gwas-regenie/R.counts_by_site.csv.gz");
    PlinkBed source = PlinkBed.open(prefix.toString());
    StringBuilder text = new StringBuilder("#CHROM\tPOS\tID\tREF\tALT\n");
    for (int v = 1; v <= 1000; v++) {
      text.append("1\t" + v + "\t" + v + "\t2\t1\n");
    }
    VariantTile tile = read(source, list(text.toString()));
    int compared = 0;
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(oracle)), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] row = line.split(",");
        if (row[0].equals("pooled")) {
          int[] counts = new int[4];
          for (int i = 0; i < source.samples().size(); i++) {
            counts[tile.call(Integer.parseInt(row[1]) - 1, i)]++;
          }
          int[] expected = new int[4];
          Arrays.setAll(expected, i -> Integer.parseInt(row[2 + i]));
          assertThat(counts).as(row[1]).isEqualTo(expected);
          compared++;
        }
      }
    }
    assertThat(compared).isEqualTo(1000);
  }

  @Test
  void matchIsCounted() throws IOException {
    List<String> bim = new ArrayList<>(BIM);
    bim.add("1 other 0 100 A C"); // other alleles at a position of the list
    bim.add("1 far 0 999 A C");
    bim.add("0 nowhere 0 0 A C");
    bim.add("GL000192.1 scaffold 0 7 A C");
    PlinkBed source =
        PlinkBed.open(WrittenBed.of(bim, new int[bim.size()][5]).write(folder, "set"));
    VariantMatch match = VariantMatch.of(source, list(LIST), Strand.FORWARD, Duplicates.REFUSE);
    assertThat(match.counts()).isEqualTo(new VariantMatch.Counts(4, 2, 0, 2, 0, 2));
    assertThat(match.addresses(0, 5)).containsExactly(0, 1, 2, -1, 3);
  }

  @Test
  void otherStrandMatchesOnlyWhereItIsSaidToBeUnknownAndCanBeSeen() throws IOException {
    // rs1 G/A as C/T; a palindrome as it stands and on the other strand.
    List<String> bim = List.of("1 rs1 0 100 T C", "2 p 0 50 A T");
    PlinkBed source = PlinkBed.open(WrittenBed.of(bim, new int[2][5]).write(folder, "set"));
    VariantList list = list(LIST);
    assertThat(VariantMatch.of(source, list, Strand.FORWARD, Duplicates.REFUSE).counts())
        .isEqualTo(new VariantMatch.Counts(1, 0, 0, 1, 0, 0));
    VariantMatch unknown = VariantMatch.of(source, list, Strand.UNKNOWN, Duplicates.REFUSE);
    assertThat(unknown.counts()).isEqualTo(new VariantMatch.Counts(1, 1, 1, 1, 0, 0));
    assertThat(unknown.address(0)).isZero();
    assertThat(unknown.counted(0)).isZero();
    assertThat(unknown.address(3)).isEqualTo(-1);
  }

  @Test
  void repeatedVariantIsAnErrorUnlessTheFirstIsAskedFor() throws IOException {
    List<String> bim = List.of("1 a 0 100 A G", "1 b 0 100 G A");
    PlinkBed source = PlinkBed.open(WrittenBed.of(bim, new int[2][5]).write(folder, "set"));
    VariantList list = list(LIST);
    refused(
        () -> VariantMatch.of(source, list, Strand.FORWARD, Duplicates.REFUSE),
        "variant 'b'",
        "stands in the file twice",
        "duplicates: first");
    VariantMatch first = VariantMatch.of(source, list, Strand.FORWARD, Duplicates.FIRST);
    assertThat(first.address(0)).isZero();
    assertThat(first.counts().repeated()).isEqualTo(1);
  }

  @Test
  void otherBuildIsSeenByItsPositions() throws IOException {
    List<String> bim = List.of("21 a 0 46709984 A G");
    PlinkBed source = PlinkBed.open(WrittenBed.of(bim, new int[1][5]).write(folder, "set"));
    VariantList list = list(LIST);
    refused(
        () -> VariantMatch.of(source, list, Strand.FORWARD, Duplicates.REFUSE),
        "lies beyond chromosome 21 of GRCh38",
        "another build");
  }

  // ---- files that are not what they should be --------------------------------------------------

  private static void refused(ThrowingCallable action, String... parts) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> {
              assertThat(e.code()).isIn(ErrorCode.DATA_INVALID, ErrorCode.DATA_MISSING);
              assertThat(e.problem() + " " + e.reason() + " " + e.remedy()).contains(parts);
            });
  }

  private String changed(String ending, UnaryOperator<byte[]> change) throws IOException {
    String prefix = WrittenBed.of(BIM, calls(5)).write(folder, "bad");
    Path file = Path.of(prefix + ending);
    Files.write(file, change.apply(Files.readAllBytes(file)));
    return prefix;
  }

  private void refusedAtOpen(String ending, UnaryOperator<byte[]> change, String... parts)
      throws IOException {
    String prefix = changed(ending, change);
    refused(() -> PlinkBed.open(prefix), parts);
  }

  @Test
  void bedOfAnotherSizeIsRefused() throws IOException {
    refusedAtOpen(
        ".bed",
        bytes -> Arrays.copyOf(bytes, bytes.length - 1),
        "bad.bed",
        "it has 10 bytes, expected are 11",
        "5 samples",
        "4 variants",
        "cut off");
    refusedAtOpen(
        ".bed",
        bytes -> Arrays.copyOf(bytes, bytes.length + 1),
        "it has 12 bytes, expected are 11");
    refusedAtOpen(".bed", bytes -> Arrays.copyOf(bytes, 2), "2 bytes, fewer than its header");
    refusedAtOpen(
        ".bim", bytes -> "1 rs1 0 1 A G\n".getBytes(StandardCharsets.UTF_8), "1 variants");
  }

  @Test
  void bedOfAnotherFormIsRefused() throws IOException {
    refusedAtOpen(".bed", bytes -> with(bytes, 0, 0x6d), "6c 1b", "--make-bed");
    refusedAtOpen(".bed", bytes -> with(bytes, 2, 0), "the rows are samples", "--make-bed");
    refusedAtOpen(".bed", bytes -> with(bytes, 2, 0x10), "storage mode is 10", "--make-bed");
  }

  private static byte[] with(byte[] bytes, int at, int value) {
    bytes[at] = (byte) value;
    return bytes;
  }

  @Test
  void bitsBeyondTheLastSampleSayThatTheFilesDoNotBelongTogether() throws IOException {
    String prefix = changed(".bed", bytes -> with(bytes, 8, bytes[8] | 0x40));
    PlinkBed source = PlinkBed.open(prefix);
    VariantList list = list(LIST);
    refused(
        () -> read(source, list),
        "bad.bed, byte 8",
        "bits beyond the last sample of variant 3",
        "does not belong to these samples or variants");
  }

  @Test
  void shortLinesAndPositionsThatAreNoneAreRefusedWithTheirLine() throws IOException {
    refusedAtOpen(
        ".fam",
        bytes -> "0 i1 0 0 1 -9\n0 i2 0\n".getBytes(StandardCharsets.UTF_8),
        "bad.fam, line 2",
        "3 columns, expected are 6");
    refusedAtOpen(".fam", bytes -> new byte[0], "there is no sample");
    refusedAtOpen(".bim", bytes -> new byte[0], "there is no variant");
    refusedAtList(
        "1 rs1 0 100 A G\n1 rs2 0 A G\n1 a 0 1 A G\n1 b 0 2 A G\n", "line 2", "5 columns");
    refusedAtList(
        "1 rs1 0 100 A G\n1 rs2 0 1e5 A G\n1 a 0 1 A G\n1 b 0 2 A G\n",
        "line 2",
        "the position is not a whole number");
    refusedAtList("1 rs1 0 100 A G\n1 rs2 0 99999999999 A G\n1 a 0 1 A G\n1 b 0 2 A G\n", "line 2");
  }

  private void refusedAtList(String bim, String... parts) throws IOException {
    PlinkBed source = PlinkBed.open(changed(".bim", bytes -> bim.getBytes(StandardCharsets.UTF_8)));
    VariantList list = list(LIST);
    refused(() -> VariantMatch.of(source, list, Strand.FORWARD, Duplicates.REFUSE), parts);
  }

  @Test
  void missingFilesAreNamed() throws IOException {
    String prefix = WrittenBed.of(BIM, calls(5)).write(folder, "gone");
    for (String ending : List.of(".bed", ".bim", ".fam")) {
      Path file = Path.of(prefix + ending);
      byte[] bytes = Files.readAllBytes(file);
      Files.delete(file);
      refused(() -> PlinkBed.open(prefix), "gone" + ending, "there is no such file");
      Files.write(file, bytes);
    }
    refused(() -> PlinkBed.open(folder + "/no\0name"), "cannot be read");
  }

  @Test
  void sampleThatIsThereTwiceIsAnErrorUnlessFamiliesDiffer() throws IOException {
    String fam = "f1 i1 0 0 1 -9\nf2 i1 0 0 2 -9\nf2 i2 0 0 0 -9\nf2 i3 0 0 0 1\nf2 i4 0 0 0 1\n";
    PlinkBed source = PlinkBed.open(changed(".fam", bytes -> fam.getBytes(StandardCharsets.UTF_8)));
    refused(
        () -> source.samples().positions(Samples.Join.INDIVIDUAL),
        "samples 1 and 2",
        "one individual id",
        "genotypes.family");
    assertThat(source.samples().positions(Samples.Join.FAMILY_AND_INDIVIDUAL))
        .hasSize(5)
        .containsEntry(Samples.key("f2", "i1"), 1);
    assertThat(source.samples().sex(0)).isEqualTo(Samples.Sex.MALE);
    assertThat(source.samples().sex(1)).isEqualTo(Samples.Sex.FEMALE);
    assertThat(source.samples().sex(2)).isEqualTo(Samples.Sex.UNKNOWN);
  }

  // ---- lists -----------------------------------------------------------------------------------

  @Test
  void listTellsItsVariants() throws IOException {
    VariantList list = list(LIST);
    assertThat(list.size()).isEqualTo(5);
    assertThat(list.chromosome(1)).isEqualTo(new Chromosome(1));
    assertThat(list.chromosome(3)).isEqualTo(new Chromosome(2));
    assertThat(list.chromosome(4)).isEqualTo(Chromosome.X);
    assertThat(list.position(3)).isEqualTo(50);
    assertThat(List.of(list.ref(4), list.alt(4), list.id(4))).containsExactly("AT", "A", "rs4");
    assertThat(list.frequency(0)).isEqualTo(0.25f);
    assertThat(list.frequency(1)).isNaN();
    assertThat(list.isPalindromic(3)).isTrue();
    assertThat(list.isPalindromic(0)).isFalse();
    byte[] bytes = LIST.getBytes(StandardCharsets.UTF_8);
    assertThat(list.digest()).isEqualTo(io.tributary.codec.Digest.sha256(bytes).hex());
  }

  @Test
  void listOfOtherBytesOrSizeIsRefused() throws IOException {
    VariantList list = list(LIST);
    String file = folder.resolve("list.pvar").toString();
    assertThat(VariantList.read(file, Assembly.GRCH38, list.digest(), 5).size()).isEqualTo(5);
    refused(
        () -> VariantList.read(file, Assembly.GRCH38, "0".repeat(64), 5),
        list.digest(),
        "the study names 000");
    refused(() -> VariantList.read(file, Assembly.GRCH38, list.digest(), 6), "it has 5 variants");
  }

  @Test
  void linesThatNoListMayHaveAreRefused() {
    refusedLine("1\t100\trs\tG", "line 3", "4 columns, the header has 6");
    refusedLine("1\t100\trs1\tG\tA\t0.25", "line 3", "stands here twice");
    refusedLine("1\t99\trs1\tG\tA\t0.25", "line 3", "not in order");
    refusedLine("1\t100\trs1\tC\tA\t0.25", "line 3", "not in order");
    refusedLine("MT\t99\trs1\tG\tA\t0.25", "'MT' is no chromosome that a list may have");
    refusedLine("25\t99\trs1\tG\tA\t0.25", "'25' is no chromosome");
    refusedLine("1\t0\trs1\tG\tA\t0.25", "position 0 is not on chromosome 1");
    refusedLine("21\t46709984\trs1\tG\tA\t0.25", "of GRCh38, which has 46709983 bases", "lifted");
    refusedLine("1\t1x\trs1\tG\tA\t0.25", "not a whole number");
    refusedLine("1\t101\trs1\tG\t<DEL>\t0.25", "'<DEL>' is no allele that can be tested");
    refusedLine("1\t101\trs1\tG\tA,C\t0.25", "'A,C' is no allele", "one line for each ALT");
    refusedLine("1\t101\trs1\tG\t\t0.25", "'' is no allele");
    refusedLine("1\t101\trs1\tG\tG\t0.25", "REF and ALT are equal");
    refusedLine("1\t101\trs1\tG\tA\t1.5", "AF is no frequency");
    refusedLine("1\t101\trs1\tG\tA\tNaN", "AF is no frequency");
  }

  private void refusedLine(String line, String... parts) {
    refused(
        () -> list("#CHROM\tPOS\tID\tREF\tALT\tAF\n1\t100\trs1\tG\tA\t0.25\n" + line + "\n"),
        parts);
  }

  @Test
  void listWithoutHeaderOrVariantsIsRefused() {
    refused(() -> list("1\t100\trs1\tG\tA\n"), "the header is not #CHROM POS ID REF ALT");
    refused(() -> list(""), "the header is not");
    refused(() -> list("#CHROM\tPOS\tID\tREF\tALT\n"), "the list has no variant");
    refused(() -> list("x".repeat(2 << 20)), "more than 1048576 characters");
  }

  // ---- fuzz ------------------------------------------------------------------------------------

  /** Whatever three files hold, a reader answers with calls or with an error of its own. */
  @Test
  void damagedFilesGiveCallsOrErrors() throws IOException {
    VariantList list = list(LIST);
    Random random = new Random(20261124);
    String prefix = WrittenBed.of(BIM, calls(37)).write(folder, "fuzz");
    List<String> endings = List.of(".bed", ".bim", ".fam");
    List<byte[]> whole = new ArrayList<>();
    for (String ending : endings) {
      whole.add(Files.readAllBytes(Path.of(prefix + ending)));
    }
    int errors = 0;
    for (int round = 0; round < 600; round++) {
      int at = random.nextInt(3);
      byte[] damaged = damage(whole.get(at), random);
      Path file = Path.of(prefix + endings.get(at));
      Files.write(file, damaged);
      try {
        read(PlinkBed.open(prefix), list);
      } catch (TributaryException e) {
        assertThat(e.code()).isIn(ErrorCode.DATA_INVALID, ErrorCode.DATA_MISSING);
        errors++;
      }
      Files.write(file, whole.get(at));
    }
    assertThat(errors).isBetween(200, 599);
  }

  private static byte[] damage(byte[] whole, Random random) {
    byte[] damaged =
        Arrays.copyOf(
            whole, random.nextInt(3) == 0 ? random.nextInt(whole.length + 9) : whole.length);
    for (int i = random.nextInt(4); i > 0 && damaged.length > 0; i--) {
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
    }
    return damaged;
  }
}
