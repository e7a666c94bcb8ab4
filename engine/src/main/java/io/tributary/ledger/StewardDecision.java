package io.tributary.ledger;

import io.tributary.codec.Canonical;
import io.tributary.codec.Digest;
import io.tributary.identity.SigningIdentity;
import io.tributary.identity.VerifyingKey;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteId;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a site's steward decided on one study, signed with the site's identity key.
 *
 * <pre>
 *   enc(steward-decision/v1, site, study [32], verdict, at u64, until u64, steward, reason,
 *       signature [64] over H(steward-decision-signed/v1, all before it))
 * </pre>
 *
 * @param at when it was taken, to the second
 * @param until a grant holds up to this second; of a denial the second it was taken
 * @param steward who decided, as the person calls themself
 * @param reason in the steward's words; may be empty for a grant
 */
public record StewardDecision(
    SiteId site,
    Digest study,
    Verdict verdict,
    Instant at,
    Instant until,
    String steward,
    String reason) {
  private static final String LABEL = "steward-decision/v1";
  private static final String SIGNED = "steward-decision-signed/v1";

  /** UTF-8 bytes of a steward's name, and of a reason, at most. */
  public static final int MAX_TEXT_BYTES = 4000;

  private static final long MAX_EPOCH_SECOND = Instant.MAX.getEpochSecond();

  /** What was decided. */
  public enum Verdict {
    GRANTED,
    DENIED
  }

  public StewardDecision {
    at = Instant.ofEpochSecond(at.getEpochSecond());
    until = Instant.ofEpochSecond(until.getEpochSecond());
    if (at.getEpochSecond() < 0 || until.isBefore(at)) {
      throw new IllegalArgumentException("at=" + at + " until=" + until);
    }
    if (Canonical.utf8(steward).length > MAX_TEXT_BYTES
        || Canonical.utf8(reason).length > MAX_TEXT_BYTES) {
      throw new IllegalArgumentException("a text is too long");
    }
  }

  /** Whether the study may go on at this moment. */
  public boolean grants(Instant now) {
    return verdict == Verdict.GRANTED && !now.isAfter(until);
  }

  /** The object with its signature. */
  public byte[] sign(SigningIdentity identity) {
    byte[][] fields = fields();
    byte[][] all = Arrays.copyOf(fields, fields.length + 1);
    all[fields.length] = identity.sign(Canonical.hash(SIGNED, fields));
    return Canonical.enc(LABEL, all);
  }

  /** Reads an object; BAD_SIGNATURE if the site's key did not sign it. */
  public static StewardDecision read(byte[] object, VerifyingKey key) {
    Canonical.Reader in = Canonical.read(object, LABEL, 8);
    SiteId site = new SiteId(in.text(64));
    Digest study = in.digest();
    String word = in.text(16);
    long at = in.u64();
    long until = in.u64();
    String steward = in.text(MAX_TEXT_BYTES);
    String reason = in.text(MAX_TEXT_BYTES);
    byte[] signature = in.exactly(VerifyingKey.SIGNATURE_BYTES);
    in.end();
    Optional<Verdict> verdict =
        Stream.of(Verdict.values()).filter(each -> each.name().equals(word)).findFirst();
    if (verdict.isEmpty() || at < 0 || until < at || until > MAX_EPOCH_SECOND) {
      throw Errors.badMessage("A steward's decision is out of form.");
    }
    StewardDecision decision =
        new StewardDecision(
            site,
            study,
            verdict.get(),
            Instant.ofEpochSecond(at),
            Instant.ofEpochSecond(until),
            steward,
            reason);
    if (!key.verifies(Canonical.hash(SIGNED, decision.fields()), signature)) {
      throw Errors.protocol(
          ErrorCode.BAD_SIGNATURE,
          "A steward's decision is not signed by this site.",
          "It was altered, or made with another key.",
          "Remove the file and decide again.");
    }
    return decision;
  }

  private byte[][] fields() {
    return new byte[][] {
      Canonical.utf8(site.value()),
      study.bytes(),
      Canonical.utf8(verdict.name()),
      Canonical.u64(at.getEpochSecond()),
      Canonical.u64(until.getEpochSecond()),
      Canonical.utf8(steward),
      Canonical.utf8(reason)
    };
  }
}
