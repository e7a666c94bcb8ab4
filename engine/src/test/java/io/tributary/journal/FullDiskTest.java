package io.tributary.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.codec.Canonical;
import io.tributary.codec.Digest;
import io.tributary.study.TributaryException;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A state folder that cannot grow, in a process that the system keeps from writing more (as a full
 * disk or a quota does), and the same folder afterwards.
 */
class FullDiskTest {
  private static final Digest STUDY = Digest.sha256(new byte[] {1});

  @TempDir Path folder;

  @Test
  void whatCannotBeWrittenIsToldAndWhatWasWrittenIsThere() throws Exception {
    List<String> told = run(64);

    List<String> written = told.subList(0, told.size() - 1);
    assertThat(written).hasSizeGreaterThan(10);
    assertThat(told.get(told.size() - 1))
        .startsWith(
            "STORAGE_FAILED: The journal " + folder.resolve("state/journal") + " cannot be used: ")
        .contains("File too large")
        .endsWith(
            "Free space on the disk or mend its permissions, then start again; nothing is lost.");

    assertThat(records()).isEqualTo(written);
    // With space it goes on where it stopped.
    try (FileStateStore store = open(folder)) {
      store.append(STUDY, record("later"));
    }
    assertThat(records()).hasSize(written.size() + 1).endsWith("later");
  }

  private List<String> run(int kibibytes) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                "bash",
                "-c",
                "ulimit -f " + kibibytes + " && exec \"$@\"",
                "bash",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                // The JVM's own files are larger than that.
                "-XX:-UsePerfData",
                "-cp",
                Stream.of(FullDiskTest.class, FileStateStore.class, HKDFBytesGenerator.class)
                    .map(each -> each.getProtectionDomain().getCodeSource().getLocation())
                    .map(place -> Path.of(URI.create(place.toString())).toString())
                    .collect(Collectors.joining(File.pathSeparator)),
                Filler.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(text).isZero();
    return text.lines().toList();
  }

  private List<String> records() {
    List<String> records = new ArrayList<>();
    try (FileStateStore store = open(folder)) {
      store.replay((study, record) -> records.add(text(record)));
    }
    return records;
  }

  private static byte[] record(String text) {
    return Canonical.enc("test/v1", Canonical.utf8(text));
  }

  private static String text(byte[] record) {
    return Canonical.read(record, "test/v1", 1).text(2000);
  }

  private static FileStateStore open(Path folder) {
    return FileStateStore.open(folder.resolve("state"), new SecureRandom());
  }

  /**
   * Appends records of a kibibyte and prints the name of each once it is there, until one fails.
   */
  static final class Filler {
    private Filler() {}

    public static void main(String[] args) {
      try (FileStateStore store = open(Path.of(args[0]))) {
        for (int i = 0; i < 1000; i++) {
          String name = "record " + i + " " + "x".repeat(1000);
          store.append(STUDY, record(name));
          System.out.println(name);
        }
      } catch (TributaryException e) {
        System.out.println(e.getMessage());
      }
    }
  }
}
