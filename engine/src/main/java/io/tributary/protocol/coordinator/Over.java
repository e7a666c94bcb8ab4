package io.tributary.protocol.coordinator;

import io.tributary.protocol.Message;
import io.tributary.protocol.SignedObject;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteId;
import java.util.Optional;

/** The epoch is closed; empty code when all its work was done. */
public record Over(long epoch, Optional<ErrorCode> code) implements SetupState {
  /** Late messages change nothing. */
  @Override
  public SetupState take(SiteId from, SignedObject object, Message message) {
    return this;
  }
}
