package io.tributary.jobs.genomics;

import io.tributary.analysis.Layout;
import io.tributary.connectors.genomics.VariantTile;

/**
 * Products of the copies of each variant and of those that follow it in a window, summed over
 * persons: what correlations within the window are made from.
 *
 * <p>Words of a variant: its genotypes and calls as {@link CountingKernel} packs them; where its
 * chromosome ends; for each of the variants that follow, the sum of products of copies. If pairs
 * are asked for, a product is over persons who have a call at both, whose number is in its low
 * lane, and for each follower two words more: the genotypes of these persons at the variant and at
 * the follower. Else a person without a call has as many copies as {@code fills} says.
 *
 * <p>Variants of different chromosomes have zeros, and a word tells where chromosomes end: all
 * persons at the last variant of one, else 0.
 */
public final class LinkageKernel implements CallKernel {
  static final String GENOTYPES = "genotypes";
  static final String CALLS = "calls";
  static final String ENDS = "ends";
  static final String PRODUCTS = "products";
  static final String FIRST = "genotypes of the first";
  static final String SECOND = "genotypes of the second";

  /** Persons of all sites, at most: four times as many are a product in the high lane. */
  private static final long MOST_PERSONS = 1L << 27;

  private static final int SELF = 3;
  private static final int LANE = GenotypeCounts.LANE;

  private final CohortMask cohort;
  private final long persons;
  private final int followers;
  private final int[] ends;
  private final byte[] fills;

  /**
   * A kernel.
   *
   * @param cohort whom it counts
   * @param followers variants after each one
   * @param ends rows at which chromosomes end, ascending
   * @param fills copies of persons without a call, by row; empty if they are left out of pairs
   */
  public LinkageKernel(CohortMask cohort, int followers, int[] ends, byte[] fills) {
    this.cohort = cohort;
    this.persons = cohort.persons();
    this.followers = followers;
    this.ends = ends.clone();
    this.fills = fills.clone();
  }

  /**
   * Slots of the sum.
   *
   * @param pairs whether persons without a call are left out of pairs
   */
  public static Layout layout(
      int sites, long personsPerSite, int variants, int followers, boolean pairs) {
    long most = Math.min(personsPerSite, MOST_PERSONS / sites);
    long lane = 1L << LANE;
    long product = pairs ? 4 * lane + 1 : 4;
    Layout.Builder layout =
        Layout.of(sites)
            .rows(variants, VariantRows.perBlock(words(followers, pairs)))
            .count(GENOTYPES, 1, "person", lane, most << LANE)
            .count(CALLS, 1, "person", lane + 1, (most << LANE) + lane)
            .count(ENDS, 1, "person", 1, most)
            .count(PRODUCTS, followers, "copy^2", product, product * most);
    if (pairs) {
      layout
          .count(FIRST, followers, "person", lane, most << LANE)
          .count(SECOND, followers, "person", lane, most << LANE);
    }
    return layout.build();
  }

  /** Words of a variant. */
  public static int words(int followers, boolean pairs) {
    return SELF + (pairs ? 3 : 1) * followers;
  }

  @Override
  public boolean readsAbsent() {
    return true;
  }

  @Override
  public int ahead() {
    return followers;
  }

  @Override
  public int leastTile() {
    return Math.max(256, 2 * followers);
  }

  @Override
  public int words() {
    return words(followers, fills.length == 0);
  }

  @Override
  public long[] sum(VariantTile tile, int[] rows) {
    long[] words = new long[Math.multiplyExact(rows.length, words())];
    Planes planes = new Planes(tile, rows[0]);
    for (int i = 0; i < rows.length; i++) {
      int at = i * words();
      long missing = persons - planes.called(i);
      words[at] = planes.het(i) | (planes.homAlt(i) << LANE);
      words[at + 1] = missing | (persons << LANE);
      int end = end(rows[i]);
      words[at + 2] = rows[i] + 1 == end ? persons : 0;
      int same = Math.min(tile.variants(), i + end - rows[i]);
      for (int j = i + 1; j < same && j <= i + followers; j++) {
        int follower = at + SELF + j - i - 1;
        if (fills.length > 0) {
          words[follower] = planes.product(i, j);
        } else {
          words[follower] = planes.both(i, j) | (planes.product(i, j) << LANE);
          words[follower + followers] = planes.genotypes(i, j);
          words[follower + 2 * followers] = planes.genotypes(j, i);
        }
      }
    }
    return words;
  }

  /** Row at which the chromosome of a row ends. */
  private int end(int row) {
    for (int end : ends) {
      if (row < end) {
        return end;
      }
    }
    throw new IllegalArgumentException("row " + row);
  }

  /**
   * Bits of a tile's persons, 64 to a word: who has a copy, who has two, who has a call. Where
   * calls are filled in, everybody has one.
   */
  private final class Planes {
    private final int stride;
    private final long[] some;
    private final long[] two;
    private final long[] called;

    Planes(VariantTile tile, int firstRow) {
      stride = (tile.stride() + 1) / 2;
      some = new long[Math.multiplyExact(tile.variants(), stride)];
      two = new long[some.length];
      called = new long[some.length];
      for (int variant = 0; variant < tile.variants(); variant++) {
        int fill = fills.length == 0 ? 0 : fills[firstRow + variant];
        for (int w = 0; w < tile.stride(); w++) {
          long mask = cohort.word(w) & VariantTile.LOW;
          long pairs = tile.words()[variant * tile.stride() + w];
          long low = pairs & mask;
          long high = (pairs >>> 1) & mask;
          long missing = low & high;
          int at = variant * stride + w / 2;
          int shift = 32 * (w % 2);
          some[at] |= packed(((low | high) & ~missing) | (fill > 0 ? missing : 0)) << shift;
          two[at] |= packed((high & ~missing) | (fill > 1 ? missing : 0)) << shift;
          called[at] |= packed(mask & ~missing) << shift;
        }
      }
    }

    long het(int variant) {
      long count = 0;
      for (int w = variant * stride; w < (variant + 1) * stride; w++) {
        count += Long.bitCount(some[w] & ~two[w]);
      }
      return count;
    }

    long homAlt(int variant) {
      return count(two, variant);
    }

    long called(int variant) {
      return count(called, variant);
    }

    private long count(long[] plane, int variant) {
      long count = 0;
      for (int w = variant * stride; w < (variant + 1) * stride; w++) {
        count += Long.bitCount(plane[w]);
      }
      return count;
    }

    /** Copies are the sum of both planes. */
    long product(int first, int second) {
      int a = first * stride;
      int b = second * stride;
      long product = 0;
      for (int w = 0; w < stride; w++) {
        product +=
            Long.bitCount(some[a + w] & some[b + w])
                + Long.bitCount(some[a + w] & two[b + w])
                + Long.bitCount(two[a + w] & some[b + w])
                + Long.bitCount(two[a + w] & two[b + w]);
      }
      return product;
    }

    /** Persons with a call at both. */
    long both(int first, int second) {
      long persons = 0;
      for (int w = 0; w < stride; w++) {
        persons += Long.bitCount(called[first * stride + w] & called[second * stride + w]);
      }
      return persons;
    }

    /** Genotypes at a variant of persons with a call at another. */
    long genotypes(int variant, int other) {
      int a = variant * stride;
      int b = other * stride;
      long het = 0;
      long homAlt = 0;
      for (int w = 0; w < stride; w++) {
        het += Long.bitCount(some[a + w] & ~two[a + w] & called[b + w]);
        homAlt += Long.bitCount(two[a + w] & called[b + w]);
      }
      return het | (homAlt << LANE);
    }
  }

  /** The 32 bits at even places, side by side. */
  private static long packed(long even) {
    long bits = even;
    bits = (bits | (bits >>> 1)) & 0x3333333333333333L;
    bits = (bits | (bits >>> 2)) & 0x0f0f0f0f0f0f0f0fL;
    bits = (bits | (bits >>> 4)) & 0x00ff00ff00ff00ffL;
    bits = (bits | (bits >>> 8)) & 0x0000ffff0000ffffL;
    return (bits | (bits >>> 16)) & 0x00000000ffffffffL;
  }
}
