package io.tributary.connectors.exchange.flight;

import io.tributary.connectors.exchange.flight.WireForm.StreamHead;
import io.tributary.study.Errors;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/** The one batch that a stream's chunks go through, one row at a time. */
final class ObjectBatches implements AutoCloseable {
  private final StreamHead head;
  private final VarBinaryVector bytes;
  private final VectorSchemaRoot root;

  ObjectBatches(StreamHead head, BufferAllocator allocator) {
    this.head = head;
    var schema = head.schema();
    this.bytes = new VarBinaryVector(schema.getFields().get(0), allocator);
    this.root = new VectorSchemaRoot(schema, List.of(bytes), 0);
  }

  VectorSchemaRoot root() {
    return root;
  }

  /**
   * Fills the batch with the chunk that starts at {@code from}.
   *
   * @return where the next chunk starts
   */
  int fill(byte[] object, int from) {
    int length = Math.min(WireForm.CHUNK_BYTES, object.length - from);
    bytes.setSafe(0, object, from, length);
    root.setRowCount(1);
    return from + length;
  }

  StreamHead head() {
    return head;
  }

  /** The chunk in a batch that a peer sent; BAD_MESSAGE if it is not one row of at most a chunk. */
  static byte[] chunk(VectorSchemaRoot received) {
    if (received.getRowCount() != 1
        || !(received.getVector(0) instanceof VarBinaryVector vector)
        || vector.isNull(0)) {
      throw Errors.badMessage("A batch of a stream is not one row of bytes.");
    }
    int length = vector.getValueLength(0);
    if (length < 0 || length > WireForm.CHUNK_BYTES) {
      throw Errors.badMessage("A batch of a stream has " + length + " bytes.");
    }
    return vector.get(0);
  }

  @Override
  public void close() {
    root.close();
  }
}
