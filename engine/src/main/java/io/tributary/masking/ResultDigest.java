package io.tributary.masking;

import io.tributary.codec.Canonical;
import io.tributary.codec.Digest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * result_digest: what a transcript says about a sum without giving it away (PROTOCOL.md 2.3).
 *
 * <pre>
 *   frame_f = H(result-frame/v1, salt, f, data words of frame f as u64 little-endian)
 *   result  = H(result/v1, salt, list of frame_f)
 * </pre>
 *
 * Frame by frame, because a genome-wide sum is larger than one field and is computed on many
 * machines; salted in both places, because a bare hash of a small count could be guessed.
 */
public final class ResultDigest {
  /** Length of the random salt, which stays with the coordinator and goes into the evidence. */
  public static final int SALT_BYTES = 32;

  private ResultDigest() {}

  /**
   * frame_f.
   *
   * @param dataWords the frame's summed words without zero word and check element
   */
  public static Digest ofFrame(byte[] salt, int frame, long[] dataWords) {
    byte[] bytes = new byte[Math.multiplyExact(dataWords.length, Long.BYTES)];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().put(dataWords);
    return Canonical.hash("result-frame/v1", checked(salt), Canonical.u32(frame), bytes);
  }

  /**
   * result_digest.
   *
   * @param frames {@link #ofFrame} of every frame, ascending
   */
  public static Digest of(byte[] salt, List<Digest> frames) {
    return Canonical.hash("result/v1", checked(salt), Canonical.digests(frames));
  }

  private static byte[] checked(byte[] salt) {
    if (salt.length != SALT_BYTES) {
      throw new IllegalArgumentException("saltBytes=" + salt.length);
    }
    return salt;
  }
}
