package io.tributary.connectors.exchange.flight;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.tributary.codec.Digest;
import io.tributary.identity.TlsIdentity;
import io.tributary.study.SiteId;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * Says which site calls, from its certificate alone, and how many calls it may have open. A
 * connection may outlive its certificate, so that the time is checked at every call.
 */
final class SiteAdmission implements ServerInterceptor {
  /** The calling site, in the context of every call that gets past here. */
  static final Context.Key<SiteId> SITE = Context.key("tributary-site");

  private static final Set<String> STREAMS = Set.of("DoGet", "DoPut");

  private final Map<Digest, SiteId> sites;
  private final ServerLimits limits;
  private final Clock clock;
  private final Map<SiteId, Semaphore> calls = new ConcurrentHashMap<>();
  private final Map<SiteId, Semaphore> streams = new ConcurrentHashMap<>();

  SiteAdmission(Map<Digest, SiteId> sites, ServerLimits limits, Clock clock) {
    this.sites = Map.copyOf(sites);
    this.limits = limits;
    this.clock = clock;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    Optional<SiteId> site = siteOf(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION));
    if (site.isEmpty()) {
      return refuse(call, Status.UNAUTHENTICATED.withDescription(CallErrors.TLS_REFUSED));
    }
    boolean stream = STREAMS.contains(call.getMethodDescriptor().getBareMethodName());
    Semaphore open =
        stream
            ? streams.computeIfAbsent(site.get(), id -> new Semaphore(limits.maxStreamsPerSite()))
            : calls.computeIfAbsent(site.get(), id -> new Semaphore(limits.maxCallsPerSite()));
    if (!open.tryAcquire()) {
      return refuse(call, Status.RESOURCE_EXHAUSTED.withDescription(CallErrors.AGAIN));
    }
    Releasing release = new Releasing(open);
    try {
      Context context = Context.current().withValue(SITE, site.get());
      ServerCall.Listener<Q> listener = Contexts.interceptCall(context, call, headers, next);
      return new SimpleForwardingServerCallListener<Q>(listener) {
        @Override
        public void onComplete() {
          release.run();
          super.onComplete();
        }

        @Override
        public void onCancel() {
          release.run();
          super.onCancel();
        }
      };
    } catch (RuntimeException e) {
      release.run();
      throw e;
    }
  }

  private Optional<SiteId> siteOf(SSLSession session) {
    if (session == null) {
      return Optional.empty();
    }
    try {
      Certificate[] chain = session.getPeerCertificates();
      if (chain.length == 0 || !(chain[0] instanceof X509Certificate certificate)) {
        return Optional.empty();
      }
      Instant now = clock.instant();
      if (now.isBefore(certificate.getNotBefore().toInstant())
          || now.isAfter(certificate.getNotAfter().toInstant())) {
        return Optional.empty();
      }
      return Optional.ofNullable(sites.get(TlsIdentity.fingerprint(certificate)));
    } catch (SSLPeerUnverifiedException e) {
      return Optional.empty();
    }
  }

  private static <Q, A> ServerCall.Listener<Q> refuse(ServerCall<Q, A> call, Status status) {
    call.close(status, new Metadata());
    return new ServerCall.Listener<>() {};
  }

  /** Gives a permit back once, whichever end of the call comes first. */
  private static final class Releasing implements Runnable {
    private final Semaphore semaphore;
    private final AtomicBoolean done = new AtomicBoolean();

    Releasing(Semaphore semaphore) {
      this.semaphore = semaphore;
    }

    @Override
    public void run() {
      if (done.compareAndSet(false, true)) {
        semaphore.release();
      }
    }
  }
}
