package io.tributary.codec;

import io.tributary.study.AnalystConfig;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteConfig;
import io.tributary.study.SiteId;
import java.nio.file.Path;

/**
 * Reads analyst.yaml (annotated in conf/analyst.yaml). Every error is CONFIG_INVALID with file,
 * line, path, problem and remedy.
 */
public final class AnalystConfigParser {
  private AnalystConfigParser() {}

  /**
   * The file as a value.
   *
   * @param yaml its raw bytes
   * @param file where it stands; relative paths in it start from its folder
   */
  public static AnalystConfig parse(byte[] yaml, Path file) {
    Path folder = file.toAbsolutePath().getParent();
    YamlSection top =
        StrictYaml.read(yaml, file.getFileName().toString(), ErrorCode.CONFIG_INVALID);
    String id = top.placed("analyst", SiteId::new, top.text("analyst")).value();
    AnalystConfig config =
        new AnalystConfig(
            id,
            SiteConfigParser.identity(top, folder),
            SiteConfigParser.tls(top, folder),
            SiteConfigParser.consortium(top, folder),
            SiteConfigParser.exchange(top.section("exchange"), folder));
    if (config.exchange() instanceof SiteConfig.Flight && config.tls().isEmpty()) {
      throw top.invalid(
          "exchange",
          "Flight needs this analyst's TLS certificate.",
          "Add tls: {certificate: ..., key: ...}.");
    }
    top.end();
    return config;
  }
}
