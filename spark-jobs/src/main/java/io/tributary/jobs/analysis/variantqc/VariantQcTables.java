package io.tributary.jobs.analysis.variantqc;

import io.tributary.analysis.Aggregate;
import io.tributary.connectors.genomics.Chromosome;
import io.tributary.connectors.genomics.VariantList;
import io.tributary.jobs.analysis.Floor;
import io.tributary.jobs.genomics.CountingKernel;
import io.tributary.jobs.genomics.FrequencyBins;
import io.tributary.jobs.genomics.GenotypeCounts;
import io.tributary.jobs.genomics.QuantilePlot;
import io.tributary.jobs.genomics.VariantGate;
import io.tributary.jobs.genomics.VariantGate.Code;
import io.tributary.jobs.probability.HardyWeinberg;
import io.tributary.jobs.probability.Tails;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.Column;
import io.tributary.report.Plot;
import io.tributary.report.ResultTable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The tables of variant QC, with the release floor applied. */
final class VariantQcTables {
  private static final String FREQUENCIES = "frequencies";
  private static final String QUANTILES = "hwe_quantiles";
  private static final double FAR_FROM_EQUILIBRIUM = 1e-6;

  private final VariantQcAnalysis analysis;
  private final VariantList list;
  private final Aggregate sum;
  private final VariantGate gate;
  private final Floor floor;
  private final FrequencyBins frequencies = new FrequencyBins();
  private final QuantilePlot quantiles = new QuantilePlot();
  private final Map<Code, Long> codes = new EnumMap<>(Code.class);
  private long shown;
  private long far;
  private long persons;

  VariantQcTables(VariantQcAnalysis analysis, VariantList list, Aggregate sum) {
    this.analysis = analysis;
    this.list = list;
    this.sum = sum;
    this.gate = analysis.gate(sum.contributors());
    this.floor = analysis.job().floor();
  }

  AnalysisReport report() {
    count();
    boolean told = floor.showsStatistic(persons);
    Map<String, Cell> facts = new LinkedHashMap<>();
    facts.put("variants", Cell.of((long) list.size()));
    facts.put("shown", Cell.of(shown));
    codes.forEach((code, count) -> facts.put(code.name().toLowerCase(Locale.ROOT), Cell.of(count)));
    facts.put("hwe_p_value_below_1e-6", Cell.of(far));
    return new AnalysisReport(
        analysis.job().name(),
        "variant-qc",
        told ? AnalysisReport.OK : AnalysisReport.TOO_FEW_PERSONS,
        told ? persons : -1,
        0,
        facts,
        told ? List.of(variants(), frequencies(), quantiles()) : List.of(),
        told ? plots() : List.of(),
        notes());
  }

  private void count() {
    CountingKernel.Counts counts = new CountingKernel.Counts(sum);
    for (int variant = 0; variant < list.size(); variant++) {
      GenotypeCounts here = counts.at(variant);
      persons = Math.max(persons, here.persons());
      Optional<Code> code = code(variant, here);
      if (code.isPresent()) {
        codes.merge(code.get(), 1L, Long::sum);
        continue;
      }
      shown++;
      frequencies.add(here.minorFrequency());
      if (showsGenotypes(here)) {
        double logP = HardyWeinberg.logP(here.homRef(), here.het(), here.homAlt());
        quantiles.add(Tails.negativeLog10(logP));
        far += logP < StrictMath.log(FAR_FROM_EQUILIBRIUM) ? 1 : 0;
      }
    }
  }

  private Optional<Code> code(int variant, GenotypeCounts counts) {
    return list.chromosome(variant).equals(Chromosome.X)
        ? Optional.of(Code.CHROMOSOME_X)
        : gate.code(counts);
  }

  /** Each genotype follows from the two others and the copies of ALT, so all are shown or none. */
  private boolean showsGenotypes(GenotypeCounts counts) {
    return floor.showsCount(counts.homRef())
        && floor.showsCount(counts.het())
        && floor.showsCount(counts.homAlt());
  }

  private List<String> notes() {
    return List.of(
        "Copies of the list's ALT are counted. A variant is shown if each of its alleles has at"
            + " least "
            + gate.leastCarriers()
            + " carriers, and if nobody or at least as many have no call.",
        "Numbers by genotype, and the test of their proportions, which tells them, are shown if each"
            + " genotype has at least "
            + floor.minCell()
            + " persons.",
        "Exact test of Hardy-Weinberg proportions on pooled counts: a mixture of populations has"
            + " fewer heterozygotes than one population.",
        floor.sentence());
  }

  private ResultTable variants() {
    List<Column> columns = VariantTable.COLUMNS;
    return new ResultTable(
        VariantTable.NAME,
        "Variants",
        columns,
        new VariantTable(list, sum, floor, this::code, this::showsGenotypes));
  }

  private ResultTable frequencies() {
    List<List<Cell>> rows = new ArrayList<>();
    for (int bin = 0; bin < FrequencyBins.BINS; bin++) {
      rows.add(
          List.of(
              Cell.of(FrequencyBins.edge(bin)),
              Cell.of(FrequencyBins.edge(bin + 1)),
              Cell.of(frequencies.count(bin))));
    }
    return new ResultTable(
        FREQUENCIES,
        "Variants by frequency of the rarer allele",
        List.of(Column.real("lower"), Column.real("upper"), Column.whole("n")),
        rows);
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
        "Quantiles of -log10 p of the test of Hardy-Weinberg proportions",
        List.of(Column.real("expected"), Column.real("observed"), Column.text("line")),
        rows);
  }

  private static List<Plot> plots() {
    return List.of(
        new Plot.Histogram(
            FREQUENCIES, "Variants by frequency of the rarer allele", "lower", "upper", "n", ""),
        new Plot.Lines(
            QUANTILES,
            "Hardy-Weinberg: observed over expected -log10 p",
            "expected",
            "observed",
            "line",
            Plot.Form.STRAIGHT));
  }
}
