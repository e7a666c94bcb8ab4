package io.tributary.jobs.console;

import io.tributary.jobs.Stopping;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.TributaryException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * Runs a command and turns what it throws into an error with code, cause and remedy, and into the
 * exit code: 0 done, 1 internal, 2 usage, 3 refused by policy, 4 threshold lost, 5 suppressed.
 */
public final class Commands {
  private Commands() {}

  /**
   * Runs one command.
   *
   * @param command an object that picocli knows
   * @return exit code
   */
  public static int run(Object command, String... args) {
    List<String> words = Arrays.asList(args);
    CommandLine line = new CommandLine(command).setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler(
        (error, where, parsed) -> {
          TributaryException shown = shown(error);
          CommonOptions options = options(words);
          options.console().error(shown, options.stackTrace());
          return shown.code().exitCode();
        });
    line.setParameterExceptionHandler(
        (error, parsed) -> {
          options(words).console().error(usage(error), false);
          return ErrorCode.USAGE.exitCode();
        });
    return line.execute(args);
  }

  private static TributaryException shown(Exception error) {
    if (Stopping.begun()) {
      return Errors.protocol(
          ErrorCode.INTERRUPTED,
          "The command was told to end, and has.",
          "Somebody pressed Ctrl-C, or the process got SIGTERM.",
          "Start it again.");
    }
    return error instanceof TributaryException known
        ? known
        : Errors.internal("Unexpected " + error.getClass().getSimpleName() + ".", error);
  }

  /** An ordered map of alternating names and values, for events and results. */
  public static Map<String, Object> fields(Object... pairs) {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      Object value = pairs[i + 1];
      fields.put(
          (String) pairs[i],
          value instanceof Number || value instanceof Boolean || value instanceof List
              ? value
              : String.valueOf(value));
    }
    return fields;
  }

  private static TributaryException usage(ParameterException error) {
    String name = error.getCommandLine().getCommandSpec().qualifiedName();
    return Errors.invalid(
        ErrorCode.USAGE, name, error.getMessage() + ".", "See '" + name + " --help'.");
  }

  /** The options that decide how an error is shown, whatever else was wrong on the line. */
  private static CommonOptions options(List<String> args) {
    CommonOptions options = new CommonOptions();
    List<String> known = List.of("--json", "--stacktrace");
    new CommandLine(options)
        .parseArgs(args.stream().filter(known::contains).toArray(String[]::new));
    return options;
  }
}
