package io.tributary.jobs.cli;

import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.TributaryException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/**
 * The command line, {@code tributary <noun> <verb>}. Exit codes: 0 done, 1 internal, 2 usage, 3
 * refused by policy, 4 threshold lost, 5 suppressed.
 */
@Command(
    name = "tributary",
    description = "Federated analytics: sums leave the hospital, rows do not.",
    mixinStandardHelpOptions = true,
    subcommands = {
      KeysCommand.class,
      RosterCommand.class,
      StudyCommand.class,
      SiteCommand.class,
      CoordinatorCommand.class,
      LocalCommand.class,
      JournalCommand.class,
      ReportCommand.class,
      VersionCommand.class
    },
    synopsisSubcommandLabel = "<noun> <verb>")
public final class Main {
  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  /** Runs one command. */
  public static int run(String... args) {
    CommandLine line = new CommandLine(new Main());
    line.setExecutionExceptionHandler(
        (error, command, parsed) -> {
          boolean stackTrace = asked(args, "--stacktrace");
          TributaryException shown =
              error instanceof TributaryException known
                  ? known
                  : Errors.internal("Unexpected " + error.getClass().getSimpleName() + ".", error);
          console(args).error(shown, stackTrace);
          return shown.code().exitCode();
        });
    line.setParameterExceptionHandler(
        (error, parsed) -> {
          console(parsed).error(usage(error), false);
          return ErrorCode.USAGE.exitCode();
        });
    return line.execute(args);
  }

  private static TributaryException usage(ParameterException error) {
    String name = error.getCommandLine().getCommandSpec().qualifiedName();
    return Errors.invalid(
        ErrorCode.USAGE, name, error.getMessage() + ".", "See '" + name + " --help'.");
  }

  private static Console console(String[] args) {
    CommonOptions options = new CommonOptions();
    options.json = asked(args, "--json");
    return options.console();
  }

  private static boolean asked(String[] args, String option) {
    return java.util.Arrays.asList(args).contains(option);
  }
}
