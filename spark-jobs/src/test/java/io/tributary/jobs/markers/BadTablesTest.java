package io.tributary.jobs.markers;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.connectors.SharedSpark;
import io.tributary.jobs.Outcome;
import io.tributary.jobs.cluster.SecretSearch;
import io.tributary.jobs.local.LocalFederation;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteId;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.FileAppender;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever is wrong with a person's row or with the file that it is in, neither the error nor any
 * logger at its most talkative shows a value of it.
 */
class BadTablesTest {
  private static final SiteId SITE = new SiteId("north");
  private static final int PERSONS = 12;
  private static final String STUDY =
      """
      study: bad
      sites: [east, north, south]
      cohort: {from: visits, person: id, derive: {ratio: 1 / (dead - 1)}}
      columns:
        age: {type: number, range: [0, 120]}
        sex: {levels: [female, male]}
      analyses:
        - {name: t, type: summary, columns: [age], by: sex}
      """;

  /** Most of what Spark says at its most talkative: how plans change, before any row is read. */
  private static final List<String> SPEAKS_OF_PLANS =
      List.of(
          "org.apache.spark.sql.catalyst.rules",
          "org.apache.spark.sql.catalyst.analysis",
          "org.apache.spark.sql.internal");

  @TempDir Path folder;

  private Path table;
  private FileAppender appender;
  private Level before;
  private Map<String, Appender> quiet;

  @BeforeEach
  void prepare() throws IOException {
    SharedSpark.session();
    table = folder.resolve("sites/north/visits.csv");
    for (String site : List.of("east", "north", "south")) {
      Files.createDirectories(folder.resolve("sites").resolve(site));
      Files.write(folder.resolve("sites").resolve(site).resolve("visits.csv"), rows());
    }
    LocalFederation.create(
        folder.resolve("home"),
        folder.resolve("sites"),
        List.of(new SiteId("east"), SITE, new SiteId("south")),
        List.of(SITE),
        LocalFederation.Transport.FILES,
        Duration.ofSeconds(5),
        Clock.systemUTC(),
        new SecureRandom());
    LoggerContext context = (LoggerContext) LogManager.getContext(false);
    appender =
        FileAppender.newBuilder()
            .setName("talkative")
            .withFileName(folder.resolve("trace").toString())
            .setLayout(PatternLayout.newBuilder().withPattern("%p %c: %m%n%ex").build())
            .build();
    appender.start();
    LoggerConfig root = context.getConfiguration().getRootLogger();
    before = root.getLevel();
    quiet = Map.copyOf(root.getAppenders());
    quiet.keySet().forEach(root::removeAppender);
    root.addAppender(appender, Level.ALL, null);
    root.setLevel(Level.TRACE);
    for (String name : SPEAKS_OF_PLANS) {
      context.getConfiguration().addLogger(name, new LoggerConfig(name, Level.INFO, true));
    }
    context.updateLoggers();
  }

  @AfterEach
  void quieten() {
    LoggerContext context = (LoggerContext) LogManager.getContext(false);
    LoggerConfig root = context.getConfiguration().getRootLogger();
    root.removeAppender("talkative");
    quiet.values().forEach(each -> root.addAppender(each, null, null));
    root.setLevel(before);
    SPEAKS_OF_PLANS.forEach(context.getConfiguration()::removeLogger);
    context.updateLoggers();
    appender.stop();
  }

  private static List<String> rows() {
    List<String> rows = new ArrayList<>(List.of(Markers.HEADER));
    for (int i = 0; i < PERSONS; i++) {
      rows.add("p%d,%d,%s,%d,0,n".formatted(i, 40 + i, i % 2 == 0 ? "female" : "male", 20 + i));
    }
    rows.add(Markers.row());
    return rows;
  }

  /** Checks the study at the site; nothing of the row may be shown, in the end or on the way. */
  private Outcome check(String study) throws IOException {
    Path file = folder.resolve("study.yaml");
    Files.writeString(file, study);
    Outcome outcome =
        Outcome.of(
            "site",
            "check",
            "--stacktrace",
            "--config",
            folder.resolve("home/sites/north/site.yaml").toString(),
            "--analyst",
            "analyst",
            file.toString());
    SecretSearch search = Markers.search();
    assertThat(search.in("out", outcome.out().getBytes(StandardCharsets.UTF_8))).isEmpty();
    assertThat(search.in("err", outcome.err().getBytes(StandardCharsets.UTF_8))).isEmpty();
    assertThat(search.in(folder.resolve("trace"))).isEmpty();
    return outcome;
  }

  private Outcome check() throws IOException {
    return check(STUDY);
  }

  private void table(List<String> lines) throws IOException {
    Files.write(table, lines);
  }

  @Test
  void aGoodRowIsNotShownAndAllLoggersSpeak() throws IOException {
    check().done();
    assertThat(folder.resolve("trace"))
        .content(StandardCharsets.ISO_8859_1)
        .contains("TRACE org.apache.spark", "DEBUG org.apache.spark");
    // The control: what a logger is given is found.
    LogManager.getLogger("careless").info("row {}", Markers.row());
    assertThat(Markers.search().in(folder.resolve("trace"))).isNotEmpty();
  }

  @Test
  void valuesThatAColumnRefuses() throws IOException {
    check(
            STUDY
                .replace("columns: [age]", "columns: [age, note]")
                .replace("age: {", "note: {type: number}\n  age: {"))
        .refused(ErrorCode.DATA_INVALID, "'note'", "text is found");
    check(STUDY.replace("[0, 120]", "[0, 60]")).refused(ErrorCode.VALUE_OUT_OF_BOUNDS, "'age'");
    check(
            STUDY.replace(
                "age: {type: number, range: [0, 120]}", "age: {type: integer, range: [0, 120]}"))
        .refused(ErrorCode.DATA_INVALID, "'age'", "whole number");
    check(
            STUDY
                .replace("age: {type: number, range: [0, 120]}", "note: {type: date}")
                .replace("[age]", "[note]"))
        .refused(ErrorCode.DATA_INVALID, "'note'", "date is expected");
    check(
            STUDY
                .replace("sex: {levels: [female, male]}", "note: {levels: [n]}")
                .replace("by: sex", "by: note"))
        .refused(ErrorCode.DATA_INVALID, "'note'", "none of the levels");
    check(STUDY.replace("columns: [age]", "columns: [age, ratio]"))
        .refused(ErrorCode.NOT_A_NUMBER, "'ratio'");
  }

  @Test
  void linesThatCannotBeSplit() throws IOException {
    List<String> rows = rows();
    rows.add(Markers.row() + "," + Markers.row());
    table(rows);
    check().refused(ErrorCode.DATA_INVALID, "cannot be split");
    rows.set(rows.size() - 1, "\"" + Markers.row());
    table(rows);
    check().refused(ErrorCode.DATA_INVALID, "visits.csv");
    // Beyond the length at which Spark's parser gives up, and shows what it gives up on.
    // The person's other row goes, as a person has one.
    assertThat(rows.remove(Markers.row())).isTrue();
    rows.set(rows.size() - 1, Markers.row() + "x".repeat(1_100_000));
    table(rows);
    check().done();
    rows.set(rows.size() - 1, Markers.row() + "x".repeat(17 << 20));
    table(rows);
    check().refused(ErrorCode.DATA_INVALID, "visits.csv", "longer than");
  }

  @Test
  void aRowInThePlaceOfTheHeader() throws IOException {
    table(rows().subList(PERSONS + 1, PERSONS + 2));
    check().refused(ErrorCode.UNKNOWN_COLUMN, "header: false");
    table(List.of(Markers.row() + "," + Markers.NOTE, Markers.row() + "," + Markers.NOTE));
    check().refused(ErrorCode.UNKNOWN_COLUMN, "header: false");
    String other = Markers.row().replace(',', ';');
    table(List.of(other, other));
    check().refused(ErrorCode.UNKNOWN_COLUMN, "header: false");
  }

  @Test
  void filesOfAnotherEncodingOrFormat() throws IOException {
    String text = String.join("\n", rows()) + "\n";
    for (Charset charset : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16)) {
      Files.write(table, text.getBytes(charset));
      assertThat(check().exit()).isNotZero();
    }
    for (String format : List.of("json", "parquet", "orc")) {
      Files.writeString(table, text);
      Path config = folder.resolve("home/sites/north/site.yaml");
      String yaml = Files.readString(config);
      Files.writeString(config, yaml.replaceFirst("format: \"?csv\"?", "format: " + format));
      assertThat(Files.readString(config)).isNotEqualTo(yaml);
      assertThat(check().exit()).isNotZero();
      Files.writeString(config, yaml);
    }
  }
}
