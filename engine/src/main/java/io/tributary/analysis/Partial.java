package io.tributary.analysis;

/**
 * One site's plaintext contribution to one sum, block by block, on the layout's integer grid. It
 * has no wire form, is not serializable, and prints nothing; {@code codec.FixedPoint} alone turns
 * it into a vector that can be masked.
 *
 * <p>Blocks are asked for in ascending order, each at most a few times (a retry recomputes); a
 * partial over a large table computes them lazily on executors.
 */
public final class Partial {
  /** Gives the words of one block, [layout.words(block)], two's complement on the grid. */
  @FunctionalInterface
  public interface Blocks {
    long[] words(int block);
  }

  private final Layout layout;
  private final Blocks blocks;

  private Partial(Layout layout, Blocks blocks) {
    this.layout = layout;
    this.blocks = blocks;
  }

  /** A partial whose blocks are computed when asked for. */
  public static Partial lazy(Layout layout, Blocks blocks) {
    return new Partial(layout, blocks);
  }

  /** A partial of one block that is at hand; {@code words} is not copied. */
  public static Partial of(Layout layout, long[] words) {
    if (layout.blocks() != 1 || words.length != layout.words(0)) {
      throw new IllegalArgumentException(
          "words=" + words.length + " do not fill one block of " + layout);
    }
    return new Partial(layout, block -> words);
  }

  public Layout layout() {
    return layout;
  }

  /** Raw words of a block; a caller without business here has no {@link PlaintextAccess}. */
  public long[] words(int block, PlaintextAccess access) {
    if (access == null) {
      throw new IllegalArgumentException("no access");
    }
    return blocks.words(block);
  }

  @Override
  public String toString() {
    return "Partial[values withheld]";
  }
}
