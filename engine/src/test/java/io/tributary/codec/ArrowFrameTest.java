package io.tributary.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.tributary.study.ErrorCode;
import io.tributary.study.TributaryException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.ArrowBodyCompression;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ArrowFrameTest {
  private static final FrameHeader HEADER =
      new FrameHeader(digest("study"), digest("round"), 3, 7, digest("layout"));
  private static final long[] WORDS = {0, -1, Long.MIN_VALUE, 0x0123456789abcdefL, 5, 6};
  private static final ArrowType INT64 = new ArrowType.Int(64, true);

  private final BufferAllocator allocator = new RootAllocator(64 << 20);

  @AfterEach
  void everyBufferIsGivenBack() {
    assertThat(allocator.getAllocatedMemory()).isZero();
    allocator.close();
  }

  @Test
  void aFrameIsReadBack() {
    byte[] bytes = ArrowFrame.encode(HEADER, WORDS);

    assertThat(ArrowFrame.decode(bytes, HEADER, WORDS.length)).isEqualTo(WORDS);
    assertThat(ArrowFrame.encode(HEADER, WORDS)).isEqualTo(bytes);
    assertThat(bytes.length).isLessThanOrEqualTo(ArrowFrame.maxBytes(WORDS.length));
  }

  @Test
  void theLargestFrameIsReadBack() {
    long[] words = new Random(20).longs(FrameShape.MAX_WORDS).toArray();

    assertThat(ArrowFrame.decode(ArrowFrame.encode(HEADER, words), HEADER, words.length))
        .isEqualTo(words);
  }

  /** Arrow's own reader is the judge of what was written. */
  @Test
  void arrowReadsTheFrame() throws IOException {
    byte[] bytes = ArrowFrame.encode(HEADER, WORDS);
    try (ArrowStreamReader reader =
        new ArrowStreamReader(new ByteArrayInputStream(bytes), allocator)) {
      VectorSchemaRoot root = reader.getVectorSchemaRoot();
      assertThat(reader.loadNextBatch()).isTrue();
      BigIntVector column = (BigIntVector) root.getVector("word");
      for (int i = 0; i < WORDS.length; i++) {
        assertThat(column.get(i)).isEqualTo(WORDS[i]);
      }
      assertThat(root.getSchema().getCustomMetadata())
          .containsEntry("tributary.site", "3")
          .containsEntry("tributary.frame", "7")
          .containsEntry("tributary.round", HEADER.round().hex());
      assertThat(reader.loadNextBatch()).isFalse();
    }
  }

  @Test
  void theByteMapHolds() {
    byte[] bytes = ArrowFrame.encode(HEADER, WORDS);
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int s = in.getInt(4);
    int b = in.getInt(12 + s);

    assertThat(in.getInt(0)).isEqualTo(-1);
    assertThat(in.getInt(8 + s)).isEqualTo(-1);
    assertThat(s % 8 + b % 8).isZero();
    for (int i = 0; i < WORDS.length; i++) {
      assertThat(in.getLong(16 + s + b + 8 * i)).isEqualTo(WORDS[i]);
    }
    assertThat(in.getLong(16 + s + b + 8 * WORDS.length)).isEqualTo(0xFFFFFFFFL);
    assertThat(bytes).hasSize(24 + s + b + 8 * WORDS.length);
  }

  /**
   * A process that starts again has to make the very bytes that are in its journal, so they may
   * depend on nothing of the process, such as the order of a map without one.
   */
  @Test
  void aFrameHasTheSameBytesInEveryProcess() {
    assertThat(Digest.sha256(ArrowFrame.encode(HEADER, WORDS)).hex())
        .isEqualTo("8530b6a2d3147022f71bdb4cd9586cd1968ff0300d04e65438c2d4f5222d2c0a");
  }

  @Test
  void everyTruncationIsRefused() {
    byte[] bytes = ArrowFrame.encode(HEADER, WORDS);
    for (int length = 0; length < bytes.length; length++) {
      assertBad(Arrays.copyOf(bytes, length));
    }
  }

  @Test
  void bytesAfterTheEndAreRefused() {
    byte[] bytes = ArrowFrame.encode(HEADER, WORDS);
    assertBad(Arrays.copyOf(bytes, bytes.length + 1));
    assertBad(Arrays.copyOf(bytes, bytes.length + 8));
    byte[] twice = Arrays.copyOf(bytes, 2 * bytes.length);
    System.arraycopy(bytes, 0, twice, bytes.length, bytes.length);
    assertBad(twice);
  }

  /**
   * A flipped bit is refused, or it is one of the words, which the check element and the hash see,
   * or it lies in a byte of a flatbuffer that means nothing. It never reads as another frame.
   */
  @Test
  void everyFlippedBitIsRefusedOrOnlyChangesBytes() {
    byte[] bytes = ArrowFrame.encode(HEADER, WORDS);
    Digest hash = Digest.sha256(bytes);
    int body = bytes.length - 8 - 8 * WORDS.length;
    int unseen = 0;
    for (int bit = 0; bit < 8 * bytes.length; bit++) {
      byte[] changed = bytes.clone();
      changed[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThat(Digest.sha256(changed)).isNotEqualTo(hash);
      long[] words;
      try {
        words = ArrowFrame.decode(changed, HEADER, WORDS.length);
      } catch (TributaryException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.BAD_FRAME);
        continue;
      }
      boolean inWords = bit / 8 >= body && bit / 8 < bytes.length - 8;
      assertThat(Arrays.equals(words, WORDS)).isEqualTo(!inWords);
      unseen += inWords ? 0 : 1;
    }
    // Padding and the sizes that tables state of themselves: under a fifth of the two messages.
    assertThat(unseen).isLessThan(8 * body / 5);
  }

  @Test
  void randomBytesAreRefused() {
    Random random = new Random(4);
    byte[] good = ArrowFrame.encode(HEADER, WORDS);
    for (int i = 0; i < 20_000; i++) {
      byte[] changed = good.clone();
      int hits = 1 + random.nextInt(8);
      for (int hit = 0; hit < hits; hit++) {
        changed[random.nextInt(good.length)] = (byte) random.nextInt();
      }
      try {
        assertThat(ArrowFrame.decode(changed, HEADER, WORDS.length)).hasSize(WORDS.length);
      } catch (TributaryException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.BAD_FRAME);
      }
    }
  }

  @Test
  void anotherPlaceIsRefused() {
    List<FrameHeader> others =
        List.of(
            new FrameHeader(digest("x"), HEADER.round(), 3, 7, HEADER.layout()),
            new FrameHeader(HEADER.study(), digest("x"), 3, 7, HEADER.layout()),
            new FrameHeader(HEADER.study(), HEADER.round(), 2, 7, HEADER.layout()),
            new FrameHeader(HEADER.study(), HEADER.round(), 3, 6, HEADER.layout()),
            new FrameHeader(HEADER.study(), HEADER.round(), 3, 7, digest("x")));
    for (FrameHeader other : others) {
      assertBad(ArrowFrame.encode(other, WORDS));
    }
    assertBad(ArrowFrame.encode(HEADER, Arrays.copyOf(WORDS, 4)));
    assertBad(ArrowFrame.encode(HEADER, Arrays.copyOf(WORDS, 8)));
  }

  @Test
  void otherSchemasAreRefused() throws IOException {
    Field word = Field.notNullable("word", INT64);
    Map<String, String> metadata = metadata();
    assertThat(ArrowFrame.decode(stream(List.of(word), metadata, 1, 0, null), HEADER, 6))
        .isEqualTo(WORDS);

    Field other = Field.notNullable("words", INT64);
    Field nullable = Field.nullable("word", INT64);
    Field narrow = Field.notNullable("word", new ArrowType.Int(32, true));
    Field unsigned = Field.notNullable("word", new ArrowType.Int(64, false));
    Field real =
        Field.notNullable("word", new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE));
    Field encoded =
        new Field(
            "word",
            new FieldType(
                false, INT64, new DictionaryEncoding(1, false, new ArrowType.Int(32, true))),
            null);
    Field tagged =
        new Field("word", new FieldType(false, INT64, null, Map.of("note", "text")), null);
    Field nested =
        new Field("word", new FieldType(false, ArrowType.Struct.INSTANCE, null), List.of(word));
    for (Field field : List.of(other, nullable, narrow, unsigned, real, encoded, tagged, nested)) {
      assertBad(stream(List.of(field), metadata, 1, 0, null));
    }
    assertBad(stream(List.of(word, word), metadata, 1, 0, null));
    assertBad(stream(List.of(), metadata, 1, 0, null));

    Map<String, String> more = new HashMap<>(metadata);
    more.put("note", "text");
    assertBad(stream(List.of(word), more, 1, 0, null));
    Map<String, String> less = new HashMap<>(metadata);
    less.remove("tributary.layout");
    assertBad(stream(List.of(word), less, 1, 0, null));
    Map<String, String> newer = new HashMap<>(metadata);
    newer.put("tributary.format", "2");
    assertBad(stream(List.of(word), newer, 1, 0, null));
  }

  @Test
  void otherBatchesAreRefused() throws IOException {
    List<Field> word = List.of(Field.notNullable("word", INT64));
    assertBad(stream(word, metadata(), 0, 0, null));
    assertBad(stream(word, metadata(), 2, 0, null));
    assertBad(stream(word, metadata(), 1, 1, null));
    assertBad(stream(word, metadata(), 1, 0, new ArrowBodyCompression((byte) 1, (byte) 0)));
  }

  /** Arrow's writer adds a validity buffer even where nothing can be null; it is surplus here. */
  @Test
  void aValidityBufferIsRefused() throws IOException {
    Schema schema = new Schema(List.of(Field.notNullable("word", INT64)), metadata());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator);
        ArrowStreamWriter writer = new ArrowStreamWriter(root, null, out)) {
      BigIntVector column = (BigIntVector) root.getVector(0);
      for (int i = 0; i < WORDS.length; i++) {
        column.setSafe(i, WORDS[i]);
      }
      root.setRowCount(WORDS.length);
      writer.writeBatch();
    }
    assertBad(out.toByteArray());
  }

  @Test
  void aHostileLengthIsNotAllocatedFor() {
    byte[] bytes = ArrowFrame.encode(HEADER, WORDS);
    int s = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(4);
    for (int at : new int[] {4, 12 + s}) {
      for (int length : new int[] {-8, 0, 4, Integer.MAX_VALUE, Integer.MAX_VALUE - 7, 1 << 30}) {
        byte[] changed = bytes.clone();
        ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putInt(at, length);
        assertBad(changed);
      }
    }
    assertBad(new byte[ArrowFrame.maxBytes(WORDS.length) + 1]);
  }

  private Map<String, String> metadata() {
    Map<String, String> metadata = new HashMap<>();
    metadata.put("tributary.format", "1");
    metadata.put("tributary.study", HEADER.study().hex());
    metadata.put("tributary.round", HEADER.round().hex());
    metadata.put("tributary.site", "3");
    metadata.put("tributary.frame", "7");
    metadata.put("tributary.layout", HEADER.layout().hex());
    return metadata;
  }

  /** A stream that differs from ours where the parameters say so. */
  private byte[] stream(
      List<Field> fields,
      Map<String, String> metadata,
      int batches,
      int surplusBuffers,
      ArrowBodyCompression compression)
      throws IOException {
    ByteArrayOutputStream sink = new ByteArrayOutputStream();
    WriteChannel out = new WriteChannel(Channels.newChannel(sink));
    MessageSerializer.serialize(out, new Schema(fields, metadata));
    for (int batch = 0; batch < batches; batch++) {
      try (ArrowBuf data = allocator.buffer(8L * WORDS.length);
          ArrowBuf empty = allocator.getEmpty()) {
        for (long word : WORDS) {
          data.writeLong(word);
        }
        List<ArrowBuf> buffers = new ArrayList<>(List.of(empty, data));
        for (int i = 0; i < surplusBuffers; i++) {
          buffers.add(empty);
        }
        List<ArrowFieldNode> nodes = List.of(new ArrowFieldNode(WORDS.length, 0));
        try (ArrowRecordBatch written =
            compression == null
                ? new ArrowRecordBatch(WORDS.length, nodes, buffers)
                : new ArrowRecordBatch(WORDS.length, nodes, buffers, compression)) {
          MessageSerializer.serialize(out, written);
        }
      }
    }
    out.writeIntLittleEndian(-1);
    out.writeIntLittleEndian(0);
    return sink.toByteArray();
  }

  private static void assertBad(byte[] bytes) {
    assertThatThrownBy(
            () -> {
              ArrowFrame.decode(bytes, HEADER, WORDS.length);
              fail("decoded");
            })
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_FRAME));
  }

  private static Digest digest(String name) {
    return Digest.sha256(Canonical.utf8(name));
  }
}
