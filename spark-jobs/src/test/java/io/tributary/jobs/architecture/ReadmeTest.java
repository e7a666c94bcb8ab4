package io.tributary.jobs.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.jobs.analysis.Catalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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
  void theTableOfAnalysesIsTheCatalogue() throws IOException {
    List<String> lines = Files.readAllLines(REPOSITORY.resolve("README.md"));
    List<String> listed =
        lines.subList(lines.indexOf("| analysis | what it answers |") + 2, lines.size()).stream()
            .takeWhile(line -> line.startsWith("| "))
            .flatMap(line -> Stream.of(line.substring(2, line.indexOf(" |")).split(", ")))
            .toList();
    assertThat(listed).containsExactlyInAnyOrderElementsOf(Catalog.types());
  }

  @Test
  void everyDocumentAndEveryScriptIsNamed() throws IOException {
    String readme = Files.readString(REPOSITORY.resolve("README.md"));
    for (String document : names(REPOSITORY.resolve("engine/docs"))) {
      if (document.endsWith(".md")) {
        assertThat(readme).contains("(engine/docs/" + document + ")");
      }
    }
    String scripts = Files.readString(REPOSITORY.resolve("scripts/README.md"));
    for (String script : names(REPOSITORY.resolve("scripts"))) {
      assertThat(script.equals("README.md") || scripts.contains("`" + script)).as(script).isTrue();
    }
  }

  /** The card of an analysis is the comment of its package. */
  @Test
  void everyAnalysisHasACardWithAllItsParts() throws IOException {
    Path analyses = REPOSITORY.resolve("spark-jobs/src/main/java/io/tributary/jobs/analysis");
    int cards = 0;
    for (String name : names(analyses)) {
      if (Files.isDirectory(analyses.resolve(name))) {
        String card = Files.readString(analyses.resolve(name).resolve("package-info.java"));
        assertThat(card).as(name).containsPattern("<b>(Question|Model)\\.</b>");
        for (String part : List.of("Sums", "Revealed", "Assumptions", "Limits", "References")) {
          assertThat(card).as(name).contains("<b>" + part + ".</b>");
        }
        cards++;
      }
    }
    // Types that share a package share its card.
    assertThat(cards).isBetween(20, Catalog.types().size());
  }

  private static List<String> names(Path folder) throws IOException {
    try (var entries = Files.list(folder)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
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
