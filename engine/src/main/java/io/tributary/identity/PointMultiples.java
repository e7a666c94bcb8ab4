package io.tributary.identity;

import java.util.Arrays;
import org.bouncycastle.math.ec.rfc7748.X25519Field;

/**
 * Multiples of one point P of edwards25519 (RFC 8032, 5.1), prepared once: j 32^i P for i in 0..50
 * and j in 1..16. With them any multiple of P is a sum of at most 51 points, without doublings.
 *
 * <p>Time depends on the scalars, so scalars must be public, as those of a verification are.
 * Arithmetic in the field is Bouncy Castle's. A point is kept as ((y - x) / 2, (y + x) / 2, d x y)
 * of its affine coordinates, the form in which the addition of Hisil, Wong, Carter and Dawson
 * (2008, section 3.1) takes seven products; for this curve it holds for any two points.
 */
final class PointMultiples {
  private static final int WINDOW_BITS = 5;

  /** 255 bits, so that the carry of a scalar below 2^253 has a place. */
  private static final int WINDOWS = 51;

  private static final int PER_WINDOW = 1 << (WINDOW_BITS - 1);
  private static final int LIMBS = X25519Field.SIZE;
  private static final int POINT_LIMBS = 3 * LIMBS;
  private static final int ENCODED_BYTES = 32;

  private static final int[] HALF = inverse(small(2));

  /** -121665 / 121666. */
  private static final int[] D = product(minus(small(121_665)), inverse(small(121_666)));

  /** Those of the base point, y = 4/5 and x even. */
  static final PointMultiples BASE = ofBase();

  /** [window, multiple - 1, form of the point, limb]; 98 kB. */
  private final int[] points;

  private PointMultiples(int[] points) {
    this.points = points;
  }

  private static PointMultiples ofBase() {
    byte[] encoded = new byte[ENCODED_BYTES];
    Arrays.fill(encoded, (byte) 0x66);
    encoded[0] = 0x58;
    int[] y = y(encoded);
    return of(x(encoded, y), y);
  }

  /**
   * Multiples of -P.
   *
   * @param encoded P, 32 bytes, which the caller has validated
   */
  static PointMultiples ofNegative(byte[] encoded) {
    int[] y = y(encoded);
    return of(minus(x(encoded, y)), y);
  }

  private static PointMultiples of(int[] x, int[] y) {
    int[] points = new int[WINDOWS * PER_WINDOW * POINT_LIMBS];
    Sum sum = new Sum();
    Affine power = new Affine(x, y);
    for (int window = 0; window < WINDOWS; window++) {
      int first = window * PER_WINDOW;
      store(power, points, first);
      sum.reset();
      int[][][] multiples = new int[PER_WINDOW][][];
      for (int j = 0; j < PER_WINDOW; j++) {
        sum.add(points, first, false);
        multiples[j] = new int[][] {sum.x.clone(), sum.y.clone(), sum.z.clone()};
      }
      Affine[] affine = affine(multiples);
      for (int j = 1; j < PER_WINDOW; j++) {
        store(affine[j], points, first + j);
      }
      // 16 P twice is the next window's P.
      sum.add(points, first + PER_WINDOW - 1, false);
      power = affine(new int[][][] {{sum.x, sum.y, sum.z}})[0];
    }
    return new PointMultiples(points);
  }

  /**
   * a s + b t for points a and b.
   *
   * @param s little-endian, 32 bytes, below 2^253; t likewise
   * @return the point's encoding, 32 bytes
   */
  static byte[] sum(PointMultiples a, byte[] s, PointMultiples b, byte[] t) {
    Sum sum = new Sum();
    a.addTo(sum, s);
    b.addTo(sum, t);
    return sum.encoded();
  }

  private void addTo(Sum sum, byte[] scalar) {
    int carry = 0;
    for (int window = 0; window < WINDOWS; window++) {
      int digit = digit(scalar, window) + carry;
      carry = digit > PER_WINDOW ? 1 : 0;
      digit -= carry << WINDOW_BITS;
      if (digit != 0) {
        sum.add(points, window * PER_WINDOW + Math.abs(digit) - 1, digit < 0);
      }
    }
  }

  /** Bits 5 window to 5 window + 4. */
  private static int digit(byte[] scalar, int window) {
    int bit = window * WINDOW_BITS;
    int low = scalar[bit / 8] & 0xff;
    int high = bit / 8 + 1 < scalar.length ? scalar[bit / 8 + 1] & 0xff : 0;
    return (low | high << 8) >> bit % 8 & (1 << WINDOW_BITS) - 1;
  }

  @SuppressWarnings("ArrayRecordComponent") // made for each point, read in one place
  private record Affine(int[] x, int[] y) {}

  /** (X/Z, Y/Z) of each, with one inversion for all (Montgomery). */
  private static Affine[] affine(int[][][] points) {
    int[][] before = new int[points.length][];
    int[] all = small(1);
    for (int i = 0; i < points.length; i++) {
      before[i] = all;
      all = product(all, points[i][2]);
    }
    int[] inverse = inverse(all);
    Affine[] affine = new Affine[points.length];
    for (int i = points.length - 1; i >= 0; i--) {
      int[] ofZ = product(inverse, before[i]);
      inverse = product(inverse, points[i][2]);
      affine[i] = new Affine(product(points[i][0], ofZ), product(points[i][1], ofZ));
    }
    return affine;
  }

  private static void store(Affine point, int[] points, int index) {
    int[] sum = X25519Field.create();
    int[] difference = X25519Field.create();
    X25519Field.apm(point.y, point.x, sum, difference);
    int at = index * POINT_LIMBS;
    X25519Field.copy(product(difference, HALF), 0, points, at);
    X25519Field.copy(product(sum, HALF), 0, points, at + LIMBS);
    X25519Field.copy(product(product(point.x, point.y), D), 0, points, at + 2 * LIMBS);
  }

  private static int[] y(byte[] encoded) {
    int[] y = X25519Field.create();
    X25519Field.decode255(encoded, y);
    return y;
  }

  /** RFC 8032, 5.1.3: x^2 = (y^2 - 1) / (d y^2 + 1), the sign in the encoding's highest bit. */
  private static int[] x(byte[] encoded, int[] y) {
    int[] above = product(y, y);
    int[] below = product(above, D);
    X25519Field.subOne(above);
    X25519Field.addOne(below);
    int[] x = X25519Field.create();
    if (!X25519Field.sqrtRatioVar(above, below, x)) {
      throw new IllegalArgumentException("no point has this encoding");
    }
    X25519Field.normalize(x);
    return (x[0] & 1) == (encoded[ENCODED_BYTES - 1] >> 7 & 1) ? x : minus(x);
  }

  private static int[] small(int value) {
    int[] element = X25519Field.create();
    element[0] = value;
    return element;
  }

  private static int[] minus(int[] element) {
    int[] negative = X25519Field.create();
    X25519Field.negate(element, negative);
    return negative;
  }

  private static int[] product(int[] a, int[] b) {
    int[] product = X25519Field.create();
    X25519Field.mul(a, b, product);
    return product;
  }

  private static int[] inverse(int[] element) {
    int[] inverse = X25519Field.create();
    X25519Field.invVar(element, inverse);
    return inverse;
  }

  /** A sum of points: x = X/Z, y = Y/Z, x y = U V / Z. */
  private static final class Sum {
    private final int[] x = X25519Field.create();
    private final int[] y = X25519Field.create();
    private final int[] z = X25519Field.create();
    private final int[] u = X25519Field.create();
    private final int[] v = X25519Field.create();

    private final int[] a = X25519Field.create();
    private final int[] b = X25519Field.create();
    private final int[] c = X25519Field.create();
    private final int[] f = X25519Field.create();
    private final int[] g = X25519Field.create();
    private final int[] taken = X25519Field.create();

    Sum() {
      reset();
    }

    /** The neutral point (0, 1). */
    void reset() {
      X25519Field.zero(x);
      X25519Field.one(y);
      X25519Field.one(z);
      X25519Field.zero(u);
      X25519Field.one(v);
    }

    /** Adds a prepared point, or its negative, in which x changes its sign. */
    void add(int[] points, int index, boolean negative) {
      int at = index * POINT_LIMBS;
      X25519Field.apm(y, x, b, a);
      X25519Field.copy(points, negative ? at + LIMBS : at, taken, 0);
      X25519Field.mul(a, taken, a);
      X25519Field.copy(points, negative ? at : at + LIMBS, taken, 0);
      X25519Field.mul(b, taken, b);
      X25519Field.copy(points, at + 2 * LIMBS, taken, 0);
      X25519Field.mul(u, v, c);
      X25519Field.mul(c, taken, c);
      X25519Field.apm(b, a, v, u);
      X25519Field.apm(z, c, negative ? f : g, negative ? g : f);
      X25519Field.mul(u, f, x);
      X25519Field.mul(g, v, y);
      X25519Field.mul(f, g, z);
    }

    byte[] encoded() {
      int[] ofZ = inverse(z);
      int[] affineX = product(x, ofZ);
      int[] affineY = product(y, ofZ);
      X25519Field.normalize(affineX);
      X25519Field.normalize(affineY);
      byte[] out = new byte[ENCODED_BYTES];
      X25519Field.encode(affineY, out, 0);
      out[ENCODED_BYTES - 1] |= (byte) ((affineX[0] & 1) << 7);
      return out;
    }
  }
}
