package io.tributary.jobs.architecture.canary.glm;

/** Used by another analysis. */
public final class Lender {
  private Lender() {}

  public static String name() {
    return "lender";
  }
}
