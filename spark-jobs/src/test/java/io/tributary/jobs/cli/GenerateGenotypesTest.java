package io.tributary.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.connectors.SharedSpark;
import io.tributary.connectors.genomics.GeneratedGenotypes;
import io.tributary.jobs.Outcome;
import io.tributary.jobs.local.LocalFederation;
import io.tributary.jobs.local.LocalPooled;
import io.tributary.jobs.study.StudyFile;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.ResultFolder;
import io.tributary.report.ResultTable;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Invented biobanks, and the study that is written beside them. */
class GenerateGenotypesTest {
  private static final int VARIANTS = 220;

  @TempDir private Path folder;

  private String[] words(String persons, String variants, String missing) {
    return new String[] {
      "generate",
      "genotypes",
      "--persons",
      persons,
      "--variants",
      variants,
      "--sites",
      "3",
      "--missing",
      missing,
      "--out",
      folder.resolve("biobanks").toString()
    };
  }

  @Test
  void wrongNumbersAreRefused() {
    Outcome.of(words("2", "10", "0")).refused(ErrorCode.USAGE, "--persons").withoutStackTrace();
    Outcome.of(words("9", "0", "0")).refused(ErrorCode.USAGE, "--variants").withoutStackTrace();
    Outcome.of(words("9", "10", "1")).refused(ErrorCode.USAGE, "--missing").withoutStackTrace();
    assertThat(folder.resolve("biobanks")).doesNotExist();
  }

  @Test
  void writtenStudyFindsVariantsWithAnEffect() throws IOException {
    assertThat(Outcome.of(words("1500", Integer.toString(VARIANTS), "0.01")).done().out())
        .contains("\"persons\":1500", "\"variants\":" + VARIANTS);
    Path biobanks = folder.resolve("biobanks");
    List<SiteId> sites = List.of(new SiteId("site-1"), new SiteId("site-2"), new SiteId("site-3"));
    LocalFederation federation =
        LocalFederation.create(
            folder.resolve("home"),
            biobanks,
            sites,
            sites,
            LocalFederation.Transport.FILES,
            Duration.ofMinutes(1),
            Clock.systemUTC(),
            new SecureRandom());
    LocalPooled.run(
        StudyFile.of(Files.readAllBytes(biobanks.resolve("study.yaml")), "study.yaml"),
        sites.stream().map(federation::readSite).toList(),
        folder.resolve("pooled"),
        SharedSpark::session,
        Clock.systemUTC());
    List<AnalysisReport> reports = ResultFolder.read(folder.resolve("pooled")).analyses();
    assertThat(reports)
        .allSatisfy(report -> assertThat(report.outcome()).isEqualTo(AnalysisReport.OK));
    ResultTable top = named(reports, "height").tables().get(1);
    long causal =
        top.rows().stream()
            .limit(5)
            .map(row -> ((Cell.Text) row.get(top.column("id"))).value())
            .filter(
                id ->
                    GeneratedGenotypes.isCausal(
                        Integer.parseInt(id.substring(2)) - 1_000_000, VARIANTS))
            .count();
    assertThat(causal).isGreaterThanOrEqualTo(3);
    assertThat(((Cell.Whole) named(reports, "ill").facts().get("cases")).value())
        .isBetween(50L, 700L);
  }

  private static AnalysisReport named(List<AnalysisReport> reports, String name) {
    return reports.stream().filter(report -> report.name().equals(name)).findAny().orElseThrow();
  }
}
