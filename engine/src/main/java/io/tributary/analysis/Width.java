package io.tributary.analysis;

/** Words an element takes: Z_2^64 or Z_2^128 (PROTOCOL.md 2.9). */
public enum Width {
  NARROW(1),
  WIDE(2);

  private final int words;

  Width(int words) {
    this.words = words;
  }

  public int words() {
    return words;
  }
}
