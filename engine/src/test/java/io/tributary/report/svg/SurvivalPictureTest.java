package io.tributary.report.svg;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.report.svg.SurvivalPicture.Curve;
import io.tributary.report.svg.SurvivalPicture.Point;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SurvivalPictureTest {
  /** A group named 1 with 138 at risk must not be read as 1138. */
  @ParameterizedTest
  @CsvSource({"1, 138, 800", "female, 1204, 800", "placebo, 23, 360", "2, 1000000, 360"})
  void aGroupsNameAndItsFirstCountStandApart(String name, String count, double width) {
    SurvivalPicture picture =
        new SurvivalPicture(
            "Survival",
            List.of(
                new Curve(
                    name,
                    List.of(new Point(0, 1, 1, 1, count), new Point(90, 0.5, 0.4, 0.6, count)))),
            true);

    String svg = picture.draw(width, "f", "").finished();

    double nameEnds = at(svg, name) + Canvas.widthOf(name, Canvas.SMALL);
    double countStarts = at(svg, count) - Canvas.widthOf(count, Canvas.SMALL) / 2;
    assertThat(countStarts).isGreaterThan(nameEnds + 4);
  }

  /** A step says that nobody had the event in between; where that is unknown, there is none. */
  @Test
  void linesJoinValuesBetweenWhichStepsAreLeftOut() {
    List<Curve> curves =
        List.of(
            new Curve("a", List.of(new Point(0, 1, 1, 1, "9"), new Point(90, 0.5, 0.4, 0.6, "9"))));

    String steps = new SurvivalPicture("s", curves, true).draw(800, "f", "").finished();
    String lines = new SurvivalPicture("s", curves, false).draw(800, "f", "").finished();

    assertThat(steps).containsPattern("d=\"M[0-9. ]+H[0-9.]+V[0-9.]+\"").doesNotContain("L");
    assertThat(lines).containsPattern("d=\"M[0-9. ]+L[0-9.]+ [0-9.]+\"");
  }

  /** The x of the first text element that holds this. */
  private static double at(String svg, String text) {
    Matcher found =
        Pattern.compile("<text[^>]* x=\"([0-9.]+)\"[^>]*>" + Pattern.quote(text) + "<")
            .matcher(svg);
    assertThat(found.find()).as(svg).isTrue();
    return Double.parseDouble(found.group(1));
  }
}
