package io.tributary.architecture.canary.study;

import io.tributary.analysis.Partial;
import io.tributary.analysis.PlaintextAccess;

/** Reads a partial's words without business there. */
final class Curious {
  private Curious() {}

  static long first(Partial partial) {
    return partial.words(0, PlaintextAccess.insecure())[0];
  }
}
