package io.tributary.jobs.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.study.ErrorCode;

/**
 * What a command did.
 *
 * @param exit exit code
 * @param out standard output
 * @param err standard error
 */
record Outcome(int exit, String out, String err) {

  /** It ended well. */
  Outcome done() {
    assertThat(exit).as(err).isZero();
    return this;
  }

  /**
   * It was refused as DESIGN says: the code's exit code, one error with code, problem and remedy,
   * all of these words, and nothing of the program's inside.
   */
  Outcome refused(ErrorCode code, String... words) {
    assertThat(err).contains("error " + code + ": ").containsPattern("(?m)^ {2}remedy: \\S");
    assertThat(err).contains(words);
    assertThat(exit).as(err).isEqualTo(code.exitCode());
    return this;
  }

  /** Nobody is shown where in the program it went wrong. */
  Outcome withoutStackTrace() {
    assertThat(err + out).doesNotContain("\tat ", "Exception", "java.lang");
    return this;
  }
}
