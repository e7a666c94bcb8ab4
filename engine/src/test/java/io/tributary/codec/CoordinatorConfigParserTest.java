package io.tributary.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.study.CoordinatorConfig;
import io.tributary.study.CoordinatorConfig.Deadlines;
import io.tributary.study.SiteConfig.ConsortiumPin;
import io.tributary.study.SiteConfig.KeyFile;
import io.tributary.study.SiteConfig.Tls;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CoordinatorConfigParserTest {
  private static final String DIGEST = "cd".repeat(32);

  private static CoordinatorConfig parse(String yaml) {
    return CoordinatorConfigParser.parse(
        yaml.formatted(DIGEST).getBytes(StandardCharsets.UTF_8),
        Path.of("/etc/t/coordinator.yaml"));
  }

  @Test
  void defaults() {
    CoordinatorConfig config =
        parse(
            """
            identity: {key: k}
            consortium: {file: c, digest: %s}
            exchange: {type: files, path: e}
            state: s
            """);
    assertThat(config)
        .isEqualTo(
            new CoordinatorConfig(
                "coordinator",
                new KeyFile(Path.of("/etc/t/k"), Optional.empty()),
                Optional.empty(),
                new ConsortiumPin(Path.of("/etc/t/c"), DIGEST),
                new CoordinatorConfig.Files("/etc/t/e", Duration.ofSeconds(2)),
                Path.of("/etc/t/s"),
                new Deadlines(
                    Duration.ofMinutes(10),
                    Duration.ofHours(1),
                    Duration.ofMinutes(10),
                    Duration.ofDays(7))));
  }

  @Test
  void everyKeyIsMapped() {
    CoordinatorConfig config =
        parse(
            """
            id: hub
            identity: {key: k, passwordFile: p}
            tls: {certificate: c.crt, key: c.key}
            consortium: {file: c, digest: %s}
            exchange: {type: flight, host: 127.0.0.1, port: 8815}
            state: s
            deadlines: {setup: 1m, upload: 2m, unmask: 3m, site: 4d}
            references: {panel: lists/panel.pvar}
            """);
    assertThat(config)
        .isEqualTo(
            new CoordinatorConfig(
                "hub",
                new KeyFile(Path.of("/etc/t/k"), Optional.of(Path.of("/etc/t/p"))),
                Optional.of(new Tls(Path.of("/etc/t/c.crt"), Path.of("/etc/t/c.key"))),
                new ConsortiumPin(Path.of("/etc/t/c"), DIGEST),
                new CoordinatorConfig.Flight("127.0.0.1", 8815),
                Path.of("/etc/t/s"),
                new Deadlines(
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(2),
                    Duration.ofMinutes(3),
                    Duration.ofDays(4)),
                Map.of("panel", "/etc/t/lists/panel.pvar")));
  }

  @Test
  void aWrongDigestAndAnUnknownKeyAreErrors() {
    assertThatThrownBy(() -> parse("identity: {key: k}\nconsortium: {file: c, digest: AB}"))
        .hasMessageContaining(
            "coordinator.yaml:2 (consortium.digest): expected a SHA-256 digest, found 'AB'.");
    assertThatThrownBy(() -> parse("identity: {key: k, pasword: p}"))
        .hasMessageContaining("coordinator.yaml:1 (identity.pasword)");
  }
}
