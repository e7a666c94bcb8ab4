package io.tributary.report.svg;

import io.tributary.report.svg.Canvas.Anchor;
import io.tributary.report.text.Digits;
import io.tributary.report.text.Markup;
import java.util.List;

/**
 * Bars over intervals, one panel a group on a common scale. If the intervals differ in width,
 * heights are counts per unit, so that areas stay comparable.
 */
public record HistogramPicture(String title, List<Panel> panels) implements Picture {
  /** One interval [lower, upper). */
  public record Bin(double lower, double upper, Mark count) {}

  /** One group; the label is "" if there is only one. */
  public record Panel(String label, List<Bin> bins) {
    public Panel {
      bins = List.copyOf(bins);
    }
  }

  public HistogramPicture {
    panels = List.copyOf(panels);
  }

  @Override
  public Markup draw(double width, String id, String css) {
    Canvas canvas = new Canvas(width);
    double left = 46;
    double right = width - 8;
    double panelHeight = panels.size() == 1 ? 170 : 104;
    Axis x = Axis.between(lowest(), highest(), left, right, width >= 560 ? 10 : 5);
    double top = 4;
    for (int i = 0; i < panels.size(); i++) {
      Panel panel = panels.get(i);
      if (!panel.label().isEmpty()) {
        canvas.fitted("tx strong", Anchor.START, left, top + 12, panel.label(), right - left);
        top += 20;
      }
      int wanted = panels.size() == 1 ? 5 : 3;
      Axis y = Axis.between(0, tallest() * 1.04, top + panelHeight, top + 4, wanted);
      for (double tick : y.ticks()) {
        canvas.line("grid", left, y.at(tick), right, y.at(tick));
        canvas.text("tick", Anchor.END, left - 8, y.at(tick) + 4, y.label(tick));
      }
      for (Bin bin : panel.bins()) {
        bar(canvas, x, y, bin, "g" + i % MOST_GROUPS);
      }
      canvas.line("axis", left, y.at(0), right, y.at(0));
      top += panelHeight + 12;
    }
    for (double tick : x.ticks()) {
      canvas.text("tick", Anchor.MIDDLE, x.at(tick), top + 6, x.label(tick));
      canvas.line("axis", x.at(tick), top - 12, x.at(tick), top - 8);
    }
    return canvas.finish(top + 14, id, title, description(), css);
  }

  private void bar(Canvas canvas, Axis x, Axis y, Bin bin, String css) {
    double from = x.at(bin.lower()) + 0.5;
    double to = x.at(bin.upper()) - 0.5;
    String tip = bin.count().tip(label(bin));
    if (bin.count().hasValue()) {
      double at = y.at(height(bin));
      canvas.rect(css, from, at, to - from, y.at(0) - at, tip);
    } else {
      // A small open bar: its height says nothing, that it is there says "not zero, not told".
      canvas.rect("hid", from + 0.5, y.at(0) - 7, to - from - 1, 7, tip);
    }
  }

  private double height(Bin bin) {
    return equalWidths() ? bin.count().value() : bin.count().value() / (bin.upper() - bin.lower());
  }

  /** Whether heights are counts; else they are counts per unit. */
  public boolean equalWidths() {
    double[] widths =
        panels.stream()
            .flatMap(p -> p.bins().stream())
            .mapToDouble(b -> b.upper() - b.lower())
            .toArray();
    double low = Double.MAX_VALUE;
    double high = 0;
    for (double width : widths) {
      low = Math.min(low, width);
      high = Math.max(high, width);
    }
    return high - low <= 1e-6 * high;
  }

  private double lowest() {
    return bins().mapToDouble(Bin::lower).min().orElse(0);
  }

  private double highest() {
    return bins().mapToDouble(Bin::upper).max().orElse(1);
  }

  private double tallest() {
    double most =
        bins().filter(b -> b.count().hasValue()).mapToDouble(this::height).max().orElse(1);
    return most > 0 ? most : 1;
  }

  private java.util.stream.Stream<Bin> bins() {
    return panels.stream().flatMap(p -> p.bins().stream());
  }

  private static String label(Bin bin) {
    return Digits.single("", bin.lower(), Digits.Style.TYPESET)
        + " to "
        + Digits.single("", bin.upper(), Digits.Style.TYPESET);
  }

  private String description() {
    StringBuilder text = new StringBuilder();
    for (Panel panel : panels) {
      text.append(panel.label().isEmpty() ? "Counts" : panel.label()).append(": ");
      for (Bin bin : panel.bins()) {
        text.append(label(bin)).append(": ").append(bin.count().text()).append("; ");
      }
    }
    return text.toString().strip();
  }
}
