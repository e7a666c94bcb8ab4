package io.tributary.codec;

/**
 * How many elements one frame holds; a frame is a layout block and a mask block (PROTOCOL.md 2.5).
 *
 * <pre>
 *   words 0 .. 2W-1        W wide elements, two words each, low then high
 *   words 2W .. 2W+N-1     N narrow elements, one word each
 *   one zero word          only if N is odd
 *   the last two words     the check element, wide
 * </pre>
 *
 * So every wide element, the check element too, starts at an even word, where an AES block of the
 * mask stream starts.
 *
 * @param wideElements W, elements of Z_2^128
 * @param narrowElements N, elements of Z_2^64
 */
public record FrameShape(int wideElements, int narrowElements) {
  /** 8 MiB under one mask key (PROTOCOL.md 2.10). */
  public static final int MAX_WORDS = 1 << 20;

  /** What is left beside a zero word and the check element. */
  public static final int MAX_DATA_WORDS = MAX_WORDS - 3;

  /** Words of the check element. */
  public static final int CHECK_WORDS = 2;

  public FrameShape {
    if (wideElements < 0
        || narrowElements < 0
        || (long) wideElements + narrowElements < 1
        || 2L * wideElements + narrowElements > MAX_DATA_WORDS) {
      throw new IllegalArgumentException(
          "a frame holds 1 to "
              + MAX_DATA_WORDS
              + " data words: wideElements="
              + wideElements
              + " narrowElements="
              + narrowElements);
    }
  }

  /** 2W + N. */
  public int dataWords() {
    return 2 * wideElements + narrowElements;
  }

  /** Word where the check element starts; even. */
  public int checkOffset() {
    return dataWords() + (narrowElements & 1);
  }

  /** Words of the masked frame; even, at most {@link #MAX_WORDS}. */
  public int totalWords() {
    return checkOffset() + CHECK_WORDS;
  }
}
