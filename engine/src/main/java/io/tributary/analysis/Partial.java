package io.tributary.analysis;

import java.util.List;
import java.util.Optional;

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
  private final Optional<Clipped> clipped;

  private Partial(Layout layout, Blocks blocks, Optional<Clipped> clipped) {
    this.layout = layout;
    this.blocks = blocks;
    this.clipped = clipped;
  }

  /**
   * How often persons were clipped for noise (PROTOCOL.md 3.1): for the site alone, since no noise
   * is in these numbers.
   *
   * @param persons in the partial
   * @param bySlot persons whose vector was shortened, for each slot of the layout
   */
  public record Clipped(long persons, List<Long> bySlot) {
    public Clipped {
      bySlot = List.copyOf(bySlot);
    }

    @Override
    public String toString() {
      return "Clipped[values withheld]";
    }
  }

  /** A partial whose blocks are computed when asked for. */
  public static Partial lazy(Layout layout, Blocks blocks) {
    return new Partial(layout, blocks, Optional.empty());
  }

  /** A partial of one block that is at hand; {@code words} is not copied. */
  public static Partial of(Layout layout, long[] words) {
    if (layout.blocks() != 1 || words.length != layout.words(0)) {
      throw new IllegalArgumentException(
          "words=" + words.length + " do not fill one block of " + layout);
    }
    return new Partial(layout, block -> words, Optional.empty());
  }

  /** The same with how often persons were clipped for it. */
  public Partial withClipped(Clipped counts) {
    return new Partial(layout, blocks, Optional.of(counts));
  }

  public Layout layout() {
    return layout;
  }

  /** How often persons were clipped; empty for a partial of exact sums. */
  public Optional<Clipped> clipped() {
    return clipped;
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
