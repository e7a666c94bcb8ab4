package io.tributary.connectors.exchange.flight;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.tributary.codec.Digest;
import io.tributary.connectors.exchange.flight.WireForm.Request;
import io.tributary.connectors.exchange.flight.WireForm.StreamHead;
import io.tributary.exchange.ObjectName;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteId;
import io.tributary.study.TributaryException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.BackpressureStrategy.CallbackBackpressureStrategy;
import org.apache.arrow.flight.BackpressureStrategy.WaitResult;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.NoOpFlightProducer;
import org.apache.arrow.flight.PutResult;
import org.apache.arrow.flight.Result;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The coordinator's side of the calls in this package's table. Calls run on many threads. */
final class ObjectProducer extends NoOpFlightProducer {
  private static final Logger LOG = LoggerFactory.getLogger(ObjectProducer.class);

  private final AnnouncedStore store;
  private final StagedUploads staged;
  private final SiteQuota quota;
  private final ObjectAccess access;
  private final ServerLimits limits;
  private final BufferAllocator allocator;
  private final Watchdog watchdog;
  private final Executor senders;
  private final Map<SiteId, Semaphore> waits = new ConcurrentHashMap<>();

  ObjectProducer(
      AnnouncedStore store,
      StagedUploads staged,
      SiteQuota quota,
      ObjectAccess access,
      ServerLimits limits,
      BufferAllocator allocator,
      Watchdog watchdog,
      Executor senders) {
    this.store = store;
    this.staged = staged;
    this.quota = quota;
    this.access = access;
    this.limits = limits;
    this.allocator = allocator;
    this.watchdog = watchdog;
    this.senders = senders;
  }

  // ---- small calls -----------------------------------------------------------------------------

  @Override
  public void doAction(CallContext context, Action action, StreamListener<Result> listener) {
    SiteId site = SiteAdmission.SITE.get();
    try {
      for (byte[] answer : answer(context, site, action)) {
        listener.onNext(new Result(answer));
      }
      listener.onCompleted();
    } catch (RuntimeException e) {
      if (!context.isCancelled()) {
        listener.onError(told(site, action.getType(), e));
      }
    }
  }

  private List<byte[]> answer(CallContext context, SiteId site, Action action) {
    Request request = new Request(action.getBody());
    return switch (action.getType()) {
      case WireForm.PUT -> put(site, request);
      case WireForm.STAGE -> List.of(stage(site, request));
      case WireForm.LIST -> list(site, request);
      case WireForm.AWAIT -> WireForm.pages(await(context, site, request));
      default -> throw Errors.badMessage("There is no call of this name.");
    };
  }

  private List<byte[]> put(SiteId site, Request request) {
    String name = request.name();
    byte[] object = request.rest(name);
    checkMayPut(site, name, object.length);
    store.put(name, object);
    return List.of();
  }

  private List<byte[]> list(SiteId site, Request request) {
    String prefix = request.prefix();
    request.end();
    return WireForm.pages(readable(site, store.list(prefix)));
  }

  private void checkMayPut(SiteId site, String name, int sizeBytes) {
    if (!access.mayWrite().test(site, name)) {
      throw CallErrors.denied();
    }
    if (!quota.admits(site, name, sizeBytes)) {
      LOG.warn("site={} name={} refused=quota", site, name);
      throw CallErrors.denied();
    }
  }

  private byte[] stage(SiteId site, Request request) {
    String name = request.name();
    int size = request.size(name);
    Digest digest = request.digest();
    request.end();
    if (!access.mayWrite().test(site, name)) {
      throw CallErrors.denied();
    }
    Optional<byte[]> before = store.get(name);
    if (before.isEmpty()) {
      return WireForm.stagedAnswer(staged.staged(site, name, size, digest));
    }
    if (!Digest.sha256(before.get()).equals(digest)) {
      throw Errors.exchangeConflict(name);
    }
    return WireForm.stagedAnswer(size);
  }

  private List<String> readable(SiteId site, List<String> names) {
    return names.stream().filter(name -> access.mayRead().test(site, name)).toList();
  }

  private List<String> await(CallContext context, SiteId site, Request request) {
    String prefix = request.prefix();
    Duration patience = Duration.ofMillis(request.millis());
    Digest known = request.digest();
    request.end();
    Semaphore waiting = waits.computeIfAbsent(site, id -> new Semaphore(limits.maxWaitsPerSite()));
    if (!waiting.tryAcquire()) {
      throw CallErrors.again();
    }
    try {
      return readable(
          site,
          store.awaitListing(
              prefix,
              // A caller that is gone shall not hold its place for the rest of the time.
              names ->
                  context.isCancelled() || !WireForm.digestOf(readable(site, names)).equals(known),
              patience.compareTo(limits.longestWait()) < 0 ? patience : limits.longestWait()));
    } finally {
      waiting.release();
    }
  }

  // ---- streams ---------------------------------------------------------------------------------

  @Override
  public Runnable acceptPut(
      CallContext context, FlightStream stream, StreamListener<PutResult> listener) {
    SiteId site = SiteAdmission.SITE.get();
    return () -> {
      RuntimeException failure = null;
      try (Watchdog.Watch watch = watchdog.watch(limits.stall(), limits.streamDeadline())) {
        try {
          receive(site, stream, watch);
        } catch (RuntimeException e) {
          failure = watch.isLate() ? CallErrors.late() : e;
        }
      }
      if (failure == null) {
        listener.onCompleted();
      } else {
        listener.onError(told(site, "DoPut", failure));
      }
    };
  }

  private void receive(SiteId site, FlightStream stream, Watchdog.Watch watch) {
    // First the batch, then the schema: asked for it first, Flight waits without end for a schema
    // that a hostile site need not send.
    boolean more = stream.next();
    if (!stream.hasRoot()) {
      throw Errors.badMessage("A stream has no schema.");
    }
    StreamHead head = StreamHead.of(stream.getSchema());
    checkMayPut(site, head.name(), head.sizeBytes() - head.offsetBytes());
    StagedUploads.Writing writing = staged.open(site, head).orElseThrow(CallErrors::again);
    try (writing) {
      while (more && !writing.isWhole()) {
        writing.append(ObjectBatches.chunk(stream.getRoot()));
        watch.progress();
        more = !writing.isWhole() && stream.next();
      }
      if (!writing.isWhole()) {
        throw Errors.badMessage("The stream of '" + head.name() + "' is shorter than declared.");
      }
      store.put(head.name(), writing.take());
    }
  }

  @Override
  public void getStream(CallContext context, Ticket ticket, ServerStreamListener listener) {
    SiteId site = SiteAdmission.SITE.get();
    CallbackBackpressureStrategy readiness = new CallbackBackpressureStrategy();
    readiness.register(listener);
    // On a thread of its own: word of readiness comes on the call's thread, once it is free.
    senders.execute(
        () -> {
          try {
            send(site, new String(ticket.getBytes(), US_ASCII), listener, readiness);
          } catch (RuntimeException e) {
            listener.error(told(site, "DoGet", e));
          }
        });
  }

  private void send(
      SiteId site,
      String name,
      ServerStreamListener listener,
      CallbackBackpressureStrategy readiness) {
    ObjectName.checked(name);
    if (!access.mayRead().test(site, name)) {
      throw CallErrors.denied();
    }
    byte[] object = store.get(name).orElseThrow(CallErrors::absent);
    long deadlineNanos = System.nanoTime() + limits.streamDeadline().toNanos();
    StreamHead head = new StreamHead(name, object.length, 0, Digest.sha256(object));
    try (ObjectBatches batches = new ObjectBatches(head, allocator)) {
      listener.start(batches.root());
      int sent = 0;
      while (sent < object.length) {
        WaitResult ready = readiness.waitForListener(limits.stall().toMillis());
        if (ready == WaitResult.CANCELLED) {
          return;
        }
        if (ready != WaitResult.READY || System.nanoTime() - deadlineNanos > 0) {
          throw CallErrors.late();
        }
        sent = batches.fill(object, sent);
        listener.putNext();
      }
      listener.completed();
    }
  }

  private static FlightRuntimeException told(SiteId site, String call, RuntimeException e) {
    boolean ordinary =
        e instanceof FlightRuntimeException
            || (e instanceof TributaryException known && known.code() != ErrorCode.INTERNAL);
    if (ordinary) {
      LOG.debug("site={} call={} refused", site, call, e);
    } else {
      LOG.warn("site={} call={} failed", site, call, e);
    }
    return CallErrors.toPeer(e);
  }
}
