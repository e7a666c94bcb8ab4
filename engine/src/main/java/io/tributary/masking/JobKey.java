package io.tributary.masking;

import io.tributary.codec.Canonical;
import io.tributary.study.Errors;
import javax.security.auth.Destroyable;

/**
 * K_job[j][r]: the key of one pair for one step of one job (PROTOCOL.md 2.3). {@link #ratchet}
 * moves it to the next step and destroys it, so a closed step cannot be opened again.
 */
public final class JobKey implements Destroyable {
  private final int job;
  private final int step;
  private final int self;
  private final int peer;
  private final Secret32 key;

  private JobKey(int job, int step, int self, int peer, Secret32 key) {
    this.job = job;
    this.step = step;
    this.self = self;
    this.peer = peer;
    this.key = key;
  }

  /** A key as read from the key store; the secret becomes the key's own. */
  public static JobKey restore(int job, int step, int self, int peer, Secret32 key) {
    if (job < 0
        || job >= RoundTerms.MAX_JOBS
        || step < 0
        || step > RoundTerms.MAX_STEPS
        || self == peer) {
      throw new IllegalArgumentException(
          "job=%d step=%d self=%d peer=%d".formatted(job, step, self, peer));
    }
    return new JobKey(job, step, self, peer, key);
  }

  public int job() {
    return job;
  }

  public int step() {
    return step;
  }

  public int peer() {
    return peer;
  }

  /** A copy for the key store; the caller destroys it. */
  public Secret32 key() {
    return key.copy();
  }

  /** K_job[j][r + 1] = Expand(K_job[j][r], ratchet/v1, r + 1); destroys this one. */
  public JobKey ratchet() {
    Secret32 next = Hkdf.expand(key, "ratchet/v1", Canonical.u32(step + 1L));
    destroy();
    return restore(job, step + 1, self, peer, next);
  }

  /** Runs the chain forward to a step that is not before this one; destroys what it leaves. */
  public JobKey advanceTo(int wantedStep) {
    if (wantedStep < step || wantedStep >= RoundTerms.MAX_STEPS) {
      throw new IllegalArgumentException("from step " + step + " to " + wantedStep);
    }
    JobKey at = this;
    while (at.step < wantedStep) {
      at = at.ratchet();
    }
    return at;
  }

  /** s_uv, the same at both ends. */
  public Secret32 pairSeed(RoundContext context) {
    checkStep(context);
    return Hkdf.expand(key, "pair-seed/v1", context.round().bytes());
  }

  /** share_key for a box this site deals to its peer. */
  public Secret32 shareKeyTo(RoundContext context, byte[] ownUploadNonce) {
    return shareKey(context, self, peer, ownUploadNonce);
  }

  /** share_key of a box the peer dealt, by the upload_nonce in the peer's signed Upload. */
  public Secret32 shareKeyFrom(RoundContext context, byte[] peerUploadNonce) {
    return shareKey(context, peer, self, peerUploadNonce);
  }

  private Secret32 shareKey(RoundContext context, int from, int to, byte[] uploadNonce) {
    checkStep(context);
    if (uploadNonce.length != AttemptRandomness.NONCE_BYTES) {
      throw Errors.badMessage("An upload nonce has " + uploadNonce.length + " bytes.");
    }
    return Hkdf.expand(
        key,
        "share/v1",
        Canonical.u16(from),
        Canonical.u16(to),
        context.round().bytes(),
        uploadNonce);
  }

  private void checkStep(RoundContext context) {
    RoundTerms terms = context.terms();
    if (terms.job() != job
        || terms.step() != step
        || !terms.participants().contains(self)
        || !terms.participants().contains(peer)) {
      throw new IllegalArgumentException(this + " is not for " + context);
    }
  }

  @Override
  public void destroy() {
    key.destroy();
  }

  @Override
  public boolean isDestroyed() {
    return key.isDestroyed();
  }

  @Override
  public String toString() {
    return "JobKey[job=%d step=%d pair=%d-%d, withheld]".formatted(job, step, self, peer);
  }
}
