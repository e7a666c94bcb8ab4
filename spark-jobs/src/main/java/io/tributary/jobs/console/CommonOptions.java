package io.tributary.jobs.console;

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
  private boolean json;

  @Option(names = "--stacktrace", description = "Show where in the code an error arose.")
  private boolean stackTrace;

  @SuppressWarnings("UnusedVariable") // picocli acts on it.
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  /** Whether an error's place in the code is wanted. */
  public boolean stackTrace() {
    return stackTrace;
  }

  /** Whether results are wanted as JSON. */
  public boolean json() {
    return json;
  }

  /** The console these options ask for. */
  public Console console() {
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
