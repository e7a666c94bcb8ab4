package io.tributary.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Changes bytes; the same seed makes the same change. */
public final class Mutator {
  private static final int MAX_BYTES = 1 << 16;
  private static final long[] EDGES = {
    0,
    1,
    -1,
    2,
    7,
    8,
    255,
    256,
    65535,
    65536,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };
  private static final List<String> TOKENS =
      List.of(
          ":",
          "- ",
          "{",
          "}",
          "[",
          "]",
          ",",
          "\"",
          "'",
          "&a ",
          "*a",
          "<<: *a",
          "!!java.net.URL ",
          "!!binary ",
          "|\n",
          ">\n",
          "\n",
          "\t",
          "\0",
          "~",
          "null",
          "true",
          ".nan",
          "-.inf",
          "1e999",
          "0x7fffffffffffffff",
          "99999999999999999999999",
          "%YAML 1.1\n---\n",
          "---\n",
          "...",
          "# ",
          "\u00e9",
          "\ud83e\udd84",
          "(",
          ")",
          " and ",
          " not ",
          " in ",
          "==",
          "`",
          "../",
          "${x}",
          "-",
          "1d",
          "case when ",
          "\\",
          "[".repeat(200),
          "(".repeat(200),
          "{a: ".repeat(100),
          "- ".repeat(200));

  private final SplittableRandom random;

  public Mutator(long seed) {
    random = new SplittableRandom(seed);
  }

  /** One of the corpus, changed in one to six places. */
  public byte[] next(List<byte[]> corpus) {
    byte[] bytes = pick(corpus).clone();
    int changes = 1 + random.nextInt(6);
    for (int i = 0; i < changes; i++) {
      bytes = change(bytes, corpus);
    }
    return bytes.length <= MAX_BYTES ? bytes : Arrays.copyOf(bytes, MAX_BYTES);
  }

  private byte[] pick(List<byte[]> corpus) {
    return corpus.get(random.nextInt(corpus.size()));
  }

  private byte[] change(byte[] bytes, List<byte[]> corpus) {
    if (bytes.length == 0) {
      return pick(corpus).clone();
    }
    int at = random.nextInt(bytes.length);
    int length = 1 + random.nextInt(Math.min(bytes.length - at, 64));
    byte[] out = bytes;
    switch (random.nextInt(10)) {
      case 0 -> out[at] = (byte) (out[at] ^ 1 << random.nextInt(8));
      case 1 -> out[at] = (byte) random.nextInt();
      case 2 -> out = join(bytes, at, token(), at);
      case 3 -> out = join(bytes, at, new byte[0], at + length);
      case 4 -> out = join(bytes, at, Arrays.copyOfRange(bytes, at, at + length), at);
      case 5 -> out = Arrays.copyOf(bytes, at);
      case 6 -> number(out, at);
      case 7 -> {
        byte[] other = pick(corpus);
        int from = other.length == 0 ? 0 : random.nextInt(other.length);
        out = join(bytes, at, Arrays.copyOfRange(other, from, other.length), bytes.length);
      }
      case 8 -> out = join(bytes, at, token(), at + length);
      default -> {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        out = join(bytes, at, noise, at + random.nextInt(2) * length);
      }
    }
    return out;
  }

  private byte[] token() {
    return TOKENS.get(random.nextInt(TOKENS.size())).getBytes(StandardCharsets.UTF_8);
  }

  /** An integer at the edge of something, where a length or a count may stand. */
  private void number(byte[] bytes, int at) {
    int size = 1 << random.nextInt(4);
    if (at + size > bytes.length) {
      return;
    }
    ByteBuffer wide =
        ByteBuffer.allocate(Long.BYTES)
            .order(random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    wide.putLong(0, EDGES[random.nextInt(EDGES.length)] + random.nextInt(3) - 1);
    int from = wide.order() == ByteOrder.LITTLE_ENDIAN ? 0 : Long.BYTES - size;
    System.arraycopy(wide.array(), from, bytes, at, size);
  }

  private static byte[] join(byte[] bytes, int to, byte[] middle, int from) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, to);
    out.writeBytes(middle);
    out.write(bytes, from, bytes.length - from);
    return out.toByteArray();
  }
}
