package io.tributary.jobs.analysis.variantqc;

import io.tributary.analysis.Aggregate;
import io.tributary.connectors.genomics.VariantList;
import io.tributary.jobs.analysis.Floor;
import io.tributary.jobs.analysis.PValue;
import io.tributary.jobs.genomics.CountingKernel;
import io.tributary.jobs.genomics.GenotypeCounts;
import io.tributary.jobs.genomics.VariantGate.Code;
import io.tributary.jobs.probability.HardyWeinberg;
import io.tributary.report.Cell;
import io.tributary.report.Column;
import io.tributary.report.LazyRows;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/** One row a variant of the list, made from the sum when it is written. */
final class VariantTable extends LazyRows {
  static final String NAME = "variants";

  static final List<Column> COLUMNS =
      List.of(
          Column.text("chrom"),
          Column.whole("pos"),
          Column.text("id"),
          Column.text("ref"),
          Column.text("alt"),
          Column.text("code"),
          Column.real("alt_freq"),
          Column.real("maf"),
          Column.whole("alt_ct"),
          Column.whole("n"),
          Column.whole("missing_ct"),
          Column.real("call_rate"),
          Column.real("e_het"),
          Column.whole("hom_ref_ct"),
          Column.whole("het_ct"),
          Column.whole("hom_alt_ct"),
          Column.real("o_het"),
          Column.real("hwe_p_value"),
          Column.real("hwe_mid_p_value"),
          Column.real("neg_log_10_hwe_p_value"));

  private static final int NAMES = 5;
  private static final int OF_GENOTYPES = 7;

  private final VariantList list;
  private final CountingKernel.Counts counts;
  private final Floor floor;
  private final BiFunction<Integer, GenotypeCounts, Optional<Code>> code;
  private final Predicate<GenotypeCounts> showsGenotypes;

  VariantTable(
      VariantList list,
      Aggregate sum,
      Floor floor,
      BiFunction<Integer, GenotypeCounts, Optional<Code>> code,
      Predicate<GenotypeCounts> showsGenotypes) {
    super(COLUMNS, list.size());
    this.list = list;
    this.counts = new CountingKernel.Counts(sum);
    this.floor = floor;
    this.code = code;
    this.showsGenotypes = showsGenotypes;
  }

  @Override
  protected List<Cell> cells(int variant) {
    List<Cell> cells = new ArrayList<>(COLUMNS.size());
    cells.add(Cell.of(list.chromosome(variant).word()));
    cells.add(Cell.of((long) list.position(variant)));
    cells.add(Cell.of(list.id(variant)));
    cells.add(Cell.of(list.ref(variant)));
    cells.add(Cell.of(list.alt(variant)));
    GenotypeCounts here = counts.at(variant);
    Optional<Code> withheld = code.apply(variant, here);
    if (withheld.isPresent()) {
      cells.add(Cell.of(withheld.get().name()));
      cells.addAll(Collections.nCopies(COLUMNS.size() - NAMES - 1, withheld.get().cell()));
      return cells;
    }
    cells.add(Cell.of("OK"));
    double frequency = here.frequency();
    cells.add(Cell.of(frequency));
    cells.add(Cell.of(here.minorFrequency()));
    cells.add(Cell.of(here.copies()));
    cells.add(Cell.of(here.called()));
    cells.add(Cell.of(here.missing()));
    cells.add(Cell.of(here.called() / (double) here.persons()));
    cells.add(Cell.of(2 * frequency * (1 - frequency)));
    if (showsGenotypes.test(here)) {
      genotypes(here, cells);
    } else {
      cells.addAll(Collections.nCopies(OF_GENOTYPES, floor.withheldCount()));
    }
    return cells;
  }

  private static void genotypes(GenotypeCounts here, List<Cell> cells) {
    double logP = HardyWeinberg.logP(here.homRef(), here.het(), here.homAlt());
    cells.add(Cell.of(here.homRef()));
    cells.add(Cell.of(here.het()));
    cells.add(Cell.of(here.homAlt()));
    cells.add(Cell.of(here.het() / (double) here.called()));
    cells.add(PValue.of(logP));
    cells.add(PValue.of(HardyWeinberg.logMidP(here.homRef(), here.het(), here.homAlt())));
    cells.add(PValue.negativeLog10(logP));
  }
}
