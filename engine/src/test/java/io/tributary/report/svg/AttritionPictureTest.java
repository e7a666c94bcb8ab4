package io.tributary.report.svg;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.report.svg.AttritionPicture.Step;
import io.tributary.report.svg.Picture.Mark;
import java.util.List;
import org.junit.jupiter.api.Test;

class AttritionPictureTest {
  private static Mark shown(double value) {
    return new Mark(value, Integer.toString((int) value), "");
  }

  private static final Mark HIDDEN = new Mark(Picture.NONE, "withheld", "count below 5");

  private static String drawn(double width, Step... steps) {
    return new AttritionPicture("Persons", List.of(steps)).draw(width, "f", "").finished();
  }

  @Test
  void eachArrowSaysWhatAStepLeavesOut() {
    String svg =
        drawn(
            Picture.WIDE,
            new Step("entry", shown(900), shown(0)),
            new Step("adults", shown(800), shown(100)));
    assertThat(svg).contains(">900<", ">800<", ">100 excluded<").doesNotContain(">0 excluded<");
  }

  /** What two steps leave out together is told by those on both sides of them. */
  @Test
  void withheldStepsAreToldTogether() {
    String svg =
        drawn(
            Picture.NARROW,
            new Step("entry", shown(900), shown(0)),
            new Step("adults", HIDDEN, HIDDEN),
            new Step("women", shown(300), HIDDEN),
            new Step("treated", HIDDEN, HIDDEN));
    assertThat(svg)
        .contains(">excluded: withheld<", ">600 excluded by these 2 steps<")
        .doesNotContain("NaN", "excluded by these 1 steps");
  }

  @Test
  void aLongRuleTakesLinesAndStaysInItsBox() {
    String rule =
        "no diagnosis of any kind of malignant disease in the year before the index date ";
    for (double width : new double[] {Picture.NARROW, Picture.WIDE}) {
      List<String> lines = Canvas.wrapped(rule.repeat(3), width - 120, Canvas.TEXT, 3);
      assertThat(lines).hasSizeBetween(2, 3);
      assertThat(lines)
          .allSatisfy(l -> assertThat(Canvas.widthOf(l, Canvas.TEXT)).isLessThan(width - 119));
      assertThat(drawn(width, new Step(rule.repeat(3), shown(9), shown(0))))
          .contains("no diagnosis");
    }
    assertThat(Canvas.wrapped("x", 100, Canvas.TEXT, 3)).containsExactly("x");
    assertThat(Canvas.wrapped("", 100, Canvas.TEXT, 3)).containsExactly("");
  }
}
