package io.tributary.jobs.analysis;

import java.io.Serializable;
import java.util.Arrays;

/** Numbers in a fixed order that nobody can change; equal when their bits are. */
public final class Reals implements Serializable {
  private final double[] values;

  private Reals(double[] values) {
    this.values = values;
  }

  public static Reals of(double... values) {
    return new Reals(values.clone());
  }

  public static Reals zeros(int size) {
    return new Reals(new double[size]);
  }

  public int size() {
    return values.length;
  }

  public double at(int index) {
    return values[index];
  }

  /** A copy of all. */
  public double[] toArray() {
    return values.clone();
  }

  public boolean allFinite() {
    for (double value : values) {
      if (!Double.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Reals that && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "Reals[" + values.length + "]";
  }
}
