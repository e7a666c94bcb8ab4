package io.tributary.jobs.cli;

import io.tributary.jobs.console.Commands;
import io.tributary.jobs.console.CommonOptions;
import io.tributary.jobs.console.Console;
import io.tributary.report.ResultFolder;
import io.tributary.report.StudyReport;
import io.tributary.report.TextTables;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tributary report show}: a result folder in the terminal. */
@Command(
    name = "report",
    description = "Results of a study.",
    subcommands = {ReportCommand.Show.class})
final class ReportCommand {

  /** {@code report show}. */
  @Command(name = "show", description = "Print the tables of a result folder.")
  static final class Show implements Callable<Integer> {
    @Mixin private CommonOptions common;

    @Parameters(description = "Result folder.")
    private Path results;

    @Override
    public Integer call() {
      StudyReport report = ResultFolder.read(results);
      Console console = common.console();
      if (common.json()) {
        console.result(
            Commands.fields(
                "study", report.study(),
                "digest", report.studyDigest(),
                "analyses", report.analyses().size(),
                "report", results.resolve("report.html")));
      } else {
        console.result(TextTables.report(report));
      }
      return 0;
    }
  }
}
