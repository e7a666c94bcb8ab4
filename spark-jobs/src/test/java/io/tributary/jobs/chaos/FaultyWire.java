package io.tributary.jobs.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A TCP relay on loopback between sites and the coordinator that delays, cuts, damages or swallows
 * what goes through it.
 */
final class FaultyWire implements AutoCloseable {
  private static final int PIECE = 8192;

  private final ServerSocket listener;
  private final int target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean flip = new AtomicBoolean();
  private volatile long delayMillis;
  private volatile boolean silent;
  private volatile boolean deaf;

  FaultyWire(int target) throws IOException {
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.target = target;
    start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** Every piece from now on waits so long. */
  void delay(long millis) {
    delayMillis = millis;
  }

  /** Swallows everything, connections stay open: both ends think the other is there. */
  void silence(boolean on) {
    silent = on;
  }

  /** Ends every new connection at once. */
  void refuse(boolean on) {
    deaf = on;
  }

  /** Damages one bit of the next piece. */
  void flipOnce() {
    flip.set(true);
  }

  /** Ends all connections, wherever they are in an object. */
  void cut() {
    sockets.forEach(FaultyWire::end);
    sockets.clear();
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "faulty-wire");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket near = listener.accept();
        if (deaf) {
          near.close();
          continue;
        }
        Socket far;
        try {
          far = new Socket(InetAddress.getLoopbackAddress(), target);
        } catch (IOException e) {
          near.close();
          continue;
        }
        sockets.add(near);
        sockets.add(far);
        start(() -> relay(near, far));
        start(() -> relay(far, near));
      } catch (IOException e) {
        // Closed, or the peer is gone already.
      }
    }
  }

  private void relay(Socket from, Socket to) {
    byte[] piece = new byte[PIECE];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
        if (delayMillis > 0) {
          Thread.sleep(delayMillis);
        }
        if (silent) {
          continue;
        }
        if (flip.getAndSet(false)) {
          piece[read / 2] = (byte) (piece[read / 2] ^ 1);
        }
        out.write(piece, 0, read);
      }
    } catch (IOException e) {
      // One end is gone; the other follows.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    end(from);
    end(to);
  }

  private static void end(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is gone.
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      // It is gone.
    }
    cut();
  }
}
