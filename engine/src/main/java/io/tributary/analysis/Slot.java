package io.tributary.analysis;

import io.tributary.study.Errors;
import java.io.Serializable;

/**
 * One named vector of a partial, declared before any data is read (PROTOCOL.md 2.9).
 *
 * @param name field's term, e.g. {@code score}
 * @param size elements per row of the layout, at least 1
 * @param unit what one element counts, e.g. {@code person}
 * @param boundPerPerson largest absolute contribution of one person to one element; the sensitivity
 * @param boundPerSite largest absolute site sum of one element
 * @param scaleBits s: an element v travels as rint(v 2^s), so its resolution is 2^-s
 * @param width narrow (64 bit) or wide (128 bit)
 */
public record Slot(
    String name,
    int size,
    String unit,
    double boundPerPerson,
    double boundPerSite,
    int scaleBits,
    Width width)
    implements Serializable {

  /** Scales beyond this could not be told apart from zero or infinity in a double. */
  public static final int MAX_SCALE_BITS = 1000;

  public Slot {
    if (name == null || name.isEmpty() || size < 1) {
      throw new IllegalArgumentException("slot needs a name and at least one element: " + name);
    }
    if (!(boundPerPerson > 0) || !(boundPerSite > 0) || Double.isInfinite(boundPerSite)) {
      throw Errors.layoutWouldWrap(
          name, "Its bound is not a positive finite number.", "Declare a range for the column.");
    }
    if (Math.abs(scaleBits) > MAX_SCALE_BITS) {
      throw Errors.layoutWouldWrap(
          name, "Its scale 2^" + scaleBits + " is out of range.", "Rescale the column.");
    }
  }

  /** Resolution of one element, in its unit: 2^-s. */
  public double resolution() {
    return Math.scalb(1.0, -scaleBits);
  }
}
