package io.tributary.report.svg;

import io.tributary.report.svg.Canvas.Anchor;
import io.tributary.report.text.Markup;
import java.util.ArrayList;
import java.util.List;

/**
 * Points joined by lines or steps.
 *
 * @param step whether a value holds until the next point, as in a survival curve
 */
public record LinesPicture(String title, List<Line> lines, boolean step) implements Picture {
  private static final String[] DASHES = {"", " d1", " d2", " d3"};

  /** One point; without a value the line is broken here. */
  public record Point(double x, Mark y) {}

  /** One group, points in ascending x; the label is "" if there is only one. */
  public record Line(String label, List<Point> points) {
    public Line {
      points = List.copyOf(points);
    }
  }

  public LinesPicture {
    lines = List.copyOf(lines);
  }

  @Override
  public Markup draw(double width, String id, String css) {
    Canvas canvas = new Canvas(width);
    double left = 46;
    double right = width - 12;
    double top = legend(canvas, left) + 6;
    double bottom = top + (width >= 560 ? 250 : 200);
    double[] xs = numbers(true);
    double[] ys = numbers(false);
    double first = least(xs, 0);
    double last = Math.max(most(xs, 1), Math.nextUp(first));
    Axis x = Axis.between(first, last, left, right, width >= 560 ? 8 : 5);
    // From zero, unless the values lie so far from it that their course would be lost.
    boolean zero = least(ys, 0) >= 0 && least(ys, 0) <= 0.75 * most(ys, 1);
    Axis y = Axis.linear(zero ? 0 : least(ys, 0), most(ys, 1), bottom, top, 4);
    for (double tick : y.ticks()) {
      canvas.line("grid", left, y.at(tick), right, y.at(tick));
      canvas.text("tick", Anchor.END, left - 8, y.at(tick) + 4, y.label(tick));
    }
    for (double tick : x.ticks()) {
      canvas.line("axis", x.at(tick), bottom, x.at(tick), bottom + 4);
      canvas.text("tick", Anchor.MIDDLE, x.at(tick), bottom + 18, x.label(tick));
    }
    canvas.line("axis", left, bottom, right, bottom);
    for (int i = 0; i < lines.size(); i++) {
      curve(canvas, x, y, lines.get(i), i);
    }
    return canvas.finish(bottom + 26, id, title, description(), css);
  }

  /** Like the lines themselves, so that colour is not the only sign. */
  private double legend(Canvas canvas, double left) {
    if (lines.size() < 2) {
      return 0;
    }
    double x = left;
    double y = 8;
    for (int i = 0; i < lines.size(); i++) {
      String label = Canvas.fit(lines.get(i).label(), canvas.width() - left - 46, Canvas.TEXT);
      double needed = 34 + Canvas.widthOf(label, Canvas.TEXT) + 16;
      if (x > left && x + needed > canvas.width()) {
        x = left;
        y += 20;
      }
      canvas.line(css(i), x, y, x + 26, y);
      canvas.text("tx", Anchor.START, x + 33, y + 4.5, label);
      x += needed;
    }
    return y + 14;
  }

  private void curve(Canvas canvas, Axis x, Axis y, Line line, int index) {
    StringBuilder d = new StringBuilder();
    boolean joined = false;
    for (Point point : line.points()) {
      String px = Canvas.number(x.at(point.x()));
      if (!point.y().hasValue()) {
        // A step holds until the point whose value is withheld.
        d.append(step && joined ? "H" + px : "");
        joined = false;
        continue;
      }
      String py = Canvas.number(y.at(point.y().value()));
      if (!joined) {
        d.append("M").append(px).append(' ').append(py);
      } else {
        d.append(step ? "H" + px + "V" + py : "L" + px + " " + py);
      }
      joined = true;
    }
    if (!d.isEmpty()) {
      canvas.path(css(index), d.toString(), line.label());
    }
  }

  private static String css(int index) {
    return "l" + index % MOST_GROUPS + DASHES[index % DASHES.length];
  }

  private double[] numbers(boolean ofX) {
    List<Double> numbers = new ArrayList<>();
    for (Line line : lines) {
      for (Point point : line.points()) {
        if (ofX || point.y().hasValue()) {
          numbers.add(ofX ? point.x() : point.y().value());
        }
      }
    }
    return numbers.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static double least(double[] values, double otherwise) {
    return java.util.Arrays.stream(values).min().orElse(otherwise);
  }

  private static double most(double[] values, double otherwise) {
    return java.util.Arrays.stream(values).max().orElse(otherwise);
  }

  private String description() {
    StringBuilder text = new StringBuilder();
    for (Line line : lines) {
      List<Point> points = line.points().stream().filter(p -> p.y().hasValue()).toList();
      text.append(line.label().isEmpty() ? "The line" : line.label());
      if (points.isEmpty()) {
        text.append(" has no values. ");
      } else {
        Point first = points.get(0);
        Point last = points.get(points.size() - 1);
        text.append(" goes from ").append(first.y().text()).append(" to ");
        text.append(last.y().text()).append(" over ").append(points.size()).append(" points. ");
      }
    }
    return text.toString().strip();
  }
}
