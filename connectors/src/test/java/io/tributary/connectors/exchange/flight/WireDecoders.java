package io.tributary.connectors.exchange.flight;

import io.tributary.codec.Digest;
import io.tributary.connectors.exchange.flight.WireForm.Request;
import io.tributary.connectors.exchange.flight.WireForm.StreamHead;
import io.tributary.fuzz.Decoders.Target;
import io.tributary.study.TributaryException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.arrow.vector.types.pojo.Schema;

/** What a site and the coordinator read from each other over Flight, for the fuzzers. */
public final class WireDecoders {
  private static final Digest DIGEST = Digest.sha256(new byte[] {1});

  private WireDecoders() {}

  /** Requests, listings, answers, and the heads of streams. */
  public static List<Target> targets() {
    return List.of(
        new Target(
            "flight-request",
            List.of(
                WireForm.putRequest("a/b", new byte[30]),
                WireForm.stageRequest("a/b", 70_000, DIGEST),
                WireForm.listRequest("a"),
                WireForm.awaitRequest("a", 500, DIGEST)),
            WireDecoders::request),
        new Target(
            "flight-listing",
            WireForm.pages(List.of("a/1", "a/2", "a/b/3")),
            bytes -> WireForm.addPage(bytes, "a", new ArrayList<>())),
        new Target(
            "flight-answer",
            List.of(WireForm.stagedAnswer(7)),
            bytes -> WireForm.parseStagedAnswer(bytes, 100)),
        new Target(
            "stream-head",
            List.of(new StreamHead("a/b", 100, 10, DIGEST).schema().serializeAsMessage()),
            bytes -> head(bytes)));
  }

  /** Arrow's own reader of schemas throws what it likes: gRPC gets that, before any of ours. */
  private static void head(byte[] bytes) {
    // The length in front is not on the wire, where gRPC bounds a message, and Arrow's reader of
    // this form allocates whatever it says.
    ByteBuffer framing = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length < 8 || framing.getInt(0) > bytes.length || framing.getInt(4) > bytes.length) {
      return;
    }
    Schema schema;
    try {
      schema = Schema.deserializeMessage(ByteBuffer.wrap(bytes));
    } catch (RuntimeException | AssertionError e) {
      return;
    }
    StreamHead.of(schema);
  }

  /** As each kind of request in turn; what one refuses another may read. */
  private static void request(byte[] bytes) {
    List<Consumer<Request>> kinds =
        List.of(
            put -> put.rest(put.name()),
            stage -> {
              stage.size(stage.name());
              stage.digest();
              stage.end();
            },
            list -> {
              list.prefix();
              list.end();
            },
            await -> {
              await.prefix();
              await.millis();
              await.digest();
              await.end();
            });
    for (Consumer<Request> kind : kinds) {
      try {
        kind.accept(new Request(bytes));
      } catch (TributaryException refused) {
        // By name, as it should be.
      }
    }
  }
}
