package io.tributary.jobs.keys;

import io.tributary.codec.AnalystConfigParser;
import io.tributary.codec.CoordinatorConfigParser;
import io.tributary.codec.SiteConfigParser;
import io.tributary.identity.SigningIdentity;
import io.tributary.study.AnalystConfig;
import io.tributary.study.CoordinatorConfig;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteConfig;
import io.tributary.study.SiteConfig.ConsortiumPin;
import io.tributary.study.SiteConfig.KeyFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the configurations of a site, a coordinator and an analyst have in common.
 *
 * @param id in the consortium file
 * @param role as a journal names it
 * @param state its state folder; an analyst has none
 */
public record ConfiguredParty(
    String id, String role, KeyFile identity, ConsortiumPin consortium, Optional<Path> state) {
  private static final Pattern SITE = Pattern.compile("(?m)^site\\s*:");
  private static final Pattern ANALYST = Pattern.compile("(?m)^analyst\\s*:");

  /** Reads site.yaml, coordinator.yaml or analyst.yaml. */
  public static ConfiguredParty read(Path file) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw Errors.invalid(
          ErrorCode.CONFIG_INVALID, file.toString(), "cannot be read.", "Check the path.");
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (SITE.matcher(text).find()) {
      SiteConfig site = SiteConfigParser.parse(bytes, file);
      return new ConfiguredParty(
          site.site().value(),
          "site",
          site.identity(),
          site.consortium(),
          Optional.of(site.state()));
    }
    if (ANALYST.matcher(text).find()) {
      AnalystConfig analyst = AnalystConfigParser.parse(bytes, file);
      return new ConfiguredParty(
          analyst.id(), "analyst", analyst.identity(), analyst.consortium(), Optional.empty());
    }
    CoordinatorConfig coordinator = CoordinatorConfigParser.parse(bytes, file);
    return new ConfiguredParty(
        coordinator.id(),
        "coordinator",
        coordinator.identity(),
        coordinator.consortium(),
        Optional.of(coordinator.state()));
  }

  /** Its signing key; the caller destroys it. */
  public SigningIdentity signer() {
    return io.tributary.identity.KeyFile.read(
        identity.key(), PasswordFile.read(identity.passwordFile()));
  }
}
