package io.tributary.connectors.fhir;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;

/** Rows of one table from one file; lines of no use were counted before and are passed over. */
final class LineRows implements FlatMapFunction<String, Row> {
  private static final long serialVersionUID = 1L;

  private final ResourceType type;
  private final RecordTable table;
  private final Broadcast<CodeConcepts> concepts;

  LineRows(ResourceType type, RecordTable table, Broadcast<CodeConcepts> concepts) {
    this.type = type;
    this.table = table;
    this.concepts = concepts;
  }

  @Override
  public Iterator<Row> call(String file) {
    return new Rows(new ExportLines(Path.of(file)));
  }

  private final class Rows implements Iterator<Row> {
    private final ExportLines lines;
    private final Queue<Row> ready = new ArrayDeque<>();

    Rows(ExportLines lines) {
      this.lines = lines;
    }

    @Override
    public boolean hasNext() {
      while (ready.isEmpty()) {
        byte[] line = lines.next();
        if (line == null) {
          lines.close();
          return false;
        }
        add(line);
      }
      return true;
    }

    private void add(byte[] line) {
      try {
        ready.addAll(RecordMapping.rows(line, type, concepts.value()).get(table));
      } catch (BadLine counted) {
        // No table has anything of it.
      }
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return ready.remove();
    }
  }
}
