package io.tributary.report;

/** A result file breaks its form; {@link ResultFolder} turns it into a user-facing error. */
final class MalformedResult extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedResult(String problem) {
    super(problem);
  }
}
