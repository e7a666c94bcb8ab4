package io.tributary.jobs.evidence;

import io.tributary.codec.CoordinatorConfigParser;
import io.tributary.codec.SiteConfigParser;
import io.tributary.exchange.Exchange;
import io.tributary.identity.VerifyingKey;
import io.tributary.jobs.Exchanges;
import io.tributary.jobs.keys.ConsortiumFile;
import io.tributary.jobs.keys.PartyKeys;
import io.tributary.study.CoordinatorConfig;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * What evidence is looked for with: the part of a configuration that sites and coordinator share.
 */
public final class PartyConfig {
  private static final Pattern SITE = Pattern.compile("(?m)^site\\s*:");

  private final String id;
  private final Path state;
  private final SiteConfig.KeyFile identity;
  private final ConsortiumFile consortium;
  private final Function<Clock, Exchange> exchange;

  private PartyConfig(
      String id,
      Path state,
      SiteConfig.KeyFile identity,
      ConsortiumFile consortium,
      Function<Clock, Exchange> exchange) {
    this.id = id;
    this.state = state;
    this.identity = identity;
    this.consortium = consortium;
    this.exchange = exchange;
  }

  /**
   * Reads site.yaml or coordinator.yaml and its consortium file, which must be the pinned one but
   * may be out of time: evidence is looked at for years.
   */
  public static PartyConfig read(Path file) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw Errors.invalid(
          ErrorCode.CONFIG_INVALID, file.toString(), "cannot be read.", "Check the path.");
    }
    if (SITE.matcher(new String(bytes, StandardCharsets.UTF_8)).find()) {
      SiteConfig site = SiteConfigParser.parse(bytes, file);
      ConsortiumFile consortium = ConsortiumFile.pinned(site.consortium());
      return new PartyConfig(
          site.site().value(),
          site.state(),
          site.identity(),
          consortium,
          clock -> Exchanges.ofSite(site, consortium.consortium(), clock));
    }
    CoordinatorConfig coordinator = CoordinatorConfigParser.parse(bytes, file);
    return new PartyConfig(
        coordinator.id(),
        coordinator.state(),
        coordinator.identity(),
        ConsortiumFile.pinned(coordinator.consortium()),
        clock -> Exchanges.ofCoordinatorFolder(coordinator));
  }

  public String id() {
    return id;
  }

  /** Its state folder. */
  public Path state() {
    return state;
  }

  /** Where its signing key lies. */
  public SiteConfig.KeyFile identity() {
    return identity;
  }

  public ConsortiumFile consortium() {
    return consortium;
  }

  /** Its exchange; a coordinator's as the folder beside it. */
  public Exchange exchange(Clock clock) {
    return exchange.apply(clock);
  }

  /**
   * The party's verifying key, and those that earlier consortium files have for it: files that
   * signed updates came after, and these.
   *
   * @param earlier further consortium files
   */
  public List<VerifyingKey> keys(List<Path> earlier) {
    List<VerifyingKey> keys = new ArrayList<>();
    List<ConsortiumFile> files = new ArrayList<>(List.of(consortium));
    files.addAll(consortium.earlier());
    earlier.forEach(file -> files.add(ConsortiumFile.read(file)));
    for (ConsortiumFile file : files) {
      Optional<VerifyingKey> key = PartyKeys.of(file.consortium(), id);
      key.ifPresent(keys::add);
    }
    if (keys.isEmpty()) {
      throw Errors.invalid(
          ErrorCode.CONSORTIUM_INVALID,
          "'" + id + "'",
          "is in none of the consortium files.",
          "Name a file that has its key.");
    }
    return keys;
  }
}
