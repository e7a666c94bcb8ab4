package io.tributary.protocol.site;

import io.tributary.masking.RoundContext;
import io.tributary.masking.RoundTerms;
import io.tributary.protocol.Roster;
import java.time.Duration;
import java.time.Instant;

/**
 * Rounds may be opened (PROTOCOL.md 2.4, E3). No private key of the epoch exists any more.
 *
 * @param self own roster index
 * @param since activation; after {@link #LIFETIME} no round is opened, open steps may finish
 */
public record Active(long epoch, Roster roster, int self, Instant since) implements EpochState {
  /** PROTOCOL.md 2.4, E3. */
  public static final Duration LIFETIME = Duration.ofDays(7);

  /** What keys and hashes of one attempt are bound to. */
  public RoundContext context(RoundTerms terms) {
    return RoundContext.of(roster.terms(), terms);
  }

  /** The roster as the population book knows it. */
  BoundRoster bound(SiteEnvironment site) {
    return BoundRoster.of(site.declarations(), site.terms().studyDigest(), roster);
  }

  boolean expired(Instant now) {
    return now.isAfter(since.plus(LIFETIME));
  }
}
