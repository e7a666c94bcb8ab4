package io.tributary.masking;

import io.tributary.codec.Canonical;
import io.tributary.codec.Digest;
import java.util.Arrays;
import java.util.Optional;

/**
 * Messages between a site and the coordinator that the exchange must not read (PROTOCOL.md 2.3).
 *
 * <p>The key is derived from a tag over the plaintext, so sealing the same message again gives the
 * same bytes and two messages never share a key; the tag is keyed, since a sum can be guessed.
 *
 * <pre>
 *   bytes 0 .. 31    tag = HMAC(Expand(K_ch, seal-tag/v1), enc(type, from, to, ctx_round, plaintext))
 *   bytes 32 ..      AES-256-GCM(Expand(K_ch, seal/v1, type, from, to, ctx_round, tag), nonce 0)
 *   last 16 bytes    GCM tag, over enc(type, ctx_round, from, to) too
 * </pre>
 */
public final class Seal {
  /** The coordinator's index. */
  public static final int COORDINATOR = 0xFFFF;

  /** What a seal adds to its message. */
  public static final int OVERHEAD_BYTES = Digest.BYTES + SingleUseGcm.TAG_BYTES;

  private Seal() {}

  /**
   * K_ch = HKDF-Extract(ctx_epoch, X25519(a_u, C_e)), made at activation.
   *
   * @param agreed the X25519 result; zeroed
   */
  public static Secret32 channelKey(Digest epochContext, byte[] agreed) {
    return Hkdf.extract(epochContext, agreed);
  }

  /**
   * Seals a message for its receiver.
   *
   * @param type of the message, such as {@code unmask}; the label of what is authenticated
   * @param context ctx_round of the message
   */
  public static byte[] seal(
      Secret32 channelKey, String type, int from, int to, Digest context, byte[] plaintext) {
    Digest tag = tag(channelKey, type, from, to, context, plaintext);
    Secret32 key = key(channelKey, type, from, to, context, tag);
    byte[] ciphertext = SingleUseGcm.encrypt(key, associated(type, from, to, context), plaintext);
    key.destroy();
    byte[] sealed = Arrays.copyOf(tag.bytes(), Digest.BYTES + ciphertext.length);
    System.arraycopy(ciphertext, 0, sealed, Digest.BYTES, ciphertext.length);
    return sealed;
  }

  /** The plaintext, or empty if the seal is broken or was made for another place. */
  public static Optional<byte[]> open(
      Secret32 channelKey, String type, int from, int to, Digest context, byte[] sealed) {
    if (sealed.length < OVERHEAD_BYTES) {
      return Optional.empty();
    }
    Digest tag = Digest.of(Arrays.copyOf(sealed, Digest.BYTES));
    Secret32 key = key(channelKey, type, from, to, context, tag);
    byte[] ciphertext = Arrays.copyOfRange(sealed, Digest.BYTES, sealed.length);
    Optional<byte[]> opened =
        SingleUseGcm.decrypt(key, associated(type, from, to, context), ciphertext);
    key.destroy();
    return opened.filter(
        plaintext -> tag(channelKey, type, from, to, context, plaintext).equals(tag));
  }

  private static Digest tag(
      Secret32 channelKey, String type, int from, int to, Digest context, byte[] plaintext) {
    Secret32 key = Hkdf.expand(channelKey, "seal-tag/v1");
    byte[] message =
        Canonical.enc(type, Canonical.u16(from), Canonical.u16(to), context.bytes(), plaintext);
    try {
      return Hkdf.mac(key, message);
    } finally {
      key.destroy();
      Arrays.fill(message, (byte) 0);
    }
  }

  private static Secret32 key(
      Secret32 channelKey, String type, int from, int to, Digest context, Digest tag) {
    return Hkdf.expand(
        channelKey,
        "seal/v1",
        Canonical.utf8(type),
        Canonical.u16(from),
        Canonical.u16(to),
        context.bytes(),
        tag.bytes());
  }

  private static byte[] associated(String type, int from, int to, Digest context) {
    return Canonical.enc(type, context.bytes(), Canonical.u16(from), Canonical.u16(to));
  }
}
