package io.tributary.masking;

import io.tributary.codec.Canonical;
import io.tributary.codec.Digest;
import io.tributary.codec.FixedVector;
import java.security.SecureRandom;
import javax.security.auth.Destroyable;

/**
 * rho: a site's 32 random bytes for one step (PROTOCOL.md 2.3), journaled before anything is
 * derived from them. All attempts at the step use the same input and the same noise; each attempt
 * has its own seeds.
 */
public final class StepRandomness implements Destroyable {
  private final Secret32 rho;

  private StepRandomness(Secret32 rho) {
    this.rho = rho;
  }

  public static StepRandomness draw(SecureRandom random) {
    return new StepRandomness(Secret32.random(random));
  }

  /** As read from the journal; the secret becomes this object's own. */
  public static StepRandomness restore(Secret32 rho) {
    return new StepRandomness(rho);
  }

  /** A copy for the journal; the caller destroys it. */
  public Secret32 rho() {
    return rho.copy();
  }

  /** Key of the stream that the step's noise is drawn from: the same in all attempts. */
  public Secret32 noiseKey() {
    return Hkdf.expand(rho, "noise/v1");
  }

  /**
   * HMAC over a frame's plaintext words under a key only this site has; kept in the local journal,
   * so that a later attempt with another input is found out (STEP_INPUT_CHANGED).
   */
  public Digest inputTag(int frame, FixedVector vector) {
    int words = vector.shape().dataWords();
    byte[] head =
        Canonical.head("input/v1", Math.multiplyExact(words, Long.BYTES), Canonical.u32(frame));
    Secret32 key = Hkdf.expand(rho, "input/v1");
    try {
      return Hkdf.mac(key, head, vector.wordsInTheClear(), words);
    } finally {
      key.destroy();
    }
  }

  /** mu = Expand(rho, attempt/v1, ctx_round): an attempt is a function of input, rho and keys. */
  public AttemptRandomness attempt(RoundContext context) {
    return new AttemptRandomness(Hkdf.expand(rho, "attempt/v1", context.round().bytes()));
  }

  @Override
  public void destroy() {
    rho.destroy();
  }

  @Override
  public boolean isDestroyed() {
    return rho.isDestroyed();
  }

  @Override
  public String toString() {
    return "StepRandomness[withheld]";
  }
}
