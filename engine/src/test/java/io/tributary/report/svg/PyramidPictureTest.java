package io.tributary.report.svg;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.report.svg.Picture.Mark;
import io.tributary.report.svg.PyramidPicture.Band;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PyramidPictureTest {
  private static Mark shown(double value) {
    return new Mark(value, Integer.toString((int) value), "");
  }

  @Test
  void bothSidesHaveOneScaleAndTheFirstBandIsBelow() {
    PyramidPicture picture =
        new PyramidPicture(
            "Persons",
            "male",
            "female",
            List.of(
                new Band("20 - 29", shown(100), shown(50)),
                new Band("30 - 39", new Mark(Picture.NONE, "<5", "count < 5"), shown(100))));
    for (double width : new double[] {Picture.NARROW, Picture.WIDE}) {
      String svg = picture.draw(width, "p", "").finished();
      List<String> bars =
          Stream.of(svg.split("<")).filter(tag -> tag.startsWith("rect class=\"g")).toList();
      assertThat(bars).hasSize(3);
      String longest = bars.get(0).replaceAll(".*width=\"([0-9.]+)\".*", "$1");
      assertThat(bars.get(1)).contains("width=\"" + longest + "\"");
      assertThat(bars.get(2)).contains(half(longest));
      assertThat(svg).contains(">&lt;5<", "class=\"hid\"").doesNotContain("NaN");
      assertThat(svg.indexOf(">30 - 39<")).isLessThan(svg.indexOf(">20 - 29<"));
    }
  }

  private static String half(String length) {
    return "width=\"" + Canvas.number(Double.parseDouble(length) / 2) + "\"";
  }
}
