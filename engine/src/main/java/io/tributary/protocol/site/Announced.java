package io.tributary.protocol.site;

import io.tributary.protocol.StepId;
import io.tributary.protocol.Transition;

/** RoundOpen was accepted (PROTOCOL.md 2.5, R0). */
public record Announced(Attempt attempt) implements AttemptState {
  /** Draws rho at the step's first attempt and brings the keys to the step. */
  public Transition<AttemptState> prepare(SiteEnvironment site) {
    StepId step = id().stepId();
    site.secrets().advance(id().epoch(), step);
    site.secrets().randomness(step, site.random());
    return Transition.savingSecrets(new Prepared(attempt), new SiteRecord.AttemptPrepared(id()));
  }

  @Override
  public boolean isUploading() {
    return true;
  }

  @Override
  public AttemptState after(SiteEnvironment site, SiteRecord record) {
    return record instanceof SiteRecord.AttemptPrepared
        ? new Prepared(attempt)
        : AttemptState.super.after(site, record);
  }
}
