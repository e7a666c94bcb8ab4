package io.tributary.codec;

import io.tributary.study.CoordinatorConfig;
import io.tributary.study.CoordinatorConfig.Deadlines;
import io.tributary.study.CoordinatorConfig.ExchangeConfig;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteConfig.ConsortiumPin;
import io.tributary.study.SiteConfig.KeyFile;
import io.tributary.study.SiteConfig.Tls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Reads coordinator.yaml (annotated in conf/coordinator.yaml). Every error is CONFIG_INVALID with
 * file, line, path, problem and remedy.
 */
public final class CoordinatorConfigParser {
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  /** An epoch opens no rounds after seven days (PROTOCOL.md 2.4). */
  private static final Duration EPOCH = Duration.ofDays(7);

  private static final Duration YEAR = Duration.ofDays(365);

  private CoordinatorConfigParser() {}

  /**
   * The file as a value.
   *
   * @param yaml its raw bytes
   * @param file where it stands; relative paths in it start from its folder
   */
  public static CoordinatorConfig parse(byte[] yaml, Path file) {
    Path folder = file.toAbsolutePath().getParent();
    YamlSection top =
        StrictYaml.read(yaml, file.getFileName().toString(), ErrorCode.CONFIG_INVALID);
    String id = top.text("id", "coordinator");
    KeyFile identity = SiteConfigParser.identity(top, folder);
    Optional<Tls> tls = SiteConfigParser.tls(top, folder);
    ConsortiumPin consortium = SiteConfigParser.consortium(top, folder);
    ExchangeConfig exchange = exchange(top.section("exchange"), folder);
    if (exchange instanceof CoordinatorConfig.Flight && tls.isEmpty()) {
      throw top.invalid(
          "exchange",
          "Flight needs the coordinator's TLS certificate.",
          "Add tls: {certificate: ..., key: ...}.");
    }
    Path state = SiteConfigParser.path(top, "state", folder);
    Deadlines deadlines = deadlines(top.sectionOrEmpty("deadlines"));
    Map<String, String> references = SiteConfigParser.references(top, folder);
    top.end();
    return new CoordinatorConfig(
        id, identity, tls, consortium, exchange, state, deadlines, references);
  }

  private static ExchangeConfig exchange(YamlSection section, Path folder) {
    boolean flight =
        section
            .choice("type", Map.of("files", false, "flight", true))
            .orElseThrow(() -> section.missing("type"));
    ExchangeConfig exchange =
        flight
            ? new CoordinatorConfig.Flight(
                section.text("host", "0.0.0.0"), SiteConfigParser.port(section))
            : new CoordinatorConfig.Files(
                SiteConfigParser.location(section, "path", folder), SiteConfigParser.poll(section));
    section.end();
    return exchange;
  }

  private static Deadlines deadlines(YamlSection section) {
    Deadlines usual = Deadlines.DEFAULT;
    Deadlines deadlines =
        new Deadlines(
            section.duration("setup", usual.setup(), SHORTEST, EPOCH),
            section.duration("upload", usual.upload(), SHORTEST, EPOCH),
            section.duration("unmask", usual.unmask(), SHORTEST, EPOCH),
            section.duration("site", usual.site(), SHORTEST, YEAR));
    section.end();
    return deadlines;
  }
}
