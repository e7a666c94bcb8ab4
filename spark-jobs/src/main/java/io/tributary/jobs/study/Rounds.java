package io.tributary.jobs.study;

import io.tributary.jobs.console.Commands;
import io.tributary.protocol.AttemptId;
import io.tributary.study.Study;
import java.util.Map;

/** How an attempt at a sum is named to people. */
public final class Rounds {
  private Rounds() {}

  /** Study, analysis, step and attempt, in display order; may be added to. */
  public static Map<String, Object> fields(Study study, AttemptId id) {
    return Commands.fields(
        "study", study.name(),
        "analysis", study.analyses().get(id.job()).name(),
        "step", id.step(),
        "attempt", id.attempt());
  }
}
