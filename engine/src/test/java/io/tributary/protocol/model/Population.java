package io.tributary.protocol.model;

/**
 * The rules of PROTOCOL.md 2.8 at one site: which rosters and sets of sites it lends its vector to.
 * Sets of sites are bit masks, attempts are indices into the {@link Situation}.
 */
public interface Population {
  /** Starts the rules of one site that has uploaded nothing. */
  @FunctionalInterface
  interface Maker {
    Population of(Situation situation, int site);
  }

  /** Whether the site acknowledges the attempt's roster (E2). */
  boolean mayAcknowledge(int attempt);

  void acknowledged(int attempt);

  /** Whether an acknowledgement alone changes what is allowed later. */
  boolean acknowledgementsBind();

  /** Whether it uploads under it (R1). */
  boolean mayUpload(int attempt);

  void uploaded(int attempt);

  /** Whether it signs, or answers for, this set (R2, R3). */
  boolean mayOpen(int attempt, int members);

  void answered(int attempt, int members);

  Population copy();

  /** Equal for states that decide alike. */
  Object state();
}
