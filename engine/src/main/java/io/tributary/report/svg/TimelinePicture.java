package io.tributary.report.svg;

import io.tributary.report.svg.Canvas.Anchor;
import io.tributary.report.text.Digits;
import io.tributary.report.text.Markup;
import java.util.List;

/**
 * When each masked sum was taken: one row an analysis, one block a sum.
 *
 * @param seconds length of the whole time line
 */
public record TimelinePicture(String title, List<Lane> lanes, double seconds) implements Picture {
  /**
   * One sum.
   *
   * @param from seconds after the study's start
   * @param took seconds
   * @param repeated whether it needed more than one attempt
   */
  public record Block(double from, double took, boolean repeated, String tip) {}

  /** One analysis. */
  public record Lane(String label, List<Block> blocks) {
    public Lane {
      blocks = List.copyOf(blocks);
    }
  }

  public TimelinePicture {
    lanes = List.copyOf(lanes);
  }

  @Override
  public Markup draw(double width, String id, String css) {
    Canvas canvas = new Canvas(width);
    boolean wide = width >= 560;
    double widest =
        lanes.stream().mapToDouble(l -> Canvas.widthOf(l.label(), Canvas.TEXT)).max().orElse(0);
    double left = wide ? Math.min(widest, 200) + 14 : 2;
    double right = width - 14;
    double rowHeight = wide ? 24 : 38;
    double bottom = 6 + lanes.size() * rowHeight;
    double unit = unit();
    double span = Math.max(seconds / unit, 1e-3);
    Axis x = Axis.between(0, span, left, right, wide ? 8 : 5);
    for (double tick : x.ticks()) {
      canvas.line("grid", x.at(tick), 2, x.at(tick), bottom);
      String label = x.label(tick) + (tick == 0 ? "" : " " + unitName());
      canvas.text("tick", tick == 0 ? Anchor.START : Anchor.MIDDLE, x.at(tick), bottom + 16, label);
    }
    canvas.line("axis", left, bottom, right, bottom);
    for (int i = 0; i < lanes.size(); i++) {
      Lane lane = lanes.get(i);
      double top = 4 + i * rowHeight;
      double y = wide ? top + 3 : top + 17;
      double space = wide ? 200 : width;
      canvas.fitted("tx", Anchor.START, 0, wide ? y + 12 : top + 12, lane.label(), space);
      blocks(canvas, lane, x, y);
    }
    return canvas.finish(bottom + 24, id, title, description(), css);
  }

  /** One block a sum; what would lie within a pixel of the block before joins it. */
  private void blocks(Canvas canvas, Lane lane, Axis x, double y) {
    double from = 0;
    double to = -1;
    Block last = null;
    int joined = 0;
    for (Block block : lane.blocks()) {
      double start = x.at(block.from() / unit());
      double end = x.at((block.from() + block.took()) / unit());
      boolean joins =
          last != null && last.repeated() == block.repeated() && end - from < 3 && start - to < 1;
      if (!joins) {
        block(canvas, last, joined, from, to, y);
        from = start;
        joined = 0;
      }
      to = Math.max(to, end);
      last = block;
      joined++;
    }
    block(canvas, last, joined, from, to, y);
  }

  private static void block(
      Canvas canvas, Block block, int joined, double from, double to, double y) {
    if (block != null) {
      String tip = joined == 1 ? block.tip() : joined + " sums, the last: " + block.tip();
      String css = block.repeated() ? "again" : "sum";
      canvas.rect(css, from, y, Math.max(1.5, to - from - 1), 14, tip);
    }
  }

  private double unit() {
    return seconds < 180 ? 1 : seconds < 3 * 3600 ? 60 : seconds < 3 * 86_400 ? 3600 : 86_400;
  }

  private String unitName() {
    return seconds < 180 ? "s" : seconds < 3 * 3600 ? "min" : seconds < 3 * 86_400 ? "h" : "d";
  }

  private String description() {
    StringBuilder text = new StringBuilder("Masked sums over ");
    text.append(Digits.single("", seconds, Digits.Style.TYPESET)).append(" seconds. ");
    for (Lane lane : lanes) {
      text.append(lane.label()).append(": ").append(lane.blocks().size()).append(". ");
    }
    return text.toString().strip();
  }
}
