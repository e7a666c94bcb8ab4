package io.tributary.jobs.analysis.attrition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.codec.StudyParser;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.jobs.analysis.Catalog;
import io.tributary.jobs.analysis.Counts;
import io.tributary.jobs.analysis.Job;
import io.tributary.jobs.analysis.Pooled;
import io.tributary.jobs.analysis.Sheet;
import io.tributary.jobs.analysis.StudyGate;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.Plot;
import io.tributary.report.ResultTable;
import io.tributary.study.ErrorCode;
import io.tributary.study.Study;
import io.tributary.study.TributaryException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which steps of an attrition are shown, and what can be read from them. */
class AttritionTest {
  private static final String STUDY =
      """
      study: steps
      sites: [a, b, c]
      cohort:
        from: omop%s
        definition: |
          entry: {condition: 1}
          require:
            - {name: adults, age: [18, all]}
            - {name: treated, drug: 5}
            - {name: women, sex: female}
          between: [2010-01-01, all]
      columns: {sex: {levels: [male, female]}, x: {levels: [a, b]}}
      analyses:
        - {name: steps, type: attrition}
        - {name: sexes, type: summary, columns: [sex]}
      """;

  private static Study study(String more) {
    return StudyParser.parse(STUDY.formatted(more).getBytes(StandardCharsets.UTF_8), "study.yaml");
  }

  private static AnalysisReport report(Study study, long... left) {
    return AttritionAnalysis.of(new Job(study, 0)).report(new AttritionResult(Counts.of(left)));
  }

  private static List<String> column(AnalysisReport report, String name) {
    ResultTable table = report.tables().get(0);
    int at = table.column(name);
    List<String> texts = new ArrayList<>();
    for (List<Cell> row : table.rows()) {
      Cell cell = row.get(at);
      texts.add(
          cell instanceof Cell.Whole whole
              ? Long.toString(whole.value())
              : cell instanceof Cell.Text text ? text.value() : "-");
    }
    return texts;
  }

  @Test
  void stepsAreThoseOfTheDefinitionAndOfTheStudysFilter() {
    AnalysisReport report = report(study("\n  where: age >= 40"), 900, 800, 800, 300, 200, 150);
    assertThat(column(report, "reason"))
        .containsExactly(
            "Initial qualifying events",
            "adults",
            "treated",
            "women",
            "In the cohort's days of the calendar",
            "where age >= 40");
    assertThat(column(report, "number_subjects"))
        .containsExactly("900", "800", "800", "300", "200", "150");
    assertThat(column(report, "excluded_subjects"))
        .containsExactly("0", "100", "0", "500", "100", "50");
    assertThat(report.persons()).isEqualTo(150);
    assertThat(report.outcome()).isEqualTo("OK");
    assertThat(report.plots()).singleElement().isInstanceOf(Plot.Attrition.class);
  }

  /** Step 1 leaves out three; then it and the next are told together only. */
  @Test
  void aHandfulThatIsLeftOutIsNotReadOff() {
    AnalysisReport report = report(study(""), 900, 897, 800, 300, 300);
    assertThat(column(report, "number_subjects")).containsExactly("900", "-", "800", "300", "300");
    assertThat(column(report, "excluded_subjects")).containsExactly("0", "-", "-", "500", "0");
  }

  /** Three, then one, then one: no step in between can be told, and the last is what all tell. */
  @Test
  void whoIsLeftAtTheEndStandsBeforeTheFirstStep() {
    AnalysisReport report = report(study(""), 304, 302, 301, 300, 300);
    assertThat(column(report, "number_subjects")).containsExactly("-", "-", "-", "300", "300");
    assertThat(column(report, "excluded_subjects")).containsExactly("0", "-", "-", "-", "0");
  }

  @Test
  void aCohortOfAHandfulIsWithheldAndTheStepsBeforeAreNot() {
    AnalysisReport report = report(study(""), 900, 800, 300, 4, 0);
    assertThat(column(report, "number_subjects")).containsExactly("900", "800", "300", "-", "-");
    assertThat(report.persons()).isEqualTo(-1);
    assertThat(report.outcome()).isEqualTo("OK");
    assertThat(report(study(""), 4, 3, 2, 1, 0).outcome()).isEqualTo("TOO_FEW_PERSONS");
    assertThat(column(report(study(""), 4, 3, 2, 1, 0), "number_subjects")).containsOnly("-");
  }

  /**
   * No two shown steps differ by 1 to 4; and no larger set with the last step has that property.
   */
  @Test
  void shownStepsAreAsManyAsCanBe() {
    Random random = new Random(7);
    for (int round = 0; round < 3000; round++) {
      long[] left = new long[1 + random.nextInt(8)];
      long persons = random.nextInt(40);
      for (int step = left.length - 1; step >= 0; step--) {
        left[step] = persons;
        persons += random.nextInt(3) == 0 ? 0 : random.nextInt(12);
      }
      int least = 1 + random.nextInt(7);
      BitSet shown = ShownSteps.of(left, least);
      String words = Arrays.toString(left) + " least " + least + ": " + shown;
      assertThat(isSafe(left, shown, least)).as(words).isTrue();
      int last = -1;
      for (int step = 0; step < left.length; step++) {
        last = left[step] >= least ? step : last;
      }
      assertThat(shown.length() - 1).as(words).isEqualTo(last);
      int most = 0;
      int mostWithFirst = 0;
      for (int set = 0; set < 1 << left.length; set++) {
        BitSet other = BitSet.valueOf(new long[] {set});
        if (last >= 0 && other.length() - 1 == last && isSafe(left, other, least)) {
          most = Math.max(most, other.cardinality());
          mostWithFirst =
              other.get(0) ? Math.max(mostWithFirst, other.cardinality()) : mostWithFirst;
        }
      }
      assertThat(shown.cardinality()).as(words).isEqualTo(mostWithFirst > 0 ? mostWithFirst : most);
    }
  }

  private static boolean isSafe(long[] left, BitSet shown, int least) {
    int before = -1;
    for (int step = shown.nextSetBit(0); step >= 0; step = shown.nextSetBit(step + 1)) {
      long out = before < 0 ? 0 : left[before] - left[step];
      if (left[step] < least || (out > 0 && out < least)) {
        return false;
      }
      before = step;
    }
    return true;
  }

  /** The size of the cohort tells how many have no value where those who have one are counted. */
  @Test
  void theGateHoldsTheLastStepAgainstOtherTables(@TempDir Path folder) {
    AnalysisReport steps = report(study(""), 900, 800, 700, 503, 503);
    List<AnalysisReport> told = StudyGate.review(study(""), List.of(steps, sexes(folder, 3)));
    boolean cohort = column(told.get(0), "number_subjects").get(4).equals("503");
    boolean present = !column(told.get(1), "n").get(0).equals("-");
    assertThat(cohort && present).isFalse();
    List<AnalysisReport> safe = List.of(steps, sexes(folder, 9));
    assertThat(StudyGate.review(study(""), safe)).isEqualTo(safe);
  }

  /** 503 persons, some without a sex. */
  private static AnalysisReport sexes(Path folder, int without) {
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < 503; i++) {
      rows.add(List.of("" + i, i < without ? "NA" : i % 2 == 0 ? "male" : "female"));
    }
    Study study = study("");
    try (SiteTable table =
        new Sheet(List.of("person_id", "sex"), rows).records(study, folder, 1, List.of())) {
      return Pooled.report(Catalog.create(study, 1), List.of(table));
    }
  }

  @Test
  void aTableHasNoSteps() {
    Study study = Sheet.study("{}", "{name: steps, type: attrition}");
    assertThatThrownBy(() -> Catalog.create(study, 0))
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.STUDY_INVALID);
              assertThat(e.problem()).contains("steps", "has no definition");
            });
  }
}
