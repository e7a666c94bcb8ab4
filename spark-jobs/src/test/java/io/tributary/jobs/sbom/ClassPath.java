package io.tributary.jobs.sbom;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;

/** The jars that the tests' classes come from, however their class loader was told of them. */
public final class ClassPath {
  private ClassPath() {}

  /** All that have a manifest, and libraries from Maven do. */
  public static List<Path> jars() {
    try {
      return Collections.list(ClassPath.class.getClassLoader().getResources("META-INF/MANIFEST.MF"))
          .stream()
          .filter(url -> url.getProtocol().equals("jar"))
          .map(url -> Path.of(URI.create(url.getPath().replaceAll("!.*", ""))))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
