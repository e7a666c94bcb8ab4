package io.tributary.jobs;

import io.tributary.codec.Digest;
import io.tributary.study.Errors;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Versions that go into every result, so that it can be computed again. */
public final class Versions {
  private static final String DEVELOPMENT = "development";

  private Versions() {}

  /** Component to version, in display order; {@code jar} is SHA-256 of the program's jar. */
  public static Map<String, String> all() {
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("tributary", of(Versions.class));
    versions.put("jar", RunningJar.DIGEST);
    versions.put("protocol", "TRIB-SA-1");
    versions.put("spark", org.apache.spark.package$.MODULE$.SPARK_VERSION());
    versions.put("arrow", of(org.apache.arrow.vector.VectorSchemaRoot.class));
    versions.put("java", Runtime.version().toString());
    return versions;
  }

  private static String of(Class<?> type) {
    return Optional.ofNullable(type.getPackage().getImplementationVersion()).orElse(DEVELOPMENT);
  }

  /** Read once in a process, when first asked for: a jar exchanged later is not what runs. */
  private static final class RunningJar {
    static final String DIGEST = digest(Versions.class.getProtectionDomain().getCodeSource());

    private static String digest(CodeSource source) {
      try {
        Path jar = Path.of(source.getLocation().toURI());
        if (!Files.isRegularFile(jar)) {
          return DEVELOPMENT;
        }
        try (InputStream in = Files.newInputStream(jar)) {
          return Digest.sha256(in).hex();
        }
      } catch (IOException | URISyntaxException e) {
        throw Errors.internal("The running program's jar cannot be read.", e);
      }
    }
  }
}
