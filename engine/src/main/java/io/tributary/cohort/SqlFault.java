package io.tributary.cohort;

/** What is wrong in a definition in SQL, and where. It never leaves this package. */
final class SqlFault extends RuntimeException {
  private static final long serialVersionUID = 1;

  SqlFault(int line, String what) {
    super("line " + line + ": " + what);
  }
}
