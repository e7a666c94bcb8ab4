package io.tributary.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.study.ErrorCode;
import io.tributary.study.TributaryException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every {@link Exchange} must do. A subclass says how a party opens the exchange and how many
 * objects and parties its medium takes in a few seconds.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
public abstract class ExchangeContract {
  private final List<Exchange> opened = new ArrayList<>();

  /**
   * Opens the exchange as one more party; all parties of one test see the same store, which is
   * empty at the start of the test. Called from one thread.
   */
  protected abstract Exchange connect() throws Exception;

  /** The coordinator's own view, the only one that may remove; by default any party's. */
  protected Exchange connectAsCoordinator() throws Exception {
    return connect();
  }

  /** How many small objects the test of many objects puts. */
  protected int manyObjects() {
    return 1_000;
  }

  /** How many parties the tests with many parties open. */
  protected int manyParties() {
    return 8;
  }

  @AfterEach
  final void closeParties() {
    opened.forEach(Exchange::close);
  }

  final Exchange open() throws Exception {
    Exchange exchange = connect();
    opened.add(exchange);
    return exchange;
  }

  private Exchange openAsCoordinator() throws Exception {
    Exchange exchange = connectAsCoordinator();
    opened.add(exchange);
    return exchange;
  }

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  static byte[] randomBytes(long seed, int sizeBytes) {
    byte[] bytes = new byte[sizeBytes];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  static void assertRefused(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.remedy()).isNotBlank();
            });
  }

  @Test
  void whatIsPutIsThere() throws Exception {
    Exchange site = open();
    Exchange coordinator = open();
    site.put("study/round-1/north/upload.bin", bytes("masked"));
    assertThat(coordinator.get("study/round-1/north/upload.bin")).hasValue(bytes("masked"));
    assertThat(site.get("study/round-1/north/upload.bin")).hasValue(bytes("masked"));
  }

  @Test
  void whatIsNotPutIsEmpty() throws Exception {
    Exchange exchange = open();
    assertThat(exchange.get("study/nothing")).isEmpty();
    assertThat(exchange.list("study")).isEmpty();
    exchange.put("study/round/a", bytes("a"));
    assertThat(exchange.get("study/round")).isEmpty();
    assertThat(exchange.get("study/round/a/b")).isEmpty();
    assertThat(exchange.get("study/round/A")).isEmpty();
    assertThat(exchange.list("study/round/a")).isEmpty();
    assertThat(exchange.list("other")).isEmpty();
  }

  @Test
  void emptyObjectIsAnObject() throws Exception {
    Exchange exchange = open();
    exchange.put("a/empty", new byte[0]);
    assertThat(exchange.get("a/empty")).hasValue(new byte[0]);
    assertThat(exchange.list("a")).containsExactly("a/empty");
  }

  @Test
  void sameBytesAgainAreNoError() throws Exception {
    Exchange site = open();
    Exchange same = open();
    byte[] large = randomBytes(1, 3_000_001);
    site.put("a/small", bytes("x"));
    site.put("a/large", large);
    site.put("a/small", bytes("x"));
    same.put("a/small", bytes("x"));
    same.put("a/large", large);
    assertThat(site.list("a")).containsExactly("a/large", "a/small");
  }

  @Test
  void otherBytesUnderOneNameAreAConflict() throws Exception {
    Exchange site = open();
    Exchange other = open();
    byte[] large = randomBytes(1, 3_000_001);
    byte[] changedAtTheEnd = large.clone();
    changedAtTheEnd[large.length - 1] ^= 1;
    site.put("a/small", bytes("x"));
    site.put("a/large", large);
    assertRefused(ErrorCode.EXCHANGE_CONFLICT, () -> site.put("a/small", bytes("y")));
    assertRefused(ErrorCode.EXCHANGE_CONFLICT, () -> other.put("a/small", bytes("y")));
    assertRefused(ErrorCode.EXCHANGE_CONFLICT, () -> other.put("a/small", bytes("xx")));
    assertRefused(ErrorCode.EXCHANGE_CONFLICT, () -> other.put("a/small", new byte[0]));
    assertRefused(ErrorCode.EXCHANGE_CONFLICT, () -> other.put("a/large", changedAtTheEnd));
    assertThat(other.get("a/small")).hasValue(bytes("x"));
    assertThat(other.get("a/large")).hasValue(large);
  }

  @Test
  void nameThatIsAFolderOfAnotherIsAConflict() throws Exception {
    Exchange exchange = open();
    exchange.put("a/b/c", bytes("x"));
    assertRefused(ErrorCode.EXCHANGE_CONFLICT, () -> exchange.put("a/b", bytes("x")));
    assertRefused(ErrorCode.EXCHANGE_CONFLICT, () -> exchange.put("a/b/c/d", bytes("x")));
    assertRefused(ErrorCode.EXCHANGE_CONFLICT, () -> exchange.put("a/b/c/d/e/f", bytes("x")));
    assertThat(exchange.list("a")).containsExactly("a/b/c");
  }

  @Test
  void callersMayReuseTheirArrays() throws Exception {
    Exchange exchange = open();
    byte[] bytes = bytes("first");
    exchange.put("a/x", bytes);
    Arrays.fill(bytes, (byte) 0);
    byte[] read = exchange.get("a/x").orElseThrow();
    assertThat(read).isEqualTo(bytes("first"));
    Arrays.fill(read, (byte) 0);
    assertThat(exchange.get("a/x")).hasValue(bytes("first"));
  }

  static Stream<String> namesOutOfForm() {
    return Stream.of(
        "",
        "/",
        "/etc/passwd",
        "a/",
        "a//b",
        ".",
        "..",
        "../a",
        "a/../b",
        "a/./b",
        "a/..",
        ".hidden",
        "a/.hidden/b",
        "a b",
        "a\\b",
        "a:b",
        "file:a",
        "a%2e",
        "a?b",
        "a*",
        "a\u0000b",
        "a\nb",
        "\u00e9",
        "x".repeat(129),
        "a/" + "x".repeat(129),
        "a/".repeat(256) + "a");
  }

  @ParameterizedTest
  @MethodSource("namesOutOfForm")
  void nameOutOfFormIsRefused(String name) throws Exception {
    Exchange exchange = open();
    assertRefused(ErrorCode.BAD_MESSAGE, () -> exchange.put(name, bytes("x")));
    assertRefused(ErrorCode.BAD_MESSAGE, () -> exchange.get(name));
    assertRefused(ErrorCode.BAD_MESSAGE, () -> exchange.remove(name));
    if (!name.isEmpty()) {
      assertRefused(ErrorCode.BAD_MESSAGE, () -> exchange.list(name));
      assertRefused(
          ErrorCode.BAD_MESSAGE, () -> exchange.await(name, List.of(), Duration.ofSeconds(30)));
    }
    assertThat(exchange.list("")).isEmpty();
  }

  @Test
  void longestNameAndAllItsCharactersAreAllowed() throws Exception {
    Exchange exchange = open();
    String segment = "x".repeat(127);
    String longest = String.join("/", segment + "y", segment, segment, segment);
    String characters = "ABCXYZ/abcxyz/0189/_-._/a..b/-";
    exchange.put(longest, bytes("1"));
    exchange.put(characters, bytes("2"));
    assertThat(longest).hasSize(512);
    assertThat(exchange.get(longest)).hasValue(bytes("1"));
    assertThat(exchange.get(characters)).hasValue(bytes("2"));
    assertThat(exchange.list("")).containsExactly(characters, longest);
  }

  @Test
  void largestObjectPassesAndALargerOneIsRefused() throws Exception {
    Exchange exchange = open();
    byte[] largest = randomBytes(2, Math.toIntExact(Exchange.MAX_OBJECT_BYTES));
    exchange.put("a/largest", largest);
    assertThat(Arrays.equals(exchange.get("a/largest").orElseThrow(), largest)).isTrue();
    assertRefused(
        ErrorCode.BAD_MESSAGE, () -> exchange.put("a/larger", new byte[largest.length + 1]));
    assertThat(exchange.list("a")).containsExactly("a/largest");
  }

  @Test
  void listingIsRecursiveAndInByteOrder() throws Exception {
    Exchange exchange = open();
    List<String> names =
        List.of("s/a-b", "s/a/z", "s/B", "s/a.b", "s/a/b/c", "s/10", "s/9", "s/_", "sx/1", "r/1");
    for (String name : names) {
      exchange.put(name, bytes(name));
    }
    assertThat(exchange.list("s"))
        .containsExactly("s/10", "s/9", "s/B", "s/_", "s/a-b", "s/a.b", "s/a/b/c", "s/a/z");
    assertThat(exchange.list("s/a")).containsExactly("s/a/b/c", "s/a/z");
    assertThat(exchange.list("s/a/b")).containsExactly("s/a/b/c");
    assertThat(exchange.list("")).hasSize(10).isSorted();
  }

  @Test
  void awaitGivesAtOnceWhatIsNotYetKnown() throws Exception {
    Exchange exchange = open();
    exchange.put("a/1", bytes("1"));
    exchange.put("a/2", bytes("2"));
    long start = System.nanoTime();
    assertThat(exchange.await("a", List.of("a/1"), Duration.ofSeconds(60)))
        .containsExactly("a/1", "a/2");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
  }

  @Test
  void awaitEndsWithItsPatience() throws Exception {
    Exchange exchange = open();
    exchange.put("a/1", bytes("1"));
    exchange.put("b/1", bytes("1"));
    long start = System.nanoTime();
    assertThat(exchange.await("a", List.of("a/1", "a/gone"), Duration.ofMillis(400)))
        .containsExactly("a/1");
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofMillis(390), Duration.ofSeconds(20));
    assertThat(exchange.await("a", List.of("a/1"), Duration.ZERO)).containsExactly("a/1");
    assertThat(exchange.await("none", List.of(), Duration.ofMillis(-1))).isEmpty();
  }

  @Test
  void awaitWakesUpWhenAnotherPartyPuts() throws Exception {
    Exchange waiting = open();
    Exchange putting = open();
    putting.put("a/1", bytes("1"));
    try (Workers workers = new Workers(1)) {
      Future<List<String>> names =
          workers.submit(() -> waiting.await("a", List.of("a/1"), Duration.ofSeconds(60)));
      Thread.sleep(200);
      assertThat(names.isDone()).isFalse();
      putting.put("b/1", bytes("elsewhere"));
      Thread.sleep(200);
      assertThat(names.isDone()).isFalse();
      putting.put("a/2", bytes("2"));
      assertThat(names.get(20, TimeUnit.SECONDS)).containsExactly("a/1", "a/2");
    }
  }

  @Test
  void interruptedAwaitEndsAndKeepsTheMark() throws Exception {
    Exchange exchange = open();
    AtomicInteger marked = new AtomicInteger();
    Thread thread =
        new Thread(
            () -> {
              try {
                exchange.await("a", List.of(), Duration.ofSeconds(60));
              } catch (TributaryException e) {
                if (e.code() == ErrorCode.EXCHANGE_FAILED
                    && Thread.currentThread().isInterrupted()) {
                  marked.incrementAndGet();
                }
              }
            });
    thread.start();
    Thread.sleep(300);
    thread.interrupt();
    thread.join(20_000);
    assertThat(thread.isAlive()).isFalse();
    assertThat(marked).hasValue(1);
  }

  @Test
  void removeTakesWhatLiesBelowAndNothingElse() throws Exception {
    Exchange exchange = openAsCoordinator();
    for (String name : List.of("job/1/a", "job/1/b/c", "job/10/a", "job/2", "jobs")) {
      exchange.put(name, bytes(name));
    }
    exchange.remove("job/1");
    assertThat(exchange.list("")).containsExactly("job/10/a", "job/2", "jobs");
    assertThat(exchange.get("job/1/a")).isEmpty();
    exchange.remove("job/1");
    exchange.remove("never/there");
    exchange.remove("jobs");
    assertThat(exchange.list("")).containsExactly("job/10/a", "job/2", "jobs");
    exchange.put("job/1/a", bytes("again, after the job was closed"));
    assertThat(exchange.get("job/1/a")).hasValue(bytes("again, after the job was closed"));
  }

  @Test
  void ofManyWritersOfOneNameExactlyOneWins() throws Exception {
    int writers = manyParties();
    List<Exchange> parties = new ArrayList<>();
    for (int i = 0; i < writers; i++) {
      parties.add(open());
    }
    try (Workers workers = new Workers(writers)) {
      for (int round = 0; round < 5; round++) {
        String name = "race/" + round;
        CountDownLatch start = new CountDownLatch(1);
        List<Future<Integer>> results = new ArrayList<>();
        for (int i = 0; i < writers; i++) {
          int writer = i;
          results.add(
              workers.submit(
                  () -> {
                    start.await();
                    try {
                      parties.get(writer).put(name, randomBytes(writer, 100_000));
                      return writer;
                    } catch (TributaryException e) {
                      assertThat(e.code()).isEqualTo(ErrorCode.EXCHANGE_CONFLICT);
                      return -1;
                    }
                  }));
        }
        start.countDown();
        List<Integer> winners = new ArrayList<>();
        for (Future<Integer> result : results) {
          if (result.get(60, TimeUnit.SECONDS) >= 0) {
            winners.add(result.get());
          }
        }
        assertThat(winners).hasSize(1);
        assertThat(parties.get(0).get(name)).hasValue(randomBytes(winners.get(0), 100_000));
      }
    }
  }

  @Test
  void manyWritersOfTheSameBytesAllSucceed() throws Exception {
    int writers = manyParties();
    byte[] bytes = randomBytes(9, 500_000);
    List<Exchange> parties = new ArrayList<>();
    for (int i = 0; i < writers; i++) {
      parties.add(open());
    }
    try (Workers workers = new Workers(writers)) {
      CountDownLatch start = new CountDownLatch(1);
      List<Future<Boolean>> results = new ArrayList<>();
      for (Exchange party : parties) {
        results.add(
            workers.submit(
                () -> {
                  start.await();
                  party.put("same/name", bytes);
                  return party.get("same/name").isPresent();
                }));
      }
      start.countDown();
      for (Future<Boolean> result : results) {
        assertThat(result.get(60, TimeUnit.SECONDS)).isTrue();
      }
    }
    assertThat(parties.get(0).list("")).containsExactly("same/name");
  }

  /** Readers that poll while writers write see whole objects or none, in listings and in reads. */
  @Test
  void readersSeeWholeObjectsOrNone() throws Exception {
    int writers = 3;
    int readers = 3;
    int objectsPerWriter = 12;
    CountDownLatch writing = new CountDownLatch(writers);
    ConcurrentLinkedQueue<String> broken = new ConcurrentLinkedQueue<>();
    try (Workers workers = new Workers(writers + readers)) {
      List<Future<Integer>> results = new ArrayList<>();
      for (int w = 0; w < writers; w++) {
        Exchange party = open();
        int writer = w;
        results.add(
            workers.submit(
                () -> {
                  try {
                    for (int i = 0; i < objectsPerWriter; i++) {
                      String name = "frames/site-" + writer + "/" + i;
                      party.put(name, randomBytes(name.hashCode(), sizeOf(name)));
                    }
                  } finally {
                    writing.countDown();
                  }
                  return objectsPerWriter;
                }));
      }
      for (int r = 0; r < readers; r++) {
        Exchange party = open();
        results.add(
            workers.submit(
                () -> {
                  int seen = 0;
                  boolean last;
                  do {
                    last = writing.getCount() == 0;
                    for (String name : party.list("frames")) {
                      byte[] read = party.get(name).orElse(null);
                      if (read == null
                          || !Arrays.equals(read, randomBytes(name.hashCode(), sizeOf(name)))) {
                        broken.add(name);
                      }
                      seen++;
                    }
                  } while (!last);
                  return seen;
                }));
      }
      for (Future<Integer> result : results) {
        assertThat(result.get(100, TimeUnit.SECONDS)).isGreaterThanOrEqualTo(objectsPerWriter);
      }
    }
    assertThat(broken).isEmpty();
  }

  private static int sizeOf(String name) {
    return new SplittableRandom(name.hashCode()).nextInt(0, 1_500_000);
  }

  @Test
  void manyObjectsAreListedInOrder() throws Exception {
    Exchange exchange = open();
    List<String> names =
        IntStream.range(0, manyObjects())
            .mapToObj(i -> String.format("many/site-%02d/%06d", i % 10, i))
            .sorted()
            .toList();
    for (String name : names) {
      exchange.put(name, bytes(name));
    }
    assertThat(exchange.list("many")).isEqualTo(names);
    assertThat(exchange.list("many/site-03")).hasSize(manyObjects() / 10);
    String last = names.get(names.size() - 1);
    assertThat(exchange.get(last)).hasValue(bytes(last));
  }

  /** Every party puts its own object and waits for everybody else's, as in a round. */
  @Test
  void manyPartiesMeet() throws Exception {
    int parties = manyParties();
    try (Workers workers = new Workers(parties)) {
      List<Future<List<String>>> results = new ArrayList<>();
      for (int i = 0; i < parties; i++) {
        Exchange exchange = open();
        String own = String.format("round/site-%03d/upload", i);
        results.add(
            workers.submit(
                () -> {
                  exchange.put(own, bytes(own));
                  List<String> names = List.of();
                  for (int turn = 0; turn < 500 && names.size() < parties; turn++) {
                    names = exchange.await("round", names, Duration.ofSeconds(10));
                  }
                  for (String name : names) {
                    assertThat(exchange.get(name)).hasValue(bytes(name));
                  }
                  return names;
                }));
      }
      for (Future<List<String>> result : results) {
        assertThat(result.get(100, TimeUnit.SECONDS)).hasSize(parties);
      }
    }
  }

  @Test
  void closingTwiceIsNoError() throws Exception {
    Exchange exchange = open();
    Exchange other = open();
    exchange.put("a/1", bytes("1"));
    exchange.close();
    exchange.close();
    assertThat(other.get("a/1")).hasValue(bytes("1"));
  }

  /** Threads that end with the test. */
  private static final class Workers implements AutoCloseable {
    private final ExecutorService executor;

    Workers(int threads) {
      this.executor = Executors.newFixedThreadPool(threads);
    }

    <T> Future<T> submit(Callable<T> call) {
      return executor.submit(call);
    }

    @Override
    public void close() {
      executor.shutdownNow();
    }
  }
}
