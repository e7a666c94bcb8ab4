package io.tributary.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Optional;

/**
 * A cell as JSON: a value is a JSON string, number or boolean; anything else is {@code {"status":
 * "suppressed" | "not_computed" | "failed", "reason": "..."}}.
 */
final class CellJson {
  private CellJson() {}

  static void write(Cell cell, JsonGenerator json) throws IOException {
    if (cell instanceof Cell.Text text) {
      json.writeString(text.value());
    } else if (cell instanceof Cell.Whole whole) {
      json.writeNumber(whole.value());
    } else if (cell instanceof Cell.Real real) {
      json.writeNumber(real.value());
    } else if (cell instanceof Cell.Flag flag) {
      json.writeBoolean(flag.value());
    } else {
      json.writeStartObject();
      json.writeStringField("status", cell.status().word());
      json.writeStringField("reason", cell.reason());
      json.writeEndObject();
    }
  }

  /** Reads a cell whose kind is known; empty if the JSON does not fit. */
  static Optional<Cell> read(JsonNode node, Column.Kind kind) {
    if (node.isObject()) {
      return withoutValue(node);
    }
    return switch (kind) {
      case TEXT -> node.isTextual() ? Optional.of(new Cell.Text(node.textValue())) : none();
      case WHOLE ->
          node.isIntegralNumber() && node.canConvertToLong()
              ? Optional.of(new Cell.Whole(node.longValue()))
              : none();
      case REAL ->
          node.isNumber() && Double.isFinite(node.doubleValue())
              ? Optional.of(new Cell.Real(node.doubleValue()))
              : none();
      case FLAG -> node.isBoolean() ? Optional.of(new Cell.Flag(node.booleanValue())) : none();
    };
  }

  /** Reads a cell whose kind follows from the JSON: 1 is whole, 1.0 is real. */
  static Optional<Cell> read(JsonNode node) {
    if (node.isTextual()) {
      return read(node, Column.Kind.TEXT);
    }
    if (node.isBoolean()) {
      return read(node, Column.Kind.FLAG);
    }
    return read(node, node.isIntegralNumber() ? Column.Kind.WHOLE : Column.Kind.REAL);
  }

  private static Optional<Cell> withoutValue(JsonNode node) {
    String reason = node.path("reason").asText("");
    return switch (node.path("status").asText("")) {
      case "suppressed" -> Optional.of(new Cell.Suppressed(reason));
      case "not_computed" -> Optional.of(new Cell.NotComputed(reason));
      case "failed" -> Optional.of(new Cell.Failed(reason));
      default -> none();
    };
  }

  private static Optional<Cell> none() {
    return Optional.empty();
  }
}
