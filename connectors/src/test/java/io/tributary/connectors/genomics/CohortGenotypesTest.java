package io.tributary.connectors.genomics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.codec.StudyParser;
import io.tributary.connectors.SharedSpark;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.study.Assembly;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteConfig;
import io.tributary.study.SiteConfig.Dataset;
import io.tributary.study.Study;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows of a table and samples of a file are the same persons by their ids, and nothing else. */
class CohortGenotypesTest {
  private static final int VARIANTS = 60;

  @TempDir private Path folder;

  private static Study study(String family) {
    String yaml =
        """
        study: s
        sites: [a, b, c]
        cohort: {from: table, person: IID, where: age >= 40}
        genotypes: {from: array, variants: l, sha256: %s, count: 60, assembly: GRCh37%s}
        analyses: [{name: n, type: summary, columns: [age]}]
        """
            .formatted("0".repeat(64), family);
    return StudyParser.parse(yaml.getBytes(StandardCharsets.UTF_8), "study.yaml");
  }

  private SiteTable table(Study study, String... rows) throws IOException {
    List<String> lines = new ArrayList<>(List.of("FID,IID,age"));
    lines.addAll(List.of(rows));
    Path file = Files.write(Files.createTempFile(folder, "table", ".csv"), lines);
    return SiteTable.open(
        SharedSpark.session(),
        new Dataset("table", SiteConfig.Csv.of(file.toString()), List.of(""), Map.of(), "site"),
        study);
  }

  /** Persons f1/i1, f1/i2, f2/i1, f2/i3; each variant has one copy at sample 0 and none else. */
  private Dataset array() {
    List<String> bim = new ArrayList<>();
    for (int v = 1; v <= VARIANTS; v++) {
      bim.add("1 v" + v + " 0 " + v + " A C");
    }
    int[][] calls = new int[VARIANTS][4];
    for (int[] row : calls) {
      row[0] = 1;
    }
    List<String> fam =
        List.of("f1 i1 0 0 1 -9", "f1 i2 0 0 2 -9", "f2 i9 0 0 0 1", "f2 i3 0 0 0 2");
    return array(new WrittenBed(fam, bim, calls).write(folder, "array"));
  }

  private static Dataset array(String path) {
    return new Dataset(
        "array",
        new SiteConfig.Genotypes(
            SiteConfig.GenotypeFormat.PLINK1,
            path,
            SiteConfig.Strand.FORWARD,
            SiteConfig.Duplicates.REFUSE),
        List.of(),
        Map.of(),
        "site");
  }

  private VariantList list(double frequency, String alt) throws IOException {
    StringBuilder text = new StringBuilder("#CHROM\tPOS\tID\tREF\tALT\tAF\n");
    for (int v = 1; v <= VARIANTS; v++) {
      text.append(
          "1\t%d\tv%d\t%s\t%s\t%s%n".formatted(v, v, alt.equals("A") ? "C" : "A", alt, frequency));
    }
    Path file = Files.writeString(folder.resolve("list.pvar"), text.toString().replace("\r", ""));
    return VariantList.read(file.toString(), Assembly.GRCH37);
  }

  private static Map<String, Integer> positions(SiteTable joined) {
    CohortGenotypes genotypes = joined.companion(CohortGenotypes.class).orElseThrow();
    Map<String, Integer> positions = new TreeMap<>();
    for (Row row : joined.rowsWithKey(List.of("age")).collectAsList()) {
      positions.put(
          row.getString(1).replace(SiteTable.BETWEEN, '/'), genotypes.position(row.getString(1)));
    }
    return positions;
  }

  private static void refused(
      String part, org.assertj.core.api.ThrowableAssert.ThrowingCallable a) {
    assertThatThrownBy(a)
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_INVALID))
        .hasMessageContaining(part);
  }

  @Test
  void personsWithRowAndSampleAreTheCohort() throws IOException {
    Study study = study("");
    // i2 is too young, i8 has no sample, i9 and i3 no row.
    SiteTable table = table(study, "x,i1,50", "x,i2,30", "x,i8,60", "f2,i3 ,70");
    assertThat(table.rowCount()).isEqualTo(3);
    try (SiteTable joined = CohortGenotypes.join(table, array(), list(0.125, "A"), study)) {
      assertThat(joined.rowCount()).isEqualTo(2);
      assertThat(positions(joined)).isEqualTo(Map.of("i1", 0, "i3", 3));
      assertThat(joined.personColumn()).contains("IID");
    }
  }

  @Test
  void familyAndIndividualAreComparedIfTheStudySaysSo() throws IOException {
    Study study = study(", family: FID");
    // Two persons i1 of different families are two persons.
    SiteTable table = table(study, "f1,i1,50", "f2,i1,51", "f2,i3,52", "f1,i3,53");
    assertThat(table.rowCount()).isEqualTo(4);
    try (SiteTable joined = CohortGenotypes.join(table, array(), list(0.125, "A"), study)) {
      assertThat(positions(joined)).isEqualTo(Map.of("f1/i1", 0, "f2/i3", 3));
    }
  }

  @Test
  void twoRowsOfOnePersonAreRefused() {
    refused(
        "1 person has more rows in the cohort than cohort.rowsPerPerson",
        () -> table(study(""), "f1,i1,50", "f2,i1,51"));
    refused("1 person has more rows", () -> table(study(", family: FID"), "f1,i1,50", "f1,i1,51"));
    refused("names no person", () -> table(study(", family: FID"), ",i1,50"));
  }

  @Test
  void nobodyInCommonIsAnError() throws IOException {
    Study study = study("");
    SiteTable table = table(study, "x,j1,50");
    VariantList list = list(0.125, "A");
    refused(
        "none of the cohort's 1 persons has a sample",
        () -> CohortGenotypes.join(table, array(), list, study));
  }

  @Test
  void noVariantInCommonIsAnError() throws IOException {
    Study study = study("");
    SiteTable table = table(study, "x,i1,50");
    VariantList list = list(0.125, "G");
    refused(
        "none of its 60 variants is on the study's list",
        () -> CohortGenotypes.join(table, array(), list, study));
  }

  @Test
  void frequenciesFarFromTheListsSayThatFilesAreMixedUp() throws IOException {
    Study study = study("");
    SiteTable table = table(study, "x,i1,50");
    VariantList list = list(0.4, "A");
    refused(
        "of 60 variants that were looked at, 60 have a frequency that is off",
        () -> CohortGenotypes.join(table, array(), list, study));
    // The other allele: frequency 0.875.
    try (SiteTable joined = CohortGenotypes.join(table, array(), list(0.8, "C"), study)) {
      assertThat(joined.rowCount()).isEqualTo(1);
    }
  }

  @Test
  void tableIsNoGenotypesAndGenotypesAreNoTable() {
    Dataset csv = new Dataset("t", SiteConfig.Csv.of("t.csv"), List.of(), Map.of(), "site");
    refused("it holds no genotypes", () -> CohortGenotypes.open(csv));
    refused(
        "it holds genotypes, and the study takes it for a table",
        () -> SiteTable.open(SharedSpark.session(), array("x"), study("")));
  }
}
