package io.tributary.connectors.exchange.flight;

import io.tributary.codec.Digest;
import io.tributary.exchange.Exchange;
import io.tributary.exchange.InMemoryExchange;
import io.tributary.exchange.MonotonicTime;
import io.tributary.identity.TlsIdentity;
import io.tributary.study.SiteId;
import io.tributary.study.TributaryException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A coordinator's server and any number of sites, on loopback, with certificates for one day. */
final class Federation implements AutoCloseable {
  static final String HOST = "127.0.0.1";
  static final ObjectAccess EVERYTHING =
      new ObjectAccess((site, name) -> true, (site, name) -> true);

  static final TlsIdentity COORDINATOR = identity("coordinator", HOST, "localhost");

  /** Certificates cost a few ms each, and every test would need the same. */
  private static final List<TlsIdentity> SITES = new ArrayList<>();

  /** Short enough for tests of failure, long enough for a busy machine. */
  static final SitePatience PATIENCE =
      new SitePatience(
          Duration.ofSeconds(20),
          Duration.ofSeconds(60),
          Duration.ofSeconds(30),
          Duration.ofMillis(50),
          Duration.ofSeconds(1),
          Duration.ofSeconds(10));

  final FlightExchangeServer server;
  final Queue<TributaryException> refusals = new ConcurrentLinkedQueue<>();
  private final List<Exchange> opened = new ArrayList<>();

  private Federation(Exchange store, FlightExchangeServer.Settings settings, Clock clock) {
    this.server =
        FlightExchangeServer.start(settings, store, clock, MonotonicTime.SYSTEM, refusals::add);
  }

  static Federation over(Exchange store, int sites) {
    return over(store, EVERYTHING, ServerLimits.defaults(), sites);
  }

  static Federation over(Exchange store, ObjectAccess access, ServerLimits limits, int sites) {
    return new Federation(
        store,
        new FlightExchangeServer.Settings(HOST, 0, COORDINATOR, roster(sites), access, limits),
        Clock.systemUTC());
  }

  /** A coordinator with another certificate, other sites or another clock. */
  static Federation of(TlsIdentity coordinator, Map<Digest, SiteId> roster, Clock clock) {
    return new Federation(
        new InMemoryExchange(),
        new FlightExchangeServer.Settings(
            HOST, 0, coordinator, roster, EVERYTHING, ServerLimits.defaults()),
        clock);
  }

  /** The first refusal that the server tells, within 10 s. */
  TributaryException awaitRefusal() throws InterruptedException {
    for (int look = 0; look < 500 && refusals.isEmpty(); look++) {
      Thread.sleep(20);
    }
    return refusals.element();
  }

  static TlsIdentity identity(String name, String... hosts) {
    return TlsIdentity.create(
        name, List.of(hosts), Clock.systemUTC(), Duration.ofDays(1), new SecureRandom());
  }

  static synchronized TlsIdentity site(int number) {
    while (SITES.size() <= number) {
      SITES.add(identity("site-" + SITES.size()));
    }
    return SITES.get(number);
  }

  static Map<Digest, SiteId> roster(int sites) {
    Map<Digest, SiteId> roster = new HashMap<>();
    for (int i = 0; i < sites; i++) {
      roster.put(site(i).fingerprint(), new SiteId("site-" + i));
    }
    return roster;
  }

  FlightExchange connect(int number) {
    return connect(number, server.port(), PATIENCE);
  }

  FlightExchange connect(int number, int port, SitePatience patience) {
    return connect(HOST, port, site(number), COORDINATOR.fingerprint(), patience);
  }

  FlightExchange connect(
      String host, int port, TlsIdentity own, Digest coordinator, SitePatience patience) {
    return connect(
        new FlightExchange.Settings(host, port, own, coordinator, patience), Clock.systemUTC());
  }

  FlightExchange connect(FlightExchange.Settings settings, Clock clock) {
    FlightExchange exchange = FlightExchange.open(settings, clock, MonotonicTime.SYSTEM);
    opened.add(exchange);
    return exchange;
  }

  @Override
  public void close() {
    opened.forEach(Exchange::close);
    server.close();
  }
}
