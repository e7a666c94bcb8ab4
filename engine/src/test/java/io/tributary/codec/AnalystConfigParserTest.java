package io.tributary.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.study.AnalystConfig;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteConfig;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AnalystConfigParserTest {
  private static final Path EXAMPLE = Path.of("../conf/analyst.yaml").toAbsolutePath().normalize();

  @Test
  void theAnnotatedExampleIsRead() throws IOException {
    AnalystConfig config = AnalystConfigParser.parse(Files.readAllBytes(EXAMPLE), EXAMPLE);

    assertThat(config.id()).isEqualTo("ada");
    assertThat(config.identity().key()).isEqualTo(EXAMPLE.resolveSibling("identity.key"));
    assertThat(config.tls().orElseThrow().certificate())
        .isEqualTo(EXAMPLE.resolveSibling("tls.crt"));
    assertThat(config.exchange())
        .isEqualTo(new SiteConfig.Flight("coordinator.example.org", 8815, Optional.empty()));
  }

  @Test
  void flightWithoutCertificateAndUnknownKeysAreRefused() throws IOException {
    String yaml = Files.readString(EXAMPLE);
    refuses(yaml.replaceAll("(?m)^tls:.*\\n(  .*\\n)+", ""), "TLS certificate");
    refuses(yaml + "colour: red\n", "colour");
    refuses(yaml.replace("analyst: ada", "analyst: Ada"), "Ada");
  }

  private static void refuses(String yaml, String mention) {
    assertThatThrownBy(
            () -> AnalystConfigParser.parse(yaml.getBytes(StandardCharsets.UTF_8), EXAMPLE))
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIG_INVALID))
        .hasMessageContaining(mention);
  }
}
