package io.tributary.masking;

import io.tributary.codec.FrameShape;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Masks of 16 peers over one full frame: 2^20 words, so every operation expands 128 MiB of
 * keystream. The goal is that {@link #narrow} takes at most 1 / 0.6 of the time of {@link #cipher},
 * which expands the same bytes and adds nothing (PROTOCOL.md 2.10, 5).
 *
 * <pre>
 *   scripts/bench masks        in processor time, beside the goal
 *   scripts/bench jmh          under JMH
 * </pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class MaskBench {
  private static final int PEERS = 16;

  private final FrameShape narrowShape = new FrameShape(0, FrameShape.MAX_DATA_WORDS);
  private final FrameShape wideShape = new FrameShape(FrameShape.MAX_DATA_WORDS / 2, 1);
  private final long[] words = new long[FrameShape.MAX_WORDS];
  private final byte[][] keys = new byte[PEERS][Secret32.BYTES];
  private final boolean[] subtract = new boolean[PEERS];
  private final byte[] chunk = new byte[KeyStream.CHUNK_BYTES];

  @Setup
  public void drawKeys() {
    SecureRandom random = new SecureRandom();
    for (int i = 0; i < PEERS; i++) {
      random.nextBytes(keys[i]);
      subtract[i] = i % 2 == 1;
    }
  }

  /** AES-256-CTR alone, in chunks of 8 KiB. */
  @Benchmark
  public byte[] cipher() {
    for (byte[] key : keys) {
      Cipher cipher = KeyStream.open(key, 0);
      for (int at = 0; at < words.length; at += KeyStream.CHUNK_WORDS) {
        KeyStream.next(cipher, chunk, KeyStream.CHUNK_BYTES);
      }
    }
    return chunk;
  }

  @Benchmark
  public long[] narrow() {
    MaskStream.apply(words, narrowShape, 0, words.length, keys, subtract);
    return words;
  }

  @Benchmark
  public long[] wide() {
    MaskStream.apply(words, wideShape, 0, words.length, keys, subtract);
    return words;
  }

  /** One check element a frame, whatever the number of peers. */
  @Benchmark
  public long[] check() {
    return CheckElement.of(words, narrowShape, keys[0]);
  }
}
