package io.tributary.jobs.analysis;

import io.tributary.connectors.SharedData;
import io.tributary.connectors.SharedSpark;
import io.tributary.connectors.omop.StudyTable;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.study.SiteConfig;
import io.tributary.study.Study;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** The GiBleed records as four sites, by the person's number modulo 4. */
public final class HealthRecords {
  public static final int SITES = 4;

  private HealthRecords() {}

  /** Writes the tables as CSV into the folders s0 to s3. */
  public static void split(Path into, List<String> tables) throws IOException {
    Path records = SharedData.require("data/omop-gibleed");
    for (String table : tables) {
      split(records.resolve(table + ".csv.gz"), table, into);
    }
  }

  /** Rows keep their line breaks, if any. */
  private static void split(Path source, String table, Path into) throws IOException {
    PrintWriter[] out = new PrintWriter[SITES];
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(source)), StandardCharsets.UTF_8))) {
      String header = lines.readLine();
      List<String> names = List.of(header.toLowerCase(Locale.ROOT).split(","));
      int at = names.indexOf("person_id");
      for (int site = 0; site < out.length; site++) {
        Path own = into.resolve("s" + site);
        Files.createDirectories(own);
        out[site] =
            new PrintWriter(
                Files.newBufferedWriter(own.resolve(table.toUpperCase(Locale.ROOT) + ".csv")));
        out[site].println(header);
      }
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        long person = Long.parseLong(line.split(",", at + 2)[at]);
        out[(int) (person % SITES)].println(line);
      }
    } finally {
      for (PrintWriter each : out) {
        if (each != null) {
          each.close();
        }
      }
    }
  }

  /** The cohort of a study at each site. */
  public static List<SiteTable> open(Study study, Path folder) {
    List<SiteTable> tables = new ArrayList<>();
    for (int site = 0; site < SITES; site++) {
      SiteConfig.Dataset dataset =
          new SiteConfig.Dataset(
              "omop",
              new SiteConfig.Omop(folder.resolve("s" + site).toString()),
              List.of(),
              Map.of(),
              SiteConfig.DEFAULT_POPULATION);
      tables.add(
          StudyTable.open(SharedSpark.session(), dataset, study, Map.of(), SiteTable.Traces.NONE));
    }
    return tables;
  }
}
