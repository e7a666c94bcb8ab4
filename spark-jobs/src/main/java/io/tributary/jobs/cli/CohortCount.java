package io.tributary.jobs.cli;

import io.tributary.cohort.CohortDefinition;
import io.tributary.cohort.CohortDefinition.Limit;
import io.tributary.cohort.DefinitionReader;
import io.tributary.jobs.console.Commands;
import io.tributary.jobs.console.CommonOptions;
import io.tributary.jobs.console.Console;
import io.tributary.jobs.study.StudyFile;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.ResultTable;
import io.tributary.report.StudyReport;
import io.tributary.report.TextTables;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteId;
import io.tributary.study.Study;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code cohort count}: how many persons are in a cohort at all sites together, from a definition
 * to the numbers in one command.
 */
@Command(
    name = "count",
    description = "Count a cohort over all sites: makes, signs and submits a study, and waits.")
final class CohortCount implements Callable<Integer> {
  private static final String ATTRITION = "attrition";
  private static final String SEX = "by-sex";
  private static final String AGE = "by-age";

  /** Ten years a bin; the oldest person whose age was proven was 122. */
  private static final String DECADES = "[0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 130]";

  @Mixin private CommonOptions common;
  @Mixin private Question question;

  @Option(names = "--from", defaultValue = "omop", description = "The dataset (default omop).")
  private String from;

  @Option(names = "--by", split = ",", description = "sex, age, or both: sex,age.")
  private List<String> by = List.of();

  @Option(
      names = "--rows-per-person",
      description = "Most spells of one person, where a definition gives several; with --by.")
  private Integer rowsPerPerson;

  @Option(names = "--print", description = "Print the study and stop.")
  private boolean print;

  @Parameters(description = "The definition.")
  private Path file;

  @Override
  public Integer call() throws IOException {
    byte[] bytes = CohortCommand.bytes(file);
    CohortDefinition definition = DefinitionReader.read(bytes, file.toString());
    Instant now = Clock.systemUTC().instant().truncatedTo(ChronoUnit.SECONDS);
    String text = study(definition, bytes, question.asked(), now);
    Console console = common.console();
    if (print) {
      text.lines().forEach(console::result);
      return 0;
    }
    StudyFile study = StudyFile.of(text.getBytes(StandardCharsets.UTF_8), file.toString());
    Question.Answer answer = question.ask(study, console);
    show(console, answer.report());
    return answer.exitCode();
  }

  // ---- the study -------------------------------------------------------------------------------

  private String study(CohortDefinition definition, byte[] bytes, List<SiteId> sites, Instant now) {
    TreeSet<String> wanted = new TreeSet<>(by);
    if (!List.of("age", "sex").containsAll(wanted) || wanted.size() < by.size()) {
      throw Errors.invalid(
          ErrorCode.USAGE, "--by", "takes sex, age, or both.", "Write --by sex,age.");
    }
    List<String> lines = new ArrayList<>();
    // The same question tomorrow is another study.
    lines.add("# Asked at " + now);
    lines.add("study: " + name(definition));
    lines.add("sites: " + sites);
    if (!question.purpose().isBlank()) {
      lines.add("purpose: " + quoted(question.purpose()));
    }
    lines.add("cohort:");
    lines.add("  from: " + quoted(from));
    lines.add("  rowsPerPerson: " + rowsPerPerson(definition));
    lines.addAll(CohortCommand.embedded(bytes));
    if (wanted.contains("sex")) {
      // Whose sex is neither of the two counts as not recorded, not as a cell of a few persons.
      lines.add("  derive:");
      lines.add(
          "    recorded_sex: \"case when sex = 'male' then 'male' when sex = 'female' then 'female'"
              + " end\"");
    }
    lines.add("columns:");
    lines.add("  sex: {levels: [male, female, other]}");
    lines.add("  recorded_sex: {levels: [male, female]}");
    lines.add("  age: {type: number, unit: year}");
    lines.add("analyses:");
    lines.add("  - {name: " + ATTRITION + ", type: attrition}");
    if (wanted.contains("sex")) {
      lines.add("  - {name: " + SEX + ", type: crosstab, columns: [recorded_sex]}");
    }
    if (wanted.contains("age")) {
      lines.add(
          "  - {name: "
              + AGE
              + ", type: histogram, column: age, breaks: "
              + DECADES
              + ", join: true"
              + (wanted.contains("sex") ? ", by: recorded_sex}" : "}"));
    }
    return String.join("\n", lines) + "\n";
  }

  /** Where only persons are counted, how many spells one has does not matter. */
  private int rowsPerPerson(CohortDefinition definition) {
    if (rowsPerPerson != null) {
      return rowsPerPerson;
    }
    return by.isEmpty() && definition.limit() == Limit.ALL ? Study.Cohort.MAX_ROWS_PER_PERSON : 1;
  }

  private static String name(CohortDefinition definition) {
    String words = definition.name().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").strip();
    String plain = ("count-" + words).replaceAll("-+", "-");
    return plain.substring(0, Math.min(60, plain.length())).replaceAll("-$", "");
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\s+", " ") + "\"";
  }

  // ---- the answer ------------------------------------------------------------------------------

  private void show(Console console, StudyReport report) {
    if (common.json()) {
      Map<String, Object> answer = new LinkedHashMap<>();
      answer.put("study", report.study());
      answer.put("digest", report.studyDigest());
      answer.put("sites", report.sitesOf("CONTRIBUTED"));
      for (AnalysisReport analysis : report.analyses()) {
        answer.put(analysis.name(), rows(table(analysis)));
      }
      console.result(answer);
      return;
    }
    List<String> sites = report.sitesOf("CONTRIBUTED");
    console.result("at " + sites.size() + " sites together: " + String.join(", ", sites));
    for (AnalysisReport analysis : report.analyses()) {
      console.result("");
      TextTables.answer(table(analysis)).lines().forEach(console::result);
    }
  }

  /** The columns that people ask for. */
  private static ResultTable table(AnalysisReport analysis) {
    ResultTable table = analysis.tables().get(0);
    List<String> left =
        switch (analysis.name()) {
          case ATTRITION -> List.of("reason_id", "percent_of_first");
          case SEX -> List.of("percent");
          default -> List.of("proportion");
        };
    List<Integer> kept = new ArrayList<>();
    for (int at = 0; at < table.columns().size(); at++) {
      if (!left.contains(table.columns().get(at).name())) {
        kept.add(at);
      }
    }
    return new ResultTable(
        table.name(),
        table.title(),
        kept.stream().map(table.columns()::get).toList(),
        table.rows().stream().map(row -> kept.stream().map(row::get).toList()).toList());
  }

  /** As fields; a cell without a value says why. */
  static List<Map<String, Object>> rows(ResultTable table) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (List<Cell> row : table.rows()) {
      Map<String, Object> fields = new LinkedHashMap<>();
      for (int at = 0; at < row.size(); at++) {
        String name = table.columns().get(at).name();
        Cell cell = row.get(at);
        if (cell instanceof Cell.Whole whole) {
          fields.put(name, whole.value());
        } else if (cell instanceof Cell.Real real) {
          fields.put(name, real.value());
        } else if (cell instanceof Cell.Text text) {
          fields.put(name, text.value());
        } else {
          fields.put(
              name, Commands.fields("status", cell.status().word(), "reason", cell.reason()));
        }
      }
      rows.add(fields);
    }
    return rows;
  }
}
