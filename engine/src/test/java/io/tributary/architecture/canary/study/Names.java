package io.tributary.architecture.canary.study;

/** Names that say nothing, and one that only looks like it. */
final class Names {
  private Names() {}

  static final class WorkManager {}

  static final class RowUtils {}

  static final class BaseRow {}

  static final class RowInfo {}

  static final class RowImpl {}

  static final class BaselineHazard {}
}
