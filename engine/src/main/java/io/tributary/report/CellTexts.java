package io.tributary.report;

import io.tributary.report.text.Digits;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;

/** A table's cells as people read them: one number of decimals a column, and words for the rest. */
final class CellTexts {
  static final String NOT_COMPUTED = "n/c";
  static final String FAILED = "failed";
  static final String WITHHELD = "withheld";

  private static final Pattern BELOW = Pattern.compile("[a-z ]+ (?:<|below) (\\d+)");

  private final ResultTable table;
  private final Digits.Style style;
  private final List<Digits> digits = new ArrayList<>();

  CellTexts(ResultTable table, Digits.Style style) {
    this(table, List.of(table), style);
  }

  private CellTexts(ResultTable table, List<ResultTable> all, Digits.Style style) {
    this.table = table;
    this.style = style;
    for (Column column : table.columns()) {
      double[] values =
          all.stream()
              .filter(one -> TextTables.index(one, column.name()) >= 0)
              .flatMapToDouble(one -> reals(one, TextTables.index(one, column.name())))
              .toArray();
      digits.add(Digits.ofColumn(column.name(), values, style));
    }
  }

  /** The texts of the first table, with decimals that suit both. */
  static CellTexts together(ResultTable table, ResultTable other, Digits.Style style) {
    return new CellTexts(table, List.of(table, other), style);
  }

  String text(int row, int column) {
    Cell cell = table.rows().get(row).get(column);
    if (cell instanceof Cell.Real real) {
      return digits.get(column).of(real.value());
    }
    if (cell instanceof Cell.NotComputed absent
        && absent.reason().startsWith("below ")
        && Digits.isProbability(table.columns().get(column).name())) {
      // A probability that underflows is not computed, but what people read is the same bound.
      return Digits.single("p_value", 0, style);
    }
    return other(cell, table.columns().get(column).kind() == Column.Kind.WHOLE, style);
  }

  /** A single figure outside a table. */
  static String single(String name, Cell cell, Digits.Style style) {
    return cell instanceof Cell.Real real
        ? Digits.single(name, real.value(), style)
        : other(cell, cell instanceof Cell.Whole, style);
  }

  /** Whether the text shown is less than the value in the files. */
  static boolean isRounded(Cell cell, String shown) {
    return cell instanceof Cell.Real real && !shown.equals(Digits.exact(real.value()));
  }

  private static String other(Cell cell, boolean count, Digits.Style style) {
    if (cell instanceof Cell.Text text) {
      return text.value();
    }
    if (cell instanceof Cell.Whole whole) {
      return Digits.whole(whole.value(), style);
    }
    if (cell instanceof Cell.Flag flag) {
      return flag.value() ? "yes" : "no";
    }
    if (cell instanceof Cell.Suppressed suppressed) {
      return count ? below(suppressed.rule()) : WITHHELD;
    }
    return cell instanceof Cell.NotComputed ? NOT_COMPUTED : FAILED;
  }

  /**
   * {@code <5} for a rule that says nothing but a bound, e.g. {@code count < 5}. A rule that says
   * more, e.g. that the cell may only protect another one, is no claim about the value. Only for
   * counts: "&lt;5" in a column of means would read as a mean below 5.
   */
  private static String below(String rule) {
    Matcher bound = BELOW.matcher(rule);
    return bound.matches() ? "<" + bound.group(1) : WITHHELD;
  }

  private static DoubleStream reals(ResultTable table, int column) {
    return table.rows().stream()
        .limit(table.rows() instanceof LazyRows ? HtmlTable.MOST_ROWS : Long.MAX_VALUE)
        .map(row -> row.get(column))
        .filter(Cell.Real.class::isInstance)
        .mapToDouble(cell -> ((Cell.Real) cell).value());
  }
}
