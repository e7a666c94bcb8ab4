package io.tributary.connectors.exchange.flight;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.tributary.identity.TlsIdentity;
import io.tributary.study.TributaryException;
import java.net.SocketAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * Accepts connections within {@link Connections}, and tells why a handshake failed: gRPC itself
 * keeps refused certificates to its debug log.
 */
final class CountedServerChannel extends NioServerSocketChannel {
  private final Connections connections;
  private final Consumer<TributaryException> refusals;

  CountedServerChannel(Connections connections, Consumer<TributaryException> refusals) {
    this.connections = connections;
    this.refusals = refusals;
  }

  @Override
  protected int doReadMessages(List<Object> accepted) throws Exception {
    int before = accepted.size();
    int read = super.doReadMessages(accepted);
    for (int i = accepted.size() - 1; i >= before; i--) {
      Channel connection = (Channel) accepted.get(i);
      if (connections.accept(connection)) {
        SocketAddress peer = connection.remoteAddress();
        connection.closeFuture().addListener(closed -> ended(connection, peer));
        connection.pipeline().addLast(new Handshake());
      } else {
        accepted.remove(i);
        connection.unsafe().closeForcibly();
      }
    }
    return read;
  }

  private void ended(Channel connection, SocketAddress peer) {
    connections.ended(connection);
    Optional.ofNullable(connection.pipeline().get(SslHandler.class))
        .map(tls -> tls.handshakeFuture().cause())
        .flatMap(cause -> Tls.refusal(cause, "the caller from " + peer))
        .ifPresent(refusals);
  }

  /** Waits for the end of the handshake; gRPC puts TLS in between after this was added. */
  private final class Handshake extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      SslHandler tls = context.pipeline().get(SslHandler.class);
      if (tls != null) {
        context.pipeline().remove(this);
        tls.handshakeFuture()
            .addListener(
                done -> {
                  if (done.isSuccess()) {
                    proved(context.channel(), tls);
                  }
                });
      }
      context.fireChannelRead(message);
    }

    private void proved(Channel connection, SslHandler tls) {
      try {
        Certificate[] chain = tls.engine().getSession().getPeerCertificates();
        if (chain.length > 0 && chain[0] instanceof X509Certificate certificate) {
          connections.proved(connection, TlsIdentity.fingerprint(certificate));
        }
      } catch (SSLPeerUnverifiedException e) {
        // Without a certificate the handshake would have failed; it stays a stranger.
      }
    }
  }
}
