package io.tributary.codec;

import java.util.Arrays;

/**
 * The plaintext words of one frame: what a site would add if nothing were masked, two's complement
 * on the layout's grid, in the order of {@link FrameShape}, without zero word and check element.
 *
 * <p>It has no wire form, is not serializable and prints nothing. Its words are read only through
 * {@link #wordsInTheClear}, a name to search for in a review: the mask and the noise need it, and
 * nothing else.
 */
public final class FixedVector {
  private final FrameShape shape;
  private final long[] words;

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
    return new FixedVector(shape, checked(shape, words).clone());
  }

  /** As {@link #of}, but the array becomes the vector's own; the caller forgets it. */
  public static FixedVector take(FrameShape shape, long[] words) {
    return new FixedVector(shape, checked(shape, words));
  }

  private static long[] checked(FrameShape shape, long[] words) {
    if (words.length != shape.dataWords()) {
      throw new IllegalArgumentException("words=" + words.length + " for " + shape);
    }
    return words;
  }

  public FrameShape shape() {
    return shape;
  }

  /** The vector's own words, [shape.dataWords()], not a copy: not to be kept, sent or logged. */
  public long[] wordsInTheClear() {
    return words;
  }

  /** Overwrites the words with zeros, once they are masked. */
  public void erase() {
    Arrays.fill(words, 0);
  }

  @Override
  public String toString() {
    return "FixedVector[" + shape + ", values withheld]";
  }
}
