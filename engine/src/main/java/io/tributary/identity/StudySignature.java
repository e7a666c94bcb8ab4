package io.tributary.identity;

import io.tributary.codec.Canonical;
import io.tributary.codec.Digest;
import io.tributary.study.Consortium;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.Study;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

/**
 * An analyst's signature under a study's raw bytes (PROTOCOL.md 2.2): nobody, the coordinator least
 * of all, can alter the study afterwards.
 *
 * <pre>
 *   enc(study-signature/v1, digest [32], analyst UTF-8, signedAt u64 epoch seconds, signature [64])
 *   signature over H(study/v1, digest, analyst, signedAt)
 * </pre>
 */
public final class StudySignature {
  /** Sites refuse a study without an end of its own this long after it was signed. */
  public static final Duration VALIDITY = Duration.ofDays(Study.VALID_DAYS_AFTER_SIGNING);

  /** A signature from further in the future than this is refused: one of two clocks is wrong. */
  public static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(10);

  private static final String LABEL = "study-signature/v1";
  private static final int MAX_ID_BYTES = 32;

  private final Digest study;
  private final String analyst;
  private final Instant signedAt;
  private final byte[] signature;

  private StudySignature(Digest study, String analyst, Instant signedAt, byte[] signature) {
    this.study = study;
    this.analyst = analyst;
    this.signedAt = signedAt;
    this.signature = signature;
  }

  /** Signs a study's raw bytes now. */
  public static StudySignature sign(
      byte[] rawStudy, String analyst, SigningIdentity identity, Clock clock) {
    Digest digest = Digest.sha256(rawStudy);
    Instant now = Instant.ofEpochSecond(clock.instant().getEpochSecond());
    return new StudySignature(digest, analyst, now, identity.sign(signed(digest, analyst, now)));
  }

  /** Reads {@link #bytes}; BAD_MESSAGE if they are not in form. */
  public static StudySignature read(byte[] bytes) {
    Canonical.Reader in = Canonical.read(bytes, LABEL, 4);
    StudySignature read =
        new StudySignature(
            in.digest(),
            in.text(MAX_ID_BYTES),
            Instant.ofEpochSecond(in.u64() & (1L << 40) - 1),
            in.exactly(VerifyingKey.SIGNATURE_BYTES));
    in.end();
    // A time beyond 2^40 seconds would have been cut above; then these are not the same bytes.
    if (!Arrays.equals(bytes, read.bytes())) {
      throw Errors.badMessage("A study's signature has a time that no calendar has.");
    }
    return read;
  }

  /** Canonical bytes. */
  public byte[] bytes() {
    return Canonical.enc(
        LABEL,
        study.bytes(),
        Canonical.utf8(analyst),
        Canonical.u64(signedAt.getEpochSecond()),
        signature);
  }

  public Digest study() {
    return study;
  }

  public String analyst() {
    return analyst;
  }

  public Instant signedAt() {
    return signedAt;
  }

  /**
   * Verifies that an analyst of the consortium has signed exactly these bytes and that the study
   * still holds: STUDY_REFUSED, STUDY_EXPIRED or BAD_SIGNATURE otherwise.
   *
   * @param rawStudy as submitted
   * @param parsed the same, parsed
   */
  public void verify(byte[] rawStudy, Study parsed, Consortium consortium, Clock clock) {
    if (!Digest.sha256(rawStudy).equals(study)) {
      throw Errors.protocol(
          ErrorCode.BAD_SIGNATURE,
          "The study was altered after it was signed.",
          "Its SHA-256 is not the one under the signature.",
          "Sign the study again with 'tributary study sign'.");
    }
    Consortium.Party signer =
        consortium
            .analyst(analyst)
            .orElseThrow(
                () ->
                    Errors.protocol(
                        ErrorCode.STUDY_REFUSED,
                        "The study was signed by '" + analyst + "'.",
                        "The pinned consortium file has no such analyst.",
                        "Let an analyst of the consortium sign it, or add this one."));
    if (!parsed.analyst().isEmpty() && !parsed.analyst().equals(analyst)) {
      throw Errors.protocol(
          ErrorCode.STUDY_REFUSED,
          "The study was signed by '" + analyst + "'.",
          "It names '" + parsed.analyst() + "' as its analyst.",
          "Let the analyst that it names sign it.");
    }
    if (!VerifyingKey.ofHex(signer.key()).verifies(signed(study, analyst, signedAt), signature)) {
      throw Errors.protocol(
          ErrorCode.BAD_SIGNATURE,
          "The study's signature is not valid.",
          "It was not made with the key that the consortium file has for '" + analyst + "'.",
          "Sign the study again with that analyst's key.");
    }
    checkTime(parsed, clock.instant());
  }

  private void checkTime(Study parsed, Instant now) {
    if (signedAt.isAfter(now.plus(CLOCK_TOLERANCE))) {
      throw Errors.protocol(
          ErrorCode.STUDY_EXPIRED,
          "The study was signed at " + signedAt + ", here it is " + now + ".",
          "One of the two clocks is wrong.",
          "Set both clocks by NTP and sign the study again.");
    }
    Instant end =
        parsed.validUntil().equals(Study.NO_END) ? signedAt.plus(VALIDITY) : parsed.validUntil();
    if (now.isAfter(end)) {
      throw Errors.protocol(
          ErrorCode.STUDY_EXPIRED,
          "The study was valid until " + end + ", here it is " + now + ".",
          "Sites do not run studies after their end.",
          "Sign it again, or check this machine's clock.");
    }
  }

  private static Digest signed(Digest study, String analyst, Instant signedAt) {
    return Canonical.hash(
        "study/v1",
        study.bytes(),
        Canonical.utf8(analyst),
        Canonical.u64(signedAt.getEpochSecond()));
  }

  @Override
  public String toString() {
    return "StudySignature[" + study.shortHex() + " by " + analyst + "]";
  }
}
