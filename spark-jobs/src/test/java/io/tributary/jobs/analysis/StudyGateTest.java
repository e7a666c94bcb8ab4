package io.tributary.jobs.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.tributary.codec.StudyParser;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.jobs.analysis.gwas.GwasAnalysis;
import io.tributary.jobs.analysis.ldprune.LdPruneAnalysis;
import io.tributary.jobs.analysis.pca.PcaAnalysis;
import io.tributary.jobs.analysis.variantqc.VariantQcAnalysis;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.ResultTable;
import io.tributary.study.Study;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
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
        dead: {levels: ["0", "1"]}
      analyses:
      """;

  @TempDir Path folder;

  private static Study study(String analyses) {
    return StudyParser.parse((HEAD + analyses).getBytes(StandardCharsets.UTF_8), "study.yaml");
  }

  /**
   * 120 persons; stage 3 has two of them, both f; x is missing for persons of stage 3 only. After
   * is 2 more or 2 less than before, but for two persons; late is equal to before for ten, and
   * missing for two. Time is missing for the two of stage 3.
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
              stage.equals("3") ? "NA" : i % 12 == 1 ? "10" : after,
              stage.equals("3") ? "NA" : Integer.toString(1 + i * 7 % 60),
              i % 2 == 0 ? "1" : "0"));
    }
    return rows;
  }

  private List<AnalysisReport> reports(Study study) {
    Sheet sheet =
        new Sheet(
            List.of("sex", "stage", "ward", "x", "before", "after", "late", "time", "dead"),
            rows());
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
    assertThat(pairs.facts().get("dropped_after - before")).isInstanceOf(Cell.Suppressed.class);
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
            tuple("signs", 2, Set.of("less")),
            tuple(PlacedCount.FACTS, 0, null));
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

  private static ResultTable fit(AnalysisReport report) {
    return table(report, "fit");
  }

  private static boolean isWhole(AnalysisReport report) {
    return report.tables().stream()
        .flatMap(table -> table.rows().stream())
        .flatMap(List::stream)
        .noneMatch(Cell.Suppressed.class::isInstance);
  }

  /** That a model leaves out nobody tells whom another one leaves out, and goes alone. */
  @Test
  void twoModelsDoNotTellWhomOneOfThemLeavesOut() {
    Study study =
        study(
            """
              - {name: times, type: glm, formula: 'time ~ sex', family: gaussian}
              - {name: all, type: glm, formula: 'after ~ sex', family: gaussian}
            """);
    List<AnalysisReport> reviewed = StudyGate.review(study, reports(study));
    assertThat(StudyGate.review(study, reviewed)).isSameAs(reviewed);
    AnalysisReport all = reviewed.get(1);
    assertThat(all.facts().get("dropped")).isInstanceOf(Cell.Suppressed.class);
    assertThat(fit(all).rows().get(0).get(fit(all).column("dropped")))
        .isInstanceOf(Cell.Suppressed.class);
    assertThat(all.persons()).isEqualTo(120);
    assertThat(fit(all).rows().get(0).get(fit(all).column("aic"))).isInstanceOf(Cell.Real.class);
  }

  /**
   * Counts that contradict each other prove nothing: a model's go, and all that it has with them.
   */
  @Test
  void aModelThatNothingIsProvenOfIsWithheldWithAllItHas() {
    Study study =
        study(
            """
              - {name: sexes, type: crosstab, columns: [sex]}
              - {name: slope, type: glm, formula: 'x ~ sex', family: gaussian}
            """);
    List<AnalysisReport> reports = new ArrayList<>(reports(study));
    AnalysisReport sexes = reports.get(0);
    ResultTable counts = table(sexes, "counts");
    List<List<Cell>> rows = new ArrayList<>();
    for (List<Cell> row : counts.rows()) {
      List<Cell> cells = new ArrayList<>(row);
      cells.replaceAll(cell -> cell.equals(Cell.of(40)) ? Cell.of(500) : cell);
      rows.add(cells);
    }
    reports.set(
        0,
        new AnalysisReport(
            sexes.name(),
            sexes.type(),
            sexes.outcome(),
            sexes.persons(),
            sexes.rounds(),
            sexes.facts(),
            List.of(new ResultTable("counts", counts.title(), counts.columns(), rows)),
            sexes.plots(),
            sexes.notes()));
    AnalysisReport slope = StudyGate.review(study, reports).get(1);
    assertThat(slope.persons()).isEqualTo(-1);
    assertThat(slope.plots()).isEmpty();
    assertThat(slope.facts().values())
        .noneMatch(cell -> cell instanceof Cell.Real || cell instanceof Cell.Whole);
    for (ResultTable table : slope.tables()) {
      for (List<Cell> row : table.rows()) {
        assertThat(row).as(table.name()).noneMatch(Cell.Real.class::isInstance);
      }
    }
    for (String name : List.of("n", "dropped", "df_null", "df_residual")) {
      assertThat(fit(slope).rows().get(0).get(fit(slope).column(name)))
          .as(name)
          .isInstanceOf(Cell.Suppressed.class);
    }
  }

  /** Two rows lack x: a model says how many it is over, and another table how many there are. */
  @Test
  void personsThatAModelLeavesOutDoNotFollowFromAnotherTable() {
    String model = "  - {name: slope, type: glm, formula: 'x ~ sex', family: gaussian}\n";
    String persons = "  - {name: sexes, type: crosstab, columns: [sex]}\n";
    for (boolean first : new boolean[] {true, false}) {
      Study study = study(first ? model + persons : persons + model);
      List<AnalysisReport> reports = reports(study);
      AnalysisReport before = reports.get(first ? 0 : 1);
      assertThat(fit(before).rows().get(0).get(fit(before).column("n"))).isEqualTo(Cell.of(118));
      assertThat(fit(before).rows().get(0).get(fit(before).column("dropped")))
          .isInstanceOf(Cell.Suppressed.class);
      List<AnalysisReport> reviewed = StudyGate.review(study, reports);
      AnalysisReport slope = reviewed.get(first ? 0 : 1);
      AnalysisReport sexes = reviewed.get(first ? 1 : 0);
      // That nobody lacks a sex is withheld, so all persons are not known; nothing else is lost.
      assertThat(slope).isSameAs(before);
      assertThat(reports.get(first ? 1 : 0).facts()).containsEntry("missing", Cell.of(0));
      assertThat(sexes.facts().get("missing")).isInstanceOf(Cell.Suppressed.class);
      assertThat(suppressed(table(sexes, "counts"), "n")).isZero();
      assertThat(StudyGate.review(study, reviewed)).isSameAs(reviewed);
    }
  }

  /** The same of a correlation, whose p values tell how many persons it is over. */
  @Test
  void personsThatACorrelationLeavesOutDoNotFollowFromAnotherTable() {
    Study study =
        study(
            """
              - {name: sexes, type: crosstab, columns: [sex]}
              - {name: pair, type: correlation, columns: [x, after]}
            """);
    List<AnalysisReport> reviewed = StudyGate.review(study, reports(study));
    assertThat(reviewed.get(1).persons()).isEqualTo(118);
    assertThat(isWhole(reviewed.get(1))).isTrue();
    assertThat(reviewed.get(0).facts().get("missing")).isInstanceOf(Cell.Suppressed.class);
    assertThat(StudyGate.review(study, reviewed)).isSameAs(reviewed);
  }

  /** Survival curves count their groups, and who has no time. */
  @Test
  void personsWithoutATimeDoNotFollowFromTheGroupsOfACurve() {
    Study study =
        study(
            """
              - {name: sexes, type: crosstab, columns: [sex]}
              - {name: curves, type: kaplan-meier, time: time, event: dead}
            """);
    List<AnalysisReport> reports = reports(study);
    AnalysisReport curves = reports.get(1);
    assertThat(curves.persons()).isEqualTo(118);
    assertThat(curves.facts().get("dropped")).isInstanceOf(Cell.Suppressed.class);
    List<AnalysisReport> reviewed = StudyGate.review(study, reports);
    assertThat(StudyGate.review(study, reviewed)).isSameAs(reviewed);
    assertThat(reviewed.get(1)).isSameAs(curves);
    assertThat(reviewed.get(0).facts().get("missing")).isInstanceOf(Cell.Suppressed.class);
  }

  /** A group's size is the number at risk at time 0 too: both go. */
  @Test
  void aWithheldGroupOfACurveIsNotToldByTheNumbersAtRisk() {
    Study study =
        study(
            """
              - {name: stages, type: summary, columns: [time], by: [stage]}
              - {name: curves, type: kaplan-meier, time: time, event: dead, by: ward}
              - {name: again, type: kaplan-meier, time: time, event: dead, by: sex}
            """);
    List<AnalysisReport> reports = reports(study);
    for (AnalysisReport report : StudyGate.review(study, reports)) {
      boolean withheld =
          report.type().equals("kaplan-meier") && suppressed(table(report, "groups"), "n") > 0;
      if (withheld) {
        assertThat(table(report, "survival").rows())
            .allSatisfy(row -> assertThat(row).noneMatch(Cell.Whole.class::isInstance));
      }
    }
  }

  private static Study derived(String derive, String analyses) {
    String text =
        HEAD.replace("{from: table}", "{from: table, derive: {" + derive + "}}")
            .replace(
                "columns:\n", "columns:\n  part: {levels: [a, b]}\n  first: {levels: [a, b]}\n");
    return StudyParser.parse((text + analyses).getBytes(StandardCharsets.UTF_8), "study.yaml");
  }

  /** Two columns that are there for 40 women, and for all of them but one. */
  @Test
  void twoConditionsDoNotTellTheOnePersonInWhomTheyDiffer() {
    Study study =
        derived(
            "women: \"case when sex = 'f' then before end\","
                + " younger: \"case when sex = 'f' and after < 10 then before end\"",
            """
              - {name: all, type: summary, columns: [women]}
              - {name: but-one, type: summary, columns: [younger]}
            """);
    List<AnalysisReport> reports = reports(study);
    assertThat(shows(reports.get(0), 40)).isTrue();
    assertThat(shows(reports.get(1), 39)).isTrue();
    List<AnalysisReport> reviewed = StudyGate.review(study, reports);
    assertThat(shows(reviewed.get(0), 40) && shows(reviewed.get(1), 39)).isFalse();
    assertThat(StudyGate.review(study, reviewed)).isSameAs(reviewed);
  }

  /** The same beside a table of the column that the condition is about. */
  @Test
  void aConditionDoesNotTellWhoOfAGroupDoesNotFulfilIt() {
    Study study =
        derived(
            "younger: \"case when sex = 'f' and after < 10 then 1 else 0 end\"",
            """
              - {name: sexes, type: crosstab, columns: [sex]}
              - {name: young, type: crosstab, columns: [younger]}
            """);
    List<AnalysisReport> reviewed = StudyGate.review(study, reports(study));
    assertThat(shows(reviewed.get(0), 40) && shows(reviewed.get(1), 39)).isFalse();
    assertThat(StudyGate.review(study, reviewed)).isSameAs(reviewed);
  }

  /** Groups that differ by many, or by nobody, are left alone. */
  @Test
  void conditionsThatTellNobodyApartAreLeftAlone() {
    Study study =
        derived(
            "women: \"case when sex = 'f' then 1 else 0 end\", low: \"if(after < 11, 1, 0)\"",
            """
              - {name: sexes, type: crosstab, columns: [sex]}
              - {name: women, type: crosstab, columns: [women, ward]}
              - {name: lows, type: crosstab, columns: [low]}
            """);
    List<AnalysisReport> reports = reports(study);
    assertThat(StudyGate.review(study, reports)).isSameAs(reports);
  }

  /** Whether all is shown but the tails beyond a histogram's edges, where nobody is. */
  private static boolean allCountsShown(AnalysisReport report) {
    ResultTable table = report.tables().get(0);
    int n = table.column("n");
    return table.rows().stream()
        .noneMatch(
            row ->
                row.get(n) instanceof Cell.Suppressed
                    && row.stream().noneMatch(Cell.NotComputed.class::isInstance));
  }

  private List<AnalysisReport> reviewedTogether(Study study) {
    List<AnalysisReport> reports = reports(study);
    assertThat(reports).allMatch(StudyGateTest::allCountsShown);
    List<AnalysisReport> reviewed = StudyGate.review(study, reports);
    assertThat(StudyGate.review(study, reviewed)).isSameAs(reviewed);
    return reviewed;
  }

  /** Two persons have a time of 40: bins that begin there and just above would tell them. */
  @Test
  void binsThatDifferByTwoPersonsAreNotBothShown() {
    List<AnalysisReport> reviewed =
        reviewedTogether(
            study(
                """
                  - {name: tens, type: histogram, column: time, breaks: [0, 20, 40, 61]}
                  - {name: next, type: histogram, column: time, breaks: [0, 20, 41, 61]}
                """));
    assertThat(reviewed).noneMatch(StudyGateTest::allCountsShown);
    assertThat(shows(reviewed.get(0), 39) && shows(reviewed.get(0), 42)).isTrue();
  }

  /** The last bin holds its upper edge, where the next one of another histogram begins. */
  @Test
  void anEdgeThatTwoHistogramsGiveToDifferentBinsTellsWhoIsThere() {
    List<AnalysisReport> reviewed =
        reviewedTogether(
            study(
                """
                  - {name: upto, type: histogram, column: time, breaks: [0, 20, 40]}
                  - {name: from, type: histogram, column: time, breaks: [0, 20, 40, 61]}
                """));
    assertThat(reviewed).anyMatch(report -> !allCountsShown(report));
  }

  /** Whoever is 10 after: two persons, between a bin's edge and a condition's. */
  @Test
  void aBinAndAConditionDoNotTellThePersonsBetweenThem() {
    List<AnalysisReport> reviewed =
        reviewedTogether(
            derived(
                "low: \"if(after < 11, 1, 0)\"",
                """
                  - {name: lows, type: crosstab, columns: [low]}
                  - {name: bins, type: histogram, column: after, breaks: [0, 9, 13]}
                """));
    assertThat(reviewed).anyMatch(report -> !allCountsShown(report));
  }

  /** The same bins in groups and without, coarser bins, and a condition at an edge. */
  @Test
  void binsThatTellNothingMoreAreLeftAlone() {
    Study study =
        derived(
            "late_half: \"if(time < 31, 'early', 'late')\"",
            """
              - {name: all, type: histogram, column: time, breaks: [0, 16, 31, 46, 61]}
              - {name: sexes, type: histogram, column: time, by: sex, breaks: [0, 16, 31, 46, 61]}
              - {name: coarse, type: histogram, column: time, breaks: [0, 31, 61]}
              - {name: halves, type: crosstab, columns: [late_half, ward]}
            """);
    List<AnalysisReport> reports = reports(study);
    assertThat(StudyGate.review(study, reports)).isSameAs(reports);
  }

  /** Eight thousand cells of two fine histograms by four groups: more than is ever proven. */
  @Test
  void whatIsTooLargeToBeProvenIsWithheld() {
    Study study =
        study(
            """
              - {name: sexes, type: crosstab, columns: [sex]}
              - {name: fine, type: histogram, column: time, by: [sex, ward], bins: 1000}
              - {name: finer, type: histogram, column: x, by: [sex, ward], bins: 1000}
            """);
    for (AnalysisReport report : StudyGate.review(study, reports(study))) {
      ResultTable table = report.tables().get(0);
      assertThat(suppressed(table, "n")).as(report.name()).isEqualTo(table.rows().size());
      assertThat(report.persons()).isEqualTo(-1);
      assertThat(report.facts().values()).noneMatch(Cell.Whole.class::isInstance);
    }
  }

  /** The two without x: all persons of a summary, less those with x. */
  @Test
  void missingValuesDoNotFollowFromAllPersonsOfTheSameReport() {
    Study study = study("  - {name: x, type: summary, columns: [x]}\n");
    AnalysisReport report = StudyGate.review(study, reports(study)).get(0);
    assertThat(shows(report, 118)).isTrue();
    assertThat(report.persons()).isEqualTo(-1);
    assertThat(report.facts().get("persons")).isInstanceOf(Cell.Suppressed.class);
  }

  /** Those without a group are counted beside the tables, and are judged with them. */
  @Test
  void rowsWithoutAGroupAreJudgedWithTheGroups() {
    Study study =
        derived(
            "part: \"case when stage = '1' then 'a' when stage = '3' then 'b' end\","
                + " first: \"case when stage = '1' then 'a' else 'b' end\"",
            """
              - {name: parts, type: summary, columns: [before], by: part}
              - {name: firsts, type: crosstab, columns: [first]}
            """);
    List<AnalysisReport> reports = reports(study);
    assertThat(reports.get(0).facts().get(PlacedCount.UNGROUPED)).isInstanceOf(Cell.Whole.class);
    List<AnalysisReport> reviewed = StudyGate.review(study, reports);
    assertThat(reviewed.get(0).facts().get(PlacedCount.UNGROUPED))
        .isInstanceOf(Cell.Suppressed.class);
    assertThat(reviewed.get(1)).isEqualTo(reports.get(1));
    assertThat(StudyGate.review(study, reviewed)).isSameAs(reviewed);
  }

  /** Models of other kinds are over 120; those without a time would follow. */
  @Test
  void noModelTellsWhomAnotherOneLeavesOut() {
    Study study =
        study(
            """
              - {name: times, type: glm, formula: 'time ~ sex', family: gaussian}
              - {name: net, type: elastic-net, formula: 'after ~ sex + ward'}
              - {name: ordered, type: ordinal, formula: 'stage ~ sex'}
              - {name: unordered, type: multinomial, formula: 'stage ~ sex'}
            """);
    List<AnalysisReport> reports = reports(study);
    assertThat(reports.get(0).persons()).isEqualTo(118);
    for (AnalysisReport report : StudyGate.review(study, reports).subList(1, 4)) {
      assertThat(report.facts().get("dropped"))
          .as(report.name())
          .isInstanceOf(Cell.Suppressed.class);
    }
  }

  /**
   * An analysis says whom it counts, or is named here as one that no table relates. Where there is
   * noise, this gate gives way.
   */
  @Test
  void countsOfEveryTypeAreKnownToTheGate() throws ReflectiveOperationException {
    Set<Class<?>> silent = new HashSet<>();
    for (JavaClass found :
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.tributary.jobs.analysis")) {
      Class<?> analysis = Class.forName(found.getName());
      if (StudyAnalysis.class.isAssignableFrom(analysis)
          && !Modifier.isAbstract(analysis.getModifiers())
          && !analysis.getSimpleName().startsWith("Noised")
          && analysis.getMethod("counts", AnalysisReport.class).getDeclaringClass()
              == StudyAnalysis.class) {
        silent.add(analysis);
      }
    }
    assertThat(silent)
        .containsExactlyInAnyOrder(
            GwasAnalysis.class, LdPruneAnalysis.class, PcaAnalysis.class, VariantQcAnalysis.class);
  }
}
