package io.tributary.connectors.exchange.flight;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A TCP relay on loopback that cuts connections or goes silent on demand. What it has swallowed
 * while silent is lost.
 */
final class UnreliableWire implements AutoCloseable {
  private final ServerSocket listener;
  private final int target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicLong upBytes = new AtomicLong();
  private final AtomicLong downBytes = new AtomicLong();
  private final AtomicInteger connections = new AtomicInteger();
  private volatile long cutAfterUpBytes = Long.MAX_VALUE;
  private volatile long cutAfterDownBytes = Long.MAX_VALUE;
  private volatile long silentAfterUpBytes = Long.MAX_VALUE;
  private volatile long pauseMillisPerPiece;

  UnreliableWire(int target) throws IOException {
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.target = target;
    start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** Bytes towards the coordinator so far. */
  long upBytes() {
    return upBytes.get();
  }

  int connections() {
    return connections.get();
  }

  /** Cuts all connections once, after so many more bytes towards the coordinator. */
  void cutAfterUp(long bytes) {
    cutAfterUpBytes = upBytes.get() + bytes;
  }

  /** Cuts all connections once, after so many more bytes towards the site. */
  void cutAfterDown(long bytes) {
    cutAfterDownBytes = downBytes.get() + bytes;
  }

  /** Passes nothing on in either direction, once so many more bytes went to the coordinator. */
  void silentAfterUp(long bytes) {
    silentAfterUpBytes = upBytes.get() + bytes;
  }

  /** Relays again, to new connections. */
  void mend() {
    silentAfterUpBytes = Long.MAX_VALUE;
    cut();
  }

  void slow(long millisPerPiece) {
    pauseMillisPerPiece = millisPerPiece;
  }

  void cut() {
    sockets.forEach(UnreliableWire::closeQuietly);
    sockets.clear();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket site = listener.accept();
        connections.incrementAndGet();
        Socket coordinator = new Socket(InetAddress.getLoopbackAddress(), target);
        sockets.add(site);
        sockets.add(coordinator);
        start(() -> relay(site, coordinator, upBytes));
        start(() -> relay(coordinator, site, downBytes));
      } catch (IOException e) {
        // The coordinator is away or the test is over; the site sees a closed connection.
      }
    }
  }

  private void relay(Socket from, Socket to, AtomicLong count) {
    byte[] piece = new byte[16 << 10];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
        count.addAndGet(read);
        if (upBytes.get() > cutAfterUpBytes || downBytes.get() > cutAfterDownBytes) {
          cutAfterUpBytes = Long.MAX_VALUE;
          cutAfterDownBytes = Long.MAX_VALUE;
          cut();
          return;
        }
        if (upBytes.get() > silentAfterUpBytes) {
          continue;
        }
        if (pauseMillisPerPiece > 0) {
          Thread.sleep(pauseMillisPerPiece);
        }
        out.write(piece, 0, read);
      }
    } catch (IOException | InterruptedException e) {
      // A cut, by this wire or by an end.
    }
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "unreliable-wire");
    thread.setDaemon(true);
    thread.start();
  }

  private static void closeQuietly(Socket socket) {
    try {
      // Reset, as a broken network ends, instead of an orderly end.
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      // Closed already.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    cut();
  }
}
