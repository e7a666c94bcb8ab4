package io.tributary.report;

import io.tributary.report.svg.AttritionPicture;
import io.tributary.report.svg.BarsPicture;
import io.tributary.report.svg.ForestPicture;
import io.tributary.report.svg.HistogramPicture;
import io.tributary.report.svg.LinesPicture;
import io.tributary.report.svg.Picture;
import io.tributary.report.svg.PointsPicture;
import io.tributary.report.svg.PyramidPicture;
import io.tributary.report.svg.SunburstPicture;
import io.tributary.report.svg.SurvivalPicture;
import io.tributary.report.text.Digits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Turns a {@link Plot} over a table into a {@link Picture}: picks columns, groups rows, words. */
final class PlotPictures {
  /** What is beyond is in the table; a picture of more could not be read. */
  static final int MOST_LINES = 60;

  static final int MOST_POINTS = 4000;

  private static final double MOST_DRAWN = 1e150;
  private static final Digits.Style STYLE = Digits.Style.TYPESET;
  private static final String INTERCEPT = "(Intercept)";

  private final ResultTable table;
  private final CellTexts texts;

  private PlotPictures(ResultTable table) {
    this.table = table;
    this.texts = new CellTexts(table, STYLE);
  }

  /**
   * The picture of a plot.
   *
   * @throws IllegalArgumentException if the table lacks a column the plot names
   */
  static Picture of(Plot plot, ResultTable table) {
    PlotPictures pictures = new PlotPictures(table);
    if (plot instanceof Plot.Forest forest) {
      return pictures.forest(forest);
    }
    if (plot instanceof Plot.Histogram histogram) {
      return pictures.histogram(histogram);
    }
    if (plot instanceof Plot.Bars bars) {
      return pictures.bars(bars);
    }
    if (plot instanceof Plot.Points points) {
      return pictures.points(points);
    }
    if (plot instanceof Plot.Survival survival) {
      return pictures.survival(survival);
    }
    if (plot instanceof Plot.Attrition attrition) {
      return pictures.attrition(attrition);
    }
    if (plot instanceof Plot.Pyramid pyramid) {
      return pictures.pyramid(pyramid);
    }
    if (plot instanceof Plot.Sunburst sunburst) {
      return pictures.sunburst(sunburst);
    }
    return pictures.lines((Plot.Lines) plot);
  }

  /** What the picture leaves out, as a sentence, or "". */
  static String leftOut(Plot plot, ResultTable table) {
    if (plot instanceof Plot.Forest forest) {
      int label = table.column(forest.label());
      boolean intercept = table.rows().stream().anyMatch(row -> isIntercept(row.get(label)));
      long terms = table.rows().stream().filter(row -> !isIntercept(row.get(label))).count();
      return (intercept ? "The intercept is in the table only. " : "") + beyond(terms, MOST_LINES);
    }
    if (plot instanceof Plot.Bars bars) {
      return beyond(new PlotPictures(table).groups(bars.category()).size(), MOST_LINES);
    }
    if (plot instanceof Plot.Points || plot instanceof Plot.Sunburst) {
      return "";
    }
    if (plot instanceof Plot.Pyramid pyramid) {
      PlotPictures pictures = new PlotPictures(table);
      return beyond(pictures.groups(pyramid.group()).size(), 2)
          + beyond(pictures.groups(pyramid.category()).size(), MOST_LINES);
    }
    if (plot instanceof Plot.Attrition) {
      return beyond(table.rows().size(), MOST_LINES);
    }
    String group = plot instanceof Plot.Lines lines ? lines.group() : "";
    group = plot instanceof Plot.Histogram histogram ? histogram.group() : group;
    group = plot instanceof Plot.Survival survival ? survival.group() : group;
    String groups = beyond(new PlotPictures(table).groups(group).size(), Picture.MOST_GROUPS);
    return groups + beyond(table.rows().size(), MOST_POINTS);
  }

  private static String beyond(long count, int most) {
    return count <= most ? "" : "The first " + most + " of " + count + " are drawn. ";
  }

  private ForestPicture forest(Plot.Forest plot) {
    int label = table.column(plot.label());
    int estimate = table.column(plot.estimate());
    int low = table.column(plot.low());
    int high = table.column(plot.high());
    boolean ratio = plot.scale() == Plot.Scale.RATIO;
    List<ForestPicture.Row> rows = new ArrayList<>();
    for (int r = 0; r < table.rows().size() && rows.size() < MOST_LINES; r++) {
      if (isIntercept(table.rows().get(r).get(label))) {
        continue;
      }
      double[] values = {real(r, estimate), real(r, low), real(r, high)};
      boolean complete = Arrays.stream(values).noneMatch(Double::isNaN);
      String text = texts.text(r, estimate);
      if (complete) {
        Digits own = ratio ? ratioDigits(values) : Digits.ofColumn("", values, STYLE);
        String dash = ratio ? "\u2013" : " to ";
        text = own.of(values[0]) + " (" + own.of(values[1]) + dash + own.of(values[2]) + ")";
      }
      rows.add(new ForestPicture.Row(texts.text(r, label), values[0], values[1], values[2], text));
    }
    return new ForestPicture(plot.title(), rows, ratio);
  }

  private static boolean isIntercept(Cell cell) {
    return cell instanceof Cell.Text text && text.value().equals(INTERCEPT);
  }

  /** Two decimals, as journals print ratios, unless they would hide the value. */
  private static Digits ratioDigits(double[] values) {
    boolean usual = Arrays.stream(values).allMatch(v -> v >= 0.1 && v < 1000);
    return usual ? Digits.fixed(2, STYLE) : Digits.ofColumn("", values, STYLE);
  }

  private HistogramPicture histogram(Plot.Histogram plot) {
    int lower = table.column(plot.lower());
    int upper = table.column(plot.upper());
    int count = table.column(plot.count());
    List<HistogramPicture.Panel> panels = new ArrayList<>();
    for (Map.Entry<String, List<Integer>> group : limited(plot.group())) {
      List<HistogramPicture.Bin> bins = new ArrayList<>();
      for (int r : group.getValue()) {
        // A bin whose end is withheld or open has no width to draw.
        if (!Double.isNaN(real(r, lower)) && real(r, upper) > real(r, lower)) {
          bins.add(new HistogramPicture.Bin(real(r, lower), real(r, upper), mark(r, count)));
        }
      }
      panels.add(new HistogramPicture.Panel(group.getKey(), bins));
    }
    return new HistogramPicture(plot.title(), panels);
  }

  private BarsPicture bars(Plot.Bars plot) {
    int value = table.column(plot.value());
    List<String> groups = limited(plot.group()).stream().map(Map.Entry::getKey).toList();
    int group = plot.group().isEmpty() ? -1 : table.column(plot.group());
    List<BarsPicture.Category> categories = new ArrayList<>();
    for (Map.Entry<String, List<Integer>> category : groups(plot.category()).entrySet()) {
      if (categories.size() == MOST_LINES) {
        break;
      }
      Picture.Mark[] marks = new Picture.Mark[groups.size()];
      Arrays.fill(marks, new Picture.Mark(Picture.NONE, "", "no such row"));
      for (int r : category.getValue()) {
        int g = group < 0 ? 0 : groups.indexOf(texts.text(r, group));
        if (g >= 0) {
          marks[g] = mark(r, value);
        }
      }
      categories.add(new BarsPicture.Category(category.getKey(), List.of(marks)));
    }
    return new BarsPicture(plot.title(), groups, categories);
  }

  private LinesPicture lines(Plot.Lines plot) {
    int x = table.column(plot.x());
    int y = table.column(plot.y());
    List<LinesPicture.Line> lines = new ArrayList<>();
    for (Map.Entry<String, List<Integer>> group : limited(plot.group())) {
      List<LinesPicture.Point> points =
          group.getValue().stream()
              .filter(r -> !Double.isNaN(real(r, x)))
              .limit(MOST_POINTS)
              .map(r -> new LinesPicture.Point(real(r, x), mark(r, y)))
              .sorted(Comparator.comparingDouble(LinesPicture.Point::x))
              .toList();
      lines.add(new LinesPicture.Line(group.getKey(), points));
    }
    return new LinesPicture(plot.title(), lines, plot.form() == Plot.Form.STEP);
  }

  private PointsPicture points(Plot.Points plot) {
    int x = table.column(plot.x());
    int y = table.column(plot.y());
    List<PointsPicture.Group> groups = new ArrayList<>();
    groups(plot.group())
        .forEach(
            (label, rows) ->
                groups.add(
                    new PointsPicture.Group(
                        label,
                        rows.stream()
                            .filter(r -> !Double.isNaN(real(r, x)))
                            .map(r -> new PointsPicture.Point(real(r, x), mark(r, y)))
                            .toList())));
    return new PointsPicture(plot.title(), groups);
  }

  private SurvivalPicture survival(Plot.Survival plot) {
    int time = table.column(plot.time());
    int survival = table.column(plot.survival());
    int low = table.column(plot.low());
    int high = table.column(plot.high());
    int risk = table.column(plot.risk());
    List<SurvivalPicture.Curve> curves = new ArrayList<>();
    for (Map.Entry<String, List<Integer>> group : limited(plot.group())) {
      List<SurvivalPicture.Point> points =
          group.getValue().stream()
              .filter(r -> !Double.isNaN(real(r, time)) && !Double.isNaN(real(r, survival)))
              .limit(MOST_POINTS)
              .map(
                  r ->
                      new SurvivalPicture.Point(
                          real(r, time),
                          real(r, survival),
                          real(r, low),
                          real(r, high),
                          Double.isNaN(real(r, risk)) ? "" : texts.text(r, risk)))
              .sorted(Comparator.comparingDouble(SurvivalPicture.Point::time))
              .toList();
      curves.add(new SurvivalPicture.Curve(group.getKey(), points));
    }
    return new SurvivalPicture(plot.title(), curves, plot.form() == Plot.Form.STEP);
  }

  private AttritionPicture attrition(Plot.Attrition plot) {
    int label = table.column(plot.label());
    int count = table.column(plot.count());
    int excluded = table.column(plot.excluded());
    List<AttritionPicture.Step> steps = new ArrayList<>();
    for (int r = 0; r < table.rows().size() && r < MOST_LINES; r++) {
      steps.add(new AttritionPicture.Step(texts.text(r, label), mark(r, count), mark(r, excluded)));
    }
    return new AttritionPicture(plot.title(), steps);
  }

  private PyramidPicture pyramid(Plot.Pyramid plot) {
    int value = table.column(plot.value());
    int group = table.column(plot.group());
    List<String> sides = groups(plot.group()).keySet().stream().limit(2).toList();
    List<PyramidPicture.Band> bands = new ArrayList<>();
    for (Map.Entry<String, List<Integer>> category : groups(plot.category()).entrySet()) {
      Picture.Mark[] marks = new Picture.Mark[2];
      Arrays.fill(marks, new Picture.Mark(Picture.NONE, "", "no such row"));
      for (int r : category.getValue()) {
        int side = sides.indexOf(texts.text(r, group));
        if (side >= 0) {
          marks[side] = mark(r, value);
        }
      }
      if (bands.size() < MOST_LINES) {
        bands.add(new PyramidPicture.Band(category.getKey(), marks[0], marks[1]));
      }
    }
    return new PyramidPicture(
        plot.title(),
        sides.isEmpty() ? "" : sides.get(0),
        sides.size() < 2 ? "" : sides.get(1),
        bands);
  }

  private SunburstPicture sunburst(Plot.Sunburst plot) {
    int pathway = table.column(plot.pathway());
    int step = table.column(plot.step());
    int count = table.column(plot.count());
    Picture.Mark total = new Picture.Mark(Picture.NONE, "", "no such row");
    List<SunburstPicture.Arc> arcs = new ArrayList<>();
    for (int r = 0; r < table.rows().size(); r++) {
      if (real(r, step) > 0) {
        List<String> steps = List.of(texts.text(r, pathway).split("-"));
        arcs.add(new SunburstPicture.Arc(steps, mark(r, count)));
      } else {
        total = mark(r, count);
      }
    }
    return new SunburstPicture(plot.title(), total, arcs);
  }

  private List<Map.Entry<String, List<Integer>>> limited(String column) {
    return groups(column).entrySet().stream().limit(Picture.MOST_GROUPS).toList();
  }

  /** Row numbers by the column's text, in order of appearance; one group "" for no column. */
  private Map<String, List<Integer>> groups(String column) {
    Map<String, List<Integer>> groups = new LinkedHashMap<>();
    int index = column.isEmpty() ? -1 : table.column(column);
    IntStream.range(0, table.rows().size())
        .filter(r -> index < 0 || !texts.text(r, index).equals(Plot.ALL))
        .forEach(
            r ->
                groups
                    .computeIfAbsent(index < 0 ? "" : texts.text(r, index), k -> new ArrayList<>())
                    .add(r));
    return groups;
  }

  private Picture.Mark mark(int row, int column) {
    Cell cell = table.rows().get(row).get(column);
    return new Picture.Mark(
        real(row, column),
        texts.text(row, column),
        cell.status() == Cell.Status.OK ? "" : cell.reason());
  }

  /** The cell's number, NaN if it has none. */
  private double real(int row, int column) {
    Cell cell = table.rows().get(row).get(column);
    if (cell instanceof Cell.Real real) {
      double size = Math.abs(real.value());
      // Beyond this a length of an axis could overflow or vanish.
      return size > MOST_DRAWN ? Picture.NONE : size < 1 / MOST_DRAWN ? 0 : real.value();
    }
    return cell instanceof Cell.Whole whole ? (double) whole.value() : Picture.NONE;
  }
}
