package io.tributary.jobs.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.connectors.SharedSpark;
import io.tributary.jobs.Outcome;
import io.tributary.jobs.study.StudyFile;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.ResultComparison;
import io.tributary.report.ResultFolder;
import io.tributary.report.ResultTable;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteId;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Five sites, of which two alone have a level: with support rounds its cells are in no sum. */
class SupportRoundTest {
  private static final Clock CLOCK = Clock.systemUTC();
  private static final List<SiteId> SITES =
      List.of(new SiteId("a"), new SiteId("b"), new SiteId("c"), new SiteId("d"), new SiteId("e"));

  private static final String STUDY =
      """
      study: few-sites
      sites: [a, b, c, d, e]
      minContributors: 5
      cohort: {from: t}
      columns:
        arm: {levels: [x, y, rare]}
        sex: {levels: [f, m]}
        age: {range: [0, 120]}
      analyses:
        - {name: cells, type: crosstab, columns: [arm, sex]}
        - {name: ages, type: histogram, column: age, breaks: [0, 50, 90, 120]}
        - {name: model, type: glm, formula: "age ~ arm", family: gaussian}
      release: {supportRound: required}
      """;

  @TempDir private Path folder;
  private LocalFederation federation;

  @BeforeEach
  void federation() throws IOException {
    for (SiteId site : SITES) {
      boolean has = site.value().compareTo("c") < 0;
      Path data = Files.createDirectories(folder.resolve("data").resolve(site.value()));
      Files.writeString(
          data.resolve("t.csv"),
          "arm,sex,age\n"
              + "x,f,41\n".repeat(7)
              + "x,m,60\n".repeat(8)
              + "y,f,70\n".repeat(9)
              + "y,m,35\n".repeat(6)
              // Two sites have many of them: no count is small, and still it is about two sites.
              + (has ? "rare,f,95\n".repeat(20) + "rare,m,95\n".repeat(10) : ""));
    }
    federation =
        LocalFederation.create(
            folder.resolve("home"),
            folder.resolve("data"),
            SITES,
            SITES,
            LocalFederation.Transport.FILES,
            Duration.ofMinutes(3),
            CLOCK,
            new SecureRandom());
  }

  private static StudyFile study(String yaml) {
    return StudyFile.of(yaml.getBytes(StandardCharsets.UTF_8), "study.yaml");
  }

  private Path run(String yaml, String out) {
    Recorder recorder = new Recorder();
    new LocalRun(federation, study(yaml), SITES, CLOCK, new SecureRandom())
        .inOneJvm(folder.resolve(out), SharedSpark::session, recorder, recorder);
    assertThat(recorder.troubles()).isEmpty();
    return folder.resolve(out);
  }

  private static Cell cell(AnalysisReport report, String table, int row, String column) {
    ResultTable found =
        report.tables().stream()
            .filter(each -> each.name().equals(table))
            .findFirst()
            .orElseThrow();
    return found.rows().get(row).get(found.column(column));
  }

  @Test
  void whatTwoSitesAloneFillIsInNoSumAndNoResult() throws IOException {
    Path out = run(STUDY, "out");
    List<AnalysisReport> reports = ResultFolder.read(out).analyses();
    AnalysisReport cells = reports.get(0);
    assertThat(cells.outcome()).isEqualTo("OK");
    assertThat(cells.rounds()).isEqualTo(2);
    assertThat(cell(cells, "counts", 0, "n")).isEqualTo(Cell.of(35L));
    assertThat(cell(cells, "counts", 1, "n")).isEqualTo(Cell.of(40L));
    assertThat(cell(cells, "counts", 2, "n")).isEqualTo(Cell.of(45L));
    // 40 persons: no small count, and withheld with every margin that holds them.
    assertThat(cell(cells, "counts", 4, "n")).isInstanceOf(Cell.Suppressed.class);
    assertThat(cells.persons()).isEqualTo(-1);
    assertThat(cells.facts().get("persons")).isInstanceOf(Cell.Suppressed.class);
    int rows = cells.tables().get(0).rows().size();
    assertThat(cell(cells, "counts", rows - 1, "n")).isInstanceOf(Cell.Suppressed.class);

    AnalysisReport ages = reports.get(1);
    assertThat(cell(ages, "bins", 1, "n")).isEqualTo(Cell.of(65L));
    assertThat(cell(ages, "bins", 2, "n")).isEqualTo(Cell.of(85L));
    assertThat(cell(ages, "bins", 3, "n")).isInstanceOf(Cell.Suppressed.class);
    assertThat(ages.facts().get("persons")).isInstanceOf(Cell.Suppressed.class);

    // A model has no cells to leave out: it ends, and says why.
    AnalysisReport model = reports.get(2);
    assertThat(model.outcome()).isEqualTo("FEW_SITES");
    assertThat(model.tables()).isEmpty();
    assertThat(model.notes().get(0)).contains("fewer than 4 sites");
    assertThat(everyTable(out))
        .contains("suppressed")
        .doesNotContainPattern("(?<![0-9.])(60|210)(?![0-9.])")
        .doesNotContain("28.57");

    // The pooled reference asks the same way, so the answers are the same bits.
    Path pooled = folder.resolve("pooled");
    LocalPooled.run(
        study(STUDY),
        SITES.stream().map(federation::readSite).toList(),
        pooled,
        SharedSpark::session,
        CLOCK);
    assertThat(ResultComparison.between(out, pooled).identical()).isTrue();

    // Without the rounds, the same study shows what the two sites have.
    Path without = run(STUDY.replace("few-sites", "all").replace("required", "none"), "without");
    assertThat(cell(ResultFolder.read(without).analyses().get(0), "counts", 4, "n"))
        .isEqualTo(Cell.of(40L));
  }

  private static String everyTable(Path results) throws IOException {
    StringBuilder text = new StringBuilder();
    try (var files = Files.walk(results)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".csv")).toList()) {
        text.append(Files.readString(file));
      }
    }
    return text.toString();
  }

  @Test
  void aStudyOfWhichNothingIsLeftIsSuppressed() {
    String model = STUDY.replaceAll("(?m)^  - \\{name: (cells|ages).*\n", "");
    assertThatThrownBy(() -> run(model, "nothing"))
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SUPPRESSED))
        .hasMessageContaining("FEW_SITES");
  }

  @Test
  void studyCheckSaysWhatTheRoundsTell() throws IOException {
    Path file = Files.writeString(folder.resolve("study.yaml"), STUDY);
    assertThat(Outcome.of("study", "check", file.toString()).done().out())
        .contains(
            "at how many sites there is anything, for each place of it",
            "leaves out what fewer than 4 sites fill.",
            "if there is such a place, the analysis ends instead.");
  }
}
