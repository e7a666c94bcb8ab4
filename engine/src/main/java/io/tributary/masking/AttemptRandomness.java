package io.tributary.masking;

import io.tributary.codec.Canonical;
import javax.security.auth.Destroyable;

/** mu and what it yields: everything random in one attempt of one site (PROTOCOL.md 2.3). */
public final class AttemptRandomness implements Destroyable {
  /** Length of an upload_nonce. */
  public static final int NONCE_BYTES = 32;

  private final Secret32 mu;

  AttemptRandomness(Secret32 mu) {
    this.mu = mu;
  }

  /** b_u = Expand(mu, self-seed/v1). */
  public Secret32 selfSeed() {
    return Hkdf.expand(mu, "self-seed/v1");
  }

  /** upload_nonce = Expand(mu, upload-nonce/v1), 32 bytes; public once uploaded. */
  public byte[] uploadNonce() {
    Secret32 nonce = Hkdf.expand(mu, "upload-nonce/v1");
    byte[] bytes = nonce.reveal();
    nonce.destroy();
    return bytes;
  }

  /**
   * Deals shares of this site's b_u with coefficients from Expand(mu, shamir/v1, 0, u, u).
   *
   * @param threshold k
   * @param sites n
   * @return share of every roster index, [n][40]
   */
  public byte[][] dealSelfSeed(int self, Secret32 selfSeed, int threshold, int sites) {
    return deal(Commitment.SELF_SEED, self, self, selfSeed, threshold, sites);
  }

  /** As {@link #dealSelfSeed}, for s_uv, with Expand(mu, shamir/v1, 1, lo, hi). */
  public byte[][] dealPairSeed(int self, int peer, Secret32 pairSeed, int threshold, int sites) {
    int lo = Math.min(self, peer);
    int hi = Math.max(self, peer);
    return deal(Commitment.PAIR_SEED, lo, hi, pairSeed, threshold, sites);
  }

  private byte[][] deal(int kind, int lo, int hi, Secret32 secret, int threshold, int sites) {
    Secret32 coefficients =
        Hkdf.expand(mu, "shamir/v1", Canonical.u8(kind), Canonical.u16(lo), Canonical.u16(hi));
    try {
      return Shamir.deal(secret, threshold, sites, coefficients);
    } finally {
      coefficients.destroy();
    }
  }

  @Override
  public void destroy() {
    mu.destroy();
  }

  @Override
  public boolean isDestroyed() {
    return mu.isDestroyed();
  }

  @Override
  public String toString() {
    return "AttemptRandomness[withheld]";
  }
}
