package io.tributary.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.codec.Canonical;
import io.tributary.codec.ConsortiumParser;
import io.tributary.codec.Digest;
import io.tributary.identity.SigningIdentity;
import io.tributary.study.Consortium;
import io.tributary.study.Consortium.Member;
import io.tributary.study.Consortium.Party;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteId;
import io.tributary.study.TributaryException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who has to sign the next consortium file, and that nothing less is taken (PROTOCOL.md 2.4). */
class ConsortiumUpdateTest {
  private static final Instant NOW = Instant.parse("2027-03-01T12:00:00Z");

  /** A key that follows from a name, so that tests can speak of "the new key of b". */
  private static SigningIdentity identity(String name) {
    return SigningIdentity.ofSeed(Digest.sha256(Canonical.utf8(name)).bytes());
  }

  private static String tls(String name) {
    return Digest.sha256(Canonical.utf8("tls " + name)).hex();
  }

  private static Member site(String id, String key, String tls) {
    return new Member(
        new SiteId(id), "hospital " + id, identity(key).verifyingKey().hex(), tls(tls));
  }

  private static Consortium consortium(long version, Member... sites) {
    return consortium(version, List.of(analyst("ada", "ada")), "hub", sites);
  }

  private static Party analyst(String id, String key) {
    return new Party(id, "university", identity(key).verifyingKey().hex(), Optional.of(tls(key)));
  }

  private static Consortium consortium(
      long version, List<Party> analysts, String hubKey, Member... sites) {
    return new Consortium(
        "trial",
        version,
        NOW.minusSeconds(1000),
        NOW.plusSeconds(1000),
        List.of(sites),
        analysts,
        new Party(
            "hub", "university", identity(hubKey).verifyingKey().hex(), Optional.of(tls("hub"))));
  }

  private static Member[] sites(String... ids) {
    return java.util.Arrays.stream(ids).map(id -> site(id, id, id)).toArray(Member[]::new);
  }

  private static final Consortium FOUR = consortium(1, sites("a", "b", "c", "d"));

  private static Digest digest(Consortium consortium) {
    return Digest.sha256(ConsortiumParser.write(consortium));
  }

  /** Signed by names that stand for a party and its first key, or by "party=key". */
  private static ConsortiumUpdate signed(Consortium before, Consortium after, String... signers) {
    ConsortiumUpdate update =
        ConsortiumUpdate.propose(before, digest(before), ConsortiumParser.write(after));
    for (String signer : signers) {
      String[] parts = signer.split("=");
      update = update.sign(parts[0], "Dr. X", NOW, identity(parts.length == 1 ? signer : parts[1]));
    }
    return ConsortiumUpdate.read(update.encode());
  }

  private static void taken(Consortium before, Consortium after, String... signers) {
    ConsortiumUpdate update = signed(before, after, signers);
    update.require(before, digest(before));
    assertThat(update.missing(before)).isEmpty();
  }

  private static void refused(
      Consortium before, Consortium after, String missing, String... signers) {
    ConsortiumUpdate update = signed(before, after, signers);
    assertThat(String.join("; ", update.missing(before))).contains(missing);
    refuses(ErrorCode.BAD_SIGNATURE, () -> update.require(before, digest(before)));
  }

  private static void refuses(
      ErrorCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.remedy()).isNotBlank();
            });
  }

  @Test
  void aPartyRenewsItsOwnCertificateWithItsOldKeyAlone() {
    Consortium after =
        consortium(
            2, site("a", "a", "a"), site("b", "b", "b2"), site("c", "c", "c"), site("d", "d", "d"));
    taken(FOUR, after, "b");
    refused(FOUR, after, "site a");
    refused(FOUR, after, "site b", "a", "c", "d");
    refused(FOUR, after, "site b", "a", "c", "d", "hub", "ada");
    // Somebody else's key under b's name.
    refused(FOUR, after, "site b", "b=a", "a", "c", "d");
  }

  @Test
  void anOwnNewIdentityIsSignedByTheOldKeyAndTheNewOne() {
    Consortium after =
        consortium(
            2, site("a", "a", "a"), site("b", "b2", "b"), site("c", "c", "c"), site("d", "d", "d"));
    taken(FOUR, after, "b", "b=b2");
    refused(FOUR, after, "the new key of b", "b");
    refused(FOUR, after, "site a", "b=b2");
    // The analyst and the coordinator renew as sites do.
    taken(
        FOUR,
        consortium(2, List.of(analyst("ada", "ada2")), "hub", sites("a", "b", "c", "d")),
        "ada",
        "ada=ada2");
    taken(
        FOUR,
        consortium(2, List.of(analyst("ada", "ada")), "hub2", sites("a", "b", "c", "d")),
        "hub",
        "hub=hub2");
  }

  @Test
  void aLostKeyIsReplacedByAllTheOtherSites() {
    Consortium after =
        consortium(
            2,
            site("a", "a", "a"),
            site("b", "b2", "b2"),
            site("c", "c", "c"),
            site("d", "d", "d"));
    taken(FOUR, after, "a", "c", "d", "b=b2");
    refused(FOUR, after, "site d", "a", "c", "b=b2");
    refused(FOUR, after, "site d", "a", "c", "b=b2", "hub", "ada");
    refused(FOUR, after, "the new key of b", "a", "c", "d");
    // Three sites: the two others, which is one more than may collude.
    Consortium three = consortium(1, sites("a", "b", "c"));
    taken(
        three,
        consortium(2, site("a", "a", "a"), site("b", "b2", "b"), site("c", "c", "c")),
        "a",
        "c",
        "b=b2");
  }

  @Test
  void tooManyLostAtOnceIsNobodysToSign() {
    Consortium after =
        consortium(
            2,
            site("a", "a", "a"),
            site("b", "b2", "b"),
            site("c", "c2", "c"),
            site("d", "d", "d"));
    refused(FOUR, after, "at least 3 of 4", "a", "d", "b=b2", "c=c2");
    Consortium gone = consortium(2, sites("a", "d"));
    refused(FOUR, gone, "at least 3 of 4", "a", "d");
    // Those that go may sign for it.
    taken(FOUR, gone, "a", "b", "d");
  }

  @Test
  void sitesOfOneOrganisationAreNotEnough() {
    Member[] owned = {
      new Member(new SiteId("a"), "one", identity("a").verifyingKey().hex(), tls("a")),
      new Member(new SiteId("b"), "one", identity("b").verifyingKey().hex(), tls("b")),
      new Member(new SiteId("c"), "two", identity("c").verifyingKey().hex(), tls("c"))
    };
    Consortium before = consortium(1, owned);
    Consortium without = consortium(2, owned[0], owned[1]);
    refused(before, without, "at least 3 of 3", "a", "b");
    taken(before, without, "a", "b", "c");
  }

  @Test
  void addingRemovingAndMovingTakeEverySite() {
    List<Consortium> changes = new ArrayList<>();
    changes.add(consortium(2, sites("a", "b", "c", "d", "e")));
    changes.add(consortium(2, List.of(), "hub", sites("a", "b", "c", "d")));
    changes.add(
        consortium(
            2,
            List.of(analyst("ada", "ada"), analyst("eve", "eve")),
            "hub",
            sites("a", "b", "c", "d")));
    changes.add(
        new Consortium(
            "trial",
            2,
            NOW,
            NOW.plusSeconds(9),
            FOUR.sites(),
            FOUR.analysts(),
            FOUR.coordinator()));
    Member moved =
        new Member(new SiteId("a"), "elsewhere", identity("a").verifyingKey().hex(), tls("a"));
    changes.add(
        consortium(2, moved, site("b", "b", "b"), site("c", "c", "c"), site("d", "d", "d")));
    for (Consortium after : changes) {
      refused(FOUR, after, "site d", "a", "b", "c", "hub", "ada", "e", "eve");
      taken(FOUR, after, "a", "b", "c", "d", "e", "eve");
    }
    refused(FOUR, changes.get(0), "the new key of e", "a", "b", "c", "d");
  }

  @Test
  void aSignatureIsForOneFileAfterOneFile() {
    Consortium renewed =
        consortium(
            2, site("a", "a", "a"), site("b", "b", "b2"), site("c", "c", "c"), site("d", "d", "d"));
    Consortium other =
        consortium(
            2, site("a", "a", "a"), site("b", "b", "b3"), site("c", "c", "c"), site("d", "d", "d"));
    ConsortiumUpdate update = signed(FOUR, renewed, "b");
    refuses(ErrorCode.CONSORTIUM_INVALID, () -> update.join(signed(FOUR, other, "b")));
    // The same bytes after another file.
    Consortium elsewhere = consortium(1, sites("a", "b", "c"));
    refuses(ErrorCode.CONSORTIUM_NOT_PINNED, () -> update.require(elsewhere, digest(elsewhere)));
    refuses(
        ErrorCode.CONSORTIUM_INVALID,
        () -> signed(renewed, consortium(2, sites("a", "b", "c", "d")), "b"));
    refuses(
        ErrorCode.CONSORTIUM_INVALID, () -> signed(FOUR, consortium(2, sites("a", "b", "c", "d"))));
  }

  @Test
  void copiesThatGatheredSignaturesApartAreJoined() {
    Consortium after =
        consortium(
            2, site("a", "a", "a"), site("b", "b2", "b"), site("c", "c", "c"), site("d", "d", "d"));
    ConsortiumUpdate joined = signed(FOUR, after, "a");
    for (String signer : List.of("b=b2", "c", "d", "a")) {
      joined = joined.join(signed(FOUR, after, signer));
    }
    assertThat(joined.consents()).hasSize(4);
    joined.require(FOUR, digest(FOUR));
    assertThat(joined.sites(FOUR)).extracting(SiteId::value).containsExactly("a", "c", "d");
  }

  @Test
  void noAlteredByteIsTaken() {
    Consortium after =
        consortium(
            2, site("a", "a", "a"), site("b", "b2", "b"), site("c", "c", "c"), site("d", "d", "d"));
    byte[] object = signed(FOUR, after, "a", "b=b2", "c", "d").encode();
    Digest digest = digest(FOUR);
    for (int at = 0; at < object.length; at += 3) {
      byte[] altered = object.clone();
      altered[at] ^= 0x01;
      assertThatThrownBy(() -> ConsortiumUpdate.read(altered).require(FOUR, digest))
          .as("byte %d", at)
          .isInstanceOf(TributaryException.class);
    }
  }
}
