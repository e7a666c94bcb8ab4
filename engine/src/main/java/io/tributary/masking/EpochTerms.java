package io.tributary.masking;

import io.tributary.codec.Canonical;
import io.tributary.codec.Digest;
import io.tributary.codec.SiteSet;
import io.tributary.study.Errors;
import io.tributary.study.Study;
import java.util.List;

/**
 * The public terms of an epoch (PROTOCOL.md 2.3, 2.4): what its keys are bound to.
 *
 * @param suite {@link #SUITE}
 * @param consortium digest of the consortium file
 * @param study digest of the signed study's raw bytes
 * @param epoch u64, the coordinator's number for this setup
 * @param roster {@link #rosterHash}
 * @param shape whether a quorum or the whole roster is needed
 * @param sites n, sites in the roster, 3 to 256; not hashed by itself, the roster fixes it
 * @param signatures t, signatures that make a certificate
 * @param shares k, shares that rebuild a seed
 * @param minContributors n_min of the study
 * @param colluders c of the study, colluding organisations tolerated
 */
public record EpochTerms(
    String suite,
    Digest consortium,
    Digest study,
    long epoch,
    Digest roster,
    Study.Shape shape,
    int sites,
    int signatures,
    int shares,
    int minContributors,
    int colluders) {

  /** X25519, Ed25519, HKDF-SHA-256, AES-256; no other suite is built. */
  public static final String SUITE = "TRIB-SA-1";

  /** BAD_MESSAGE for another suite, which the coordinator names. */
  public EpochTerms {
    if (!SUITE.equals(suite)) {
      throw Errors.badMessage("Suite '" + suite + "' is not built; this is " + SUITE + ".");
    }
    if (sites < 3
        || sites > SiteSet.MAX_SITES
        || !within(signatures, sites)
        || !within(shares, sites)
        || !within(minContributors, sites)
        || !within(colluders, sites)) {
      throw new IllegalArgumentException(
          "thresholds out of range: n=%d t=%d k=%d n_min=%d c=%d"
              .formatted(sites, signatures, shares, minContributors, colluders));
    }
  }

  private static boolean within(int value, int sites) {
    return value >= 1 && value <= sites;
  }

  /**
   * roster_hash = H(roster/v1, EpochOpen bytes, list of EpochKey bytes in roster order). Known
   * before the terms are complete, hence static.
   */
  public static Digest rosterHash(byte[] epochOpen, List<byte[]> epochKeys) {
    return Canonical.hash("roster/v1", epochOpen, Canonical.list(epochKeys));
  }

  /** ctx_epoch. */
  public Digest context() {
    return Canonical.hash(
        "epoch/v1",
        Canonical.utf8(suite),
        consortium.bytes(),
        study.bytes(),
        Canonical.u64(epoch),
        roster.bytes(),
        Canonical.u8(wireCode(shape)),
        Canonical.u16(signatures),
        Canonical.u16(shares),
        Canonical.u16(minContributors),
        Canonical.u16(colluders));
  }

  /** The u8 that stands for a shape; 0 stays unused. */
  private static int wireCode(Study.Shape shape) {
    return switch (shape) {
      case QUORUM -> 1;
      case ALL -> 2;
    };
  }
}
