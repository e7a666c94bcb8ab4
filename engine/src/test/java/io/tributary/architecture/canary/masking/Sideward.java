package io.tributary.architecture.canary.masking;

import io.tributary.architecture.canary.privacy.Beside;
import java.io.Serializable;

/** A secret that could travel in a closure, and that looks at a package beside its own. */
final class Sideward implements Serializable {
  private final String secret = Beside.word();

  @Override
  public String toString() {
    return secret;
  }
}
