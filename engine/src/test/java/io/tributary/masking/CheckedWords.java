package io.tributary.masking;

import io.tributary.codec.FrameShape;

/**
 * What a site that lies can add to its masked frame so that the check element holds all the same.
 */
public final class CheckedWords {
  private CheckedWords() {}

  /**
   * Words with their check element, not masked.
   *
   * @param data values to add, [shape.dataWords()]
   * @return [shape.totalWords()]; the last two are one number of 128 bits, low word first
   */
  public static long[] of(RoundContext context, long[] data, FrameShape shape, int frame) {
    long[] words = new long[shape.totalWords()];
    System.arraycopy(data, 0, words, 0, data.length);
    byte[] key = RoundContext.prgKey(context.checkKey().bytes(), context.round().bytes(), frame);
    long[] check = CheckElement.of(words, shape, key);
    System.arraycopy(check, 0, words, shape.checkOffset(), FrameShape.CHECK_WORDS);
    return words;
  }
}
