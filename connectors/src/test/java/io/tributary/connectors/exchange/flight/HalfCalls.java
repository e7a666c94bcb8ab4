package io.tributary.connectors.exchange.flight;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.time.Clock;
import java.util.concurrent.TimeUnit;

/**
 * A site with a good certificate that begins calls in HTTP/2 and never ends them: each has its
 * headers and the beginning of a message, of which a byte comes now and then.
 */
final class HalfCalls implements AutoCloseable {
  private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int SETTINGS = 4;
  private static final int END_HEADERS = 4;

  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Channel channel;
  private int calls;

  HalfCalls(int site, int port) throws Exception {
    SslHandler tls =
        Tls.forSite(
                Federation.site(site),
                Federation.COORDINATOR.fingerprint(),
                Federation.HOST,
                Clock.systemUTC())
            .newHandler(io.netty.buffer.ByteBufAllocator.DEFAULT, Federation.HOST, port);
    channel =
        new Bootstrap()
            .group(loop)
            .channel(NioSocketChannel.class)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel connection) {
                    connection.pipeline().addLast(tls, new ChannelInboundHandlerAdapter());
                  }
                })
            .connect(Federation.HOST, port)
            .sync()
            .channel();
    tls.handshakeFuture().sync();
    write(Unpooled.wrappedBuffer(PREFACE));
    write(frame(SETTINGS, 0, 0, new byte[0]));
  }

  /** Begins a put of 200,000 bytes, of which the first few come. */
  void begin() {
    int stream = 2 * calls++ + 1;
    ByteBuf headers = Unpooled.buffer();
    headers.writeByte(0x83); // :method POST
    headers.writeByte(0x87); // :scheme https
    headers.writeByte(0x04); // :path
    text(headers, "/arrow.flight.protocol.FlightService/DoAction");
    headers.writeByte(0x01); // :authority
    text(headers, Federation.HOST);
    headers.writeBytes(new byte[] {0x0f, 0x10}); // content-type
    text(headers, "application/grpc");
    headers.writeByte(0x00);
    text(headers, "te");
    text(headers, "trailers");
    write(frame(HEADERS, END_HEADERS, stream, bytes(headers)));
    write(frame(DATA, 0, stream, new byte[] {0, 0, 3, 13, 64, 10, 3}));
  }

  /** One more byte for each call. */
  void dribble() {
    for (int call = 0; call < calls; call++) {
      write(frame(DATA, 0, 2 * call + 1, new byte[] {'x'}));
    }
  }

  boolean isOpen() {
    return channel.isActive();
  }

  private void write(ByteBuf bytes) {
    channel.writeAndFlush(bytes).awaitUninterruptibly(5, TimeUnit.SECONDS);
  }

  private static ByteBuf frame(int type, int flags, int stream, byte[] payload) {
    return Unpooled.buffer()
        .writeMedium(payload.length)
        .writeByte(type)
        .writeByte(flags)
        .writeInt(stream)
        .writeBytes(payload);
  }

  private static void text(ByteBuf headers, String text) {
    headers.writeByte(text.length());
    headers.writeBytes(text.getBytes(US_ASCII));
  }

  private static byte[] bytes(ByteBuf buffer) {
    byte[] bytes = new byte[buffer.readableBytes()];
    buffer.readBytes(bytes);
    return bytes;
  }

  @Override
  public void close() {
    channel.close().awaitUninterruptibly(5, TimeUnit.SECONDS);
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
  }
}
