package io.tributary.architecture.canary.study;

import io.tributary.architecture.canary.report.Leaf;

/** Looks at a package above. */
final class Upward {
  private Upward() {}

  static String name() {
    return Leaf.NAME.strip();
  }
}
