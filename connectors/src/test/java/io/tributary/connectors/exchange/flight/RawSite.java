package io.tributary.connectors.exchange.flight;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.tributary.connectors.exchange.flight.WireForm.StreamHead;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.CallOption;
import org.apache.arrow.flight.CallOptions;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightClient.ClientStreamListener;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightGrpcUtils;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Result;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;

/** A site with a good certificate and bad manners: sends what {@link FlightExchange} would not. */
final class RawSite implements AutoCloseable {
  private static final CallOption DEADLINE = CallOptions.timeout(20, TimeUnit.SECONDS);

  private final BufferAllocator allocator = new RootAllocator();
  private final ManagedChannel channel;
  private final FlightClient client;

  RawSite(int number, int port) {
    this(number, port, builder -> builder);
  }

  /** With a channel built otherwise. */
  RawSite(int number, int port, UnaryOperator<NettyChannelBuilder> otherwise) {
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(Federation.HOST, port)
            .sslContext(
                Tls.forSite(
                    Federation.site(number),
                    Federation.COORDINATOR.fingerprint(),
                    Federation.HOST,
                    Clock.systemUTC()));
    this.channel = otherwise.apply(builder).build();
    this.client = FlightGrpcUtils.createFlightClient(allocator, channel);
  }

  boolean isConnected() {
    return channel.getState(false) == ConnectivityState.READY;
  }

  FlightClient client() {
    return client;
  }

  List<byte[]> call(String type, byte[] body) {
    Iterator<Result> results = client.doAction(new Action(type, body), DEADLINE);
    List<byte[]> answers = new ArrayList<>();
    results.forEachRemaining(result -> answers.add(result.getBody()));
    return answers;
  }

  Download download(String name) {
    return new Download(client.getStream(new Ticket(name.getBytes(ISO_8859_1)), DEADLINE));
  }

  /** A stream that is read batch by batch, or not at all. */
  static final class Download implements AutoCloseable {
    private final FlightStream stream;

    Download(FlightStream stream) {
      this.stream = stream;
    }

    boolean next() {
      return stream.next();
    }

    @Override
    public void close() {
      try {
        stream.close();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (Exception e) {
        // The failure that ended the stream, told again.
      }
    }
  }

  void upload(StreamHead head, byte[]... chunks) {
    upload(head.schema(), chunks);
  }

  /** Sends chunks, one a batch, under any schema whose first column is binary. */
  void upload(Schema schema, byte[]... chunks) {
    UploadOutcome outcome = new UploadOutcome();
    try (VarBinaryVector bytes = new VarBinaryVector(schema.getFields().get(0), allocator);
        VectorSchemaRoot root = new VectorSchemaRoot(schema, List.of(bytes), 0)) {
      ClientStreamListener stream =
          client.startPut(FlightDescriptor.path("x"), root, outcome, DEADLINE);
      for (byte[] chunk : chunks) {
        bytes.setSafe(0, chunk);
        root.setRowCount(1);
        stream.putNext();
      }
      stream.completed();
      outcome.getResult();
    }
  }

  static byte[] named(String name, byte[] rest) {
    byte[] nameBytes = name.getBytes(ISO_8859_1);
    return ByteBuffer.allocate(2 + nameBytes.length + rest.length)
        .putShort((short) nameBytes.length)
        .put(nameBytes)
        .put(rest)
        .array();
  }

  @Override
  public void close() {
    try {
      client.close();
      channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    allocator.close();
  }
}
