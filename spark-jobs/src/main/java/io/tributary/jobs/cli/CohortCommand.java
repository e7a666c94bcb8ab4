package io.tributary.jobs.cli;

import io.tributary.cohort.DefinitionReader;
import io.tributary.cohort.DefinitionReader.Reading;
import io.tributary.cohort.DefinitionWords;
import io.tributary.jobs.console.Commands;
import io.tributary.jobs.console.CommonOptions;
import io.tributary.jobs.console.Console;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tributary cohort ...}: definitions of cohorts. */
@Command(
    name = "cohort",
    description = "Definitions of cohorts of health records.",
    subcommands = {
      CohortCommand.Check.class,
      CohortCommand.Explain.class,
      CohortCommand.Embed.class,
      CohortCount.class
    })
final class CohortCommand {
  static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException unreadable) {
      throw Errors.invalid(
          ErrorCode.STUDY_INVALID, file.toString(), "cannot be read.", "Look at the path.");
    }
  }

  /** {@code cohort check}. */
  @Command(
      name = "check",
      description =
          "List what a definition (ATLAS JSON, short form or SQL) asks that is not supported.")
  static final class Check implements Callable<Integer> {
    @Mixin private CommonOptions common;

    @Parameters(description = "The definition.")
    private Path file;

    @Override
    public Integer call() {
      Reading reading = DefinitionReader.check(bytes(file), file.toString());
      Console console = common.console();
      List<String> findings = reading.findings();
      if (common.json()) {
        console.result(Commands.fields("supported", findings.isEmpty(), "findings", findings));
      } else {
        findings.forEach(console::result);
        console.result(
            findings.isEmpty() ? "all of it is supported" : findings.size() + " not supported");
      }
      return findings.isEmpty() ? 0 : ErrorCode.STUDY_INVALID.exitCode();
    }
  }

  /** {@code cohort explain}. */
  @Command(name = "explain", description = "Say in words who is in the cohort.")
  static final class Explain implements Callable<Integer> {
    @Mixin private CommonOptions common;

    @Parameters(description = "The definition.")
    private Path file;

    @Override
    public Integer call() {
      List<String> words = DefinitionWords.of(DefinitionReader.read(bytes(file), file.toString()));
      Console console = common.console();
      if (common.json()) {
        console.result(Commands.fields("words", words));
      } else {
        words.forEach(console::result);
      }
      return 0;
    }
  }

  /** {@code cohort embed}. */
  @Command(
      name = "embed",
      description = "Print the cohort part of a study with a definition in it, so it is signed.")
  static final class Embed implements Callable<Integer> {
    @Mixin private CommonOptions common;

    @Parameters(description = "The definition.")
    private Path file;

    @Override
    public Integer call() {
      byte[] bytes = bytes(file);
      DefinitionReader.read(bytes, file.toString());
      Console console = common.console();
      console.result("cohort:");
      console.result("  from: omop");
      embedded(bytes).forEach(console::result);
      return 0;
    }
  }

  /** A definition inside the cohort of a study, line by line. */
  static List<String> embedded(byte[] definition) {
    List<String> lines = new ArrayList<>(List.of("  definition: |2"));
    new String(definition, StandardCharsets.UTF_8)
        .lines()
        // YAML takes no tabs where it counts blanks, and JSON does not mind.
        .forEach(line -> lines.add("    " + line.replace("\t", "  ")));
    return lines;
  }
}
