package io.tributary.report.svg;

import io.tributary.report.svg.Canvas.Anchor;
import io.tributary.report.text.Markup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Pathways as rings, the first step inside: an arc is as wide as the share of persons whose pathway
 * begins so. Where a ring has a gap persons have no further step, or their step is withheld.
 *
 * @param total all persons
 * @param arcs a pathway before those that go on from it
 */
public record SunburstPicture(String title, Mark total, List<Arc> arcs) implements Picture {
  private static final double LINE = 20;

  /**
   * A pathway.
   *
   * @param steps one or more
   * @param count persons whose pathway begins so
   */
  public record Arc(List<String> steps, Mark count) {
    public Arc {
      steps = List.copyOf(steps);
    }

    String last() {
      return steps.get(steps.size() - 1);
    }

    String words() {
      return String.join(", then ", steps);
    }
  }

  public SunburstPicture {
    arcs = List.copyOf(arcs);
  }

  @Override
  public Markup draw(double width, String id, String css) {
    Canvas canvas = new Canvas(width);
    boolean wide = width >= 560;
    double size = wide ? 340 : Math.min(width, 300);
    double centre = size / 2;
    int rings = arcs.stream().mapToInt(arc -> arc.steps().size()).max().orElse(1);
    double inner = size * 0.13;
    double ring = (size / 2 - 1 - inner) / rings;
    // Where the arcs of a pathway's next steps go on, by its depth; 0 is everybody.
    double[] next = new double[rings + 2];
    for (Arc arc : drawn()) {
      int depth = arc.steps().size();
      double from = next[depth];
      double to = from + Math.max(0, arc.count().value()) / total.value();
      next[depth] = to;
      next[depth + 1] = from;
      double radius = inner + (depth - 1) * ring;
      canvas.path(
          "arc " + colour(arc.last()),
          sector(centre, radius, radius + ring, from, Math.min(to, 1)),
          arc.count().tip(arc.words()));
    }
    canvas.text("strong", Anchor.MIDDLE, centre, centre + 5, total.text());
    double left = wide ? size + 28 : 2;
    double y = legend(canvas, left, wide ? 4 : size + 14);
    return canvas.finish(Math.max(size, y), id, title, description(), css);
  }

  /** Those with a value below one with a value; nothing if the total is withheld. */
  private List<Arc> drawn() {
    List<Arc> drawn = new ArrayList<>();
    for (Arc arc : arcs) {
      boolean shown = total.hasValue() && total.value() > 0 && arc.count().hasValue();
      int depth = arc.steps().size();
      boolean below =
          depth == 1
              || drawn.stream()
                  .anyMatch(each -> each.steps().equals(arc.steps().subList(0, depth - 1)));
      if (shown && below) {
        drawn.add(arc);
      }
    }
    return drawn;
  }

  /** Treatments in the order in which they first stand in the table; most have their own colour. */
  private List<String> treatments() {
    return arcs.stream().map(Arc::last).distinct().toList();
  }

  private String colour(String treatment) {
    int number = treatments().indexOf(treatment);
    return number < MOST_GROUPS - 1 ? "g" + number : "g" + (MOST_GROUPS - 1);
  }

  private double legend(Canvas canvas, double left, double top) {
    List<String> names = treatments();
    double y = top;
    for (int i = 0; i < names.size() && i < MOST_GROUPS; i++) {
      boolean others = i == MOST_GROUPS - 1 && names.size() > MOST_GROUPS;
      canvas.rect(colour(names.get(i)), left, y, 12, 12, "");
      String label = others ? "others" : names.get(i);
      canvas.fitted("tx", Anchor.START, left + 18, y + 10.5, label, canvas.width() - left - 20);
      y += LINE;
    }
    y += 6;
    List<Arc> most =
        drawn().stream()
            .sorted(Comparator.comparingDouble((Arc arc) -> arc.count().value()).reversed())
            .limit(MOST_GROUPS)
            .toList();
    for (Arc arc : most) {
      String share =
          String.format(Locale.ROOT, "%.1f", 100 * arc.count().value() / total.value()) + " %";
      String text = arc.words() + ": " + arc.count().text() + " (" + share + ")";
      canvas.fitted("tick", Anchor.START, left, y + 10.5, text, canvas.width() - left - 2);
      y += LINE - 3;
    }
    return y;
  }

  /** A piece of a ring, clockwise from the top; ends are shares of the whole turn. */
  private static String sector(double centre, double inner, double outer, double from, double to) {
    // A whole turn has no direction, so it ends just before its beginning.
    double end = Math.min(to, from + 0.99999);
    String large = end - from > 0.5 ? "1" : "0";
    return "M"
        + at(centre, outer, from)
        + "A"
        + radius(outer)
        + " 0 "
        + large
        + " 1 "
        + at(centre, outer, end)
        + "L"
        + at(centre, inner, end)
        + "A"
        + radius(inner)
        + " 0 "
        + large
        + " 0 "
        + at(centre, inner, from)
        + "Z";
  }

  private static String radius(double radius) {
    return Canvas.number(radius) + " " + Canvas.number(radius);
  }

  private static String at(double centre, double radius, double turn) {
    double angle = 2 * Math.PI * turn;
    return Canvas.number(centre + radius * Math.sin(angle))
        + " "
        + Canvas.number(centre - radius * Math.cos(angle));
  }

  private String description() {
    StringBuilder text = new StringBuilder("all: " + total.text() + "; ");
    for (Arc arc : arcs) {
      text.append(arc.words()).append(": ").append(arc.count().text()).append("; ");
    }
    return text.toString().strip();
  }
}
