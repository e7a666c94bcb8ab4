package io.tributary.report.svg;

import io.tributary.report.svg.Canvas.Anchor;
import io.tributary.report.text.Markup;
import java.util.List;

/**
 * Survival curves, their limits as bands, and persons at risk below the axis at its ticks: those at
 * risk after the last step shown up to the tick.
 *
 * @param step whether a value holds until the next; else lines join them
 */
public record SurvivalPicture(String title, List<Curve> curves, boolean step) implements Picture {
  /** Where a group's name starts, after its line. */
  private static final double NAME = 28;

  private static final double GAP = 8;
  private static final String[] DASHES = {"", " d1", " d2", " d3"};

  /**
   * One step: values hold from the time on.
   *
   * @param low lower limit, or {@link Picture#NONE}
   * @param high upper limit, or NONE
   * @param risk persons at risk just before the step, as text; "" if unknown
   */
  public record Point(double time, double survival, double low, double high, String risk) {}

  /** One group, points in ascending time; the label is "" if there is only one. */
  public record Curve(String label, List<Point> points) {
    public Curve {
      points = List.copyOf(points);
    }
  }

  public SurvivalPicture {
    curves = List.copyOf(curves);
  }

  @Override
  public Markup draw(double width, String id, String css) {
    Canvas canvas = new Canvas(width);
    double widest = 0;
    double counts = 0;
    for (Curve curve : curves) {
      widest = Math.max(widest, Canvas.widthOf(curve.label(), Canvas.TEXT));
      counts = Math.max(counts, Canvas.widthOf(after(curve, 0), Canvas.SMALL));
    }
    double names = Math.min(widest, width / 4);
    // The first count is centred below the axis' left end and must not touch the group's name.
    double left = Math.max(46, NAME + names + 4 + GAP + counts / 2);
    double right = width - 16;
    double top = 10;
    double bottom = top + (width >= 560 ? 260 : 210);
    double last = 1;
    for (Curve curve : curves) {
      for (Point point : curve.points()) {
        last = Math.max(last, point.time());
      }
    }
    Axis x = Axis.between(0, last, left, right, width >= 560 ? 7 : 4);
    Axis y = Axis.linear(0, 1, bottom, top, 4);
    for (double tick : y.ticks()) {
      canvas.line("grid", left, y.at(tick), right, y.at(tick));
      canvas.text("tick", Anchor.END, left - 8, y.at(tick) + 4, y.label(tick));
    }
    for (double tick : x.ticks()) {
      canvas.line("axis", x.at(tick), bottom, x.at(tick), bottom + 4);
      canvas.text("tick", Anchor.MIDDLE, x.at(tick), bottom + 18, x.label(tick));
    }
    canvas.line("axis", left, bottom, right, bottom);
    for (int i = 0; i < curves.size(); i++) {
      band(canvas, x, y, curves.get(i), i);
    }
    for (int i = 0; i < curves.size(); i++) {
      line(canvas, x, y, curves.get(i), i);
    }
    return canvas.finish(risk(canvas, x, bottom + 40, names), id, title, description(), css);
  }

  private void band(Canvas canvas, Axis x, Axis y, Curve curve, int index) {
    List<Point> points =
        curve.points().stream()
            .filter(point -> !Double.isNaN(point.low()) && !Double.isNaN(point.high()))
            .toList();
    if (points.size() < 2) {
      return;
    }
    StringBuilder d = new StringBuilder();
    for (int i = 0; i < points.size(); i++) {
      String px = Canvas.number(x.at(points.get(i).time()));
      String py = Canvas.number(y.at(points.get(i).high()));
      d.append(i == 0 ? "M" + px + " " + py : to(px, py));
    }
    for (int i = points.size() - 1; i >= 0; i--) {
      String px = Canvas.number(x.at(points.get(i).time()));
      String py = Canvas.number(y.at(points.get(i).low()));
      // Backwards a step's value holds from the next time to its own.
      d.append(step ? "V" + py + "H" + px : "L" + px + " " + py);
    }
    canvas.path("g" + index % MOST_GROUPS + " band", d.append("Z").toString(), "");
  }

  private void line(Canvas canvas, Axis x, Axis y, Curve curve, int index) {
    StringBuilder d = new StringBuilder();
    for (Point point : curve.points()) {
      String px = Canvas.number(x.at(point.time()));
      String py = Canvas.number(y.at(point.survival()));
      d.append(d.isEmpty() ? "M" + px + " " + py : to(px, py));
    }
    if (!d.isEmpty()) {
      canvas.path(css(index), d.toString(), curve.label());
    }
  }

  private String to(String px, String py) {
    return step ? "H" + px + "V" + py : "L" + px + " " + py;
  }

  /** The table below; it is the legend as well. */
  private double risk(Canvas canvas, Axis x, double top, double names) {
    canvas.text("tick", Anchor.START, 0, top, "At risk");
    double at = top;
    for (int i = 0; i < curves.size(); i++) {
      Curve curve = curves.get(i);
      at += 20;
      canvas.line(css(i), 0, at - 4, 22, at - 4);
      canvas.fitted("tick", Anchor.START, NAME, at, curve.label(), names + 4);
      for (double tick : x.ticks()) {
        canvas.text("tick", Anchor.MIDDLE, x.at(tick), at, after(curve, tick));
      }
    }
    return at + 10;
  }

  /** Persons at risk before the first step after a time. */
  private static String after(Curve curve, double time) {
    for (Point point : curve.points()) {
      if (point.time() > time) {
        return point.risk();
      }
    }
    return "";
  }

  private static String css(int index) {
    return "l" + index % MOST_GROUPS + DASHES[index % DASHES.length];
  }

  private String description() {
    StringBuilder text = new StringBuilder();
    for (Curve curve : curves) {
      text.append(curve.label().isEmpty() ? "Survival" : curve.label());
      if (curve.points().isEmpty()) {
        text.append(" has no values. ");
      } else {
        Point last = curve.points().get(curve.points().size() - 1);
        text.append(" falls to ").append(Math.round(1000 * last.survival()) / 10.0);
        text.append(" % at ").append(last.time()).append(". ");
      }
    }
    return text.toString().strip();
  }
}
