package io.tributary.jobs.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.identity.KeyFile;
import io.tributary.jobs.Outcome;
import io.tributary.study.Consortium;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteConfig.ConsortiumPin;
import io.tributary.study.SiteId;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsortiumFileTest {
  private static final Instant NOW = Instant.parse("2027-03-01T12:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

  @TempDir Path folder;

  @Test
  void cardsBecomeAConsortiumThatIsReadUnderItsPin() {
    ConsortiumFile written = found();

    ConsortiumFile read = ConsortiumFile.read(pin(written.digest().hex()), CLOCK);
    assertThat(read.consortium()).isEqualTo(written.consortium());
    assertThat(read.consortium().sites().get(0).id()).isEqualTo(new SiteId("east"));
    assertThat(read.consortium().coordinator().tlsFingerprint()).isPresent();

    PartyCard north = card("north", PartyCard.Role.SITE);
    Consortium grown =
        ConsortiumFile.with(Optional.of(read.consortium()), List.of(north), "North", "", NOW, NOW);
    assertThat(grown.version()).isEqualTo(2);
    assertThat(grown.site(north.id()).orElseThrow().key()).isEqualTo(north.key());
  }

  /** The coordinator need not belong to the organisation of a site. */
  @Test
  void theKeeperAddsPartiesOneByOneTheCoordinatorFirst() {
    for (String id : List.of("hub", "east", "ada")) {
      card(
          id,
          switch (id) {
            case "hub" -> PartyCard.Role.COORDINATOR;
            case "ada" -> PartyCard.Role.ANALYST;
            default -> PartyCard.Role.SITE;
          });
    }
    Path file = folder.resolve("consortium.yaml");
    add("North hospital", "east").refused(ErrorCode.CONSORTIUM_INVALID, "has no coordinator");

    add("University", "hub").done();
    assertThatThrownBy(() -> ConsortiumFile.read(file))
        .hasMessageContaining("consortium.yaml")
        .hasMessageContaining("(sites): there is none")
        .hasMessageContaining("roster add");
    add("Institute", "ada").done();
    add("North hospital", "east").done();

    Consortium consortium = ConsortiumFile.read(file).consortium();
    assertThat(consortium.version()).isEqualTo(3);
    assertThat(consortium.coordinator().organisation()).isEqualTo("University");
    assertThat(consortium.sites().get(0).organisation()).isEqualTo("North hospital");
  }

  private Outcome add(String organisation, String id) {
    return Outcome.of(
        "roster",
        "add",
        "--roster",
        folder.resolve("consortium.yaml").toString(),
        "--organisation",
        organisation,
        folder.resolve(id).resolve(PartyFolder.CARD).toString());
  }

  @Test
  void theIdentityFileIsTheCardsKeyAndNobodyElsesToRead() throws IOException {
    PartyCard card = card("west", PartyCard.Role.SITE);
    Path key = folder.resolve("west").resolve(PartyFolder.IDENTITY);

    assertThat(KeyFile.read(key, Optional.empty()).verifyingKey().hex()).isEqualTo(card.key());
    assertThat(Files.getPosixFilePermissions(key)).hasSize(2);
    assertThat(PartyCard.read(folder.resolve("west").resolve(PartyFolder.CARD))).isEqualTo(card);
  }

  @Test
  void aRenewedCertificateKeepsTheIdentityAndTheOldPair() throws IOException {
    ConsortiumFile before = found();
    Path east = folder.resolve("east");
    PartyCard old = PartyCard.read(east.resolve(PartyFolder.CARD));

    PartyCard renewed =
        PartyFolder.renew(east, List.of(), Duration.ofDays(30), CLOCK, new SecureRandom());

    assertThat(renewed.key()).isEqualTo(old.key());
    assertThat(renewed.tlsFingerprint()).isNotEqualTo(old.tlsFingerprint());
    assertThat(fingerprint(east, "")).isEqualTo(renewed.tlsFingerprint());
    assertThat(fingerprint(east, ".old")).isEqualTo(old.tlsFingerprint());
    assertThat(Files.getPosixFilePermissions(east.resolve(PartyFolder.TLS_KEY))).hasSize(2);

    Consortium after = ConsortiumFile.replacing(before.consortium(), List.of(renewed));
    assertThat(after.version()).isEqualTo(before.consortium().version() + 1);
    assertThat(after.site(renewed.id()).orElseThrow().tlsFingerprint())
        .isEqualTo(renewed.tlsFingerprint());
    assertThat(after.site(renewed.id()).orElseThrow().organisation())
        .isEqualTo(before.consortium().site(renewed.id()).orElseThrow().organisation());
  }

  private static String fingerprint(Path keys, String suffix) {
    return io.tributary.identity.TlsIdentity.read(
            keys.resolve(PartyFolder.TLS_CERTIFICATE + suffix),
            keys.resolve(PartyFolder.TLS_KEY + suffix),
            Optional.empty())
        .fingerprint()
        .hex();
  }

  @Test
  void aLostKeyIsReplacedAndARevokedPartyIsGone() {
    ConsortiumFile before = found();
    PartyCard fresh =
        PartyFolder.create(
            folder.resolve("east-again"),
            new SiteId("east"),
            PartyCard.Role.SITE,
            List.of(),
            Duration.ofDays(30),
            Optional.empty(),
            CLOCK,
            new SecureRandom());

    Consortium after = ConsortiumFile.replacing(before.consortium(), List.of(fresh));

    assertThat(after.site(fresh.id()).orElseThrow().key()).isEqualTo(fresh.key());
    assertThat(after.coordinator()).isEqualTo(before.consortium().coordinator());
    Consortium without = ConsortiumFile.without(after, fresh.id());
    assertThat(without.site(fresh.id())).isEmpty();
    assertThat(without.version()).isEqualTo(after.version() + 1);
    for (org.assertj.core.api.ThrowableAssert.ThrowingCallable call :
        List.<org.assertj.core.api.ThrowableAssert.ThrowingCallable>of(
            () -> ConsortiumFile.without(without, fresh.id()),
            () -> ConsortiumFile.replacing(without, List.of(fresh)))) {
      assertThatThrownBy(call)
          .isInstanceOfSatisfying(
              TributaryException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.CONSORTIUM_INVALID));
    }
  }

  @Test
  void anotherDigestIsRefused() {
    found();
    refuses(ErrorCode.CONSORTIUM_NOT_PINNED, pin("0".repeat(64)), CLOCK);
  }

  @Test
  void anExpiredFileIsRefusedAndTheClockNamed() {
    String digest = found().digest().hex();
    refuses(
        ErrorCode.CONSORTIUM_INVALID,
        pin(digest),
        Clock.fixed(NOW.plus(Duration.ofDays(31)), ZoneOffset.UTC));
  }

  @Test
  void twoSitesWithOneIdAreRefused() {
    Consortium before = found().consortium();
    PartyCard again =
        new PartyCard(new SiteId("east"), PartyCard.Role.SITE, "a".repeat(64), "b".repeat(64));
    Consortium twice =
        ConsortiumFile.with(Optional.of(before), List.of(again), "East", "", NOW, NOW);
    assertThatThrownBy(() -> ConsortiumFile.write(folder.resolve("twice.yaml"), twice))
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.CONSORTIUM_INVALID))
        .hasMessageContaining("east");
    assertThat(folder.resolve("twice.yaml")).doesNotExist();
  }

  @Test
  void aCardWithAnotherFormIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("x.yaml"), "id: east\nrole: king\n");
    assertThatThrownBy(() -> PartyCard.read(file)).isInstanceOf(TributaryException.class);
  }

  private ConsortiumFile found() {
    List<PartyCard> cards =
        List.of(
            card("hub", PartyCard.Role.COORDINATOR),
            card("east", PartyCard.Role.SITE),
            card("ada", PartyCard.Role.ANALYST));
    return ConsortiumFile.write(
        folder.resolve("consortium.yaml"),
        ConsortiumFile.with(
            Optional.empty(),
            cards,
            "One",
            "trial",
            NOW.minus(Duration.ofDays(1)),
            NOW.plus(Duration.ofDays(30))));
  }

  private PartyCard card(String id, PartyCard.Role role) {
    return PartyFolder.create(
        folder.resolve(id),
        new SiteId(id),
        role,
        List.of(),
        Duration.ofDays(30),
        Optional.empty(),
        CLOCK,
        new SecureRandom());
  }

  private ConsortiumPin pin(String digest) {
    return new ConsortiumPin(folder.resolve("consortium.yaml"), digest);
  }

  private static void refuses(ErrorCode code, ConsortiumPin pin, Clock clock) {
    assertThatThrownBy(() -> ConsortiumFile.read(pin, clock))
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.remedy()).isNotBlank();
            });
  }
}
