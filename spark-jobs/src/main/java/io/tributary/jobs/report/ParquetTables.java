package io.tributary.jobs.report;

import io.tributary.report.Cell;
import io.tributary.report.ResultTable;
import io.tributary.report.TableCsv;
import io.tributary.report.TableCsv.FlatColumn;
import io.tributary.report.TableForm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/**
 * A table as one Parquet file, with the same columns as its CSV twin: optional INT64, DOUBLE,
 * BOOLEAN or UTF-8 values, null where there is none, and a required UTF-8 companion {@code
 * <name>_status} where a column has such cells. Written by the library of Spark's class path
 * without a Spark job, for a folder of part files would be no twin of one CSV.
 */
public final class ParquetTables implements TableForm {
  @Override
  public String ending() {
    return "parquet";
  }

  @Override
  public void write(ResultTable table, Path file) throws IOException {
    try (ParquetWriter<List<Cell>> writer =
        new Builder(new LocalOutputFile(file), table)
            // Hadoop's configuration files have no say in what a result looks like.
            .withConf(new PlainParquetConfiguration())
            // Pure Java everywhere; the others unpack native libraries into a temporary folder.
            .withCompressionCodec(CompressionCodecName.GZIP)
            .withWriteMode(ParquetFileWriter.Mode.CREATE)
            .build()) {
      for (List<Cell> row : table.rows()) {
        writer.write(row);
      }
    }
  }

  private static final class Builder extends ParquetWriter.Builder<List<Cell>, Builder> {
    private final ResultTable table;

    Builder(OutputFile file, ResultTable table) {
      super(file);
      this.table = table;
    }

    @Override
    protected Builder self() {
      return this;
    }

    // Deprecated, but abstract in the superclass.
    @SuppressWarnings("deprecation")
    @Override
    protected WriteSupport<List<Cell>> getWriteSupport(Configuration configuration) {
      return new Rows(table);
    }

    @Override
    protected WriteSupport<List<Cell>> getWriteSupport(ParquetConfiguration configuration) {
      return new Rows(table);
    }
  }

  /** Hands rows over to Parquet. */
  private static final class Rows extends WriteSupport<List<Cell>> {
    private final ResultTable table;
    private final List<FlatColumn> columns;
    private RecordConsumer consumer;

    Rows(ResultTable table) {
      this.table = table;
      this.columns = TableCsv.flatColumns(table);
    }

    // Deprecated, but abstract in the superclass.
    @SuppressWarnings("deprecation")
    @Override
    public WriteContext init(Configuration configuration) {
      return context();
    }

    @Override
    public WriteContext init(ParquetConfiguration configuration) {
      return context();
    }

    private WriteContext context() {
      Types.MessageTypeBuilder schema = Types.buildMessage();
      for (FlatColumn column : columns) {
        if (column instanceof FlatColumn.Values values) {
          addValues(schema, values);
        } else {
          schema
              .required(PrimitiveTypeName.BINARY)
              .as(LogicalTypeAnnotation.stringType())
              .named(column.name());
        }
      }
      MessageType type = schema.named("table");
      return new WriteContext(
          type, Map.of("tributary.table", table.name(), "tributary.title", table.title()));
    }

    private static void addValues(Types.MessageTypeBuilder schema, FlatColumn.Values values) {
      switch (values.kind()) {
        case TEXT ->
            schema
                .optional(PrimitiveTypeName.BINARY)
                .as(LogicalTypeAnnotation.stringType())
                .named(values.name());
        case WHOLE -> schema.optional(PrimitiveTypeName.INT64).named(values.name());
        case REAL -> schema.optional(PrimitiveTypeName.DOUBLE).named(values.name());
        case FLAG -> schema.optional(PrimitiveTypeName.BOOLEAN).named(values.name());
      }
    }

    @Override
    public void prepareForWrite(RecordConsumer recordConsumer) {
      consumer = recordConsumer;
    }

    @Override
    public void write(List<Cell> row) {
      consumer.startMessage();
      for (int i = 0; i < columns.size(); i++) {
        FlatColumn column = columns.get(i);
        Cell cell = row.get(column.index());
        boolean status = column instanceof FlatColumn.Statuses;
        if (status || cell.status() == Cell.Status.OK) {
          consumer.startField(column.name(), i);
          value(status ? new Cell.Text(cell.status().word()) : cell);
          consumer.endField(column.name(), i);
        }
      }
      consumer.endMessage();
    }

    private void value(Cell cell) {
      if (cell instanceof Cell.Text text) {
        consumer.addBinary(Binary.fromString(text.value()));
      } else if (cell instanceof Cell.Whole whole) {
        consumer.addLong(whole.value());
      } else if (cell instanceof Cell.Real real) {
        consumer.addDouble(real.value());
      } else if (cell instanceof Cell.Flag flag) {
        consumer.addBoolean(flag.value());
      }
    }
  }
}
