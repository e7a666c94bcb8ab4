package io.tributary.report.svg;

import io.tributary.report.svg.Canvas.Anchor;
import io.tributary.report.text.Markup;
import java.util.List;

/**
 * Horizontal bars over categories, one a group, with their values at the end.
 *
 * @param groups labels; one "" if there are none
 */
public record BarsPicture(String title, List<String> groups, List<Category> categories)
    implements Picture {
  /** One category and a mark for each group. */
  public record Category(String label, List<Mark> marks) {
    public Category {
      marks = List.copyOf(marks);
    }
  }

  public BarsPicture {
    groups = List.copyOf(groups);
    categories = List.copyOf(categories);
    for (Category category : categories) {
      if (category.marks().size() != groups.size()) {
        throw new IllegalArgumentException("a category has one mark for each group");
      }
    }
  }

  @Override
  public Markup draw(double width, String id, String css) {
    Canvas canvas = new Canvas(width);
    boolean wide = width >= 560;
    double widest =
        categories.stream()
            .mapToDouble(c -> Canvas.widthOf(c.label(), Canvas.TEXT))
            .max()
            .orElse(0);
    double left = wide ? Math.min(widest, 220) + 14 : 2;
    double bar = groups.size() > 3 ? 11 : 15;
    double values =
        categories.stream()
            .flatMap(c -> c.marks().stream())
            .mapToDouble(m -> Canvas.widthOf(m.text(), Canvas.SMALL))
            .max()
            .orElse(0);
    Axis x = axis(left, width - values - 12);
    double y = Picture.legend(canvas, groups, left, 2);
    double axisTop = y;
    for (Category category : categories) {
      double middle = y + groups.size() * bar / 2;
      if (wide) {
        canvas.fitted("tx", Anchor.END, left - 12, middle + 4.5, category.label(), 220);
      } else {
        canvas.fitted("tx", Anchor.START, left, y + 11, category.label(), width - 4);
        y += 17;
      }
      for (int g = 0; g < groups.size(); g++) {
        bar(canvas, x, y + g * bar, bar, category, g);
      }
      y += groups.size() * bar + 11;
    }
    if (wide) {
      canvas.line("axis", x.at(0), axisTop - 4, x.at(0), y - 6);
    }
    return canvas.finish(y, id, title, description(), css);
  }

  private void bar(Canvas canvas, Axis x, double y, double height, Category category, int group) {
    Mark mark = category.marks().get(group);
    String name = groups.get(group);
    String tip = mark.tip(category.label() + (name.isEmpty() ? "" : ", " + name));
    double end = x.at(0);
    if (mark.hasValue()) {
      double from = Math.min(x.at(0), x.at(mark.value()));
      end = Math.max(x.at(0), x.at(mark.value()));
      canvas.rect("g" + group % MOST_GROUPS, from, y + 1, end - from, height - 2, tip);
    } else if (!mark.text().isEmpty()) {
      canvas.rect("hid", end + 0.5, y + 1.5, 8, height - 3, tip);
      end += 9;
    }
    canvas.text("tick val", Anchor.START, end + 5, y + height / 2 + 4, mark.text());
  }

  private Axis axis(double from, double to) {
    double low = 0;
    double high = 0;
    for (Category category : categories) {
      for (Mark mark : category.marks()) {
        if (mark.hasValue()) {
          low = Math.min(low, mark.value());
          high = Math.max(high, mark.value());
        }
      }
    }
    // Values stand at the bars, so the axis needs no ticks and may end where the bars end.
    return new Axis(low, high > low ? high : low + 1, from, to, false, List.of());
  }

  private String description() {
    StringBuilder text = new StringBuilder();
    for (Category category : categories) {
      text.append(category.label()).append(": ");
      for (int g = 0; g < groups.size(); g++) {
        String name = groups.get(g);
        text.append(name).append(name.isEmpty() ? "" : " ");
        text.append(category.marks().get(g).text()).append("; ");
      }
    }
    return text.toString().strip();
  }
}
