package io.tributary.jobs.cli;

import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import picocli.CommandLine.Option;

/** Options every command has. */
public final class CommonOptions {
  /** Set by the launcher if standard error is a terminal; Java 17 cannot ask for that alone. */
  static final String TERMINAL = "TRIBUTARY_TERMINAL";

  @Option(names = "--json", description = "Results and progress as JSON lines.")
  boolean json;

  @Option(names = "--stacktrace", description = "Show where in the code an error arose.")
  boolean stackTrace;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  /** The console these options ask for. */
  Console console() {
    Console.Form form =
        json
            ? Console.Form.JSON_LINES
            : System.getenv(TERMINAL) != null ? Console.Form.TERMINAL : Console.Form.PLAIN;
    return new Console(writer(System.out), writer(System.err), Clock.systemUTC(), form);
  }

  private static PrintWriter writer(java.io.PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), false);
  }
}
