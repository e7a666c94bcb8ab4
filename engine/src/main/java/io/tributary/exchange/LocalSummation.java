package io.tributary.exchange;

import io.tributary.codec.ArrowFrame;
import io.tributary.codec.Digest;
import io.tributary.codec.FrameShape;
import io.tributary.masking.Unmasker;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.TributaryException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Sums in this process, one frame after another. Small uploads are kept between check and sum, so
 * that they are read and hashed once. Not thread-safe: one a pump.
 */
public final class LocalSummation implements FrameSummation {
  /** 256 MiB of words may be kept. */
  private static final long MAX_KEPT_WORDS = 1L << 25;

  private final Exchange exchange;
  private final Map<String, long[]> kept = new HashMap<>();
  private long keptWords;

  public LocalSummation(Exchange exchange) {
    this.exchange = exchange;
  }

  @Override
  public Presence check(List<StoredFrame> upload) {
    for (StoredFrame frame : upload) {
      if (kept.containsKey(frame.name())) {
        continue;
      }
      try {
        Optional<byte[]> bytes = exchange.get(frame.name());
        if (bytes.isEmpty()) {
          return Presence.MISSING;
        }
        long[] words = decode(frame, bytes.get());
        if (keptWords + words.length <= MAX_KEPT_WORDS) {
          kept.put(frame.name(), words);
          keptWords += words.length;
        }
      } catch (TributaryException e) {
        if (e.code() == ErrorCode.EXCHANGE_FAILED) {
          throw e;
        }
        return Presence.WRONG;
      }
    }
    return Presence.COMPLETE;
  }

  private static long[] decode(StoredFrame frame, byte[] bytes) {
    if (!Digest.sha256(bytes).equals(frame.digest())) {
      throw Errors.badFrame("Frame '" + frame.name() + "' has another hash than its Upload says.");
    }
    return ArrowFrame.decode(bytes, frame.header(), frame.shape().totalWords());
  }

  private long[] words(StoredFrame frame) {
    long[] words = kept.remove(frame.name());
    if (words != null) {
      keptWords -= words.length;
      return words;
    }
    return decode(
        frame, exchange.get(frame.name()).orElseThrow(() -> Errors.frameMissing(frame.name())));
  }

  @Override
  public void sum(SummationOrder order, Sink sink) {
    byte[][] seeds = order.seeds();
    boolean[] subtract = order.subtract();
    for (int frame = 0; frame < order.frames(); frame++) {
      List<StoredFrame> objects = order.objects(frame);
      FrameShape shape = objects.get(0).shape();
      long[][] masked = new long[objects.size()][];
      for (int i = 0; i < masked.length; i++) {
        masked[i] = words(objects.get(i));
      }
      sink.frame(
          frame,
          Unmasker.open(
              masked,
              shape.wideElements(),
              shape.narrowElements(),
              order.round().bytes(),
              order.checkKey().bytes(),
              frame,
              seeds,
              subtract));
    }
  }

  @Override
  public void forget() {
    kept.clear();
    keptWords = 0;
  }

  @Override
  public String toString() {
    return "LocalSummation[kept=" + kept.size() + "]";
  }
}
