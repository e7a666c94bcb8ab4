package io.tributary.jobs.local;

import io.tributary.jobs.Folders;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.schema.MessageType;

/**
 * Cuts one table into a folder of sites, {@code OUT/<site>/<table>.csv|parquet}, to try Tributary
 * on one's own data. Rows stay as they are; only their site is chosen.
 */
public final class LocalSplit {
  /** More folders than this were certainly not meant: the column is no site column. */
  public static final int MAX_SITES = 256;

  /** No study runs with fewer: of two, each would know the other's numbers. */
  private static final int MIN_SITES = 3;

  private static final int MAX_RECORD_CHARS = 16 << 20;

  private static final String MARK = "\uFEFF";

  private final Path data;
  private final Rule rule;

  /** How a row finds its site. */
  public sealed interface Rule {
    /** The column's value, made a site id: lower case, other characters become '-'. */
    record By(String column) implements Rule {}

    /**
     * Rows dealt in turn to {@code site-1} and so on; all rows with one value of {@code person} go
     * to one site.
     */
    record Into(int sites, Optional<String> person) implements Rule {}
  }

  public LocalSplit(Path data, Rule rule) {
    this.data = data;
    this.rule = rule;
    if (rule instanceof Rule.Into into && (into.sites() < MIN_SITES || into.sites() > MAX_SITES)) {
      throw Errors.invalid(
          ErrorCode.USAGE,
          "--into",
          "must be " + MIN_SITES + " to " + MAX_SITES + ".",
          "Give another number.");
    }
  }

  /**
   * Writes the folder, whole or not at all.
   *
   * @return rows of each site, in order of first appearance
   */
  public Map<String, Long> write(Path out) {
    if (!Files.isRegularFile(data)) {
      throw Errors.data(
          ErrorCode.DATA_MISSING, data.toString(), "no such file.", "Check the path after --data.");
    }
    try {
      if (Files.exists(out) && !isEmptyFolder(out)) {
        throw Errors.invalid(
            ErrorCode.USAGE, out.toString(), "is not empty.", "Choose a new folder after --out.");
      }
      Path place = out.toAbsolutePath().normalize();
      Files.createDirectories(place.getParent());
      Path staged = Files.createTempDirectory(place.getParent(), "." + place.getFileName() + "-");
      try {
        Map<String, Long> rows = table(staged);
        requireRows(rows);
        Files.deleteIfExists(place);
        Files.move(staged, place, StandardCopyOption.ATOMIC_MOVE);
        return rows;
      } finally {
        Folders.remove(staged);
      }
    } catch (IOException e) {
      throw Errors.storageFailed(
          "Cannot split " + data + " into " + out + ": " + e.getMessage() + ".",
          "Check that the folder is writable and the disk has room.",
          e);
    }
  }

  private void requireRows(Map<String, Long> rows) {
    if (rows.isEmpty()) {
      throw Errors.data(
          ErrorCode.DATA_MISSING,
          data.toString(),
          "has no rows.",
          "Look at what writes this table.");
    }
    if (rule instanceof Rule.Into into && rows.size() < into.sites()) {
      throw Errors.data(
          ErrorCode.DATA_INVALID,
          data.toString(),
          "has rows for " + rows.size() + " of the " + into.sites() + " sites only.",
          "Give a smaller number after --into.");
    }
    if (rows.size() < MIN_SITES) {
      throw Errors.data(
          ErrorCode.DATA_INVALID,
          data.toString(),
          "the column has " + rows.size() + " of the " + MIN_SITES + " values that a study needs.",
          "Name a column that holds sites, or use --into.");
    }
  }

  private Map<String, Long> table(Path folder) throws IOException {
    String name = data.getFileName().toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".csv")) {
      return csv(folder);
    }
    if (name.endsWith(".parquet")) {
      return parquet(folder);
    }
    throw Errors.data(
        ErrorCode.DATA_INVALID,
        data.toString(),
        "is neither .csv nor .parquet.",
        "Convert the table to one of these.");
  }

  private static boolean isEmptyFolder(Path out) throws IOException {
    try (var entries = Files.list(out)) {
      return Files.isDirectory(out) && entries.findAny().isEmpty();
    }
  }

  private Map<String, Long> csv(Path out) throws IOException {
    Map<String, Writer> writers = new LinkedHashMap<>();
    Sites sites = new Sites();
    try (BufferedReader in = Files.newBufferedReader(data, StandardCharsets.UTF_8)) {
      String header = record(in);
      if (header == null || header.isBlank()) {
        throw Errors.data(
            ErrorCode.DATA_MISSING, data.toString(), "is empty.", "Give a file with a header.");
      }
      // Programs that write UTF-8 for spreadsheets begin it with a mark, which is no part of a
      // name.
      int column = sites.column(cells(header.startsWith(MARK) ? header.substring(1) : header));
      for (String row = record(in); row != null; row = record(in)) {
        if (row.isBlank()) {
          continue;
        }
        List<String> cells = column < 0 ? List.of() : cells(row);
        String site = sites.next(column < 0 || column >= cells.size() ? "" : cells.get(column));
        Writer writer = writers.get(site);
        if (writer == null) {
          writer = Files.newBufferedWriter(file(out, site), StandardCharsets.UTF_8);
          writers.put(site, writer);
          writer.append(header).append('\n');
        }
        writer.append(row).append('\n');
      }
    } catch (CharacterCodingException e) {
      throw Errors.data(
          ErrorCode.DATA_INVALID, data.toString(), "is not UTF-8.", "Convert it to UTF-8.");
    } finally {
      for (Writer writer : writers.values()) {
        writer.close();
      }
    }
    return sites.rows;
  }

  /** The next record without its line end; a line break inside quotes belongs to the record. */
  private String record(BufferedReader in) throws IOException {
    String line = in.readLine();
    if (line == null || evenQuotes(line)) {
      return line;
    }
    StringBuilder whole = new StringBuilder(line);
    while (!evenQuotes(whole)) {
      line = in.readLine();
      if (line == null || whole.length() > MAX_RECORD_CHARS) {
        throw Errors.data(
            ErrorCode.DATA_INVALID,
            data.toString(),
            "a quote is never closed.",
            "Check the file's quotes.");
      }
      whole.append('\n').append(line);
    }
    return whole.toString();
  }

  private static boolean evenQuotes(CharSequence text) {
    return text.chars().filter(c -> c == '"').count() % 2 == 0;
  }

  /** The cells of a record, without their quotes. */
  private static List<String> cells(String record) {
    List<String> cells = new ArrayList<>();
    int start = 0;
    boolean quoted = false;
    for (int i = 0; i <= record.length(); i++) {
      if (i == record.length() || (record.charAt(i) == ',' && !quoted)) {
        cells.add(unquoted(record.substring(start, i)));
        start = i + 1;
      } else if (record.charAt(i) == '"') {
        quoted = !quoted;
      }
    }
    return cells;
  }

  private Path file(Path out, String site) throws IOException {
    Path file = out.resolve(site).resolve(data.getFileName().toString());
    Files.createDirectories(file.getParent());
    return file;
  }

  private Map<String, Long> parquet(Path out) throws IOException {
    Configuration hadoop = new Configuration();
    org.apache.hadoop.fs.Path source = new org.apache.hadoop.fs.Path(data.toUri());
    MessageType schema;
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(source, hadoop))) {
      schema = reader.getFileMetaData().getSchema();
    } catch (RuntimeException e) {
      throw Errors.data(
          ErrorCode.DATA_INVALID,
          data.toString(),
          "is no Parquet file.",
          "Look at what wrote it, and at its name.");
    }
    List<String> names = schema.getFields().stream().map(field -> field.getName()).toList();
    Sites sites = new Sites();
    int column = sites.column(names);
    Map<String, ParquetWriter<Group>> writers = new LinkedHashMap<>();
    try (ParquetReader<Group> reader =
        ParquetReader.builder(new GroupReadSupport(), source).withConf(hadoop).build()) {
      for (Group row = reader.read(); row != null; row = reader.read()) {
        String value =
            column < 0 || row.getFieldRepetitionCount(column) == 0
                ? ""
                : row.getValueToString(column, 0);
        String site = sites.next(value);
        ParquetWriter<Group> writer = writers.get(site);
        if (writer == null) {
          writer =
              ExampleParquetWriter.builder(
                      HadoopOutputFile.fromPath(
                          new org.apache.hadoop.fs.Path(file(out, site).toUri()), hadoop))
                  .withConf(hadoop)
                  .withType(schema)
                  .build();
          writers.put(site, writer);
        }
        writer.write(row);
      }
    } finally {
      for (ParquetWriter<Group> writer : writers.values()) {
        writer.close();
      }
    }
    return sites.rows;
  }

  private static String unquoted(String cell) {
    boolean quoted = cell.length() >= 2 && cell.startsWith("\"") && cell.endsWith("\"");
    return quoted ? cell.substring(1, cell.length() - 1).replace("\"\"", "\"") : cell;
  }

  /** Deals rows to sites by the rule, and counts them. */
  private final class Sites {
    private final Map<String, Long> rows = new LinkedHashMap<>();
    private final Map<String, Integer> persons = new LinkedHashMap<>();
    private final Map<String, String> valueOfSite = new LinkedHashMap<>();
    private long row;

    /** Position of the column the rule needs, or -1. */
    int column(List<String> header) {
      Optional<String> wanted =
          rule instanceof Rule.By by ? Optional.of(by.column()) : ((Rule.Into) rule).person();
      if (wanted.isEmpty()) {
        return -1;
      }
      int at = header.indexOf(wanted.get());
      if (at < 0) {
        throw Errors.data(
            ErrorCode.UNKNOWN_COLUMN,
            data.toString(),
            "has no column '" + wanted.get() + "'.",
            header.size() == 1 && header.get(0).matches(".*[;\t|].*")
                ? "Its header has no comma: separate columns by commas, and decimals by a point."
                : "Its columns are " + String.join(", ", header) + ".");
      }
      return at;
    }

    String next(String value) {
      String site;
      if (rule instanceof Rule.Into into) {
        int turn =
            into.person().isPresent()
                ? persons.computeIfAbsent(value, person -> persons.size()) % into.sites()
                : (int) (row++ % into.sites());
        site = "site-" + (turn + 1);
      } else {
        site = siteId(value);
        String before = valueOfSite.putIfAbsent(site, value);
        if (before != null && !before.equals(value)) {
          throw Errors.data(
              ErrorCode.DATA_INVALID,
              data.toString(),
              "two values of the site column would both be site '" + site + "'.",
              "Give the sites names that differ in letters and digits.");
        }
      }
      rows.merge(site, 1L, Long::sum);
      if (rows.size() > MAX_SITES) {
        throw Errors.data(
            ErrorCode.DATA_INVALID,
            data.toString(),
            "the column has more than " + MAX_SITES + " values.",
            "Name a column that holds sites, or use --into.");
      }
      return site;
    }

    private String siteId(String value) {
      String id = value.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]", "-");
      if (id.isEmpty()) {
        return "site-missing";
      }
      String named = Character.isLetter(id.charAt(0)) ? id : "site-" + id;
      return named.length() <= 32 ? named : named.substring(0, 32);
    }
  }

  /** Site names a folder holds: its sub-folders that are site ids, in byte order. */
  public static List<String> sites(Path folder) throws IOException {
    List<String> names = new ArrayList<>();
    try (var entries = Files.list(folder)) {
      entries
          .filter(Files::isDirectory)
          .map(entry -> entry.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .sorted()
          .forEach(names::add);
    }
    return names;
  }
}
