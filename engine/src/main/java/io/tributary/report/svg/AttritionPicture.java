package io.tributary.report.svg;

import io.tributary.report.svg.Canvas.Anchor;
import io.tributary.report.text.Digits;
import io.tributary.report.text.Markup;
import java.util.List;

/**
 * How many are left step by step, as trials draw it (CONSORT 2010): a box a step with a bar of the
 * share of the first one, and beside the arrow to the next how many that one leaves out.
 */
public record AttritionPicture(String title, List<Step> steps) implements Picture {
  private static final double LINE = 16;
  private static final double PAD = 12;
  private static final double ARROW = 34;
  private static final double BAR = 5;
  private static final int MOST_LINES = 3;

  /**
   * One step.
   *
   * @param label what it asks for
   * @param count how many are left after it
   * @param excluded how many it leaves out
   */
  public record Step(String label, Mark count, Mark excluded) {}

  public AttritionPicture {
    steps = List.copyOf(steps);
  }

  @Override
  public Markup draw(double width, String id, String css) {
    Canvas canvas = new Canvas(width);
    boolean wide = width >= 560;
    double box = wide ? 470 : width - 2;
    double counts =
        steps.stream().mapToDouble(s -> Canvas.widthOf(s.count().text(), 15)).max().orElse(0);
    double y = 1;
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      if (i > 0) {
        arrow(canvas, excluded(i), y, wide ? 60 : 24, wide ? box + 24 : 44);
        y += ARROW;
      }
      List<String> words =
          Canvas.wrapped(step.label(), box - counts - 3 * PAD, Canvas.TEXT, MOST_LINES);
      double height = 2 * PAD + words.size() * LINE + BAR;
      String shape = !step.count().hasValue() ? "hid" : i == steps.size() - 1 ? "box last" : "box";
      canvas.rect(shape, 1, y, box, height, step.count().tip(step.label()));
      for (int line = 0; line < words.size(); line++) {
        canvas.text("tx", Anchor.START, 1 + PAD, y + PAD + 10 + line * LINE, words.get(line));
      }
      canvas.text("strong", Anchor.END, box - PAD, y + PAD + 10, step.count().text());
      bar(canvas, step, y + height - PAD, box - 2 * PAD);
      y += height;
    }
    return canvas.finish(y + 2, id, title, description(), css);
  }

  /** From one box to the next, with what is left out on the way. */
  private static void arrow(Canvas canvas, String text, double y, double x, double words) {
    double end = y + ARROW;
    canvas.line("axis", x, y, x, end - 5);
    canvas.path(
        "arrow",
        "M%s %sL%s %sL%s %sZ"
            .formatted(
                Canvas.number(x - 4),
                Canvas.number(end - 7),
                Canvas.number(x + 4),
                Canvas.number(end - 7),
                Canvas.number(x),
                Canvas.number(end - 0.5)),
        "");
    double middle = y + ARROW / 2 - 2;
    canvas.line("axis", x, middle, words - 8, middle);
    canvas.text("tick", Anchor.START, words, middle + 4, text);
  }

  /** What a step leaves out; where that is withheld, what it and those before it do together. */
  private String excluded(int i) {
    Step step = steps.get(i);
    if (step.excluded().hasValue()) {
      return step.excluded().text() + " excluded";
    }
    int before = i - 1;
    while (before >= 0 && !steps.get(before).count().hasValue()) {
      before--;
    }
    if (before < 0 || !step.count().hasValue()) {
      return "excluded: " + step.excluded().text();
    }
    double together = steps.get(before).count().value() - step.count().value();
    return Digits.whole(Math.round(together), Digits.Style.TYPESET)
        + " excluded by these "
        + (i - before)
        + " steps";
  }

  private void bar(Canvas canvas, Step step, double y, double width) {
    double all =
        steps.stream().mapToDouble(s -> s.count().value()).filter(n -> n > 0).max().orElse(0);
    if (all > 0 && step.count().hasValue()) {
      canvas.rect("track", 1 + PAD, y, width, BAR, "");
      canvas.rect("g0", 1 + PAD, y, width * step.count().value() / all, BAR, "");
    }
  }

  private String description() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      text.append(step.label()).append(": ").append(step.count().text());
      text.append(i == 0 ? "" : " (" + excluded(i) + ")").append("; ");
    }
    return text.toString().strip();
  }
}
