package io.tributary.jobs.analysis.gwas;

import io.tributary.connectors.genomics.VariantList;
import io.tributary.jobs.analysis.PValue;
import io.tributary.jobs.genomics.Copies;
import io.tributary.jobs.genomics.VariantGate;
import io.tributary.report.Cell;
import io.tributary.report.Column;
import io.tributary.report.LazyRows;
import io.tributary.report.Pieces;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** One row a variant of the list, made from the coordinator's sums when it is written. */
final class AssociationTable extends LazyRows {
  static final String NAME = "associations";

  static final int CHROMOSOME = 0;
  static final int POSITION = 1;
  static final int ID = 2;
  static final int REF = 3;
  static final int ALT = 4;
  static final int CODE = 5;
  static final int FREQUENCY = 6;
  static final int PERSONS = 7;

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
  private Optional<BitSet> lacking = Optional.empty();

  /**
   * The table of a scan.
   *
   * @param calls what is taken for copies
   * @param cases the test of all variants, if it is one without covariates
   */
  AssociationTable(
      VariantList list,
      GwasResult.Sums sums,
      VariantGate gate,
      Calls calls,
      Optional<CaseTest> cases) {
    this(list, sums, new Associations(sums, gate, calls, cases), columns(sums.fit().logistic()));
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

  /** Columns of the table. */
  List<Column> shape() {
    return columns;
  }

  /** Position of a column that not every model has, or of those after it. */
  int column(String name) {
    return columns.stream().map(Column::name).toList().indexOf(name);
  }

  @Override
  protected BitSet lacking() {
    return lacking.orElseGet(super::lacking);
  }

  /**
   * Looks at each row.
   *
   * @param each takes variants in order
   */
  void scan(Consumer<Seen> each) {
    BitSet columnsLacking = new BitSet();
    Pieces.inOrder(
        size(),
        (from, to) -> {
          List<Seen> seen = new ArrayList<>(to - from);
          BitSet here = new BitSet();
          for (int variant = from; variant < to; variant++) {
            Seen one = seen(variant);
            seen.add(one);
            addLacking(cells(one), here);
          }
          return Map.entry(seen, here);
        },
        piece -> {
          piece.getKey().forEach(each);
          columnsLacking.or(piece.getValue());
        });
    lacking = Optional.of(columnsLacking);
  }

  /**
   * What is known of a variant.
   *
   * @param copies of the persons in its model, if it is shown
   * @param found empty if it is not shown
   */
  record Seen(
      int variant,
      Optional<VariantGate.Code> withheld,
      Optional<Copies> copies,
      Optional<Association> found) {
    /** Why there is no estimate, or OK. */
    String code() {
      return withheld.map(VariantGate.Code::name).orElseGet(() -> found.orElseThrow().code());
    }

    boolean isTested() {
      return found.isPresent() && found.get().isTested();
    }
  }

  private Seen seen(int variant) {
    Optional<VariantGate.Code> withheld = code(variant);
    return withheld.isPresent()
        ? new Seen(variant, withheld, Optional.empty(), Optional.empty())
        : new Seen(
            variant,
            withheld,
            Optional.of(associations.copies(variant)),
            Optional.of(associations.at(variant)));
  }

  /** Why a variant is not shown. */
  private Optional<VariantGate.Code> code(int variant) {
    return GwasTables.isOnX(list, variant)
        ? Optional.of(VariantGate.Code.CHROMOSOME_X)
        : associations.code(variant);
  }

  /** The test of a variant without a code. */
  Association association(int variant) {
    return associations.at(variant);
  }

  @Override
  protected List<Cell> cells(int variant) {
    return cells(seen(variant));
  }

  private List<Cell> cells(Seen seen) {
    int variant = seen.variant();
    List<Cell> cells = new ArrayList<>(columns.size());
    cells.add(Cell.of(list.chromosome(variant).word()));
    cells.add(Cell.of((long) list.position(variant)));
    cells.add(Cell.of(list.id(variant)));
    cells.add(Cell.of(list.ref(variant)));
    cells.add(Cell.of(list.alt(variant)));
    cells.add(Cell.of(seen.code()));
    if (seen.withheld().isPresent()) {
      cells.addAll(
          Collections.nCopies(columns.size() - NAMES.size(), seen.withheld().get().cell()));
      return cells;
    }
    Copies copies = seen.copies().orElseThrow();
    Association association = seen.found().orElseThrow();
    cells.add(Cell.of(associations.frequency(variant)));
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
