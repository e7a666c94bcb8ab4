package io.tributary.jobs.analysis.ldprune;

import io.tributary.connectors.genomics.Chromosome;
import io.tributary.connectors.genomics.VariantList;
import io.tributary.jobs.analysis.Floor;
import io.tributary.jobs.analysis.VariantPruning;
import io.tributary.jobs.genomics.CountingKernel;
import io.tributary.jobs.genomics.VariantGate;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.Column;
import io.tributary.report.LazyRows;
import io.tributary.report.ResultFile;
import io.tributary.report.ResultTable;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Which variants stay, and why the others do not. */
final class LdPruneTables {
  /** Code of a variant that stays. */
  static final String KEPT = "KEPT";

  /** Code of a variant that is correlated with one that stays, or did. */
  static final String PRUNED = "PRUNED";

  /** Outcome where no variant is common enough. */
  static final String NO_VARIANT = "NO_VARIANT";

  /** Outcome where more variants are common enough than a state holds. */
  static final String MANY_VARIANTS = "MANY_VARIANTS";

  private static final List<Column> COLUMNS =
      List.of(
          Column.text("chrom"),
          Column.whole("pos"),
          Column.text("id"),
          Column.text("ref"),
          Column.text("alt"),
          Column.text("code"));

  private final LdPruneAnalysis analysis;
  private final LdPruneResult result;
  private final Floor floor;

  LdPruneTables(LdPruneAnalysis analysis, LdPruneResult result) {
    this.analysis = analysis;
    this.result = result;
    this.floor = analysis.job().floor();
  }

  AnalysisReport report() {
    boolean told = floor.showsStatistic(result.persons());
    boolean some = told && !result.kept().isEmpty();
    Map<String, Cell> facts = new LinkedHashMap<>();
    facts.put("window", Cell.of((long) analysis.pruning().windows().window()));
    facts.put("step", Cell.of((long) analysis.pruning().windows().step()));
    facts.put("r2", Cell.of(analysis.pruning().windows().r2()));
    List<ResultTable> tables = List.of();
    List<ResultFile> files = List.of();
    if (some) {
      VariantList list = analysis.job().variants();
      Rows rows = new Rows(list);
      facts.put("variants", Cell.of((long) list.size()));
      Map<String, Long> codes = new TreeMap<>();
      for (int variant = 0; variant < list.size(); variant++) {
        codes.merge(rows.code(variant), 1L, Long::sum);
      }
      codes.forEach((code, n) -> facts.put(code.toLowerCase(Locale.ROOT), Cell.of(n)));
      tables = List.of(new ResultTable("variants", "Variants", COLUMNS, rows));
      BitSet kept = result.kept();
      files = List.of(new ResultFile("prune.in", out -> names(list, kept, out)));
    }
    return new AnalysisReport(
        analysis.job().name(),
        "ld-prune",
        outcome(told, some),
        told ? result.persons() : -1,
        0,
        facts,
        tables,
        List.of(),
        notes(),
        files);
  }

  private String outcome(boolean told, boolean some) {
    if (some) {
      return AnalysisReport.OK;
    }
    if (!told) {
      return AnalysisReport.TOO_FEW_PERSONS;
    }
    return result.tooMany() ? MANY_VARIANTS : NO_VARIANT;
  }

  private List<String> notes() {
    VariantPruning pruning = analysis.pruning();
    return List.of(
        "Of two variants within "
            + pruning.windows().window()
            + " whose squared correlation is above "
            + pruning.windows().r2()
            + ", the one goes whose minor allele is rarer. "
            + (analysis.pairs()
                ? "Persons without a call at either are left out of a pair."
                : "Persons without a call have the whole number of copies nearest to the mean."),
        "Considered are variants that every site has, with a minor allele of frequency "
            + pruning.leastFrequency()
            + " or more and "
            + pruning.leastCarriers()
            + " carriers of each allele.",
        "The file prune.in has the ids of those that stay, as plink2 --extract reads them.",
        floor.sentence());
  }

  /** One name a line. */
  private static void names(VariantList list, BitSet kept, OutputStream out)
      throws java.io.IOException {
    Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
    for (int variant = kept.nextSetBit(0); variant >= 0; variant = kept.nextSetBit(variant + 1)) {
      writer.write(list.id(variant));
      writer.write('\n');
    }
    writer.flush();
  }

  /** One row a variant of the list. */
  private final class Rows extends LazyRows {
    private final VariantList list;
    private final CountingKernel.Counts counts;
    private final int contributors;

    Rows(VariantList list) {
      super(COLUMNS, list.size());
      this.list = list;
      this.counts = new CountingKernel.Counts(result.counts().orElseThrow());
      this.contributors = result.counts().orElseThrow().contributors();
    }

    String code(int variant) {
      if (result.kept().get(variant)) {
        return KEPT;
      }
      if (list.chromosome(variant).equals(Chromosome.X)) {
        return VariantGate.Code.CHROMOSOME_X.name();
      }
      return analysis.pruning().code(counts.at(variant), contributors).orElse(PRUNED);
    }

    @Override
    protected List<Cell> cells(int variant) {
      return List.of(
          Cell.of(list.chromosome(variant).word()),
          Cell.of((long) list.position(variant)),
          Cell.of(list.id(variant)),
          Cell.of(list.ref(variant)),
          Cell.of(list.alt(variant)),
          Cell.of(code(variant)));
    }
  }
}
