package io.tributary.codec;

import io.tributary.study.Errors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.Endianness;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.Int;
import org.apache.arrow.flatbuf.KeyValue;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.flatbuf.Schema;
import org.apache.arrow.flatbuf.Type;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.ReferenceManager;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.IpcOption;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.ArrowType;

/**
 * One masked frame as one Arrow IPC stream with one batch (PROTOCOL.md 2.5, Frames). The byte map,
 * all little-endian; since format 1:
 *
 * <pre>
 *   0            u32  0xFFFFFFFF, continuation
 *   4            u32  s, length of the schema message, a multiple of 8
 *   8            s    flatbuffer Message(V5, Schema): one field "word", Int(64, signed), not nullable;
 *                     metadata, all text, in any order:
 *                       tributary.format    "1"
 *                       tributary.study     study digest, 64 hex digits
 *                       tributary.round     ctx_round, 64 hex digits
 *                       tributary.site      roster index, decimal
 *                       tributary.frame     frame number, decimal
 *                       tributary.layout    layout digest, 64 hex digits
 *   8 + s        u32  0xFFFFFFFF, continuation
 *   12 + s       u32  b, length of the batch message, a multiple of 8
 *   16 + s       b    flatbuffer Message(V5, RecordBatch): w rows, one node without nulls, two
 *                     buffers: validity of length 0, words of length 8 w, both at offset 0
 *   16 + s + b   8 w  the words
 *   then         u32  0xFFFFFFFF, continuation
 *   then         u32  0, end of stream; nothing follows
 * </pre>
 *
 * <p>Reading checks the two messages field by field where they lie and copies the words once, so a
 * hostile length is never allocated for. A flatbuffer has bytes that mean nothing, so two frames
 * may carry equal words; which one was sent is fixed by the hash in the sender's signed Upload.
 */
public final class ArrowFrame {
  private static final String FORMAT = "1";
  private static final String FIELD = "word";
  private static final int CONTINUATION = 0xFFFFFFFF;
  private static final int MAX_MESSAGE_BYTES = 4096;

  private ArrowFrame() {}

  /** Upper bound of the bytes of a frame with this many words. */
  public static int maxBytes(int words) {
    return Math.addExact(Math.multiplyExact(words, Long.BYTES), 2 * MAX_MESSAGE_BYTES + 24);
  }

  /**
   * Writes a frame. The caller is {@code MaskedFrame} alone: words in the clear have no business
   * here.
   */
  public static byte[] encode(FrameHeader header, long[] words) {
    byte[] head = head(header, words.length);
    ByteBuffer out =
        ByteBuffer.allocate(head.length + Math.multiplyExact(words.length, Long.BYTES) + 8)
            .order(ByteOrder.LITTLE_ENDIAN);
    out.put(head);
    out.asLongBuffer().put(words);
    out.putInt(out.limit() - 8, CONTINUATION);
    return out.array();
  }

  /**
   * Everything before the words, written by Arrow from a batch that has lengths and no memory: of
   * its buffers nothing else is read.
   */
  private static byte[] head(FrameHeader header, int words) {
    int bytes = Math.multiplyExact(words, Long.BYTES);
    var field =
        org.apache.arrow.vector.types.pojo.Field.notNullable(FIELD, new ArrowType.Int(64, true));
    var schema = new org.apache.arrow.vector.types.pojo.Schema(List.of(field), metadata(header));
    ByteArrayOutputStream sink = new ByteArrayOutputStream(2 * MAX_MESSAGE_BYTES);
    try (WriteChannel out = new WriteChannel(Channels.newChannel(sink));
        ArrowBuf data = new ArrowBuf(ReferenceManager.NO_OP, null, bytes, 0);
        ArrowBuf validity = new ArrowBuf(ReferenceManager.NO_OP, null, 0, 0)) {
      MessageSerializer.serialize(out, schema);
      data.writerIndex(bytes);
      try (ArrowRecordBatch batch =
          new ArrowRecordBatch(
              words, List.of(new ArrowFieldNode(words, 0)), List.of(validity, data))) {
        ByteBuffer message = MessageSerializer.serializeMetadata(batch, IpcOption.DEFAULT);
        int length = message.remaining();
        out.writeIntLittleEndian(CONTINUATION);
        out.writeIntLittleEndian(length + (8 - length % 8) % 8);
        out.write(message);
        out.align();
      }
    } catch (IOException e) {
      throw new IllegalStateException("an array does not fail", e);
    }
    return sink.toByteArray();
  }

  /**
   * Reads a frame that must be exactly the one expected.
   *
   * @param bytes the object, whose hash the caller has checked
   * @param expected what its metadata must say
   * @param words how many words it must hold
   * @return the words, [words]; BAD_FRAME for anything else: other sizes, types, counts or
   *     metadata, nulls, compression, dictionaries, surplus buffers, bytes before, between or after
   */
  public static long[] decode(byte[] bytes, FrameHeader expected, int words) {
    if (bytes.length > maxBytes(words)) {
      throw Errors.badFrame("A frame of " + words + " words has " + bytes.length + " bytes.");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    try {
      checkSchema(message(in, MessageHeader.Schema, 0), expected);
      long body = (long) words * Long.BYTES;
      checkBatch(message(in, MessageHeader.RecordBatch, body), words);
      require(in.remaining() == body + 8, "size");
      long[] out = new long[words];
      in.asLongBuffer().get(out);
      in.position(in.position() + (int) body);
      require(in.getInt() == CONTINUATION && in.getInt() == 0, "end of stream");
      return out;
    } catch (IndexOutOfBoundsException
        | IllegalArgumentException
        | java.nio.BufferUnderflowException
        | ClassCastException
        | NullPointerException
        | ArithmeticException
        | NegativeArraySizeException e) {
      // What the flatbuffer classes throw when an offset or a length inside a message is wrong.
      throw Errors.badFrame("A frame is no well-formed Arrow stream.");
    }
  }

  /**
   * A map with an order: one without has another in every process, and a frame that is made again
   * after a crash has to have the same bytes (PROTOCOL.md 2.5, R1).
   */
  private static Map<String, String> metadata(FrameHeader header) {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("tributary.format", FORMAT);
    metadata.put("tributary.study", header.study().hex());
    metadata.put("tributary.round", header.round().hex());
    metadata.put("tributary.site", Integer.toString(header.site()));
    metadata.put("tributary.frame", Integer.toString(header.frame()));
    metadata.put("tributary.layout", header.layout().hex());
    return metadata;
  }

  /** Takes the framing and the flatbuffer of the next message; leaves {@code in} at its body. */
  private static Message message(ByteBuffer in, byte headerType, long bodyBytes) {
    require(in.getInt() == CONTINUATION, "continuation");
    int length = in.getInt();
    require(
        length > 0 && length <= MAX_MESSAGE_BYTES && length % 8 == 0 && length <= in.remaining(),
        "message length");
    // A slice of its own: no offset inside this message can reach beyond it.
    ByteBuffer own = in.slice(in.position(), length).order(ByteOrder.LITTLE_ENDIAN);
    in.position(in.position() + length);
    Message message = Message.getRootAsMessage(own);
    require(message.version() == MetadataVersion.V5, "Arrow version");
    require(message.headerType() == headerType, "message type");
    require(message.bodyLength() == bodyBytes, "body length");
    require(message.customMetadataLength() == 0, "message metadata");
    return message;
  }

  private static void checkSchema(Message message, FrameHeader expected) {
    Schema schema = (Schema) message.header(new Schema());
    require(schema.endianness() == Endianness.Little, "byte order");
    require(schema.featuresLength() == 0, "features");
    require(schema.fieldsLength() == 1, "columns");
    Field field = schema.fields(0);
    require(FIELD.equals(field.name()) && !field.nullable(), "column");
    require(field.dictionary() == null, "dictionary");
    require(field.childrenLength() == 0 && field.customMetadataLength() == 0, "column");
    require(field.typeType() == Type.Int, "type");
    Int type = (Int) field.type(new Int());
    require(type.bitWidth() == 64 && type.isSigned(), "type");

    Map<String, String> wanted = metadata(expected);
    require(schema.customMetadataLength() == wanted.size(), "metadata");
    Map<String, String> found = new HashMap<>();
    for (int i = 0; i < wanted.size(); i++) {
      KeyValue entry = schema.customMetadata(i);
      found.put(entry.key(), entry.value());
    }
    for (Map.Entry<String, String> entry : wanted.entrySet()) {
      require(entry.getValue().equals(found.get(entry.getKey())), entry.getKey());
    }
  }

  private static void checkBatch(Message message, int words) {
    RecordBatch batch = (RecordBatch) message.header(new RecordBatch());
    require(batch.length() == words, "rows");
    require(batch.compression() == null, "compression");
    require(batch.variadicBufferCountsLength() == 0, "surplus buffers");
    require(batch.nodesLength() == 1 && batch.buffersLength() == 2, "buffers");
    FieldNode node = batch.nodes(0);
    require(node.length() == words && node.nullCount() == 0, "nulls");
    Buffer validity = batch.buffers(0);
    require(validity.offset() == 0 && validity.length() == 0, "validity buffer");
    Buffer data = batch.buffers(1);
    require(data.offset() == 0 && data.length() == (long) words * Long.BYTES, "word buffer");
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw Errors.badFrame("A frame is not the one expected: " + what + ".");
    }
  }
}
