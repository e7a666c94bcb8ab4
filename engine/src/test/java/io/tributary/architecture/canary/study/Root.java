package io.tributary.architecture.canary.study;

/** A class that others may use. */
public final class Root {
  private Root() {}

  public static String name() {
    return "root";
  }
}
