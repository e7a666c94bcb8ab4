package io.tributary.connectors.exchange.flight;

import java.time.Duration;

/**
 * How long a site waits for its coordinator. No operation takes longer than one deadline and one
 * outage together, whatever the peer does ({@code await} takes its own patience besides).
 *
 * @param callDeadline for one small call
 * @param streamDeadline for one object in a stream
 * @param outage how long a call that fails for a reason that may pass is tried again
 * @param firstPause before the second attempt; doubled for each further one
 * @param longestPause between two attempts
 * @param keepAlive a connection silent for so long is probed, and given up after the same again;
 *     the server takes probes every 10 s at most
 */
public record SitePatience(
    Duration callDeadline,
    Duration streamDeadline,
    Duration outage,
    Duration firstPause,
    Duration longestPause,
    Duration keepAlive) {

  public SitePatience {
    for (Duration each :
        new Duration[] {callDeadline, streamDeadline, firstPause, longestPause, keepAlive}) {
      if (each.toMillis() <= 0) {
        throw new IllegalArgumentException("a duration of a site's patience is not positive");
      }
    }
    if (outage.isNegative()) {
      throw new IllegalArgumentException("outage=" + outage);
    }
  }

  public static SitePatience defaults() {
    return new SitePatience(
        Duration.ofSeconds(30),
        Duration.ofMinutes(5),
        Duration.ofMinutes(2),
        Duration.ofMillis(100),
        Duration.ofSeconds(5),
        Duration.ofSeconds(20));
  }
}
