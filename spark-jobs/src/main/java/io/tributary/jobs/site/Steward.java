package io.tributary.jobs.site;

import io.tributary.codec.Digest;
import io.tributary.identity.KeyFile;
import io.tributary.identity.SigningIdentity;
import io.tributary.identity.VerifyingKey;
import io.tributary.jobs.keys.PasswordFile;
import io.tributary.jobs.site.Approvals.Asked;
import io.tributary.journal.EvidenceEntry;
import io.tributary.journal.EvidenceEvent;
import io.tributary.journal.EvidenceJournal;
import io.tributary.ledger.StewardDecision;
import io.tributary.ledger.StewardDecision.Verdict;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A site's steward at work, beside the running site: the one way to decide, for the commands and
 * for the console. The site's key is read for each decision and forgotten after it.
 */
public final class Steward {
  /** Longest grant. */
  public static final int LONGEST_GRANT_DAYS = 3650;

  private final SiteConfig site;
  private final Clock clock;

  /** The steward of a site. */
  public Steward(SiteConfig site, Clock clock) {
    this.site = site;
    this.clock = clock;
  }

  private SigningIdentity identity() {
    return KeyFile.read(site.identity().key(), PasswordFile.read(site.identity().passwordFile()));
  }

  /** The site's public identity key. */
  public VerifyingKey key() {
    SigningIdentity identity = identity();
    try {
      return identity.verifyingKey();
    } finally {
      identity.destroy();
    }
  }

  private Approvals approvals() {
    return new Approvals(site.state(), key());
  }

  /** All studies that the steward is or was asked about. */
  public List<Asked> all() {
    return approvals().all();
  }

  /** Whether, by the site's journal, a study has ended here. */
  public boolean isOver(Asked asked) {
    return over().contains(asked.study().digest());
  }

  /** The studies that, by the site's journal, have ended here. */
  public Set<Digest> over() {
    Set<Digest> over = new HashSet<>();
    if (Files.exists(site.state().resolve(EvidenceJournal.FILE))) {
      EvidenceJournal.read(
          site.state(),
          (head, entry) ->
              entry
                  .filter(each -> each.event() == EvidenceEvent.ENDED)
                  .flatMap(EvidenceEntry::study)
                  .ifPresent(over::add));
    }
    return over;
  }

  /** The study that a person means; see {@link Approvals#find}. */
  public Asked find(String reference) {
    return approvals().find(reference);
  }

  /**
   * Grants a study for a time.
   *
   * @param days 1 to {@link #LONGEST_GRANT_DAYS}; USAGE otherwise
   * @param by who decides, as the person calls themself
   */
  public StewardDecision grant(String reference, int days, String by, String why) {
    if (days < 1 || days > LONGEST_GRANT_DAYS) {
      throw Errors.invalid(
          ErrorCode.USAGE,
          "--days " + days,
          "is no time that a grant can have.",
          "Write 1 to " + LONGEST_GRANT_DAYS + " days.");
    }
    return decide(reference, Verdict.GRANTED, Duration.ofDays(days), by, why);
  }

  /** Denies a study; one that runs stops before its next sum. */
  public StewardDecision deny(String reference, String by, String why) {
    return decide(reference, Verdict.DENIED, Duration.ZERO, by, why);
  }

  private StewardDecision decide(
      String reference, Verdict verdict, Duration term, String by, String why) {
    requireShort("--by", by);
    requireShort("--reason", why);
    SigningIdentity identity = identity();
    try {
      Approvals approvals = new Approvals(site.state(), identity.verifyingKey());
      Asked asked = approvals.find(reference);
      Instant now = clock.instant();
      StewardDecision decision =
          new StewardDecision(
              site.site(), asked.study().digest(), verdict, now, now.plus(term), by, why);
      approvals.decide(decision, identity);
      return decision;
    } finally {
      identity.destroy();
    }
  }

  private static void requireShort(String option, String text) {
    if (text.getBytes(StandardCharsets.UTF_8).length > StewardDecision.MAX_TEXT_BYTES) {
      throw Errors.invalid(
          ErrorCode.USAGE,
          option,
          "has more than " + StewardDecision.MAX_TEXT_BYTES + " bytes.",
          "Say it in fewer words.");
    }
  }

  /** A decision in one sentence. */
  public static String words(StewardDecision decision) {
    String reason = decision.reason().isEmpty() ? "" : ": " + decision.reason();
    return decision.verdict() == Verdict.GRANTED
        ? "granted until " + decision.until() + " by " + decision.steward() + reason
        : "denied at " + decision.at() + " by " + decision.steward() + reason;
  }
}
