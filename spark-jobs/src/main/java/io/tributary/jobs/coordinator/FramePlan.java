package io.tributary.jobs.coordinator;

import io.tributary.codec.ArrowFrame;
import io.tributary.codec.Digest;
import io.tributary.codec.FrameHeader;
import io.tributary.codec.FrameShape;
import io.tributary.connectors.exchange.filesystem.FileSystemExchange;
import io.tributary.exchange.Exchange;
import io.tributary.exchange.FrameSummation.StoredFrame;
import io.tributary.exchange.MonotonicTime;
import io.tributary.exchange.SummationOrder;
import io.tributary.masking.Unmasker;
import io.tributary.study.Errors;
import java.io.Serializable;
import java.net.URI;
import java.util.List;
import java.util.Map;

/**
 * What executors need to add a few frames: names and hashes of the contributors' objects, and the
 * released seeds. Captured by a closure, hence Serializable and made of primitive arrays and text.
 */
final class FramePlan implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String folder;
  private final int first;
  private final String[][] names;
  private final byte[][][] digests;
  private final int[][] sites;
  private final String study;
  private final String round;
  private final String layout;
  private final int[] wideElements;
  private final int[] narrowElements;
  private final byte[] roundBytes;
  private final byte[] checkKey;
  private final byte[][] seeds;
  private final boolean[] subtract;

  /** Frames {@code from} to {@code to - 1} of an order. */
  FramePlan(SummationOrder order, int from, int to, URI folder) {
    int frames = to - from;
    this.folder = folder.toString();
    this.first = from;
    this.names = new String[frames][];
    this.digests = new byte[frames][][];
    this.sites = new int[frames][];
    this.wideElements = new int[frames];
    this.narrowElements = new int[frames];
    FrameHeader header = order.objects(from).get(0).header();
    this.study = header.study().hex();
    this.round = header.round().hex();
    this.layout = header.layout().hex();
    for (int i = 0; i < frames; i++) {
      List<StoredFrame> objects = order.objects(from + i);
      names[i] = objects.stream().map(StoredFrame::name).toArray(String[]::new);
      digests[i] = objects.stream().map(frame -> frame.digest().bytes()).toArray(byte[][]::new);
      sites[i] = objects.stream().mapToInt(frame -> frame.header().site()).toArray();
      FrameShape shape = objects.get(0).shape();
      wideElements[i] = shape.wideElements();
      narrowElements[i] = shape.narrowElements();
    }
    this.roundBytes = order.round().bytes();
    this.checkKey = order.checkKey().bytes();
    this.seeds = order.seeds();
    this.subtract = order.subtract();
  }

  /**
   * Sums one frame, on an executor.
   *
   * @param frame number in the layout
   * @return data words of the sum; EXCHANGE_FAILED if a frame is not there now; BAD_FRAME or
   *     CHECK_FAILED if they cannot be had
   */
  long[] sum(int frame) {
    int at = frame - first;
    FrameShape shape = new FrameShape(wideElements[at], narrowElements[at]);
    long[] sum = new long[shape.totalWords()];
    try (Exchange objects =
        FileSystemExchange.openToRead(URI.create(folder), Map.of(), MonotonicTime.SYSTEM)) {
      for (int i = 0; i < names[at].length; i++) {
        Unmasker.add(
            sum, words(objects, at, i, frame, shape), wideElements[at], narrowElements[at]);
      }
    }
    return Unmasker.open(
        new long[][] {sum},
        wideElements[at],
        narrowElements[at],
        roundBytes,
        checkKey,
        frame,
        seeds,
        subtract);
  }

  private long[] words(Exchange objects, int at, int contributor, int frame, FrameShape shape) {
    String name = names[at][contributor];
    byte[] bytes = objects.get(name).orElseThrow(() -> Errors.frameMissing(name));
    if (!Digest.sha256(bytes).equals(Digest.of(digests[at][contributor]))) {
      throw Errors.badFrame("Frame '" + name + "' has another hash than its Upload says.");
    }
    FrameHeader expected =
        new FrameHeader(
            Digest.ofHex(study),
            Digest.ofHex(round),
            sites[at][contributor],
            frame,
            Digest.ofHex(layout));
    return ArrowFrame.decode(bytes, expected, shape.totalWords());
  }

  @Override
  public String toString() {
    return "FramePlan[first=" + first + ", frames=" + names.length + "]";
  }
}
