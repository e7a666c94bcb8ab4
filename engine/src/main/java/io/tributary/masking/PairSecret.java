package io.tributary.masking;

import io.tributary.codec.Canonical;
import io.tributary.codec.Digest;
import javax.security.auth.Destroyable;

/**
 * PRK_uv, what two sites share for one epoch (PROTOCOL.md 2.3). It confirms the roster and yields
 * the first key of every job; after activation it is destroyed, so that nothing is left from which
 * a later round could be opened.
 */
public final class PairSecret implements Destroyable {
  private final Secret32 prk;
  private final int self;
  private final int peer;

  private PairSecret(Secret32 prk, int self, int peer) {
    this.prk = prk;
    this.self = self;
    this.peer = peer;
  }

  /**
   * PRK_uv = HKDF-Extract(ctx_epoch, X25519(a_u, A_v)).
   *
   * @param epochContext ctx_epoch
   * @param self own roster index
   * @param peer the other's
   * @param agreed the X25519 result, 32 bytes; zeroed
   */
  public static PairSecret agree(Digest epochContext, int self, int peer, byte[] agreed) {
    if (self == peer) {
      throw new IllegalArgumentException("a site has no pair with itself: " + self);
    }
    return new PairSecret(Hkdf.extract(epochContext, agreed), self, peer);
  }

  /** MAC_uv from this site to the peer: that both see the same roster. */
  public Digest confirmation(Digest rosterHash) {
    return confirmation(rosterHash, self, peer);
  }

  /** Whether the peer's MAC is the one for this roster, in constant time. */
  public boolean confirms(Digest rosterHash, Digest fromPeer) {
    return confirmation(rosterHash, peer, self).equals(fromPeer);
  }

  private Digest confirmation(Digest rosterHash, int from, int to) {
    Secret32 key = Hkdf.expand(prk, "confirm-key/v1", lo(), hi());
    try {
      return Hkdf.mac(
          key,
          Canonical.enc("confirm/v1", rosterHash.bytes(), Canonical.u16(from), Canonical.u16(to)));
    } finally {
      key.destroy();
    }
  }

  /** K_job[j][0]. */
  public JobKey jobKey(int job) {
    Secret32 key = Hkdf.expand(prk, "job/v1", Canonical.u32(job), lo(), hi());
    return JobKey.restore(job, 0, self, peer, key);
  }

  private byte[] lo() {
    return Canonical.u16(Math.min(self, peer));
  }

  private byte[] hi() {
    return Canonical.u16(Math.max(self, peer));
  }

  @Override
  public void destroy() {
    prk.destroy();
  }

  @Override
  public boolean isDestroyed() {
    return prk.isDestroyed();
  }

  @Override
  public String toString() {
    return "PairSecret[" + self + "-" + peer + ", withheld]";
  }
}
