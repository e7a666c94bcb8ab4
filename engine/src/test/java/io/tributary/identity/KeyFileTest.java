package io.tributary.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.study.ErrorCode;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFileTest {
  private static final Optional<char[]> NO_PASSWORD = Optional.empty();

  @TempDir private Path folder;
  private final SecureRandom random = new SecureRandom();
  private final SigningIdentity identity = SigningIdentity.generate(random);

  @Test
  void aKeyIsReadBackByItsOwnerOnly() throws Exception {
    Path file = folder.resolve("north.key");
    KeyFile.write(file, identity, NO_PASSWORD, random);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(KeyFile.read(file, NO_PASSWORD).verifyingKey()).isEqualTo(identity.verifyingKey());

    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertInvalid(() -> KeyFile.read(file, NO_PASSWORD), "read by others");
  }

  /** The platform's own parser accepts the file: it is PKCS #8. */
  @Test
  void anUnencryptedKeyIsPkcs8() throws Exception {
    Path file = folder.resolve("north.key");
    KeyFile.write(file, identity, NO_PASSWORD, random);
    String body = Files.readString(file).replaceAll("-----[A-Z ]+-----|\n", "");

    assertThat(
            KeyFactory.getInstance("Ed25519")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(body)))
                .getAlgorithm())
        .isEqualTo("EdDSA");
  }

  @Test
  void aPasswordOpensOnlyWhatItClosed() throws Exception {
    Path file = folder.resolve("north.key");
    KeyFile.write(file, identity, Optional.of("größe 12".toCharArray()), random);

    assertThat(Files.readString(file)).startsWith("-----BEGIN TRIBUTARY ENCRYPTED KEY-----\n");
    assertThat(KeyFile.read(file, Optional.of("größe 12".toCharArray())).verifyingKey())
        .isEqualTo(identity.verifyingKey());
    assertInvalid(() -> KeyFile.read(file, NO_PASSWORD), "is encrypted");
    assertInvalid(
        () -> KeyFile.read(file, Optional.of("grosse 12".toCharArray())), "this password");
  }

  @Test
  void anExistingFileIsNeverReplaced() throws Exception {
    Path file = folder.resolve("north.key");
    KeyFile.write(file, identity, NO_PASSWORD, random);
    byte[] before = Files.readAllBytes(file);

    assertInvalid(
        () -> KeyFile.write(file, SigningIdentity.generate(random), NO_PASSWORD, random),
        "exists already");
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }

  @Test
  void otherFilesAreRefused() throws Exception {
    assertInvalid(() -> KeyFile.read(folder.resolve("none.key"), NO_PASSWORD), "cannot be read");
    assertInvalid(() -> KeyFile.read(written("text"), NO_PASSWORD), "holds no private key");
    assertInvalid(
        () -> KeyFile.read(written("-----BEGIN PRIVATE KEY-----\nAAAA\n"), NO_PASSWORD), "no PEM");
    assertInvalid(
        () -> KeyFile.read(written("-----BEGIN PRIVATE KEY-----"), NO_PASSWORD), "no PEM");
    assertInvalid(
        () ->
            KeyFile.read(
                written("-----BEGIN PRIVATE KEY-----\n%%\n-----END PRIVATE KEY-----\n"),
                NO_PASSWORD),
        "no PEM");
    assertInvalid(
        () ->
            KeyFile.read(
                written("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"),
                NO_PASSWORD),
        "no Ed25519 private key");
    assertInvalid(
        () ->
            KeyFile.read(
                written(
                    """
                    -----BEGIN TRIBUTARY ENCRYPTED KEY-----
                    AAAA
                    -----END TRIBUTARY ENCRYPTED KEY-----
                    """),
                Optional.of(new char[] {'x'})),
        "is damaged");
    assertInvalid(() -> KeyFile.read(written("x".repeat(20_000)), NO_PASSWORD), "too large");
  }

  private Path written(String text) throws IOException {
    Path file = Files.createTempFile(folder, "other", ".key");
    Files.writeString(file, text);
    return file;
  }

  private static void assertInvalid(ThrowingCallable action, String problem) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.KEY_INVALID);
              assertThat(e.problem()).contains(problem);
            });
  }
}
