package io.tributary.report.svg;

import io.tributary.report.text.Markup;
import java.util.List;

/** A picture that can be drawn at any width. */
public sealed interface Picture
    permits ForestPicture,
        HistogramPicture,
        BarsPicture,
        LinesPicture,
        PointsPicture,
        SurvivalPicture,
        AttritionPicture,
        PyramidPicture,
        SunburstPicture,
        ParticipationPicture,
        TimelinePicture {
  /** Width for screens and A4. */
  double WIDE = 756;

  /** Width for a phone of 360 pixels, its margins taken off. */
  double NARROW = 328;

  /** How many groups have a colour and mark of their own. */
  int MOST_GROUPS = 8;

  /** A bar or point without a value. */
  double NONE = Double.NaN;

  /**
   * Draws.
   *
   * @param width in pixels
   * @param id unique on the page
   */
  Markup draw(double width, String id, String css);

  /** Both widths; the style sheet shows one of them. */
  default Markup both(String id) {
    return new Markup()
        .add(draw(WIDE, id + "-w", "pic wide"))
        .line()
        .add(draw(NARROW, id + "-n", "pic narrow"));
  }

  /**
   * One value with the text people read for it.
   *
   * @param value to draw, or {@link #NONE}
   * @param text e.g. {@code 212} or {@code <5}
   * @param why the rule or reason if there is no value, else ""
   */
  record Mark(double value, String text, String why) {
    public boolean hasValue() {
      return !Double.isNaN(value);
    }

    /** For a tip: label, text and reason. */
    String tip(String label) {
      return label + ": " + text + (why.isEmpty() ? "" : " (" + why + ")");
    }
  }

  /** Labels of the groups, drawn as a legend if there are two or more. */
  static double legend(Canvas canvas, List<String> groups, double left, double top) {
    if (groups.size() < 2) {
      return top;
    }
    double x = left;
    double y = top;
    for (int i = 0; i < groups.size(); i++) {
      String label = Canvas.fit(groups.get(i), canvas.width() - left - 24, Canvas.TEXT);
      double needed = 20 + Canvas.widthOf(label, Canvas.TEXT) + 16;
      if (x > left && x + needed > canvas.width()) {
        x = left;
        y += 20;
      }
      canvas.rect("g" + i % MOST_GROUPS, x, y, 12, 12, "");
      canvas.text("tx", Canvas.Anchor.START, x + 18, y + 10.5, label);
      x += needed;
    }
    return y + 26;
  }
}
