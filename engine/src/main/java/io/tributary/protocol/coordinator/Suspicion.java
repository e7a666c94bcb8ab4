package io.tributary.protocol.coordinator;

import io.tributary.protocol.AttemptId;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteId;
import java.util.Set;

/**
 * What the evidence of one attempt says about sites (PROTOCOL.md 2.6). It names one party only
 * where the evidence does; a set means that at least one of its members is to blame.
 *
 * @param code what was seen
 * @param suspects never empty
 */
public record Suspicion(AttemptId attempt, ErrorCode code, Set<SiteId> suspects) {
  public Suspicion {
    suspects = Set.copyOf(suspects);
    if (suspects.isEmpty()) {
      throw new IllegalArgumentException("a suspicion of nobody");
    }
  }
}
