package io.tributary.exchange;

import io.tributary.protocol.AttemptId;
import io.tributary.protocol.coordinator.Suspicion;
import io.tributary.study.SiteId;
import io.tributary.study.TributaryException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/** Hears what a coordinator's pump does. Called on the pump's thread. */
public interface CoordinatorListener {
  /** Hears nothing. */
  CoordinatorListener SILENT = new CoordinatorListener() {};

  /**
   * One masked sum on the time line.
   *
   * @param absent members of the roster that are not in the sum
   * @param vanished contributors that did not answer any more
   */
  record RoundTaken(
      AttemptId id,
      Instant opened,
      Duration took,
      Set<SiteId> contributors,
      Set<SiteId> absent,
      Set<SiteId> vanished,
      long words) {
    public RoundTaken {
      contributors = Set.copyOf(contributors);
      absent = Set.copyOf(absent);
      vanished = Set.copyOf(vanished);
    }
  }

  /** The pump's phase or whom it waits for has changed. */
  default void status(CoordinatorPump.Status status) {}

  /** A sum was taken. */
  default void roundTaken(RoundTaken round) {}

  /** A job is done; called again at the next start if the process dies before the study ends. */
  default void jobDone(int job, Object result) {}

  /** A job was given up; the next one goes on. */
  default void jobFailed(int job, TributaryException reason) {}

  /** The evidence says something about sites (PROTOCOL.md 2.6); each suspicion once a life. */
  default void suspected(Suspicion suspicion) {}

  /** An object of a site was not taken. */
  default void refused(String name, TributaryException reason) {}
}
