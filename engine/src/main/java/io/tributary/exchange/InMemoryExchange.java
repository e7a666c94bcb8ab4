package io.tributary.exchange;

import io.tributary.study.Errors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * An exchange in this process's heap, for federations whose parties share one JVM and for tests.
 * One instance is shared by all parties and threads; {@link #close} therefore does nothing. Durable
 * only as long as the process lives; its size is bounded by the heap alone.
 */
public final class InMemoryExchange implements Exchange {
  // Names are ASCII, so that the order of strings is the order of bytes.
  private final NavigableMap<String, byte[]> objects = new TreeMap<>();
  private final Object monitor = new Object();

  @Override
  public void put(String name, byte[] bytes) {
    ObjectName.checked(name);
    ObjectName.checkSize(name, bytes.length);
    synchronized (monitor) {
      byte[] before = objects.get(name);
      if (before != null) {
        if (!Arrays.equals(before, bytes)) {
          throw Errors.exchangeConflict(name);
        }
        return;
      }
      refuseFolderOfAnother(name);
      objects.put(name, bytes.clone());
      monitor.notifyAll();
    }
  }

  @Override
  public Optional<byte[]> get(String name) {
    ObjectName.checked(name);
    synchronized (monitor) {
      return Optional.ofNullable(objects.get(name)).map(byte[]::clone);
    }
  }

  @Override
  public List<String> list(String prefix) {
    ObjectName.checkedPrefix(prefix);
    synchronized (monitor) {
      return List.copyOf(below(prefix).keySet());
    }
  }

  @Override
  public List<String> await(String prefix, List<String> known, Duration patience) {
    ObjectName.checkedPrefix(prefix);
    Set<String> seen = new HashSet<>(known);
    long deadlineNanos = System.nanoTime() + patience.toNanos();
    synchronized (monitor) {
      while (true) {
        List<String> names = new ArrayList<>(below(prefix).keySet());
        long leftNanos = deadlineNanos - System.nanoTime();
        if (leftNanos <= 0 || !seen.containsAll(names)) {
          return List.copyOf(names);
        }
        try {
          // At least 1 ms: zero would mean to wait for ever.
          monitor.wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(leftNanos)));
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw Errors.exchangeInterrupted(prefix, e);
        }
      }
    }
  }

  @Override
  public void remove(String prefix) {
    ObjectName.checked(prefix);
    synchronized (monitor) {
      below(prefix).clear();
    }
  }

  /** Does nothing: the other parties go on using the instance. */
  @Override
  public void close() {}

  private Map<String, byte[]> below(String prefix) {
    // '0' follows '/' in ASCII.
    return prefix.isEmpty() ? objects : objects.subMap(prefix + "/", true, prefix + "0", false);
  }

  private void refuseFolderOfAnother(String name) {
    if (!below(name).isEmpty()) {
      throw Errors.exchangeConflict(name);
    }
    for (int slash = name.indexOf('/'); slash > 0; slash = name.indexOf('/', slash + 1)) {
      if (objects.containsKey(name.substring(0, slash))) {
        throw Errors.exchangeConflict(name);
      }
    }
  }
}
