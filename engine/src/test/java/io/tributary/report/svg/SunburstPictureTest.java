package io.tributary.report.svg;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.report.svg.Picture.Mark;
import io.tributary.report.svg.SunburstPicture.Arc;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SunburstPictureTest {
  private static Mark shown(double value) {
    return new Mark(value, Integer.toString((int) value), "");
  }

  private static final Mark HIDDEN = new Mark(Picture.NONE, "<5", "count < 5");

  private static String drawn(double width, Mark total, Arc... arcs) {
    return new SunburstPicture("Pathways", total, List.of(arcs)).draw(width, "s", "").finished();
  }

  private static List<String> arcs(String svg) {
    return Stream.of(svg.split("<")).filter(tag -> tag.startsWith("path class=\"arc")).toList();
  }

  @Test
  void anArcIsAsWideAsItsShareAndStandsOverTheStepBefore() {
    for (double width : new double[] {Picture.NARROW, Picture.WIDE}) {
      String svg =
          drawn(
              width,
              shown(400),
              new Arc(List.of("a"), shown(100)),
              new Arc(List.of("a", "b"), shown(50)),
              new Arc(List.of("b"), shown(200)));
      List<String> arcs = arcs(svg);
      assertThat(arcs).hasSize(3);
      double centre = width == Picture.WIDE ? 170 : 150;
      // A quarter from the top ends at three o'clock, an eighth begins at the top as well.
      assertThat(arcs.get(0)).contains(" " + Canvas.number(centre) + "L");
      assertThat(arcs.get(1)).contains("M" + Canvas.number(centre) + " 1A");
      assertThat(svg).contains("a, then b: 50 (12.5 %)").doesNotContain("NaN");
    }
  }

  @Test
  void whatIsWithheldIsNotDrawnNorWhatFollowsIt() {
    String svg =
        drawn(
            Picture.WIDE,
            shown(100),
            new Arc(List.of("a"), HIDDEN),
            new Arc(List.of("a", "b"), shown(50)),
            new Arc(List.of("c"), shown(100)));
    assertThat(arcs(svg)).hasSize(1);
    assertThat(drawn(Picture.NARROW, HIDDEN, new Arc(List.of("a"), shown(9))))
        .doesNotContain("class=\"arc", "NaN");
  }
}
