package io.tributary.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.study.Consortium;
import io.tributary.study.Consortium.Member;
import io.tributary.study.Consortium.Party;
import io.tributary.study.SiteId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConsortiumParserTest {
  private static String hex(int digit) {
    return Integer.toHexString(digit).repeat(64);
  }

  private static final Consortium CONSORTIUM =
      new Consortium(
          "heart \"and\" lung: # \\ \t \u00fc",
          7,
          Instant.parse("2026-01-01T00:00:00Z"),
          Instant.parse("2027-12-31T23:59:59Z"),
          List.of(
              new Member(new SiteId("east"), "East - Biobank", hex(1), hex(2)),
              new Member(new SiteId("north"), "null", hex(3), "")),
          List.of(new Party("ada", "true", hex(4), Optional.empty())),
          new Party("coordinator", "University", hex(5), Optional.of(hex(6))));

  private static Consortium parse(String yaml) {
    return ConsortiumParser.parse(yaml.getBytes(StandardCharsets.UTF_8), "consortium.yaml");
  }

  @Test
  void whatIsWrittenIsReadBack() {
    byte[] written = ConsortiumParser.write(CONSORTIUM);
    assertThat(ConsortiumParser.parse(written, "consortium.yaml")).isEqualTo(CONSORTIUM);
    assertThat(ConsortiumParser.write(CONSORTIUM)).isEqualTo(written);
  }

  @Test
  void sitesComeInByteOrderAndDatesAreWholeDays() {
    Consortium consortium =
        parse(
            """
            consortium: c
            version: 1
            validFrom: 2026-01-01
            validUntil: 2026-12-31
            coordinator: {organisation: u, key: "%s"}
            sites:
              - {id: b, organisation: o, key: "%s"}
              - {id: a, organisation: o, key: "%s"}
            """
                .formatted(hex(1), hex(2), hex(3)));
    assertThat(consortium.sites())
        .extracting(member -> member.id().value())
        .containsExactly("a", "b");
    assertThat(consortium.validFrom()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
    assertThat(consortium.validUntil()).isEqualTo(Instant.parse("2026-12-31T23:59:59Z"));
    assertThat(consortium.coordinator().id()).isEqualTo("coordinator");
  }

  @Test
  void onePartyUnderTwoNamesIsRefused() {
    String written = new String(ConsortiumParser.write(CONSORTIUM), StandardCharsets.UTF_8);
    assertThatThrownBy(() -> parse(written.replace(hex(3), hex(1))))
        .hasMessageContaining("'north' has the same key as 'east'.");
    assertThatThrownBy(() -> parse(written.replace("\"north\"", "\"east\"")))
        .hasMessageContaining("the id 'east' stands here twice.");
    assertThatThrownBy(() -> parse(written.replace(hex(2), hex(6))))
        .hasMessageContaining("has the same tlsFingerprint as 'coordinator'.");
    assertThatThrownBy(() -> parse(written.replace(hex(2), "AB")))
        .hasMessageContaining("expected 32 bytes as 64 lower-case hexadecimal digits");
    assertThatThrownBy(() -> parse(written.replace("2027", "2025")))
        .hasMessageContaining("it ends before it begins.");
    assertThatThrownBy(() -> parse(written.replace("version", "versoin")))
        .hasMessageContaining("the key 'version' is missing.");
  }
}
