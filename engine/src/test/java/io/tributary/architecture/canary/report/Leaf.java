package io.tributary.architecture.canary.report;

import io.tributary.architecture.canary.study.Root;

/** Breaks nothing by itself: it looks downwards. */
public final class Leaf {
  /** Not a constant expression, else the compiler would copy it and leave no dependency. */
  public static final String NAME = Root.name();

  private Leaf() {}
}
