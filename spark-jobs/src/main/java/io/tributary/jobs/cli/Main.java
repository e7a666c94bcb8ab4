package io.tributary.jobs.cli;

import io.tributary.jobs.console.Commands;
import io.tributary.jobs.coordinator.CoordinatorCommand;
import io.tributary.jobs.site.SiteCommand;
import picocli.CommandLine.Command;

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
      PolicyCommand.class,
      ApproveCommand.class,
      PopulationCommand.class,
      LocalCommand.class,
      CohortCommand.class,
      GenotypesCommand.class,
      QueryCommand.class,
      GenerateCommand.class,
      JournalCommand.class,
      EvidenceCommand.class,
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
    return Commands.run(new Main(), args);
  }
}
