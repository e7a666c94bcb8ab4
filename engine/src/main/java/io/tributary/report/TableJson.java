package io.tributary.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A table as JSON, one row a line:
 *
 * <pre>
 * {"format":"tributary-table/1","name":"coefficients","title":"...",
 *  "columns":[{"name":"term","kind":"text"},{"name":"estimate","kind":"real"}],
 *  "rows":[
 * ["age",0.0123],
 * ["sex",{"status":"suppressed","reason":"count &lt; 5"}]
 * ]}
 * </pre>
 */
final class TableJson implements RowText {
  static final String FORMAT = "tributary-table/1";

  private static final JsonFactory PARTS =
      new JsonFactoryBuilder()
          .rootValueSeparator("")
          .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
          .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
          .build();

  private final ResultTable table;

  TableJson(ResultTable table) {
    this.table = table;
  }

  @Override
  public void head(StringBuilder out) throws IOException {
    generate(
        out,
        json -> {
          json.writeStartObject();
          json.writeStringField("format", FORMAT);
          json.writeStringField("name", table.name());
          json.writeStringField("title", table.title());
          json.writeArrayFieldStart("columns");
          for (Column column : table.columns()) {
            json.writeStartObject();
            json.writeStringField("name", column.name());
            json.writeStringField("kind", column.kind().name().toLowerCase(Locale.ROOT));
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeArrayFieldStart("rows");
        });
  }

  @Override
  public void rows(List<List<Cell>> rows, int first, StringBuilder out) throws IOException {
    generate(
        out,
        json -> {
          for (int row = 0; row < rows.size(); row++) {
            json.writeRaw(first + row == 0 ? "\n" : "\n,");
            json.writeStartArray();
            for (Cell cell : rows.get(row)) {
              CellJson.write(cell, json);
            }
            json.writeEndArray();
          }
        });
  }

  @Override
  public void tail(StringBuilder out) {
    out.append("\n]}\n");
  }

  private interface Writing {
    void to(JsonGenerator json) throws IOException;
  }

  /** A part of a document, which need not be one by itself. */
  private static void generate(StringBuilder out, Writing writing) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = PARTS.createGenerator(text)) {
      writing.to(json);
    }
    out.append(text.getBuffer());
  }

  /** The table, or what is wrong with the JSON as an exception's message. */
  static ResultTable read(JsonNode node) throws MalformedResult {
    if (!node.path("format").asText("").equals(FORMAT)) {
      throw new MalformedResult("'format' is not " + FORMAT);
    }
    List<Column> columns = new ArrayList<>();
    for (JsonNode column : node.path("columns")) {
      columns.add(new Column(column.path("name").asText(""), kind(column.path("kind").asText(""))));
    }
    List<List<Cell>> rows = new ArrayList<>();
    for (JsonNode row : node.path("rows")) {
      if (!row.isArray() || row.size() != columns.size()) {
        throw new MalformedResult("row " + rows.size() + " has not " + columns.size() + " cells");
      }
      List<Cell> cells = new ArrayList<>();
      for (int i = 0; i < columns.size(); i++) {
        Optional<Cell> cell = CellJson.read(row.get(i), columns.get(i).kind());
        if (cell.isEmpty()) {
          throw new MalformedResult(
              "row " + rows.size() + ", column '" + columns.get(i).name() + "': not a cell");
        }
        cells.add(cell.get());
      }
      rows.add(cells);
    }
    try {
      return new ResultTable(
          node.path("name").asText(""), node.path("title").asText(""), columns, rows);
    } catch (IllegalArgumentException e) {
      throw new MalformedResult(String.valueOf(e.getMessage()));
    }
  }

  static Column.Kind kind(String word) throws MalformedResult {
    for (Column.Kind kind : Column.Kind.values()) {
      if (kind.name().toLowerCase(Locale.ROOT).equals(word)) {
        return kind;
      }
    }
    throw new MalformedResult("unknown kind '" + word + "'");
  }
}
