package io.tributary.jobs.analysis.gwas;

import io.tributary.connectors.genomics.Chromosome;
import io.tributary.connectors.genomics.VariantList;
import io.tributary.jobs.analysis.Floor;
import io.tributary.jobs.genomics.Coding;
import io.tributary.jobs.genomics.QuantilePlot;
import io.tributary.jobs.genomics.VariantGate;
import io.tributary.jobs.probability.Tails;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.Column;
import io.tributary.report.Plot;
import io.tributary.report.ResultFile;
import io.tributary.report.ResultTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;

/** The tables of a scan, with the release floor applied. */
final class GwasTables {
  private static final String QUANTILES = "quantiles";
  private static final String TOP = "top";
  private static final int MOST_TOP = 50;

  /** -log10 of 5e-8. */
  private static final double GENOME_WIDE = 7.301029995663981;

  /** -log10 of a p that is a double for all who read it. */
  private static final double GREATEST_DOUBLE = 300;

  /** Median of chi-square with one degree of freedom. */
  private static final double CHI_SQUARE_MEDIAN = 0.45493642311957;

  private final GwasAnalysis analysis;
  private final GwasResult result;
  private final Floor floor;
  private final QuantilePlot quantiles = new QuantilePlot();
  private final Map<String, Long> codes = new TreeMap<>();
  private final Map<Association.Test, Long> tests = new TreeMap<>();
  private final PriorityQueue<Hit> top =
      new PriorityQueue<>(
          Comparator.comparingDouble(Hit::negLog10)
              .thenComparing(Hit::variant, Comparator.reverseOrder()));
  private final Manhattan manhattan;
  private final float[] near;
  private long tested;
  private long hits;
  private double greatest;

  private record Hit(int variant, double negLog10) {}

  GwasTables(GwasAnalysis analysis, GwasResult result) {
    this.analysis = analysis;
    this.result = result;
    this.floor = analysis.job().floor();
    this.manhattan = new Manhattan(analysis.job().genotypes().assembly());
    this.near = new float[result.scan().isPresent() ? analysis.variants() : 0];
  }

  AnalysisReport report() {
    long persons = result.moments().persons();
    boolean told = floor.showsStatistic(persons);
    Map<String, Cell> facts = new LinkedHashMap<>();
    facts.put("outcome", Cell.of(analysis.model().outcome()));
    facts.put("model", Cell.of(analysis.model().word()));
    facts.put("coding", Cell.of(analysis.calls().coding().word()));
    facts.put("dropped", told ? floor.missing(result.moments().dropped()) : floor.withheldCount());
    List<ResultTable> tables = new ArrayList<>();
    List<Plot> plots = new ArrayList<>();
    List<ResultFile> files = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    if (!result.outcome().equals(Outcome.OK)) {
      notes.add(result.outcome().code() + ": " + result.outcome().sentence());
    }
    result
        .scan()
        .ifPresent(
            sums -> {
              VariantList list = analysis.job().variants();
              AssociationTable table =
                  new AssociationTable(
                      list,
                      sums,
                      analysis.gate(sums.counts().contributors()),
                      analysis.calls(),
                      analysis.caseTest(sums.fit()));
              if (sums.fit().logistic()) {
                facts.put("cases", Cell.of(analysis.cases(result.moments())));
                facts.put("controls", Cell.of(analysis.controls(result.moments())));
              }
              Arrays.fill(near, Float.NaN);
              table.scan(seen -> look(list, seen));
              facts(facts, table);
              tables.add(
                  new ResultTable(AssociationTable.NAME, "Associations", table.shape(), table));
              tables.add(top(table));
              tables.add(manhattan.table());
              tables.add(quantiles());
              plots.add(manhattan.plot());
              files.addAll(
                  new GwasFiles(analysis, table, result.moments(), greatest > GREATEST_DOUBLE)
                      .all());
              plots.add(
                  new Plot.Lines(
                      QUANTILES,
                      "Observed over expected -log10 p",
                      "expected",
                      "observed",
                      "line",
                      Plot.Form.STRAIGHT));
              notes.addAll(notes(sums));
            });
    notes.add(floor.sentence());
    return new AnalysisReport(
        analysis.job().name(),
        "gwas",
        result.outcome().code(),
        told ? persons : -1,
        0,
        facts,
        tables,
        plots,
        notes,
        files);
  }

  private void look(VariantList list, AssociationTable.Seen seen) {
    if (!seen.isTested()) {
      codes.merge(seen.code(), 1L, Long::sum);
      return;
    }
    int variant = seen.variant();
    Association association = seen.found().orElseThrow();
    double negLog10 = Tails.negativeLog10(association.logP());
    tests.merge(association.test(), 1L, Long::sum);
    near[variant] = (float) negLog10;
    tested++;
    hits += negLog10 > GENOME_WIDE ? 1 : 0;
    quantiles.add(negLog10);
    manhattan.add(list.chromosome(variant), list.position(variant), negLog10);
    greatest = Math.max(greatest, negLog10);
    top.add(new Hit(variant, negLog10));
    if (top.size() > MOST_TOP) {
      top.poll();
    }
  }

  private void facts(Map<String, Cell> facts, AssociationTable table) {
    facts.put("variants", Cell.of((long) table.size()));
    facts.put("tested", Cell.of(tested));
    if (analysis.model().logistic()) {
      tests.forEach(
          (test, count) ->
              facts.put(test.name().toLowerCase(Locale.ROOT) + "_tests", Cell.of(count)));
    }
    codes.forEach((code, count) -> facts.put(code.toLowerCase(Locale.ROOT), Cell.of(count)));
    facts.put("p_value_below_5e-8", Cell.of(hits));
    if (tested == 0) {
      facts.put("lambda_gc", new Cell.NotComputed("no variant was tested"));
      return;
    }
    double lambda = medianChiSquare(table) / CHI_SQUARE_MEDIAN;
    facts.put("lambda_gc", Cell.of(lambda));
    if (analysis.model().logistic()) {
      double spread =
          1.0 / analysis.cases(result.moments()) + 1.0 / analysis.controls(result.moments());
      facts.put("effective_persons", Cell.of(4 / spread));
      facts.put("lambda_1000", Cell.of(1 + (lambda - 1) * spread * 1000 / 2));
    }
  }

  /** Only tests near the median are made again. */
  private double medianChiSquare(AssociationTable table) {
    List<Double> middle = new ArrayList<>();
    double low = quantiles.least((tested - 1) / 2);
    double high = quantiles.most(tested / 2);
    for (int variant = 0; variant < near.length; variant++) {
      // Both bounds are floats.
      if (near[variant] >= low && near[variant] <= high) {
        double value = Tails.negativeLog10(table.association(variant).logP());
        if (value >= low && value < high) {
          middle.add(value);
        }
      }
    }
    middle.sort(null);
    long before = quantiles.below(low);
    double first = chiSquare(middle.get((int) ((tested - 1) / 2 - before)));
    double second = chiSquare(middle.get((int) (tested / 2 - before)));
    return (first + second) / 2;
  }

  private static double chiSquare(double negLog10) {
    double z = Tails.normalQuantile(1 - StrictMath.pow(10, -negLog10));
    return z * z;
  }

  private List<String> notes(GwasResult.Sums sums) {
    VariantGate gate = analysis.gate(sums.counts().contributors());
    List<String> notes = new ArrayList<>();
    if (sums.fit().logistic()) {
      notes.add(analysis.likelihood().note(analysis.calls()));
    }
    notes.addAll(
        List.of(
            analysis.calls().note(),
            "A variant is tested if "
                + gated(analysis.calls().coding())
                + " at least "
                + gate.leastCarriers()
                + (analysis.calls().coding() == Coding.ADDITIVE ? " carriers" : "")
                + ", if at least "
                + gate.leastPersons()
                + " persons have a call"
                + (analysis.calls().means()
                    ? ""
                    : " and nobody or at least " + gate.leastMissing() + " have none")
                + ", and if "
                + analysis.sitesInWords()
                + " it.",
            "Files beside the tables: GWAS-SSF with its metadata, plink2's "
                + GwasFiles.glmSuffix(analysis)
                + ", and the variants that were not tested.",
            "lambda_gc is the median of chi-square of all tests over its expectation."));
    if (sums.fit().logistic()) {
      notes.add(
          "effective_persons are as many cases and controls, half of each, as tell as much as"
              + " these; lambda_1000 is lambda_gc as of 1,000 cases and 1,000 controls.");
    }
    return notes;
  }

  private static String gated(Coding coding) {
    return switch (coding) {
      case ADDITIVE -> "each of its alleles has";
      case DOMINANT -> "persons with its ALT, and those without it, are";
      case RECESSIVE -> "persons with two copies of its ALT, and the others, are";
    };
  }

  private ResultTable top(AssociationTable table) {
    List<Hit> best = new ArrayList<>(top);
    best.sort(Comparator.comparingDouble(Hit::negLog10).reversed().thenComparing(Hit::variant));
    return new ResultTable(
        TOP,
        "Variants of smallest p",
        table.shape(),
        best.stream().map(hit -> table.get(hit.variant())).toList());
  }

  private ResultTable quantiles() {
    List<List<Cell>> rows = new ArrayList<>();
    for (QuantilePlot.Point point : quantiles.points()) {
      rows.add(List.of(Cell.of(point.expected()), Cell.of(point.observed()), Cell.of("observed")));
    }
    for (double end : new double[] {0, quantiles.greatestExpected()}) {
      rows.add(List.of(Cell.of(end), Cell.of(end), Cell.of("expected")));
    }
    return new ResultTable(
        QUANTILES,
        "Quantiles of -log10 p",
        List.of(Column.real("expected"), Column.real("observed"), Column.text("line")),
        rows);
  }

  /** Whether nothing is built for a variant's chromosome. */
  static boolean isOnX(VariantList list, int variant) {
    return list.chromosome(variant).equals(Chromosome.X);
  }
}
