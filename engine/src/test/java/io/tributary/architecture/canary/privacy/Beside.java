package io.tributary.architecture.canary.privacy;

/** Used from a package of the same level. */
public final class Beside {
  private Beside() {}

  public static String word() {
    return "beside";
  }
}
