package io.tributary.jobs.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.connectors.SharedSpark;
import io.tributary.connectors.genomics.VariantList;
import io.tributary.jobs.analysis.gwas.SsfRulesTest;
import io.tributary.jobs.genomics.CallMatrix;
import io.tributary.jobs.genomics.TabixIndexTest;
import io.tributary.jobs.study.StudyFile;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.ResultComparison;
import io.tributary.report.ResultFolder;
import io.tributary.report.ResultTable;
import io.tributary.study.Assembly;
import io.tributary.study.SiteId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Genotypes through the whole protocol: three sites with files of their own, a VCF, a BGEN and a
 * PLINK set, masked sums, results of sums that the coordinator kept. The pooled reference over
 * PLINK sets of the same calls gives the same bits.
 */
class GenomicsFederationTest {
  private static final Clock CLOCK = Clock.systemUTC();
  private static final List<SiteId> SITES =
      List.of(new SiteId("a"), new SiteId("b"), new SiteId("c"));
  private static final List<String> FORMATS =
      List.of(
          "format: vcf, path: calls.vcf.gz",
          "format: bgen, path: calls.bgen",
          "format: plink1, path: calls");
  private static final int PERSONS = 360;

  /** Variant 20 has an effect of one on y. */
  private static final int CAUSAL = 20;

  @TempDir private Path folder;

  private String study(Path list) {
    return """
        study: genes
        sites: [a, b, c]
        cohort: {from: table, person: IID}
        genotypes: {from: array, variants: panel, sha256: %s, count: 60, assembly: GRCh38}
        columns: {sex: {levels: [f, m]}, ill: {levels: [well, ill]}}
        analyses:
          - {name: qc, type: variant-qc}
          - {name: scan, type: gwas, formula: "y ~ x + sex"}
          - {name: cases, type: gwas, model: logistic, formula: "ill ~ sex", pThreshold: 0.01}
          - {name: doses, type: gwas, formula: "y ~ x + sex", genotypes: dosages, missing: mean}
          - {name: pruned, type: ld-prune, window: 10, step: 5, r2: 0.01}
          - {name: structure, type: pca, components: 2, prune: none}
        """
        .formatted(VariantList.read(list.toString(), Assembly.GRCH38).digest());
  }

  private Path write() throws IOException {
    CallMatrix all = CallMatrix.random(5, 60, PERSONS);
    Path list = all.list(folder);
    Random random = new Random(11);
    for (int site = 0; site < 3; site++) {
      List<String> ids = all.individuals().subList(120 * site, 120 * site + 120);
      Path data = Files.createDirectories(folder.resolve("data").resolve(SITES.get(site).value()));
      CallMatrix own = all.among(ids);
      own.write(data, "calls", site == 2);
      own.writeVcf(data.resolve("calls.vcf.gz"));
      own.writeBgen(data.resolve("calls.bgen"));
      List<String> rows = new ArrayList<>(List.of("IID,y,x,sex,ill"));
      for (int i = 0; i < 120; i++) {
        double x = 1e6 + random.nextGaussian();
        double y = all.copies()[CAUSAL][120 * site + i] + 0.5 * x + random.nextGaussian();
        rows.add(
            String.join(
                ",",
                ids.get(i),
                Double.toString(y),
                Double.toString(x),
                random.nextBoolean() ? "f" : "m",
                y - 0.5 * x > 1 ? "ill" : "well"));
      }
      Files.write(data.resolve("table.csv"), rows);
      catalogue(data, FORMATS.get(site));
    }
    return list;
  }

  private static void catalogue(Path data, String array) throws IOException {
    Files.writeString(
        data.resolve("site.yaml"),
        """
        catalog:
          table: {format: csv, path: table.csv}
          array: {%s}
        references: {panel: ../../panel.pvar}
        """
            .formatted(array));
  }

  @Test
  void maskedScanEqualsThePooledOne() throws IOException {
    StudyFile file = StudyFile.of(study(write()).getBytes(StandardCharsets.UTF_8), "study.yaml");
    LocalFederation federation =
        LocalFederation.create(
            folder.resolve("home"),
            folder.resolve("data"),
            SITES,
            SITES,
            LocalFederation.Transport.FILES,
            Duration.ofMinutes(3),
            CLOCK,
            new SecureRandom());
    Recorder recorder = new Recorder();
    new LocalRun(federation, file, SITES, CLOCK, new SecureRandom())
        .inOneJvm(folder.resolve("out"), SharedSpark::session, recorder, recorder);
    assertThat(recorder.troubles()).isEmpty();
    for (SiteId site : SITES) {
      catalogue(folder.resolve("data").resolve(site.value()), FORMATS.get(2));
    }
    LocalPooled.run(
        file,
        SITES.stream().map(federation::readSite).toList(),
        folder.resolve("pooled"),
        SharedSpark::session,
        CLOCK);
    assertThat(
            ResultComparison.between(folder.resolve("out"), folder.resolve("pooled")).identical())
        .isTrue();
    AnalysisReport scan = ResultFolder.read(folder.resolve("out")).analyses().get(1);
    assertThat(scan.rounds()).isEqualTo(5);
    assertThat(scan.persons()).isEqualTo(PERSONS);
    List<Cell> best = scan.tables().get(1).rows().get(0);
    assertThat(best.get(2)).isEqualTo(Cell.of("rs" + CAUSAL));
    double beta = ((Cell.Real) best.get(scan.tables().get(1).column("beta"))).value();
    assertThat(beta).isBetween(0.6, 1.4);
    files(folder.resolve("out/scan"), scan);
    cases(ResultFolder.read(folder.resolve("out")).analyses().get(2));
    AnalysisReport doses = ResultFolder.read(folder.resolve("out")).analyses().get(3);
    // The first two variants have too few carriers; none is held back for missing calls.
    assertThat(doses.facts()).containsEntry("tested", Cell.of(58L));
    AnalysisReport pruned = ResultFolder.read(folder.resolve("out")).analyses().get(4);
    assertThat(pruned.outcome()).isEqualTo(AnalysisReport.OK);
    assertThat(((Cell.Whole) pruned.facts().get("pruned")).value()).isPositive();
    AnalysisReport structure = ResultFolder.read(folder.resolve("out")).analyses().get(5);
    assertThat(structure.outcome()).isEqualTo(AnalysisReport.OK);
    assertThat(structure.rounds()).isGreaterThan(4);
  }

  /** The causal variant has Wald's test, most others have score tests, and files say which. */
  private void cases(AnalysisReport cases) throws IOException {
    assertThat(cases.outcome()).isEqualTo(AnalysisReport.OK);
    ResultTable top = cases.tables().get(1);
    List<Cell> best = top.rows().get(0);
    assertThat(best.get(2)).isEqualTo(Cell.of("rs" + CAUSAL));
    assertThat(best.get(top.column("test"))).isEqualTo(Cell.of("WALD"));
    assertThat(((Cell.Real) best.get(top.column("odds_ratio"))).value()).isGreaterThan(2);
    long score = ((Cell.Whole) cases.facts().get("score_tests")).value();
    assertThat(score).isBetween(30L, 57L);
    long ill = ((Cell.Whole) cases.facts().get("cases")).value();
    assertThat(ill + ((Cell.Whole) cases.facts().get("controls")).value()).isEqualTo(PERSONS);
    Path written = folder.resolve("out/cases");
    assertThat(Files.readAllLines(written.resolve("cases.glm.logistic.hybrid")))
        .hasSize(61)
        .first(InstanceOfAssertFactories.STRING)
        .isEqualTo(
            "#CHROM\tPOS\tID\tREF\tALT\tA1\tA1_FREQ\tFIRTH?\tTEST\tOBS_CT\tBETA\tSE\tZ_STAT"
                + "\tP\tERRCODE\tMETHOD");
    assertThat(Files.readString(written.resolve("cases.gwas-ssf.tsv.gz-meta.yaml")))
        .contains("    case_control_study: true\n    case_count: " + ill + "\n");
    valid(written, "cases");
    assertThat(ssf(written.resolve("cases.gwas-ssf.tsv.gz")).get(0))
        .startsWith("chromosome\tbase_pair_location\teffect_allele\tother_allele\tbeta\t")
        .endsWith("\tn\todds_ratio\ttest");
  }

  /** By the published rules, and by its index each chromosome's first line is found. */
  private static void valid(Path written, String name) throws IOException {
    Path file = written.resolve(name + ".gwas-ssf.tsv.gz");
    byte[] bytes = Files.readAllBytes(file);
    List<String> lines = ssf(file);
    assertThat(SsfRulesTest.wrong(lines)).isEmpty();
    assertThat(
            SsfRulesTest.wrongMetadata(
                Files.readString(written.resolve(file.getFileName() + "-meta.yaml")),
                file.getFileName().toString(),
                md5(bytes)))
        .isEmpty();
    TabixIndexTest.Read index =
        TabixIndexTest.read(Files.readAllBytes(written.resolve(file.getFileName() + ".tbi")));
    assertThat(index.names()).containsExactly("1", "2");
    for (int c = 0; c < 2; c++) {
      String start = index.names().get(c) + "\t";
      String first =
          lines.stream().filter(line -> line.startsWith(start)).findFirst().orElseThrow();
      assertThat(TabixIndexTest.from(bytes, index.places().get(c).windows().get(0), first.length()))
          .isEqualTo(first);
    }
  }

  private static List<String> ssf(Path file) throws IOException {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      return in.lines().toList();
    }
  }

  /** GWAS-SSF holds the tested variants in its column order, the rest stands beside it. */
  private static void files(Path written, AnalysisReport scan) throws IOException {
    Path ssf = written.resolve("scan.gwas-ssf.tsv.gz");
    List<String> lines = ssf(ssf);
    long tested = ((Cell.Whole) scan.facts().get("tested")).value();
    assertThat(tested).isBetween(40L, 58L);
    assertThat(lines).hasSize((int) tested + 1);
    valid(written, "scan");
    assertThat(lines.get(0))
        .startsWith(
            "chromosome\tbase_pair_location\teffect_allele\tother_allele\tbeta\tstandard_error"
                + "\teffect_allele_frequency\tp_value\t");
    assertThat(lines.get(1).split("\t", -1)).hasSize(12).doesNotContain("NaN", "NA");
    assertThat(Files.readAllLines(written.resolve("not-tested.tsv")))
        .hasSize((int) (60 - tested) + 1)
        .contains("1\t1000\trs0\tA\tG\tSUPPRESSED_CARRIERS");
    assertThat(Files.readAllLines(written.resolve("scan.glm.linear"))).hasSize(61);
    String meta = Files.readString(written.resolve("scan.gwas-ssf.tsv.gz-meta.yaml"));
    assertThat(meta)
        .contains("genome_assembly: GRCh38")
        .contains("sample_size: " + PERSONS)
        .contains("data_file_md5sum: " + md5(Files.readAllBytes(ssf)));
  }

  private static String md5(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
