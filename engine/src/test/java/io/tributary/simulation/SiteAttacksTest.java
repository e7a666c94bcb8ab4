package io.tributary.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.codec.Digest;
import io.tributary.codec.FrameShape;
import io.tributary.exchange.Exchange;
import io.tributary.masking.CheckedWords;
import io.tributary.masking.RoundContext;
import io.tributary.protocol.Message;
import io.tributary.protocol.SignedObject;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteId;
import io.tributary.study.Study;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Frames that a malicious site makes up: each ends in its error, and in no wrong sum. */
class SiteAttacksTest {
  private static final int SITES = 5;
  private static final int WORDS = 4;
  private static final SiteId LIAR = Federation.id(3);

  /** Bytes that end a stream, after the words. */
  private static final int END_BYTES = 8;

  private static Federation.Run run(Federation federation, Map<SiteId, long[]> data) {
    Study study = federation.study("attacked", SITES, Optional.empty(), 3, 1);
    return federation.run(study, List.of(StepSums.of(SITES, WORDS, 1)), data);
  }

  /** A site whose frames are changed, and whose Upload names the changed ones. */
  private static final class LyingFrames extends ForwardingExchange {
    private final Federation federation;
    private final UnaryOperator<byte[]> change;
    private final Map<Digest, Digest> said = new HashMap<>();

    LyingFrames(Exchange below, Federation federation, UnaryOperator<byte[]> change) {
      super(below);
      this.federation = federation;
      this.change = change;
    }

    @Override
    public void put(String name, byte[] bytes) {
      if (name.contains("/f/")) {
        byte[] changed = change.apply(bytes.clone());
        said.put(Digest.sha256(bytes), Digest.sha256(changed));
        super.put(renamed(name, Digest.sha256(changed)), changed);
        return;
      }
      Message message = SignedObject.decode(bytes).message(SITES);
      if (message instanceof Message.Upload upload) {
        SignedObject object =
            SignedObject.sign(
                LIAR.value(),
                new Message.Upload(
                    upload.round(),
                    upload.nonce(),
                    upload.selfCommitment(),
                    upload.pairCommitments(),
                    upload.boxes(),
                    upload.frames().stream().map(said::get).toList()),
                federation.identity(LIAR));
        super.put(renamed(name, object.digest()), object.encoded().toArray());
        return;
      }
      super.put(name, bytes);
    }

    private static String renamed(String name, Digest digest) {
      return name.substring(0, name.length() - 16) + digest.shortHex();
    }
  }

  private static Federation.Run attacked(
      Federation federation, Map<SiteId, long[]> data, UnaryOperator<byte[]> change) {
    federation.wrapExchange(LIAR, exchange -> new LyingFrames(exchange, federation, change));
    Federation.Run run = run(federation, data);
    run.startAll();
    run.finish();
    return run;
  }

  private static Set<SiteId> others(Map<SiteId, long[]> data) {
    Set<SiteId> others = new TreeSet<>(data.keySet());
    others.remove(LIAR);
    return others;
  }

  @Test
  void aFrameOfAnotherLengthIsInNoSum() {
    for (int bytes : new int[] {-8, 8}) {
      try (Federation federation = new Federation(SITES, 120 + bytes)) {
        Map<SiteId, long[]> data = federation.data(WORDS);
        Federation.Run run =
            attacked(federation, data, frame -> Arrays.copyOf(frame, frame.length + bytes));
        assertThat(run.coordinator().failures()).isEmpty();
        assertThat(run.coordinator().results())
            .isEqualTo(Map.of(0, List.of(Federation.expected(data, others(data), 0))));
      }
    }
  }

  /** Adds to the words of a masked frame; the last two are one number. */
  private static byte[] plus(byte[] frame, long[] words) {
    ByteBuffer in = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
    int start = frame.length - END_BYTES - words.length * Long.BYTES;
    int low = words.length - FrameShape.CHECK_WORDS;
    for (int i = 0; i < words.length; i++) {
      int at = start + i * Long.BYTES;
      long before = in.getLong(at);
      in.putLong(at, before + words[i]);
      if (i == low && Long.compareUnsigned(before + words[i], before) < 0) {
        in.putLong(at + Long.BYTES, in.getLong(at + Long.BYTES) + 1);
      }
    }
    return frame;
  }

  private static void requireNoSum(Federation.Run run) {
    assertThat(run.coordinator().results()).isEmpty();
    assertThat(run.coordinator().failures().get(0).code()).isEqualTo(ErrorCode.CHECK_FAILED);
  }

  @Test
  void wordsWithoutTheirCheckElementEndTheStep() {
    try (Federation federation = new Federation(SITES, 121)) {
      Map<SiteId, long[]> data = federation.data(WORDS);
      long[] more = new long[WORDS + FrameShape.CHECK_WORDS];
      more[1] = 1;
      requireNoSum(attacked(federation, data, frame -> plus(frame, more)));
    }
  }

  /** The check element holds, so it is the bound of all sites together that finds it. */
  @Test
  void valuesBeyondTheBoundEndTheStep() {
    for (long value : new long[] {1L << 60, -(1L << 60), 7}) {
      try (Federation federation = new Federation(SITES, 122)) {
        Map<SiteId, long[]> data = federation.data(WORDS);
        Federation.Run[] run = new Federation.Run[1];
        federation.wrapExchange(
            LIAR,
            exchange ->
                new LyingFrames(
                    exchange,
                    federation,
                    frame -> {
                      RoundContext context =
                          run[0].coordinator().study().round(0).orElseThrow().round().context();
                      FrameShape shape = new FrameShape(0, WORDS);
                      return plus(
                          frame, CheckedWords.of(context, new long[] {0, value, 0, 0}, shape, 0));
                    }));
        run[0] = run(federation, data);
        run[0].startAll();
        run[0].finish();
        if (value == 7) {
          // Within the bounds nobody can tell: what a site says of its own data is its word.
          List<Long> sum = Federation.expected(data, data.keySet(), 0);
          sum.set(1, sum.get(1) + 7);
          assertThat(run[0].coordinator().results()).isEqualTo(Map.of(0, List.of(sum)));
        } else {
          requireNoSum(run[0]);
          assertThat(run[0].coordinator().failures().get(0).problem()).contains("bounds");
        }
      }
    }
  }
}
