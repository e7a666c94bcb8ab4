package io.tributary.jobs.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.tributary.codec.StudyParser;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.ResultTable;
import io.tributary.study.Study;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables that are each safe, and are not safe together. */
class StudyGateTest {
  private static final String HEAD =
      """
      study: gate
      sites: [a, b, c]
      cohort: {from: table}
      columns:
        sex: {levels: [f, m]}
        stage: {levels: ["1", "2", "3"]}
        ward: {levels: [x, y]}
      analyses:
      """;

  @TempDir Path folder;

  private static Study study(String analyses) {
    return StudyParser.parse((HEAD + analyses).getBytes(StandardCharsets.UTF_8), "study.yaml");
  }

  /**
   * 120 persons; stage 3 has two of them, both f; x is missing for persons of stage 3 only. After
   * is 2 more or 2 less than before, but for two persons; late is equal to before for ten, and
   * missing for two.
   */
  private static List<List<String>> rows() {
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      String sex = i % 3 == 0 ? "f" : "m";
      String stage = i == 3 || i == 9 ? "3" : i % 2 == 0 ? "1" : "2";
      String after = i % 3 == 0 ? "8" : "12";
      rows.add(
          List.of(
              sex,
              stage,
              i % 5 == 0 ? "x" : "y",
              stage.equals("3") ? "NA" : "1." + i,
              "10",
              i < 2 ? "10" : after,
              stage.equals("3") ? "NA" : i % 12 == 1 ? "10" : after));
    }
    return rows;
  }

  private List<AnalysisReport> reports(Study study) {
    Sheet sheet =
        new Sheet(List.of("sex", "stage", "ward", "x", "before", "after", "late"), rows());
    List<SiteTable> tables = Sheet.open(sheet.cut(3, 8), study, folder);
    try {
      List<AnalysisReport> reports = new ArrayList<>();
      for (int job = 0; job < study.analyses().size(); job++) {
        reports.add(Pooled.report(Catalog.create(study, job), tables));
      }
      return reports;
    } finally {
      tables.forEach(SiteTable::close);
    }
  }

  private static ResultTable table(AnalysisReport report, String name) {
    return report.tables().stream().filter(t -> t.name().equals(name)).findFirst().orElseThrow();
  }

  private static long suppressed(ResultTable table, String column) {
    int at = table.column(column);
    return table.rows().stream().filter(row -> row.get(at) instanceof Cell.Suppressed).count();
  }

  /** Stage 3, two persons, is withheld with another stage; ward and sex say nothing of stage. */
  @Test
  void tablesThatRevealNothingTogetherAreLeftAlone() {
    Study study =
        study(
            """
              - {name: stages, type: crosstab, columns: [stage]}
              - {name: wards, type: crosstab, columns: [ward, sex]}
            """);
    List<AnalysisReport> reports = reports(study);
    assertThat(suppressed(table(reports.get(0), "counts"), "n")).isEqualTo(2);
    assertThat(StudyGate.review(study, reports)).isSameAs(reports);
  }

  /** One table withholds a margin of stage that the other shows, or the cells that add up to it. */
  @Test
  void aCountThatFollowsFromAnotherTableIsWithheldThere() {
    Study study =
        study(
            """
              - {name: stages, type: crosstab, columns: [stage]}
              - {name: both, type: crosstab, columns: [sex, stage]}
            """);
    List<AnalysisReport> alone = reports(study);
    List<AnalysisReport> reviewed = StudyGate.review(study, alone);
    ResultTable first = table(reviewed.get(0), "counts");
    ResultTable second = table(reviewed.get(1), "counts");
    int n = second.column("n");
    // Whatever is left, no reader can find the margin of stage 3.
    assertThat(first.rows().get(2).get(n - 1)).isInstanceOf(Cell.Suppressed.class);
    for (int stage = 0; stage < 3; stage++) {
      long shown = 0;
      for (List<Cell> row : second.rows()) {
        boolean here = row.get(1).equals(Cell.of(Integer.toString(stage + 1)));
        shown += here && row.get(n) instanceof Cell.Whole ? 1 : 0;
      }
      assertThat(shown).as("stage " + (stage + 1) + " in the second table").isLessThan(4);
    }
    assertThat(StudyGate.review(study, reviewed)).as("nothing follows any more").isSameAs(reviewed);
  }

  /** Four tables with the margin of stage in each: all of them withhold it, and stay safe. */
  @Test
  void aMarginThatStandsInManyTablesIsWithheldInAll() {
    Study study =
        study(
            """
              - {name: by-sex, type: summary, columns: [stage], by: sex}
              - {name: by-ward, type: summary, columns: [stage], by: ward}
              - {name: all, type: summary, columns: [stage]}
              - {name: wards, type: crosstab, columns: [ward, stage]}
            """);
    List<AnalysisReport> reviewed = StudyGate.review(study, reports(study));
    for (AnalysisReport report : reviewed) {
      ResultTable counts = table(report, "counts");
      assertThat(suppressed(counts, "n")).as(report.name()).isGreaterThanOrEqualTo(2);
    }
    assertThat(StudyGate.review(study, reviewed)).isSameAs(reviewed);
  }

  /** What one table shows of stage by ward completes what the other withholds. */
  @Test
  void noTableCompletesAnother() {
    Study study =
        study(
            """
              - {name: stages, type: crosstab, columns: [stage]}
              - {name: stage-two, type: summary, columns: [stage], by: [sex, ward]}
              - {name: pairs, type: crosstab, columns: [stage, ward]}
            """);
    List<AnalysisReport> reviewed = StudyGate.review(study, reports(study));
    assertThat(StudyGate.review(study, reviewed)).isSameAs(reviewed);
    for (AnalysisReport report : reviewed) {
      for (ResultTable table : report.tables()) {
        for (List<Cell> row : table.rows()) {
          for (Cell cell : row) {
            assertThat(cell).as(report.name()).isNotEqualTo(Cell.of(2));
          }
        }
      }
    }
  }

  /** By hand: a report that shows both stages beside a report that withholds one of them. */
  @Test
  void aShownMarginIsTakenBackWithItsPercentages() {
    Study study =
        study(
            """
              - {name: stages, type: crosstab, columns: [stage]}
              - {name: again, type: crosstab, columns: [stage]}
            """);
    List<AnalysisReport> reports = new ArrayList<>(reports(study));
    ResultTable shown = table(reports.get(1), "counts");
    int n = shown.column("n");
    List<List<Cell>> rows = new ArrayList<>();
    long[] counts = {60, 58};
    for (int row = 0; row < shown.rows().size(); row++) {
      List<Cell> cells = new ArrayList<>(shown.rows().get(row));
      if (row < 2) {
        cells.set(n, Cell.of(counts[row]));
        cells.set(n + 1, Cell.of(counts[row] / 1.2));
      }
      rows.add(cells);
    }
    AnalysisReport careless = reports.get(1);
    reports.set(
        1,
        new AnalysisReport(
            careless.name(),
            careless.type(),
            careless.outcome(),
            careless.persons(),
            careless.rounds(),
            careless.facts(),
            List.of(new ResultTable("counts", shown.title(), shown.columns(), rows)),
            careless.plots(),
            careless.notes()));
    List<AnalysisReport> reviewed = StudyGate.review(study, reports);
    assertThat(reviewed).isNotSameAs(reports);
    assertThat(reviewed.get(0)).as("the earlier one keeps what it shows").isSameAs(reports.get(0));
    ResultTable after = table(reviewed.get(1), "counts");
    assertThat(suppressed(after, "n")).isEqualTo(2);
    assertThat(suppressed(after, "percent")).isEqualTo(after.rows().size());
    assertThat(reviewed.get(1).notes()).anyMatch(note -> note.startsWith("1 counts"));
    assertThat(careless.plots()).isNotEmpty();
    assertThat(reviewed.get(1).plots()).as("a picture would show the count").isEmpty();
  }

  /**
   * x is missing for two persons, whom the complete column beside it would tell: its own count of
   * missing values goes, and no statistic does, since none is about persons without a value.
   */
  @Test
  void aCountOfMissingValuesGoesAlone() {
    Study study = study("  - {name: both, type: summary, columns: [stage, x]}\n");
    List<AnalysisReport> reports = reports(study);
    AnalysisReport reviewed = StudyGate.review(study, reports).get(0);
    assertThat(reviewed).isNotEqualTo(reports.get(0));
    ResultTable before = table(reports.get(0), "summary");
    ResultTable after = table(reviewed, "summary");
    for (String statistic : List.of("mean", "sd", "sum")) {
      int at = before.column(statistic);
      assertThat(after.rows().get(0).get(at))
          .as(statistic)
          .isInstanceOf(Cell.Real.class)
          .isEqualTo(before.rows().get(0).get(at));
    }
  }

  private static boolean shows(AnalysisReport report, long count) {
    return report.facts().containsValue(Cell.of(count))
        || report.tables().stream()
            .flatMap(table -> table.rows().stream())
            .anyMatch(row -> row.contains(Cell.of(count)));
  }

  /**
   * V and the correlation of ranks tell how many persons have a difference: none is all of them.
   */
  @Test
  void pairsTellNoTotalFromWhichTheEqualOnesFollow() {
    Study study = study("  - {name: pairs, type: rank-test, columns: [after], paired: before}\n");
    List<AnalysisReport> reports = reports(study);
    AnalysisReport pairs = reports.get(0);
    assertThat(StudyGate.review(study, reports)).isSameAs(reports);
    ResultTable effects = table(pairs, "effects");
    double v = ((Cell.Real) table(pairs, "tests").rows().get(0).get(2)).value();
    double correlation =
        ((Cell.Real) effects.rows().get(0).get(effects.column("rank_biserial"))).value();
    assertThat(2 * v / (1 + correlation)).isCloseTo(118 * 119 / 2.0, within(1e-8));
    assertThat(effects.rows().get(0).get(effects.column("n"))).isEqualTo(Cell.of(118));
    assertThat(pairs.persons()).isEqualTo(118);
    ResultTable signs = table(pairs, "signs");
    assertThat(signs.rows().stream().map(row -> row.get(signs.column("n"))))
        .satisfiesExactly(
            greater -> assertThat(greater).isEqualTo(Cell.of(79)),
            equal -> assertThat(equal).isInstanceOf(Cell.Suppressed.class),
            less -> assertThat(less).isEqualTo(Cell.of(39)));
    assertThat(shows(pairs, 120)).isFalse();
    assertThat(pairs.notes()).anyMatch(note -> note.contains("is missing: withheld"));
  }

  /** Beside all who have both values, persons with a difference tell the two equal ones. */
  @Test
  void pairsAreWithheldBesideTheirTotal() {
    Study study =
        study(
            """
              - {name: means, type: summary, columns: [before, after]}
              - {name: pairs, type: rank-test, columns: [after], paired: before}
            """);
    List<AnalysisReport> reports = reports(study);
    assertThat(reports.get(1).persons()).isEqualTo(118);
    List<AnalysisReport> reviewed = StudyGate.review(study, reports);
    AnalysisReport pairs = reviewed.get(1);
    assertThat(StudyGate.review(study, reviewed)).isSameAs(reviewed);
    assertThat(pairs.persons()).isEqualTo(-1);
    assertThat(shows(pairs, 118)).isFalse();
    // The greater ones are left; all persons of the report are not, or the lesser would follow.
    assertThat(suppressed(table(pairs, "signs"), "n")).isEqualTo(2);
    for (ResultTable table : pairs.tables()) {
      for (List<Cell> row : table.rows()) {
        assertThat(row).as(table.name()).noneMatch(Cell.Real.class::isInstance);
      }
    }
  }

  /** The same two, told by a later count of all who have both values. */
  @Test
  void totalOfPairsIsWithheldBesideTheirDifferences() {
    Study study =
        study(
            """
              - {name: pairs, type: rank-test, columns: [after], paired: before}
              - {name: means, type: t-test, columns: [after], paired: before}
            """);
    List<AnalysisReport> reports = reports(study);
    assertThat(reports.get(1).persons()).isEqualTo(120);
    List<AnalysisReport> reviewed = StudyGate.review(study, reports);
    assertThat(reviewed.get(0)).isSameAs(reports.get(0));
    assertThat(reviewed.get(1).persons()).isEqualTo(-1);
    assertThat(shows(reviewed.get(1), 120)).isFalse();
  }

  /** Pairs that are all shown are placed by the sign of their difference too. */
  @Test
  void personsOfPairsArePlacedBySign() {
    Study study = study("  - {name: pairs, type: rank-test, columns: [late], paired: before}\n");
    AnalysisReport pairs = reports(study).get(0);
    List<PlacedCount> placed = Catalog.create(study, 0).counts(pairs);
    String difference = "late - before by 1.0";
    assertThat(placed)
        .extracting(PlacedCount::table, PlacedCount::row, count -> count.where().get(difference))
        .containsExactly(
            tuple("effects", 0, Set.of("greater", "less")),
            tuple("signs", 0, Set.of("greater")),
            tuple("signs", 1, Set.of("equal")),
            tuple("signs", 2, Set.of("less")));
    for (PlacedCount count : placed) {
      assertThat(count.where())
          .containsEntry("late", Set.of(PlacedCount.PRESENT))
          .containsEntry("before", Set.of(PlacedCount.PRESENT));
    }
    ResultTable signs = table(pairs, "signs");
    assertThat(signs.rows().get(1).get(signs.column("n"))).isEqualTo(Cell.of(10));
    assertThat(pairs.persons()).isEqualTo(108);
  }

  /** Bounds of a quantile are its value: where it is withheld they are too. */
  @Test
  void aWithheldQuantileHasNoBounds() {
    Study study =
        study(
            """
              - {name: stages, type: crosstab, columns: [stage]}
              - {name: again, type: summary, columns: [stage, x], by: stage}
            """);
    List<AnalysisReport> alone = reports(study);
    ResultTable before = table(alone.get(1), "quantiles");
    ResultTable after = table(StudyGate.review(study, alone).get(1), "quantiles");
    int taken = 0;
    for (int row = 0; row < after.rows().size(); row++) {
      List<Cell> cells = after.rows().get(row);
      boolean withheld = cells.get(after.column("estimate")) instanceof Cell.Suppressed;
      if (withheld && before.rows().get(row).get(before.column("lower")) instanceof Cell.Real) {
        assertThat(cells.get(after.column("lower"))).isInstanceOf(Cell.Suppressed.class);
        assertThat(cells.get(after.column("upper"))).isInstanceOf(Cell.Suppressed.class);
        taken++;
      }
    }
    assertThat(taken).isPositive();
  }
}
