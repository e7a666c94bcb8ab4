package io.tributary.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.codec.Canonical;
import io.tributary.codec.Digest;
import io.tributary.identity.SigningIdentity;
import io.tributary.study.Consortium;
import io.tributary.study.Consortium.Member;
import io.tributary.study.Consortium.Party;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteId;
import io.tributary.study.TributaryException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** An act on a population: whose signatures it takes (PROTOCOL.md 2.8, Any other change). */
class PopulationActTest {
  private static final Instant NOW = Instant.parse("2027-03-01T12:00:00Z");
  private static final Digest FILE = Digest.sha256(new byte[] {1});
  private static final Digest PAGE = Digest.sha256(new byte[] {2});
  private static final Consortium KNOWN = known("a", "b", "c", "d", "e");

  private static SigningIdentity identity(String name) {
    return SigningIdentity.ofSeed(Digest.sha256(Canonical.utf8(name)).bytes());
  }

  private static Consortium known(String... sites) {
    List<Member> members =
        Arrays.stream(sites)
            .map(
                id ->
                    new Member(
                        new SiteId(id),
                        id.equals("e") ? "hospital a" : "hospital " + id,
                        identity(id).verifyingKey().hex(),
                        ""))
            .toList();
    return new Consortium(
        "trial",
        1,
        Instant.EPOCH,
        Instant.MAX,
        members,
        List.of(),
        new Party("hub", "university", identity("hub").verifyingKey().hex(), Optional.empty()));
  }

  private static Set<SiteId> set(String ids) {
    Set<SiteId> set = new TreeSet<>();
    for (String id : ids.isEmpty() ? new String[0] : ids.split("")) {
      set.add(new SiteId(id));
    }
    return set;
  }

  private static PopulationAct act(String before, String after, String lost, String signers) {
    PopulationAct act =
        PopulationAct.propose(KNOWN, FILE, NOW, set(before), set(after), set(lost), "closed down");
    for (SiteId signer : set(signers)) {
      act = act.sign(signer, PAGE, "Dr. X", NOW, identity(signer.value()));
    }
    return PopulationAct.read(act.encode());
  }

  private static void refuses(
      ErrorCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void allSitesOfBothSetsSignButTheLostOnes() {
    act("abcd", "abc", "d", "abc").require(KNOWN, FILE);
    act("abcd", "abc", "", "abcd").require(KNOWN, FILE);
    act("abc", "abcd", "", "abcd").require(KNOWN, FILE);
    assertThat(act("abcd", "abc", "", "abc").missing()).isEqualTo(set("d"));
    for (String signers : List.of("", "ab", "ac", "bc")) {
      PopulationAct few = act("abcd", "abc", "d", signers);
      refuses(ErrorCode.BAD_SIGNATURE, () -> few.require(KNOWN, FILE));
    }
    PopulationAct silent = act("abcd", "abc", "", "abc");
    refuses(ErrorCode.BAD_SIGNATURE, () -> silent.require(KNOWN, FILE));
    PopulationAct joining = act("abc", "abcd", "", "abc");
    refuses(ErrorCode.BAD_SIGNATURE, () -> joining.require(KNOWN, FILE));
  }

  @Test
  void anothersKeyAnotherActAndAnotherFileDoNotCount() {
    PopulationAct stolen =
        act("abcd", "abc", "d", "ab").sign(new SiteId("c"), PAGE, "Dr. X", NOW, identity("a"));
    refuses(ErrorCode.BAD_SIGNATURE, () -> stolen.require(KNOWN, FILE));
    refuses(ErrorCode.USAGE, () -> act("abcd", "abc", "d", "ab").join(act("abcd", "abc", "", "c")));
    refuses(
        ErrorCode.CONSORTIUM_NOT_PINNED,
        () -> act("abcd", "abc", "d", "abc").require(KNOWN, Digest.ZERO));
    act("abcd", "abc", "d", "ab").join(act("abcd", "abc", "d", "c")).require(KNOWN, FILE);
  }

  @Test
  void setsThatCouldNotBeSummedAreRefused() {
    refuses(ErrorCode.ROSTER_TOO_WEAK, () -> act("abc", "ab", "c", ""));
    // Sites a and e are of one hospital.
    refuses(ErrorCode.ROSTER_TOO_WEAK, () -> act("abcd", "abe", "", ""));
    refuses(ErrorCode.CONSORTIUM_INVALID, () -> act("abcd", "abz", "", ""));
    for (String[] sets :
        List.of(
            new String[] {"abc", "abc", ""},
            new String[] {"", "abc", ""},
            new String[] {"abcd", "abc", "a"},
            new String[] {"abc", "abcd", "d"})) {
      refuses(ErrorCode.USAGE, () -> act(sets[0], sets[1], sets[2], ""));
    }
  }

  @Test
  void noAlteredByteIsTaken() {
    byte[] object = act("abcd", "abc", "d", "abc").encode();
    for (int at = 0; at < object.length; at++) {
      byte[] altered = object.clone();
      altered[at] ^= 0x01;
      assertThatThrownBy(() -> PopulationAct.read(altered).require(KNOWN, FILE))
          .as("byte %d", at)
          .isInstanceOf(TributaryException.class);
    }
  }
}
