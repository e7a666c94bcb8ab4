package io.tributary.masking;

import io.tributary.codec.Canonical;
import io.tributary.codec.Digest;

/**
 * com = H(commit/v1, ctx_round, kind, lo, hi, secret) (PROTOCOL.md 2.3, 2.5). Hiding in the
 * random-oracle model, since a seed has 256 random bits; equal from both ends of a pair by design,
 * so that a disagreement shows before anything is unmasked.
 */
public final class Commitment {
  static final int SELF_SEED = 0;
  static final int PAIR_SEED = 1;

  private Commitment() {}

  /** To b_u: kind 0, lo = hi = u. */
  public static Digest ofSelfSeed(RoundContext context, int site, Secret32 seed) {
    return of(context, SELF_SEED, site, site, seed);
  }

  /** To s_uv: kind 1, the indices in order. */
  public static Digest ofPairSeed(RoundContext context, int one, int other, Secret32 seed) {
    if (one == other) {
      throw new IllegalArgumentException("a site has no pair with itself: " + one);
    }
    return of(context, PAIR_SEED, Math.min(one, other), Math.max(one, other), seed);
  }

  private static Digest of(RoundContext context, int kind, int lo, int hi, Secret32 seed) {
    return Canonical.hash(
        "commit/v1",
        context.round().bytes(),
        Canonical.u8(kind),
        Canonical.u16(lo),
        Canonical.u16(hi),
        seed.raw());
  }
}
