package io.tributary.privacy;

/**
 * A stream of independent uniform 64-bit words. For noise it is the key stream of the step's noise
 * key (PROTOCOL.md 2.3), so that every attempt at a step draws the same noise; nobody outside the
 * site can tell it from random words.
 */
@FunctionalInterface
public interface RandomWords {
  long next();
}
