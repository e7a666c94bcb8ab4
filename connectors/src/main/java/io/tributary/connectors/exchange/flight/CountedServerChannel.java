package io.tributary.connectors.exchange.flight;

import io.netty.channel.Channel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.tributary.study.TributaryException;
import java.net.SocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Accepts connections up to a number, and tells why a handshake failed: gRPC itself keeps refused
 * certificates to its debug log.
 */
final class CountedServerChannel extends NioServerSocketChannel {
  private final int maxConnections;
  private final Consumer<TributaryException> refusals;
  private final AtomicInteger open = new AtomicInteger();

  CountedServerChannel(int maxConnections, Consumer<TributaryException> refusals) {
    this.maxConnections = maxConnections;
    this.refusals = refusals;
  }

  @Override
  protected int doReadMessages(List<Object> accepted) throws Exception {
    int before = accepted.size();
    int read = super.doReadMessages(accepted);
    for (int i = accepted.size() - 1; i >= before; i--) {
      Channel connection = (Channel) accepted.get(i);
      if (open.incrementAndGet() > maxConnections) {
        open.decrementAndGet();
        accepted.remove(i);
        connection.unsafe().closeForcibly();
      } else {
        SocketAddress peer = connection.remoteAddress();
        connection.closeFuture().addListener(closed -> ended(connection, peer));
      }
    }
    return read;
  }

  private void ended(Channel connection, SocketAddress peer) {
    open.decrementAndGet();
    Optional.ofNullable(connection.pipeline().get(SslHandler.class))
        .map(tls -> tls.handshakeFuture().cause())
        .flatMap(cause -> Tls.refusal(cause, "the caller from " + peer))
        .ifPresent(refusals);
  }
}
