package io.tributary.jobs.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.jobs.analysis.Sheet;
import io.tributary.jobs.genomics.CallMatrix;
import io.tributary.jobs.genomics.CallMatrix.Variant;
import io.tributary.jobs.genomics.GenotypedSites;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.ResultTable;
import io.tributary.study.Assembly;
import io.tributary.study.SiteConfig.GenotypeFormat;
import io.tributary.study.Study.ReleaseFloor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Association of the dosages of a BGEN against R's models of the dosages that plink2 read ({@code
 * dosages.R} in the test resources): left out and filled with the mean where there is none.
 */
class DosageReferenceTest {
  private static final ReleaseFloor OPEN = new ReleaseFloor(0, 0, Double.POSITIVE_INFINITY);

  /** Two variants of the file stand at one place. */
  private static final Set<Integer> TWICE = Set.of(10, 100);

  private static final String ANALYSES =
      """
      [{name: linear, type: gwas, formula: "y ~ x", genotypes: dosages, minCarriers: 0},
       {name: mean, type: gwas, formula: "y ~ x", genotypes: dosages, missing: mean, minCarriers: 0},
       {name: logistic, type: gwas, model: logistic, formula: "d ~ x", genotypes: dosages, test: likelihood, minCarriers: 0},
       {name: filled, type: gwas, model: logistic, formula: "d ~ x", genotypes: dosages, missing: mean, test: likelihood, minCarriers: 0},
       {name: score, type: gwas, model: logistic, formula: "d ~ x", genotypes: dosages, missing: mean, pThreshold: 0, minCarriers: 0}]
      """
          .strip();

  @TempDir private Path folder;

  private static Map<String, Map<String, Double>> expected() throws IOException {
    Map<String, Map<String, Double>> rows = new HashMap<>();
    List<String> lines =
        Files.readAllLines(Path.of("src", "test", "resources", "reference", "dosages.csv"));
    List<String> header = List.of(lines.get(0).split(","));
    for (String line : lines.subList(1, lines.size())) {
      String[] fields = line.split(",");
      Map<String, Double> row = new HashMap<>();
      for (int i = 1; i < fields.length; i++) {
        row.put(header.get(i), Double.parseDouble(fields[i]));
      }
      rows.put(fields[0], row);
    }
    return rows;
  }

  /** The file's variants, 1 kb apart. */
  private static CallMatrix list() {
    List<Variant> variants = new ArrayList<>();
    for (int v = 2; v <= 200; v++) {
      if (!TWICE.contains(v)) {
        int place = v < 100 ? 1000 * v : 1000 * (v - 100) + 1;
        variants.add(new Variant("1", place, "RSID_" + v, "A", "G"));
      }
    }
    return new CallMatrix(List.of(), List.of(), variants, new int[variants.size()][0]);
  }

  private static Sheet persons() {
    List<List<String>> rows = new ArrayList<>();
    for (int i = 1; i <= 500; i++) {
      double x = StrictMath.cos(i / 3.0);
      rows.add(
          List.of(
              "sample_%03d".formatted(i),
              Double.toString(x),
              Double.toString(StrictMath.sin(i) + x),
              i * 7919 % 1000 < 350 ? "1" : "0",
              "S" + i % 3));
    }
    return new Sheet(List.of("IID", "x", "y", "d", "SITE"), rows);
  }

  private static void compare(
      AnalysisReport report, Map<String, Map<String, Double>> expected, String name, boolean all) {
    assertThat(report.outcome()).isEqualTo(AnalysisReport.OK);
    ResultTable table = report.tables().get(0);
    int compared = 0;
    int alike = 0;
    for (List<Cell> row : table.rows()) {
      Map<String, Double> r = expected.get(((Cell.Text) row.get(table.column("id"))).value());
      if (!row.get(table.column("code")).equals(Cell.of("OK"))) {
        continue;
      }
      compared++;
      double beta = ((Cell.Real) row.get(table.column("beta"))).value();
      double error = ((Cell.Real) row.get(table.column("se"))).value();
      assertThat(row.get(table.column("n")))
          .isEqualTo(Cell.of(all ? 500L : r.get("n").longValue()));
      double frequency = ((Cell.Real) row.get(table.column("alt_freq"))).value();
      // Where a dosage lies half-way between two 16384ths, plink2 may have rounded the other way.
      boolean same = Math.abs(frequency - r.get("freq")) < 1e-12;
      alike += same ? 1 : 0;
      double tolerance = same ? 1e-8 : 5e-5;
      assertThat(Math.abs(frequency - r.get("freq"))).isLessThan(1e-6);
      double se = r.get(name + "_se");
      assertThat(Math.abs(error - se)).isLessThanOrEqualTo(tolerance * se);
      assertThat(Math.abs(beta - r.get(name + "_beta")))
          .isLessThanOrEqualTo(tolerance * Math.max(Math.abs(beta), se));
    }
    assertThat(compared).isGreaterThan(180);
    assertThat(alike).isGreaterThan(140);
  }

  @Test
  void dosagesOfThreeSitesEqualR() throws IOException {
    String bgen = Oracle.shared().resolve("data/bgen-samples/example.16bits.bgen").toString();
    Map<String, Map<String, Double>> expected = expected();
    try (GenotypedSites sites =
        GenotypedSites.of(folder, list().sorted(), Assembly.GRCH38, "{}", ANALYSES)
            .released(OPEN)) {
      for (String site : List.of("S0", "S1", "S2")) {
        sites.open(persons().where("SITE", site), bgen, GenotypeFormat.BGEN);
      }
      compare(sites.report(0), expected, "linear", false);
      compare(sites.report(1), expected, "mean", true);
      compare(sites.report(2), expected, "logistic", false);
      compare(sites.report(3), expected, "filled", true);
      compare(sites.report(4), expected, "score", true);
    }
  }
}
