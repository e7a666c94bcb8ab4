package io.tributary.jobs.study;

import io.tributary.codec.Digest;
import io.tributary.exchange.Exchange;
import io.tributary.exchange.ObjectNames;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The reviewed release on the exchange, for analysts and sites to fetch.
 *
 * <pre>
 *   studies/DIGEST/release/ANALYSIS/FILE, release.json, report.html
 *   studies/DIGEST/release/end         the word OK, or the code that the study ended with; put last
 * </pre>
 */
public final class PublishedRelease {
  /** What {@code end} says when the study went well. */
  public static final String OK = "OK";

  private static final int MAX_FILES = 10_000;

  private PublishedRelease() {}

  private static String folder(Digest study) {
    return ObjectNames.folder(study) + "/release";
  }

  private static String end(Digest study) {
    return folder(study) + "/end";
  }

  /** Puts every file of a result folder, then the end. */
  public static void put(Exchange exchange, Digest study, Path results) {
    try (var files = Files.walk(results)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        String name = results.relativize(file).toString().replace('\\', '/');
        exchange.put(folder(study) + "/" + name, Files.readAllBytes(file));
      }
    } catch (IOException e) {
      throw Errors.storageFailed(
          "The results in " + results + " cannot be read.", "Check the folder.", e);
    }
    close(exchange, study, Optional.empty());
  }

  /** Says how the study ended; the first word stays. */
  public static void close(Exchange exchange, Digest study, Optional<ErrorCode> code) {
    if (ended(exchange, study).isEmpty()) {
      exchange.put(
          end(study), code.map(ErrorCode::name).orElse(OK).getBytes(StandardCharsets.US_ASCII));
    }
  }

  /** {@link #OK} or a code; empty while the study goes on. */
  public static Optional<String> ended(Exchange exchange, Digest study) {
    return exchange.get(end(study)).map(word -> new String(word, StandardCharsets.US_ASCII));
  }

  /** Fetches the release into a new folder; DATA_MISSING if there is none yet. */
  public static void fetch(Exchange exchange, Digest study, Path out) {
    List<String> names = exchange.list(folder(study));
    if (names.size() < 2 || names.size() > MAX_FILES) {
      throw Errors.data(
          ErrorCode.DATA_MISSING,
          "study " + study.shortHex(),
          "nothing is released"
              + ended(exchange, study).map(word -> ": " + word).orElse(" yet")
              + ".",
          "Look at 'tributary study status'.");
    }
    try {
      Files.createDirectories(out);
      for (String name : names) {
        if (!name.equals(end(study))) {
          Path file = out.resolve(name.substring(folder(study).length() + 1)).normalize();
          if (!file.startsWith(out)) {
            throw Errors.badMessage("A released file's name leaves its folder.");
          }
          Files.createDirectories(file.getParent());
          Files.write(file, exchange.get(name).orElseThrow());
        }
      }
    } catch (IOException e) {
      throw Errors.storageFailed(
          "The results cannot be written to " + out + ".", "Check the folder and the disk.", e);
    }
  }
}
