package io.tributary.jobs.analysis;

import java.util.Arrays;

/** Whole numbers in a fixed order that nobody can change; equal when their elements are. */
public final class Counts {
  private final long[] values;

  private Counts(long[] values) {
    this.values = values;
  }

  public static Counts of(long... values) {
    return new Counts(values.clone());
  }

  public int size() {
    return values.length;
  }

  public long at(int index) {
    return values[index];
  }

  /** A copy of all. */
  public long[] toArray() {
    return values.clone();
  }

  /** A copy of {@code size} elements from {@code first} on. */
  public long[] slice(int first, int size) {
    return Arrays.copyOfRange(values, first, first + size);
  }

  public long sum() {
    long sum = 0;
    for (long value : values) {
      sum = Math.addExact(sum, value);
    }
    return sum;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Counts that && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "Counts[" + values.length + "]";
  }
}
