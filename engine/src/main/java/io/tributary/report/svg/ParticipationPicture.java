package io.tributary.report.svg;

import io.tributary.report.svg.Canvas.Anchor;
import io.tributary.report.text.Markup;
import java.util.List;

/** Who was in which sum: one row a site, one cell a masked sum, in the order they were taken. */
public record ParticipationPicture(String title, List<Site> sites) implements Picture {
  /** A site's part in one sum. */
  public enum Part {
    IN("in this sum", "in"),
    DROPPED("dropped out of this sum", "out"),
    ABSENT("not in the roster", "away");

    private final String words;
    private final String css;

    Part(String words, String css) {
      this.words = words;
      this.css = css;
    }
  }

  /**
   * One site.
   *
   * @param parts one for each sum
   * @param words e.g. {@code 14 of 14 sums}
   */
  public record Site(String label, String words, List<Part> parts) {
    public Site {
      parts = List.copyOf(parts);
    }
  }

  public ParticipationPicture {
    sites = List.copyOf(sites);
  }

  @Override
  public Markup draw(double width, String id, String css) {
    Canvas canvas = new Canvas(width);
    boolean wide = width >= 560;
    double widest =
        sites.stream().mapToDouble(s -> Canvas.widthOf(s.label(), Canvas.TEXT)).max().orElse(0);
    double words =
        sites.stream().mapToDouble(s -> Canvas.widthOf(s.words(), Canvas.SMALL)).max().orElse(0);
    double left = wide ? Math.min(widest, 200) + 14 : 0;
    double right = wide ? width - words - 14 : width;
    int sums = sites.stream().mapToInt(s -> s.parts().size()).max().orElse(0);
    double cell = sums == 0 ? 0 : Math.min(24, (right - left) / sums);
    double gap = cell > 6 ? 2 : cell > 3 ? 1 : 0;
    double rowHeight = wide ? 24 : 40;
    for (int i = 0; i < sites.size(); i++) {
      Site site = sites.get(i);
      double top = 2 + i * rowHeight;
      double y = wide ? top + 2 : top + 18;
      double space = wide ? 200 : width - words - 8;
      canvas.fitted("tx", Anchor.START, 0, wide ? y + 13 : top + 12, site.label(), space);
      canvas.text("tick", Anchor.END, width, wide ? y + 13 : top + 12, site.words());
      for (int s = 0; s < site.parts().size(); s++) {
        Part part = site.parts().get(s);
        String tip = site.label() + ", sum " + (s + 1) + ": " + part.words;
        double inset = part == Part.IN ? 0 : 0.75;
        canvas.rect(
            part.css,
            left + s * cell + inset,
            y + inset,
            cell - gap - 2 * inset,
            16 - 2 * inset,
            tip);
      }
    }
    return canvas.finish(4 + sites.size() * rowHeight, id, title, description(), css);
  }

  private String description() {
    StringBuilder text = new StringBuilder();
    for (Site site : sites) {
      text.append(site.label()).append(": ").append(site.words()).append(". ");
    }
    return text.toString().strip();
  }
}
