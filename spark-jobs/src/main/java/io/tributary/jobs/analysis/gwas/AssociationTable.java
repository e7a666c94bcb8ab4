package io.tributary.jobs.analysis.gwas;

import io.tributary.connectors.genomics.VariantList;
import io.tributary.jobs.analysis.PValue;
import io.tributary.jobs.genomics.Copies;
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

  private static final List<Column> NAMES =
      List.of(
          Column.text("chrom"),
          Column.whole("pos"),
          Column.text("id"),
          Column.text("ref"),
          Column.text("alt"),
          Column.text("code"));

  private static final List<Column> COUNTS = List.of(Column.real("alt_freq"), Column.whole("n"));

  private final boolean logistic;
  private final List<Column> columns;
  private final VariantList list;
  private final Associations associations;

  /**
   * The table of a scan.
   *
   * @param means whether persons without a call have the mean
   */
  AssociationTable(VariantList list, GwasResult.Sums sums, VariantGate gate, boolean means) {
    this(list, sums, new Associations(sums, gate, means), columns(sums.fit().logistic()));
  }

  private AssociationTable(
      VariantList list, GwasResult.Sums sums, Associations associations, List<Column> columns) {
    super(columns, list.size());
    this.logistic = sums.fit().logistic();
    this.columns = columns;
    this.list = list;
    this.associations = associations;
  }

  private static List<Column> columns(boolean logistic) {
    List<Column> columns = new ArrayList<>(NAMES);
    columns.addAll(COUNTS);
    if (logistic) {
      columns.add(Column.text("test"));
    }
    columns.add(Column.real("beta"));
    if (logistic) {
      columns.add(Column.real("odds_ratio"));
    }
    columns.add(Column.real("se"));
    columns.add(Column.real(logistic ? "z_stat" : "t_stat"));
    columns.add(Column.real("p_value"));
    columns.add(Column.real("neg_log_10_p_value"));
    return List.copyOf(columns);
  }

  List<Column> columns() {
    return columns;
  }

  /** Why a variant is not tested. */
  Optional<VariantGate.Code> code(int variant) {
    return GwasTables.isOnX(list, variant)
        ? Optional.of(VariantGate.Code.CHROMOSOME_X)
        : associations.code(variant);
  }

  /** Copies of the persons in a variant's model. */
  Copies copies(int variant) {
    return associations.copies(variant);
  }

  /** The test of a variant without a code. */
  Association association(int variant) {
    return associations.at(variant);
  }

  @Override
  protected List<Cell> cells(int variant) {
    List<Cell> cells = new ArrayList<>(columns.size());
    cells.add(Cell.of(list.chromosome(variant).word()));
    cells.add(Cell.of((long) list.position(variant)));
    cells.add(Cell.of(list.id(variant)));
    cells.add(Cell.of(list.ref(variant)));
    cells.add(Cell.of(list.alt(variant)));
    Optional<VariantGate.Code> code = code(variant);
    if (code.isPresent()) {
      cells.add(Cell.of(code.get().name()));
      cells.addAll(Collections.nCopies(columns.size() - NAMES.size(), code.get().cell()));
      return cells;
    }
    Copies copies = associations.copies(variant);
    Association association = associations.at(variant);
    cells.add(Cell.of(association.code()));
    cells.add(Cell.of(copies.frequency()));
    cells.add(Cell.of(copies.called()));
    if (!association.isTested()) {
      cells.addAll(
          Collections.nCopies(
              columns.size() - NAMES.size() - COUNTS.size(), new Cell.Failed(association.code())));
      return cells;
    }
    if (logistic) {
      cells.add(Cell.of(association.test().name()));
    }
    cells.add(Cell.of(association.beta()));
    if (logistic) {
      cells.add(Cell.of(association.oddsRatio()));
    }
    cells.add(Cell.of(association.error()));
    cells.add(Cell.of(association.statistic()));
    cells.add(PValue.of(association.logP()));
    cells.add(PValue.negativeLog10(association.logP()));
    return cells;
  }
}
