package io.tributary.connectors.exchange.flight;

import io.tributary.codec.Digest;
import io.tributary.identity.TlsIdentity;
import io.tributary.study.Errors;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts exactly the certificates whose SHA-256 is pinned, in their time and, at a site, for the
 * host that was dialled. Who issued a certificate does not matter: the consortium file names each.
 * That the peer has the private key is proven by the handshake itself.
 *
 * <p>An extended trust manager, since TLS adds checks of issuers and hosts of its own to a plain
 * one.
 */
final class PinnedTrust extends X509ExtendedTrustManager {
  private static final int DNS_NAME = 2;
  private static final int IP_ADDRESS = 7;
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  private final Set<Digest> pins;
  private final Optional<String> host;
  private final Clock clock;

  /**
   * @param pins SHA-256 of the DER form of each certificate that is trusted
   * @param host the name or address by which the peer was dialled; empty at the coordinator, which
   *     is dialled by sites from addresses that nobody knows beforehand
   */
  PinnedTrust(Set<Digest> pins, Optional<String> host, Clock clock) {
    this.pins = Set.copyOf(pins);
    this.host = host;
    this.clock = clock;
  }

  private void check(X509Certificate[] chain) throws PinnedCertificateException {
    if (chain == null || chain.length == 0) {
      throw new PinnedCertificateException(Errors::tlsMissingCertificate);
    }
    X509Certificate certificate = chain[0];
    Digest fingerprint = TlsIdentity.fingerprint(certificate);
    if (!pins.contains(fingerprint)) {
      throw new PinnedCertificateException(
          peer -> Errors.tlsUnknownCertificate(peer, fingerprint.hex()));
    }
    checkTime(certificate);
    checkHost(certificate);
  }

  private void checkTime(X509Certificate certificate) throws PinnedCertificateException {
    Instant now = clock.instant();
    Instant from = certificate.getNotBefore().toInstant();
    Instant until = certificate.getNotAfter().toInstant();
    if (now.isBefore(from) || now.isAfter(until)) {
      throw new PinnedCertificateException(peer -> Errors.tlsOutOfTime(peer, from, until, now));
    }
  }

  private void checkHost(X509Certificate certificate) throws PinnedCertificateException {
    if (host.isEmpty()) {
      return;
    }
    List<String> names = hostNames(certificate);
    String wanted = canonical(host.get());
    if (names.stream().map(PinnedTrust::canonical).noneMatch(wanted::equals)) {
      throw new PinnedCertificateException(
          peer -> Errors.tlsWrongHost(peer, host.get(), String.join(", ", names)));
    }
  }

  private static List<String> hostNames(X509Certificate certificate) {
    List<String> names = new ArrayList<>();
    try {
      Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
      for (List<?> each : alternatives == null ? List.<List<?>>of() : alternatives) {
        int kind = (Integer) each.get(0);
        if (kind == DNS_NAME || kind == IP_ADDRESS) {
          names.add((String) each.get(1));
        }
      }
    } catch (CertificateParsingException e) {
      // A certificate whose names cannot be read is for no host.
      return List.of();
    }
    return names;
  }

  /** One spelling for each host: addresses have several, DNS names may differ in case. */
  private static String canonical(String host) {
    if (ADDRESS.matcher(host).matches()) {
      try {
        // An address is parsed here, never looked up.
        return InetAddress.getByName(host).getHostAddress();
      } catch (UnknownHostException e) {
        return host;
      }
    }
    return host.toLowerCase(Locale.ROOT);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws PinnedCertificateException {
    check(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws PinnedCertificateException {
    check(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws PinnedCertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws PinnedCertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws PinnedCertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws PinnedCertificateException {
    check(chain);
  }

  /** None: certificates are pinned, so that a peer is not told whom the consortium knows. */
  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
