package io.tributary.connectors.exchange.flight;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.tributary.codec.Digest;
import io.tributary.identity.TlsIdentity;
import io.tributary.study.Errors;
import io.tributary.study.TributaryException;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/**
 * TLS 1.3 or 1.2 with certificates at both ends, by Java's own implementation: the native one that
 * Spark's class path may hold differs from platform to platform in its errors.
 */
final class Tls {
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};
  private static final int MAX_CAUSES = 20;
  private static final Pattern ALERT =
      Pattern.compile(
          "received fatal alert: (certificate_\\w+|\\w*_?certificate|unknown_ca|access_denied"
              + "|handshake_failure|protocol_version|insufficient_security)",
          Pattern.CASE_INSENSITIVE);

  private Tls() {}

  static SslContext forServer(TlsIdentity own, Set<Digest> sites, Clock clock) {
    try {
      return GrpcSslContexts.configure(
              SslContextBuilder.forServer(own.privateKey(), own.certificate()), SslProvider.JDK)
          .protocols(PROTOCOLS)
          .clientAuth(ClientAuth.REQUIRE)
          .trustManager(new PinnedTrust(sites, Optional.empty(), clock))
          .build();
    } catch (SSLException e) {
      throw Errors.tlsFailed("any site", e);
    }
  }

  static SslContext forSite(TlsIdentity own, Digest coordinator, String host, Clock clock) {
    try {
      return GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
          .protocols(PROTOCOLS)
          .keyManager(own.privateKey(), own.certificate())
          .trustManager(new PinnedTrust(Set.of(coordinator), Optional.of(host), clock))
          .build();
    } catch (SSLException e) {
      throw Errors.tlsFailed("the coordinator", e);
    }
  }

  /**
   * Why TLS failed, if it is about who the ends are; empty for broken connections, which may be
   * tried again.
   */
  static Optional<TributaryException> refusal(Throwable failure, String peer) {
    Optional<TributaryException> ours = PinnedCertificateException.refusalIn(failure, peer);
    if (ours.isPresent()) {
      return ours;
    }
    Throwable each = failure;
    for (int depth = 0; each != null && depth < MAX_CAUSES; depth++) {
      if (each instanceof SSLException) {
        String message = String.valueOf(each.getMessage());
        Matcher alert = ALERT.matcher(message);
        if (alert.find()) {
          return Optional.of(
              Errors.tlsRefusedByPeer(peer, alert.group(1).toLowerCase(Locale.ROOT), each));
        }
        if (message.contains("Empty client certificate chain")) {
          return Optional.of(Errors.tlsMissingCertificate(peer));
        }
        if (message.contains("not an SSL/TLS record")
            || message.contains("No appropriate protocol")
            || message.contains("no cipher suites in common")) {
          return Optional.of(Errors.tlsFailed(peer, each));
        }
      }
      each = each.getCause();
    }
    return Optional.empty();
  }
}
