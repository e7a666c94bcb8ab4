package io.tributary.exchange;

import io.tributary.protocol.AttemptId;
import io.tributary.protocol.site.AttemptState;
import io.tributary.protocol.site.EpochState;
import io.tributary.study.SiteId;
import io.tributary.study.TributaryException;
import java.util.List;

/** Hears what a site's pump does; for progress, logs and tests. Called on the pump's thread. */
public interface SiteListener {
  /** Hears nothing. */
  SiteListener SILENT = new SiteListener() {};

  /** An epoch went on to a state. */
  default void epoch(EpochState state) {}

  /** An attempt went on to a state. */
  default void attempt(AttemptState state) {}

  /** The sum before this attempt was computed here too, and the announced state follows from it. */
  default void sumVerified(AttemptId id) {}

  /** A masked frame left the site. */
  default void frameSent(AttemptId id, int frame, int frames, int bytes) {}

  /** The site does not go on with an attempt, for a reason of its own. */
  default void declined(AttemptId id, TributaryException reason) {}

  /** An object of the coordinator was not taken. */
  default void refused(String name, TributaryException reason) {}

  /** Boxes of these dealers did not open. */
  default void unreadableBoxes(AttemptId id, List<SiteId> dealers) {}
}
