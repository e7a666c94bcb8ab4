package io.tributary.protocol;

import io.tributary.codec.Canonical;
import io.tributary.codec.Digest;
import io.tributary.identity.SigningIdentity;
import io.tributary.identity.VerifyingKey;

/**
 * A message as it is stored (PROTOCOL.md 2.5): {@code enc(signed/v1, sender, body, signature)},
 * where the signature is Ed25519 over SHA-256 of the body. The sender's name only chooses the key
 * to check with; whoever lies about it fails the check.
 */
public final class SignedObject {
  private static final String LABEL = "signed/v1";

  private final String sender;
  private final byte[] body;
  private final Bytes signature;
  private final Bytes encoded;
  private final Digest digest;

  private SignedObject(String sender, byte[] body, Bytes signature, Bytes encoded) {
    this.sender = sender;
    this.body = body;
    this.signature = signature;
    this.encoded = encoded;
    this.digest = Digest.sha256(encoded.shared());
  }

  /** Signs a message. */
  public static SignedObject sign(String sender, Message message, SigningIdentity identity) {
    byte[] body = message.body();
    byte[] signature = identity.sign(Digest.sha256(body));
    byte[] encoded = Canonical.enc(LABEL, Canonical.utf8(sender), body, signature);
    return new SignedObject(sender, body, Bytes.take(signature), Bytes.take(encoded));
  }

  /** Reads a stored object; its signature is not checked yet. BAD_MESSAGE if out of form. */
  public static SignedObject decode(byte[] encoded) {
    Canonical.Reader in = Canonical.read(encoded, LABEL, 3);
    SignedObject object =
        new SignedObject(
            in.text(64),
            in.bytes(encoded.length),
            Bytes.take(in.exactly(VerifyingKey.SIGNATURE_BYTES)),
            Bytes.take(encoded));
    in.end();
    return object;
  }

  /** Site id, or id of the coordinator, as the object claims. */
  public String sender() {
    return sender;
  }

  public Bytes signature() {
    return signature;
  }

  /** The object as stored. */
  public Bytes encoded() {
    return encoded;
  }

  /** SHA-256 of the object as stored; its name ends in the first 16 hex digits. */
  public Digest digest() {
    return digest;
  }

  /** Label of the message inside. */
  public String label() {
    return Canonical.labelOf(body);
  }

  public boolean signedBy(VerifyingKey key) {
    return key.verifies(Digest.sha256(body), signature.shared());
  }

  /** The message inside, see {@link Message#decode}. */
  public Message message(int rosterSize) {
    return Message.decode(body, rosterSize);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SignedObject that && digest.equals(that.digest);
  }

  @Override
  public int hashCode() {
    return digest.hashCode();
  }

  @Override
  public String toString() {
    return "SignedObject[" + label() + " from " + sender + " " + digest.shortHex() + "]";
  }
}
