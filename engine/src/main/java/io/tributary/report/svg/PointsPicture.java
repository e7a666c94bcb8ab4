package io.tributary.report.svg;

import io.tributary.report.svg.Canvas.Anchor;
import io.tributary.report.text.Markup;
import java.util.List;

/**
 * Points side by side in groups along one axis, as of chromosomes; groups in two shades by turns,
 * and named below.
 */
public record PointsPicture(String title, List<Group> groups) implements Picture {
  private static final double RADIUS = 1.7;

  /** One point; only points with a value are drawn. */
  public record Point(double x, Mark y) {}

  /** Points of one group, which lie beyond those of the group before. */
  public record Group(String label, List<Point> points) {
    public Group {
      points = points.stream().filter(point -> point.y().hasValue()).toList();
    }
  }

  public PointsPicture {
    groups = groups.stream().filter(group -> !group.points().isEmpty()).toList();
  }

  @Override
  public Markup draw(double width, String id, String css) {
    Canvas canvas = new Canvas(width);
    double left = 46;
    double right = width - 12;
    double top = 10;
    double bottom = top + (width >= 560 ? 250 : 200);
    double first = Double.POSITIVE_INFINITY;
    double last = Double.NEGATIVE_INFINITY;
    double most = 0;
    for (Group group : groups) {
      for (Point point : group.points()) {
        first = Math.min(first, point.x());
        last = Math.max(last, point.x());
        most = Math.max(most, point.y().value());
      }
    }
    if (groups.isEmpty()) {
      return canvas.finish(bottom + 26, id, title, "No point has a value.", css);
    }
    Axis y = Axis.linear(0, Math.max(most, 1), bottom, top, 4);
    for (double tick : y.ticks()) {
      canvas.line("grid", left, y.at(tick), right, y.at(tick));
      canvas.text("tick", Anchor.END, left - 8, y.at(tick) + 4, y.label(tick));
    }
    canvas.line("axis", left, bottom, right, bottom);
    double span = right - left - 4;
    double extent = last > first ? last - first : 1;
    double named = Double.NEGATIVE_INFINITY;
    for (int g = 0; g < groups.size(); g++) {
      Group group = groups.get(g);
      String shade = g % 2 == 0 ? "dot" : "dot2";
      for (Point point : group.points()) {
        canvas.circle(
            shade,
            left + 2 + (point.x() - first) / extent * span,
            y.at(point.y().value()),
            RADIUS,
            "");
      }
      double from = group.points().get(0).x();
      double to = group.points().get(group.points().size() - 1).x();
      double middle = left + 2 + ((from + to) / 2 - first) / extent * span;
      double half = Canvas.widthOf(group.label(), Canvas.SMALL) / 2;
      if (middle - half > named) {
        canvas.text("tick", Anchor.MIDDLE, middle, bottom + 18, group.label());
        named = middle + half + 4;
      }
    }
    return canvas.finish(bottom + 26, id, title, description(), css);
  }

  private String description() {
    int points = groups.stream().mapToInt(group -> group.points().size()).sum();
    return points + " points in " + groups.size() + " groups.";
  }
}
