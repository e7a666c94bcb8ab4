package io.tributary.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.codec.Digest;
import io.tributary.codec.SiteSet;
import io.tributary.identity.SigningIdentity;
import io.tributary.masking.RoundTerms;
import io.tributary.study.ErrorCode;
import io.tributary.study.Study;
import io.tributary.study.TributaryException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every message comes back as it was, and nothing else is read as one. */
class MessageTest {
  private static final int SITES = 5;
  private static final Digest STUDY = digest(1);
  private static final Digest ROUND = digest(2);

  private static Digest digest(int seed) {
    return Digest.sha256(new byte[] {(byte) seed});
  }

  private static Bytes bytes(int length) {
    byte[] value = new byte[length];
    Arrays.fill(value, (byte) 7);
    return Bytes.take(value);
  }

  static Stream<Message> everyMessage() {
    Bytes payload = bytes(40);
    RoundTerms terms =
        new RoundTerms(
            3,
            1,
            2,
            SiteSet.all(SITES),
            digest(3),
            Digest.sha256(payload.shared()),
            digest(4),
            digest(5),
            digest(6));
    SiteSet contributors = SiteSet.of(SITES, 0, 2, 3, 4);
    List<Digest> four = List.of(digest(7), digest(8), digest(9), digest(10));
    Declarations declarations =
        new Declarations(digest(11), Declarations.Consent.GIVEN, Declarations.Scope.STUDY);
    return Stream.of(
        new Message.EpochOpen(STUDY, 1, "TRIB-SA-1", digest(12), bytes(32)),
        new Message.EpochKey(STUDY, 1, bytes(32), bytes(32), declarations),
        new Message.EpochRefusal(STUDY, 1, ErrorCode.POLICY_REFUSED),
        new Message.RosterProposal(STUDY, 1, Study.Shape.ALL, List.of(bytes(9), bytes(10))),
        new Message.RosterAck(STUDY, 1, digest(13), four),
        new Message.EpochActive(STUDY, 1, List.of(bytes(9), bytes(10))),
        new Message.EpochClosed(STUDY, 1, Optional.of(ErrorCode.BUSY)),
        new Message.EpochClosed(STUDY, 1, Optional.empty()),
        new Message.RoundOpen(
            digest(14), terms, 1234, payload, List.of(bytes(5), bytes(6)), List.of()),
        new Message.Upload(ROUND, bytes(32), digest(15), four, four, List.of(digest(16))),
        new Message.Boxes(ROUND, 2, List.of(bytes(216), bytes(216))),
        new Message.SurvivorSet(ROUND, contributors, four),
        new Message.SurvivorSig(ROUND, contributors, four),
        new Message.Certificate(
            ROUND,
            contributors,
            four,
            List.of(
                new Message.Certificate.MemberSignature(0, bytes(64)),
                new Message.Certificate.MemberSignature(3, bytes(64)))),
        new Message.Unmask(ROUND, digest(17), bytes(99)),
        new Message.AttemptDead(ROUND, ErrorCode.STEP_INPUT_CHANGED),
        new Message.AttemptAbort(ROUND, ErrorCode.THRESHOLD_LOST),
        new Message.Result(
            ROUND, contributors, digest(18), digest(19), List.of(bytes(48)), List.of()),
        new Message.JobClosed(digest(20), 7, Optional.empty()));
  }

  @ParameterizedTest
  @MethodSource("everyMessage")
  void comesBackAsItWas(Message message) {
    Message read = Message.decode(message.body(), SITES);
    assertThat(read).isEqualTo(message);
    assertThat(read.body()).isEqualTo(message.body());
  }

  @ParameterizedTest
  @MethodSource("everyMessage")
  void isRefusedWhenCutOrExtended(Message message) {
    byte[] body = message.body();
    for (int length = 0; length < body.length; length++) {
      requireRefused(Arrays.copyOf(body, length));
    }
    requireRefused(Arrays.copyOf(body, body.length + 1));
  }

  private static void requireRefused(byte[] body) {
    assertThatThrownBy(() -> Message.decode(body, SITES))
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_MESSAGE));
  }

  @ParameterizedTest
  @MethodSource("everyMessage")
  void signatureCoversTheMessage(Message message) {
    SigningIdentity signer = SigningIdentity.generate(new SecureRandom());
    SigningIdentity stranger = SigningIdentity.generate(new SecureRandom());
    SignedObject object = SignedObject.sign("east", message, signer);
    SignedObject read = SignedObject.decode(object.encoded().toArray());
    assertThat(read).isEqualTo(object);
    assertThat(read.message(SITES)).isEqualTo(message);
    assertThat(read.signedBy(signer.verifyingKey())).isTrue();
    assertThat(read.signedBy(stranger.verifyingKey())).isFalse();
    SignedObject again = SignedObject.sign("east", message, signer);
    assertThat(again.encoded()).isEqualTo(object.encoded());
  }
}
