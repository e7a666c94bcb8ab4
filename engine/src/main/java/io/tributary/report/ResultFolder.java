package io.tributary.report;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tributary.study.Errors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A folder of results as {@link ReportWriter} leaves it. */
public final class ResultFolder {
  /** Staging folders and replaced folders; hidden, and never part of a result. */
  static final String STAGING = ".writing-";

  /** Name of the old release.json inside a staging folder while the new files are moved up. */
  static final String REPLACED = "replaced.json";

  static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";
  private static final long MOST_JSON_BYTES = 1L << 31;

  private ResultFolder() {}

  /**
   * Reads a whole result back: the report equals the one that was written.
   *
   * @throws io.tributary.study.TributaryException RESULTS_MISSING without a release.json,
   *     RESULTS_INVALID if a file breaks its form
   */
  public static StudyReport read(Path folder) {
    Path file = folder.resolve(ReleaseJson.FILE);
    try {
      StudyReport study = ReleaseJson.read(json(file)).study();
      List<AnalysisReport> analyses = new ArrayList<>();
      for (AnalysisReport analysis : study.analyses()) {
        List<ResultTable> tables = new ArrayList<>();
        for (ResultTable table : analysis.tables()) {
          // The names came from a file: they must not lead out of the folder.
          if (!isFileName(analysis.name()) || !isFileName(table.name())) {
            throw new MalformedResult("a name that is no file name");
          }
          file = folder.resolve(analysis.name()).resolve(table.name() + ".json");
          tables.add(TableJson.read(json(file)));
        }
        analyses.add(analysis.withTables(tables));
      }
      return study.withAnalyses(analyses);
    } catch (NoSuchFileException e) {
      if (file.endsWith(ReleaseJson.FILE)) {
        throw Errors.resultsMissing(folder.toString());
      }
      throw Errors.resultsInvalid(file.toString(), "the file is missing");
    } catch (MalformedResult e) {
      throw Errors.resultsInvalid(file.toString(), e.getMessage());
    } catch (IOException e) {
      throw Errors.resultsInvalid(file.toString(), "cannot be read as JSON");
    }
  }

  /** RESULTS_FOREIGN if a folder is there that must not be replaced. */
  public static void requireReplaceable(Path folder) {
    try {
      if (Files.isDirectory(folder)) {
        Optional<String> found = foreign(folder);
        if (found.isPresent()) {
          throw Errors.resultsForeign(folder.toString(), found.get());
        }
      } else if (Files.exists(folder)) {
        throw Errors.resultsForeign(folder.toString(), "it is a file");
      }
    } catch (IOException e) {
      throw Errors.resultsNotWritten(folder.toString(), "the folder cannot be read", e);
    }
  }

  /** What makes a folder unfit to be replaced, empty if nothing does. */
  static Optional<String> foreign(Path folder) throws IOException {
    List<String> found = files(folder);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Set<String> ours = new HashSet<>(List.of(ReleaseJson.FILE));
    Path release = folder.resolve(ReleaseJson.FILE);
    List<Path> unfinished = unfinishedLists(folder);
    if (Files.isRegularFile(release) && !addListed(release, ours)) {
      return Optional.of("a release.json of another origin");
    }
    if (!Files.isRegularFile(release) && unfinished.isEmpty()) {
      return Optional.of("'" + found.get(0) + "', and no release.json");
    }
    for (Path list : unfinished) {
      // One that was cut off lists nothing: its files are still in its own folder.
      addListed(list, ours);
    }
    return found.stream()
        .filter(path -> !ours.contains(path))
        .findFirst()
        .map(path -> "'" + path + "'");
  }

  /** Adds the paths that a release.json lists; false if it is none of Tributary's. */
  private static boolean addListed(Path list, Set<String> paths) {
    try {
      ReleaseJson.read(json(list)).files().forEach(file -> paths.add(file.path()));
      return true;
    } catch (MalformedResult | IOException e) {
      return false;
    }
  }

  /** What a writer that was killed while it staged inside the folder left of its lists. */
  private static List<Path> unfinishedLists(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children
          .filter(child -> child.getFileName().toString().startsWith(STAGING))
          .flatMap(child -> Stream.of(child.resolve(ReleaseJson.FILE), child.resolve(REPLACED)))
          .filter(Files::isRegularFile)
          .toList();
    }
  }

  /** Relative paths of everything but folders, with slashes, sorted; staging left out. */
  static List<String> files(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
          .map(path -> folder.relativize(path).toString().replace('\\', '/'))
          .filter(path -> !path.startsWith(STAGING))
          .sorted()
          .toList();
    }
  }

  static boolean isFileName(String name) {
    return name.matches(NAME);
  }

  private static JsonNode json(Path file) throws IOException, MalformedResult {
    if (Files.size(file) > MOST_JSON_BYTES) {
      throw new MalformedResult("the file is larger than " + MOST_JSON_BYTES + " bytes");
    }
    return JSON.readTree(file.toFile());
  }
}
