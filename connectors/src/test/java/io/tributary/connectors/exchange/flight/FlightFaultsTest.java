package io.tributary.connectors.exchange.flight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.exchange.Exchange;
import io.tributary.exchange.InMemoryExchange;
import io.tributary.exchange.MonotonicTime;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Networks that break, peers that fall silent, coordinators that restart. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class FlightFaultsTest {
  private static final int OBJECT_BYTES = 8 << 20;
  private static final Duration LATEST = Duration.ofSeconds(15);
  private static final int INTERRUPTIONS = 500;

  /** For calls that are to fail: 1 s each, and 1 s more of attempts. */
  private static final SitePatience HASTE =
      new SitePatience(
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          Duration.ofMillis(50),
          Duration.ofMillis(200),
          Duration.ofSeconds(10));

  private final InMemoryExchange store = new InMemoryExchange();
  private final byte[] object = new byte[OBJECT_BYTES];
  private Federation federation;
  private UnreliableWire wire;

  @BeforeEach
  void start() throws IOException {
    new Random(7).nextBytes(object);
    begin(ServerLimits.defaults());
  }

  private void begin(ServerLimits limits) throws IOException {
    federation = Federation.over(store, Federation.EVERYTHING, limits, 3);
    wire = new UnreliableWire(federation.server.port());
  }

  @AfterEach
  void stop() throws IOException {
    federation.close();
    wire.close();
  }

  private static ServerLimits limits(int maxWaitsPerSite, int maxStreamsPerSite, Duration stall) {
    ServerLimits defaults = ServerLimits.defaults();
    return new ServerLimits(
        defaults.maxConnections(),
        defaults.maxStrangers(),
        defaults.maxConnectionsPerSite(),
        defaults.maxRefusalsTold(),
        defaults.handshake(),
        defaults.maxCallsPerSite(),
        maxWaitsPerSite,
        maxStreamsPerSite,
        defaults.maxStagedBytesPerSite(),
        defaults.maxStagedBytes(),
        defaults.maxPutsPerSite(),
        defaults.maxPutBytesPerSite(),
        defaults.longestWait(),
        stall,
        defaults.streamDeadline(),
        defaults.arrowBytes());
  }

  private static void assertUnreachable(ThrowingCallable call) {
    long start = System.nanoTime();
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.EXCHANGE_FAILED);
              assertThat(e.problem())
                  .startsWith("The coordinator at 127.0.0.1:")
                  .endsWith(" does not answer.");
              assertThat(e.reason()).startsWith("The last attempt ended with: ");
              assertThat(e.remedy())
                  .isEqualTo(
                      "Look whether it runs and whether this machine may connect out to it; then"
                          + " start again.");
            });
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LATEST);
  }

  /** A process that is told to end must not go on because it was just reading an object's end. */
  @Test
  void aThreadThatIsInterruptedWhileItReadsHearsOfIt() throws InterruptedException {
    Exchange site = federation.connect(0, federation.server.port(), Federation.PATIENCE);
    store.put("a/small", new byte[2000]);
    Random random = new Random(11);
    for (int i = 0; i < INTERRUPTIONS; i++) {
      Thread reader = new Thread(() -> readUntilInterrupted(site), "reader");
      reader.start();
      TimeUnit.MICROSECONDS.sleep(random.nextInt(4000));
      reader.interrupt();
      reader.join(LATEST.toMillis());
      assertThat(reader.isAlive()).as("goes on after interruption " + i).isFalse();
    }
  }

  private static void readUntilInterrupted(Exchange site) {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        site.get("a/small");
      }
    } catch (TributaryException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.EXCHANGE_FAILED);
    }
  }

  @Test
  void brokenUploadIsResumedWhereItStopped() {
    Exchange site = federation.connect(0, wire.port(), Federation.PATIENCE);
    site.list("a");
    long before = wire.upBytes();
    wire.cutAfterUp(5 << 20);
    site.put("a/large", object);
    assertThat(store.get("a/large")).hasValue(object);
    assertThat(wire.connections()).isEqualTo(2);
    // Sent again is only what was on its way: what both ends' buffers hold, not 5 MiB.
    assertThat(wire.upBytes() - before).isBetween((long) OBJECT_BYTES, OBJECT_BYTES + (4L << 20));
  }

  @Test
  void uploadThatBreaksManyTimesStillEnds() {
    Exchange site = federation.connect(0, wire.port(), Federation.PATIENCE);
    site.list("a");
    CompletableFuture<Void> put = CompletableFuture.runAsync(() -> site.put("a/large", object));
    for (int cut = 0; cut < 5 && !put.isDone(); cut++) {
      wire.cutAfterUp(2 << 20);
      sleep(400);
    }
    put.orTimeout(60, TimeUnit.SECONDS).join();
    assertThat(store.get("a/large")).hasValue(object);
  }

  @Test
  void brokenDownloadIsReadAgain() {
    store.put("a/large", object);
    Exchange site = federation.connect(0, wire.port(), Federation.PATIENCE);
    site.list("a");
    wire.cutAfterDown(3 << 20);
    assertThat(site.get("a/large")).hasValue(object);
    assertThat(wire.connections()).isEqualTo(2);
  }

  /** The object is stored, the answer is lost: the second attempt finds it. */
  @Test
  void lostAnswerToAPutIsNoError() {
    Exchange site = federation.connect(0, wire.port(), Federation.PATIENCE);
    site.list("a");
    for (int i = 0; i < 5; i++) {
      wire.cutAfterDown(1);
      site.put("a/" + i, new byte[] {1, 2, 3});
      assertThat(store.get("a/" + i)).hasValue(new byte[] {1, 2, 3});
    }
  }

  @Test
  void slowWireIsNoError() {
    Exchange site = federation.connect(0, wire.port(), Federation.PATIENCE);
    wire.slow(5);
    site.put("a/large", object);
    assertThat(site.get("a/large")).hasValue(object);
  }

  @Test
  void silentPeerEndsEveryCallAtItsDeadline() {
    store.put("a/large", object);
    Exchange site = federation.connect(0, wire.port(), HASTE);
    site.list("a");
    wire.silentAfterUp(0);
    assertUnreachable(() -> site.list("a"));
    assertUnreachable(() -> site.put("a/small", new byte[10]));
    assertUnreachable(() -> site.put("a/other", object));
    assertUnreachable(() -> site.get("a/large"));
    assertUnreachable(() -> site.await("b", List.of(), Duration.ofSeconds(1)));
    wire.mend();
    assertThat(site.list("a")).containsExactly("a/large");
  }

  @Test
  void peerThatFallsSilentInAnUploadEndsItAtItsDeadline() {
    Exchange site = federation.connect(0, wire.port(), HASTE);
    site.list("a");
    wire.silentAfterUp(2 << 20);
    assertUnreachable(() -> site.put("a/large", object));
    wire.mend();
    site.put("a/large", object);
    assertThat(store.get("a/large")).hasValue(object);
  }

  /** The only stream of a site is taken by an upload that went silent; the server ends it. */
  @Test
  void stalledUploadGivesItsPlaceBack() throws IOException {
    stop();
    begin(limits(16, 1, Duration.ofMillis(500)));
    SitePatience stubborn =
        new SitePatience(
            Duration.ofSeconds(20),
            Duration.ofSeconds(60),
            Duration.ZERO,
            Duration.ofMillis(50),
            Duration.ofMillis(200),
            Duration.ofSeconds(60));
    Exchange silent = federation.connect(0, wire.port(), stubborn);
    silent.list("a");
    wire.silentAfterUp(2 << 20);
    CompletableFuture<Void> stalled =
        CompletableFuture.runAsync(() -> silent.put("a/stalled", object));
    sleep(300);
    Exchange direct = federation.connect(0);
    direct.put("a/large", object);
    assertThat(store.get("a/large")).hasValue(object);
    assertThat(stalled).isNotCompleted();
  }

  @Test
  void coordinatorThatRestartsIsFoundAgain() throws IOException {
    int port = federation.server.port();
    Exchange site = federation.connect(0);
    site.put("a/1", object);
    federation.server.close();
    CompletableFuture<Optional<byte[]>> later =
        CompletableFuture.supplyAsync(
            () -> {
              site.put("a/2", object);
              return site.get("a/1");
            });
    sleep(1_000);
    assertThat(later).isNotDone();
    try (FlightExchangeServer again =
        FlightExchangeServer.start(
            new FlightExchangeServer.Settings(
                Federation.HOST,
                port,
                Federation.COORDINATOR,
                Federation.roster(3),
                Federation.EVERYTHING,
                ServerLimits.defaults()),
            store,
            Clock.systemUTC(),
            MonotonicTime.SYSTEM,
            refusal -> {})) {
      assertThat(later.orTimeout(60, TimeUnit.SECONDS).join()).hasValue(object);
      assertThat(again.exchange().get("a/2")).hasValue(object);
    }
  }

  @Test
  void coordinatorThatIsNotThereIsNamed() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    Exchange site = federation.connect(0, free, HASTE);
    assertUnreachable(() -> site.list("a"));
    assertThatThrownBy(() -> site.list("a"))
        .hasMessageContaining("127.0.0.1:" + free)
        .hasMessageContaining("Connection refused");
  }

  @Test
  void storeThatFailsAtTheCoordinatorIsToldApartFromABrokenWire() {
    try (Federation broken = Federation.over(new FullStore(), 1)) {
      Exchange site = broken.connect(0, broken.server.port(), HASTE);
      for (ThrowingCallable call :
          List.<ThrowingCallable>of(
              () -> site.put("a/small", new byte[10]), () -> site.put("a/large", object))) {
        assertThatThrownBy(call)
            .isInstanceOf(TributaryException.class)
            .hasMessageStartingWith("EXCHANGE_FAILED: The coordinator at 127.0.0.1:")
            .hasMessageContaining(
                "It was reached, but cannot do its part (EXCHANGE_FAILED); its own log says why.");
      }
    }
  }

  /** A store on a full disk. */
  private static final class FullStore implements Exchange {
    @Override
    public void put(String name, byte[] bytes) {
      throw Errors.exchangeFull("/store", new IOException("No space left on device"));
    }

    @Override
    public Optional<byte[]> get(String name) {
      return Optional.empty();
    }

    @Override
    public List<String> list(String prefix) {
      return List.of();
    }

    @Override
    public List<String> await(String prefix, List<String> known, Duration patience) {
      return List.of();
    }

    @Override
    public void remove(String prefix) {}

    @Override
    public void close() {}
  }

  /** A site that dies while it waits gives its places back within seconds. */
  @Test
  void brokenWaitsGiveTheirPlacesBack() throws IOException {
    stop();
    ServerLimits defaults = ServerLimits.defaults();
    begin(limits(2, defaults.maxStreamsPerSite(), defaults.stall()));
    Exchange site = federation.connect(0, wire.port(), Federation.PATIENCE);
    site.list("a");
    for (int i = 0; i < 8; i++) {
      CompletableFuture<List<String>> waiting =
          CompletableFuture.supplyAsync(() -> site.await("a", List.of(), Duration.ofMillis(300)));
      sleep(100);
      wire.cut();
      assertThat(waiting).succeedsWithin(Duration.ofSeconds(30));
    }
  }

  @Test
  void closingDoesNotWaitForCallsOfOtherThreads() {
    Exchange site = federation.connect(0);
    CompletableFuture<List<String>> waiting =
        CompletableFuture.supplyAsync(() -> site.await("a", List.of(), Duration.ofSeconds(60)));
    sleep(500);
    long start = System.nanoTime();
    site.close();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    assertThat(waiting).failsWithin(LATEST);
  }

  /** A server that closes waits for nobody, and sites that wait go on with the next one. */
  @Test
  void closingTheServerEndsItsWaitingCalls() {
    List<CompletableFuture<List<String>>> waiting = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Exchange site = federation.connect(i, federation.server.port(), HASTE);
      waiting.add(
          CompletableFuture.supplyAsync(() -> site.await("a", List.of(), Duration.ofSeconds(60))));
    }
    sleep(500);
    long start = System.nanoTime();
    federation.server.close();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    for (CompletableFuture<List<String>> each : waiting) {
      assertThat(each).failsWithin(LATEST);
    }
  }

  @Test
  void closedExchangeSaysSo() {
    Exchange site = federation.connect(0);
    site.list("a");
    site.close();
    assertThatThrownBy(() -> site.list("a"))
        .hasMessageStartingWith("EXCHANGE_FAILED: The exchange with 127.0.0.1:")
        .hasMessageContaining("is closed");
  }

  @Test
  void interruptedUploadEndsAndKeepsTheMark() throws InterruptedException {
    Exchange site = federation.connect(0, wire.port(), Federation.PATIENCE);
    site.list("a");
    wire.silentAfterUp(1 << 20);
    CompletableFuture<Boolean> marked = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                site.put("a/large", object);
                marked.complete(false);
              } catch (TributaryException e) {
                marked.complete(
                    Thread.currentThread().isInterrupted()
                        && e.problem().contains("was interrupted"));
              }
            });
    thread.start();
    Thread.sleep(500);
    thread.interrupt();
    assertThat(marked.orTimeout(20, TimeUnit.SECONDS).join()).isTrue();
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
