package io.tributary.connectors.genomics.bgen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tributary.connectors.SharedData;
import io.tributary.connectors.genomics.DosageTile;
import io.tributary.connectors.genomics.GenotypeSource;
import io.tributary.connectors.genomics.PlinkBed;
import io.tributary.connectors.genomics.VariantTile;
import io.tributary.connectors.genomics.WrittenBgen;
import io.tributary.connectors.genomics.vcf.VcfFile;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteConfig.DosageField;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** BGEN files of all kinds against what QCTOOL and plink2 read from them, and what is refused. */
class BgenFileTest {
  /** A tile's step is 1/16384, and both oracles print six digits. */
  private static final double ROUNDING = 0.5 / DosageTile.COPY + 1e-5;

  private static final int MISSING = DosageTile.MISSING;
  private static final List<String> AG = List.of("A", "G");

  @TempDir private Path folder;

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private static List<String> lines(Path gzip) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(gzip))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  private static BgenFile open(Path file) {
    return BgenFile.open(file.toString(), Optional.empty());
  }

  /** Dosages of the allele with this number, of all variants that have it. */
  private static DosageTile dosages(GenotypeSource source, int allele) {
    long[] addresses = addresses(source);
    DosageTile tile = new DosageTile(source.samples().size(), addresses.length);
    source.reader().read(addresses, counted(addresses, allele), tile);
    return tile;
  }

  private static long[] addresses(GenotypeSource source) {
    List<Long> addresses = new ArrayList<>();
    source.variants((address, chromosome, position, id, alleles) -> addresses.add(address));
    return addresses.stream().mapToLong(Long::longValue).toArray();
  }

  private static byte[] counted(long[] addresses, int allele) {
    byte[] counted = new byte[addresses.length];
    Arrays.fill(counted, (byte) allele);
    return counted;
  }

  private static double copies(DosageTile tile, int variant, int sample) {
    int dosage = tile.dosage(variant, sample);
    return dosage == MISSING ? Double.NaN : dosage / (double) DosageTile.COPY;
  }

  // ---- against other programs ------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({
    "example.8bits, example.8bits",
    "example.8bits.zstd, example.8bits",
    "example.16bits, example.16bits",
    "example.16bits.oxford, example.16bits",
    "complex.16bits, complex.16bits",
    "phased.8bits, phased.8bits",
    "phased.16bits, phased.16bits"
  })
  void dosagesAreThoseOfQctool(String name, String expected) throws IOException {
    List<String[]> records =
        lines(SharedData.require("data/bgen-samples/" + expected + ".qctool.vcf.gz")).stream()
            .filter(line -> !line.startsWith("#"))
            .map(line -> line.split("\t"))
            .toList();
    int samples = records.get(0).length - 9;
    boolean named = name.equals("example.16bits.oxford") || name.startsWith("phased");
    BgenFile source =
        BgenFile.open(
            SharedData.require("data/bgen-samples/" + name + ".bgen").toString(),
            named ? Optional.of(sampleFile(samples).toString()) : Optional.empty());
    assertThat(source.variants()).isEqualTo(records.size());
    assertThat(source.samples().size()).isEqualTo(samples);
    List<Integer> alleles = new ArrayList<>();
    source.variants((at, chromosome, position, id, all) -> alleles.add(all.size()));
    int compared = 0;
    for (int allele = 0; allele < 2; allele++) {
      DosageTile tile = dosages(source, allele);
      for (int v = 0; v < records.size(); v++) {
        for (int i = 0; i < samples; i++) {
          double wanted = copies(records.get(v)[9 + i], alleles.get(v), allele);
          if (Double.isNaN(wanted)) {
            assertThat(tile.dosage(v, i)).as(v + ", " + i).isEqualTo(MISSING);
          } else {
            assertThat(copies(tile, v, i)).as(v + ", " + i).isCloseTo(wanted, within(ROUNDING));
            compared++;
          }
        }
      }
    }
    assertThat(compared).isGreaterThan(records.size() * samples);
  }

  private Path sampleFile(int samples) throws IOException {
    StringBuilder text = new StringBuilder("ID_1 ID_2 missing sex\n0 0 0 D\n");
    IntStream.range(0, samples).forEach(i -> text.append("f s" + i + " 0 " + i % 3 + "\n"));
    return write("s.sample", text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Expected copies by QCTOOL's GP; twice for one allele, NaN for a dot or more than two. */
  private static double copies(String field, int alleles, int counted) {
    if (field.startsWith(".")) {
      return Double.NaN;
    }
    double[] p = Arrays.stream(field.split(",")).mapToDouble(Double::parseDouble).toArray();
    boolean phased = p.length == 2 * alleles && Arrays.stream(p).sum() > 1.5;
    if (p.length == alleles) {
      return 2 * p[counted];
    }
    if (phased) {
      return p[counted] + p[alleles + counted];
    }
    if (p.length != alleles * (alleles + 1) / 2) {
      return Double.NaN;
    }
    double copies = 0;
    int genotype = 0;
    for (int second = 0; second < alleles; second++) {
      for (int first = 0; first <= second; first++) {
        copies += p[genotype++] * ((first == counted ? 1 : 0) + (second == counted ? 1 : 0));
      }
    }
    return copies;
  }

  @Test
  void dosagesAreThoseOfPlink2() throws IOException {
    Path bgen = SharedData.require("data/bgen-samples/example.16bits.bgen");
    List<String> rows =
        lines(SharedData.require("oracles/bgen-samples/plink2.example.16bits.dosages.raw.gz"));
    DosageTile tile = dosages(open(bgen), 0);
    int compared = 0;
    for (int i = 0; i < tile.samples(); i++) {
      String[] row = rows.get(i + 1).split("\t");
      for (int v = 0; v < tile.variants(); v++) {
        double wanted = row[6 + v].equals("NA") ? Double.NaN : Double.parseDouble(row[6 + v]);
        if (Double.isNaN(wanted)) {
          assertThat(tile.dosage(v, i)).isEqualTo(MISSING);
        } else {
          assertThat(copies(tile, v, i)).isCloseTo(wanted, within(1.0 / DosageTile.COPY));
          compared++;
        }
      }
    }
    assertThat(compared).isGreaterThan(99_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"example.3bits", "example.8bits", "example.8bits.zstd", "example.16bits"})
  void frequenciesAreThoseOfPlink2(String name) throws IOException {
    Path bgen = SharedData.require("data/bgen-samples/" + name + ".bgen");
    List<String> rows =
        lines(SharedData.require("oracles/bgen-samples/plink2." + name + ".afreq.gz"));
    DosageTile tile = dosages(open(bgen), 1);
    for (int v = 0; v < tile.variants(); v++) {
      double sum = 0;
      int called = 0;
      for (int i = 0; i < tile.samples(); i++) {
        sum += tile.dosage(v, i) == MISSING ? 0 : copies(tile, v, i);
        called += tile.dosage(v, i) == MISSING ? 0 : 1;
      }
      String[] row = rows.get(v + 1).split("\t");
      assertThat(2 * called).as(row[2]).isEqualTo(Integer.parseInt(row[6]));
      assertThat(sum / (2 * called)).as(row[2]).isCloseTo(Double.parseDouble(row[5]), within(1e-5));
    }
    assertThat(rows).hasSize(tile.variants() + 1);
  }

  @Test
  void hardcallsAreThoseOfTheSameSamplesInPlinksForm() throws IOException {
    BgenFile bgen = open(SharedData.require("data/gwas-regenie/example.bgen"));
    PlinkBed bed = PlinkBed.open(SharedData.require("data/gwas-regenie/example.bed").toString());
    VariantTile ours = new VariantTile(500, 1000);
    VariantTile plinks = new VariantTile(500, 1000);
    long[] at = addresses(bgen);
    bgen.reader().read(at, counted(at, 0), ours);
    bed.reader().read(addresses(bed), counted(at, 0), plinks);
    assertThat(Arrays.equals(ours.words(), plinks.words())).isTrue();
    DosageTile dosages = new DosageTile(500, 1000);
    bed.reader().read(addresses(bed), counted(at, 0), dosages);
    DosageTile ofBgen = dosages(bgen, 0);
    assertThat(Arrays.equals(ofBgen.values(), dosages.values())).isTrue();
  }

  @Test
  void probabilitiesOfAVcfAreTheSameDosages() throws IOException {
    Path vcf = SharedData.require("data/bgen-samples/example.8bits.qctool.vcf.gz");
    // QCTOOL leaves the variants in their order, by position as text.
    int head = 3;
    List<String> text = lines(vcf);
    List<String> sorted = new ArrayList<>(text.subList(0, head));
    text.stream()
        .skip(head)
        .sorted(java.util.Comparator.comparingInt(BgenFileTest::position))
        .forEach(sorted::add);
    Path file = Files.write(folder.resolve("sorted.vcf"), sorted);
    VcfFile source =
        VcfFile.open(file.toString(), false, Optional.of(DosageField.GP), Optional.empty());
    DosageTile ours = dosages(source, 1);
    BgenFile bgen = open(SharedData.require("data/bgen-samples/example.8bits.bgen"));
    List<long[]> at = new ArrayList<>();
    bgen.variants(
        (address, chromosome, position, id, alleles) -> at.add(new long[] {position, address}));
    at.sort(java.util.Comparator.comparingLong(each -> each[0]));
    long[] addresses = at.stream().mapToLong(each -> each[1]).toArray();
    DosageTile bgens = new DosageTile(500, addresses.length);
    bgen.reader().read(addresses, counted(addresses, 1), bgens);
    assertThat(ours.variants()).isEqualTo(addresses.length).isEqualTo(199);
    for (int i = 0; i < bgens.values().length; i++) {
      assertThat((int) ours.values()[i]).isCloseTo(bgens.values()[i], within(1));
    }
  }

  private static int position(String record) {
    return Integer.parseInt(record.split("\t", 3)[1]);
  }

  // ---- written here ----------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({
    "0, 1", "1, 1", "2, 1", "0, 2", "1, 5", "2, 7", "0, 8", "1, 8", "2, 8", "0, 9", "1, 13",
    "2, 16", "0, 24", "1, 31", "2, 32"
  })
  void everyNumberOfBitsIsRead(int compression, int bits) throws IOException {
    long one = (1L << bits) - 1;
    long half = one / 2;
    List<String> samples = List.of("a", "b", "c", "d", "e", "f");
    int[] ploidies = {2, 2, 0x82, 1, 3, 2};
    WrittenBgen file =
        new WrittenBgen(compression, bits, samples)
            .add("1", 10, "u", AG, false, ploidies, one, 0, 0, one, 0, 0, half, 0, one, 0, 0, half)
            .add("X", 11, "p", AG, true, ploidies, one, 0, 0, 0, 0, 0, half, 0, 0, 0, half, one);
    BgenFile source = open(write("a.bgen", file.bytes(true)));
    DosageTile tile = dosages(source, 0);
    long haploid = Math.round(2.0 * DosageTile.COPY * half / one);
    long het = Math.round(1.0 * DosageTile.COPY * half / one);
    int[] unphased = {2 * DosageTile.COPY, DosageTile.COPY, MISSING, (int) haploid, MISSING};
    int[] phased = {DosageTile.COPY, 0, MISSING, (int) haploid, MISSING};
    for (int i = 0; i < 5; i++) {
      assertThat(tile.dosage(0, i)).as("unphased " + i).isEqualTo(unphased[i]);
      assertThat(tile.dosage(1, i)).as("phased " + i).isEqualTo(phased[i]);
    }
    assertThat(tile.dosage(0, 5)).isEqualTo((int) het);
    assertThat(tile.dosage(1, 5)).isEqualTo((int) het + DosageTile.COPY);
  }

  @Test
  void hardcallsAreWithinATenthOfACopy() throws IOException {
    // One number is a copy's 65535th: 0.1 copies are 6553.5 of them.
    int[] ploidies = {2, 2, 2, 2, 2, 2};
    WrittenBgen file =
        new WrittenBgen(1, 16, List.of("a", "b", "c", "d", "e", "f"))
            .add(
                "1",
                10,
                "v",
                AG,
                false,
                ploidies,
                65535 - 6500,
                6500,
                65535 - 6600,
                6600,
                0,
                65535 - 6500,
                0,
                65535 - 6600,
                0,
                6500,
                0,
                6600);
    BgenFile source = open(write("a.bgen", file.bytes(true)));
    VariantTile tile = new VariantTile(6, 2);
    source.reader().read(new long[] {addresses(source)[0], -1}, new byte[] {1, 0}, tile);
    int[] expected = {0, 3, 3, 3, 2, 3};
    expected[2] = 1;
    for (int i = 0; i < 6; i++) {
      assertThat(tile.call(0, i)).as("" + i).isEqualTo(expected[i]);
      assertThat(tile.call(1, i)).isEqualTo(3);
    }
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

  private void refusedFile(byte[] bytes, String... parts) throws IOException {
    Path file = write("bad.bgen", bytes);
    refused(() -> dosages(open(file), 1), parts);
  }

  private static WrittenBgen small(int compression) {
    return new WrittenBgen(compression, 8, List.of("a", "b"))
        .add("1", 10, "v", AG, false, new int[] {2, 2}, 255, 0, 0, 255);
  }

  private static byte[] with(byte[] bytes, int at, int... values) {
    byte[] changed = bytes.clone();
    for (int i = 0; i < values.length; i++) {
      changed[at + i] = (byte) values[i];
    }
    return changed;
  }

  @Test
  void headersThatCannotBeAreRefused() throws IOException {
    byte[] whole = small(1).bytes(true);
    refusedFile(new byte[5], "byte 0", "ends within its header");
    refusedFile(with(whole, 16, 'B'), "byte 16", "not the mark of BGEN", "--export bgen-1.2");
    refusedFile(with(whole, 4, 19), "byte 4", "header's length 19 is not from 20 to 34");
    refusedFile(with(whole, 4, 35), "byte 4", "header's length 35 is not from 20 to 34");
    refusedFile(with(whole, 0, 0, 0, 0, 1), "byte 0", "begin at byte 16777220, beyond");
    refusedFile(with(whole, 20, 5), "the layout is 1", "plink2 --export bgen-1.2");
    refusedFile(with(whole, 20, 11), "compression is none of BGEN's");
    refusedFile(with(whole, 28, 3), "byte 28", "ids of 3 samples, and the header says 2");
    refusedFile(with(whole, 24, 15), "byte 24", "sample ids do not end before the variants");
    refusedFile(with(whole, 32, 9), "the sample ids end after 0 of 2");
    refusedFile(with(whole, 8, 0), "byte 8", "there is no variant");
  }

  @Test
  void samplesAreNamedOnceAndByAFileOfTheSameSize() throws IOException {
    Path file = write("a.bgen", small(1).bytes(false));
    refused(() -> open(file), "no sample ids", "samples: FILE");
    String path = file.toString();
    refused(
        () -> BgenFile.open(path, Optional.of(sampleFile(3).toString())),
        "there are 3 samples, and the BGEN file has 2");
    Path headless =
        write("h.sample", "ID_1 ID_2 missing\ns1 s1 0\n".getBytes(StandardCharsets.UTF_8));
    refused(
        () -> BgenFile.open(path, Optional.of(headless.toString())),
        "h.sample, line 2",
        "does not tell the columns' types");
    BgenFile source = BgenFile.open(path, Optional.of(sampleFile(2).toString()));
    assertThat(source.samples().individual(1)).isEqualTo("s1");
    assertThat(source.samples().family(1)).isEqualTo("f");
    assertThat(source.samples().sex(1))
        .isEqualTo(io.tributary.connectors.genomics.Samples.Sex.MALE);
  }

  @Test
  void lengthsBeyondTheFileAreRefused() throws IOException {
    byte[] whole = small(0).bytes(true);
    int variant = 38;
    refusedFile(Arrays.copyOf(whole, whole.length - 1), "has 16 bytes, more than the file");
    refusedFile(Arrays.copyOf(whole, variant + 1), "ends within a variant");
    refusedFile(with(whole, variant, 0xff, 0xff), "a name has 65535 bytes");
    int alleles = variant + 2 + 3 + 3 + 4;
    refusedFile(with(whole, alleles + 2, 0xff, 0xff, 0xff, 0xff), "a name has 4294967295 bytes");
    refusedFile(with(whole, alleles, 1), "");
    refusedFile(with(whole, alleles - 1, 0xff), "is on no chromosome");
    refusedFile(with(whole, 8, 2), "ends within a variant");
    refusedFile(Arrays.copyOf(whole, whole.length + 1), "goes on after the 1 variants");
  }

  @Test
  void blocksThatAreNotWhatTheyStateAreRefused() throws IOException {
    for (int compression = 0; compression < 3; compression++) {
      WrittenBgen file = small(compression);
      byte[] block = file.block(2, false, new int[] {2, 2}, 255, 0, 0, 255);
      refusedBlock(compression, with(block, 0, 3), "variant 'v' at 1:10 has 3 samples", "header 2");
      refusedBlock(compression, with(block, 4, 3), "has 3 alleles, and the variant 2");
      refusedBlock(compression, with(block, 11, 0), "has 0 bits a number");
      refusedBlock(compression, with(block, 11, 33), "has 33 bits a number");
      refusedBlock(compression, with(block, 10, 2), "no phase");
      refusedBlock(compression, with(block, 11, 9), "takes 17 bytes by its samples", "states 16");
      refusedBlock(compression, with(block, 8, 3), "takes 17 bytes by its samples", "states 16");
      refusedBlock(compression, with(block, 12, 255, 1), "more than 1 at sample 1");
      refusedBlock(compression, Arrays.copyOf(block, 17), "takes 16 bytes", "states 17");
      refusedBlock(compression, Arrays.copyOf(block, 11), "ends within its head");
    }
  }

  private void refusedBlock(int compression, byte[] block, String... parts) throws IOException {
    refusedFile(
        new WrittenBgen(compression, 8, List.of("a", "b")).add("1", 10, "v", AG, block).bytes(true),
        parts);
  }

  @Test
  void bombsAndDamagedBlocksAreNotInflatedFurtherThanTheyState() throws IOException {
    for (int compression = 1; compression < 3; compression++) {
      byte[] block = small(compression).block(2, false, new int[] {2, 2}, 255, 0, 0, 255);
      byte[] bomb = Arrays.copyOf(block, 1 << 26);
      byte[] file =
          new WrittenBgen(compression, 8, List.of("a", "b"))
              .add("1", 10, "v", AG, bomb)
              .bytes(true);
      refusedFile(file, "takes 16 bytes", "states 67108864");
      // 38 bytes before the variant, 28 of it before the length of the text.
      int stated = 38 + 2 + 3 + 3 + 4 + 2 + 10 + 4;
      refusedFile(with(file, stated, 16, 0, 0, 0), "has not the 16 bytes that it states");
      byte[] whole = small(compression).bytes(true);
      refusedFile(with(whole, stated + 4, 0xff, 0xff), "cannot be decompressed");
    }
  }

  @Test
  void whatTakesTooManyNumbersIsMissing() throws IOException {
    // Ploidy 20 with 6 alleles: 53,129 numbers a sample.
    List<String> alleles = List.of("A", "C", "G", "T", "AA", "AC");
    WrittenBgen file = new WrittenBgen(2, 8, List.of("a", "b"));
    byte[] block = file.block(6, false, new int[] {20, 20}, new long[2 * 53_129]);
    BgenFile source = open(write("a.bgen", file.add("1", 10, "v", alleles, block).bytes(true)));
    DosageTile tile = dosages(source, 1);
    assertThat(tile.dosage(0, 0)).isEqualTo(MISSING);
    assertThat(tile.dosage(0, 1)).isEqualTo(MISSING);
  }
}
