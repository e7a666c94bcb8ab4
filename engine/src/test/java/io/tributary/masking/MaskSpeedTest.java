package io.tributary.masking;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.codec.FrameShape;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import javax.crypto.Cipher;
import org.junit.jupiter.api.Test;

/**
 * The gate of PROTOCOL.md 5: masking never falls under 1 GB/s, as it would if the cipher were fed
 * such large pieces that it stays interpreted, or if a loop no longer became vector instructions.
 * The thread's own time is taken, and the best of many runs, so that neighbours do not decide.
 * Exact numbers are the business of MaskBench.
 */
class MaskSpeedTest {
  private static final int PEERS = 8;
  private static final int MOST_RUNS = 400;
  private static final double LEAST_BYTES_PER_NANOSECOND = 1.0;
  private static final double LEAST_SHARE_OF_CIPHER = 0.4;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final FrameShape shape = new FrameShape(0, (1 << 17) - 2);
  private final long[] words = new long[shape.totalWords()];
  private final byte[][] keys = new byte[PEERS][Secret32.BYTES];

  @Test
  void maskingKeepsUpWithTheCipher() {
    double cipher = 0;
    double mask = 0;
    int runs = 0;
    do {
      cipher = Math.max(cipher, bytesPerNanosecond(this::expand));
      mask = Math.max(mask, bytesPerNanosecond(this::mask));
      runs++;
    } while (runs < MOST_RUNS
        && (runs < 50
            || mask < LEAST_BYTES_PER_NANOSECOND
            || mask < LEAST_SHARE_OF_CIPHER * cipher));

    assertThat(mask).as("GB/s, cipher alone " + cipher).isGreaterThan(LEAST_BYTES_PER_NANOSECOND);
    assertThat(mask / cipher).as("of the cipher's speed").isGreaterThan(LEAST_SHARE_OF_CIPHER);
  }

  private double bytesPerNanosecond(Runnable work) {
    long start = threads.getCurrentThreadCpuTime();
    work.run();
    long nanoseconds = Math.max(1, threads.getCurrentThreadCpuTime() - start);
    return (double) PEERS * words.length * Long.BYTES / nanoseconds;
  }

  private void mask() {
    MaskStream.apply(words, shape, 0, words.length, keys, new boolean[PEERS]);
  }

  private void expand() {
    byte[] chunk = new byte[KeyStream.CHUNK_BYTES];
    for (byte[] key : keys) {
      Cipher cipher = KeyStream.open(key, 0);
      for (int at = 0; at < words.length; at += KeyStream.CHUNK_WORDS) {
        KeyStream.next(cipher, chunk, KeyStream.CHUNK_BYTES);
      }
    }
  }
}
