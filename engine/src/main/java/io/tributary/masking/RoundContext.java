package io.tributary.masking;

import io.tributary.codec.Canonical;
import io.tributary.codec.Digest;
import io.tributary.codec.SiteSet;
import io.tributary.study.Errors;
import java.util.List;

/**
 * What every key, tag and hash of one attempt is bound to; public (PROTOCOL.md 2.3). Two sites that
 * were told different things have different contexts, so their masks never cancel.
 */
public final class RoundContext {
  private final Digest epoch;
  private final Digest round;
  private final Digest checkKey;
  private final EpochTerms epochTerms;
  private final RoundTerms terms;

  private RoundContext(EpochTerms epochTerms, RoundTerms terms) {
    this.epochTerms = epochTerms;
    this.terms = terms;
    this.epoch = epochTerms.context();
    this.round =
        Canonical.hash(
            "round/v1",
            epoch.bytes(),
            Canonical.u32(terms.job()),
            Canonical.u32(terms.step()),
            Canonical.u8(terms.attempt()),
            Canonical.bitmap(terms.participants()),
            terms.layout().bytes(),
            terms.broadcast().bytes(),
            terms.query().bytes(),
            terms.dp().bytes(),
            terms.previousTranscript().bytes());
    this.checkKey = Canonical.hash("check/v1", round.bytes());
  }

  /** BAD_MESSAGE if the round's participants are not over the epoch's roster. */
  public static RoundContext of(EpochTerms epochTerms, RoundTerms terms) {
    if (terms.participants().rosterSize() != epochTerms.sites()) {
      throw Errors.badMessage(
          "The round counts %d sites, the epoch's roster has %d."
              .formatted(terms.participants().rosterSize(), epochTerms.sites()));
    }
    return new RoundContext(epochTerms, terms);
  }

  /** ctx_epoch. */
  public Digest epoch() {
    return epoch;
  }

  /** ctx_round. */
  public Digest round() {
    return round;
  }

  /** chk_key: public, since the check element finds faults and hides nothing. */
  public Digest checkKey() {
    return checkKey;
  }

  public EpochTerms epochTerms() {
    return epochTerms;
  }

  public RoundTerms terms() {
    return terms;
  }

  /** P. */
  public SiteSet participants() {
    return terms.participants();
  }

  /**
   * H(opened/v1, b_u for u in U ascending, then s_uz by (u, z)), every seed a field of 32 bytes.
   *
   * @param seeds released seeds in the order of {@link Unmasker#releasedSigns}
   */
  public static Digest openedHash(byte[][] seeds) {
    return Canonical.hash("opened/v1", seeds);
  }

  /**
   * transcript_hash.
   *
   * @param contributors U
   * @param uploads hash of the Upload of every contributor, ascending
   * @param opened {@link #openedHash}
   * @param result {@link ResultDigest}
   */
  public Digest transcriptHash(
      SiteSet contributors, List<Digest> uploads, Digest opened, Digest result) {
    if (uploads.size() != contributors.size()) {
      throw new IllegalArgumentException(
          "uploads=" + uploads.size() + " contributors=" + contributors.size());
    }
    return Canonical.hash(
        "transcript/v1",
        round.bytes(),
        Canonical.bitmap(contributors),
        Canonical.digests(uploads),
        opened.bytes(),
        result.bytes());
  }

  /** prg_key(x, f) = Expand(x, prg/v1, ctx_round, f); the caller zeroes it. */
  static byte[] prgKey(byte[] seed, byte[] ctxRound, int frame) {
    Secret32 secret = Secret32.copyOf(seed);
    Secret32 key = Hkdf.expand(secret, "prg/v1", ctxRound, Canonical.u32(frame));
    secret.destroy();
    byte[] raw = key.reveal();
    key.destroy();
    return raw;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RoundContext that && round.equals(that.round);
  }

  @Override
  public int hashCode() {
    return round.hashCode();
  }

  @Override
  public String toString() {
    return "RoundContext[job=%d step=%d attempt=%d ctx=%s]"
        .formatted(terms.job(), terms.step(), terms.attempt(), round.shortHex());
  }
}
