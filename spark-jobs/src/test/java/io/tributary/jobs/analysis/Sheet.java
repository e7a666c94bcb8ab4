package io.tributary.jobs.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.codec.StudyParser;
import io.tributary.connectors.SharedSpark;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.study.SiteConfig;
import io.tributary.study.SiteConfig.Csv;
import io.tributary.study.Study;
import io.tributary.study.Study.ReleaseFloor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A table of texts that tests cut into sites. Each site becomes CSV files of its own, which the
 * real reader opens; several files make several Spark partitions.
 */
public record Sheet(List<String> header, List<List<String>> rows) {
  public Sheet {
    header = List.copyOf(header);
    rows = List.copyOf(rows);
  }

  /** Reads a CSV file without quotes. */
  public static Sheet read(Path file) {
    try {
      List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
      List<List<String>> rows = new ArrayList<>();
      for (String line : lines.subList(1, lines.size())) {
        rows.add(List.of(line.split(",", -1)));
      }
      return new Sheet(List.of(lines.get(0).split(",", -1)), rows);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Sheet shuffled(long seed) {
    List<List<String>> mixed = new ArrayList<>(rows);
    Collections.shuffle(mixed, new Random(seed));
    return new Sheet(header, mixed);
  }

  /** Rows of a range. */
  public Sheet slice(int from, int to) {
    return new Sheet(header, rows.subList(from, to));
  }

  /** Rows whose column has this text. */
  public Sheet where(String column, String text) {
    int at = header.indexOf(column);
    return new Sheet(header, rows.stream().filter(row -> row.get(at).equals(text)).toList());
  }

  /** One more column, from each row's texts. */
  public Sheet with(String column, Function<Map<String, String>, String> value) {
    List<String> wider = new ArrayList<>(header);
    wider.add(column);
    List<List<String>> all = new ArrayList<>();
    for (List<String> row : rows) {
      Map<String, String> named = new HashMap<>();
      for (int i = 0; i < row.size(); i++) {
        named.put(header.get(i), row.get(i));
      }
      List<String> longer = new ArrayList<>(row);
      longer.add(value.apply(named));
      all.add(longer);
    }
    return new Sheet(wider, all);
  }

  /** One column under another name. */
  public Sheet renamed(String from, String to) {
    return new Sheet(header.stream().map(name -> name.equals(from) ? to : name).toList(), rows);
  }

  /** Rows that a condition holds for. */
  public Sheet filter(Predicate<Map<String, String>> condition) {
    Sheet marked = with("kept", row -> condition.test(row) ? "1" : "0").where("kept", "1");
    return new Sheet(
        header, marked.rows().stream().map(row -> row.subList(0, header.size())).toList());
  }

  public Sheet plus(Sheet other) {
    List<List<String>> all = new ArrayList<>(rows);
    all.addAll(other.rows);
    return new Sheet(header, all);
  }

  /** Cuts the rows into {@code sites} parts of random size; the first one is tiny. */
  public List<Sheet> cut(int sites, long seed) {
    List<List<String>> mixed = shuffled(seed).rows();
    Random random = new Random(seed);
    List<Sheet> parts = new ArrayList<>();
    int from = 0;
    for (int site = 0; site < sites; site++) {
      int left = mixed.size() - from - (sites - site - 1);
      int size =
          site == 0 ? 1 : site == sites - 1 ? left : 1 + random.nextInt(Math.max(1, left / 2));
      parts.add(new Sheet(header, mixed.subList(from, from + size)));
      from += size;
    }
    assertThat(from).isEqualTo(mixed.size());
    return parts;
  }

  /** Opens the rows as one site's table, cut into {@code files} files. */
  public SiteTable open(Study study, Path folder, int files) {
    return SiteTable.open(SharedSpark.session(), dataset(folder, files), study);
  }

  /**
   * Opens the rows as those of a cohort of health records.
   *
   * @param left persons left after each step of its definition
   */
  public SiteTable records(Study study, Path folder, int files, List<Long> left) {
    SiteConfig.Dataset dataset = dataset(folder, files);
    Dataset<Row> texts =
        SharedSpark.session().read().option("header", true).csv(((Csv) dataset.source()).path());
    return SiteTable.of(dataset, study, texts, left, Map.of(), SiteTable.Traces.NONE);
  }

  private SiteConfig.Dataset dataset(Path folder, int files) {
    try {
      Path own = Files.createTempDirectory(folder, "site");
      for (int file = 0; file < files; file++) {
        List<String> lines = new ArrayList<>();
        lines.add(String.join(",", header));
        for (int row = file; row < rows.size(); row += files) {
          lines.add(String.join(",", rows.get(row)));
        }
        Files.write(own.resolve("part" + file + ".csv"), lines, StandardCharsets.UTF_8);
      }
      return new SiteConfig.Dataset(
          "table",
          Csv.of(files == 1 ? own.resolve("part0.csv").toString() : own.toString()),
          List.of("", "NA", "?"),
          Map.of(),
          SiteConfig.DEFAULT_POPULATION);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Opens each part as a site. */
  public static List<SiteTable> open(List<Sheet> parts, Study study, Path folder) {
    List<SiteTable> tables = new ArrayList<>();
    for (int site = 0; site < parts.size(); site++) {
      tables.add(parts.get(site).open(study, folder, 1 + site % 3));
    }
    return tables;
  }

  /** A study of three sites with one analysis and the default release floor. */
  public static Study study(String columns, String analysis) {
    return study(columns, analysis, "{}");
  }

  /**
   * A study of three sites.
   *
   * @param columns YAML flow mapping of declared columns
   * @param analysis YAML flow mapping of the analysis
   * @param cohort YAML flow entries after {@code from}, or {@code {}} for none
   */
  public static Study study(String columns, String analysis, String cohort) {
    String more = cohort.equals("{}") ? "" : ", " + cohort;
    String yaml =
        """
        study: test
        sites: [north, south, east]
        cohort: {from: table%s}
        columns: %s
        analyses: [%s]
        """
            .formatted(more, columns, analysis);
    return StudyParser.parse(yaml.getBytes(StandardCharsets.UTF_8), "study.yaml");
  }

  /** The same study with another release floor, also one that no site would accept. */
  public static Study released(Study study, ReleaseFloor floor) {
    return new Study(
        study.name(),
        study.sites(),
        study.minContributors(),
        study.colluding(),
        study.shape(),
        study.analyst(),
        study.purpose(),
        study.validUntil(),
        study.cohort(),
        study.columns(),
        study.analyses(),
        floor);
  }
}
