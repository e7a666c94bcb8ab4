package io.tributary.jobs.cli;

import io.tributary.connectors.omop.GeneratedRecords;
import io.tributary.jobs.console.Commands;
import io.tributary.jobs.console.CommonOptions;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tributary generate ...}: invented data, to try things with. */
@Command(
    name = "generate",
    description = "Invented data to try things with; nobody is behind them.",
    subcommands = {GenerateCommand.Omop.class})
final class GenerateCommand {

  /** {@code generate omop}. */
  @Command(name = "omop", description = "Health records as OMOP tables, a folder a site.")
  static final class Omop implements Callable<Integer> {
    private static final int MAX_SITES = 256;

    @Mixin private CommonOptions common;

    @Option(names = "--persons", required = true, description = "Persons in all.")
    private int persons;

    @Option(names = "--sites", defaultValue = "4", description = "Sites (default 4).")
    private int sites;

    @Option(names = "--seed", defaultValue = "1", description = "The same seed, the same data.")
    private long seed;

    @Option(names = "--out", required = true, description = "New folder.")
    private Path out;

    @Override
    public Integer call() {
      if (persons < 1 || sites < 1 || sites > MAX_SITES) {
        throw Errors.invalid(
            ErrorCode.USAGE,
            "--persons, --sites",
            "there must be 1 person or more and 1 to " + MAX_SITES + " sites.",
            "Write --persons 1000 --sites 4.");
      }
      if (Files.exists(out)) {
        throw Errors.invalid(
            ErrorCode.USAGE,
            "--out",
            "there is something at " + out + " already.",
            "Name a new folder.");
      }
      GeneratedRecords.write(out, persons, sites, seed);
      common
          .console()
          .result(Commands.fields("persons", persons, "sites", sites, "seed", seed, "out", out));
      return 0;
    }
  }
}
