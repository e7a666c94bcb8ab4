package io.tributary.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.codec.Digest;
import io.tributary.study.TributaryException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsIdentityTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration YEAR = Duration.ofDays(365);

  @TempDir private Path folder;
  private final SecureRandom random = new SecureRandom();

  @Test
  void theCertificateSaysWhoWhereAndHowLong() throws Exception {
    TlsIdentity identity =
        TlsIdentity.create(
            "north", List.of("north.example", "127.0.0.1", "::1"), at(NOW), YEAR, random);
    X509Certificate certificate = identity.certificate();

    assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=north");
    assertThat(certificate.getNotBefore().toInstant()).isEqualTo(NOW.minus(Duration.ofHours(1)));
    assertThat(certificate.getNotAfter().toInstant()).isEqualTo(NOW.plus(YEAR));
    assertThat(certificate.getSubjectAlternativeNames())
        .extracting(name -> (Object) name.get(1))
        .containsExactly("north.example", "127.0.0.1", "0:0:0:0:0:0:0:1");
    assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
    assertThat(certificate.getSigAlgName()).isEqualTo("SHA256withECDSA");
    assertThat(identity.fingerprint()).isEqualTo(Digest.sha256(certificate.getEncoded()));
    certificate.verify(certificate.getPublicKey());
  }

  @Test
  void bothFilesAreReadBackTogether() throws Exception {
    TlsIdentity identity = TlsIdentity.create("north", List.of(), at(NOW), YEAR, random);
    TlsIdentity other = TlsIdentity.create("south", List.of(), at(NOW), YEAR, random);
    Path certificate = folder.resolve("north.crt");
    Path key = folder.resolve("north.key");
    identity.write(certificate, key, Optional.empty(), random);
    other.write(
        folder.resolve("south.crt"),
        folder.resolve("south.key"),
        Optional.of("x".toCharArray()),
        random);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
        .isEqualTo("rw-------");
    assertThat(TlsIdentity.read(certificate, key, Optional.empty()).fingerprint())
        .isEqualTo(identity.fingerprint());
    assertThat(
            TlsIdentity.read(
                    folder.resolve("south.crt"),
                    folder.resolve("south.key"),
                    Optional.of("x".toCharArray()))
                .fingerprint())
        .isEqualTo(other.fingerprint());
    assertThatThrownBy(() -> TlsIdentity.read(folder.resolve("south.crt"), key, Optional.empty()))
        .isInstanceOf(TributaryException.class)
        .hasMessageContaining("is not the key of");
  }

  /** Both ends show a certificate and pin the other's: TLS as the exchange uses it, in memory. */
  @Test
  void aMutualHandshakeSucceedsBetweenPinnedEnds() throws Exception {
    Clock clock = Clock.systemUTC();
    TlsIdentity server =
        TlsIdentity.create("coordinator", List.of("localhost"), clock, YEAR, random);
    TlsIdentity client = TlsIdentity.create("north", List.of(), clock, YEAR, random);
    TlsIdentity stranger = TlsIdentity.create("north", List.of(), clock, YEAR, random);

    assertThat(handshake(server, client, client)).isEqualTo(client.fingerprint());
    assertThatThrownBy(() -> handshake(server, stranger, client)).isInstanceOf(SSLException.class);
  }

  /** The fingerprint of the client that the server saw. */
  private static Digest handshake(TlsIdentity server, TlsIdentity client, TlsIdentity pinned)
      throws Exception {
    SSLEngine serverEnd = context(server, pinned).createSSLEngine();
    serverEnd.setUseClientMode(false);
    serverEnd.setNeedClientAuth(true);
    SSLEngine clientEnd = context(client, server).createSSLEngine("localhost", 1);
    clientEnd.setUseClientMode(true);
    SSLParameters parameters = clientEnd.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    clientEnd.setSSLParameters(parameters);

    java.nio.ByteBuffer toServer = java.nio.ByteBuffer.allocate(1 << 16);
    java.nio.ByteBuffer toClient = java.nio.ByteBuffer.allocate(1 << 16);
    for (int turn = 0; turn < 100; turn++) {
      boolean clientDone = step(clientEnd, toClient, toServer);
      boolean serverDone = step(serverEnd, toServer, toClient);
      if (clientDone && serverDone && toServer.position() == 0 && toClient.position() == 0) {
        return TlsIdentity.fingerprint(
            (X509Certificate) serverEnd.getSession().getPeerCertificates()[0]);
      }
    }
    throw new IllegalStateException("no end after 100 turns");
  }

  private static boolean step(
      SSLEngine end, java.nio.ByteBuffer incoming, java.nio.ByteBuffer outgoing)
      throws SSLException {
    java.nio.ByteBuffer application = java.nio.ByteBuffer.allocate(1 << 16);
    if (end.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING
        && end.getSession().getCipherSuite().equals("SSL_NULL_WITH_NULL_NULL")) {
      end.beginHandshake();
    }
    incoming.flip();
    if (incoming.hasRemaining()) {
      end.unwrap(incoming, application);
    }
    incoming.compact();
    for (Runnable task = end.getDelegatedTask(); task != null; task = end.getDelegatedTask()) {
      task.run();
    }
    while (end.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
      end.wrap(java.nio.ByteBuffer.allocate(0), outgoing);
    }
    return end.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING
        && !end.getSession().getCipherSuite().equals("SSL_NULL_WITH_NULL_NULL");
  }

  private static SSLContext context(TlsIdentity own, TlsIdentity pinned) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    keys.load(null, null);
    keys.setKeyEntry(
        "own", own.privateKey(), new char[0], new X509Certificate[] {own.certificate()});
    KeyManagerFactory keyManagers = KeyManagerFactory.getInstance("PKIX");
    keyManagers.init(keys, new char[0]);
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("pinned", pinned.certificate());
    TrustManagerFactory trustManagers = TrustManagerFactory.getInstance("PKIX");
    trustManagers.init(trusted);
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
    return context;
  }

  private static Clock at(Instant instant) {
    return Clock.fixed(instant, ZoneOffset.UTC);
  }
}
