package io.tributary.jobs;

import io.tributary.study.Errors;
import io.tributary.study.TributaryException;

/** What a failed Spark job means to whoever waits for it. */
public final class JobFailure {
  private JobFailure() {}

  /**
   * The refusal that a task threw, which comes back from an executor inside Spark's own exception;
   * any other failure as it is, INTERNAL if it is a checked one.
   */
  public static RuntimeException refusalIn(Exception e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof TributaryException refusal) {
        return refusal;
      }
    }
    return e instanceof RuntimeException unchecked
        ? unchecked
        : Errors.internal("A Spark job failed.", e);
  }
}
