package io.tributary.masking;

import io.tributary.codec.FixedVector;
import io.tributary.codec.FrameShape;
import java.util.Arrays;

/**
 * Masks one frame: y_u = x_u + PRG(b_u) + sum over v above u of PRG(s_uv) - sum over v below u of
 * PRG(s_uv), v in P (PROTOCOL.md 2.5, R1).
 */
public final class Masker {
  private Masker() {}

  /**
   * Appends zero word and check element, and masks; the vector is empty then.
   *
   * @param vector x_u of this frame, noise already added
   * @param context of the attempt; P is its participants
   * @param self u, own roster index, in P
   * @param selfSeed b_u
   * @param pairSeeds s_uv by roster index, [n]; null exactly for u itself and outside P
   * @param frame f, number of the frame in the layout
   */
  public static MaskedFrame mask(
      FixedVector vector,
      RoundContext context,
      int self,
      Secret32 selfSeed,
      Secret32[] pairSeeds,
      int frame) {
    checkSeeds(context, self, pairSeeds);
    FrameShape shape = vector.shape();
    byte[] ctxRound = context.round().bytes();
    int peers = context.participants().size() - 1;
    byte[][] prgKeys = new byte[peers + 1][];
    boolean[] subtract = new boolean[peers + 1];
    prgKeys[0] = RoundContext.prgKey(selfSeed.raw(), ctxRound, frame);
    int at = 1;
    for (int v : context.participants().indices()) {
      if (v != self) {
        prgKeys[at] = RoundContext.prgKey(pairSeeds[v].raw(), ctxRound, frame);
        subtract[at++] = v < self;
      }
    }
    long[] words = vector.takeInTheClear();
    byte[] checkKey = RoundContext.prgKey(context.checkKey().bytes(), ctxRound, frame);
    long[] check = CheckElement.of(words, shape, checkKey);
    System.arraycopy(check, 0, words, shape.checkOffset(), FrameShape.CHECK_WORDS);
    MaskStream.apply(words, shape, 0, words.length, prgKeys, subtract);
    for (byte[] key : prgKeys) {
      Arrays.fill(key, (byte) 0);
    }
    Arrays.fill(check, 0);
    return new MaskedFrame(shape, words);
  }

  private static void checkSeeds(RoundContext context, int self, Secret32[] pairSeeds) {
    if (pairSeeds.length != context.participants().rosterSize()
        || !context.participants().contains(self)) {
      throw new IllegalArgumentException(
          "self=%d seeds=%d for %s".formatted(self, pairSeeds.length, context));
    }
    for (int v = 0; v < pairSeeds.length; v++) {
      boolean needed = v != self && context.participants().contains(v);
      if (needed != (pairSeeds[v] != null)) {
        throw new IllegalArgumentException("seed of pair " + self + "-" + v + " missing or extra");
      }
    }
  }
}
