package io.tributary.analysis;

/**
 * Permission to read a partial's raw words. A reviewer greps this name: only {@code
 * codec.FixedPoint} and {@code privacy.SiteGuard} may ask for one (ArchitectureTest).
 */
public final class PlaintextAccess {
  private static final PlaintextAccess ONLY = new PlaintextAccess();

  private PlaintextAccess() {}

  public static PlaintextAccess insecure() {
    return ONLY;
  }
}
