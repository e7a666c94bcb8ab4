package io.tributary.jobs.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.jobs.analysis.Catalog;
import io.tributary.jobs.analysis.StudyAnalysis;
import io.tributary.jobs.console.CommonOptions;
import io.tributary.jobs.console.Console;
import io.tributary.jobs.query.QueryAnswer;
import io.tributary.jobs.query.QueryStudy;
import io.tributary.jobs.report.ParquetTables;
import io.tributary.jobs.study.StudyFile;
import io.tributary.report.AnalysisReport;
import io.tributary.report.ResultTable;
import io.tributary.report.TableCsv;
import io.tributary.report.TextTables;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteId;
import io.tributary.study.Study;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
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

/** {@code tributary query}: a SELECT over the cohort of a study, at all sites together. */
@Command(
    name = "query",
    description = "Answer a SELECT over a study's cohort: makes, signs and submits a study, waits.")
final class QueryCommand implements Callable<Integer> {
  private static final List<String> ENDINGS = List.of(".csv", ".json", ".parquet");

  @Mixin private CommonOptions common;
  @Mixin private Question question;

  @Option(names = "--study", required = true, description = "The study whose cohort is asked.")
  private Path study;

  @Option(names = "--to", description = "Write the answer to a new .csv, .json or .parquet file.")
  private Path to;

  @Option(names = "--explain", description = "Say what sites do and what is revealed, and stop.")
  private boolean explain;

  @Parameters(description = "The SELECT.")
  private String sql;

  @Override
  public Integer call() throws IOException {
    if (to != null) {
      requireNew();
    }
    QueryStudy asked =
        QueryStudy.of(
            sql,
            StudyFile.read(study),
            changes(),
            Clock.systemUTC().instant().truncatedTo(ChronoUnit.SECONDS));
    Console console = common.console();
    if (explain) {
      explain(asked.file(), console);
      return 0;
    }
    Question.Answer answer = question.ask(asked.file(), console);
    ResultTable table = QueryAnswer.of(asked, answer.report().analyses());
    if (to != null) {
      write(table);
    }
    show(console, table, answer);
    return answer.exitCode();
  }

  private Map<String, Object> changes() {
    Map<String, Object> changes = new LinkedHashMap<>();
    List<SiteId> sites = question.named();
    if (!sites.isEmpty()) {
      changes.put("sites", sites.stream().map(SiteId::value).toList());
    }
    if (!question.purpose().isBlank()) {
      changes.put("purpose", question.purpose());
    }
    return changes;
  }

  private static void explain(StudyFile file, Console console) {
    new String(file.raw(), StandardCharsets.UTF_8).lines().forEach(console::result);
    Study study = file.study();
    for (int job = 0; job < study.analyses().size(); job++) {
      StudyAnalysis<?, ?> analysis = Catalog.create(study, job);
      for (String sentence : analysis.reveals()) {
        console.result(study.analyses().get(job).name() + ": " + sentence);
      }
      console.result(
          study.analyses().get(job).name()
              + ": the first sum has "
              + analysis.program().layout(analysis.program().start()).words()
              + " words of 64 bits a site.");
    }
    console.result("HAVING, ORDER BY and LIMIT act on what is released.");
  }

  private void show(Console console, ResultTable table, Question.Answer answer) {
    if (common.json()) {
      console.result(
          Map.of("digest", answer.report().studyDigest(), "rows", CohortCount.rows(table)));
      return;
    }
    List<String> sites = answer.report().sitesOf("CONTRIBUTED");
    console.result("at " + sites.size() + " sites together: " + String.join(", ", sites));
    TextTables.answer(table).lines().forEach(console::result);
    TreeSet<String> notes = new TreeSet<>();
    for (AnalysisReport analysis : answer.report().analyses()) {
      notes.addAll(analysis.notes());
    }
    notes.forEach(note -> console.result("note: " + note));
  }

  // ---- files -----------------------------------------------------------------------------------

  private void requireNew() {
    String name = to.getFileName().toString().toLowerCase(Locale.ROOT);
    if (ENDINGS.stream().noneMatch(name::endsWith)) {
      throw Errors.invalid(
          ErrorCode.USAGE,
          "--to",
          "'" + to + "' has another ending.",
          "Use one of " + String.join(", ", ENDINGS) + ".");
    }
    if (Files.exists(to)) {
      throw Errors.invalid(
          ErrorCode.USAGE, "--to", "'" + to + "' is there already.", "Name a new file.");
    }
  }

  private void write(ResultTable table) throws IOException {
    String name = to.getFileName().toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".parquet")) {
      new ParquetTables().write(table, to);
      return;
    }
    try (Writer out =
        Files.newBufferedWriter(to, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW)) {
      if (name.endsWith(".csv")) {
        TableCsv.write(table, out);
      } else {
        out.write(new ObjectMapper().writeValueAsString(CohortCount.rows(table)));
        out.write("\n");
      }
    }
  }
}
