package io.tributary.jobs.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The README's map is the tree, and its links lead somewhere. */
class ReadmeTest {
  private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();
  private static final Set<String> TOP =
      Set.of("pom.xml", "engine", "spark-jobs", "connectors", "conf", "scripts", "README.md");

  @Test
  void theTopLevelIsTheFixedOne() throws IOException {
    Set<String> found = new TreeSet<>();
    try (var entries = Files.list(REPOSITORY)) {
      entries
          .map(entry -> entry.getFileName().toString())
          // Dot files may stand beside; target holds what the scripts make.
          .filter(name -> !name.startsWith(".") && !name.equals("target"))
          .forEach(found::add);
    }
    assertThat(found).isEqualTo(new TreeSet<>(TOP));
  }

  @Test
  void everyFolderOfTheMapExistsAndEveryFolderIsOnTheMap() throws IOException {
    List<String> rows =
        Files.readAllLines(REPOSITORY.resolve("README.md")).stream()
            .filter(line -> line.startsWith("| `"))
            .toList();
    Set<String> mapped = new TreeSet<>();
    for (String row : rows) {
      String path = row.substring(3, row.indexOf('`', 3));
      assertThat(REPOSITORY.resolve(path)).exists();
      mapped.add(path.substring(0, path.indexOf('/')));
    }
    for (String folder : TOP) {
      if (Files.isDirectory(REPOSITORY.resolve(folder))) {
        assertThat(mapped).contains(folder);
      }
    }
  }

  @Test
  void everyLinkLeadsToAFile() throws IOException {
    Matcher links =
        Pattern.compile("]\\(([^)#]+)\\)")
            .matcher(Files.readString(REPOSITORY.resolve("README.md")));
    int count = 0;
    while (links.find()) {
      assertThat(REPOSITORY.resolve(links.group(1))).exists();
      count++;
    }
    assertThat(count).isGreaterThan(5);
  }
}
