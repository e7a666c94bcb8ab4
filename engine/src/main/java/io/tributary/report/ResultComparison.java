package io.tributary.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * How far two results lie apart, column by column. Rows are compared by position: both sides ran
 * the same study, whose order of rows is fixed, and a row whose texts differ is counted as such.
 *
 * @param columns every column of every table that both sides have; an analysis's facts are a table
 *     {@code (facts)} with one row
 * @param mismatches what only one side has, or has in another form, as sentences
 */
public record ResultComparison(List<ColumnDifference> columns, List<String> mismatches) {
  static final String FACTS = "(facts)";

  public ResultComparison {
    columns = List.copyOf(columns);
    mismatches = List.copyOf(mismatches);
  }

  /**
   * One column.
   *
   * @param cells compared
   * @param different numbers that are not the same bits
   * @param textsDifferent texts or flags that are not the same
   * @param statusesDifferent cells that have a value on one side only, or another reason for none
   * @param absolute largest |a - b|
   * @param relative largest |a - b| / max(|a|, |b|)
   * @param at label of the row with the largest relative difference, or of the first other one
   */
  public record ColumnDifference(
      String analysis,
      String table,
      String column,
      long cells,
      long different,
      long textsDifferent,
      long statusesDifferent,
      double absolute,
      double relative,
      String at) {
    public boolean identical() {
      return different == 0 && textsDifferent == 0 && statusesDifferent == 0;
    }

    /** No text or status differs, and no number by more than {@code most}, relatively. */
    public boolean within(double most) {
      return textsDifferent == 0 && statusesDifferent == 0 && relative <= most;
    }
  }

  /**
   * Compares two result folders.
   *
   * @throws io.tributary.study.TributaryException RESULTS_MISSING or RESULTS_INVALID
   */
  public static ResultComparison between(Path a, Path b) {
    return between(ResultFolder.read(a), ResultFolder.read(b));
  }

  public static ResultComparison between(StudyReport a, StudyReport b) {
    Comparing comparing = new Comparing();
    Map<String, AnalysisReport> others = new LinkedHashMap<>();
    b.analyses().forEach(analysis -> others.put(analysis.name(), analysis));
    for (AnalysisReport analysis : a.analyses()) {
      AnalysisReport other = others.remove(analysis.name());
      if (other == null) {
        comparing.only("A", "analysis", analysis.name());
      } else {
        comparing.analyses(analysis, other);
      }
    }
    others.keySet().forEach(name -> comparing.only("B", "analysis", name));
    return new ResultComparison(comparing.columns, comparing.mismatches);
  }

  /** Every number, text and status is the same, and nothing is on one side only. */
  public boolean identical() {
    return mismatches.isEmpty() && columns.stream().allMatch(ColumnDifference::identical);
  }

  /** The same with numbers that may differ by {@code most}, relatively. */
  public boolean within(double most) {
    return mismatches.isEmpty() && columns.stream().allMatch(column -> column.within(most));
  }

  public double largestAbsolute() {
    return columns.stream().mapToDouble(ColumnDifference::absolute).max().orElse(0);
  }

  public double largestRelative() {
    return columns.stream().mapToDouble(ColumnDifference::relative).max().orElse(0);
  }

  /** A table for a terminal and a sentence that sums it up. */
  public String text() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of("analysis", "table", "column", "cells", "differ", "absolute", "relative", "at"));
    for (ColumnDifference column : columns) {
      rows.add(
          List.of(
              column.analysis(),
              column.table(),
              column.column(),
              Long.toString(column.cells()),
              differ(column),
              size(column.absolute()),
              size(column.relative()),
              column.at()));
    }
    boolean[] right = {false, false, false, true, true, true, true, false};
    StringBuilder out = new StringBuilder(TextTables.aligned(rows, right));
    for (String mismatch : mismatches) {
      out.append(TextTables.plain(mismatch)).append('\n');
    }
    return out.append(summary()).append('\n').toString();
  }

  private String summary() {
    if (identical()) {
      return "Bit-identical: " + columns.size() + " columns.";
    }
    long same = columns.stream().filter(ColumnDifference::identical).count();
    return same
        + " of "
        + columns.size()
        + " columns are bit-identical; largest difference "
        + size(largestAbsolute())
        + " absolute, "
        + size(largestRelative())
        + " relative"
        + (mismatches.isEmpty() ? "." : "; " + mismatches.size() + " mismatches of form.");
  }

  private static String differ(ColumnDifference column) {
    List<String> parts = new ArrayList<>();
    if (column.different() > 0) {
      parts.add(Long.toString(column.different()));
    }
    if (column.textsDifferent() > 0) {
      parts.add(column.textsDifferent() + " text");
    }
    if (column.statusesDifferent() > 0) {
      parts.add(column.statusesDifferent() + " status");
    }
    return parts.isEmpty() ? "0" : String.join(", ", parts);
  }

  private static String size(double difference) {
    return difference == 0 ? "0" : String.format(Locale.ROOT, "%.2e", difference);
  }

  /** Collects differences while it walks through two results. */
  private static final class Comparing {
    private final List<ColumnDifference> columns = new ArrayList<>();
    private final List<String> mismatches = new ArrayList<>();

    void only(String side, String what, String name) {
      mismatches.add("Only " + side + " has the " + what + " '" + name + "'.");
    }

    void analyses(AnalysisReport a, AnalysisReport b) {
      if (!a.outcome().equals(b.outcome())) {
        unequal("outcome of " + a.name(), a.outcome(), b.outcome());
      }
      if (a.persons() != b.persons()) {
        unequal("persons of " + a.name(), "" + a.persons(), "" + b.persons());
      }
      facts(a, b);
      Map<String, ResultTable> others = new LinkedHashMap<>();
      b.tables().forEach(table -> others.put(table.name(), table));
      for (ResultTable table : a.tables()) {
        ResultTable other = others.remove(table.name());
        if (other == null) {
          only("A", "table", a.name() + "/" + table.name());
        } else {
          tables(a.name(), table, other);
        }
      }
      others.keySet().forEach(name -> only("B", "table", a.name() + "/" + name));
    }

    /** Facts as a table of one row; how exact a result is may differ without a difference. */
    private void facts(AnalysisReport a, AnalysisReport b) {
      Set<String> names = new LinkedHashSet<>(a.facts().keySet());
      names.addAll(b.facts().keySet());
      names.remove(AnalysisReport.RESOLUTION);
      for (String name : names) {
        if (!a.facts().containsKey(name) || !b.facts().containsKey(name)) {
          only(a.facts().containsKey(name) ? "A" : "B", "fact", a.name() + ": " + name);
        } else {
          ColumnSums sums = new ColumnSums();
          sums.add(a.facts().get(name), b.facts().get(name), name);
          columns.add(sums.finish(a.name(), FACTS, name));
        }
      }
    }

    private void tables(String analysis, ResultTable a, ResultTable b) {
      String name = analysis + "/" + a.name();
      if (a.rows().size() != b.rows().size()) {
        unequal("rows of " + name, "" + a.rows().size(), "" + b.rows().size());
      }
      for (Column column : b.columns()) {
        if (TextTables.index(a, column.name()) < 0) {
          only("B", "column", name + ": " + column.name());
        }
      }
      for (int c = 0; c < a.columns().size(); c++) {
        String column = a.columns().get(c).name();
        int other = TextTables.index(b, column);
        if (other < 0) {
          only("A", "column", name + ": " + column);
          continue;
        }
        ColumnSums sums = new ColumnSums();
        for (int r = 0; r < Math.min(a.rows().size(), b.rows().size()); r++) {
          sums.add(a.rows().get(r).get(c), b.rows().get(r).get(other), TextTables.label(a, r));
        }
        columns.add(sums.finish(analysis, a.name(), column));
      }
    }

    private void unequal(String what, String a, String b) {
      mismatches.add("The " + what + ": " + a + " in A, " + b + " in B.");
    }
  }

  /** One column's differences so far. */
  private static final class ColumnSums {
    private long cells;
    private long different;
    private long texts;
    private long statuses;
    private double absolute;
    private double relative;
    private String at = "";

    void add(Cell a, Cell b, String label) {
      cells++;
      boolean withoutValue = a.status() != Cell.Status.OK || b.status() != Cell.Status.OK;
      double x = TextTables.number(a);
      double y = TextTables.number(b);
      if (withoutValue) {
        statuses += a.status() == b.status() && a.reason().equals(b.reason()) ? 0 : 1;
      } else if (Double.isNaN(x) || Double.isNaN(y)) {
        texts += a.equals(b) ? 0 : 1;
      } else if (a instanceof Cell.Whole p && b instanceof Cell.Whole q) {
        // Not by their doubles, which may be the same for neighbours beyond 2^53.
        numbers(p.value() == q.value(), wholeDistance(p.value(), q.value()), x, y, label);
      } else {
        boolean same = Double.doubleToRawLongBits(x) == Double.doubleToRawLongBits(y);
        numbers(same, Math.abs(x - y), x, y, label);
      }
      if (at.isEmpty() && different + texts + statuses > 0) {
        at = label;
      }
    }

    private static double wholeDistance(long p, long q) {
      return java.math.BigInteger.valueOf(p)
          .subtract(java.math.BigInteger.valueOf(q))
          .abs()
          .doubleValue();
    }

    private void numbers(boolean same, double distance, double x, double y, String label) {
      if (same) {
        return;
      }
      different++;
      double larger = Math.max(Math.abs(x), Math.abs(y));
      // x - y may overflow; halves do not.
      double share =
          larger == 0
              ? 0
              : Double.isInfinite(distance)
                  ? 2 * Math.abs(x / 2 / larger - y / 2 / larger)
                  : distance / larger;
      absolute = Math.max(absolute, Math.min(distance, Double.MAX_VALUE));
      if (share > relative) {
        relative = share;
        at = label;
      }
    }

    ColumnDifference finish(String analysis, String table, String column) {
      return new ColumnDifference(
          analysis, table, column, cells, different, texts, statuses, absolute, relative, at);
    }
  }
}
