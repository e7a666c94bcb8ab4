package io.tributary.journal;

import io.tributary.codec.Canonical;
import io.tributary.codec.Digest;
import io.tributary.identity.SigningIdentity;
import io.tributary.identity.VerifyingKey;
import io.tributary.protocol.Bytes;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;

/**
 * A party's signed word on where its evidence journal stands (PROTOCOL.md 2.12). Others keep it, so
 * that the party cannot change what it has written without being found out.
 *
 * <pre>
 *   enc(checkpoint/v1, party, study digest, count u64, head, policy digest, signature)
 *   signature over H(checkpoint/v1, party, study digest, count u64, head, policy digest)
 * </pre>
 *
 * @param study on whose occasion it was made
 * @param count lines in the journal
 * @param head chain after that many lines
 * @param policy SHA-256 of the policy in force; zero where there is none
 * @param signature Ed25519
 */
public record Checkpoint(
    String party, Digest study, long count, Digest head, Digest policy, Bytes signature) {
  private static final String LABEL = "checkpoint/v1";
  private static final int MAX_ID_BYTES = 64;

  static Checkpoint sign(
      String party,
      Digest study,
      EvidenceJournal.Head head,
      Digest policy,
      SigningIdentity identity) {
    byte[] signature = identity.sign(signed(party, study, head.count(), head.chain(), policy));
    return new Checkpoint(party, study, head.count(), head.chain(), policy, Bytes.take(signature));
  }

  private static Digest signed(String party, Digest study, long count, Digest head, Digest policy) {
    return Canonical.hash(
        LABEL,
        Canonical.utf8(party),
        study.bytes(),
        Canonical.u64(count),
        head.bytes(),
        policy.bytes());
  }

  /** As it lies on the exchange. */
  public byte[] encode() {
    return Canonical.enc(
        LABEL,
        Canonical.utf8(party),
        study.bytes(),
        Canonical.u64(count),
        head.bytes(),
        policy.bytes(),
        signature.shared());
  }

  /** Reads a stored checkpoint; its signature is not checked yet. BAD_MESSAGE if out of form. */
  public static Checkpoint decode(byte[] encoded) {
    Canonical.Reader in = Canonical.read(encoded, LABEL, 6);
    Checkpoint checkpoint =
        new Checkpoint(
            in.text(MAX_ID_BYTES),
            in.digest(),
            in.u64(),
            in.digest(),
            in.digest(),
            Bytes.take(in.exactly(VerifyingKey.SIGNATURE_BYTES)));
    in.end();
    if (checkpoint.count < 0) {
      throw Errors.badMessage("A checkpoint counts too many lines.");
    }
    return checkpoint;
  }

  /** Whether the key's owner has signed it. */
  public boolean signedBy(VerifyingKey key) {
    return key.verifies(signed(party, study, count, head, policy), signature.shared());
  }

  /** BAD_SIGNATURE unless the key's owner has signed it. */
  public void verify(VerifyingKey key) {
    if (!signedBy(key)) {
      throw Errors.protocol(
          ErrorCode.BAD_SIGNATURE,
          "The signature of a checkpoint of '" + party + "' is not valid.",
          "It was not made with the key that the consortium file has for it.",
          "Keep the object as evidence.");
    }
  }
}
