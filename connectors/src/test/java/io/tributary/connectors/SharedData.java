package io.tributary.connectors;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/**
 * Data sets and expected results that are kept beside the repository, not in it: the folder named
 * by the system property or environment variable TRIBUTARY_SHARED, else {@code ../shared} as seen
 * from the repository.
 */
public final class SharedData {
  private SharedData() {}

  /**
   * A file or folder of it, such as {@code data/survival/lung.csv}. Without it the test is skipped
   * and says so; but if the variable names a folder, it must be complete.
   */
  public static Path require(String path) {
    Optional<Path> found = find(path);
    if (found.isEmpty() && named().isPresent()) {
      throw new IllegalStateException("TRIBUTARY_SHARED names a folder without " + path);
    }
    Assumptions.assumeTrue(found.isPresent(), "no shared data: " + path);
    return found.get();
  }

  /** As {@link #require}, but empty if it is not there. */
  public static Optional<Path> find(String path) {
    if (named().isPresent()) {
      return named().map(folder -> Path.of(folder).resolve(path)).filter(Files::exists);
    }
    // Modules run in their own folders; the shared one stands beside the repository.
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path shared = at.resolve("shared").resolve(path);
      if (Files.exists(shared)) {
        return Optional.of(shared);
      }
    }
    return Optional.empty();
  }

  private static Optional<String> named() {
    String named = System.getProperty("TRIBUTARY_SHARED", System.getenv("TRIBUTARY_SHARED"));
    return Optional.ofNullable(named).filter(folder -> !folder.isEmpty());
  }
}
