package io.tributary.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.report.StudyReport.RoundRecord;
import io.tributary.report.StudyReport.SiteParticipation;
import io.tributary.report.text.Digits;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code release.json}: everything of a {@link StudyReport} but the rows of its tables, and the
 * digest of every other file of the folder. The keys are listed in engine/docs/RESULTS.md. Written
 * and read here only, so that what is written can be read back equal.
 */
final class ReleaseJson {
  static final String FORMAT = "tributary-release/1";
  static final String FILE = "release.json";

  // A double holds nanoseconds exactly, in decimal, up to about 10^6 seconds; longer times are
  // whole microseconds or coarser.
  private static final double MOST_SECONDS = 1e9;

  private ReleaseJson() {}

  /** One file of the folder. {@code path} uses slashes, {@code sha256} is lower-case hex. */
  record FileEntry(String path, long bytes, String sha256) {}

  /** A study without the rows of its tables, and the files they stand in. */
  record Release(StudyReport study, List<FileEntry> files) {
    Release {
      files = List.copyOf(files);
    }
  }

  static void write(StudyReport report, List<FileEntry> files, JsonGenerator json)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("format", FORMAT);
    json.writeStringField("study", report.study());
    json.writeStringField("study_digest", report.studyDigest());
    json.writeStringField("consortium_digest", report.consortiumDigest());
    json.writeStringField("analyst", report.analyst());
    json.writeStringField("shape", report.shape());
    json.writeStringField("started", report.started().toString());
    json.writeStringField("finished", report.finished().toString());
    texts(json, "contributors", report.sitesOf("CONTRIBUTED"));
    texts(json, "dropouts", report.sitesOf("DROPPED"));
    texts(json, "absent", report.sitesOf("ABSENT"));
    sites(report, json);
    json.writeArrayFieldStart("analyses");
    for (AnalysisReport analysis : report.analyses()) {
      analysis(analysis, json);
    }
    json.writeEndArray();
    rounds(report, json);
    texts(json, "rules", report.rules());
    texts(json, "transcript_hashes", report.transcriptHashes());
    json.writeObjectFieldStart("versions");
    for (Map.Entry<String, String> version : report.versions().entrySet()) {
      json.writeStringField(version.getKey(), version.getValue());
    }
    json.writeEndObject();
    json.writeArrayFieldStart("files");
    for (FileEntry file : files) {
      json.writeStartObject();
      json.writeStringField("path", file.path());
      json.writeNumberField("bytes", file.bytes());
      json.writeStringField("sha256", file.sha256());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
    json.writeRaw('\n');
  }

  private static void sites(StudyReport report, JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("sites");
    for (SiteParticipation site : report.sites()) {
      json.writeStartObject();
      json.writeStringField("site", site.site());
      json.writeStringField("organisation", site.organisation());
      json.writeStringField("role", site.role());
      json.writeNumberField("vanished_after_upload", site.vanishedAfterUpload());
      json.writeFieldName("bytes");
      orWithheld(site.bytes(), "not measured", json);
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void analysis(AnalysisReport analysis, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", analysis.name());
    json.writeStringField("type", analysis.type());
    json.writeStringField("outcome", analysis.outcome());
    json.writeFieldName("persons");
    orWithheld(analysis.persons(), "withheld", json);
    json.writeNumberField("rounds", analysis.rounds());
    if (analysis.facts().containsKey(AnalysisReport.RESOLUTION)) {
      json.writeFieldName("resolution");
      CellJson.write(analysis.facts().get(AnalysisReport.RESOLUTION), json);
    }
    json.writeObjectFieldStart("facts");
    for (Map.Entry<String, Cell> fact : analysis.facts().entrySet()) {
      json.writeFieldName(fact.getKey());
      CellJson.write(fact.getValue(), json);
    }
    json.writeEndObject();
    texts(json, "tables", analysis.tables().stream().map(ResultTable::name).toList());
    json.writeArrayFieldStart("plots");
    for (Plot plot : analysis.plots()) {
      PlotJson.write(plot, json);
    }
    json.writeEndArray();
    texts(json, "notes", analysis.notes());
    json.writeEndObject();
  }

  private static void rounds(StudyReport report, JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("rounds");
    for (RoundRecord round : report.rounds()) {
      json.writeStartObject();
      json.writeStringField("analysis", round.analysis());
      json.writeNumberField("step", round.step());
      json.writeNumberField("attempt", round.attempt());
      json.writeStringField("opened", round.opened().toString());
      json.writeNumberField("took_seconds", seconds(round.took()));
      json.writeNumberField("contributors", round.contributors());
      json.writeNumberField("words", round.words());
      texts(json, "dropouts", round.dropouts());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** Reads what {@link #write} wrote; the tables have no columns and no rows yet. */
  static Release read(JsonNode node) throws MalformedResult {
    if (!isRelease(node)) {
      throw new MalformedResult("'format' is not " + FORMAT);
    }
    List<FileEntry> files = new ArrayList<>();
    for (JsonNode file : node.path("files")) {
      files.add(new FileEntry(text(file, "path"), number(file, "bytes", -1), text(file, "sha256")));
    }
    List<SiteParticipation> sites = new ArrayList<>();
    for (JsonNode site : node.path("sites")) {
      sites.add(
          new SiteParticipation(
              text(site, "site"),
              text(site, "organisation"),
              text(site, "role"),
              Math.toIntExact(number(site, "vanished_after_upload", 0)),
              number(site, "bytes", -1)));
    }
    List<AnalysisReport> analyses = new ArrayList<>();
    for (JsonNode analysis : node.path("analyses")) {
      analyses.add(readAnalysis(analysis));
    }
    Map<String, String> versions = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> version : node.path("versions").properties()) {
      versions.put(version.getKey(), version.getValue().asText());
    }
    StudyReport study =
        new StudyReport(
            text(node, "study"),
            text(node, "study_digest"),
            text(node, "consortium_digest"),
            text(node, "analyst"),
            text(node, "shape"),
            instant(node, "started"),
            instant(node, "finished"),
            sites,
            analyses,
            readRounds(node.path("rounds")),
            texts(node, "rules"),
            texts(node, "transcript_hashes"),
            versions);
    return new Release(study, files);
  }

  static boolean isRelease(JsonNode node) {
    return node.path("format").asText("").equals(FORMAT);
  }

  private static AnalysisReport readAnalysis(JsonNode node) throws MalformedResult {
    Map<String, Cell> facts = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> fact : node.path("facts").properties()) {
      Optional<Cell> cell = CellJson.read(fact.getValue());
      facts.put(
          fact.getKey(),
          cell.orElseThrow(() -> new MalformedResult("fact '" + fact.getKey() + "': not a cell")));
    }
    List<ResultTable> tables = new ArrayList<>();
    for (String table : texts(node, "tables")) {
      tables.add(new ResultTable(table, "", List.of(), List.of()));
    }
    List<Plot> plots = new ArrayList<>();
    for (JsonNode plot : node.path("plots")) {
      plots.add(PlotJson.read(plot));
    }
    return new AnalysisReport(
        text(node, "name"),
        text(node, "type"),
        text(node, "outcome"),
        number(node, "persons", -1),
        Math.toIntExact(number(node, "rounds", 0)),
        facts,
        tables,
        plots,
        texts(node, "notes"));
  }

  private static List<RoundRecord> readRounds(JsonNode nodes) throws MalformedResult {
    List<RoundRecord> rounds = new ArrayList<>();
    for (JsonNode round : nodes) {
      rounds.add(
          new RoundRecord(
              text(round, "analysis"),
              Math.toIntExact(number(round, "step", 0)),
              Math.toIntExact(number(round, "attempt", 0)),
              instant(round, "opened"),
              duration(round.path("took_seconds")),
              Math.toIntExact(number(round, "contributors", 0)),
              number(round, "words", 0),
              texts(round, "dropouts")));
    }
    return rounds;
  }

  private static void orWithheld(long value, String reason, JsonGenerator json) throws IOException {
    Cell cell = value >= 0 ? Cell.of(value) : new Cell.NotComputed(reason);
    CellJson.write(cell, json);
  }

  private static void texts(JsonGenerator json, String name, List<String> texts)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }

  private static List<String> texts(JsonNode node, String name) throws MalformedResult {
    List<String> texts = new ArrayList<>();
    for (JsonNode text : node.path(name)) {
      if (!text.isTextual()) {
        throw new MalformedResult("'" + name + "' is not a list of texts");
      }
      texts.add(text.textValue());
    }
    return texts;
  }

  static String text(JsonNode node, String name) throws MalformedResult {
    JsonNode text = node.path(name);
    if (!text.isTextual()) {
      throw new MalformedResult("'" + name + "' is not a text");
    }
    return text.textValue();
  }

  /** A whole number, or {@code withheld} for a cell without a value. */
  private static long number(JsonNode node, String name, long withheld) throws MalformedResult {
    JsonNode number = node.path(name);
    if (number.isObject()) {
      return withheld;
    }
    // Bounded like the int fields, except bytes and words, which are longs.
    boolean small = !name.equals("bytes") && !name.equals("words") && !name.equals("persons");
    if (!number.isIntegralNumber()
        || !(small ? number.canConvertToInt() : number.canConvertToLong())) {
      throw new MalformedResult("'" + name + "' is not a whole number in range");
    }
    return number.longValue();
  }

  private static Instant instant(JsonNode node, String name) throws MalformedResult {
    try {
      return Instant.parse(text(node, name));
    } catch (DateTimeException e) {
      throw new MalformedResult("'" + name + "' is not an instant");
    }
  }

  private static BigDecimal seconds(Duration duration) {
    return BigDecimal.valueOf(duration.getSeconds())
        .add(BigDecimal.valueOf(duration.getNano(), 9))
        .stripTrailingZeros();
  }

  private static Duration duration(JsonNode node) throws MalformedResult {
    try {
      if (node.isNumber() && node.doubleValue() >= 0 && node.doubleValue() < MOST_SECONDS) {
        BigDecimal nanos = new BigDecimal(Digits.exact(node.doubleValue())).scaleByPowerOfTen(9);
        return Duration.ofNanos(nanos.longValueExact());
      }
    } catch (ArithmeticException e) {
      throw new MalformedResult("'took_seconds' is not a duration");
    }
    throw new MalformedResult("'took_seconds' is not a duration");
  }
}
