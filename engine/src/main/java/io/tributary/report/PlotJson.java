package io.tributary.report;

import static io.tributary.report.ReleaseJson.text;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Locale;

/** A {@link Plot} in {@code release.json}, so that a report can be drawn again from its folder. */
final class PlotJson {
  private PlotJson() {}

  static void write(Plot plot, JsonGenerator json) throws IOException {
    json.writeStartObject();
    if (plot instanceof Plot.Forest forest) {
      fields(json, "forest", plot, "label", forest.label(), "estimate", forest.estimate());
      fields(json, "low", forest.low(), "high", forest.high(), "scale", word(forest.scale()));
    } else if (plot instanceof Plot.Histogram histogram) {
      fields(json, "histogram", plot, "lower", histogram.lower(), "upper", histogram.upper());
      fields(json, "count", histogram.count(), "group", histogram.group());
    } else if (plot instanceof Plot.Bars bars) {
      fields(json, "bars", plot, "category", bars.category(), "value", bars.value());
      fields(json, "group", bars.group());
    } else if (plot instanceof Plot.Lines lines) {
      fields(json, "lines", plot, "x", lines.x(), "y", lines.y());
      fields(json, "group", lines.group(), "form", word(lines.form()));
    } else if (plot instanceof Plot.Points points) {
      fields(json, "points", plot, "x", points.x(), "y", points.y(), "group", points.group());
    } else if (plot instanceof Plot.Survival curves) {
      fields(json, "survival", plot, "time", curves.time(), "survival", curves.survival());
      fields(json, "low", curves.low(), "high", curves.high());
      fields(json, "risk", curves.risk(), "group", curves.group(), "form", word(curves.form()));
    } else if (plot instanceof Plot.Attrition steps) {
      fields(json, "attrition", plot, "label", steps.label(), "count", steps.count());
      fields(json, "excluded", steps.excluded());
    } else if (plot instanceof Plot.Pyramid bands) {
      fields(json, "pyramid", plot, "category", bands.category(), "value", bands.value());
      fields(json, "group", bands.group());
    } else if (plot instanceof Plot.Sunburst rings) {
      fields(json, "sunburst", plot, "pathway", rings.pathway(), "step", rings.step());
      fields(json, "count", rings.count());
    }
    json.writeEndObject();
  }

  static Plot read(JsonNode node) throws MalformedResult {
    String table = text(node, "table");
    String title = text(node, "title");
    return switch (text(node, "plot")) {
      case "forest" ->
          new Plot.Forest(
              table,
              title,
              text(node, "label"),
              text(node, "estimate"),
              text(node, "low"),
              text(node, "high"),
              constant(Plot.Scale.values(), text(node, "scale")));
      case "histogram" ->
          new Plot.Histogram(
              table,
              title,
              text(node, "lower"),
              text(node, "upper"),
              text(node, "count"),
              text(node, "group"));
      case "bars" ->
          new Plot.Bars(
              table, title, text(node, "category"), text(node, "value"), text(node, "group"));
      case "lines" ->
          new Plot.Lines(
              table,
              title,
              text(node, "x"),
              text(node, "y"),
              text(node, "group"),
              constant(Plot.Form.values(), text(node, "form")));
      case "points" ->
          new Plot.Points(table, title, text(node, "x"), text(node, "y"), text(node, "group"));
      case "survival" ->
          new Plot.Survival(
              table,
              title,
              text(node, "time"),
              text(node, "survival"),
              text(node, "low"),
              text(node, "high"),
              text(node, "risk"),
              text(node, "group"),
              constant(Plot.Form.values(), text(node, "form")));
      case "attrition" ->
          new Plot.Attrition(
              table, title, text(node, "label"), text(node, "count"), text(node, "excluded"));
      case "pyramid" ->
          new Plot.Pyramid(
              table, title, text(node, "category"), text(node, "value"), text(node, "group"));
      case "sunburst" ->
          new Plot.Sunburst(
              table, title, text(node, "pathway"), text(node, "step"), text(node, "count"));
      default -> throw new MalformedResult("unknown plot '" + text(node, "plot") + "'");
    };
  }

  private static void fields(JsonGenerator json, String kind, Plot plot, String... pairs)
      throws IOException {
    fields(json, "plot", kind, "table", plot.table(), "title", plot.title());
    fields(json, pairs);
  }

  private static void fields(JsonGenerator json, String... pairs) throws IOException {
    for (int i = 0; i < pairs.length; i += 2) {
      json.writeStringField(pairs[i], pairs[i + 1]);
    }
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static <E extends Enum<E>> E constant(E[] values, String word) throws MalformedResult {
    for (E value : values) {
      if (word(value).equals(word)) {
        return value;
      }
    }
    throw new MalformedResult("unknown word '" + word + "' in a plot");
  }
}
