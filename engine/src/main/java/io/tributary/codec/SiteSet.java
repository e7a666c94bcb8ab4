package io.tributary.codec;

import io.tributary.study.Errors;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * A subset of a roster of {@code n} sites, by roster index 0 to n - 1; immutable. Its bytes are the
 * bitmap of PROTOCOL.md 2.2: ceil(n / 8) bytes, site i is bit i mod 8 (least significant first) of
 * byte i / 8, spare bits zero.
 */
public final class SiteSet {
  /** The largest full graph (PROTOCOL.md, decisions at the top). */
  public static final int MAX_SITES = 256;

  private final int rosterSize;
  private final int[] indices;
  private final byte[] bitmap;

  private SiteSet(int rosterSize, byte[] bitmap) {
    this.rosterSize = rosterSize;
    this.bitmap = bitmap;
    int size = 0;
    for (byte b : bitmap) {
      size += Integer.bitCount(b & 0xff);
    }
    this.indices = new int[size];
    for (int i = 0, at = 0; i < rosterSize; i++) {
      if (bit(bitmap, i)) {
        indices[at++] = i;
      }
    }
  }

  /**
   * The sites with these indices, in any order, each once.
   *
   * @throws IllegalArgumentException for an index outside the roster or given twice
   */
  public static SiteSet of(int rosterSize, int... indices) {
    byte[] bitmap = new byte[bytesFor(rosterSize)];
    for (int i : indices) {
      if (i < 0 || i >= rosterSize || bit(bitmap, i)) {
        throw new IllegalArgumentException("site " + i + " twice or outside 0.." + rosterSize);
      }
      bitmap[i / 8] = (byte) (bitmap[i / 8] | 1 << (i % 8));
    }
    return new SiteSet(rosterSize, bitmap);
  }

  /** The whole roster. */
  public static SiteSet all(int rosterSize) {
    int[] indices = new int[rosterSize];
    Arrays.setAll(indices, i -> i);
    return of(rosterSize, indices);
  }

  /** Reads a bitmap. BAD_MESSAGE for another length, a spare bit that is set, or no such roster. */
  public static SiteSet ofBitmap(int rosterSize, byte[] bitmap) {
    if (rosterSize < 1 || rosterSize > MAX_SITES) {
      throw Errors.badMessage("A set of sites is over a roster of " + rosterSize + ".");
    }
    if (bitmap.length != bytesFor(rosterSize)) {
      throw Errors.badMessage(
          "A bitmap over " + rosterSize + " sites has " + bitmap.length + " bytes.");
    }
    if (rosterSize % 8 != 0 && (bitmap[bitmap.length - 1] & 0xff) >>> (rosterSize % 8) != 0) {
      throw Errors.badMessage("A bitmap over " + rosterSize + " sites names a site beyond them.");
    }
    return new SiteSet(rosterSize, bitmap.clone());
  }

  private static int bytesFor(int rosterSize) {
    if (rosterSize < 1 || rosterSize > MAX_SITES) {
      throw new IllegalArgumentException("rosterSize=" + rosterSize + " not in 1.." + MAX_SITES);
    }
    return (rosterSize + 7) / 8;
  }

  private static boolean bit(byte[] bitmap, int i) {
    return (bitmap[i / 8] >>> (i % 8) & 1) != 0;
  }

  /** Sites in the roster, whether in the set or not. */
  public int rosterSize() {
    return rosterSize;
  }

  /** Sites in the set. */
  public int size() {
    return indices.length;
  }

  /** Ascending, a copy. */
  public int[] indices() {
    return indices.clone();
  }

  /** False for an index outside the roster. */
  public boolean contains(int index) {
    return index >= 0 && index < rosterSize && bit(bitmap, index);
  }

  public boolean containsAll(SiteSet other) {
    return other.rosterSize == rosterSize && other.minus(this).size() == 0;
  }

  /** The sites of this set that are not in the other; both over one roster. */
  public SiteSet minus(SiteSet other) {
    sameRoster(other);
    byte[] left = bitmap.clone();
    for (int i = 0; i < left.length; i++) {
      left[i] = (byte) (left[i] & ~other.bitmap[i]);
    }
    return new SiteSet(rosterSize, left);
  }

  /** The sites in both sets; both over one roster. */
  public SiteSet and(SiteSet other) {
    return minus(minus(other));
  }

  private void sameRoster(SiteSet other) {
    if (other.rosterSize != rosterSize) {
      throw new IllegalArgumentException(
          "sets over rosters of " + rosterSize + " and " + other.rosterSize + " sites");
    }
  }

  /** The canonical bytes, a copy. */
  public byte[] bitmap() {
    return bitmap.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SiteSet that
        && rosterSize == that.rosterSize
        && Arrays.equals(bitmap, that.bitmap);
  }

  @Override
  public int hashCode() {
    return 31 * rosterSize + Arrays.hashCode(bitmap);
  }

  @Override
  public String toString() {
    return Arrays.stream(indices)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(",", "{", "} of " + rosterSize));
  }
}
