package io.tributary.connectors.exchange.flight;

import io.tributary.study.TributaryException;
import java.security.cert.CertificateException;
import java.util.Optional;
import java.util.function.Function;

/** A peer's certificate was refused; carried through TLS to where the peer's address is known. */
final class PinnedCertificateException extends CertificateException {
  private static final int MAX_CAUSES = 20;

  private final transient Function<String, TributaryException> refusal;

  /** The peer gets the alert certificate_unknown for any reason: Java's TLS tells no other. */
  PinnedCertificateException(Function<String, TributaryException> refusal) {
    super("certificate refused");
    this.refusal = refusal;
  }

  /** The refusal among the causes of a failure, for a peer described by {@code peer}. */
  static Optional<TributaryException> refusalIn(Throwable failure, String peer) {
    Throwable each = failure;
    for (int depth = 0; each != null && depth < MAX_CAUSES; depth++) {
      if (each instanceof PinnedCertificateException pinned) {
        return Optional.of(pinned.refusal.apply(peer));
      }
      each = each.getCause();
    }
    return Optional.empty();
  }
}
