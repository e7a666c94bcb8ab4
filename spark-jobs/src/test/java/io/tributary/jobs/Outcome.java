package io.tributary.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.jobs.cli.Main;
import io.tributary.study.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * What a command did.
 *
 * @param exit exit code
 * @param out standard output
 * @param err standard error
 */
public record Outcome(int exit, String out, String err) {

  /** Runs a command and keeps what it prints. */
  public static Outcome of(String... arguments) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    ByteArrayOutputStream complained = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
      int exit = Main.run(arguments);
      return new Outcome(
          exit,
          printed.toString(StandardCharsets.UTF_8),
          complained.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  /** It ended well. */
  public Outcome done() {
    assertThat(exit).as(err).isZero();
    return this;
  }

  /**
   * It was refused as DESIGN says: the code's exit code, one error with code, problem and remedy,
   * all of these words, and nothing of the program's inside.
   */
  public Outcome refused(ErrorCode code, String... words) {
    assertThat(err).contains("error " + code + ": ").containsPattern("(?m)^ {2}remedy: \\S");
    assertThat(err).contains(words);
    assertThat(exit).as(err).isEqualTo(code.exitCode());
    return this;
  }

  /** Nobody is shown where in the program it went wrong. */
  public Outcome withoutStackTrace() {
    assertThat(err + out).doesNotContain("\tat ", "Exception", "java.lang");
    return this;
  }
}
