package io.tributary.jobs;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Versions that go into every result, so that it can be computed again. */
public final class Versions {
  private Versions() {}

  /** Component to version, in display order. */
  public static Map<String, String> all() {
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("tributary", of(Versions.class));
    versions.put("protocol", "TRIB-SA-1");
    versions.put("spark", org.apache.spark.package$.MODULE$.SPARK_VERSION());
    versions.put("arrow", of(org.apache.arrow.vector.VectorSchemaRoot.class));
    versions.put("java", Runtime.version().toString());
    return versions;
  }

  private static String of(Class<?> type) {
    return Optional.ofNullable(type.getPackage().getImplementationVersion()).orElse("development");
  }
}
