package io.tributary.connectors.exchange.flight;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.MethodDescriptor;
import io.tributary.codec.Digest;
import io.tributary.connectors.exchange.flight.WireForm.StreamHead;
import io.tributary.exchange.Exchange;
import io.tributary.exchange.InMemoryExchange;
import io.tributary.exchange.MonotonicTime;
import io.tributary.study.TributaryException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What sites may not do, and what they cannot make the coordinator do. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class FlightLimitsTest {
  private static final SitePatience NO_SECOND_ATTEMPT =
      new SitePatience(
          Duration.ofSeconds(20),
          Duration.ofSeconds(20),
          Duration.ZERO,
          Duration.ofMillis(50),
          Duration.ofMillis(50),
          Duration.ofSeconds(10));

  private final InMemoryExchange store = new InMemoryExchange();
  private Federation federation;

  @AfterEach
  void stop() {
    federation.close();
  }

  private void begin(ObjectAccess access, ServerLimits limits) {
    federation = Federation.over(store, access, limits, 50);
  }

  private void begin() {
    begin(Federation.EVERYTHING, ServerLimits.defaults());
  }

  /** Limits of one test; the names are those of {@link ServerLimits}. */
  private static ServerLimits limits(Map<String, Long> changes) {
    ServerLimits defaults = ServerLimits.defaults();
    Map<String, Long> values = new HashMap<>(changes);
    ServerLimits limits =
        new ServerLimits(
            take(values, "maxConnections", defaults.maxConnections()).intValue(),
            take(values, "maxStrangers", defaults.maxStrangers()).intValue(),
            take(values, "maxConnectionsPerSite", defaults.maxConnectionsPerSite()).intValue(),
            take(values, "maxRefusalsTold", defaults.maxRefusalsTold()).intValue(),
            Duration.ofMillis(take(values, "handshake", defaults.handshake().toMillis())),
            take(values, "maxCallsPerSite", defaults.maxCallsPerSite()).intValue(),
            take(values, "maxWaitsPerSite", defaults.maxWaitsPerSite()).intValue(),
            take(values, "maxStreamsPerSite", defaults.maxStreamsPerSite()).intValue(),
            take(values, "maxStagedBytesPerSite", defaults.maxStagedBytesPerSite()),
            take(values, "maxStagedBytes", defaults.maxStagedBytes()),
            take(values, "maxPutsPerSite", defaults.maxPutsPerSite()),
            take(values, "maxPutBytesPerSite", defaults.maxPutBytesPerSite()),
            Duration.ofMillis(take(values, "longestWait", defaults.longestWait().toMillis())),
            Duration.ofMillis(take(values, "stall", defaults.stall().toMillis())),
            Duration.ofMillis(take(values, "streamDeadline", defaults.streamDeadline().toMillis())),
            take(values, "arrowBytes", defaults.arrowBytes()));
    assertThat(values).isEmpty();
    return limits;
  }

  private static Long take(Map<String, Long> values, String key, long otherwise) {
    Long value = values.remove(key);
    return value == null ? otherwise : value;
  }

  private static void assertDenied(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(TributaryException.class)
        .hasMessageStartingWith(
            "EXCHANGE_FAILED: The coordinator does not allow this site to use '")
        .hasMessageContaining("A site writes only under names that carry its own id")
        .hasMessageEndingWith(
            "Compare the site's id with the one that the consortium file gives to its"
                + " certificate.");
  }

  private static void assertStatus(FlightStatusCode code, String word, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            FlightRuntimeException.class,
            e -> {
              assertThat(e.status().code()).isEqualTo(code);
              // A code's name, and no sentence: those may tell a peer too much.
              assertThat(e.status().description()).isEqualTo(word);
            });
  }

  private static void assertBadMessage(ThrowingCallable call) {
    assertStatus(FlightStatusCode.INVALID_ARGUMENT, "BAD_MESSAGE", call);
  }

  // ---- who may do what -------------------------------------------------------------------------

  @Test
  void siteWritesOnlyWhatItMayWrite() {
    ObjectAccess ownFolder =
        new ObjectAccess(
            (site, name) -> name.startsWith("a/" + site.value() + "/"), (site, name) -> true);
    begin(ownFolder, ServerLimits.defaults());
    Exchange site = federation.connect(1);
    site.put("a/site-1/small", new byte[1]);
    site.put("a/site-1/large", new byte[400_000]);
    for (String name : List.of("a/site-2/x", "a/site-11/x", "a/x", "b/site-1/x")) {
      assertDenied(() -> site.put(name, new byte[1]));
      assertDenied(() -> site.put(name, new byte[400_000]));
    }
    assertDenied(() -> site.remove("a/site-1"));
    assertThat(store.list("")).containsExactly("a/site-1/large", "a/site-1/small");
    assertThat(federation.connect(2).get("a/site-1/small")).isPresent();
  }

  /** The stream itself is checked, not only the question before it. */
  @Test
  void streamUnderAnotherNameIsDenied() {
    begin(new ObjectAccess((site, name) -> false, (site, name) -> true), ServerLimits.defaults());
    byte[] bytes = new byte[10];
    try (RawSite raw = new RawSite(1, federation.server.port())) {
      assertStatus(
          FlightStatusCode.UNAUTHORIZED,
          "DENIED",
          () -> raw.upload(new StreamHead("a/1", 10, 0, Digest.sha256(bytes)), bytes));
    }
    assertThat(store.list("")).isEmpty();
  }

  @Test
  void siteSeesOnlyWhatItMayRead() {
    ObjectAccess separate =
        new ObjectAccess(
            (site, name) -> true, (site, name) -> name.contains("/" + site.value() + "/"));
    begin(separate, ServerLimits.defaults());
    store.put("a/site-1/x", new byte[1]);
    store.put("a/site-2/x", new byte[1]);
    Exchange site = federation.connect(1);
    assertThat(site.list("a")).containsExactly("a/site-1/x");
    assertThat(site.get("a/site-1/x")).isPresent();
    assertDenied(() -> site.get("a/site-2/x"));
    assertDenied(() -> site.get("a/site-2/not-there"));
    CompletableFuture<List<String>> waiting =
        CompletableFuture.supplyAsync(
            () -> site.await("a", List.of("a/site-1/x"), Duration.ofSeconds(2)));
    federation.server.exchange().put("a/site-2/y", new byte[1]);
    assertThat(waiting.orTimeout(20, TimeUnit.SECONDS).join()).containsExactly("a/site-1/x");
  }

  @Test
  void siteThatPutsTooMuchIsStoppedUntilTheFolderIsRemoved() {
    begin(
        Federation.EVERYTHING,
        limits(Map.of("maxPutsPerSite", 3L, "maxPutBytesPerSite", 1_000_000L)));
    Exchange site = federation.connect(1);
    Exchange other = federation.connect(2);
    for (int i = 0; i < 3; i++) {
      site.put("job/" + i, new byte[10]);
    }
    assertDenied(() -> site.put("job/3", new byte[10]));
    other.put("job/3", new byte[10]);
    site.put("other-job/3", new byte[10]);
    assertDenied(() -> other.put("job/large", new byte[1_000_000]));
    federation.server.exchange().remove("job");
    site.put("job/3", new byte[10]);
    other.put("job/large", new byte[999_999]);
  }

  @Test
  void siteThatWaitsTooOftenIsToldToComeAgain() {
    begin(Federation.EVERYTHING, limits(Map.of("maxWaitsPerSite", 2L, "longestWait", 1_000L)));
    List<CompletableFuture<List<String>>> waiting = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Exchange site = federation.connect(1);
      waiting.add(
          CompletableFuture.supplyAsync(() -> site.await("a", List.of(), Duration.ofSeconds(4))));
    }
    sleep(600);
    Exchange refused = federation.connect(1, federation.server.port(), NO_SECOND_ATTEMPT);
    assertThatThrownBy(() -> refused.await("a", List.of(), Duration.ofSeconds(1)))
        .hasMessageContaining("EXCHANGE_FAILED")
        .hasMessageContaining("AGAIN");
    // Another site is not concerned, and a patient one gets its turn.
    assertThat(federation.connect(2).await("a", List.of(), Duration.ofMillis(100))).isEmpty();
    assertThat(federation.connect(1).await("a", List.of(), Duration.ofMillis(100))).isEmpty();
    assertThat(waiting).allSatisfy(each -> assertThat(each).succeedsWithin(Duration.ofSeconds(20)));
  }

  @Test
  void connectionsBeyondTheLimitAreClosed() throws Exception {
    begin(Federation.EVERYTHING, limits(Map.of("maxConnections", 4L, "maxStrangers", 3L)));
    Exchange site = federation.connect(1);
    site.put("a/1", new byte[1]);
    List<Socket> idle = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      idle.add(new Socket(InetAddress.getLoopbackAddress(), federation.server.port()));
    }
    int closed = 0;
    for (Socket socket : idle) {
      socket.setSoTimeout(500);
      try {
        closed += socket.getInputStream().read() < 0 ? 1 : 0;
      } catch (java.net.SocketTimeoutException e) {
        // One of the three that found a place.
      } catch (java.io.IOException e) {
        closed++;
      }
    }
    assertThat(closed).isGreaterThanOrEqualTo(17);
    assertThat(site.get("a/1")).isPresent();
    for (Socket socket : idle) {
      socket.close();
    }
    assertThat(federation.connect(2).get("a/1")).isPresent();
  }

  /** What costs nobody a place: a handshake that does not end, however many begin one. */
  @Test
  void strangersThatSendAByteNowAndThenKeepNobodyOut() throws Exception {
    begin(Federation.EVERYTHING, limits(Map.of("maxStrangers", 4L, "handshake", 3_000L)));
    byte[] hello = {0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, (byte) 0xfc, 0x03, 0x03, 0x00};
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 12; i++) {
        slow.add(new Socket(InetAddress.getLoopbackAddress(), federation.server.port()));
      }
      for (int i = 0; i < hello.length; i++) {
        for (Socket socket : slow) {
          send(socket, hello[i]);
        }
        if (i % 4 == 0) {
          federation.connect(i).put("a/" + i, new byte[1]);
          slow.add(new Socket(InetAddress.getLoopbackAddress(), federation.server.port()));
        }
      }
      assertThat(store.list("")).hasSize(3);
      // The last ones had a place, and lose it when their time is over.
      for (Socket socket : slow) {
        socket.setSoTimeout(20_000);
        assertThat(isClosedByPeer(socket)).isTrue();
      }
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  private static void send(Socket socket, byte one) {
    try {
      socket.getOutputStream().write(one);
    } catch (java.io.IOException e) {
      // It was sent away.
    }
  }

  private static boolean isClosedByPeer(Socket socket) throws java.io.IOException {
    try {
      // An alert of TLS may come before the end.
      while (socket.getInputStream().read() >= 0) {}
      return true;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (java.io.IOException e) {
      return true;
    }
  }

  @Test
  void connectionsOfOneSiteMakeRoomForEachOtherAndForNobodyElse() {
    begin(
        Federation.EVERYTHING,
        limits(Map.of("maxConnections", 12L, "maxStrangers", 4L, "maxConnectionsPerSite", 3L)));
    Exchange other = federation.connect(2);
    other.put("a/2", new byte[1]);
    List<RawSite> many = new ArrayList<>();
    try {
      for (int i = 0; i < 15; i++) {
        many.add(new RawSite(1, federation.server.port()));
        many.get(i).call("put", RawSite.named("b/" + i, new byte[1]));
      }
      for (int look = 0; look < 100 && open(many) > 3; look++) {
        sleep(50);
      }
      assertThat(open(many)).isEqualTo(3);
      assertThat(other.get("a/2")).isPresent();
      assertThat(federation.connect(3).get("a/2")).isPresent();
    } finally {
      many.forEach(RawSite::close);
    }
    assertThat(federation.connect(1).get("b/14")).isPresent();
  }

  private static long open(List<RawSite> sites) {
    return sites.stream().filter(RawSite::isConnected).count();
  }

  /** Calls that never end are those of one site, and take its own places only. */
  @Test
  void callsThatNeverEndTakeTheirSitesOwnPlaces() throws Exception {
    begin(Federation.EVERYTHING, limits(Map.of("maxCallsPerSite", 3L, "maxWaitsPerSite", 2L)));
    try (HalfCalls half = new HalfCalls(1, federation.server.port())) {
      for (int call = 0; call < 3; call++) {
        half.begin();
      }
      long before = federation.server.arrowBytes();
      for (int i = 0; i < 50; i++) {
        half.dribble();
      }
      assertThat(half.isOpen()).isTrue();
      assertThat(federation.server.arrowBytes()).isEqualTo(before);
      Exchange other = federation.connect(2);
      long begun = System.nanoTime();
      for (int i = 0; i < 20; i++) {
        other.put("a/" + i, new byte[400_000]);
      }
      assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.SECONDS.toNanos(20));
      Exchange own = federation.connect(1, federation.server.port(), NO_SECOND_ATTEMPT);
      assertThatThrownBy(() -> own.list("a")).hasMessageContaining("AGAIN");
    }
    for (int look = 0; look < 100; look++) {
      try {
        assertThat(federation.connect(1, federation.server.port(), NO_SECOND_ATTEMPT).list("a"))
            .hasSize(20);
        return;
      } catch (TributaryException e) {
        sleep(50);
      }
    }
    throw new AssertionError("the places of calls that were cut off are not given back");
  }

  /** A stranger can be refused as often as it likes; that fills no log. */
  @Test
  void refusalsBeyondAFewAMinuteAreCountedAndNotTold() throws Exception {
    begin(Federation.EVERYTHING, limits(Map.of("maxRefusalsTold", 5L)));
    for (int i = 0; i < 40; i++) {
      try (Socket stranger =
          new Socket(InetAddress.getLoopbackAddress(), federation.server.port())) {
        stranger.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII));
        stranger.setSoTimeout(10_000);
        assertThat(isClosedByPeer(stranger)).isTrue();
      }
    }
    federation.awaitRefusal();
    assertThat(federation.refusals).hasSize(5);
    long[] now = new long[1];
    Sparing sparing =
        new Sparing(
            2,
            new MonotonicTime() {
              @Override
              public long nanos() {
                return now[0];
              }

              @Override
              public void pause(Duration length) {}
            });
    assertThat(List.of(sparing.allows(), sparing.allows(), sparing.allows(), sparing.allows()))
        .containsExactly(true, true, false, false);
    now[0] = Duration.ofSeconds(61).toNanos();
    assertThat(sparing.allows()).isTrue();
    assertThat(sparing.kept()).isEqualTo(2);
    assertThat(sparing.kept()).isZero();
  }

  // ---- calls out of form -----------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(
      strings = {"../a", "/etc/passwd", "a/../b", "", "a//b", ".staging/x", "a\nb", "\u00e9"})
  void nameOutOfFormIsRefusedByTheServerToo(String name) throws Exception {
    begin();
    try (RawSite raw = new RawSite(1, federation.server.port())) {
      assertBadMessage(() -> raw.call("put", RawSite.named(name, new byte[1])));
      assertBadMessage(() -> raw.call("stage", RawSite.named(name, new byte[36])));
      assertBadMessage(
          () -> raw.upload(new StreamHead(name, 1, 0, Digest.sha256(new byte[1])), new byte[1]));
      assertBadMessage(
          () -> {
            try (RawSite.Download stream = raw.download(name)) {
              stream.next();
            }
          });
      if (!name.isEmpty()) {
        assertBadMessage(() -> raw.call("list", RawSite.named(name, new byte[0])));
        assertBadMessage(() -> raw.call("await", RawSite.named(name, new byte[36])));
      }
    }
    assertThat(store.list("")).isEmpty();
  }

  @Test
  void requestOutOfFormIsRefused() throws Exception {
    begin();
    try (RawSite raw = new RawSite(1, federation.server.port())) {
      for (String type : List.of("put", "stage", "list", "await")) {
        assertBadMessage(() -> raw.call(type, new byte[0]));
        assertBadMessage(() -> raw.call(type, new byte[] {0, 9, 'a'}));
      }
      assertBadMessage(() -> raw.call("stage", RawSite.named("a", new byte[35])));
      assertBadMessage(() -> raw.call("stage", RawSite.named("a", new byte[37])));
      assertBadMessage(() -> raw.call("stage", WireForm.stageRequest("a", -1, Digest.ZERO)));
      assertBadMessage(
          () -> raw.call("stage", WireForm.stageRequest("a", (16 << 20) + 1, Digest.ZERO)));
      assertBadMessage(() -> raw.call("list", RawSite.named("a", new byte[1])));
      assertBadMessage(() -> raw.call("await", RawSite.named("a", new byte[37])));
      assertBadMessage(() -> raw.call("remove", RawSite.named("a", new byte[0])));
      assertStatus(
          FlightStatusCode.UNIMPLEMENTED,
          "Not implemented.",
          () -> raw.client().listFlights(org.apache.arrow.flight.Criteria.ALL).forEach(info -> {}));
    }
  }

  @Test
  void messageThatIsTooLargeIsRefused() throws Exception {
    begin();
    try (RawSite raw = new RawSite(1, federation.server.port())) {
      assertThatThrownBy(
              () -> raw.call("put", RawSite.named("a/1", new byte[WireForm.MAX_MESSAGE_BYTES])))
          .isInstanceOf(FlightRuntimeException.class);
      byte[] chunk = new byte[WireForm.MAX_MESSAGE_BYTES];
      assertThatThrownBy(
              () -> raw.upload(new StreamHead("a/1", chunk.length, 0, Digest.sha256(chunk)), chunk))
          .isInstanceOf(FlightRuntimeException.class);
    }
    assertThat(store.list("")).isEmpty();
  }

  /** gRPC unpacks what a caller has compressed: the limit holds for what comes out. */
  @Test
  void compressedMessageThatGrowsIsRefused() {
    begin();
    ClientInterceptor compressing =
        new ClientInterceptor() {
          @Override
          public <Q, A> ClientCall<Q, A> interceptCall(
              MethodDescriptor<Q, A> method, CallOptions options, io.grpc.Channel next) {
            return next.newCall(method, options.withCompression("gzip"));
          }
        };
    try (RawSite raw =
        new RawSite(1, federation.server.port(), builder -> builder.intercept(compressing))) {
      raw.call("put", RawSite.named("a/small", new byte[1_000]));
      byte[] zeros = RawSite.named("a/bomb", new byte[64 << 20]);
      assertThatThrownBy(() -> raw.call("put", zeros)).isInstanceOf(FlightRuntimeException.class);
    }
    assertThat(store.list("")).containsExactly("a/small");
  }

  @Test
  void streamOutOfFormIsRefused() throws Exception {
    begin();
    byte[] bytes = "some bytes".getBytes(US_ASCII);
    Digest digest = Digest.sha256(bytes);
    try (RawSite raw = new RawSite(1, federation.server.port())) {
      // More than declared, less, other bytes, an offset where nothing is staged.
      assertBadMessage(() -> raw.upload(new StreamHead("a/1", 9, 0, digest), bytes));
      assertBadMessage(() -> raw.upload(new StreamHead("a/2", 11, 0, digest), bytes));
      assertBadMessage(() -> raw.upload(new StreamHead("a/3", 10, 0, Digest.ZERO), bytes));
      assertBadMessage(() -> raw.upload(new StreamHead("a/4", 10, 11, digest), bytes));
      assertStatus(
          FlightStatusCode.RESOURCE_EXHAUSTED,
          "AGAIN",
          () -> raw.upload(new StreamHead("a/5", 10, 5, digest), bytes));
      assertBadMessage(() -> raw.upload(new StreamHead("a/6", 10, 0, digest)));
      Schema head = new StreamHead("a/7", 10, 0, digest).schema();
      Field bytesField = head.getFields().get(0);
      for (Schema other :
          List.of(
              new Schema(head.getFields()),
              new Schema(
                  List.of(Field.nullable("bytes", ArrowType.Binary.INSTANCE)),
                  head.getCustomMetadata()),
              new Schema(
                  List.of(Field.notNullable("x", ArrowType.Binary.INSTANCE)),
                  head.getCustomMetadata()),
              new Schema(List.of(bytesField), with(head, "version", "2")),
              new Schema(List.of(bytesField), with(head, "more", "x")),
              new Schema(List.of(bytesField), with(head, "size", "010")),
              new Schema(List.of(bytesField), with(head, "size", "-1")),
              new Schema(List.of(bytesField), with(head, "size", "99999999")),
              new Schema(List.of(bytesField), with(head, "digest", "00")))) {
        assertBadMessage(() -> raw.upload(other, bytes));
      }
    }
    assertThat(store.list("")).isEmpty();
    // Nothing of all this is left in the way.
    federation.connect(1).put("a/1", new byte[400_000]);
  }

  private static Map<String, String> with(Schema schema, String key, String value) {
    Map<String, String> metadata = new HashMap<>(schema.getCustomMetadata());
    metadata.put(key, value);
    return metadata;
  }

  @Test
  void streamWithoutAnythingInItEnds() throws Exception {
    begin(Federation.EVERYTHING, limits(Map.of("stall", 500L, "maxStreamsPerSite", 1L)));
    try (RawSite raw = new RawSite(1, federation.server.port())) {
      var schema = new StreamHead("a/1", 10, 0, Digest.ZERO).schema();
      // Declares, sends nothing, and stays.
      try (var allocator = new org.apache.arrow.memory.RootAllocator();
          var root = org.apache.arrow.vector.VectorSchemaRoot.create(schema, allocator)) {
        UploadOutcome outcome = new UploadOutcome();
        raw.client().startPut(FlightDescriptor.path("x"), root, outcome);
        assertStatus(FlightStatusCode.TIMED_OUT, "DEADLINE_PASSED", outcome::getResult);
      }
    }
    federation.connect(1).put("a/1", new byte[400_000]);
  }

  /**
   * A site that asks for a large object and reads nothing keeps no thread of the coordinator. Its
   * place among its own streams is taken until it ends the call.
   */
  @Test
  void readerThatDoesNotReadKeepsNoThread() {
    begin(Federation.EVERYTHING, limits(Map.of("stall", 500L)));
    byte[] large = new byte[16 << 20];
    store.put("a/large", large);
    try (RawSite raw = new RawSite(1, federation.server.port());
        RawSite.Download stream = raw.download("a/large")) {
      assertThat(stream.next()).isTrue();
      assertThat(sending()).isEqualTo(1);
      for (int look = 0; look < 200 && sending() > 0; look++) {
        sleep(50);
      }
      assertThat(sending()).isZero();
      assertThat(federation.connect(2).get("a/large")).hasValue(large);
    }
  }

  private static long sending() {
    return Thread.getAllStackTraces().values().stream()
        .filter(
            stack ->
                Arrays.stream(stack)
                    .anyMatch(
                        frame ->
                            frame.getClassName().equals(ObjectProducer.class.getName())
                                && frame.getMethodName().equals("send")))
        .count();
  }

  // ---- many at once ----------------------------------------------------------------------------

  @Test
  void fiftySitesUploadAtOnce() throws Exception {
    begin();
    byte[] bytes = new byte[1 << 20];
    new Random(3).nextBytes(bytes);
    ExecutorService sites = Executors.newFixedThreadPool(50);
    try {
      List<Future<?>> uploads = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        Exchange site = federation.connect(i);
        String name = "round/site-" + i + "/frame";
        uploads.add(sites.submit(() -> site.put(name, bytes)));
      }
      for (Future<?> upload : uploads) {
        upload.get(90, TimeUnit.SECONDS);
      }
    } finally {
      sites.shutdownNow();
    }
    List<String> names = federation.server.exchange().list("round");
    assertThat(names).hasSize(50);
    assertThat(names).allSatisfy(name -> assertThat(store.get(name)).hasValue(bytes));
  }

  /** With room for two objects, twenty uploads at once take their turns. */
  @Test
  void uploadsBeyondTheRoomTakeTheirTurns() throws Exception {
    begin(Federation.EVERYTHING, limits(Map.of("maxStagedBytes", 2_500_000L)));
    byte[] bytes = new byte[1 << 20];
    ExecutorService sites = Executors.newFixedThreadPool(20);
    try {
      List<Future<?>> uploads = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        Exchange site = federation.connect(i);
        String name = "round/site-" + i + "/frame";
        uploads.add(sites.submit(() -> site.put(name, bytes)));
      }
      for (Future<?> upload : uploads) {
        upload.get(90, TimeUnit.SECONDS);
      }
    } finally {
      sites.shutdownNow();
    }
    assertThat(store.list("round")).hasSize(20);
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
