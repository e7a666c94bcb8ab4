package io.tributary.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.study.ErrorCode;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportWriterTest {
  @TempDir Path folder;

  private final ReportWriter writer = new ReportWriter(List.of());

  @Test
  void whatIsWrittenReadsBackEqual() {
    writer.write(SampleStudy.full(), folder.resolve("out"));
    assertThat(ResultFolder.read(folder.resolve("out"))).isEqualTo(SampleStudy.full());
  }

  @Test
  void everyTableHasItsFilesAndReleaseJsonListsThem() throws IOException {
    Path out = folder.resolve("deep/er/out");
    writer.write(SampleStudy.full(), out);
    JsonNode release = ResultFolder.JSON.readTree(out.resolve("release.json").toFile());
    List<String> listed = release.path("files").findValuesAsText("path");
    assertThat(listed)
        .contains("death/coefficients.csv", "death/coefficients.json", "report.html")
        .doesNotContain("release.json");
    assertThat(ResultFolder.files(out)).hasSize(listed.size() + 1).containsAll(listed);
    assertThat(release.path("contributors")).hasSize(4);
    assertThat(release.path("absent").get(0).asText()).isEqualTo("west");
    assertThat(release.path("analyses").get(0).path("resolution").asText()).isEqualTo("exact");
    assertThat(release.path("rounds").get(0).path("took_seconds").asDouble()).isEqualTo(1.9);
  }

  @Test
  void sameReportGivesSameBytes() throws IOException {
    writer.write(SampleStudy.full(), folder.resolve("a"));
    writer.write(SampleStudy.full(), folder.resolve("b"));
    assertThat(content(folder.resolve("a"))).isEqualTo(content(folder.resolve("b")));
  }

  @Test
  void anEarlierResultIsReplacedAndNothingElseIsLeft() throws IOException {
    Path out = folder.resolve("out");
    writer.write(SampleStudy.full(), out);
    StudyReport smaller =
        SampleStudy.full().withAnalyses(SampleStudy.full().analyses().subList(0, 1));
    writer.write(smaller, out);
    assertThat(ResultFolder.read(out)).isEqualTo(smaller);
    assertThat(out.resolve("death")).doesNotExist();
    assertThat(folder).isDirectoryNotContaining("glob:**/.out*");
  }

  @Test
  void anEmptyFolderIsTaken() throws IOException {
    Path out = Files.createDirectory(folder.resolve("out"));
    writer.write(SampleStudy.full(), out);
    assertThat(ResultFolder.read(out)).isEqualTo(SampleStudy.full());
  }

  @Test
  void aForeignFolderIsRefusedAndLeftAlone() throws IOException {
    Path out = Files.createDirectory(folder.resolve("out"));
    Files.writeString(out.resolve("thesis.docx"), "years of work");
    assertRefused(out, "'thesis.docx', and no release.json");
    assertThat(out.resolve("thesis.docx")).hasContent("years of work");
  }

  @Test
  void aResultThatSomebodyAddedToIsRefused() throws IOException {
    Path out = folder.resolve("out");
    writer.write(SampleStudy.full(), out);
    Files.writeString(out.resolve("death/my-notes.txt"), "keep");
    assertRefused(out, "'death/my-notes.txt'");
    assertThat(ResultFolder.read(out)).isEqualTo(SampleStudy.full());
  }

  @Test
  void aFileOrAForeignReleaseJsonIsRefused() throws IOException {
    assertRefused(Files.writeString(folder.resolve("file"), "x"), "it is a file");
    Path out = Files.createDirectory(folder.resolve("out"));
    Files.writeString(out.resolve("release.json"), "{\"version\": 3}");
    assertRefused(out, "a release.json of another origin");
  }

  @Test
  void namesThatLeadElsewhereAreRefused() {
    for (String name : List.of("../up", "a/b", "", ".hidden", "release.json", "Report.html")) {
      AnalysisReport analysis = analysis(name, table("t", Column.text("x")));
      assertThatThrownBy(() -> writer.write(study(analysis), folder.resolve("out")))
          .isInstanceOfSatisfying(
              TributaryException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.STUDY_INVALID));
    }
  }

  @Test
  void whereverTheDiskFailsTheOldResultOrTheNewOneIsThere() throws IOException {
    int failures =
        failEverywhere(
            fuse -> new FailingDisk(fuse, false, true),
            (out, left) -> assertThat(left).isPresent());
    assertThat(failures).isGreaterThan(15);
  }

  @Test
  void whereverTheWriterIsKilledNoHalfResultIsThere() throws IOException {
    failEverywhere(
        fuse -> new FailingDisk(fuse, true, true),
        (out, left) -> {
          // Between two renames the old result is hidden, and only then there is none.
          boolean hidden = Files.exists(out.resolveSibling(".out.replaced-1/release.json"));
          assertThat(left.isPresent() || hidden).isTrue();
        });
  }

  @Test
  void whereTheFolderCannotBeRenamedReleaseJsonComesLast() throws IOException {
    for (boolean killed : new boolean[] {false, true}) {
      int failures =
          failEverywhere(
              fuse -> new FailingDisk(fuse, killed, false),
              (out, left) ->
                  assertThat(left.isPresent())
                      .isEqualTo(Files.exists(out.resolve("release.json"))));
      assertThat(failures).isGreaterThan(15);
    }
  }

  private interface Check {
    void after(Path out, Optional<StudyReport> left) throws IOException;
  }

  /** Replaces a result once for each operation that can fail; returns how many times it failed. */
  private int failEverywhere(IntFunction<FailingDisk> disks, Check check) throws IOException {
    StudyReport old = study(analysis("a", table("t", Column.text("x"))));
    StudyReport fresh = study(analysis("b", table("t", Column.text("y"))));
    ReportWriter quick =
        new ReportWriter(List.of(), new FailingDisk(Integer.MAX_VALUE, false, true));
    Path runs = Files.createTempDirectory(folder, "runs");
    for (int fuse = 0; ; fuse++) {
      Path out = Files.createDirectory(runs.resolve("run" + fuse)).resolve("out");
      quick.write(old, out);
      FailingDisk disk = disks.apply(fuse);
      try {
        new ReportWriter(List.of(), disk).write(fresh, out);
        assertThat(ResultFolder.read(out)).isEqualTo(fresh);
      } catch (TributaryException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_FAILED);
        assertThat(e.problem()).contains("No space left on device").contains("out");
        Optional<StudyReport> left = read(out);
        assertThat(left.isEmpty() || left.get().equals(old) || left.get().equals(fresh)).isTrue();
        check.after(out, left);
      }
      if (disk.fuse >= 0) {
        return fuse;
      }
      quick.write(fresh, out);
      assertThat(ResultFolder.read(out)).isEqualTo(fresh);
    }
  }

  private static Optional<StudyReport> read(Path out) {
    try {
      return Optional.of(ResultFolder.read(out));
    } catch (TributaryException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.RESULTS_MISSING);
      return Optional.empty();
    }
  }

  @Test
  void aFailureLeavesNoFolderWhereThereWasNone() {
    Path out = folder.resolve("out");
    // Creating folders and files works, forcing the third file does not, deleting works again.
    FailingDisk disk = new FailingDisk(6, false, true);
    assertThatThrownBy(() -> new ReportWriter(List.of(), disk).write(SampleStudy.full(), out))
        .isInstanceOf(TributaryException.class);
    assertThat(out).doesNotExist();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void anErrorLeavesNothingBehind() {
    TableForm broken =
        new TableForm() {
          @Override
          public String ending() {
            return "bin";
          }

          @Override
          public void write(ResultTable table, Path file) {
            throw new NoClassDefFoundError("missing/Library");
          }
        };
    assertThatThrownBy(
            () -> new ReportWriter(List.of(broken)).write(SampleStudy.full(), folder.resolve("o")))
        .isInstanceOf(NoClassDefFoundError.class);
    assertThat(folder).isEmptyDirectory();
  }

  /**
   * Fails at the operation whose number is the fuse. If {@code dead}, at all operations after it
   * too, as if the writer had been killed there.
   */
  private static final class FailingDisk implements Disk {
    private final boolean dead;
    private final boolean renames;
    private int fuse;

    FailingDisk(int fuse, boolean dead, boolean renames) {
      this.fuse = fuse;
      this.dead = dead;
      this.renames = renames;
    }

    private void burn() throws IOException {
      if (fuse-- == 0 || (dead && fuse < 0)) {
        throw new IOException("No space left on device");
      }
    }

    @Override
    public boolean canRename(Path path) {
      return renames;
    }

    @Override
    public OutputStream create(Path file) throws IOException {
      burn();
      OutputStream out = LOCAL.create(file);
      return new OutputStream() {
        @Override
        public void write(int b) throws IOException {
          out.write(b);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
          burn();
          out.write(bytes, from, length);
        }

        @Override
        public void close() throws IOException {
          out.close();
        }
      };
    }

    @Override
    public void createFolder(Path path) throws IOException {
      burn();
      LOCAL.createFolder(path);
    }

    @Override
    public void force(Path path) throws IOException {
      // Not really: a test survives no power cut, and forcing a thousand files takes long.
      burn();
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
      burn();
      LOCAL.rename(from, to);
    }

    @Override
    public void delete(Path path) throws IOException {
      // What frees space works on a full disk.
      if (dead && fuse < 0) {
        burn();
      }
      LOCAL.delete(path);
    }
  }

  private void assertRefused(Path out, String found) {
    assertThatThrownBy(() -> writer.write(SampleStudy.full(), out))
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.RESULTS_FOREIGN);
              assertThat(e.problem()).contains(found);
            });
  }

  private static ResultTable table(String name, Column column) {
    return new ResultTable(name, name, List.of(column), List.of(List.of(Cell.of("v"))));
  }

  static AnalysisReport analysis(String name, ResultTable... tables) {
    return new AnalysisReport(
        name, "summary", AnalysisReport.OK, 20, 1, Map.of(), List.of(tables), List.of(), List.of());
  }

  static StudyReport study(AnalysisReport... analyses) {
    return SampleStudy.full().withAnalyses(List.of(analyses));
  }

  private static Map<String, String> content(Path out) throws IOException {
    Map<String, String> content = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(out)) {
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        content.put(
            out.relativize(file).toString(), Files.readString(file, StandardCharsets.UTF_8));
      }
    }
    return content;
  }
}
