package io.tributary.masking;

import io.tributary.codec.FrameShape;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import java.util.Arrays;

/**
 * The coordinator's arithmetic (PROTOCOL.md 2.5, R4): add the contributors' frames, remove the
 * masks whose seeds were released, verify the check element. Pure static functions over primitive
 * arrays, so that Spark executors can run them; only seeds that sites have released come near them.
 *
 * <p>In the sum over U the masks of pairs inside U cancel. What is left is PRG(b_u) for every u in
 * U, and for every u in U and z in P outside U the mask of their pair, added if z is above u and
 * subtracted if below.
 */
public final class Unmasker {
  private Unmasker() {}

  /** Adds a frame to a sum of the same shape; wide elements with carry. */
  public static void add(long[] sum, long[] frame, int wideElements, int narrowElements) {
    FrameShape shape = shape(sum, wideElements, narrowElements);
    shape(frame, wideElements, narrowElements);
    int wideTo = 2 * wideElements;
    addWide(sum, frame, 0, wideTo);
    for (int i = wideTo; i < shape.checkOffset(); i++) {
      sum[i] += frame[i];
    }
    addWide(sum, frame, shape.checkOffset(), frame.length);
  }

  private static void addWide(long[] sum, long[] frame, int from, int to) {
    for (int i = from; i < to; i += 2) {
      long low = sum[i] + frame[i];
      sum[i + 1] += frame[i + 1] + MaskStream.carry(sum[i], frame[i], low);
      sum[i] = low;
    }
  }

  /**
   * Whether the mask of each released seed has to be subtracted from the sum, in the order in which
   * seeds are listed and hashed: b_u for u in U ascending, then s_uz by (u, z).
   *
   * @param contributors U, ascending roster indices
   * @param dropouts P without U, ascending
   * @return [|U| + |U| * |dropouts|]
   */
  public static boolean[] releasedSigns(int[] contributors, int[] dropouts) {
    boolean[] subtract = new boolean[contributors.length + contributors.length * dropouts.length];
    Arrays.fill(subtract, 0, contributors.length, true);
    int at = contributors.length;
    for (int u : contributors) {
      for (int z : dropouts) {
        subtract[at++] = z > u;
      }
    }
    return subtract;
  }

  /**
   * Removes the masks of released seeds from the sum of U's frames.
   *
   * @param sum changed in place
   * @param ctxRound 32 bytes
   * @param frame f
   * @param seeds 32 bytes each, in the order of {@link #releasedSigns}
   * @param subtract {@link #releasedSigns}
   */
  public static void removeMasks(
      long[] sum,
      int wideElements,
      int narrowElements,
      byte[] ctxRound,
      int frame,
      byte[][] seeds,
      boolean[] subtract) {
    FrameShape shape = shape(sum, wideElements, narrowElements);
    byte[][] prgKeys = new byte[seeds.length][];
    for (int i = 0; i < seeds.length; i++) {
      prgKeys[i] = RoundContext.prgKey(seeds[i], ctxRound, frame);
    }
    MaskStream.apply(sum, shape, 0, sum.length, prgKeys, subtract);
  }

  /**
   * Whether the check element of an unmasked sum is that of its words and the zero word is zero.
   *
   * @param checkKey chk_key, 32 bytes
   */
  public static boolean checkHolds(
      long[] sum,
      int wideElements,
      int narrowElements,
      byte[] ctxRound,
      byte[] checkKey,
      int frame) {
    FrameShape shape = shape(sum, wideElements, narrowElements);
    long[] check = CheckElement.of(sum, shape, RoundContext.prgKey(checkKey, ctxRound, frame));
    int at = shape.checkOffset();
    long difference = (sum[at] ^ check[0]) | (sum[at + 1] ^ check[1]);
    for (int i = shape.dataWords(); i < at; i++) {
      difference |= sum[i];
    }
    return difference == 0;
  }

  /**
   * Sum, removal and check in one call.
   *
   * @param frames masked words of every contributor, [|U|][totalWords]
   * @return the summed plaintext words, [2 W + N]; CHECK_FAILED if the check element is wrong,
   *     which names nobody
   */
  public static long[] open(
      long[][] frames,
      int wideElements,
      int narrowElements,
      byte[] ctxRound,
      byte[] checkKey,
      int frame,
      byte[][] seeds,
      boolean[] subtract) {
    FrameShape shape = new FrameShape(wideElements, narrowElements);
    long[] sum = new long[shape.totalWords()];
    for (long[] words : frames) {
      add(sum, words, wideElements, narrowElements);
    }
    removeMasks(sum, wideElements, narrowElements, ctxRound, frame, seeds, subtract);
    if (!checkHolds(sum, wideElements, narrowElements, ctxRound, checkKey, frame)) {
      throw Errors.protocol(
          ErrorCode.CHECK_FAILED,
          "The check element of frame " + frame + " does not fit the sum.",
          "A frame, a seed or the arithmetic of one party is wrong; the check cannot tell whose.",
          "Try the attempt again with the same sites; if it fails again, compare versions.");
    }
    return Arrays.copyOf(sum, shape.dataWords());
  }

  private static FrameShape shape(long[] words, int wideElements, int narrowElements) {
    FrameShape shape = new FrameShape(wideElements, narrowElements);
    if (words.length != shape.totalWords()) {
      throw new IllegalArgumentException("words=" + words.length + " for " + shape);
    }
    return shape;
  }
}
