package io.tributary.protocol;

/** One line of a role's write-ahead journal: what happened, enough to rebuild the state. */
public interface JournalRecord {
  /** Canonical bytes (PROTOCOL.md 2.2). */
  byte[] encode();
}
