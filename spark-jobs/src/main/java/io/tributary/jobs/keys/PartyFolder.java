package io.tributary.jobs.keys;

import io.tributary.identity.KeyFile;
import io.tributary.identity.SigningIdentity;
import io.tributary.identity.TlsIdentity;
import io.tributary.study.Errors;
import io.tributary.study.SiteId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A party's keys in one folder: {@code identity.key} (Ed25519), {@code tls.crt} and {@code tls.key}
 * (ECDSA P-256), and {@code card.yaml}, the public half that goes into the consortium file.
 */
public final class PartyFolder {
  public static final String IDENTITY = "identity.key";
  public static final String TLS_CERTIFICATE = "tls.crt";
  public static final String TLS_KEY = "tls.key";
  public static final String CARD = "card.yaml";

  private PartyFolder() {}

  /**
   * Makes the keys. Existing files are never replaced.
   *
   * @param id site, analyst or coordinator id
   * @param hosts names and addresses of a coordinator's Flight server; empty for others
   * @param tlsValidity of the certificate
   * @param password that encrypts the identity, or empty
   */
  public static PartyCard create(
      Path folder,
      SiteId id,
      PartyCard.Role role,
      List<String> hosts,
      Duration tlsValidity,
      Optional<char[]> password,
      Clock clock,
      SecureRandom random) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw Errors.storageFailed(
          "Cannot make folder " + folder + ".", "Check its parent's permissions.", e);
    }
    SigningIdentity identity = SigningIdentity.generate(random);
    try {
      TlsIdentity tls = TlsIdentity.create(id.value(), hosts, clock, tlsValidity, random);
      KeyFile.write(folder.resolve(IDENTITY), identity, password, random);
      tls.write(folder.resolve(TLS_CERTIFICATE), folder.resolve(TLS_KEY), Optional.empty(), random);
      PartyCard card =
          new PartyCard(id, role, identity.verifyingKey().hex(), tls.fingerprint().hex());
      Files.write(folder.resolve(CARD), card.yaml());
      return card;
    } catch (IOException e) {
      throw Errors.storageFailed(
          "Cannot write " + folder.resolve(CARD) + ".", "Check the folder's permissions.", e);
    } finally {
      identity.destroy();
    }
  }

  /**
   * Makes a new TLS certificate with a new key; the identity stays. The old pair is kept beside it,
   * as {@code tls.crt.old} and {@code tls.key.old}, until the next renewal.
   *
   * @param hosts as in {@link #create}
   * @return the new card, which the consortium's keeper puts in place of the old one
   */
  public static PartyCard renew(
      Path folder, List<String> hosts, Duration tlsValidity, Clock clock, SecureRandom random) {
    PartyCard before = PartyCard.read(folder.resolve(CARD));
    Path certificate = folder.resolve(TLS_CERTIFICATE);
    Path key = folder.resolve(TLS_KEY);
    Path newCertificate = folder.resolve(TLS_CERTIFICATE + ".new");
    Path newKey = folder.resolve(TLS_KEY + ".new");
    TlsIdentity tls = TlsIdentity.create(before.id().value(), hosts, clock, tlsValidity, random);
    try {
      // Left by a renewal that was broken off; nobody knows its fingerprint.
      Files.deleteIfExists(newCertificate);
      Files.deleteIfExists(newKey);
      tls.write(newCertificate, newKey, Optional.empty(), random);
      PartyCard after =
          new PartyCard(before.id(), before.role(), before.key(), tls.fingerprint().hex());
      replace(key, folder.resolve(TLS_KEY + ".old"));
      replace(certificate, folder.resolve(TLS_CERTIFICATE + ".old"));
      replace(newKey, key);
      replace(newCertificate, certificate);
      Files.write(folder.resolve(CARD), after.yaml());
      return after;
    } catch (IOException e) {
      throw Errors.storageFailed(
          "The certificate in " + folder + " could not be renewed.",
          "Check the folder's permissions; the old pair is there, perhaps with '.old' behind it.",
          e);
    }
  }

  private static void replace(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
