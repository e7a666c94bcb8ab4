package io.tributary.protocol.site;

import io.tributary.analysis.Layout;
import io.tributary.codec.Digest;
import io.tributary.codec.FixedVector;
import io.tributary.masking.AttemptRandomness;
import io.tributary.masking.Commitment;
import io.tributary.masking.JobKey;
import io.tributary.masking.KeyStream;
import io.tributary.masking.MaskedFrame;
import io.tributary.masking.Masker;
import io.tributary.masking.RoundContext;
import io.tributary.masking.Seal;
import io.tributary.masking.Secret32;
import io.tributary.masking.ShareBox;
import io.tributary.masking.StepRandomness;
import io.tributary.privacy.NoisePlan;
import io.tributary.protocol.Bytes;
import io.tributary.protocol.Message;
import io.tributary.study.Errors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.security.auth.Destroyable;

/**
 * Everything secret that one attempt of a site uses, a function of its keys and rho (PROTOCOL.md
 * 2.3): made again after a crash, the same bytes come out.
 */
public final class AttemptSeeds implements Destroyable {
  private final RoundContext context;
  private final int self;
  private final JobKey[] keys;
  private final StepRandomness step;
  private final AttemptRandomness attempt;
  private final Secret32 selfSeed;
  private final Secret32[] pairSeeds;
  private List<Bytes> boxes = List.of();

  private AttemptSeeds(RoundContext context, int self, JobKey[] keys, StepRandomness step) {
    this.context = context;
    this.self = self;
    this.keys = keys;
    this.step = step;
    this.attempt = step.attempt(context);
    this.selfSeed = attempt.selfSeed();
    this.pairSeeds = new Secret32[keys.length];
    for (int peer = 0; peer < keys.length; peer++) {
      if (peer != self) {
        pairSeeds[peer] = keys[peer].pairSeed(context);
      }
    }
  }

  /** Derives the seeds of an attempt whose step is prepared. */
  public static AttemptSeeds derive(SiteEnvironment site, Attempt attempt) {
    StepRandomness rho =
        site.secrets()
            .randomness(attempt.id().stepId())
            .orElseThrow(() -> Errors.internal("No rho for " + attempt.id() + ".", null));
    JobKey[] keys = site.secrets().jobKeys(attempt.id().epoch(), attempt.id().stepId());
    return new AttemptSeeds(attempt.context(), attempt.self(), keys, rho);
  }

  /**
   * R1: adds this site's share of the step's noise, if its sums carry any. The stream is a function
   * of rho alone, so every attempt at the step adds the same.
   */
  public void addNoise(Layout layout, FixedVector vector) {
    Optional<NoisePlan> plan = NoisePlan.of(layout);
    if (plan.isEmpty()) {
      return;
    }
    Secret32 key = step.noiseKey();
    KeyStream stream = KeyStream.of(key);
    try {
      plan.get().addTo(layout, vector, stream::nextWord);
    } finally {
      stream.erase();
      key.destroy();
    }
  }

  /** Keyed tag of a frame's values, the same in every attempt with the same input. */
  Digest inputTag(int frame, FixedVector vector) {
    return step.inputTag(frame, vector);
  }

  MaskedFrame mask(int frame, FixedVector vector) {
    return Masker.mask(vector, context, self, selfSeed, pairSeeds, frame);
  }

  /** The Upload over these frames. */
  Message.Upload upload(List<Digest> frames) {
    List<Digest> commitments = new ArrayList<>();
    for (int peer = 0; peer < keys.length; peer++) {
      if (peer != self) {
        commitments.add(Commitment.ofPairSeed(context, self, peer, pairSeeds[peer]));
      }
    }
    List<Digest> hashes = new ArrayList<>();
    for (Bytes box : sealedBoxes()) {
      hashes.add(Digest.sha256(box.shared()));
    }
    return new Message.Upload(
        context.round(),
        Bytes.take(attempt.uploadNonce()),
        Commitment.ofSelfSeed(context, self, selfSeed),
        commitments,
        hashes,
        frames);
  }

  /** The bundle of boxes for every other site. */
  Message.Boxes boxes() {
    return new Message.Boxes(context.round(), Seal.COORDINATOR, sealedBoxes());
  }

  private List<Bytes> sealedBoxes() {
    if (boxes.isEmpty()) {
      boxes = deal();
    }
    return boxes;
  }

  /** Shares of b_u, then of s_uv for v ascending without u; a box for every other site. */
  private List<Bytes> deal() {
    int n = keys.length;
    int threshold = context.epochTerms().shares();
    byte[][][] dealt = new byte[n][][];
    dealt[0] = attempt.dealSelfSeed(self, selfSeed, threshold, n);
    int at = 1;
    for (int peer = 0; peer < n; peer++) {
      if (peer != self) {
        dealt[at++] = attempt.dealPairSeed(self, peer, pairSeeds[peer], threshold, n);
      }
    }
    byte[] nonce = attempt.uploadNonce();
    List<Bytes> sealed = new ArrayList<>(n - 1);
    byte[][] shares = new byte[n][];
    for (int to = 0; to < n; to++) {
      if (to != self) {
        for (int i = 0; i < n; i++) {
          shares[i] = dealt[i][to];
        }
        Secret32 key = keys[to].shareKeyTo(context, nonce);
        sealed.add(Bytes.take(ShareBox.seal(key, context, self, to, shares)));
      }
    }
    for (byte[][] secret : dealt) {
      for (byte[] share : secret) {
        Arrays.fill(share, (byte) 0);
      }
    }
    return List.copyOf(sealed);
  }

  /** b_u in full, for the site's own answer. */
  Bytes ownSelfSeed() {
    return Bytes.take(selfSeed.reveal());
  }

  /** s_uz in full, z outside U. */
  Bytes ownPairSeed(int peer) {
    return Bytes.take(pairSeeds[peer].reveal());
  }

  @Override
  public void destroy() {
    attempt.destroy();
    selfSeed.destroy();
    for (Secret32 seed : pairSeeds) {
      if (seed != null) {
        seed.destroy();
      }
    }
  }

  @Override
  public boolean isDestroyed() {
    return selfSeed.isDestroyed();
  }

  @Override
  public String toString() {
    return "AttemptSeeds[withheld]";
  }
}
