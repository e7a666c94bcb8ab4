package io.tributary.exchange;

import io.tributary.codec.Digest;
import io.tributary.exchange.FrameSummation.StoredFrame;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/**
 * What has to be summed (PROTOCOL.md 2.5, R4): for each frame the objects of all contributors, and
 * the released seeds whose masks are left in the sum. Nothing in it is secret any more.
 */
public final class SummationOrder {
  private final int frames;
  private final IntFunction<List<StoredFrame>> objects;
  private final Digest round;
  private final Digest checkKey;
  private final byte[][] seeds;
  private final boolean[] subtract;

  /**
   * An order.
   *
   * @param frames number of frames
   * @param objects the contributors' objects of one frame, in roster order
   * @param round ctx_round
   * @param checkKey chk_key
   * @param seeds 32 bytes each
   * @param subtract whether the mask of each seed is to be subtracted
   */
  public SummationOrder(
      int frames,
      IntFunction<List<StoredFrame>> objects,
      Digest round,
      Digest checkKey,
      byte[][] seeds,
      boolean[] subtract) {
    this.frames = frames;
    this.objects = objects;
    this.round = round;
    this.checkKey = checkKey;
    this.seeds = Arrays.stream(seeds).map(byte[]::clone).toArray(byte[][]::new);
    this.subtract = subtract.clone();
  }

  public int frames() {
    return frames;
  }

  /** The contributors' objects of one frame. */
  public List<StoredFrame> objects(int frame) {
    return objects.apply(frame);
  }

  /** ctx_round. */
  public Digest round() {
    return round;
  }

  /** chk_key. */
  public Digest checkKey() {
    return checkKey;
  }

  /** Released seeds, copies. */
  public byte[][] seeds() {
    return Arrays.stream(seeds).map(byte[]::clone).toArray(byte[][]::new);
  }

  /** Signs of the seeds' masks, a copy. */
  public boolean[] subtract() {
    return subtract.clone();
  }

  @Override
  public String toString() {
    return "SummationOrder[frames=" + frames + ", seeds=" + seeds.length + "]";
  }
}
