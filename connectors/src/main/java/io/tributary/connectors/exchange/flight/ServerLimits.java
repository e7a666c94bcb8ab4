package io.tributary.connectors.exchange.flight;

import java.time.Duration;

/**
 * What the coordinator's server spends on its sites at most. A site beyond a limit of counts is
 * told to come again later; one that stalls loses its call.
 *
 * @param maxConnections TCP connections, of all sites and strangers
 * @param maxStrangers connections whose handshake is not over; the oldest makes room
 * @param maxConnectionsPerSite connections with one certificate; the oldest makes room
 * @param maxRefusalsTold refused callers that are told, and logged, in a minute
 * @param handshake a connection whose handshake takes longer is ended
 * @param maxCallsPerSite calls of one site at once, waiting ones included
 * @param maxWaitsPerSite calls of one site that only wait for names
 * @param maxStreamsPerSite calls of one site that carry an object in a stream
 * @param maxStagedBytesPerSite declared sizes of one site's unfinished uploads
 * @param maxStagedBytes the same of all sites
 * @param maxPutsPerSite objects that one site puts below one top folder while the server runs
 * @param maxPutBytesPerSite their bytes
 * @param longestWait a waiting call is answered after this time at the latest
 * @param stall a stream that does not move for so long is ended
 * @param streamDeadline a stream that is not through after this time is ended
 * @param arrowBytes memory for batches in flight
 */
public record ServerLimits(
    int maxConnections,
    int maxStrangers,
    int maxConnectionsPerSite,
    int maxRefusalsTold,
    Duration handshake,
    int maxCallsPerSite,
    int maxWaitsPerSite,
    int maxStreamsPerSite,
    long maxStagedBytesPerSite,
    long maxStagedBytes,
    long maxPutsPerSite,
    long maxPutBytesPerSite,
    Duration longestWait,
    Duration stall,
    Duration streamDeadline,
    long arrowBytes) {

  public ServerLimits {
    boolean positive =
        maxConnections > maxStrangers
            && maxStrangers > 0
            && maxConnectionsPerSite > 0
            && maxRefusalsTold > 0
            && handshake.toMillis() > 0
            && maxCallsPerSite > maxWaitsPerSite
            && maxWaitsPerSite > 0
            && maxStreamsPerSite > 0
            && maxStagedBytesPerSite > 0
            && maxStagedBytes > 0
            && maxPutsPerSite > 0
            && maxPutBytesPerSite > 0
            && longestWait.toMillis() > 0
            && stall.toMillis() > 0
            && streamDeadline.toMillis() > 0
            && arrowBytes > 0;
    if (!positive) {
      throw new IllegalArgumentException(
          "a limit is not positive, or a part is not below its whole");
    }
  }

  /** Limits for up to 256 sites; staged and Arrow bytes are a quarter of the heap each. */
  public static ServerLimits defaults() {
    long quarter = Math.max(64L << 20, Runtime.getRuntime().maxMemory() / 4);
    return new ServerLimits(
        256 * 8 + 128,
        128,
        8,
        30,
        Duration.ofSeconds(20),
        32,
        16,
        8,
        128L << 20,
        quarter,
        1_000_000,
        1L << 40,
        Duration.ofSeconds(20),
        Duration.ofSeconds(60),
        Duration.ofMinutes(10),
        quarter);
  }
}
