package io.tributary.jobs;

import io.tributary.codec.Digest;
import io.tributary.connectors.exchange.filesystem.FileSystemExchange;
import io.tributary.connectors.exchange.flight.FlightExchange;
import io.tributary.connectors.exchange.flight.FlightExchangeServer;
import io.tributary.connectors.exchange.flight.ObjectAccess;
import io.tributary.connectors.exchange.flight.ServerLimits;
import io.tributary.connectors.exchange.flight.SitePatience;
import io.tributary.exchange.Exchange;
import io.tributary.exchange.MonotonicTime;
import io.tributary.identity.TlsIdentity;
import io.tributary.jobs.study.Submission;
import io.tributary.study.AnalystConfig;
import io.tributary.study.Consortium;
import io.tributary.study.CoordinatorConfig;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteConfig;
import io.tributary.study.SiteId;
import io.tributary.study.TributaryException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Opens the exchange that a configuration names. */
public final class Exchanges {
  private static final Pattern URI_FORM = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*");

  private Exchanges() {}

  /** A site's way to the coordinator. */
  public static Exchange ofSite(SiteConfig config, Consortium consortium, Clock clock) {
    return outward(config.exchange(), config.site().value(), config.tls(), consortium, clock);
  }

  /** An analyst's way to the coordinator. */
  public static Exchange ofAnalyst(AnalystConfig config, Consortium consortium, Clock clock) {
    return outward(config.exchange(), config.id(), config.tls(), consortium, clock);
  }

  private static Exchange outward(
      SiteConfig.ExchangeConfig exchange,
      String owner,
      Optional<SiteConfig.Tls> tls,
      Consortium consortium,
      Clock clock) {
    if (exchange instanceof SiteConfig.Files files) {
      return FileSystemExchange.open(
          folder(files.path()), owner, Map.of(), MonotonicTime.SYSTEM, files.poll());
    }
    SiteConfig.Flight flight = (SiteConfig.Flight) exchange;
    String fingerprint =
        flight
            .coordinatorFingerprint()
            .or(() -> consortium.coordinator().tlsFingerprint())
            .orElseThrow(
                () ->
                    Errors.invalid(
                        ErrorCode.CONFIG_INVALID,
                        "exchange.coordinatorFingerprint",
                        "the consortium file has no fingerprint of the coordinator.",
                        "Add the coordinator's TLS fingerprint to the consortium file."));
    return FlightExchange.open(
        new FlightExchange.Settings(
            flight.host(),
            flight.port(),
            tls(tls.orElseThrow()),
            Digest.ofHex(fingerprint),
            SitePatience.defaults()),
        clock,
        MonotonicTime.SYSTEM);
  }

  /** The coordinator's end; closing it also ends its server. */
  public static final class CoordinatorEnd implements AutoCloseable {
    private final Exchange store;
    private final Optional<FlightExchangeServer> server;

    private CoordinatorEnd(Exchange store, Optional<FlightExchangeServer> server) {
      this.store = store;
      this.server = server;
    }

    /** What the coordinator reads and writes. */
    public Exchange exchange() {
      return server.map(FlightExchangeServer::exchange).orElse(store);
    }

    /** Port that sites reach; empty with a shared folder. */
    public Optional<Integer> port() {
      return server.map(FlightExchangeServer::port);
    }

    @Override
    public void close() {
      server.ifPresent(FlightExchangeServer::close);
      store.close();
    }
  }

  /**
   * Opens the coordinator's end; with Flight it listens from here on.
   *
   * @param refusals told every certificate that was refused
   */
  public static CoordinatorEnd ofCoordinator(
      CoordinatorConfig config,
      Consortium consortium,
      Clock clock,
      Consumer<TributaryException> refusals) {
    Exchange store =
        FileSystemExchange.create(
            objects(config), config.id(), Map.of(), MonotonicTime.SYSTEM, pause(config));
    if (!(config.exchange() instanceof CoordinatorConfig.Flight flight)) {
      return new CoordinatorEnd(store, Optional.empty());
    }
    try {
      FlightExchangeServer server =
          FlightExchangeServer.start(
              new FlightExchangeServer.Settings(
                  flight.host(),
                  flight.port(),
                  tls(config.tls().orElseThrow()),
                  callers(consortium),
                  new ObjectAccess(
                      (caller, name) -> mayWrite(consortium, caller, name), (caller, name) -> true),
                  ServerLimits.defaults()),
              store,
              clock,
              MonotonicTime.SYSTEM,
              refusals);
      return new CoordinatorEnd(store, Optional.of(server));
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
  }

  /** The coordinator's objects without a server, for a process beside it on the same machine. */
  public static Exchange ofCoordinatorFolder(CoordinatorConfig config) {
    return FileSystemExchange.create(
        objects(config), config.id() + "-beside", Map.of(), MonotonicTime.SYSTEM, pause(config));
  }

  /** With Flight nobody else writes into the folder, and the server wakes those who wait. */
  private static Duration pause(CoordinatorConfig config) {
    return config.exchange() instanceof CoordinatorConfig.Files files
        ? files.poll()
        : FileSystemExchange.LONGEST_PAUSE;
  }

  /** Folder or URI of the coordinator's objects; with Flight they lie in its state folder. */
  public static URI objects(CoordinatorConfig config) {
    return config.exchange() instanceof CoordinatorConfig.Files files
        ? folder(files.path())
        : config.state().resolve("exchange").toUri();
  }

  /**
   * A site writes its own messages and frames, an analyst submits studies; nobody writes for
   * another (names: {@code exchange.ObjectNames}).
   */
  static boolean mayWrite(Consortium consortium, SiteId caller, String name) {
    String[] parts = name.split("/");
    boolean site = consortium.site(caller).isPresent();
    if (parts.length < 2 || !parts[0].equals("studies")) {
      return !site && Submission.isAnnouncement(name);
    }
    if (!site) {
      return Submission.isPart(name);
    }
    if (parts.length < 4) {
      return false;
    }
    String file = parts[parts.length - 1];
    return switch (parts[2]) {
      // KIND-SITE-HASH, where a site's id may hold dashes itself.
      case "s" -> {
        int first = file.indexOf('-');
        int last = file.lastIndexOf('-');
        yield first > 0 && first < last && file.substring(first + 1, last).equals(caller.value());
      }
      case "f" -> parts[parts.length - 2].equals(caller.value());
      case "checkpoints" -> parts.length == 5 && parts[3].equals(caller.value());
      default -> false;
    };
  }

  private static Map<Digest, SiteId> callers(Consortium consortium) {
    Map<Digest, SiteId> callers = new HashMap<>();
    for (Consortium.Member site : consortium.sites()) {
      if (!site.tlsFingerprint().isEmpty()) {
        callers.put(Digest.ofHex(site.tlsFingerprint()), site.id());
      }
    }
    for (Consortium.Party analyst : consortium.analysts()) {
      analyst
          .tlsFingerprint()
          .ifPresent(
              fingerprint -> callers.put(Digest.ofHex(fingerprint), new SiteId(analyst.id())));
    }
    return callers;
  }

  private static TlsIdentity tls(SiteConfig.Tls tls) {
    return TlsIdentity.read(tls.certificate(), tls.key(), Optional.empty());
  }

  private static URI folder(String path) {
    return URI_FORM.matcher(path).matches() ? URI.create(path) : Path.of(path).toUri();
  }
}
