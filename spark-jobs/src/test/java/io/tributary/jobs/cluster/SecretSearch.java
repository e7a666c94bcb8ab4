package io.tributary.jobs.cluster;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Predicate;

/**
 * Looks for secrets in what others can read: bytes as they are, hexadecimal digits of either case,
 * both alphabets of base64 at each of its three alignments, and lists of decimal numbers, signed
 * and unsigned. Text is also read with its line breaks, blanks and colons taken out, as PEM, JSON
 * and dumps put them between the digits.
 *
 * <p>What netty's loggers show of a connection, sixteen bytes on a line, is read as these bytes.
 *
 * <p>Besides secrets it knows values that were planted in a person's row: numbers as doubles of
 * either byte order and as decimal digits, texts in UTF-8 and in UTF-16 of either order, words of a
 * partial as integers; all of them in hexadecimal digits and base64 too.
 *
 * <p>Content is read once, whatever the number of secrets: an eight-byte window moves over it, and
 * where the window is the start of an encoded secret the rest is compared.
 */
public final class SecretSearch {
  /** A shorter secret would be found by accident. */
  static final int MIN_SECRET_BYTES = 16;

  /** Digits of a number, and characters of a text, that are looked for. */
  static final int DIGITS = 12;

  private static final int DUMP_LINE = 11 + 3 * 16;
  private static final int WINDOW = Long.BYTES;
  private static final int PIECE_BYTES = 1 << 20;
  private static final int SIEVE_BITS = 20;
  private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

  private final Map<Long, List<Pattern>> patterns = new HashMap<>();
  private final boolean[] sieve = new boolean[1 << SIEVE_BITS];
  private int longest;

  /** What a secret looks like in one encoding. */
  private static final class Pattern {
    private final String secret;
    private final String encoding;
    private final byte[] bytes;

    private Pattern(String secret, String encoding, byte[] bytes) {
      this.secret = secret;
      this.encoding = encoding;
      this.bytes = bytes;
    }
  }

  /** A secret that was found; tells its name and never its value. */
  public record Find(String secret, String encoding, String place) {}

  /**
   * A search for these.
   *
   * @param secrets by name, each of at least {@link #MIN_SECRET_BYTES}
   */
  public SecretSearch(Map<String, byte[]> secrets) {
    if (secrets.isEmpty()) {
      throw new IllegalArgumentException("nothing to look for");
    }
    secrets.forEach(this::andSecret);
  }

  private SecretSearch() {}

  /** A search for nothing yet. */
  public static SecretSearch forMarkers() {
    return new SecretSearch();
  }

  /** Also looks for this, of at least {@link #MIN_SECRET_BYTES}. */
  public SecretSearch andSecret(String name, byte[] secret) {
    if (secret.length < MIN_SECRET_BYTES) {
      throw new IllegalArgumentException(name + " has " + secret.length + " bytes");
    }
    encodings(secret).forEach((encoding, bytes) -> add(new Pattern(name, encoding, bytes)));
    return this;
  }

  /**
   * Also looks for a number, as a double and as its first {@link #DIGITS} digits.
   *
   * @param value with at least so many digits, so that no other value has the same by accident
   */
  public SecretSearch andNumber(String name, double value) {
    String digits = new BigDecimal(Double.toString(value)).unscaledValue().toString();
    if (digits.length() < DIGITS) {
      throw new IllegalArgumentException(name + " has " + digits.length() + " digits");
    }
    String plain = new BigDecimal(Double.toString(value)).toPlainString();
    add(new Pattern(name, "decimal", ascii(plain.substring(0, DIGITS + 1))));
    add(new Pattern(name, "digits", ascii(digits.substring(0, DIGITS))));
    add(
        new Pattern(
            name, "scientific", ascii(digits.charAt(0) + "." + digits.substring(1, DIGITS))));
    return andWord(name, Double.doubleToRawLongBits(value), "double");
  }

  /**
   * Also looks for a text.
   *
   * @param text ASCII, of at least 12 characters
   */
  public SecretSearch andText(String name, String text) {
    if (text.length() < DIGITS) {
      throw new IllegalArgumentException(name + " has " + text.length() + " characters");
    }
    byte[] utf8 = ascii(text);
    eightBit(name, "text", utf8);
    add(new Pattern(name, "UTF-16LE", text.getBytes(StandardCharsets.UTF_16LE)));
    add(new Pattern(name, "UTF-16BE", text.getBytes(StandardCharsets.UTF_16BE)));
    return this;
  }

  /**
   * Also looks for words of a partial: those that are like no other number one by one, and any four
   * that stand beside each other and have three values that are not 0.
   */
  public SecretSearch andPartial(String name, long[] words) {
    for (int at = 0; at < words.length; at++) {
      if (distinctive(words[at])) {
        andWord(name, words[at], "word " + at);
        add(new Pattern(name, "decimal word " + at, ascii(Long.toString(words[at]))));
      }
      if (at + 4 <= words.length && distinctValues(words, at) > 2) {
        for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
          ByteBuffer four = ByteBuffer.allocate(4 * Long.BYTES).order(order);
          Arrays.stream(words, at, at + 4).forEach(four::putLong);
          add(new Pattern(name, "words from " + at + ", " + order, four.array()));
        }
        StringJoiner list = new StringJoiner(",");
        Arrays.stream(words, at, at + 4).forEach(word -> list.add(Long.toString(word)));
        if (list.length() >= DIGITS) {
          add(new Pattern(name, "list of words from " + at, ascii(list.toString())));
        }
      }
    }
    return this;
  }

  private static long distinctValues(long[] words, int from) {
    return Arrays.stream(words, from, from + 4).filter(word -> word != 0).distinct().count();
  }

  /** At least six of the eight bytes are neither 0 nor 255: no count, no power of two. */
  private static boolean distinctive(long word) {
    int bytes = 0;
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      int each = (int) (word >>> shift) & 0xff;
      bytes += each == 0 || each == 0xff ? 0 : 1;
    }
    return bytes >= 6;
  }

  private SecretSearch andWord(String name, long word, String what) {
    for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
      byte[] bytes = ByteBuffer.allocate(Long.BYTES).order(order).putLong(word).array();
      eightBit(name, what + ", " + order, bytes);
    }
    return this;
  }

  private void eightBit(String name, String what, byte[] bytes) {
    add(new Pattern(name, what, bytes.clone()));
    String hex = HexFormat.of().formatHex(bytes);
    add(new Pattern(name, what + ", hex", ascii(hex)));
    add(new Pattern(name, what + ", HEX", ascii(hex.toUpperCase(Locale.ROOT))));
    for (int before = 0; before < 3; before++) {
      add(new Pattern(name, what + ", base64", base64(Base64.getEncoder(), bytes, before)));
      add(new Pattern(name, what + ", base64url", base64(Base64.getUrlEncoder(), bytes, before)));
    }
  }

  private void add(Pattern pattern) {
    long start = 0;
    for (int i = 0; i < WINDOW; i++) {
      start = (start << 8) | (pattern.bytes[i] & 0xff);
    }
    patterns.computeIfAbsent(start, none -> new ArrayList<>()).add(pattern);
    sieve[place(start)] = true;
    longest = Math.max(longest, pattern.bytes.length);
  }

  private static int place(long window) {
    return (int) ((window * SPREAD) >>> (Long.SIZE - SIEVE_BITS));
  }

  private static Map<String, byte[]> encodings(byte[] secret) {
    Map<String, byte[]> encodings = new HashMap<>();
    encodings.put("bytes", secret.clone());
    String hex = HexFormat.of().formatHex(secret);
    encodings.put("hex", ascii(hex));
    encodings.put("HEX", ascii(hex.toUpperCase(Locale.ROOT)));
    for (int before = 0; before < 3; before++) {
      encodings.put("base64+" + before, base64(Base64.getEncoder(), secret, before));
      encodings.put("base64url+" + before, base64(Base64.getUrlEncoder(), secret, before));
    }
    StringJoiner signed = new StringJoiner(",");
    StringJoiner unsigned = new StringJoiner(",");
    for (byte each : secret) {
      signed.add(Integer.toString(each));
      unsigned.add(Integer.toString(each & 0xff));
    }
    encodings.put("signed numbers", ascii(signed.toString()));
    encodings.put("unsigned numbers", ascii(unsigned.toString()));
    return encodings;
  }

  /** The characters that depend on the secret alone when {@code before} bytes stand before it. */
  private static byte[] base64(Base64.Encoder encoder, byte[] secret, int before) {
    byte[] padded = new byte[before + secret.length];
    System.arraycopy(secret, 0, padded, before, secret.length);
    byte[] encoded = encoder.encode(padded);
    int from = (before * 8 + 5) / 6;
    int to = padded.length * 8 / 6;
    return Arrays.copyOfRange(encoded, from, to);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Searches content that is in memory. */
  public Set<Find> in(String place, byte[] content) {
    Set<Find> finds = new LinkedHashSet<>();
    scan(place, content, content.length, finds);
    byte[] packed = content.clone();
    scan(place, packed, pack(packed, packed.length), finds);
    byte[] dumped = dumped(content);
    scan(place + ", dumped bytes", dumped, dumped.length, finds);
    return finds;
  }

  /** Searches one file, a piece at a time; it may be larger than memory. */
  public Set<Find> in(Path file) {
    Set<Find> finds = new LinkedHashSet<>();
    // Pieces overlap by as much as one secret can take with a blank after every digit.
    int overlap = 4 * longest;
    byte[] piece = new byte[overlap + PIECE_BYTES];
    int kept = 0;
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.readNBytes(piece, 0, PIECE_BYTES);
          read > 0;
          read = in.readNBytes(piece, kept, PIECE_BYTES)) {
        int size = kept + read;
        finds.addAll(in(file.toString(), Arrays.copyOf(piece, size)));
        kept = Math.min(overlap, size);
        System.arraycopy(piece, size - kept, piece, 0, kept);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return finds;
  }

  /** Searches every file below a folder that passes. */
  public Set<Find> under(Path folder, Predicate<Path> wanted) {
    Set<Find> finds = new LinkedHashSet<>();
    for (Path file : files(folder, wanted)) {
      finds.addAll(in(file));
    }
    return finds;
  }

  /** Regular files below a folder that pass, at any depth; what vanishes meanwhile is left out. */
  public static List<Path> files(Path folder, Predicate<Path> wanted) {
    List<Path> found = new ArrayList<>();
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (attributes.isRegularFile() && wanted.test(file)) {
                found.add(file);
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException why) throws IOException {
              if (why instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
              }
              throw why;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  private void scan(String place, byte[] content, int size, Set<Find> finds) {
    long window = 0;
    for (int i = 0; i < size; i++) {
      window = (window << 8) | (content[i] & 0xff);
      if (i + 1 >= WINDOW && sieve[place(window)]) {
        compare(place, content, i + 1 - WINDOW, size, patterns.get(window), finds);
      }
    }
  }

  private static void compare(
      String place, byte[] content, int at, int size, List<Pattern> candidates, Set<Find> finds) {
    if (candidates == null) {
      return;
    }
    for (Pattern pattern : candidates) {
      int end = at + pattern.bytes.length;
      if (end <= size && Arrays.equals(content, at, end, pattern.bytes, 0, pattern.bytes.length)) {
        finds.add(new Find(pattern.secret, pattern.encoding, place));
      }
    }
  }

  /** The bytes that netty's loggers show sixteen on a line: {@code |00000000| 4d 61 ...|Ma...|}. */
  private static byte[] dumped(byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int at = 0; at + DUMP_LINE < content.length; at++) {
      boolean begins =
          content[at] == '|'
              && content[at + 9] == '|'
              && content[at + 10] == ' '
              && isHex(content, at + 1, 8);
      for (int i = 0; begins && i < 16 && isHex(content, at + 11 + 3 * i, 2); i++) {
        bytes.write(
            Character.digit(content[at + 11 + 3 * i], 16) << 4
                | Character.digit(content[at + 12 + 3 * i], 16));
      }
    }
    return bytes.toByteArray();
  }

  private static boolean isHex(byte[] content, int at, int length) {
    for (int i = at; i < at + length; i++) {
      if (Character.digit(content[i], 16) < 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Takes out what stands between digits: blanks, line breaks, also as JSON writes them, colons.
   */
  private static int pack(byte[] content, int size) {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      byte each = content[i];
      boolean escaped =
          each == '\\' && i + 1 < size && (content[i + 1] == 'n' || content[i + 1] == 'r');
      if (escaped) {
        i++;
      } else if (each != '\n' && each != '\r' && each != ' ' && each != ':') {
        content[kept++] = each;
      }
    }
    return kept;
  }

  @Override
  public String toString() {
    return "SecretSearch[patterns=" + patterns.size() + "]";
  }
}
