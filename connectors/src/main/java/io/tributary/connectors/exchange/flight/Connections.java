package io.tributary.connectors.exchange.flight;

import io.netty.channel.Channel;
import io.tributary.codec.Digest;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Connections that are open, within the limits of a server. A caller is a stranger until its
 * handshake has proved a pinned certificate. Strangers share a small number of places, and the one
 * that has been there longest makes room: a handshake takes milliseconds, so it is that of a caller
 * which sends a byte now and then. Of one certificate the oldest connection makes room too: what a
 * site that was restarted has left behind, and nobody else's.
 */
final class Connections {
  private final ServerLimits limits;
  private final Set<Channel> strangers = new LinkedHashSet<>();
  private final Map<Digest, ArrayDeque<Channel>> known = new HashMap<>();
  private final Map<Channel, Digest> certificates = new HashMap<>();

  Connections(ServerLimits limits) {
    this.limits = limits;
  }

  /**
   * Takes a new connection in.
   *
   * @return false if there is no place for it; else it is counted until {@link #ended}
   */
  boolean accept(Channel connection) {
    Optional<Channel> leaving = Optional.empty();
    synchronized (this) {
      if (strangers.size() >= limits.maxStrangers()) {
        // One that was accepted in the same moment has no thread yet that could close it.
        leaving = strangers.stream().filter(Channel::isRegistered).findFirst();
        if (leaving.isEmpty()) {
          return false;
        }
        strangers.remove(leaving.get());
      }
      if (strangers.size() + certificates.size() >= limits.maxConnections()) {
        return false;
      }
      strangers.add(connection);
    }
    leaving.ifPresent(Connections::end);
    return true;
  }

  /** A connection has proved its certificate. */
  void proved(Channel connection, Digest certificate) {
    Optional<Channel> leaving = Optional.empty();
    synchronized (this) {
      if (!strangers.remove(connection)) {
        // It was sent away meanwhile.
        return;
      }
      ArrayDeque<Channel> own = known.computeIfAbsent(certificate, none -> new ArrayDeque<>());
      if (own.size() >= limits.maxConnectionsPerSite()) {
        leaving = Optional.of(own.removeFirst());
        certificates.remove(leaving.get());
      }
      own.addLast(connection);
      certificates.put(connection, certificate);
    }
    leaving.ifPresent(Connections::end);
  }

  /** On its own thread; nobody waits for it. */
  private static void end(Channel connection) {
    var unused = connection.close();
  }

  /** A connection is closed. */
  synchronized void ended(Channel connection) {
    strangers.remove(connection);
    Digest certificate = certificates.remove(connection);
    if (certificate != null) {
      ArrayDeque<Channel> own = known.get(certificate);
      own.remove(connection);
      if (own.isEmpty()) {
        known.remove(certificate);
      }
    }
  }
}
