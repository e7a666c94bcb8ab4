package io.tributary.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.codec.StudyParser;
import io.tributary.study.Consortium;
import io.tributary.study.ErrorCode;
import io.tributary.study.Study;
import io.tributary.study.TributaryException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StudySignatureTest {
  private static final Instant NOW = Instant.parse("2027-03-01T12:00:00.5Z");
  private static final SigningIdentity ADA = SigningIdentity.generate(new SecureRandom());
  private static final Consortium CONSORTIUM =
      new Consortium(
          "trial",
          1,
          NOW,
          NOW,
          List.of(),
          List.of(new Consortium.Party("ada", "One", ADA.verifyingKey().hex(), Optional.empty())),
          new Consortium.Party("hub", "One", "", Optional.empty()));
  private static final String YAML =
      """
      study: trial
      sites: [a, b, c]
      cohort: {from: lung}
      analyses: [{name: one, type: summary, columns: [age]}]
      """;

  @Test
  void aSignedStudyIsReadBackAndVerified() {
    StudySignature signature = StudySignature.read(sign(YAML, "ada", ADA).bytes());

    signature.verify(raw(YAML), parse(YAML), CONSORTIUM, at(Duration.ofDays(89)));
    assertThat(signature.analyst()).isEqualTo("ada");
    assertThat(signature.signedAt()).isEqualTo(Instant.parse("2027-03-01T12:00:00Z"));
  }

  @Test
  void oneAlteredByteIsFoundOut() {
    refuses(ErrorCode.BAD_SIGNATURE, sign(YAML, "ada", ADA), YAML.replace("[age]", "[sex]"), 0);
  }

  @Test
  void aStrangersSignatureIsRefused() {
    SigningIdentity mallory = SigningIdentity.generate(new SecureRandom());
    refuses(ErrorCode.STUDY_REFUSED, sign(YAML, "mallory", mallory), YAML, 0);
    refuses(ErrorCode.BAD_SIGNATURE, sign(YAML, "ada", mallory), YAML, 0);
  }

  @Test
  void theNamedAnalystMustSign() {
    String named = YAML + "analyst: grace\n";
    refuses(ErrorCode.STUDY_REFUSED, sign(named, "ada", ADA), named, 0);
  }

  @Test
  void anOldStudyAndAWrongClockAreRefused() {
    refuses(ErrorCode.STUDY_EXPIRED, sign(YAML, "ada", ADA), YAML, 91);
    refuses(ErrorCode.STUDY_EXPIRED, sign(YAML, "ada", ADA), YAML, -1);
    String ends = YAML + "validUntil: 2027-03-02\n";
    refuses(ErrorCode.STUDY_EXPIRED, sign(ends, "ada", ADA), ends, 3);
  }

  @Test
  void bytesOutOfFormAreRefused() {
    byte[] bytes = sign(YAML, "ada", ADA).bytes();
    for (int cut = 0; cut < bytes.length; cut++) {
      byte[] truncated = java.util.Arrays.copyOf(bytes, cut);
      assertThatThrownBy(() -> StudySignature.read(truncated))
          .isInstanceOf(TributaryException.class);
    }
  }

  private static StudySignature sign(String yaml, String analyst, SigningIdentity identity) {
    return StudySignature.sign(raw(yaml), analyst, identity, at(Duration.ZERO));
  }

  private static void refuses(ErrorCode code, StudySignature signature, String yaml, int days) {
    assertThatThrownBy(
            () -> signature.verify(raw(yaml), parse(yaml), CONSORTIUM, at(Duration.ofDays(days))))
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.remedy()).isNotBlank();
            });
  }

  private static Clock at(Duration later) {
    return Clock.fixed(NOW.plus(later), ZoneOffset.UTC);
  }

  private static byte[] raw(String yaml) {
    return yaml.getBytes(StandardCharsets.UTF_8);
  }

  private static Study parse(String yaml) {
    return StudyParser.parse(raw(yaml), "study.yaml");
  }
}
