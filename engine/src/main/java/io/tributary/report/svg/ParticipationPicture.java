package io.tributary.report.svg;

import io.tributary.report.svg.Canvas.Anchor;
import io.tributary.report.text.Markup;
import java.util.List;

/** Who was in which sum: one row a site, one cell a masked sum, in the order they were taken. */
public record ParticipationPicture(String title, List<Site> sites) implements Picture {
  private static final double THIN = 3;

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
    double rowHeight = wide ? 24 : 40;
    for (int i = 0; i < sites.size(); i++) {
      Site site = sites.get(i);
      double top = 2 + i * rowHeight;
      double y = wide ? top + 2 : top + 18;
      double space = wide ? 200 : width - words - 8;
      canvas.fitted("tx", Anchor.START, 0, wide ? y + 13 : top + 12, site.label(), space);
      canvas.text("tick", Anchor.END, width, wide ? y + 13 : top + 12, site.words());
      cells(canvas, site, left, y, cell);
    }
    return canvas.finish(4 + sites.size() * rowHeight, id, title, description(), css);
  }

  /** One rectangle a sum, or a run of equal sums where a single one would be too thin to see. */
  private static void cells(Canvas canvas, Site site, double left, double y, double cell) {
    double gap = cell > 6 ? 2 : cell > THIN ? 1 : 0;
    int start = 0;
    while (start < site.parts().size()) {
      Part part = site.parts().get(start);
      int end = start + 1;
      while (cell <= THIN && end < site.parts().size() && site.parts().get(end) == part) {
        end++;
      }
      String sums = end == start + 1 ? "sum " + end : "sums " + (start + 1) + " to " + end;
      double inset = part == Part.IN ? 0 : 0.75;
      double width = (end - start) * cell - gap - 2 * inset;
      String tip = site.label() + ", " + sums + ": " + part.words;
      canvas.rect(part.css, left + start * cell + inset, y + inset, width, 16 - 2 * inset, tip);
      start = end;
    }
  }

  private String description() {
    StringBuilder text = new StringBuilder();
    for (Site site : sites) {
      text.append(site.label()).append(": ").append(site.words()).append(". ");
    }
    return text.toString().strip();
  }
}
