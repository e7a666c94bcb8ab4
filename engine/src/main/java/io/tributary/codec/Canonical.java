package io.tributary.codec;

import io.tributary.study.Errors;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/**
 * The one encoding that is hashed, signed and used as key-derivation info (PROTOCOL.md 2.2).
 *
 * <pre>
 *   enc(label, f1 .. fk) = len32(label) label ( len32(fi) fi )*
 *
 *   bytes 0..3        u32 big-endian, length of the label
 *   then              the label, ASCII, beginning with "tributary/"
 *   then for each f   u32 big-endian length, and that many bytes; an empty field has length 0
 * </pre>
 *
 * <p>Integers are fixed-width big-endian; a set of sites is its {@link SiteSet#bitmap}; a list is
 * one field: u32 count, then length-prefixed items. There are no optional fields. Lengths before
 * everything make the encoding injective, so two different objects never hash alike.
 */
public final class Canonical {
  /** Stands before every label, so that no other program's hash or signature is one of ours. */
  public static final String PREFIX = "tributary/";

  private static final int MAX_LABEL_BYTES = 64;

  private Canonical() {}

  /**
   * Encodes an object.
   *
   * @param label such as {@code round/v1}, without the prefix
   */
  public static byte[] enc(String label, byte[]... fields) {
    byte[] name = labelBytes(label);
    long size = 4L + name.length;
    for (byte[] field : fields) {
      size += 4L + field.length;
    }
    ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(size));
    out.putInt(name.length).put(name);
    for (byte[] field : fields) {
      out.putInt(field.length).put(field);
    }
    return out.array();
  }

  /**
   * What stands before the bytes of an object's last field, for a field too long to be copied.
   *
   * @param lastBytes length of the last field
   * @param fields those before it
   */
  public static byte[] head(String label, int lastBytes, byte[]... fields) {
    byte[] before = enc(label, fields);
    return ByteBuffer.allocate(before.length + 4).put(before).putInt(lastBytes).array();
  }

  /** H(label, fields): SHA-256 of {@link #enc}. */
  public static Digest hash(String label, byte[]... fields) {
    MessageDigest sha = Digest.sha256();
    byte[] name = labelBytes(label);
    sha.update(u32(name.length));
    sha.update(name);
    for (byte[] field : fields) {
      sha.update(u32(field.length));
      sha.update(field);
    }
    return Digest.of(sha.digest());
  }

  /** One byte, 0 to 255. */
  public static byte[] u8(int value) {
    if (value < 0 || value > 0xff) {
      throw new IllegalArgumentException("not a u8: " + value);
    }
    return new byte[] {(byte) value};
  }

  /** Two bytes, 0 to 65535; also how a site is named, by its roster index. */
  public static byte[] u16(int value) {
    if (value < 0 || value > 0xffff) {
      throw new IllegalArgumentException("not a u16: " + value);
    }
    return new byte[] {(byte) (value >>> 8), (byte) value};
  }

  /** Four bytes, 0 to 2^32 - 1. */
  public static byte[] u32(long value) {
    if (value < 0 || value > 0xffff_ffffL) {
      throw new IllegalArgumentException("not a u32: " + value);
    }
    return ByteBuffer.allocate(4).putInt((int) value).array();
  }

  /** Eight bytes; the long is taken as unsigned. */
  public static byte[] u64(long value) {
    return ByteBuffer.allocate(8).putLong(value).array();
  }

  public static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  public static byte[] bitmap(SiteSet sites) {
    return sites.bitmap();
  }

  /** One field: u32 count, then every item with its u32 length before it. */
  public static byte[] list(List<byte[]> items) {
    long size = 4;
    for (byte[] item : items) {
      size += 4L + item.length;
    }
    ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(size));
    out.putInt(items.size());
    for (byte[] item : items) {
      out.putInt(item.length).put(item);
    }
    return out.array();
  }

  /** One field: the digests as list items. */
  public static byte[] digests(List<Digest> items) {
    return list(items.stream().map(Digest::bytes).toList());
  }

  /**
   * The label an object claims, without the prefix, to choose a reader by; at most 64 bytes.
   * BAD_MESSAGE if there is none.
   */
  public static String labelOf(byte[] object) {
    ByteBuffer in = ByteBuffer.wrap(object);
    byte[] name = slice(in, MAX_LABEL_BYTES, "label");
    for (byte b : name) {
      if (b <= ' ' || b == 0x7f) {
        throw Errors.badMessage("The label of an object is not printable ASCII.");
      }
    }
    String text = new String(name, StandardCharsets.US_ASCII);
    if (!text.startsWith(PREFIX) || text.length() == PREFIX.length()) {
      throw Errors.badMessage("The label of an object does not begin with '" + PREFIX + "'.");
    }
    return text.substring(PREFIX.length());
  }

  /**
   * Begins to read an object that must have this label and exactly {@code fields} fields and end
   * there. BAD_MESSAGE otherwise.
   */
  public static Reader read(byte[] object, String label, int fields) {
    String found = labelOf(object);
    if (!found.equals(label)) {
      throw Errors.badMessage("Expected an object '" + label + "', found '" + found + "'.");
    }
    ByteBuffer in = ByteBuffer.wrap(object);
    slice(in, MAX_LABEL_BYTES, "label");
    byte[][] parts = new byte[fields][];
    for (int i = 0; i < fields; i++) {
      parts[i] = slice(in, in.remaining(), label);
    }
    if (in.hasRemaining()) {
      throw Errors.badMessage(
          "Object '" + label + "' has " + in.remaining() + " bytes after its last field.");
    }
    return new Reader(label, parts);
  }

  private static byte[] labelBytes(String label) {
    byte[] name = (PREFIX + label).getBytes(StandardCharsets.US_ASCII);
    if (label.isEmpty() || name.length > MAX_LABEL_BYTES) {
      throw new IllegalArgumentException("label out of form: " + label);
    }
    return name;
  }

  /**
   * Takes a length-prefixed part; the length is checked against what is there before allocating.
   */
  private static byte[] slice(ByteBuffer in, int maxBytes, String what) {
    if (in.remaining() < 4) {
      throw Errors.badMessage("Object '" + what + "' ends inside a length.");
    }
    int length = in.getInt();
    if (length < 0 || length > in.remaining() || length > maxBytes) {
      throw Errors.badMessage(
          "Object '" + what + "' has a part of " + Integer.toUnsignedString(length) + " bytes.");
    }
    byte[] part = new byte[length];
    in.get(part);
    return part;
  }

  /**
   * Reads the fields of one object in order; every method takes the next field whole and refuses
   * with BAD_MESSAGE one that is not of its form. {@link #end} must be the last call.
   */
  public static final class Reader {
    private final String label;
    private final byte[][] fields;
    private int next;

    private Reader(String label, byte[][] fields) {
      this.label = label;
      this.fields = fields;
    }

    public int u8() {
      return exactly(1)[0] & 0xff;
    }

    public int u16() {
      return ByteBuffer.wrap(exactly(2)).getShort() & 0xffff;
    }

    public long u32() {
      return ByteBuffer.wrap(exactly(4)).getInt() & 0xffff_ffffL;
    }

    /** A u32 that must be at most {@code max}, as an int. */
    public int u32(int max) {
      long value = u32();
      if (value > max) {
        throw refuse("is " + value + ", the most is " + max);
      }
      return (int) value;
    }

    /** The bits of a u64; negative for values from 2^63 on. */
    public long u64() {
      return ByteBuffer.wrap(exactly(8)).getLong();
    }

    public Digest digest() {
      return Digest.of(exactly(Digest.BYTES));
    }

    /** A field of at most {@code maxBytes} bytes. */
    public byte[] bytes(int maxBytes) {
      byte[] field = take();
      if (field.length > maxBytes) {
        throw refuse("has " + field.length + " bytes, the most is " + maxBytes);
      }
      return field;
    }

    /** A field of exactly {@code bytes} bytes. */
    public byte[] exactly(int bytes) {
      byte[] field = take();
      if (field.length != bytes) {
        throw refuse("has " + field.length + " bytes, not " + bytes);
      }
      return field;
    }

    /** Well-formed UTF-8 of at most {@code maxBytes} bytes. */
    public String text(int maxBytes) {
      byte[] field = bytes(maxBytes);
      try {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(field)).toString();
      } catch (CharacterCodingException e) {
        throw refuse("is not UTF-8");
      }
    }

    public SiteSet sites(int rosterSize) {
      return SiteSet.ofBitmap(rosterSize, take());
    }

    /** A list of at most {@code maxItems} items of at most {@code maxItemBytes} bytes each. */
    public List<byte[]> list(int maxItems, int maxItemBytes) {
      ByteBuffer in = ByteBuffer.wrap(take());
      if (in.remaining() < 4) {
        throw refuse("is no list");
      }
      int count = in.getInt();
      // Every item takes at least its length, so a count beyond that is refused before it is used.
      if (count < 0 || count > maxItems || count > in.remaining() / 4) {
        throw refuse("claims " + Integer.toUnsignedString(count) + " items");
      }
      List<byte[]> items = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        items.add(slice(in, maxItemBytes, label));
      }
      if (in.hasRemaining()) {
        throw refuse("has bytes after its last item");
      }
      return items;
    }

    /** A list of at most {@code maxItems} digests. */
    public List<Digest> digests(int maxItems) {
      return list(maxItems, Digest.BYTES).stream().map(Digest::of).toList();
    }

    /**
     * Ends reading.
     *
     * @throws IllegalStateException if the caller left a field unread
     */
    public void end() {
      if (next != fields.length) {
        throw new IllegalStateException(label + ": read " + next + " of " + fields.length);
      }
    }

    private byte[] take() {
      if (next == fields.length) {
        throw new IllegalStateException(label + " has only " + fields.length + " fields");
      }
      return fields[next++];
    }

    private RuntimeException refuse(String problem) {
      return Errors.badMessage("Object '" + label + "', field " + next + " " + problem + ".");
    }

    @Override
    public String toString() {
      return "Reader[" + label + ", field " + next + " of " + fields.length + "]";
    }
  }
}
