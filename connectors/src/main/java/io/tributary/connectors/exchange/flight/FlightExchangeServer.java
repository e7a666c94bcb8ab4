package io.tributary.connectors.exchange.flight;

import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.ssl.SslContext;
import io.tributary.codec.Digest;
import io.tributary.exchange.Exchange;
import io.tributary.exchange.MonotonicTime;
import io.tributary.identity.TlsIdentity;
import io.tributary.study.Errors;
import io.tributary.study.SiteId;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.net.BindException;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.arrow.flight.FlightServer;
import org.apache.arrow.flight.Location;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The coordinator's end of the Flight exchange: lets the sites of one consortium use a store of
 * objects. Sites are told apart by their certificates; nobody but the coordinator's own process,
 * through {@link #exchange}, removes anything. Nothing is served before a handshake in which both
 * ends proved a pinned certificate.
 */
public final class FlightExchangeServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FlightExchangeServer.class);
  private static final int MAX_EVENT_LOOPS = 4;
  private static final int MAX_HEADER_BYTES = 16 << 10;
  private static final int UNSENT_BYTES = 1 << 20;
  private static final int CLOSE_SECONDS = 5;

  private final AnnouncedStore store;
  private final Watchdog watchdog = new Watchdog();
  private final BufferAllocator allocator;
  private final ExecutorService calls = Executors.newCachedThreadPool(daemons("exchange-call"));
  private final EventLoopGroup acceptor =
      new MultiThreadIoEventLoopGroup(1, daemons("exchange-accept"), NioIoHandler.newFactory());
  private final EventLoopGroup connections =
      new MultiThreadIoEventLoopGroup(
          Math.min(MAX_EVENT_LOOPS, Runtime.getRuntime().availableProcessors()),
          daemons("exchange-connection"),
          NioIoHandler.newFactory());
  private final FlightServer server;

  /**
   * Where and for whom a server listens.
   *
   * @param host name or address of this machine to bind, such as 0.0.0.0 or 127.0.0.1
   * @param port 0 for any that is free
   * @param own certificate and key of the coordinator
   * @param sites SHA-256 of each site's certificate's DER form, and the site it stands for
   */
  public record Settings(
      String host,
      int port,
      TlsIdentity own,
      Map<Digest, SiteId> sites,
      ObjectAccess access,
      ServerLimits limits) {
    public Settings {
      sites = Map.copyOf(sites);
    }
  }

  private FlightExchangeServer(
      Settings settings,
      Exchange backing,
      Clock clock,
      MonotonicTime time,
      Consumer<TributaryException> refusals) {
    ServerLimits limits = settings.limits();
    SiteQuota quota = new SiteQuota(limits);
    this.store = new AnnouncedStore(backing, quota::forget, time);
    this.allocator = new RootAllocator(limits.arrowBytes());
    ObjectProducer producer =
        new ObjectProducer(
            store,
            new StagedUploads(limits, time),
            quota,
            settings.access(),
            limits,
            allocator,
            watchdog,
            calls);
    SslContext tls = Tls.forServer(settings.own(), settings.sites().keySet(), clock);
    SiteAdmission admission = new SiteAdmission(settings.sites(), limits, clock);
    Connections open = new Connections(limits);
    Sparing told = new Sparing(limits.maxRefusalsTold(), time);
    Consumer<NettyServerBuilder> transport =
        builder ->
            builder
                .sslContext(tls)
                .channelFactory(
                    () -> new CountedServerChannel(open, refusal -> tell(refusal, told, refusals)))
                .bossEventLoopGroup(acceptor)
                .workerEventLoopGroup(connections)
                .intercept(admission)
                .maxConcurrentCallsPerConnection(
                    limits.maxCallsPerSite() + limits.maxStreamsPerSite())
                .handshakeTimeout(limits.handshake().toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTime(60, TimeUnit.SECONDS)
                .keepAliveTimeout(20, TimeUnit.SECONDS)
                .permitKeepAliveTime(9, TimeUnit.SECONDS);
    this.server =
        FlightServer.builder(
                allocator, Location.forGrpcInsecure(settings.host(), settings.port()), producer)
            .executor(calls)
            .maxInboundMessageSize(WireForm.MAX_MESSAGE_BYTES)
            .setMaxHeaderListSize(MAX_HEADER_BYTES)
            .backpressureThreshold(UNSENT_BYTES)
            .transportHint("grpc.builderConsumer", transport)
            .build();
  }

  private static void tell(
      TributaryException refusal, Sparing told, Consumer<TributaryException> refusals) {
    if (told.allows()) {
      long kept = told.kept();
      LOG.warn("refused={} notToldBefore={}", refusal.getMessage(), kept);
      refusals.accept(refusal);
    }
  }

  /**
   * Starts to listen. Ends with {@link #close}; the backing store is left open.
   *
   * @param backing the objects; also other processes may put into it
   * @param refusals told every TLS_REFUSED of a caller; called on connection threads, must not
   *     block
   * @throws TributaryException PORT_TAKEN, or EXCHANGE_FAILED if the address cannot be bound
   */
  public static FlightExchangeServer start(
      Settings settings,
      Exchange backing,
      Clock clock,
      MonotonicTime time,
      Consumer<TributaryException> refusals) {
    FlightExchangeServer server =
        new FlightExchangeServer(settings, backing, clock, time, refusals);
    try {
      server.server.start();
      return server;
    } catch (IOException | RuntimeException e) {
      server.close();
      throw isTaken(e)
          ? Errors.portTaken(settings.host(), settings.port(), e)
          : Errors.cannotListen(settings.host(), settings.port(), rootCause(e));
    }
  }

  private static boolean isTaken(Throwable failure) {
    Throwable cause = rootCause(failure);
    return cause instanceof BindException
        && String.valueOf(cause.getMessage()).contains("already in use");
  }

  private static Throwable rootCause(Throwable failure) {
    Throwable each = failure;
    while (each.getCause() != null) {
      each = each.getCause();
    }
    return each;
  }

  /** The port that is bound. */
  public int port() {
    return server.getPort();
  }

  /** Memory of batches in flight. */
  long arrowBytes() {
    return allocator.getAllocatedMemory();
  }

  /**
   * The coordinator's own use of the store, without a network: may do everything, and its puts wake
   * sites at once. Closed with the server.
   */
  public Exchange exchange() {
    return store;
  }

  /** Ends all calls and frees the port; takes 10 s at most. */
  @Override
  public void close() {
    store.close();
    try {
      server.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    calls.shutdownNow();
    watchdog.close();
    shutDown(acceptor);
    shutDown(connections);
    try {
      if (!calls.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("calls still running at close");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try {
      allocator.close();
    } catch (IllegalStateException e) {
      // Batches of calls that were cut off; their memory goes with the allocator.
      LOG.debug("batches left at close", e);
    }
  }

  private static void shutDown(EventLoopGroup loops) {
    if (!loops
        .shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS)
        .awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS)) {
      LOG.warn("event loops still running at close");
    }
  }

  private static ThreadFactory daemons(String name) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }
}
