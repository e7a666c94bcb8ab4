package io.tributary.masking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.codec.FrameShape;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MaskStreamTest {
  private static final BigInteger TWO_128 = BigInteger.ONE.shiftLeft(128);
  private static final long[] EDGES = {
    0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, 0x8000000000000001L
  };

  @Test
  void carriesAndBorrowsAgreeWithBigIntegers() {
    for (long a : EDGES) {
      for (long b : EDGES) {
        for (long c : EDGES) {
          for (long d : EDGES) {
            BigInteger left = wide(a, b);
            BigInteger right = wide(c, d);
            long[] sum = {a, b};
            long[] upper = new long[2];
            MaskStream.part(sum, upper, 0, 2);
            MaskStream.addWide(sum, upper, bytes(c, d), 0, 2);
            MaskStream.addWide(sum, upper, bytes(c, d), 0, 2);
            MaskStream.join(sum, upper, 0, 2);
            assertThat(wide(sum[0], sum[1])).isEqualTo(left.add(right).add(right).mod(TWO_128));
            long[] difference = {a, b};
            MaskStream.part(difference, upper, 0, 2);
            MaskStream.subtractWide(difference, upper, bytes(c, d), 0, 2);
            MaskStream.subtractWide(difference, upper, bytes(c, d), 0, 2);
            MaskStream.join(difference, upper, 0, 2);
            assertThat(wide(difference[0], difference[1]))
                .isEqualTo(left.subtract(right).subtract(right).mod(TWO_128));
          }
        }
      }
    }
  }

  private static byte[] bytes(long low, long high) {
    return ByteBuffer.allocate(16)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(low)
        .putLong(high)
        .array();
  }

  @Test
  void fusedChunksGiveWhatOneMaskAfterAnotherGives() {
    // Cuts between wide and narrow fall inside, at the edge of and before the second chunk.
    for (FrameShape shape :
        new FrameShape[] {
          new FrameShape(0, 1),
          new FrameShape(1, 0),
          new FrameShape(512, 512),
          new FrameShape(600, 1501),
          new FrameShape(1024, 0),
          new FrameShape(0, 2043),
          new FrameShape(0, 2046)
        }) {
      byte[][] keys = keys(5);
      boolean[] subtract = {false, true, true, false, true};
      long[] fused = start(shape);
      MaskStream.apply(fused, shape, 0, fused.length, keys, subtract);

      long[] expected = start(shape);
      for (int i = 0; i < keys.length; i++) {
        slowly(expected, shape, keys[i], subtract[i]);
      }
      assertThat(fused).isEqualTo(expected);
    }
  }

  @Test
  void aFrameMayBeCutAtAnyEvenWord() {
    FrameShape shape = new FrameShape(700, 1301);
    byte[][] keys = keys(3);
    boolean[] subtract = {false, true, false};
    long[] whole = start(shape);
    MaskStream.apply(whole, shape, 0, whole.length, keys, subtract);

    for (int cut : new int[] {0, 2, 1024, 1398, 1400, 1402, 2500, whole.length}) {
      long[] parts = start(shape);
      MaskStream.apply(parts, shape, cut, parts.length, keys, subtract);
      MaskStream.apply(parts, shape, 0, cut, keys, subtract);
      assertThat(parts).isEqualTo(whole);
    }
    assertThatThrownBy(() -> MaskStream.apply(whole, shape, 1, 3, keys, subtract))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> MaskStream.apply(whole, shape, 0, whole.length + 2, keys, subtract))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void checkElementAgreesWithBigIntegers() {
    Random numbers = new Random(128);
    for (FrameShape shape :
        new FrameShape[] {new FrameShape(0, 1), new FrameShape(3, 0), new FrameShape(600, 1501)}) {
      long[] words = new long[shape.dataWords()];
      for (int i = 0; i < words.length; i++) {
        words[i] = i < EDGES.length ? EDGES[i] : numbers.nextLong();
      }
      byte[] key = keys(1)[0];
      KeyStream factors = KeyStream.at(key, 0);
      BigInteger expected = BigInteger.ZERO;
      for (int i = 0; i < shape.wideElements(); i++) {
        BigInteger a = wide(factors.nextWord(), 0);
        factors.nextWord();
        expected = expected.add(a.multiply(wide(words[2 * i], words[2 * i + 1])));
      }
      for (int i = 2 * shape.wideElements(); i < words.length; i++) {
        BigInteger a = wide(factors.nextWord(), 0);
        expected = expected.add(a.multiply(BigInteger.valueOf(words[i])));
      }

      long[] check = CheckElement.of(words, shape, key);

      assertThat(wide(check[0], check[1])).isEqualTo(expected.mod(TWO_128));
    }
  }

  private static long[] start(FrameShape shape) {
    long[] words = new long[shape.totalWords()];
    for (int i = 0; i < words.length; i++) {
      words[i] = EDGES[i % EDGES.length];
    }
    return words;
  }

  private static byte[][] keys(int count) {
    byte[][] keys = new byte[count][32];
    for (int i = 0; i < count; i++) {
      keys[i][7] = (byte) (i + 1);
    }
    return keys;
  }

  private static void slowly(long[] words, FrameShape shape, byte[] key, boolean subtract) {
    KeyStream stream = KeyStream.at(key, 0);
    for (int i = 0; i < words.length; i += 2) {
      long low = stream.nextWord();
      long high = stream.nextWord();
      if (i < 2 * shape.wideElements() || i >= shape.checkOffset()) {
        BigInteger mask = wide(low, high);
        BigInteger value = wide(words[i], words[i + 1]);
        BigInteger result = subtract ? value.subtract(mask) : value.add(mask);
        words[i] = result.longValue();
        words[i + 1] = result.shiftRight(64).longValue();
      } else {
        words[i] += subtract ? -low : low;
        words[i + 1] += subtract ? -high : high;
      }
    }
  }

  private static BigInteger wide(long low, long high) {
    return new BigInteger(Long.toUnsignedString(high))
        .shiftLeft(64)
        .add(new BigInteger(Long.toUnsignedString(low)));
  }
}
