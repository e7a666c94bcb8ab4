package io.tributary.connectors.exchange.flight;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.tributary.codec.Digest;
import io.tributary.exchange.Exchange;
import io.tributary.exchange.ObjectName;
import io.tributary.study.Errors;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The bytes of requests and answers, version 1; integers are big-endian, names ASCII.
 *
 * <pre>
 * put      u16 n, name[n], object to the end           answer: none
 * stage    u16 n, name[n], u32 size, digest[32]        answer: u32 bytes that need not be sent;
 *                                                              equal to size if the object is there
 * list     u16 n, prefix[n]                            answer: names, each with a line feed
 * await    u16 n, prefix[n], u32 ms, digest[32]        answer: as list; the digest is SHA-256 of
 *                                                              the names known, each with a line feed
 * DoGet    ticket: name                                answer: batches of one row, column "bytes"
 * DoPut    batches of one row, column "bytes"          answer: none
 * </pre>
 *
 * The schema of a stream carries metadata: version, name, size, offset of its first byte, and the
 * digest (SHA-256, hex) of the whole object.
 */
final class WireForm {
  static final String VERSION = "1";
  static final String PUT = "put";
  static final String STAGE = "stage";
  static final String LIST = "list";
  static final String AWAIT = "await";

  /** Bytes of an object that travels in one request; larger ones go in a stream. */
  static final int MAX_SMALL_BYTES = 256 << 10;

  /** Bytes of one batch of a stream. */
  static final int CHUNK_BYTES = 256 << 10;

  /** Bytes of one message, with the headers of Arrow and protobuf around a chunk. */
  static final int MAX_MESSAGE_BYTES = CHUNK_BYTES + (64 << 10);

  /** Names in one listing. */
  static final int MAX_LISTED_NAMES = 1_000_000;

  private static final int MAX_PAGE_BYTES = 256 << 10;
  private static final String BYTES = "bytes";

  private WireForm() {}

  // ---- requests --------------------------------------------------------------------------------

  static byte[] putRequest(String name, byte[] object) {
    return start(name, object.length).put(object).array();
  }

  static byte[] stageRequest(String name, int sizeBytes, Digest digest) {
    return start(name, Integer.BYTES + Digest.BYTES).putInt(sizeBytes).put(digest.bytes()).array();
  }

  static byte[] listRequest(String prefix) {
    return start(prefix, 0).array();
  }

  static byte[] awaitRequest(String prefix, int patienceMillis, Digest known) {
    return start(prefix, Integer.BYTES + Digest.BYTES)
        .putInt(patienceMillis)
        .put(known.bytes())
        .array();
  }

  private static ByteBuffer start(String name, int restBytes) {
    byte[] nameBytes = name.getBytes(US_ASCII);
    return ByteBuffer.allocate(Short.BYTES + nameBytes.length + restBytes)
        .putShort((short) nameBytes.length)
        .put(nameBytes);
  }

  /** Reads the fields of one request in their order; every read checks what it gets. */
  static final class Request {
    private final ByteBuffer body;

    Request(byte[] body) {
      this.body = ByteBuffer.wrap(body);
    }

    String name() {
      return ObjectName.checked(text());
    }

    String prefix() {
      return ObjectName.checkedPrefix(text());
    }

    private String text() {
      return checked(
          () -> {
            byte[] bytes = new byte[Short.toUnsignedInt(body.getShort())];
            body.get(bytes);
            return new String(bytes, US_ASCII);
          });
    }

    int size(String name) {
      int size = checked(body::getInt);
      ObjectName.checkSize(name, size);
      return size;
    }

    int millis() {
      return Math.max(0, checked(body::getInt));
    }

    Digest digest() {
      return checked(
          () -> {
            byte[] bytes = new byte[Digest.BYTES];
            body.get(bytes);
            return Digest.of(bytes);
          });
    }

    byte[] rest(String name) {
      ObjectName.checkSize(name, body.remaining());
      byte[] rest = new byte[body.remaining()];
      body.get(rest);
      return rest;
    }

    void end() {
      if (body.hasRemaining()) {
        throw Errors.badMessage("A request has " + body.remaining() + " bytes too many.");
      }
    }

    private interface Read<T> {
      T run();
    }

    private static <T> T checked(Read<T> read) {
      try {
        return read.run();
      } catch (BufferUnderflowException e) {
        throw Errors.badMessage("A request is cut off.");
      }
    }
  }

  // ---- answers ---------------------------------------------------------------------------------

  static byte[] stagedAnswer(int bytes) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(bytes).array();
  }

  static int parseStagedAnswer(byte[] answer, int sizeBytes) {
    int staged = answer.length == Integer.BYTES ? ByteBuffer.wrap(answer).getInt() : -1;
    if (staged < 0 || staged > sizeBytes) {
      throw Errors.badMessage("The coordinator's answer about a staged object is out of form.");
    }
    return staged;
  }

  /** Names, each with a line feed, cut into pages between names. */
  static List<byte[]> pages(List<String> names) {
    List<byte[]> pages = new ArrayList<>();
    StringBuilder page = new StringBuilder();
    for (String name : names) {
      if (page.length() + name.length() + 1 > MAX_PAGE_BYTES) {
        pages.add(page.toString().getBytes(US_ASCII));
        page.setLength(0);
      }
      page.append(name).append('\n');
    }
    if (!page.isEmpty()) {
      pages.add(page.toString().getBytes(US_ASCII));
    }
    return pages;
  }

  /** Adds the names of one page; they must be in form, below the prefix and in order. */
  static void addPage(byte[] page, String prefix, List<String> names) {
    String last = names.isEmpty() ? "" : names.get(names.size() - 1);
    for (String name : new String(page, US_ASCII).split("\n", -1)) {
      if (name.isEmpty()) {
        continue;
      }
      boolean fits =
          ObjectName.isWellFormed(name)
              && ObjectName.isBelow(name, prefix)
              && name.compareTo(last) > 0
              && names.size() < MAX_LISTED_NAMES;
      if (!fits) {
        throw Errors.badMessage("The coordinator's listing of '" + prefix + "' is out of form.");
      }
      names.add(name);
      last = name;
    }
  }

  /** What stands for a listing in a request to wait: SHA-256 of its names in order. */
  static Digest digestOf(List<String> sortedNames) {
    StringBuilder text = new StringBuilder();
    sortedNames.forEach(name -> text.append(name).append('\n'));
    return Digest.sha256(text.toString().getBytes(US_ASCII));
  }

  // ---- streams ---------------------------------------------------------------------------------

  /**
   * What the schema of a stream says about the object in it.
   *
   * @param sizeBytes of the whole object
   * @param offsetBytes where the stream starts in it
   * @param digest SHA-256 of the whole object
   */
  record StreamHead(String name, int sizeBytes, int offsetBytes, Digest digest) {
    Schema schema() {
      Map<String, String> metadata = new HashMap<>();
      metadata.put("version", VERSION);
      metadata.put("name", name);
      metadata.put("size", Integer.toString(sizeBytes));
      metadata.put("offset", Integer.toString(offsetBytes));
      metadata.put("digest", digest.hex());
      return new Schema(List.of(Field.notNullable(BYTES, ArrowType.Binary.INSTANCE)), metadata);
    }

    /** BAD_MESSAGE for a schema that {@link #schema} does not make. */
    static StreamHead of(Schema schema) {
      Map<String, String> metadata = schema.getCustomMetadata();
      String name = ObjectName.checked(metadata.get("name"));
      int size = number(metadata.get("size"));
      ObjectName.checkSize(name, size);
      int offset = number(metadata.get("offset"));
      String digest = metadata.get("digest");
      StreamHead head =
          new StreamHead(name, size, offset, Digest.ofHex(digest == null ? "" : digest));
      if (offset > size || !head.schema().equals(schema)) {
        throw Errors.badMessage("The stream of '" + name + "' has a schema out of form.");
      }
      return head;
    }

    private static int number(String text) {
      // At most 8 digits: MAX_OBJECT_BYTES has 8, so that no int overflows.
      if (text == null || !text.matches("[0-9]{1,8}")) {
        throw Errors.badMessage("The schema of a stream has no size or offset.");
      }
      return Integer.parseInt(text);
    }
  }

  static {
    assert Exchange.MAX_OBJECT_BYTES < 100_000_000;
  }
}
