package io.tributary.jobs.analysis.gwas;

import io.tributary.connectors.genomics.VariantList;
import io.tributary.jobs.analysis.PValue;
import io.tributary.jobs.genomics.GenotypeCounts;
import io.tributary.jobs.genomics.VariantGate;
import io.tributary.report.Cell;
import io.tributary.report.Column;
import io.tributary.report.LazyRows;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** One row a variant of the list, made from the coordinator's sums when it is written. */
final class AssociationTable extends LazyRows {
  static final String NAME = "associations";

  static final List<Column> COLUMNS =
      List.of(
          Column.text("chrom"),
          Column.whole("pos"),
          Column.text("id"),
          Column.text("ref"),
          Column.text("alt"),
          Column.text("code"),
          Column.real("alt_freq"),
          Column.whole("n"),
          Column.real("beta"),
          Column.real("se"),
          Column.real("t_stat"),
          Column.real("p_value"),
          Column.real("neg_log_10_p_value"));

  private static final int NAMES = 5;
  private static final int ESTIMATES = 5;

  private final VariantList list;
  private final Associations associations;

  AssociationTable(VariantList list, GwasResult.Sums sums, VariantGate gate) {
    super(COLUMNS, list.size());
    this.list = list;
    this.associations = new Associations(sums, gate);
  }

  /** Why a variant is not tested. */
  Optional<VariantGate.Code> code(int variant) {
    return GwasTables.isOnX(list, variant)
        ? Optional.of(VariantGate.Code.CHROMOSOME_X)
        : associations.code(variant);
  }

  GenotypeCounts counts(int variant) {
    return associations.counts(variant);
  }

  /** The test of a variant without a code. */
  Association association(int variant) {
    return associations.at(variant);
  }

  @Override
  protected List<Cell> cells(int variant) {
    List<Cell> cells = new ArrayList<>(COLUMNS.size());
    cells.add(Cell.of(list.chromosome(variant).word()));
    cells.add(Cell.of((long) list.position(variant)));
    cells.add(Cell.of(list.id(variant)));
    cells.add(Cell.of(list.ref(variant)));
    cells.add(Cell.of(list.alt(variant)));
    Optional<VariantGate.Code> code = code(variant);
    if (code.isPresent()) {
      cells.add(Cell.of(code.get().name()));
      cells.addAll(Collections.nCopies(COLUMNS.size() - NAMES - 1, code.get().cell()));
      return cells;
    }
    GenotypeCounts counts = associations.counts(variant);
    Association association = associations.at(variant);
    cells.add(Cell.of(association.code()));
    cells.add(Cell.of(counts.frequency()));
    cells.add(Cell.of(counts.called()));
    if (!association.isTested()) {
      cells.addAll(Collections.nCopies(ESTIMATES, new Cell.Failed(association.code())));
      return cells;
    }
    cells.add(Cell.of(association.beta()));
    cells.add(Cell.of(association.error()));
    cells.add(Cell.of(association.statistic()));
    cells.add(PValue.of(association.logP()));
    cells.add(PValue.negativeLog10(association.logP()));
    return cells;
  }
}
