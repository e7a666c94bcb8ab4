package io.tributary.jobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;

/** Folders that are there for a while. */
public final class Folders {
  /** How often a folder is looked at again that others still write to. */
  private static final int REMOVALS = 20;

  private Folders() {}

  /**
   * Removes a folder and all in it, if it is there. What another thread adds or removes meanwhile
   * is looked at again, a few times.
   */
  public static void remove(Path folder) throws IOException {
    for (int more = REMOVALS; Files.exists(folder); more--) {
      try (var files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      } catch (UncheckedIOException | NoSuchFileException | DirectoryNotEmptyException e) {
        if (more == 0) {
          throw new IOException(e.getMessage(), e);
        }
      }
    }
  }
}
