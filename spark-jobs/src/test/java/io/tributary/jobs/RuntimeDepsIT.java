package io.tributary.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.jobs.sbom.ClassPath;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
    for (Path library : ClassPath.jars()) {
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

  /** The bill itself is compared with the list by {@code BillOfMaterialsTest}. */
  @Test
  void billOfMaterialsAndLicencesLieInTheJar() throws IOException {
    Path sources = Path.of("src", "main", "resources", "META-INF", "sbom");
    try (JarFile file = new JarFile(JAR.toFile());
        Stream<Path> expected = Files.walk(sources)) {
      List<Path> files = expected.filter(Files::isRegularFile).toList();
      assertThat(files).hasSizeGreaterThan(3);
      for (Path each : files) {
        String name = "META-INF/sbom/" + sources.relativize(each).toString().replace('\\', '/');
        ZipEntry entry = file.getEntry(name);
        assertThat(entry).as(name).isNotNull();
        assertThat(file.getInputStream(entry)).hasBinaryContent(Files.readAllBytes(each));
      }
      assertThat(file.getManifest().getMainAttributes().getValue("Sbom-Location"))
          .isEqualTo("META-INF/sbom/sbom.cdx.json");
    }
  }

  /**
   * What makes two builds of one commit differ is found here in seconds; {@code scripts/reproduce}
   * builds a second time.
   */
  @Test
  void nothingInTheJarDependsOnWhenAndWhereItWasBuilt() throws IOException {
    LocalDateTime built = LocalDateTime.of(2026, 1, 1, 0, 0);
    Set<String> seen = new HashSet<>();
    try (JarFile file = new JarFile(JAR.toFile())) {
      for (JarEntry entry : Collections.list(file.entries())) {
        String name = entry.getName();
        assertThat(seen.add(name)).as("%s is there once", name).isTrue();
        if (name.startsWith("io/tributary/") || name.startsWith("META-INF/sbom/")) {
          assertThat(entry.getTimeLocal()).as("time of %s", name).isEqualTo(built);
          String content =
              new String(file.getInputStream(entry).readAllBytes(), StandardCharsets.ISO_8859_1);
          assertThat(content)
              .as(name)
              .doesNotContain(Path.of("").toAbsolutePath().getParent().toString());
        }
      }
      assertThat(file.getManifest().getMainAttributes().keySet())
          .extracting(Object::toString)
          .doesNotContain("Built-By", "Build-Jdk", "Build-Time", "Build-Host");
    }
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
