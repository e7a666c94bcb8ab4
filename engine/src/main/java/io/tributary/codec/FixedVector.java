package io.tributary.codec;

import java.util.Arrays;

/**
 * The plaintext words of one frame: what a site would add if nothing were masked, two's complement
 * on the layout's grid, in the order of {@link FrameShape}, and zeros where the frame's zero word
 * and check element will stand.
 *
 * <p>It has no wire form, is not serializable and prints nothing. Its words are read only through
 * {@link #wordsInTheClear}, a name to search for in a review: the noise needs it, and the masks,
 * which take the words over, so that they are in memory once.
 */
public final class FixedVector {
  private static final long[] NOTHING = {};

  private final FrameShape shape;
  private long[] words;

  private FixedVector(FrameShape shape, long[] words) {
    this.shape = shape;
    this.words = words;
  }

  /**
   * A vector of its own copy of the words.
   *
   * @param words plaintext words, [shape.dataWords()]
   */
  public static FixedVector of(FrameShape shape, long[] words) {
    if (words.length != shape.dataWords()) {
      throw new IllegalArgumentException("words=" + words.length + " for " + shape);
    }
    return new FixedVector(shape, Arrays.copyOf(words, shape.totalWords()));
  }

  public FrameShape shape() {
    return shape;
  }

  /**
   * The vector's own words, [shape.totalWords()] of which the first {@code shape.dataWords()} are
   * data, not a copy: not to be kept, sent or logged.
   */
  public long[] wordsInTheClear() {
    return words;
  }

  /** Gives the words away to whoever masks them where they are; the vector is empty then. */
  public long[] takeInTheClear() {
    long[] taken = words;
    words = NOTHING;
    return taken;
  }

  /** Overwrites the words with zeros, unless they were taken. */
  public void erase() {
    Arrays.fill(words, 0);
  }

  @Override
  public String toString() {
    return "FixedVector[" + shape + ", values withheld]";
  }
}
