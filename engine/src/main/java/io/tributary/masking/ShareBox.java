package io.tributary.masking;

import io.tributary.codec.Canonical;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a dealer sends one other site in its upload: that site's shares of all the dealer's seeds,
 * AES-256-GCM under share_key, which is used once (PROTOCOL.md 2.3, 2.5 Boxes).
 *
 * <pre>
 *   bytes 0 .. 39            share of b_u
 *   bytes 40 i .. 40 i+39    share of s_uv, the i-th v ascending without u;  i = 1 .. n-1
 *   then 16 bytes            GCM tag
 * </pre>
 */
public final class ShareBox {
  private ShareBox() {}

  /** Length of a box among {@code sites} participants. */
  public static int bytes(int sites) {
    return Shamir.SHARE_BYTES * sites + SingleUseGcm.TAG_BYTES;
  }

  /**
   * Fills and closes a box.
   *
   * @param shareKey {@link JobKey#shareKeyTo}; destroyed, since a second box under it would give
   *     both away
   * @param from the dealer u
   * @param to the site that may open it
   * @param shares the receiver's share of b_u, then of s_uv for v ascending without u, [n][40]
   */
  public static byte[] seal(
      Secret32 shareKey, RoundContext context, int from, int to, byte[][] shares) {
    int sites = context.participants().size();
    if (shares.length != sites) {
      throw new IllegalArgumentException("shares=" + shares.length + " sites=" + sites);
    }
    byte[] plaintext = new byte[Shamir.SHARE_BYTES * sites];
    for (int i = 0; i < sites; i++) {
      System.arraycopy(shares[i], 0, plaintext, Shamir.SHARE_BYTES * i, Shamir.SHARE_BYTES);
    }
    try {
      return SingleUseGcm.encrypt(shareKey, associated(context, from, to), plaintext);
    } finally {
      Arrays.fill(plaintext, (byte) 0);
      shareKey.destroy();
    }
  }

  /**
   * Opens a box.
   *
   * @param shareKey {@link JobKey#shareKeyFrom}
   * @return the shares in the order of {@link #seal}, [n][40]; empty if the box is not the dealer's
   *     or holds what is no share, in both cases the dealer is to be named
   */
  public static Optional<byte[][]> open(
      Secret32 shareKey, RoundContext context, int from, int to, byte[] box) {
    int sites = context.participants().size();
    if (box.length != bytes(sites)) {
      return Optional.empty();
    }
    Optional<byte[]> opened = SingleUseGcm.decrypt(shareKey, associated(context, from, to), box);
    if (opened.isEmpty()) {
      return Optional.empty();
    }
    byte[] plaintext = opened.get();
    byte[][] shares = new byte[sites][];
    boolean wellFormed = true;
    for (int i = 0; i < sites; i++) {
      int at = Shamir.SHARE_BYTES * i;
      shares[i] = Arrays.copyOfRange(plaintext, at, at + Shamir.SHARE_BYTES);
      wellFormed &= Shamir.isShare(shares[i]);
    }
    Arrays.fill(plaintext, (byte) 0);
    return wellFormed ? Optional.of(shares) : Optional.empty();
  }

  private static byte[] associated(RoundContext context, int from, int to) {
    return Canonical.enc("box/v1", context.round().bytes(), Canonical.u16(from), Canonical.u16(to));
  }
}
