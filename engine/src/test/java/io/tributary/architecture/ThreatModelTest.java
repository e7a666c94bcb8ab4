package io.tributary.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.study.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The tables of attacks and of limits name tests that exist, and the attacks' tests hold the codes
 * that the attacks are said to end in.
 */
class ThreatModelTest {
  private static final Pattern CODE = Pattern.compile("[A-Z]+(_[A-Z]+)+|SUPPRESSED");

  /** Rows of the table that begins with this heading. */
  private static List<String[]> rows(String document, String heading) throws IOException {
    List<String[]> rows = new ArrayList<>();
    boolean inside = false;
    for (String line : Files.readAllLines(Path.of("docs", document))) {
      inside |= line.startsWith(heading);
      if (inside && !line.startsWith("|")) {
        break;
      }
      if (inside && !line.startsWith(heading) && !line.startsWith("|---")) {
        rows.add(line.substring(1, line.length() - 1).split("\\|", -1));
      }
    }
    return rows;
  }

  private static String sourceOf(String testClass) throws IOException {
    for (String module : List.of("engine", "connectors", "spark-jobs")) {
      try (Stream<Path> files = Files.walk(Path.of("..", module, "src", "test", "java"))) {
        Optional<Path> source =
            files
                .filter(file -> file.getFileName().toString().equals(testClass + ".java"))
                .findFirst();
        if (source.isPresent()) {
          return Files.readString(source.get());
        }
      }
    }
    throw new AssertionError("no test class " + testClass);
  }

  @Test
  void everyAttackThatIsStoppedNamesTestsThatExist() throws IOException {
    List<String[]> rows = rows("THREAT-MODEL.md", "| attack |");
    assertThat(rows).hasSizeGreaterThan(25);
    for (String[] row : rows) {
      assertThat(row).as("%s", row[0]).hasSize(5);
      boolean stopped = !row[2].strip().startsWith("not stopped");
      assertThat(row[4].strip().equals("-")).as("%s", row[0]).isEqualTo(!stopped);
      if (stopped) {
        exist(row[4]);
        endsIn(row);
      }
    }
  }

  @Test
  void everyLimitNamesTestsThatExist() throws IOException {
    List<String[]> rows = rows("OPERATIONS.md", "| what | limit |");
    assertThat(rows).hasSizeGreaterThan(20);
    for (String[] row : rows) {
      assertThat(row).as("%s", row[0]).hasSize(3);
      exist(row[2]);
    }
  }

  private static void endsIn(String[] row) throws IOException {
    assertThat(row[3]).as("%s", row[0]).isNotBlank();
    StringBuilder sources = new StringBuilder();
    for (String named : row[4].strip().split(", ")) {
      sources.append(sourceOf(named.substring(0, named.indexOf('#'))));
    }
    for (String word : row[3].split("\\W+")) {
      if (CODE.matcher(word).matches()) {
        assertThat(sources)
            .as("%s: %s", row[0], word)
            .contains("ErrorCode." + ErrorCode.valueOf(word).name());
      }
    }
  }

  private static void exist(String tests) throws IOException {
    for (String named : tests.strip().split(", ")) {
      String[] parts = named.split("#");
      assertThat(parts).as("%s", named).hasSize(2);
      assertThat(sourceOf(parts[0])).as("%s", named).contains("void " + parts[1] + "(");
    }
  }
}
