package io.tributary.jobs.cli;

import io.tributary.connectors.genomics.GeneratedGenotypes;
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
    subcommands = {GenerateCommand.Omop.class, GenerateCommand.Genotypes.class})
final class GenerateCommand {
  private static final int MAX_SITES = 256;

  /** USAGE unless there is somebody at each of some sites, and nothing at a place yet. */
  private static void newFolder(Path out, int persons, int sites) {
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
  }

  /** {@code generate omop}. */
  @Command(name = "omop", description = "Health records as OMOP tables, a folder a site.")
  static final class Omop implements Callable<Integer> {
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
      newFolder(out, persons, sites);
      GeneratedRecords.write(out, persons, sites, seed);
      common
          .console()
          .result(Commands.fields("persons", persons, "sites", sites, "seed", seed, "out", out));
      return 0;
    }
  }

  /** {@code generate genotypes}. */
  @Command(
      name = "genotypes",
      description = "Genotypes with structure and linkage, traits, a list and a study of them.")
  static final class Genotypes implements Callable<Integer> {
    private static final int MOST_VARIANTS = 10_000_000;

    @Mixin private CommonOptions common;

    @Option(names = "--persons", required = true, description = "Persons in all.")
    private int persons;

    @Option(names = "--variants", required = true, description = "Variants of the list.")
    private int variants;

    @Option(names = "--sites", defaultValue = "4", description = "Sites (default 4).")
    private int sites;

    @Option(
        names = "--missing",
        defaultValue = "0.02",
        description = "Share of missing calls (default 0.02).")
    private double missing;

    @Option(names = "--seed", defaultValue = "1", description = "The same seed, the same data.")
    private long seed;

    @Option(names = "--out", required = true, description = "New folder.")
    private Path out;

    @Override
    public Integer call() {
      newFolder(out, persons, sites);
      if (persons < sites || variants < 1 || variants > MOST_VARIANTS) {
        throw Errors.invalid(
            ErrorCode.USAGE,
            "--persons, --variants",
            "there must be a person a site or more, and 1 to " + MOST_VARIANTS + " variants.",
            "Write --persons 2000 --variants 5000.");
      }
      if (!(missing >= 0 && missing < 1)) {
        throw Errors.invalid(
            ErrorCode.USAGE,
            "--missing",
            "it is " + missing + ".",
            "Write a share from 0 to below 1, e.g. 0.02.");
      }
      GeneratedGenotypes.write(out, persons, sites, variants, missing, seed);
      common
          .console()
          .result(
              Commands.fields(
                  "persons",
                  persons,
                  "variants",
                  variants,
                  "sites",
                  sites,
                  "seed",
                  seed,
                  "out",
                  out));
      return 0;
    }
  }
}
