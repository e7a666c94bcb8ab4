package io.tributary.exchange;

import io.tributary.codec.Digest;
import io.tributary.codec.FrameHeader;
import io.tributary.codec.FrameShape;
import java.util.List;

/**
 * Adds the contributors' frames and removes released masks (PROTOCOL.md 2.5, R4): the coordinator's
 * heavy work. In this process, see {@link LocalSummation}, or on Spark executors: an order holds
 * names, hashes and released seeds only, no key.
 */
public interface FrameSummation {
  /** One frame on the exchange. */
  record StoredFrame(String name, Digest digest, FrameHeader header, FrameShape shape) {}

  /** How much of an upload can be summed. */
  enum Presence {
    /** All frames are there and are the ones that the Upload names. */
    COMPLETE,
    /** A frame is not there yet. */
    MISSING,
    /** A frame is not what its name and header say: BAD_FRAME. */
    WRONG
  }

  /** Takes the frames of a sum, ascending. */
  @FunctionalInterface
  interface Sink {
    /**
     * Takes one frame.
     *
     * @param words data words of the sum, [shape.dataWords()]; the sink's own
     */
    void frame(int frame, long[] words);
  }

  /** Checks one site's upload before it is certified. */
  Presence check(List<StoredFrame> upload);

  /**
   * Sums every frame. CHECK_FAILED if the check element of one is wrong; BAD_FRAME;
   * EXCHANGE_FAILED, after which the same order may be tried again, if one is not there.
   */
  void sum(SummationOrder order, Sink sink);

  /** The attempt is over; what was kept for it may go. */
  default void forget() {}
}
