package io.tributary.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.connectors.SharedData;
import io.tributary.connectors.genomics.WrittenBed;
import io.tributary.connectors.genomics.WrittenBgen;
import io.tributary.jobs.Outcome;
import io.tributary.study.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in files of genotypes, and what a study would find there. */
class GenotypesCommandTest {
  private static final String LIST =
      "#CHROM\tPOS\tID\tREF\tALT\n1\t100\tr\tG\tA\n1\t300\ts\tC\tT\nX\t9\tt\tA\tG\n";

  @TempDir private Path folder;

  private String bed() {
    List<String> bim =
        List.of("1 r 0 100 A G", "1 q 0 200000000 T C", "X t 0 9 G A", "0 n 0 0 A C");
    int[][] calls = {{0, 1, 2}, {-1, 2, 2}, {1, 1, 1}, {0, 0, 0}};
    List<String> fam = List.of("0 a 0 0 1 -9", "0 b 0 0 2 -9", "0 c 0 0 2 -9");
    return new WrittenBed(fam, bim, calls).write(folder, "a") + ".bed";
  }

  private String list() throws IOException {
    return Files.writeString(folder.resolve("l.pvar"), LIST).toString();
  }

  @Test
  void describeTellsFormSamplesAndVariants() {
    Outcome plain = Outcome.of("genotypes", "describe", bed()).done();
    assertThat(plain.out())
        .contains("form: PLINK 1", "calls: hardcalls", "samples: 3", "male: 1", "female: 2")
        .contains("variants: 4", "chromosome 1: 2", "chromosome X: 1", "elsewhere: 1")
        .contains("may be of: [NCBI36, GRCh37, GRCh38]");
    assertThat(Outcome.of("genotypes", "describe", "--json", bed()).done().out())
        .contains("\"form\":\"PLINK 1\"", "\"chromosomeX\":1", "\"mayBeOf\":[\"NCBI36\"");
  }

  @Test
  void checkCountsCallsAndWhatTheListHas() throws IOException {
    Outcome checked =
        Outcome.of("genotypes", "check", "--list", list(), "--assembly", "hg38", bed()).done();
    // Of the second allele: A2.
    assertThat(checked.out())
        .contains("calls of no copy: 3", "calls of one copy: 4", "calls of two copies: 4")
        .contains("missing calls: 1", "list: 3", "of the list here: 2", "with ALT first: 2")
        .contains("not on the list: 1", "on no chromosome of lists: 1", "sha256: ");
  }

  @Test
  void checkOfDosagesReadsEveryBlock() throws IOException {
    WrittenBgen file =
        new WrittenBgen(1, 8, List.of("a", "b"))
            .add("1", 100, "r", List.of("G", "A"), false, new int[] {2, 2}, 255, 0, 0, 255);
    String path = Files.write(folder.resolve("a.bgen"), file.bytes(true)).toString();
    assertThat(Outcome.of("genotypes", "check", path).done().out())
        .contains("form: BGEN", "calls: dosages", "calls of no copy: 1", "calls of one copy: 1");
    byte[] damaged = file.bytes(true);
    damaged[damaged.length - 1] ^= 1;
    Files.write(folder.resolve("a.bgen"), damaged);
    Outcome.of("genotypes", "describe", path).done();
    Outcome.of("genotypes", "check", path)
        .refused(ErrorCode.DATA_INVALID, "a.bgen, byte ", "variant 'r' at 1:100")
        .withoutStackTrace();
  }

  @Test
  void whatCannotBeReadIsRefused() throws IOException {
    Outcome.of("genotypes", "check", folder.resolve("a.txt").toString())
        .refused(ErrorCode.USAGE, "its name tells no form")
        .withoutStackTrace();
    Outcome.of("genotypes", "check", folder.resolve("a.vcf").toString())
        .refused(ErrorCode.DATA_MISSING, "a.vcf", "no such file")
        .withoutStackTrace();
    Outcome.of("genotypes", "check", "--list", list(), bed())
        .refused(ErrorCode.USAGE, "--assembly")
        .withoutStackTrace();
    Outcome.of("genotypes", "check", "--dosage", "XY", bed()).refused(ErrorCode.USAGE, "XY");
    Outcome.of("genotypes", "describe").refused(ErrorCode.USAGE, "<file>");
  }

  @Test
  void publishedFileIsChecked() {
    String vcf = SharedData.require("data/gwas-1000g-chr21/genotypes.vcf.gz").toString();
    String psam = SharedData.require("data/gwas-1000g-chr21/samples.psam").toString();
    Outcome.of("genotypes", "check", vcf).refused(ErrorCode.DATA_INVALID, "gzip", "bgzip");
    assertThat(
            Outcome.of("genotypes", "check", "--unsplittable", "--samples", psam, vcf).done().out())
        .contains("samples: 2504", "male: 1234", "variants: 600", "missing calls: 0");
  }
}
