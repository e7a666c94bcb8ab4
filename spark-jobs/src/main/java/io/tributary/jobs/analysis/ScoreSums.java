package io.tributary.jobs.analysis;

import io.tributary.analysis.Layout;
import io.tributary.analysis.Slot;
import io.tributary.analysis.Width;
import io.tributary.codec.FixedPoint;
import java.io.Serializable;

/**
 * Sums of residual z and of weight z z' over rows z, the upper triangle packed by rows: score and
 * information of a model.
 *
 * <p>Each product is put on the slot's grid and integers are added, so the sums do not depend on
 * order. The inner loop stays in doubles: adding and subtracting 1.5 x 2^52 rounds half to even to
 * a whole number, and sums of whole numbers below 2^53 are exact; they are moved into the words
 * before they could grow beyond. A row whose products would be too large for that takes the plain
 * way, which gives the same integers.
 */
public final class ScoreSums {
  private static final double ROUND = 0x1.8p52;

  /** |value| below it is rounded right by ROUND, and 2^52 / it can be added without a flush. */
  private static final double FAST = 0x1p49;

  /** Whole numbers a double sum may reach. */
  private static final double FULL = 0x1p52;

  /** Bits of a wide element that lie below its coarse part. */
  private static final int FINE_BITS = 48;

  private final Pending scores;
  private final Pending products;
  private final long[] words;

  /** Sums that go to some words; {@link #flush} brings the last of them there. */
  public ScoreSums(Places places, long[] words) {
    this.scores = new Pending(places.score());
    this.products = new Pending(places.information());
    this.words = words;
  }

  /** Where both slots lie in a layout. */
  public record Places(Target score, Target information) implements Serializable {
    /** By the names of the slots. */
    public static Places of(Layout layout, String score, String information) {
      return new Places(Target.of(layout, score), Target.of(layout, information));
    }
  }

  /**
   * Adds one row, whose products its bounds have been held against before.
   *
   * @param most greatest absolute element of z
   * @param weight at least 0
   */
  public void add(double[] z, double most, double residual, double weight) {
    if (scores.reserve(Math.abs(residual) * scores.factor * most, words)) {
      addVector(scores, z, residual * scores.factor);
    } else {
      plainVector(scores.target, z, residual, words);
    }
    if (products.reserve(weight * products.factor * most * most * (1 + 0x1p-40), words)) {
      addProducts(products, z, weight * products.factor);
    } else {
      plainProducts(products.target, z, weight, words);
    }
  }

  /** Brings what is still held in doubles to the words. */
  public void flush() {
    scores.flush(words);
    products.flush(words);
  }

  /**
   * Where a slot's elements lie, and on what grid.
   *
   * @param offset of its first word
   * @param size elements
   */
  public record Target(String name, int offset, int size, int scaleBits, boolean wide)
      implements Serializable {
    static Target of(Layout layout, String name) {
      Slot slot = layout.slots().get(layout.slotIndex(name));
      return new Target(
          name,
          layout.offset(layout.slotIndex(name), 0),
          slot.size(),
          slot.scaleBits(),
          slot.width() == Width.WIDE);
    }

    /** Factor that brings a product to whole numbers in the coarse part. */
    double factor() {
      return Math.scalb(1.0, wide ? scaleBits - FINE_BITS : scaleBits);
    }
  }

  /** Whole-number sums of one target that still are doubles. */
  private static final class Pending {
    private final Target target;
    private final double factor;
    private final double[] coarse;
    private final double[] fine;
    private double reached;
    private int rows;

    Pending(Target target) {
      this.target = target;
      this.factor = target.factor();
      this.coarse = new double[target.size()];
      this.fine = target.wide() ? new double[target.size()] : null;
    }

    /**
     * Makes room for a row whose elements are at most {@code most}; false if it needs the plain
     * way.
     */
    boolean reserve(double most, long[] words) {
      if (!(most < FAST)) {
        return false;
      }
      double room = most + 1;
      // A fine element is at most 2^47, so that 2^5 of them stay below 2^52.
      if (reached + room > FULL || (target.wide() && rows == 1 << (52 - FINE_BITS + 1))) {
        flush(words);
      }
      reached += room;
      rows++;
      return true;
    }

    void flush(long[] words) {
      for (int i = 0; i < coarse.length; i++) {
        long q = (long) coarse[i];
        coarse[i] = 0;
        if (fine == null) {
          words[target.offset() + i] = Math.addExact(words[target.offset() + i], q);
        } else {
          int at = target.offset() + 2 * i;
          FixedPoint.add(words, at, q << FINE_BITS, q >> (64 - FINE_BITS));
          long low = (long) fine[i];
          fine[i] = 0;
          FixedPoint.add(words, at, low, low >> 63);
        }
      }
      reached = 0;
      rows = 0;
    }
  }

  private static void addVector(Pending to, double[] z, double factor) {
    double[] coarse = to.coarse;
    if (to.fine == null) {
      for (int j = 0; j < z.length; j++) {
        coarse[j] += (factor * z[j] + ROUND) - ROUND;
      }
      return;
    }
    double[] fine = to.fine;
    for (int j = 0; j < z.length; j++) {
      double value = factor * z[j];
      double whole = (value + ROUND) - ROUND;
      coarse[j] += whole;
      fine[j] += ((value - whole) * 0x1p48 + ROUND) - ROUND;
    }
  }

  /** Upper triangle, packed by rows. */
  private static void addProducts(Pending to, double[] z, double factor) {
    double[] coarse = to.coarse;
    double[] fine = to.fine;
    int p = z.length;
    int at = 0;
    for (int j = 0; j < p; j++) {
      double left = factor * z[j];
      int shift = at - j;
      if (fine == null) {
        for (int k = j; k < p; k++) {
          coarse[shift + k] += (left * z[k] + ROUND) - ROUND;
        }
      } else {
        for (int k = j; k < p; k++) {
          double value = left * z[k];
          double whole = (value + ROUND) - ROUND;
          coarse[shift + k] += whole;
          fine[shift + k] += ((value - whole) * 0x1p48 + ROUND) - ROUND;
        }
      }
      at += p - j;
    }
  }

  private static void plainVector(Target target, double[] z, double factor, long[] words) {
    for (int j = 0; j < z.length; j++) {
      plain(target, j, factor * z[j], words);
    }
  }

  private static void plainProducts(Target target, double[] z, double factor, long[] words) {
    int at = 0;
    for (int j = 0; j < z.length; j++) {
      double left = factor * z[j];
      for (int k = j; k < z.length; k++) {
        plain(target, at++, left * z[k], words);
      }
    }
  }

  private static void plain(Target target, int element, double value, long[] words) {
    // No bound of its own: the row's checks imply the slot's.
    if (target.wide()) {
      FixedPoint.addWide(
          target.name(),
          value,
          Double.MAX_VALUE,
          target.scaleBits(),
          words,
          target.offset() + 2 * element);
    } else {
      int at = target.offset() + element;
      words[at] =
          Math.addExact(
              words[at],
              FixedPoint.narrow(target.name(), value, Double.MAX_VALUE, target.scaleBits()));
    }
  }
}
