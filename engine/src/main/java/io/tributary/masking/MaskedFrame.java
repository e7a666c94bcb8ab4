package io.tributary.masking;

import io.tributary.codec.ArrowFrame;
import io.tributary.codec.FrameHeader;
import io.tributary.codec.FrameShape;

/**
 * y_u of one frame: masked words, data, zero word and check element (PROTOCOL.md 2.5). The only
 * form of a site's numbers that has a wire encoder; made by {@link Masker} or read from the wire.
 */
public final class MaskedFrame {
  private final FrameShape shape;
  private final long[] words;

  /** {@code words} becomes the frame's own. */
  MaskedFrame(FrameShape shape, long[] words) {
    this.shape = shape;
    this.words = words;
  }

  /**
   * Reads a frame of the wire, trusting nothing; see {@link ArrowFrame#decode}. BAD_FRAME if it is
   * not exactly what is expected.
   */
  public static MaskedFrame decode(byte[] bytes, FrameHeader expected, FrameShape shape) {
    return new MaskedFrame(shape, ArrowFrame.decode(bytes, expected, shape.totalWords()));
  }

  /** The bytes whose SHA-256 goes into the Upload. */
  public byte[] encode(FrameHeader header) {
    return ArrowFrame.encode(header, words);
  }

  public FrameShape shape() {
    return shape;
  }

  /** A copy, [shape.totalWords()]. */
  public long[] words() {
    return words.clone();
  }

  @Override
  public String toString() {
    return "MaskedFrame[" + shape + "]";
  }
}
