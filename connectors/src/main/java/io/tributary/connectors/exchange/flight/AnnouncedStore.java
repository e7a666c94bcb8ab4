package io.tributary.connectors.exchange.flight;

import io.tributary.exchange.Exchange;
import io.tributary.exchange.MonotonicTime;
import io.tributary.exchange.ObjectName;
import io.tributary.study.Errors;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The backing store, where every put through it wakes those who wait for its name. What others put
 * into the store directly is found by a look every {@link #LOOK}.
 */
final class AnnouncedStore implements Exchange {
  /** How often a waiting call looks into the store though nothing was announced. */
  static final Duration LOOK = Duration.ofSeconds(2);

  private final Exchange store;
  private final MonotonicTime time;
  private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();
  private final Consumer<String> onRemove;
  private volatile boolean closed;

  /**
   * @param onRemove told each prefix that is removed
   */
  AnnouncedStore(Exchange store, Consumer<String> onRemove, MonotonicTime time) {
    this.store = store;
    this.onRemove = onRemove;
    this.time = time;
  }

  @Override
  public void put(String name, byte[] bytes) {
    store.put(name, bytes);
    waiting.forEach(
        each -> {
          if (ObjectName.isBelow(name, each.prefix())) {
            each.news().release();
          }
        });
  }

  @Override
  public Optional<byte[]> get(String name) {
    return store.get(name);
  }

  @Override
  public List<String> list(String prefix) {
    return store.list(prefix);
  }

  @Override
  public List<String> await(String prefix, List<String> known, Duration patience) {
    Set<String> seen = new HashSet<>(known);
    return awaitListing(prefix, names -> !seen.containsAll(names), patience);
  }

  /** Waits until a listing is {@code enough}, the time is over or the store is closed. */
  List<String> awaitListing(String prefix, Predicate<List<String>> enough, Duration patience) {
    ObjectName.checkedPrefix(prefix);
    long start = time.nanos();
    Waiting own = new Waiting(prefix, new Semaphore(0));
    // Before the first look, so that nothing put after it is missed.
    waiting.add(own);
    try {
      while (true) {
        own.news().drainPermits();
        List<String> names = store.list(prefix);
        long leftNanos = patience.toNanos() - (time.nanos() - start);
        if (closed || leftNanos <= 0 || enough.test(names)) {
          return names;
        }
        own.news().tryAcquire(Math.min(leftNanos, LOOK.toNanos()), TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Errors.exchangeInterrupted(prefix, e);
    } finally {
      waiting.remove(own);
    }
  }

  @Override
  public void remove(String prefix) {
    store.remove(prefix);
    onRemove.accept(prefix);
  }

  boolean isClosed() {
    return closed;
  }

  /** Ends all waiting; the backing store stays open, it belongs to who made it. */
  @Override
  public void close() {
    closed = true;
    waiting.forEach(each -> each.news().release());
  }

  /** One waiting call; by identity, since two calls may wait for the same prefix. */
  private static final class Waiting {
    private final String prefix;
    private final Semaphore news;

    Waiting(String prefix, Semaphore news) {
      this.prefix = prefix;
      this.news = news;
    }

    String prefix() {
      return prefix;
    }

    Semaphore news() {
      return news;
    }
  }
}
