package io.tributary.report;

import io.tributary.report.text.Digits;
import io.tributary.report.text.Markup;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A result table for people: sensible digits, the first text columns as row headers, and every cell
 * without a value marked and explained in a footnote (a tip alone would be lost on paper).
 */
final class HtmlTable {
  /** More rows than this are in the files only. */
  static final int MOST_ROWS = 200;

  // A table this short is kept on one page when printed; a longer one scrolls on a screen.
  private static final int SHORT = 20;

  private final ResultTable table;
  private final CellTexts texts;
  private final List<String> reasons = new ArrayList<>();

  HtmlTable(ResultTable table) {
    this.table = table;
    this.texts = new CellTexts(table, Digits.Style.TYPESET);
  }

  /**
   * The table under a caption like {@code Table 3}.
   *
   * @param file where it stands in full precision, or "" if it is in release.json
   */
  Markup render(String number, String file) {
    String caption = table.title().isEmpty() ? table.name() : table.title();
    int shown = Math.min(table.rows().size(), MOST_ROWS);
    Markup out = new Markup().open("div", "class", shown <= SHORT ? "tab short" : "tab").line();
    open(out, number, caption, shown > SHORT ? ", " + table.rows().size() + " rows" : "");
    header(out);
    out.open("tbody");
    for (int row = 0; row < shown; row++) {
      row(out, row);
    }
    out.close("tbody").close("table").close("div").line();
    foot(out, shown, file);
    return out.close("div").line();
  }

  /**
   * Opens a region that scrolls and the table in it. The caption stands before the region and not
   * in the table, so that it keeps its place when a wide table is scrolled on a phone.
   */
  static void open(Markup out, String number, String caption, String aside) {
    String id = number.toLowerCase(Locale.ROOT).replace(' ', '-');
    out.open("p", "class", "cap", "id", id).element("b", number).text(caption);
    out.element("span", aside, "class", "aside").close("p").line();
    String css = aside.isEmpty() ? "scroll" : "scroll long";
    out.open("div", "class", css, "role", "region", "aria-labelledby", id, "tabindex", "0");
    out.open("table", "aria-labelledby", id).line();
  }

  private void header(Markup out) {
    out.open("thead").open("tr");
    for (Column column : table.columns()) {
      out.element("th", column.name().replace('_', ' '), "scope", "col", "class", align(column));
    }
    out.close("tr").close("thead").line();
  }

  private void row(Markup out, int row) {
    out.open("tr");
    for (int i = 0; i < table.columns().size(); i++) {
      Column column = table.columns().get(i);
      boolean heads = i == 0 && column.kind() == Column.Kind.TEXT;
      String tag = heads ? "th" : "td";
      out.open(tag, "scope", heads ? "row" : null, "class", align(column));
      cell(out, row, i);
      out.close(tag);
    }
    out.close("tr").line();
  }

  private void cell(Markup out, int row, int column) {
    Cell cell = table.rows().get(row).get(column);
    String text = texts.text(row, column);
    if (cell.status() == Cell.Status.OK) {
      if (repeats(row, column)) {
        out.element("span", text, "class", "same");
      } else if (CellTexts.isRounded(cell, text)) {
        out.element("span", text, "title", Digits.exact(((Cell.Real) cell).value()));
      } else {
        out.text(text);
      }
      return;
    }
    out.element("span", text, "class", css(cell.status()), "title", explain(cell));
    out.element("sup", mark(footnote(cell)));
  }

  /** A first column that says the same as the row above is set back, so that groups show. */
  private boolean repeats(int row, int column) {
    return column == 0
        && row > 0
        && table.columns().get(0).kind() == Column.Kind.TEXT
        && table.rows().get(row).get(0).equals(table.rows().get(row - 1).get(0));
  }

  private int footnote(Cell cell) {
    String reason = explain(cell);
    if (!reasons.contains(reason)) {
      reasons.add(reason);
    }
    return reasons.indexOf(reason);
  }

  private static String mark(int footnote) {
    return footnote < 26 ? Character.toString('a' + footnote) : Integer.toString(footnote + 1);
  }

  private void foot(Markup out, int shown, String file) {
    if (reasons.isEmpty() && file.isEmpty() && shown == table.rows().size()) {
      return;
    }
    out.open("p", "class", "foot");
    for (int i = 0; i < reasons.size(); i++) {
      out.element("sup", mark(i)).text(" " + reasons.get(i) + ". ");
    }
    if (shown < table.rows().size()) {
      String all = Digits.whole(table.rows().size(), Digits.Style.TYPESET);
      out.text("The first " + shown + " of " + all + " rows; the others are in the files. ");
    }
    if (!file.isEmpty()) {
      out.text("Full precision: ").element("code", file).text(".");
    }
    out.close("p").line();
  }

  static String explain(Cell cell) {
    String reason = cell.reason().isEmpty() ? "no reason given" : cell.reason();
    return switch (cell.status()) {
      case OK -> "";
      case SUPPRESSED -> "Withheld: " + reason;
      case NOT_COMPUTED -> "n/c, not computed: " + reason;
      case FAILED -> "Failed: " + reason;
    };
  }

  static String css(Cell.Status status) {
    return switch (status) {
      case OK -> "";
      case SUPPRESSED -> "sup";
      case NOT_COMPUTED -> "nc";
      case FAILED -> "fail";
    };
  }

  private static String align(Column column) {
    return switch (column.kind()) {
      case WHOLE, REAL -> "r";
      case TEXT, FLAG -> column.name().toLowerCase(Locale.ROOT).endsWith("hash") ? "hash" : null;
    };
  }
}
