package io.tributary.connectors.exchange.flight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.exchange.Exchange;
import io.tributary.exchange.InMemoryExchange;
import io.tributary.exchange.MonotonicTime;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where the server listens, and what it leaves behind. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class FlightExchangeServerTest {
  private final InMemoryExchange store = new InMemoryExchange();

  private FlightExchangeServer start(String host, int port) {
    return FlightExchangeServer.start(
        new FlightExchangeServer.Settings(
            host,
            port,
            Federation.COORDINATOR,
            Federation.roster(2),
            Federation.EVERYTHING,
            ServerLimits.defaults()),
        store,
        Clock.systemUTC(),
        MonotonicTime.SYSTEM,
        refusal -> {});
  }

  @Test
  void portThatIsTakenIsNamed() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> start("127.0.0.1", other.getLocalPort()))
          .hasMessage(
              "PORT_TAKEN: Port "
                  + other.getLocalPort()
                  + " on 127.0.0.1 is taken. Another process listens there, perhaps another"
                  + " coordinator. Stop it, or give the coordinator another port and tell the"
                  + " sites.");
    }
  }

  @Test
  void addressOfAnotherMachineIsNamed() {
    // TEST-NET-1 of RFC 5737 belongs to nobody.
    assertThatThrownBy(() -> start("192.0.2.1", 0))
        .hasMessageStartingWith(
            "EXCHANGE_FAILED: The coordinator cannot listen on 192.0.2.1:0. The system answers: ")
        .hasMessageEndingWith(
            "Give it an address of this machine, and a port that this user may open.");
    assertThatThrownBy(() -> start("no.such.host.invalid", 0))
        .hasMessageStartingWith(
            "EXCHANGE_FAILED: The coordinator cannot listen on no.such.host.invalid:0.");
  }

  @Test
  void anyFreePortAndTheSameAgainAfterClosing() {
    int port;
    try (FlightExchangeServer first = start("127.0.0.1", 0)) {
      port = first.port();
      assertThat(port).isPositive();
    }
    try (FlightExchangeServer second = start("127.0.0.1", port)) {
      assertThat(second.port()).isEqualTo(port);
    }
  }

  @Test
  void closingLeavesNoThreads() throws Exception {
    FlightExchangeServer server = start("127.0.0.1", 0);
    CompletableFuture<List<String>> waiting =
        CompletableFuture.supplyAsync(
            () -> server.exchange().await("a", List.of(), Duration.ofSeconds(60)));
    Thread.sleep(200);
    server.close();
    assertThat(waiting).succeedsWithin(Duration.ofSeconds(10));
    for (int look = 0; look < 100 && ownThreads() > 0; look++) {
      Thread.sleep(50);
    }
    assertThat(ownThreads()).isZero();
  }

  private static long ownThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("exchange-"))
        .count();
  }

  /** What another process puts into the store is found without word of it. */
  @Test
  void objectsPutPastTheServerAreFound() {
    try (FlightExchangeServer server = start("127.0.0.1", 0)) {
      Exchange own = server.exchange();
      CompletableFuture<List<String>> waiting =
          CompletableFuture.supplyAsync(() -> own.await("a", List.of(), Duration.ofSeconds(30)));
      store.put("a/1", new byte[1]);
      assertThat(waiting.orTimeout(20, TimeUnit.SECONDS).join()).containsExactly("a/1");
    }
  }
}
