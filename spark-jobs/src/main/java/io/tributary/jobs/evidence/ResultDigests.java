package io.tributary.jobs.evidence;

import io.tributary.codec.Digest;
import io.tributary.study.Errors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Digests of the files of a result folder. */
public final class ResultDigests {
  private ResultDigests() {}

  /** Path below the folder, with '/', to SHA-256. */
  public static Map<String, Digest> of(Path results) {
    Map<String, Digest> digests = new TreeMap<>();
    try (var files = Files.walk(results)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        digests.put(
            results.relativize(file).toString().replace('\\', '/'),
            Digest.sha256(Files.readAllBytes(file)));
      }
    } catch (IOException e) {
      throw Errors.storageFailed(
          "The results in " + results + " cannot be read.", "Check the folder.", e);
    }
    return digests;
  }
}
