package io.tributary.exchange;

import java.time.Duration;
import java.time.Instant;

/**
 * The coordinator's deadlines. They end waiting only, never a rule (PROTOCOL.md 2.8, Time).
 *
 * @param keys how long to wait for a site's key before a roster without it is tried
 * @param acks how long to wait for an ack before a new epoch
 * @param uploads how long to wait for an upload before a set without it is certified
 * @param answers how long to wait for an answer before its seeds are rebuilt from shares
 * @param retry pause before another attempt or epoch
 * @param end when the study is given up, THRESHOLD_LOST, with what was released so far
 */
public record Schedule(
    Duration keys, Duration acks, Duration uploads, Duration answers, Duration retry, Instant end) {

  /** Minutes for people, a study's own end. */
  public static Schedule until(Instant end) {
    return new Schedule(
        Duration.ofMinutes(2),
        Duration.ofMinutes(2),
        Duration.ofMinutes(30),
        Duration.ofMinutes(1),
        Duration.ofSeconds(5),
        end);
  }
}
