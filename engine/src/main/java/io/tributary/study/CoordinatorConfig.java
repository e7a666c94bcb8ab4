package io.tributary.study;

import io.tributary.study.SiteConfig.ConsortiumPin;
import io.tributary.study.SiteConfig.KeyFile;
import io.tributary.study.SiteConfig.Tls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The coordinator as its file says (annotated in conf/coordinator.yaml). Local files are resolved
 * against the folder of that file.
 *
 * @param id its id in the consortium file
 * @param identity Ed25519 key that signs
 * @param tls certificate for Flight; may be absent with files as exchange
 * @param consortium who exists
 * @param exchange how sites meet it
 * @param state folder of its write-ahead log and evidence; one process at a time
 * @param deadlines how long it waits for sites
 * @param references public files that studies name, such as lists of variants: places by name
 */
public record CoordinatorConfig(
    String id,
    KeyFile identity,
    Optional<Tls> tls,
    ConsortiumPin consortium,
    ExchangeConfig exchange,
    Path state,
    Deadlines deadlines,
    Map<String, String> references) {

  public CoordinatorConfig {
    references = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(references));
  }

  /** Without public files. */
  public CoordinatorConfig(
      String id,
      KeyFile identity,
      Optional<Tls> tls,
      ConsortiumPin consortium,
      ExchangeConfig exchange,
      Path state,
      Deadlines deadlines) {
    this(id, identity, tls, consortium, exchange, state, deadlines, Map.of());
  }

  /** Where sites meet the coordinator. */
  public sealed interface ExchangeConfig {}

  /**
   * A shared folder.
   *
   * @param path local folder or Hadoop URI
   * @param poll the longest pause between two looks while waiting; the first pauses are shorter
   */
  public record Files(String path, Duration poll) implements ExchangeConfig {}

  /** A Flight server of its own. */
  public record Flight(String host, int port) implements ExchangeConfig {}

  /**
   * PROTOCOL.md 2.8, Time: deadlines only end waiting.
   *
   * @param setup for the keys and acks of an epoch
   * @param upload for the masked vectors of a sum
   * @param unmask for signatures and shares
   * @param site how long a study waits for a site that is away between two releases
   */
  public record Deadlines(Duration setup, Duration upload, Duration unmask, Duration site) {
    public static final Deadlines DEFAULT =
        new Deadlines(
            Duration.ofMinutes(10),
            Duration.ofHours(1),
            Duration.ofMinutes(10),
            Duration.ofDays(7));
  }
}
