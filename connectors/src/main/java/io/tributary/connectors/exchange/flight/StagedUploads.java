package io.tributary.connectors.exchange.flight;

import io.tributary.codec.Digest;
import io.tributary.connectors.exchange.flight.WireForm.StreamHead;
import io.tributary.exchange.MonotonicTime;
import io.tributary.study.Errors;
import io.tributary.study.SiteId;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Unfinished uploads, kept in memory so that a site whose connection breaks sends only the rest. A
 * part belongs to one site, name and digest; its memory grows with what has come. Bounded: a part
 * that nobody writes to makes room for a new one, the longest unused first; parts older than {@link
 * #FORGET_AFTER} are dropped. A coordinator that restarts has none, and sites send from the start.
 */
final class StagedUploads {
  /** Age since the last byte at which a part that nobody writes to is dropped. */
  static final Duration FORGET_AFTER = Duration.ofMinutes(15);

  private static final int FIRST_CAPACITY_BYTES = 1 << 20;

  private final ServerLimits limits;
  private final MonotonicTime time;
  private final Map<Key, Part> parts = new HashMap<>();

  StagedUploads(ServerLimits limits, MonotonicTime time) {
    this.limits = limits;
    this.time = time;
  }

  /**
   * How many bytes of this very object are here already. Whoever wrote to it before is shut out, so
   * that the number stays true: its connection is dead, even if this end does not know yet.
   */
  synchronized int staged(SiteId site, String name, int sizeBytes, Digest digest) {
    Part part = parts.get(new Key(site, name));
    return part != null && part.isOf(sizeBytes, digest) ? part.takeBack() : 0;
  }

  /**
   * Takes over a part to write on from the head's offset.
   *
   * @return empty if there is no room now, or the part does not end at that offset (any more): the
   *     site must ask again how much is here
   */
  synchronized Optional<Writing> open(SiteId site, StreamHead head) {
    Key key = new Key(site, head.name());
    Part part = parts.get(key);
    if (part != null && (!part.isOf(head.sizeBytes(), head.digest()) || head.offsetBytes() == 0)) {
      parts.remove(key);
      part = null;
    }
    if (part == null) {
      if (head.offsetBytes() != 0 || !makeRoom(site, head.sizeBytes())) {
        return Optional.empty();
      }
      part = new Part(head.sizeBytes(), head.digest());
      parts.put(key, part);
    }
    Writing writing = new Writing(key, part);
    return part.handTo(writing, head.offsetBytes(), time.nanos())
        ? Optional.of(writing)
        : Optional.empty();
  }

  private boolean makeRoom(SiteId site, int sizeBytes) {
    long now = time.nanos();
    parts.values().removeIf(part -> part.isIdleSince(now - FORGET_AFTER.toNanos()));
    return makeRoom(key -> key.site().equals(site), sizeBytes, limits.maxStagedBytesPerSite())
        && makeRoom(key -> true, sizeBytes, limits.maxStagedBytes());
  }

  private boolean makeRoom(Predicate<Key> whose, int sizeBytes, long limitBytes) {
    while (true) {
      long taken =
          parts.entrySet().stream()
              .filter(each -> whose.test(each.getKey()))
              .mapToLong(each -> each.getValue().sizeBytes)
              .sum();
      if (taken + sizeBytes <= limitBytes) {
        return true;
      }
      Optional<Key> oldest =
          parts.entrySet().stream()
              .filter(
                  each -> whose.test(each.getKey()) && each.getValue().isIdleSince(time.nanos()))
              .min(Comparator.comparingLong(each -> each.getValue().lastUseNanos - time.nanos()))
              .map(Map.Entry::getKey);
      if (oldest.isEmpty()) {
        return false;
      }
      parts.remove(oldest.get());
    }
  }

  private synchronized void drop(Key key, Part part) {
    parts.remove(key, part);
  }

  private record Key(SiteId site, String name) {}

  /** The right to write to a part, until someone else opens it. */
  final class Writing implements AutoCloseable {
    private final Key key;
    private final Part part;

    private Writing(Key key, Part part) {
      this.key = key;
      this.part = part;
    }

    void append(byte[] chunk) {
      part.append(this, chunk, time.nanos());
    }

    boolean isWhole() {
      return part.received() == part.sizeBytes;
    }

    /** Gives the whole object and forgets it here; BAD_MESSAGE if it does not fit its digest. */
    byte[] take() {
      drop(key, part);
      return part.object(this)
          .orElseThrow(
              () ->
                  Errors.badMessage("The bytes of '" + key.name() + "' do not fit their digest."));
    }

    /** Leaves the part for another attempt. */
    @Override
    public void close() {
      part.leave(this);
    }
  }

  private static final class Part {
    private final int sizeBytes;
    private final Digest digest;
    private final MessageDigest running;
    private byte[] bytes;
    private int received;
    private Writing writer;
    private volatile long lastUseNanos;

    Part(int sizeBytes, Digest digest) {
      this.sizeBytes = sizeBytes;
      this.digest = digest;
      this.bytes = new byte[Math.min(sizeBytes, FIRST_CAPACITY_BYTES)];
      try {
        this.running = MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw Errors.internal("This Java has no SHA-256.", e);
      }
    }

    boolean isOf(int size, Digest whole) {
      return sizeBytes == size && digest.equals(whole);
    }

    synchronized int received() {
      return received;
    }

    synchronized boolean isIdleSince(long nanos) {
      return writer == null && lastUseNanos - nanos <= 0;
    }

    synchronized int takeBack() {
      writer = null;
      return received;
    }

    synchronized boolean handTo(Writing next, int offsetBytes, long nowNanos) {
      if (offsetBytes != received) {
        return false;
      }
      writer = next;
      lastUseNanos = nowNanos;
      return true;
    }

    synchronized void append(Writing by, byte[] chunk, long nowNanos) {
      checkWriter(by);
      if (chunk.length > sizeBytes - received) {
        throw Errors.badMessage("The stream of '" + by.key.name() + "' is longer than declared.");
      }
      if (received + chunk.length > bytes.length) {
        bytes =
            Arrays.copyOf(
                bytes, Math.min(sizeBytes, Math.max(2 * bytes.length, received + chunk.length)));
      }
      System.arraycopy(chunk, 0, bytes, received, chunk.length);
      running.update(chunk);
      received += chunk.length;
      lastUseNanos = nowNanos;
    }

    synchronized Optional<byte[]> object(Writing by) {
      checkWriter(by);
      return Digest.of(running.digest()).equals(digest) ? Optional.of(bytes) : Optional.empty();
    }

    private void checkWriter(Writing by) {
      if (writer != by) {
        throw Errors.badMessage("Another stream took over the object '" + by.key.name() + "'.");
      }
    }

    synchronized void leave(Writing by) {
      if (writer == by) {
        writer = null;
      }
    }
  }
}
