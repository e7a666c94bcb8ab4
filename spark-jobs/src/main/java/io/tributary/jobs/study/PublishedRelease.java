package io.tributary.jobs.study;

import io.tributary.codec.Digest;
import io.tributary.exchange.Exchange;
import io.tributary.exchange.ObjectNames;
import io.tributary.jobs.Folders;
import io.tributary.report.ResultFolder;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

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
  private static final Pattern WORD = Pattern.compile("[A-Z][A-Z_]{1,63}");

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

  /**
   * {@link #OK} or a code, which a later version than this may have made; BAD_MESSAGE if what
   * stands there is no code. Empty while the study goes on.
   */
  public static Optional<String> ended(Exchange exchange, Digest study) {
    return exchange
        .get(end(study))
        .map(word -> new String(word, StandardCharsets.ISO_8859_1))
        .map(word -> WORD.matcher(word).matches() ? word : ErrorCode.BAD_MESSAGE.name());
  }

  /** The code of a study that ended with this word. */
  public static ErrorCode code(String word) {
    return Stream.of(ErrorCode.values())
        .filter(code -> code.name().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                Errors.badMessage(
                    "The study ended with " + word + ", a code that this version does not know."));
  }

  /**
   * Fetches the release into a folder, whole or not at all; results of an earlier fetch are
   * replaced.
   *
   * @throws TributaryException DATA_MISSING if there is none yet; the study's own code if it ended
   *     without one
   */
  public static void fetch(Exchange exchange, Digest study, Path out) {
    List<String> names = exchange.list(folder(study));
    if (names.size() < 2 || names.size() > MAX_FILES) {
      throw nothing(study, ended(exchange, study));
    }
    ResultFolder.requireReplaceable(out);
    Path place = out.toAbsolutePath().normalize();
    try {
      Files.createDirectories(place.getParent());
      String prefix = "." + place.getFileName() + "-";
      Path staged = Files.createTempDirectory(place.getParent(), prefix);
      Path old = staged.resolveSibling(staged.getFileName() + "-old");
      try {
        copy(exchange, study, names, staged);
        if (Files.exists(place)) {
          Files.move(place, old, StandardCopyOption.ATOMIC_MOVE);
        }
        Files.move(staged, place, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Folders.remove(staged);
        Folders.remove(old);
      }
    } catch (IOException e) {
      throw Errors.storageFailed(
          "The results cannot be written to " + out + ".", "Check the folder and the disk.", e);
    }
  }

  private static TributaryException nothing(Digest study, Optional<String> ended) {
    String where = "study " + study.shortHex();
    return ended
        .filter(word -> !word.equals(OK))
        .map(
            word ->
                Errors.data(
                    code(word),
                    where,
                    "it ended with " + word + " and released nothing.",
                    "The coordinator and the sites show the reason; mend it and submit anew."))
        .orElseGet(
            () ->
                Errors.data(
                    ErrorCode.DATA_MISSING,
                    where,
                    "nothing is released yet.",
                    "Look at 'tributary study status', or wait with --wait-seconds."));
  }

  private static void copy(Exchange exchange, Digest study, List<String> names, Path into)
      throws IOException {
    for (String name : names) {
      if (!name.equals(end(study))) {
        Path file = into.resolve(name.substring(folder(study).length() + 1)).normalize();
        if (!file.startsWith(into)) {
          throw Errors.badMessage("A released file's name leaves its folder.");
        }
        Files.createDirectories(file.getParent());
        Files.write(file, exchange.get(name).orElseThrow());
      }
    }
  }
}
