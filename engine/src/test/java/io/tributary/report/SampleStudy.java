package io.tributary.report;

import io.tributary.report.StudyReport.RoundRecord;
import io.tributary.report.StudyReport.SiteParticipation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A study report with everything in it that a real one can hold. */
public final class SampleStudy {
  private static final Instant START = Instant.parse("2026-03-02T08:15:03.250Z");

  private SampleStudy() {}

  /** Five sites, one of them absent; six analyses, one with a named outcome. */
  public static StudyReport full() {
    return new StudyReport(
        "nsclc-survival",
        "9f2c4e0b7a51d3886c0e15fb2a9d47c31e60b8f4d2a97c53e18b06fd4c72a3e5",
        "1b7f09a2c4d8e6350fa1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f607",
        "m.keller",
        "QUORUM: at least 4 of 5 sites, up to 1 organisation may collude",
        START,
        START.plusSeconds(72),
        List.of(
            new SiteParticipation("east", "Ostklinik Linden", "CONTRIBUTED", 0, 1_204_224),
            new SiteParticipation(
                "north", "Nordland University Hospital", "CONTRIBUTED", 0, 1_204_224),
            new SiteParticipation("south", "Centro Oncologico Sur", "CONTRIBUTED", 1, 1_198_080),
            new SiteParticipation("upland", "Upland Trial Network", "CONTRIBUTED", 0, 1_204_224),
            new SiteParticipation("west", "West Coast Biobank", "ABSENT", 0, -1)),
        List.of(tableOne(), quantiles(), age(), stage(), death(), survival(), separated()),
        rounds(),
        List.of(
            "Pooled cells of fewer than 5 persons are withheld, and with them the smallest cell from"
                + " which they could be computed.",
            "Statistics on fewer than 10 persons are withheld.",
            "A model may have at most one parameter for every three persons."),
        List.of(
            "4d1c7be2209a",
            "77aa0f3c91b2",
            "c01d22e4a88f",
            "0be91f7723cd",
            "e5529a01bb3e",
            "91d0c2f4aa77",
            "2f6a1c08d3b9"),
        Map.of("tributary", "0.1.0", "protocol", "TRIB-SA-1", "spark", "4.1.0", "java", "17.0.15"));
  }

  private static AnalysisReport tableOne() {
    List<List<Cell>> rows = new ArrayList<>();
    rows.add(summary("age", "year", "female", 1204, 3, 61.38172, 10.04417));
    rows.add(summary("age", "year", "male", 1731, 0, 63.49203, 9.87216));
    rows.add(summary("ph_ecog", "", "female", 1201, 6, 0.91340, 0.69815));
    rows.add(summary("ph_ecog", "", "male", 1730, 1, 0.97225, 0.74402));
    rows.add(summary("weight_loss", "kg", "female", 1130, 77, 4.43362, 5.77004));
    rows.add(
        List.of(
            Cell.of("weight_loss"),
            Cell.of("kg"),
            Cell.of("male"),
            Cell.of(1692L),
            new Cell.Suppressed("count < 5"),
            Cell.of(4.46218),
            Cell.of(6.29931),
            Cell.of(0.15314)));
    rows.add(
        List.of(
            Cell.of("ldh"),
            Cell.of("U/L"),
            Cell.of("male"),
            new Cell.Suppressed("count < 10"),
            new Cell.Suppressed("count < 10"),
            new Cell.NotComputed("fewer than 10 persons"),
            new Cell.NotComputed("fewer than 10 persons"),
            new Cell.NotComputed("fewer than 10 persons")));
    return new AnalysisReport(
        "table-one",
        "summary",
        AnalysisReport.OK,
        2938,
        1,
        facts("resolution", Cell.of("exact")),
        List.of(
            new ResultTable(
                "summary",
                "Mean and spread by sex",
                List.of(
                    Column.text("variable"),
                    Column.text("unit"),
                    Column.text("sex"),
                    Column.whole("n"),
                    Column.whole("missing"),
                    Column.real("mean"),
                    Column.real("sd"),
                    Column.real("std_error")),
                rows)),
        List.of(),
        List.of("12 persons had no sex recorded and are in no group."));
  }

  private static List<Cell> summary(
      String variable, String unit, String sex, long n, long missing, double mean, double sd) {
    return List.of(
        Cell.of(variable),
        Cell.of(unit),
        Cell.of(sex),
        Cell.of(n),
        Cell.of(missing),
        Cell.of(mean),
        Cell.of(sd),
        Cell.of(sd / Math.sqrt((double) n)));
  }

  private static AnalysisReport quantiles() {
    List<List<Cell>> rows = new ArrayList<>();
    double[] levels = {0.05, 0.25, 0.5, 0.75, 0.95};
    double[][] values = {{44.0, 56.0, 63.0, 69.0, 76.0}, {1.06, 3.375, 7.5, 15.75, 28.125}};
    String[] names = {"age", "time"};
    for (int v = 0; v < names.length; v++) {
      for (int i = 0; i < levels.length; i++) {
        rows.add(
            List.of(
                Cell.of(names[v]),
                Cell.of(levels[i]),
                Cell.of(values[v][i]),
                Cell.of(v == 0 ? 0.5 : 0.0625)));
      }
    }
    return new AnalysisReport(
        "spread",
        "quantile",
        AnalysisReport.OK,
        2935,
        3,
        facts("resolution", Cell.of("width of the last histogram's bin, in column 'resolution'")),
        List.of(
            new ResultTable(
                "quantiles",
                "Pooled quantiles of age (years) and follow-up (months)",
                List.of(
                    Column.text("variable"),
                    Column.real("quantile"),
                    Column.real("value"),
                    Column.real("resolution")),
                rows)),
        List.of(),
        List.of("Minimum and maximum are one person's values and are not released."));
  }

  private static AnalysisReport age() {
    long[] female = {0, 6, 17, 52, 129, 204, 266, 281, 171, 66, 12, 0};
    long[] male = {0, 0, 12, 61, 155, 270, 371, 447, 283, 107, 21, 0};
    List<List<Cell>> rows = new ArrayList<>();
    for (int i = 0; i < female.length; i++) {
      rows.add(bin("female", i, i == 11 ? new Cell.Suppressed("count < 5") : Cell.of(female[i])));
    }
    for (int i = 0; i < male.length; i++) {
      boolean hidden = i == 1 || i == 11;
      rows.add(bin("male", i, hidden ? new Cell.Suppressed("count < 5") : Cell.of(male[i])));
    }
    return new AnalysisReport(
        "age",
        "histogram",
        AnalysisReport.OK,
        2935,
        1,
        facts("resolution", Cell.of("exact")),
        List.of(
            new ResultTable(
                "histogram",
                "Age at diagnosis, years",
                List.of(
                    Column.text("sex"),
                    Column.real("lower"),
                    Column.real("upper"),
                    Column.whole("count")),
                rows)),
        List.of(
            new Plot.Histogram(
                "histogram", "Age at diagnosis (years) by sex", "lower", "upper", "count", "sex")),
        List.of());
  }

  private static List<Cell> bin(String sex, int i, Cell count) {
    return List.of(Cell.of(sex), Cell.of(30.0 + 5 * i), Cell.of(35.0 + 5 * i), count);
  }

  private static AnalysisReport stage() {
    String[] stages = {"I", "II", "III", "IV", "not staged"};
    long[][] counts = {{212, 251}, {187, 296}, {355, 512}, {441, 664}, {0, 0}};
    List<List<Cell>> rows = new ArrayList<>();
    for (int i = 0; i < stages.length; i++) {
      for (int s = 0; s < 2; s++) {
        boolean hidden = i == 4;
        rows.add(
            List.of(
                Cell.of(stages[i]),
                Cell.of(s == 0 ? "female" : "male"),
                hidden
                    ? new Cell.Suppressed(s == 0 ? "count < 5" : "complementary to a withheld cell")
                    : Cell.of(counts[i][s]),
                hidden
                    ? new Cell.NotComputed("its count is withheld")
                    : Cell.of(counts[i][s] / (s == 0 ? 1207.0 : 1731.0))));
      }
    }
    return new AnalysisReport(
        "stage-by-sex",
        "crosstab",
        AnalysisReport.OK,
        2938,
        1,
        facts(
            "chi_square",
            Cell.of(4.90312),
            "df",
            Cell.of(3L),
            "p_value",
            Cell.of(0.17894),
            "resolution",
            Cell.of("exact")),
        List.of(
            new ResultTable(
                "cells",
                "Stage at diagnosis by sex",
                List.of(
                    Column.text("stage"),
                    Column.text("sex"),
                    Column.whole("count"),
                    Column.real("share_of_sex")),
                rows)),
        List.of(new Plot.Bars("cells", "Persons by stage and sex", "stage", "count", "sex")),
        List.of("The row 'not staged' is left out of the chi-square test."));
  }

  private static AnalysisReport death() {
    List<List<Cell>> rows = new ArrayList<>();
    rows.add(term("(Intercept)", -4.90274, 0.49120, -9.98115, 1.848e-23));
    rows.add(term("age", 0.03142, 0.00511, 6.14873, 7.811e-10));
    rows.add(term("sex: male", 0.41877, 0.08206, 5.10321, 3.339e-7));
    rows.add(term("ph_ecog", 0.51406, 0.06013, 8.54914, 1.241e-17));
    rows.add(term("weight_loss", -0.00871, 0.00688, -1.26599, 0.20551));
    rows.add(term("stage: IV", 1.12834, 0.09017, 12.51347, 6.250e-36));
    return new AnalysisReport(
        "death",
        "glm",
        AnalysisReport.OK,
        2822,
        6,
        facts(
            "family", Cell.of("binomial"),
            "link", Cell.of("logit"),
            "iterations", Cell.of(5L),
            "deviance", Cell.of(3312.44817),
            "null_deviance", Cell.of(3861.03940),
            "log_likelihood", Cell.of(-1656.22408),
            "aic", Cell.of(3324.44817),
            "resolution", Cell.of("sums exact to 2^-40")),
        List.of(
            new ResultTable(
                "coefficients",
                "Logistic model of death within two years, odds ratios with 95% limits",
                List.of(
                    Column.text("term"),
                    Column.real("estimate"),
                    Column.real("std_error"),
                    Column.real("statistic"),
                    Column.real("p_value"),
                    Column.real("odds_ratio"),
                    Column.real("conf_low"),
                    Column.real("conf_high")),
                rows)),
        List.of(
            new Plot.Forest(
                "coefficients",
                "Odds ratios of death within two years",
                "term",
                "odds_ratio",
                "conf_low",
                "conf_high",
                Plot.Scale.RATIO)),
        List.of("116 persons with a missing value in a used column were left out."));
  }

  private static List<Cell> term(String name, double estimate, double error, double z, double p) {
    return List.of(
        Cell.of(name),
        Cell.of(estimate),
        Cell.of(error),
        Cell.of(z),
        Cell.of(p),
        Cell.of(Math.exp(estimate)),
        Cell.of(Math.exp(estimate - 1.959963984540054 * error)),
        Cell.of(Math.exp(estimate + 1.959963984540054 * error)));
  }

  private static AnalysisReport survival() {
    List<List<Cell>> rows = new ArrayList<>();
    String[] groups = {"female", "male"};
    double[] hazards = {0.036, 0.051};
    for (int g = 0; g < groups.length; g++) {
      for (int month = 0; month <= 36; month += 2) {
        boolean hidden = g == 1 && month >= 34;
        rows.add(
            List.of(
                Cell.of(groups[g]),
                Cell.of((double) month),
                hidden
                    ? new Cell.Suppressed("at risk < 5")
                    : Cell.of(Math.exp(-hazards[g] * month - 0.0006 * month * month))));
      }
    }
    return new AnalysisReport(
        "survival",
        "km",
        AnalysisReport.OK,
        2931,
        1,
        facts("log_rank", Cell.of(31.77), "df", Cell.of(1L), "p_value", Cell.of(1.7e-8)),
        List.of(
            new ResultTable(
                "curve",
                "Survival by sex on a grid of two months",
                List.of(Column.text("sex"), Column.real("time"), Column.real("survival")),
                rows)),
        List.of(
            new Plot.Lines(
                "curve", "Survival by sex (months)", "time", "survival", "sex", Plot.Form.STEP)),
        List.of());
  }

  private static AnalysisReport separated() {
    return new AnalysisReport(
        "rare-mutation",
        "glm",
        "SEPARATION",
        -1,
        1,
        facts(
            "family", Cell.of("binomial"),
            "aic", new Cell.NotComputed("the model has no finite maximum"),
            "deviance", new Cell.Failed("SEPARATION")),
        List.of(
            new ResultTable(
                "coefficients",
                "Logistic model of response",
                List.of(Column.text("term"), Column.real("estimate"), Column.real("std_error")),
                List.of(
                    List.of(
                        Cell.of("(Intercept)"),
                        new Cell.Failed("SEPARATION"),
                        new Cell.Failed("SEPARATION")),
                    List.of(
                        Cell.of("mutation: present"),
                        new Cell.Failed("SEPARATION"),
                        new Cell.Failed("SEPARATION"))))),
        List.of(),
        List.of(
            "Term 'mutation: present' separates the outcome: no finite estimate exists. Leave the term"
                + " out or join levels."));
  }

  private static List<RoundRecord> rounds() {
    String[] analyses = {
      "table-one",
      "spread",
      "spread",
      "spread",
      "age",
      "stage-by-sex",
      "death",
      "death",
      "death",
      "death",
      "death",
      "death",
      "survival",
      "rare-mutation"
    };
    long[] words = {96, 512, 512, 512, 24, 12, 31, 31, 31, 31, 31, 31, 114, 14};
    List<RoundRecord> rounds = new ArrayList<>();
    Instant at = START.plusMillis(11_400);
    int step = 0;
    for (int i = 0; i < analyses.length; i++) {
      step = i > 0 && analyses[i].equals(analyses[i - 1]) ? step + 1 : 0;
      boolean retried = i == 8;
      Duration took = Duration.ofMillis(retried ? 7_900 : 1_900 + (i * 613L) % 1_700);
      rounds.add(
          new RoundRecord(
              analyses[i],
              step,
              retried ? 1 : 0,
              at,
              took,
              4,
              words[i],
              retried ? List.of("south") : List.of()));
      at = at.plus(took).plusMillis(430 + (i * 271L) % 600);
    }
    return rounds;
  }

  private static Map<String, Cell> facts(Object... pairs) {
    Map<String, Cell> facts = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      facts.put((String) pairs[i], (Cell) pairs[i + 1]);
    }
    return facts;
  }
}
