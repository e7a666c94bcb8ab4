package io.tributary.connectors;

/**
 * Pseudo-random draws for invented data, each a function of what it is for: the same on every
 * machine and in any order (SplitMix64; Steele, Lea and Flood 2014). Of no use for secrets.
 */
public final class Draws {
  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  private Draws() {}

  /** The bits of a number, well mixed. */
  public static long mixed(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** From 0 to below 1, of mixed bits. */
  public static double uniform(long bits) {
    return (bits >>> 11) * 0x1p-53;
  }

  /** From 0 to below 1, for a purpose and two numbers. */
  public static double uniform(long seed, int purpose, long first, long second) {
    long mixed = mixed(seed * GAMMA + purpose);
    mixed = mixed(mixed + GAMMA * (first + 1));
    return uniform(mixed(mixed + GAMMA * (second + 1)));
  }

  /** Standard normal, for a purpose and two numbers (Box and Muller 1958). */
  public static double normal(long seed, int purpose, long first, long second) {
    double radius =
        StrictMath.sqrt(-2 * StrictMath.log1p(-uniform(seed, 2 * purpose, first, second)));
    return radius * StrictMath.cos(2 * Math.PI * uniform(seed, 2 * purpose + 1, first, second));
  }
}
