package io.tributary.report;

/**
 * One cell of a result table. Suppressed, not computed, failed, missing and zero are different
 * values (DESIGN.md 8), in every output format.
 */
public sealed interface Cell {
  record Text(String value) implements Cell {}

  record Whole(long value) implements Cell {}

  /** A finite real number. */
  record Real(double value) implements Cell {
    public Real {
      if (Double.isNaN(value) || Double.isInfinite(value)) {
        throw new IllegalArgumentException("a real cell is finite; use Failed or NotComputed");
      }
    }
  }

  record Flag(boolean value) implements Cell {}

  /** Withheld by a release rule, e.g. {@code count < 5}. */
  record Suppressed(String rule) implements Cell {}

  /** Not defined or not asked for, e.g. a standard error with no degrees of freedom. */
  record NotComputed(String reason) implements Cell {}

  /** The computation ended in a named outcome, e.g. {@code SEPARATION}. */
  record Failed(String outcome) implements Cell {}

  /** Whether a cell holds a value, and if not, why; the word is what the files say. */
  enum Status {
    OK("ok"),
    SUPPRESSED("suppressed"),
    NOT_COMPUTED("not_computed"),
    FAILED("failed");

    private final String word;

    Status(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }

  default Status status() {
    if (this instanceof Suppressed) {
      return Status.SUPPRESSED;
    }
    if (this instanceof NotComputed) {
      return Status.NOT_COMPUTED;
    }
    return this instanceof Failed ? Status.FAILED : Status.OK;
  }

  /** The rule, reason or outcome behind a cell without a value; "" for one with a value. */
  default String reason() {
    if (this instanceof Suppressed suppressed) {
      return suppressed.rule();
    }
    if (this instanceof NotComputed notComputed) {
      return notComputed.reason();
    }
    return this instanceof Failed failed ? failed.outcome() : "";
  }

  static Cell of(String value) {
    return new Text(value);
  }

  static Cell of(long value) {
    return new Whole(value);
  }

  /** A real number; one that is not finite is a named failure, never a silent NaN. */
  static Cell of(double value) {
    return Double.isNaN(value) || Double.isInfinite(value)
        ? new Failed("NOT_FINITE")
        : new Real(value);
  }
}
