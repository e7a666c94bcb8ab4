package io.tributary.jobs.faults;

import io.tributary.connectors.SharedSpark;
import io.tributary.jobs.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A folder with three sites, a table each and a study, and the real commands run in it, in this
 * process and over the tests' Spark session.
 */
final class Trial {
  /** 24 rows a site; every column is complete and lies in its range. */
  static final String HEADER = "id,age,sex,bmi,dead";

  static final List<String> SITES = List.of("east", "north", "south");

  static final String STUDY =
      """
      study: trial
      sites: [east, north, south]
      cohort: {from: visits}
      columns:
        age: {type: number, range: [0, 120], unit: year}
        sex: {levels: [female, male]}
        dead: {type: integer, range: [0, 1]}
      analyses:
        - {name: table-one, type: summary, columns: [age, bmi], by: sex}
      """;

  private final Path folder;

  private Trial(Path folder) {
    this.folder = folder;
  }

  /** Three good tables and a good study. */
  static Trial in(Path folder) throws IOException {
    Trial trial = new Trial(folder);
    for (String site : SITES) {
      Files.createDirectories(trial.table(site).getParent());
      trial.rows(site, goodRows(SITES.indexOf(site), 24));
    }
    trial.study(STUDY);
    return trial;
  }

  static List<String> goodRows(int site, int count) {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int n = site * 100 + i;
      rows.add(
          "p%d,%d,%s,%.1f,%d"
              .formatted(
                  n,
                  40 + n * 7 % 41,
                  n % 2 == 0 ? "female" : "male",
                  20 + n % 13 * 0.7,
                  n / 3 % 2));
    }
    return rows;
  }

  Path path(String name) {
    return folder.resolve(name);
  }

  Path table(String site) {
    return folder.resolve("sites").resolve(site).resolve("visits.csv");
  }

  Path out() {
    return folder.resolve("out");
  }

  void study(String yaml) throws IOException {
    Files.writeString(folder.resolve("study.yaml"), yaml);
  }

  void rows(String site, List<String> rows) throws IOException {
    Files.writeString(table(site), HEADER + "\n" + String.join("\n", rows) + "\n");
  }

  /** Replaces one site's first row. */
  void firstRow(String site, String row) throws IOException {
    List<String> rows = new ArrayList<>(goodRows(SITES.indexOf(site), 24));
    rows.set(0, row);
    rows(site, rows);
  }

  /** {@code local run --one-jvm} of the study. */
  Outcome run(String... more) {
    List<String> arguments = new ArrayList<>(List.of("local", "run", at("study.yaml")));
    arguments.addAll(List.of("--sites", at("sites"), "--out", at("out"), "--one-jvm"));
    arguments.addAll(Arrays.asList(more));
    return command(arguments.toArray(String[]::new));
  }

  /** {@code local prepare}: keys and configuration in {@code home}. */
  void prepare(String... more) {
    List<String> arguments = new ArrayList<>(List.of("local", "prepare"));
    arguments.addAll(List.of("--sites", at("sites"), "--home", at("home")));
    arguments.addAll(Arrays.asList(more));
    command(arguments.toArray(String[]::new)).done();
  }

  String at(String name) {
    return path(name).toString();
  }

  /** Runs a command; Spark is there already, as what it prints is none of the command's. */
  static Outcome command(String... arguments) {
    SharedSpark.session();
    return Outcome.of(arguments);
  }
}
