package io.tributary.report.svg;

import io.tributary.report.svg.Canvas.Anchor;
import io.tributary.report.text.Markup;
import java.util.List;

/**
 * Two groups back to back over ordered categories, the first row at the bottom: persons by age and
 * sex, as demographers draw it. Both sides have one scale.
 *
 * @param left label of the group drawn to the left
 * @param right that of the other
 * @param bands in the order of the table
 */
public record PyramidPicture(String title, String left, String right, List<Band> bands)
    implements Picture {
  private static final double BAR = 17;
  private static final double GAP = 4;
  private static final double PAD = 8;

  /** Wider bars would not be easier to compare. */
  private static final double MOST_WIDTH = 620;

  /** One category. */
  public record Band(String label, Mark left, Mark right) {}

  public PyramidPicture {
    bands = List.copyOf(bands);
  }

  @Override
  public Markup draw(double width, String id, String css) {
    Canvas canvas = new Canvas(width);
    double labels = 2 * PAD + widest(bands.stream().map(Band::label).toList(), Canvas.TEXT);
    double values =
        6
            + widest(
                bands.stream()
                    .flatMap(b -> List.of(b.left().text(), b.right().text()).stream())
                    .toList(),
                Canvas.SMALL);
    double used = Math.min(width, MOST_WIDTH);
    double half = (used - labels) / 2;
    double side = Math.max(10, half - values);
    double most =
        bands.stream()
            .flatMap(b -> List.of(b.left(), b.right()).stream())
            .filter(Mark::hasValue)
            .mapToDouble(Mark::value)
            .max()
            .orElse(0);
    double scale = most > 0 ? side / most : 0;
    canvas.text("tx", Anchor.END, half, 12, left);
    canvas.text("tx", Anchor.START, half + labels, 12, right);
    double y = 22;
    for (int i = bands.size() - 1; i >= 0; i--) {
      Band band = bands.get(i);
      canvas.text("tx", Anchor.MIDDLE, used / 2, y + 13, band.label());
      double end =
          half
              - bar(
                  canvas,
                  true,
                  half,
                  y,
                  scale,
                  band.left(),
                  band.left().tip(band.label() + ", " + left));
      canvas.text("tick val", Anchor.END, end - 4, y + 13, band.left().text());
      double from = half + labels;
      end =
          from
              + bar(
                  canvas,
                  false,
                  from,
                  y,
                  scale,
                  band.right(),
                  band.right().tip(band.label() + ", " + right));
      canvas.text("tick val", Anchor.START, end + 4, y + 13, band.right().text());
      y += BAR + GAP;
    }
    return canvas.finish(y, id, title, description(), css);
  }

  private static double widest(List<String> texts, double size) {
    return texts.stream().mapToDouble(text -> Canvas.widthOf(text, size)).max().orElse(0);
  }

  /** Draws a bar from x to the left or the right; its length. */
  private static double bar(
      Canvas canvas, boolean toLeft, double x, double y, double scale, Mark mark, String tip) {
    if (!mark.hasValue()) {
      if (mark.text().isEmpty()) {
        return 0;
      }
      canvas.rect("hid", toLeft ? x - 9 : x + 1, y + 1.5, 8, BAR - 3, tip);
      return 9;
    }
    double length = scale * Math.max(0, mark.value());
    canvas.rect(toLeft ? "g0" : "g1", toLeft ? x - length : x, y, length, BAR, tip);
    return length;
  }

  private String description() {
    StringBuilder text = new StringBuilder();
    for (Band band : bands) {
      text.append(band.label()).append(": ");
      text.append(left).append(' ').append(band.left().text()).append(", ");
      text.append(right).append(' ').append(band.right().text()).append("; ");
    }
    return text.toString().strip();
  }
}
