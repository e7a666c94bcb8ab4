package io.tributary.protocol;

import java.util.Optional;

/**
 * Where an object belongs: an epoch, a job of it, or one attempt. {@code exchange.ObjectNames}
 * turns it into a name.
 *
 * @param epoch number of the setup
 * @param job empty for an epoch's own messages
 * @param attempt empty for a job's own messages
 */
public record Place(long epoch, Optional<Integer> job, Optional<AttemptId> attempt) {
  public static Place epoch(long epoch) {
    return new Place(epoch, Optional.empty(), Optional.empty());
  }

  public static Place job(long epoch, int job) {
    return new Place(epoch, Optional.of(job), Optional.empty());
  }

  public static Place attempt(AttemptId id) {
    return new Place(id.epoch(), Optional.of(id.job()), Optional.of(id));
  }
}
