package io.tributary.jobs.reference;

import io.tributary.jobs.analysis.Sheet;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** A table of another program between tabs, commas or blanks, plain or gzip. */
final class Tsv {
  private final List<String> header;
  private final List<List<String>> rows;
  private final Map<String, List<String>> byId = new HashMap<>();
  private final Map<String, Map<String, Map<String, String>>> by = new HashMap<>();

  private Tsv(List<String> header, List<List<String>> rows) {
    this.header = header;
    this.rows = rows;
    int id = header.contains("ID") ? header.indexOf("ID") : header.indexOf("id");
    if (id >= 0) {
      rows.forEach(row -> byId.put(row.get(id), row));
    }
  }

  /** Reads a file below the folder of data and oracles. */
  static Tsv read(String name) {
    Path file = Oracle.shared().resolve(name);
    try (InputStream raw = Files.newInputStream(file);
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(
                    name.endsWith(".gz") ? new GZIPInputStream(raw) : raw,
                    StandardCharsets.UTF_8))) {
      List<List<String>> lines = new ArrayList<>();
      String separator = name.contains(".csv") ? "," : "[\t ]";
      in.lines().forEach(line -> lines.add(List.of(line.split(separator, -1))));
      List<String> header =
          lines.get(0).stream().map(n -> n.startsWith("#") ? n.substring(1) : n).toList();
      return new Tsv(header, lines.subList(1, lines.size()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Tsv where(String column, String value) {
    int at = header.indexOf(column);
    return new Tsv(header, rows.stream().filter(row -> row.get(at).equals(value)).toList());
  }

  /** The same with one column under another name. */
  Tsv named(String from, String to) {
    return new Tsv(header.stream().map(n -> n.equals(from) ? to : n).toList(), rows);
  }

  /** Rows by the value of a column. */
  Map<String, Map<String, String>> by(String column) {
    return by.computeIfAbsent(
        column,
        name -> {
          Map<String, Map<String, String>> found = new HashMap<>();
          rows.forEach(row -> found.put(row.get(header.indexOf(name)), named(row)));
          return found;
        });
  }

  List<List<String>> rows() {
    return rows;
  }

  Sheet sheet() {
    return new Sheet(header, rows);
  }

  /** The row of a variant. */
  Map<String, String> row(String id) {
    return named(byId.get(id));
  }

  private Map<String, String> named(List<String> row) {
    Map<String, String> named = new LinkedHashMap<>();
    for (int i = 0; i < header.size(); i++) {
      named.put(header.get(i), row.get(i));
    }
    return named;
  }
}
