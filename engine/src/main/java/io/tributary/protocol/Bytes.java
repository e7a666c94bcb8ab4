package io.tributary.protocol;

import java.util.Arrays;

/** Immutable bytes as a value; prints their number only. Not for secrets. */
public final class Bytes {
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] value;

  private Bytes(byte[] value) {
    this.value = value;
  }

  /** Takes the array as its own; the caller forgets it. */
  public static Bytes take(byte[] value) {
    return value.length == 0 ? EMPTY : new Bytes(value);
  }

  /** Copies. */
  public static Bytes of(byte[] value) {
    return take(value.clone());
  }

  public int size() {
    return value.length;
  }

  public boolean isEmpty() {
    return value.length == 0;
  }

  /** A copy. */
  public byte[] toArray() {
    return value.clone();
  }

  /** The array itself, for readers that neither change nor keep it: payloads are large. */
  public byte[] shared() {
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that && Arrays.equals(value, that.value);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(value);
  }

  @Override
  public String toString() {
    return "Bytes[" + value.length + "]";
  }
}
