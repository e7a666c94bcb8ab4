package io.tributary.connectors.exchange.filesystem;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.tributary.exchange.Exchange;
import io.tributary.exchange.ObjectName;
import io.tributary.study.Errors;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The form of an object in a file: an envelope in which a cut, a flipped bit or another object's
 * file is found on reading. It guards against accidents; against parties, the signatures inside the
 * objects do.
 *
 * <pre>
 * offset   bytes  field           meaning (since version 1; integers are big-endian)
 * 0        8      magic           "TRIBOBJ" and 0x0A
 * 8        2      version         1
 * 10       2      nameBytes       n, 1 to 512
 * 12       8      objectBytes     m, 0 to 2^24
 * 20       n      name            the object's name, ASCII
 * 20+n     m      object
 * 20+n+m   32     digest          SHA-256 of all bytes before it
 * </pre>
 */
final class StoredObject {
  private static final byte[] MAGIC = "TRIBOBJ\n".getBytes(US_ASCII);
  private static final short VERSION = 1;
  private static final int HEADER_BYTES = 20;
  private static final int DIGEST_BYTES = 32;

  /** Bytes of the largest file that can be in form. */
  static final int MAX_STORED_BYTES =
      HEADER_BYTES
          + ObjectName.MAX_NAME_CHARS
          + Math.toIntExact(Exchange.MAX_OBJECT_BYTES)
          + DIGEST_BYTES;

  private StoredObject() {}

  static byte[] encode(String name, byte[] object) {
    byte[] nameBytes = name.getBytes(US_ASCII);
    ByteBuffer stored =
        ByteBuffer.allocate(HEADER_BYTES + nameBytes.length + object.length + DIGEST_BYTES);
    stored.put(MAGIC).putShort(VERSION).putShort((short) nameBytes.length).putLong(object.length);
    stored.put(nameBytes).put(object);
    stored.put(digest(stored.array(), stored.position()));
    return stored.array();
  }

  /**
   * Gives the object that is stored under a name.
   *
   * @throws io.tributary.study.TributaryException BAD_FRAME when the file is not what {@link
   *     #encode} made for this name
   */
  static byte[] decode(String name, byte[] stored) {
    if (stored.length < HEADER_BYTES + DIGEST_BYTES) {
      throw broken(name, "its file is cut off after " + stored.length + " bytes");
    }
    ByteBuffer header = ByteBuffer.wrap(stored);
    byte[] magic = new byte[MAGIC.length];
    header.get(magic);
    if (!Arrays.equals(magic, MAGIC)) {
      throw broken(name, "its file is not an object of an exchange");
    }
    short version = header.getShort();
    if (version != VERSION) {
      throw broken(name, "its file has the unknown version " + version);
    }
    int nameBytes = Short.toUnsignedInt(header.getShort());
    long objectBytes = header.getLong();
    // Limits first: the sum of hostile lengths may wrap.
    if (nameBytes > ObjectName.MAX_NAME_CHARS
        || objectBytes < 0
        || objectBytes > Exchange.MAX_OBJECT_BYTES
        || HEADER_BYTES + nameBytes + objectBytes + DIGEST_BYTES != stored.length) {
      throw broken(name, "its file is cut off or has the wrong length");
    }
    int digestAt = stored.length - DIGEST_BYTES;
    if (!Arrays.equals(
        digest(stored, digestAt), Arrays.copyOfRange(stored, digestAt, stored.length))) {
      throw broken(name, "its checksum does not fit");
    }
    String storedName = new String(stored, HEADER_BYTES, nameBytes, US_ASCII);
    if (!storedName.equals(name)) {
      throw broken(name, "its file holds the object '" + shown(storedName) + "'");
    }
    return Arrays.copyOfRange(stored, HEADER_BYTES + nameBytes, digestAt);
  }

  private static String shown(String storedName) {
    return ObjectName.isWellFormed(storedName) ? storedName : "(a name out of form)";
  }

  private static byte[] digest(byte[] bytes, int length) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(bytes, 0, length);
      return sha256.digest();
    } catch (NoSuchAlgorithmException e) {
      throw Errors.internal("This Java has no SHA-256.", e);
    }
  }

  private static RuntimeException broken(String name, String how) {
    return Errors.badFrame("Stored object '" + name + "' is damaged: " + how + ".");
  }
}
