package io.tributary.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The shaded jar holds exactly the libraries named in {@code runtime-deps.txt}. What it holds is
 * found by looking: a library is in the jar when all its classes are.
 */
class RuntimeDepsIT {
  private static final Path JAR = Path.of("target", "tributary.jar");

  /** Names of the libraries in the jar, as {@code group:artifact:version}. */
  private static final Set<String> found = new TreeSet<>();

  private static Set<String> shaded;
  private static final Set<String> explained = new HashSet<>();

  @BeforeAll
  static void look() throws IOException {
    shaded = classes(JAR);
    Path repository = Path.of(System.getProperty("maven.repo"));
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path library = Path.of(entry);
      if (!library.startsWith(repository) || !Files.isRegularFile(library)) {
        continue;
      }
      Set<String> classes = classes(library);
      if (!classes.isEmpty() && shaded.containsAll(classes)) {
        explained.addAll(classes);
        found.add(coordinates(repository.relativize(library)));
      }
    }
  }

  @Test
  void jarHoldsWhatTheListNames() throws IOException {
    List<String> listed =
        Files.readAllLines(Path.of("runtime-deps.txt")).stream()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .toList();

    assertThat(new ArrayList<>(found))
        .as("libraries in %s; when the change is wanted, write them into runtime-deps.txt", JAR)
        .isEqualTo(listed);
  }

  @Test
  void everyOtherClassIsOurs() {
    assertThat(shaded)
        .filteredOn(name -> !explained.contains(name))
        .allSatisfy(name -> assertThat(name).startsWith("io/tributary/"));
  }

  @Test
  void nothingThatSparkBringsIsInTheJar() {
    assertThat(shaded)
        .noneMatch(name -> name.startsWith("org/apache/spark/"))
        .noneMatch(name -> name.startsWith("org/apache/hadoop/"))
        .noneMatch(name -> name.startsWith("org/apache/arrow/vector/"))
        .noneMatch(name -> name.startsWith("org/apache/arrow/memory/"))
        .noneMatch(name -> name.startsWith("io/netty/"))
        .noneMatch(name -> name.startsWith("com/fasterxml/jackson/"))
        .noneMatch(name -> name.startsWith("com/google/common/"));
  }

  /**
   * {@code org/x/lib/1.0/lib-1.0.jar}, relative to the Maven repository, is {@code org.x:lib:1.0}.
   */
  private static String coordinates(Path relative) {
    int parts = relative.getNameCount();
    String group = relative.subpath(0, parts - 3).toString().replace(File.separatorChar, '.');
    return group + ":" + relative.getName(parts - 3) + ":" + relative.getName(parts - 2);
  }

  private static Set<String> classes(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.stream()
          .map(ZipEntry::getName)
          .filter(name -> name.endsWith(".class") && !name.endsWith("module-info.class"))
          .collect(Collectors.toSet());
    }
  }
}
