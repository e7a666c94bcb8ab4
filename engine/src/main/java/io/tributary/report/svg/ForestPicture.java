package io.tributary.report.svg;

import io.tributary.report.svg.Canvas.Anchor;
import io.tributary.report.text.Markup;
import java.util.Arrays;
import java.util.List;

/**
 * Estimates with intervals, one line a row.
 *
 * @param ratio whether values are ratios: logarithmic axis, reference at 1, not at 0
 */
public record ForestPicture(String title, List<Row> rows, boolean ratio) implements Picture {
  // An interval this many times wider than the median one is cut and ends in an arrow, or the
  // others could not be seen.
  private static final double CUT = 25;

  /**
   * One line.
   *
   * @param text estimate and interval as people read them, or why there is none
   */
  public record Row(String label, double estimate, double low, double high, String text) {
    boolean drawable(boolean ratio) {
      double smallest = ratio ? Double.MIN_NORMAL : -Double.MAX_VALUE;
      return estimate >= smallest && low >= smallest && high >= estimate && low <= estimate;
    }
  }

  public ForestPicture {
    rows = List.copyOf(rows);
  }

  @Override
  public Markup draw(double width, String id, String css) {
    Canvas canvas = new Canvas(width);
    boolean wide = width >= 560;
    double widest = rows.stream().mapToDouble(r -> labelWidth(r.label())).max().orElse(0);
    double widestText = rows.stream().mapToDouble(r -> labelWidth(r.text())).max().orElse(0);
    double left = wide ? Math.min(widest, 210) + 18 : 6;
    double right = wide ? width - Math.min(widestText, 190) - 18 : width - 6;
    double rowHeight = wide ? 28 : 42;
    double bottom = 14 + rows.size() * rowHeight;
    Axis axis = axis(left, right, wide ? 7 : 5);
    for (double tick : axis.ticks()) {
      canvas.line("grid", axis.at(tick), 6, axis.at(tick), bottom);
      canvas.text("tick", Anchor.MIDDLE, axis.at(tick), bottom + 17, axis.label(tick));
    }
    double reference = ratio ? 1 : 0;
    if (axis.holds(reference)) {
      canvas.line("ref", axis.at(reference), 6, axis.at(reference), bottom);
    }
    canvas.line("axis", left, bottom, right, bottom);
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      double top = 8 + i * rowHeight;
      double y = wide ? top + 14 : top + 28;
      double base = wide ? y + 4 : top + 13;
      double space = wide ? 210 : width - Math.min(widestText, 170) - 12;
      canvas.fitted("tx", Anchor.START, wide ? 0 : 2, base, row.label(), space);
      canvas.text("num", Anchor.END, wide ? width : width - 2, base, row.text());
      if (row.drawable(ratio)) {
        interval(canvas, axis, row, y);
      }
    }
    return canvas.finish(bottom + 26, id, title, description(), css);
  }

  private static double labelWidth(String label) {
    return Canvas.widthOf(label, Canvas.TEXT);
  }

  private void interval(Canvas canvas, Axis axis, Row row, double y) {
    double from = axis.at(Math.max(row.low(), axis.low()));
    double to = axis.at(Math.min(row.high(), axis.high()));
    canvas.line("whisker", from, y, to, y);
    end(canvas, from, y, row.low() < axis.low(), -1);
    end(canvas, to, y, row.high() > axis.high(), 1);
    if (axis.holds(row.estimate())) {
      double x = axis.at(row.estimate());
      canvas.rect("dot", x - 4.5, y - 4.5, 9, 9, row.label() + ": " + row.text());
    }
  }

  /** A cap, or an arrow where the interval goes on. */
  private static void end(Canvas canvas, double x, double y, boolean goesOn, int direction) {
    if (goesOn) {
      String d =
          "M%s %sL%s %sL%s %s"
              .formatted(
                  Canvas.number(x - 6 * direction),
                  Canvas.number(y - 4),
                  Canvas.number(x),
                  Canvas.number(y),
                  Canvas.number(x - 6 * direction),
                  Canvas.number(y + 4));
      canvas.path("whisker", d, "");
    } else {
      canvas.line("whisker", x, y - 4, x, y + 4);
    }
  }

  /** An axis over all estimates and all intervals that are not far wider than the others. */
  private Axis axis(double left, double right, int ticks) {
    List<Row> drawn = rows.stream().filter(row -> row.drawable(ratio)).toList();
    double reference = value(ratio ? 1 : 0);
    if (drawn.isEmpty()) {
      return ratio
          ? Axis.logarithmic(0.5, 2, left, right, ticks)
          : Axis.linear(-1, 1, left, right, ticks);
    }
    double[] widths = drawn.stream().mapToDouble(r -> value(r.high()) - value(r.low())).toArray();
    Arrays.sort(widths);
    double most = CUT * Math.max(widths[widths.length / 2], 1e-12);
    double low = reference;
    double high = reference;
    for (Row row : drawn) {
      double estimate = value(row.estimate());
      low = Math.min(low, Math.max(value(row.low()), estimate - most));
      high = Math.max(high, Math.min(value(row.high()), estimate + most));
    }
    double margin = 0.04 * Math.max(high - low, 1e-9);
    low -= margin;
    high += margin;
    return ratio
        ? Axis.logarithmic(Math.exp(low), Math.exp(high), left, right, ticks)
        : Axis.between(low, high, left, right, ticks);
  }

  private double value(double shown) {
    return ratio ? Math.log(shown) : shown;
  }

  private String description() {
    StringBuilder text = new StringBuilder("Estimates with intervals. ");
    for (Row row : rows) {
      text.append(row.label()).append(": ").append(row.text()).append(". ");
    }
    return text.toString().strip();
  }
}
