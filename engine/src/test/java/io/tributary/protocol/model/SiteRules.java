package io.tributary.protocol.model;

/**
 * One honest site's decisions. The coordinator may say anything in any order; each method takes one
 * message and tells whether the site does what it is asked.
 *
 * <p>Attempts and sets are indices into the {@link Situation}.
 */
interface SiteRules {
  /** A site that has seen nothing. */
  interface Maker {
    SiteRules site(Situation situation, int site);
  }

  /** R0: accepts RoundOpen. */
  boolean open(int attempt);

  /** R1: sends frames and Upload. */
  boolean upload(int attempt);

  /** R2: signs the survivor set. */
  boolean sign(int attempt, int set);

  /** R3: answers the certificate, whose signatures are in order. */
  boolean answer(int attempt, int set);

  /** Whether a message that is refused may still change the site. */
  boolean refusalsLeaveTraces();

  /** An independent copy. */
  SiteRules copy();

  /** Equal for states that decide alike. */
  Object state();
}
