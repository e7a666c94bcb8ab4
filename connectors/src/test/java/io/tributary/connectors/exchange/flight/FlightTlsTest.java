package io.tributary.connectors.exchange.flight;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tributary.codec.Digest;
import io.tributary.exchange.Exchange;
import io.tributary.identity.TlsIdentity;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteId;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Certificates that are missing, foreign, out of their time or for another host, at both ends. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
final class FlightTlsTest {
  private static final SiteId NORTH = new SiteId("north");
  private static final Duration TWO_DAYS = Duration.ofDays(2);
  private static final TlsIdentity LASTING =
      TlsIdentity.create(
          "north", List.of(), Clock.systemUTC(), Duration.ofDays(30), new SecureRandom());

  private static Clock ahead(Duration length) {
    return Clock.offset(Clock.systemUTC(), length);
  }

  private static Federation federation(TlsIdentity site) {
    return Federation.of(
        Federation.COORDINATOR, Map.of(site.fingerprint(), NORTH), Clock.systemUTC());
  }

  private static TributaryException refusal(Exchange exchange) {
    TributaryException refusal =
        catchThrowableOfType(TributaryException.class, () -> exchange.list("a"));
    assertThat(refusal.code()).isEqualTo(ErrorCode.TLS_REFUSED);
    return refusal;
  }

  private static FlightExchange.Settings settings(
      Federation federation, TlsIdentity own, Digest coordinator) {
    return new FlightExchange.Settings(
        Federation.HOST, federation.server.port(), own, coordinator, Federation.PATIENCE);
  }

  // ---- the coordinator refuses a site ----------------------------------------------------------

  @Test
  void siteThatTheConsortiumDoesNotListIsRefused() throws Exception {
    TlsIdentity stranger = Federation.identity("north");
    try (Federation federation = federation(LASTING)) {
      Exchange exchange =
          federation.connect(
              settings(federation, stranger, Federation.COORDINATOR.fingerprint()),
              Clock.systemUTC());
      TributaryException atTheSite = refusal(exchange);
      assertThat(atTheSite.problem())
          .isEqualTo(
              "The other end, the coordinator at 127.0.0.1:"
                  + federation.server.port()
                  + ", refused this end's certificate.");
      assertThat(atTheSite.reason()).isEqualTo("Its TLS alert is 'certificate_unknown'.");
      assertThat(atTheSite.remedy())
          .startsWith("Look whether the consortium file there lists this certificate");
      TributaryException atTheCoordinator = federation.awaitRefusal();
      assertThat(atTheCoordinator.code()).isEqualTo(ErrorCode.TLS_REFUSED);
      assertThat(atTheCoordinator.problem())
          .startsWith("The certificate of the caller from /127.0.0.1:")
          .endsWith(" is not one that is pinned here.");
      assertThat(atTheCoordinator.reason())
          .isEqualTo("Its SHA-256 fingerprint is " + stranger.fingerprint().hex() + ".");
      assertThat(atTheCoordinator.remedy())
          .isEqualTo(
              "Compare it with the consortium file; new keys need a new consortium file at all"
                  + " parties.");
    }
  }

  @Test
  void siteWhoseCertificateIsExpiredByTheCoordinatorsClockIsRefused() throws Exception {
    TlsIdentity site = Federation.identity("north");
    TlsIdentity coordinator =
        TlsIdentity.create(
            "coordinator",
            List.of(Federation.HOST),
            Clock.systemUTC(),
            Duration.ofDays(30),
            new SecureRandom());
    try (Federation federation =
        Federation.of(coordinator, Map.of(site.fingerprint(), NORTH), ahead(TWO_DAYS))) {
      Exchange exchange =
          federation.connect(
              settings(federation, site, coordinator.fingerprint()), Clock.systemUTC());
      assertThat(refusal(exchange).problem()).contains("refused this end's certificate");
      TributaryException atTheCoordinator = federation.awaitRefusal();
      assertThat(atTheCoordinator.problem())
          .startsWith("The certificate of the caller from /127.0.0.1:")
          .endsWith(" is expired.");
      assertThat(atTheCoordinator.reason())
          .contains("until " + site.certificate().getNotAfter().toInstant())
          .contains("and here it is ");
      assertThat(atTheCoordinator.remedy()).startsWith("Compare the clocks of both machines");
    }
  }

  @Test
  void callerWithoutACertificateIsRefused() throws Exception {
    try (Federation federation = federation(LASTING)) {
      assertThatThrownBy(() -> shakeHands(federation, new KeyManager[0], "TLSv1.3"))
          .isInstanceOf(IOException.class);
      TributaryException atTheCoordinator = federation.awaitRefusal();
      assertThat(atTheCoordinator.code()).isEqualTo(ErrorCode.TLS_REFUSED);
      assertThat(atTheCoordinator.problem())
          .startsWith("There is no certificate from the caller from /127.0.0.1:");
      assertThat(atTheCoordinator.reason()).isEqualTo("Both ends of a connection must show one.");
      assertThat(atTheCoordinator.remedy())
          .isEqualTo("Connect with the certificate and key that the consortium file lists.");
    }
  }

  @Test
  void callerThatSpeaksNoTlsIsRefusedAndDisturbsNobody() throws Exception {
    try (Federation federation = federation(LASTING)) {
      Exchange exchange =
          federation.connect(
              settings(federation, LASTING, Federation.COORDINATOR.fingerprint()),
              Clock.systemUTC());
      exchange.put("a/1", new byte[1]);
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), federation.server.port())) {
        socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(US_ASCII));
        socket.setSoTimeout(20_000);
        assertThat(socket.getInputStream().readAllBytes()).hasSizeLessThan(100);
      }
      assertThat(federation.awaitRefusal().problem())
          .startsWith("No secure connection with the caller from /127.0.0.1:");
      assertThat(exchange.get("a/1")).isPresent();
    }
  }

  @Test
  void protocolsAreTls13AndTls12() throws Exception {
    try (Federation federation = federation(LASTING)) {
      assertThat(shakeHands(federation, keys(LASTING), "TLSv1.3")).isEqualTo("TLSv1.3");
      assertThat(shakeHands(federation, keys(LASTING), "TLSv1.2")).isEqualTo("TLSv1.2");
    }
  }

  /** Shakes hands as a caller that trusts the coordinator, and reads the first bytes of HTTP/2. */
  private static String shakeHands(Federation federation, KeyManager[] keys, String protocol)
      throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    TrustManager trust =
        new PinnedTrust(
            Set.of(Federation.COORDINATOR.fingerprint()), Optional.empty(), Clock.systemUTC());
    context.init(keys, new TrustManager[] {trust}, null);
    try (SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(Federation.HOST, federation.server.port())) {
      socket.setSoTimeout(20_000);
      socket.setEnabledProtocols(new String[] {protocol});
      var parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2"});
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      OutputStream out = socket.getOutputStream();
      out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0".getBytes(US_ASCII));
      out.flush();
      if (socket.getInputStream().read() < 0) {
        throw new IOException("closed");
      }
      return socket.getSession().getProtocol();
    }
  }

  private static KeyManager[] keys(TlsIdentity identity) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "own", identity.privateKey(), new char[0], new X509Certificate[] {identity.certificate()});
    KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(store, new char[0]);
    return factory.getKeyManagers();
  }

  // ---- a site refuses the coordinator ----------------------------------------------------------

  @Test
  void coordinatorWithAnotherCertificateIsRefused() throws Exception {
    TlsIdentity expected = Federation.identity("coordinator", Federation.HOST);
    try (Federation federation = federation(LASTING)) {
      TributaryException atTheSite =
          refusal(
              federation.connect(
                  settings(federation, LASTING, expected.fingerprint()), Clock.systemUTC()));
      assertThat(atTheSite.problem())
          .isEqualTo(
              "The certificate of the coordinator at 127.0.0.1:"
                  + federation.server.port()
                  + " is not one that is pinned here.");
      assertThat(atTheSite.reason())
          .isEqualTo(
              "Its SHA-256 fingerprint is " + Federation.COORDINATOR.fingerprint().hex() + ".");
      TributaryException atTheCoordinator = federation.awaitRefusal();
      assertThat(atTheCoordinator.problem())
          .startsWith("The other end, the caller from /127.0.0.1:")
          .endsWith(", refused this end's certificate.");
      assertThat(atTheCoordinator.reason()).isEqualTo("Its TLS alert is 'certificate_unknown'.");
    }
  }

  @Test
  void coordinatorWithAnExpiredCertificateIsRefused() throws Exception {
    try (Federation federation = federation(LASTING)) {
      TributaryException atTheSite =
          refusal(
              federation.connect(
                  settings(federation, LASTING, Federation.COORDINATOR.fingerprint()),
                  ahead(TWO_DAYS)));
      assertThat(atTheSite.problem())
          .startsWith("The certificate of the coordinator at 127.0.0.1:")
          .endsWith(" is expired.");
      assertThat(atTheSite.remedy()).startsWith("Compare the clocks of both machines");
      assertThat(federation.awaitRefusal().reason())
          .isEqualTo("Its TLS alert is 'certificate_unknown'.");
    }
  }

  @Test
  void clockThatIsADayBehindSaysNotYetValid() {
    TlsIdentity old =
        TlsIdentity.create(
            "north", List.of(), ahead(TWO_DAYS.negated()), Duration.ofDays(30), new SecureRandom());
    try (Federation federation = federation(old)) {
      TributaryException atTheSite =
          refusal(
              federation.connect(
                  settings(federation, old, Federation.COORDINATOR.fingerprint()),
                  ahead(Duration.ofDays(-1))));
      assertThat(atTheSite.problem()).endsWith(" is not valid yet.");
    }
  }

  @Test
  void coordinatorAtAnotherHostIsRefused() {
    TlsIdentity elsewhere = Federation.identity("coordinator", "elsewhere.example", "10.1.2.3");
    try (Federation federation =
        Federation.of(elsewhere, Map.of(LASTING.fingerprint(), NORTH), Clock.systemUTC())) {
      TributaryException atTheSite =
          refusal(
              federation.connect(
                  settings(federation, LASTING, elsewhere.fingerprint()), Clock.systemUTC()));
      assertThat(atTheSite.problem())
          .startsWith("The certificate of the coordinator at 127.0.0.1:")
          .endsWith(" is not for the host '127.0.0.1'.");
      assertThat(atTheSite.reason()).isEqualTo("It names elsewhere.example, 10.1.2.3.");
      assertThat(atTheSite.remedy())
          .isEqualTo(
              "Connect by a name of the certificate, or make the coordinator's keys with this host"
                  + " name.");
    }
  }

  @Test
  void hostMayBeANameOrAnAddressOfTheCertificate() {
    try (Federation federation = federation(LASTING)) {
      for (String host : List.of("127.0.0.1", "localhost", "LOCALHOST")) {
        Exchange exchange =
            federation.connect(
                host,
                federation.server.port(),
                LASTING,
                Federation.COORDINATOR.fingerprint(),
                Federation.PATIENCE);
        assertThat(exchange.list("a")).isEmpty();
      }
    }
  }

  @Test
  void ownExpiredCertificateIsToldBeforeAnyConnection() {
    try (Federation federation = federation(LASTING)) {
      assertThatThrownBy(
              () ->
                  federation.connect(
                      settings(
                          federation,
                          Federation.identity("north"),
                          Federation.COORDINATOR.fingerprint()),
                      ahead(TWO_DAYS)))
          .hasMessageStartingWith("TLS_REFUSED: The certificate of this site is expired.");
      assertThat(federation.refusals).isEmpty();
    }
  }

  @Test
  void peerThatSpeaksNoTlsIsRefused() throws Exception {
    try (Federation federation = federation(LASTING);
        ServerSocket plain = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread answering =
          new Thread(
              () -> {
                while (!plain.isClosed()) {
                  try (Socket socket = plain.accept()) {
                    InputStream in = socket.getInputStream();
                    assertThat(in.read()).isNotNegative();
                    socket
                        .getOutputStream()
                        .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII));
                    socket.shutdownOutput();
                    in.readAllBytes();
                  } catch (IOException e) {
                    // The peer is gone, or the test is over.
                  }
                }
              });
      answering.setDaemon(true);
      answering.start();
      TributaryException atTheSite =
          refusal(
              federation.connect(
                  Federation.HOST,
                  plain.getLocalPort(),
                  LASTING,
                  Federation.COORDINATOR.fingerprint(),
                  Federation.PATIENCE));
      assertThat(atTheSite.problem())
          .isEqualTo(
              "No secure connection with the coordinator at 127.0.0.1:"
                  + plain.getLocalPort()
                  + " came about.");
    }
  }

  @Test
  void secretsAreNotPrinted() {
    assertThat(
            new FlightExchange.Settings(
                    "h", 1, LASTING, Federation.COORDINATOR.fingerprint(), Federation.PATIENCE)
                .toString())
        .doesNotContain(
            new java.math.BigInteger(1, LASTING.privateKey().getEncoded()).toString(16));
  }
}
