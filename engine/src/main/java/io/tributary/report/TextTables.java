package io.tributary.report;

import io.tributary.report.StudyReport.SiteParticipation;
import io.tributary.report.text.Digits;
import io.tributary.report.text.Markup;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Results as aligned plain text for a terminal. Names that came from a study may hold control
 * characters; they are replaced, so that a level cannot move the cursor or clear the screen.
 */
public final class TextTables {
  private static final Digits.Style STYLE = Digits.Style.PLAIN;
  private static final String GAP = "  ";
  private static final int WIDEST_TEXT = 40;
  private static final int MOST_ROWS = 100;
  private static final Pattern COUNT_BELOW = Pattern.compile("count below (\\d+)");

  private TextTables() {}

  /** A whole study: who took part, every analysis with its facts, tables and notes. */
  public static String report(StudyReport report) {
    StringBuilder out = new StringBuilder();
    out.append(plain(report.study())).append('\n');
    out.append("=".repeat(Math.max(1, plain(report.study()).length()))).append('\n');
    line(out, "sites", String.join(", ", report.sitesOf("CONTRIBUTED")));
    for (SiteParticipation site : report.sites()) {
      if (!site.role().equals("CONTRIBUTED")) {
        line(out, site.role().toLowerCase(Locale.ROOT), site.site());
      }
    }
    line(out, "shape", report.shape());
    line(out, "masked sums", Integer.toString(report.rounds().size()));
    line(out, "study digest", report.studyDigest());
    for (String rule : report.rules()) {
      line(out, "rule", rule);
    }
    for (AnalysisReport analysis : report.analyses()) {
      out.append('\n').append(analysis(analysis));
    }
    return out.toString();
  }

  /** One analysis. */
  public static String analysis(AnalysisReport analysis) {
    StringBuilder out = new StringBuilder();
    String persons = analysis.persons() < 0 ? CellTexts.WITHHELD : "" + analysis.persons();
    out.append("## ").append(plain(analysis.name())).append(" (").append(plain(analysis.type()));
    out.append(", persons: ").append(persons).append(", masked sums: ");
    out.append(analysis.rounds()).append(")\n");
    if (!analysis.outcome().equals(AnalysisReport.OK)) {
      out.append("!! ").append(plain(analysis.outcome())).append('\n');
    }
    for (String note : analysis.notes()) {
      out.append("   ").append(plain(note)).append('\n');
    }
    for (Map.Entry<String, Cell> fact : analysis.facts().entrySet()) {
      String reason = fact.getValue().reason();
      String value = CellTexts.single(fact.getKey(), fact.getValue(), STYLE);
      line(out, fact.getKey(), value + (reason.isEmpty() ? "" : " (" + reason + ")"));
    }
    for (ResultTable table : analysis.tables()) {
      out.append('\n').append(plain(table.title())).append('\n').append(table(table));
    }
    return out.toString();
  }

  /** One table: header, rule, rows; numbers to the right, and why cells have no value below. */
  public static String table(ResultTable table) {
    return table(table, new CellTexts(table, STYLE)::text);
  }

  /**
   * The same, for who asked a question and wants the numbers: a withheld count stands as {@code
   * <5*}, whether it is one below the floor or one from which such a count would follow, as the
   * line below the table says.
   */
  public static String answer(ResultTable table) {
    CellTexts texts = new CellTexts(table, STYLE);
    return table(
        table,
        (row, column) -> {
          Matcher bound = COUNT_BELOW.matcher(table.rows().get(row).get(column).reason());
          return bound.lookingAt() ? "<" + bound.group(1) + "*" : texts.text(row, column);
        });
  }

  private static String table(ResultTable table, BiFunction<Integer, Integer, String> texts) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(table.columns().stream().map(Column::name).toList());
    List<String> reasons = new ArrayList<>();
    int shown = Math.min(table.rows().size(), MOST_ROWS);
    for (int r = 0; r < shown; r++) {
      List<String> row = new ArrayList<>();
      for (int c = 0; c < table.columns().size(); c++) {
        String text = texts.apply(r, c);
        row.add(text);
        Cell cell = table.rows().get(r).get(c);
        String reason = text + ": " + cell.reason();
        if (cell.status() != Cell.Status.OK && !reasons.contains(reason)) {
          reasons.add(reason);
        }
      }
      rows.add(row);
    }
    boolean[] right = new boolean[table.columns().size()];
    for (int c = 0; c < right.length; c++) {
      right[c] = isNumber(table.columns().get(c));
    }
    StringBuilder out = new StringBuilder(aligned(rows, right));
    if (shown < table.rows().size()) {
      out.append("... ").append(table.rows().size() - shown).append(" more rows in the files\n");
    }
    for (String reason : reasons) {
      out.append(plain(reason)).append('\n');
    }
    return out.toString();
  }

  /**
   * Two tables of one form beside each other: a line for each number of the columns named, with
   * both values and how far they lie apart.
   *
   * @param columns numeric columns to show, all of them if empty
   */
  public static String beside(
      ResultTable left,
      String leftName,
      ResultTable right,
      String rightName,
      List<String> columns) {
    List<List<String>> lines = new ArrayList<>();
    lines.add(List.of("", "", leftName, rightName, "difference"));
    CellTexts leftTexts = CellTexts.together(left, right, STYLE);
    CellTexts rightTexts = CellTexts.together(right, left, STYLE);
    int rows = Math.min(left.rows().size(), right.rows().size());
    for (int r = 0; r < rows; r++) {
      String label = label(left, r);
      for (int c = 0; c < left.columns().size(); c++) {
        String name = left.columns().get(c).name();
        int other = index(right, name);
        boolean asked = columns.isEmpty() || columns.contains(name);
        if (isNumber(left.columns().get(c)) && asked && other >= 0) {
          String apart = apart(left.rows().get(r).get(c), right.rows().get(r).get(other));
          lines.add(List.of(label, name, leftTexts.text(r, c), rightTexts.text(r, other), apart));
          label = "";
        }
      }
    }
    String text = aligned(lines, new boolean[] {false, false, true, true, true});
    return left.rows().size() == right.rows().size()
        ? text
        : text
            + leftName
            + " has "
            + left.rows().size()
            + " rows, "
            + rightName
            + " has "
            + right.rows().size()
            + "\n";
  }

  /** The texts of a row that are not numbers, which is how people name it. */
  static String label(ResultTable table, int row) {
    List<String> parts = new ArrayList<>();
    for (int c = 0; c < table.columns().size(); c++) {
      if (table.rows().get(row).get(c) instanceof Cell.Text text) {
        parts.add(text.value());
      }
    }
    return parts.isEmpty() ? "row " + (row + 1) : String.join(" / ", parts);
  }

  private static String apart(Cell left, Cell right) {
    if (left.status() != right.status()) {
      return "status";
    }
    if (left.equals(right)) {
      return left.status() == Cell.Status.OK ? "0" : "";
    }
    double distance = Math.abs(number(left) - number(right));
    return Double.isNaN(distance) ? "" : String.format(Locale.ROOT, "%.1e", distance);
  }

  static double number(Cell cell) {
    if (cell instanceof Cell.Real real) {
      return real.value();
    }
    return cell instanceof Cell.Whole whole ? (double) whole.value() : Double.NaN;
  }

  static int index(ResultTable table, String column) {
    for (int i = 0; i < table.columns().size(); i++) {
      if (table.columns().get(i).name().equals(column)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean isNumber(Column column) {
    return switch (column.kind()) {
      case WHOLE, REAL -> true;
      case TEXT, FLAG -> false;
    };
  }

  /** Rows of one length under each other; the first is the header. */
  static String aligned(List<List<String>> rows, boolean[] right) {
    int[] widths = new int[right.length];
    List<List<String>> shown = new ArrayList<>();
    for (List<String> row : rows) {
      List<String> cut = row.stream().map(TextTables::cut).toList();
      for (int c = 0; c < right.length; c++) {
        widths[c] = Math.max(widths[c], length(cut.get(c)));
      }
      shown.add(cut);
    }
    StringBuilder out = new StringBuilder();
    for (int r = 0; r < shown.size(); r++) {
      StringBuilder text = new StringBuilder();
      for (int c = 0; c < right.length; c++) {
        String cell = shown.get(r).get(c);
        String blank = " ".repeat(widths[c] - length(cell));
        text.append(c == 0 ? "" : GAP).append(right[c] ? blank + cell : cell + blank);
      }
      out.append(text.toString().stripTrailing()).append('\n');
      if (r == 0) {
        int all = GAP.length() * (right.length - 1);
        for (int width : widths) {
          all += width;
        }
        out.append("-".repeat(Math.max(1, all))).append('\n');
      }
    }
    return out.toString();
  }

  private static String cut(String text) {
    String safe = plain(text);
    return length(safe) <= WIDEST_TEXT
        ? safe
        : safe.substring(0, safe.offsetByCodePoints(0, WIDEST_TEXT - 3)) + "...";
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  private static void line(StringBuilder out, String name, String value) {
    out.append(String.format(Locale.ROOT, "%-16s %s\n", plain(name), plain(value)));
  }

  /** The text with everything that could act on a terminal replaced. */
  static String plain(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> c == '\n' || c == '\t' ? ' ' : Markup.isPlain(c) ? c : 0xfffd)
        .forEach(safe::appendCodePoint);
    return safe.toString();
  }
}
