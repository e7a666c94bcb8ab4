package io.tributary.report.svg;

import io.tributary.report.text.Markup;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/**
 * One SVG picture in the making. Lengths are CSS pixels of its view box; the y axis points down.
 * The first children are {@code title} and {@code desc}, which screen readers speak.
 */
final class Canvas {
  /** Letter size of all text in pictures. */
  static final double TEXT = 12;

  /** Letter size of axis ticks and notes. */
  static final double SMALL = 11;

  private final Markup body = new Markup();
  private final double width;

  Canvas(double width) {
    this.width = width;
  }

  double width() {
    return width;
  }

  /** The picture. Ids must differ between the pictures of one page. */
  Markup finish(double height, String id, String title, String description, String css) {
    return new Markup()
        .open(
            "svg",
            "class",
            css,
            "role",
            "img",
            "aria-labelledby",
            id + "-t " + id + "-d",
            "viewBox",
            "0 0 " + number(width) + " " + number(height),
            "width",
            number(width),
            "height",
            number(height))
        .element("title", title, "id", id + "-t")
        .element("desc", description, "id", id + "-d")
        .add(body)
        .close("svg");
  }

  void line(String css, double x1, double y1, double x2, double y2) {
    body.empty(
        "line",
        "class",
        css,
        "x1",
        number(x1),
        "y1",
        number(y1),
        "x2",
        number(x2),
        "y2",
        number(y2));
  }

  void rect(String css, double x, double y, double w, double h, String tip) {
    shape(
        "rect",
        tip,
        "class",
        css,
        "x",
        number(x),
        "y",
        number(y),
        "width",
        number(Math.max(0, w)),
        "height",
        number(Math.max(0, h)));
  }

  void circle(String css, double x, double y, double r, String tip) {
    shape("circle", tip, "class", css, "cx", number(x), "cy", number(y), "r", number(r));
  }

  void path(String css, String d, String tip) {
    shape("path", tip, "class", css, "d", d);
  }

  /** Text whose start, middle or end lies at x. */
  void text(String css, Anchor anchor, double x, double y, String text) {
    body.element("text", text, "class", css + anchor.css, "x", number(x), "y", number(y));
  }

  /** The same, cut to a width, with the whole text as its tip. */
  void fitted(String css, Anchor anchor, double x, double y, String text, double limit) {
    String shown = fit(text, limit, TEXT);
    body.open("text", "class", css + anchor.css, "x", number(x), "y", number(y)).text(shown);
    if (!shown.equals(text)) {
      body.element("title", text);
    }
    body.close("text");
  }

  /** A text in lines that fit a width, broken between words; the last line is cut if need be. */
  static List<String> wrapped(String text, double limit, double size, int most) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.strip().split("\\s+")) {
      boolean full = widthOf(line + " " + word, size) > limit;
      if (line.length() > 0 && full && lines.size() < most - 1) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.length() == 0 ? "" : " ").append(word);
    }
    lines.add(line.toString());
    lines.replaceAll(each -> fit(each, limit, size));
    return lines;
  }

  private void shape(String tag, String tip, String... attributes) {
    if (tip.isEmpty()) {
      body.empty(tag, attributes);
    } else {
      body.open(tag, attributes).element("title", tip).close(tag);
    }
  }

  /** Where a text is held. */
  enum Anchor {
    START(""),
    MIDDLE(" mid"),
    END(" end");

    private final String css;

    Anchor(String css) {
      this.css = css;
    }
  }

  /** Two decimals of a pixel are enough. */
  static String number(double value) {
    return BigDecimal.valueOf(value)
        .setScale(2, RoundingMode.HALF_EVEN)
        .stripTrailingZeros()
        .toPlainString();
  }

  /** About how wide a text is; there is no font to measure, so this errs on the wide side. */
  static double widthOf(String text, double size) {
    double ems = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ("iljtfI.,:;'|! ()[]".indexOf(c) >= 0) {
        ems += 0.36;
      } else if ("mwMW@%".indexOf(c) >= 0) {
        ems += 0.95;
      } else if (c >= 0x1100) {
        ems += 1;
      } else {
        ems += Character.isUpperCase(c) ? 0.72 : 0.6;
      }
    }
    return ems * size;
  }

  /** The text, or its beginning and an ellipsis. */
  static String fit(String text, double limit, double size) {
    if (widthOf(text, size) <= limit) {
      return text;
    }
    int end = text.length();
    while (end > 1 && widthOf(text.substring(0, end) + "\u2026", size) > limit) {
      end = text.offsetByCodePoints(end, -1);
    }
    return text.substring(0, end).strip() + "\u2026";
  }
}
