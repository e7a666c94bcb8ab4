package io.tributary.protocol.site;

import io.tributary.codec.Digest;
import java.util.ArrayList;
import java.util.List;

/** rho and the step's keys are durable; nothing was derived from them yet (PROTOCOL.md 2.3). */
public record Prepared(Attempt attempt) implements AttemptState {
  /** Begins the frames. */
  public Uploading begin() {
    return new Uploading(attempt, new ArrayList<>());
  }

  @Override
  public boolean isUploading() {
    return true;
  }

  @Override
  public AttemptState after(SiteEnvironment site, SiteRecord record) {
    if (record instanceof SiteRecord.FrameMasked masked) {
      return new Uploading(attempt, new ArrayList<Digest>(List.of(masked.object())));
    }
    if (record instanceof SiteRecord.UploadBuilt) {
      return begin().after(site, record);
    }
    return AttemptState.super.after(site, record);
  }
}
