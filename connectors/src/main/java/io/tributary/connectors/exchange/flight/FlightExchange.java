package io.tributary.connectors.exchange.flight;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import io.tributary.codec.Digest;
import io.tributary.connectors.exchange.flight.WireForm.StreamHead;
import io.tributary.exchange.Exchange;
import io.tributary.exchange.MonotonicTime;
import io.tributary.exchange.ObjectName;
import io.tributary.identity.TlsIdentity;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.TributaryException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.CallOption;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightClient.ClientStreamListener;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightGrpcUtils;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Result;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A site's end of the Flight exchange. It only ever connects outwards, when it is first used, and
 * again after a break; one connection carries the calls of all threads.
 *
 * <p>Errors: TLS_REFUSED, at once, when either end refuses the other's certificate; EXCHANGE_FAILED
 * when the coordinator does not answer within {@link SitePatience}, or does not allow the name. An
 * upload that breaks is resumed where the coordinator's part of it ends.
 */
public final class FlightExchange implements Exchange {
  private static final Logger LOG = LoggerFactory.getLogger(FlightExchange.class);
  private static final int MAX_HEADER_BYTES = 16 << 10;
  private static final int UNSENT_BYTES = 1 << 20;
  private static final long ARROW_BYTES = 256L << 20;
  private static final Duration LONGEST_WAIT_CALL = Duration.ofSeconds(20);
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(20);
  private static final long READINESS_LOOK_NANOS = 200_000;

  private final Settings settings;
  private final String coordinator;
  private final MonotonicTime time;
  private final BufferAllocator allocator = new RootAllocator(ARROW_BYTES);
  private final ManagedChannel channel;
  private final FlightClient client;
  private boolean closed;

  /**
   * Whom a site connects to, and as whom.
   *
   * @param host name or address of the coordinator; its certificate must be for it
   * @param own certificate and key of this site
   * @param coordinator SHA-256 of the coordinator's certificate's DER form
   */
  public record Settings(
      String host, int port, TlsIdentity own, Digest coordinator, SitePatience patience) {}

  private FlightExchange(Settings settings, Clock clock, MonotonicTime time) {
    this.settings = settings;
    this.coordinator = settings.host() + ":" + settings.port();
    this.time = time;
    Duration keepAlive = settings.patience().keepAlive();
    this.channel =
        NettyChannelBuilder.forAddress(settings.host(), settings.port())
            .sslContext(Tls.forSite(settings.own(), settings.coordinator(), settings.host(), clock))
            .maxInboundMessageSize(WireForm.MAX_MESSAGE_BYTES)
            .maxInboundMetadataSize(MAX_HEADER_BYTES)
            .keepAliveTime(keepAlive.toMillis(), TimeUnit.MILLISECONDS)
            .keepAliveTimeout(keepAlive.toMillis(), TimeUnit.MILLISECONDS)
            // Attempts are counted and paused for here, where an upload can be resumed.
            .disableRetry()
            .intercept(new UnsentBytes())
            .build();
    this.client = FlightGrpcUtils.createFlightClient(allocator, channel);
  }

  /**
   * Makes the exchange; no connection yet, since a site may start before its coordinator.
   *
   * @throws TributaryException TLS_REFUSED if the own certificate is out of its time
   */
  public static FlightExchange open(Settings settings, Clock clock, MonotonicTime time) {
    checkOwnTime(settings.own(), clock.instant());
    return new FlightExchange(settings, clock, time);
  }

  private static void checkOwnTime(TlsIdentity own, Instant now) {
    Instant from = own.certificate().getNotBefore().toInstant();
    Instant until = own.certificate().getNotAfter().toInstant();
    if (now.isBefore(from) || now.isAfter(until)) {
      throw Errors.tlsOutOfTime("this site", from, until, now);
    }
  }

  // ---- the exchange ----------------------------------------------------------------------------

  @Override
  public void put(String name, byte[] bytes) {
    ObjectName.checked(name);
    ObjectName.checkSize(name, bytes.length);
    if (bytes.length <= WireForm.MAX_SMALL_BYTES) {
      byte[] request = WireForm.putRequest(name, bytes);
      attempt(name, () -> call(WireForm.PUT, request, Duration.ZERO));
      return;
    }
    Digest digest = Digest.sha256(bytes);
    attempt(
        name,
        () -> {
          int staged = staged(name, bytes.length, digest);
          if (staged < bytes.length) {
            upload(new StreamHead(name, bytes.length, staged, digest), bytes);
          }
          return null;
        });
  }

  @Override
  public Optional<byte[]> get(String name) {
    ObjectName.checked(name);
    return attempt(
        name,
        () -> {
          try {
            return Optional.of(download(name));
          } catch (FlightRuntimeException e) {
            if (CallErrors.isAbsent(e)) {
              return Optional.empty();
            }
            throw e;
          }
        });
  }

  @Override
  public List<String> list(String prefix) {
    ObjectName.checkedPrefix(prefix);
    byte[] request = WireForm.listRequest(prefix);
    return attempt(prefix, () -> names(prefix, call(WireForm.LIST, request, Duration.ZERO)));
  }

  @Override
  public List<String> await(String prefix, List<String> known, Duration patience) {
    ObjectName.checkedPrefix(prefix);
    Set<String> seen = new HashSet<>(known);
    Digest listing =
        WireForm.digestOf(
            seen.stream().filter(name -> ObjectName.isBelow(name, prefix)).sorted().toList());
    long start = time.nanos();
    while (true) {
      Duration left = patience.minusNanos(time.nanos() - start);
      Duration wait = atMost(left.isNegative() ? Duration.ZERO : left, LONGEST_WAIT_CALL);
      // Rounded up, so that the last call does not end a little too early.
      byte[] request = WireForm.awaitRequest(prefix, (int) wait.toMillis() + 1, listing);
      List<String> names =
          attempt(prefix, () -> names(prefix, call(WireForm.AWAIT, request, wait)));
      left = patience.minusNanos(time.nanos() - start);
      if (left.isNegative() || left.isZero() || !seen.containsAll(names)) {
        return names;
      }
      // Nothing new, but perhaps something gone: from now on, wait for a change of this listing.
      Digest next = WireForm.digestOf(names);
      if (!next.equals(listing)) {
        pause(prefix, atMost(left, SHORTEST_PAUSE));
      }
      listing = next;
    }
  }

  /** Refused: only the coordinator's own process removes. */
  @Override
  public void remove(String prefix) {
    ObjectName.checked(prefix);
    throw Errors.exchangeDenied(prefix, null);
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    // First the channel: calls of other threads end now, instead of being waited for.
    channel.shutdownNow();
    try {
      client.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IllegalStateException e) {
      LOG.debug("batches of calls that were cut off", e);
    }
    try {
      allocator.close();
    } catch (IllegalStateException e) {
      LOG.debug("batches of calls that were cut off", e);
    }
  }

  // ---- calls -----------------------------------------------------------------------------------

  private List<byte[]> call(String type, byte[] request, Duration wait) {
    Iterator<Result> results =
        client.doAction(
            new Action(type, request), deadline(settings.patience().callDeadline().plus(wait)));
    List<byte[]> answers = new ArrayList<>();
    while (results.hasNext()) {
      answers.add(results.next().getBody());
    }
    return answers;
  }

  private static CallOption deadline(Duration length) {
    return org.apache.arrow.flight.CallOptions.timeout(length.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static List<String> names(String prefix, List<byte[]> pages) {
    List<String> names = new ArrayList<>();
    pages.forEach(page -> WireForm.addPage(page, prefix, names));
    return List.copyOf(names);
  }

  private int staged(String name, int sizeBytes, Digest digest) {
    List<byte[]> answers =
        call(WireForm.STAGE, WireForm.stageRequest(name, sizeBytes, digest), Duration.ZERO);
    if (answers.size() != 1) {
      throw Errors.badMessage("The coordinator's answer about a staged object is out of form.");
    }
    return WireForm.parseStagedAnswer(answers.get(0), sizeBytes);
  }

  private void upload(StreamHead head, byte[] bytes) {
    UploadOutcome outcome = new UploadOutcome();
    long deadlineNanos = System.nanoTime() + settings.patience().streamDeadline().toNanos();
    try (ObjectBatches batches = new ObjectBatches(head, allocator)) {
      ClientStreamListener stream =
          client.startPut(
              FlightDescriptor.path(head.name()),
              batches.root(),
              outcome,
              deadline(settings.patience().streamDeadline()));
      try {
        int sent = head.offsetBytes();
        while (sent < bytes.length && !outcome.isCancelled()) {
          awaitReadiness(stream, outcome, deadlineNanos);
          if (!outcome.isCancelled()) {
            sent = batches.fill(bytes, sent);
            stream.putNext();
          }
        }
        stream.completed();
      } catch (RuntimeException e) {
        stream.error(e);
        throw e;
      }
      outcome.getResult();
    }
  }

  /** Flight itself spins until the stream is ready; here the thread sleeps, and sees its end. */
  private static void awaitReadiness(
      ClientStreamListener stream, UploadOutcome outcome, long deadlineNanos) {
    while (!stream.isReady() && !outcome.isCancelled()) {
      if (Thread.currentThread().isInterrupted()) {
        throw CallStatus.CANCELLED.withDescription("interrupted").toRuntimeException();
      }
      if (System.nanoTime() - deadlineNanos > 0) {
        throw CallErrors.late();
      }
      LockSupport.parkNanos(READINESS_LOOK_NANOS);
    }
  }

  private byte[] download(String name) {
    FlightStream stream =
        client.getStream(
            new Ticket(name.getBytes(US_ASCII)), deadline(settings.patience().streamDeadline()));
    try {
      byte[] object = read(name, stream);
      close(stream);
      return object;
    } catch (RuntimeException e) {
      if (isInterrupted(e)) {
        abandon(stream);
      } else {
        close(stream);
      }
      throw e;
    }
  }

  private static byte[] read(String name, FlightStream stream) {
    boolean more = stream.next();
    if (!stream.hasRoot()) {
      throw Errors.badFrame("The coordinator sent nothing for '" + name + "'.");
    }
    StreamHead head = StreamHead.of(stream.getSchema());
    if (!head.name().equals(name) || head.offsetBytes() != 0) {
      throw Errors.badFrame("The coordinator sent another object than '" + name + "'.");
    }
    byte[] object = new byte[head.sizeBytes()];
    int filled = 0;
    while (more) {
      byte[] chunk = ObjectBatches.chunk(stream.getRoot());
      if (chunk.length > object.length - filled) {
        throw Errors.badFrame("The coordinator sent too many bytes of '" + name + "'.");
      }
      System.arraycopy(chunk, 0, object, filled, chunk.length);
      filled += chunk.length;
      more = stream.next();
    }
    if (filled != object.length || !Digest.sha256(object).equals(head.digest())) {
      throw Errors.badFrame("The bytes of '" + name + "' were damaged on their way.");
    }
    return object;
  }

  /**
   * Cancels what is left of a stream; its failure, if any, was told by the read before. Flight
   * waits for the stream's end here, and would swallow the mark of a thread that was interrupted.
   */
  private static void close(FlightStream stream) {
    boolean interrupted = Thread.interrupted();
    try {
      stream.close();
    } catch (InterruptedException e) {
      interrupted = true;
    } catch (Exception e) {
      interrupted |= hasInterruptedCause(e);
      LOG.debug("a stream ended with an error", e);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Closes a stream whose reader was interrupted. Flight may have lost the mark of the stream's end
   * then, and waits for it without an end: so a thread waits for it that nobody waits for.
   */
  private static void abandon(FlightStream stream) {
    Thread thread = new Thread(() -> close(stream), "flight-stream-end");
    thread.setDaemon(true);
    thread.start();
  }

  // ---- attempts --------------------------------------------------------------------------------

  private interface Call<T> {
    T run();
  }

  /** Runs a call again, after growing pauses, while it fails for a reason that may pass. */
  private <T> T attempt(String name, Call<T> call) {
    SitePatience patience = settings.patience();
    long start = time.nanos();
    Duration pause = patience.firstPause();
    while (true) {
      try {
        return call.run();
      } catch (TributaryException e) {
        throw e;
      } catch (RuntimeException e) {
        refuse(name, e);
        Duration next = Duration.ofNanos(time.nanos() - start).plus(pause);
        if (next.compareTo(patience.outage()) > 0) {
          throw Errors.coordinatorUnreachable(coordinator, lastWord(e), e);
        }
        pause(name, pause);
        pause = atMost(pause.multipliedBy(2), patience.longestPause());
        // Without this, gRPC fails calls at once until its own pause is over.
        channel.resetConnectBackoff();
      }
    }
  }

  /** Throws the typed error of a failure that no second attempt can mend. */
  private void refuse(String name, RuntimeException e) {
    if (isInterrupted(e)) {
      Thread.currentThread().interrupt();
      throw Errors.exchangeInterrupted(name, e);
    }
    if (channel.isShutdown()) {
      throw Errors.exchangeFailed(
          "The exchange with " + coordinator + " is closed.", "Open it again.", e);
    }
    Tls.refusal(e, "the coordinator at " + coordinator)
        .ifPresent(
            refusal -> {
              throw refusal;
            });
    if (!(e instanceof FlightRuntimeException status)) {
      throw Errors.internal("A call of the flight exchange failed.", e);
    }
    if (CallErrors.isDenied(status)) {
      throw Errors.exchangeDenied(name, e);
    }
    CallErrors.code(status).ifPresent(code -> refuse(name, code, e));
  }

  private void refuse(String name, ErrorCode code, RuntimeException e) {
    switch (code) {
      case EXCHANGE_CONFLICT -> throw Errors.exchangeConflict(name);
      case BAD_MESSAGE ->
          throw Errors.badMessage(
              "The coordinator does not understand the call for '" + name + "'.");
      case BAD_FRAME ->
          throw Errors.badFrame("The coordinator's stored object '" + name + "' is damaged.");
      case TLS_REFUSED ->
          throw Errors.tlsRefusedByPeer(
              "the coordinator at " + coordinator, "certificate_expired", e);
      default -> LOG.debug("code={} from the coordinator, tried again", code);
    }
  }

  private static boolean isInterrupted(RuntimeException e) {
    return Thread.currentThread().isInterrupted() || hasInterruptedCause(e);
  }

  private static boolean hasInterruptedCause(Throwable e) {
    Throwable each = e;
    for (int depth = 0; each != null && depth < 20; depth++) {
      if (each instanceof InterruptedException) {
        return true;
      }
      each = each.getCause();
    }
    return false;
  }

  /** The innermost words about a failure, one line. */
  private static String lastWord(RuntimeException e) {
    boolean fromCoordinator =
        e instanceof FlightRuntimeException status
            && CallErrors.code(status)
                .filter(code -> code != ErrorCode.DEADLINE_PASSED)
                .isPresent();
    if (fromCoordinator) {
      return "It was reached, but cannot do its part ("
          + ((FlightRuntimeException) e).status().description()
          + "); its own log says why.";
    }
    Throwable each = e;
    while (each.getCause() != null) {
      each = each.getCause();
    }
    String word = each.getMessage() == null ? each.getClass().getSimpleName() : each.getMessage();
    return "The last attempt ended with: " + word.lines().findFirst().orElse("") + ".";
  }

  private void pause(String name, Duration length) {
    try {
      time.pause(length);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Errors.exchangeInterrupted(name, e);
    }
  }

  private static Duration atMost(Duration length, Duration limit) {
    return length.compareTo(limit) < 0 ? length : limit;
  }

  /** Lets more than gRPC's 32 KiB wait to be sent, less than which starves a stream of chunks. */
  private static final class UnsentBytes implements ClientInterceptor {
    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(
        MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
      return next.newCall(method, options.withOnReadyThreshold(UNSENT_BYTES));
    }
  }
}
