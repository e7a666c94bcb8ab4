package io.tributary.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/**
 * A file in a form of its own beside an analysis's tables, such as other programs read. It is
 * written once; two are equal if their names are.
 */
public final class ResultFile {
  private final String name;
  private final Content content;

  private ResultFile(String name, Content content) {
    this.name = name;
    this.content = content;
  }

  /** A file name with its ending, and what is in it. */
  public ResultFile(String name, Body body) {
    this(name, new Content.Whole(body));
  }

  /**
   * A text file with lines for rows of a table, which are made once for all files that have them.
   *
   * @param table name of the table
   * @param head the first line, with its end
   */
  public static ResultFile ofRows(
      String name, String table, Packing packing, String head, Line line) {
    return new ResultFile(name, new Content.OfRows(table, packing, head, line));
  }

  /** A file that tells something of another one, such as its digest or an index. */
  public static ResultFile about(String name, String other, About about) {
    return new ResultFile(name, new Content.AboutOther(other, about));
  }

  public String name() {
    return name;
  }

  Content content() {
    return content;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ResultFile that && name.equals(that.name);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public String toString() {
    return "ResultFile[" + name + "]";
  }

  /** How the bytes of a text are stored. */
  public enum Packing {
    PLAIN,
    /** In blocks of gzip, any of which can be read by itself (SAM specification 4.1). */
    BGZF
  }

  /** Content of a file. */
  @FunctionalInterface
  public interface Body {
    /** Writes it; does not close the stream. */
    void write(OutputStream out) throws IOException;
  }

  /** The line of a row. */
  @FunctionalInterface
  public interface Line {
    /** Appends it with its end, or nothing; called by several threads at once. */
    void append(List<Cell> row, StringBuilder out);
  }

  /** Content of a file about another one. */
  @FunctionalInterface
  public interface About {
    /** Reads the other file, and writes this one; closes neither. */
    void write(InputStream other, OutputStream out) throws IOException;
  }

  /** What is in a file, and when it can be written. */
  sealed interface Content {
    record Whole(Body body) implements Content {}

    record OfRows(String table, Packing packing, String head, Line line)
        implements Content, RowText {
      @Override
      public void head(StringBuilder out) {
        out.append(head);
      }

      @Override
      public void rows(List<List<Cell>> rows, int first, StringBuilder out) {
        for (List<Cell> row : rows) {
          line.append(row, out);
        }
      }

      @Override
      public void tail(StringBuilder out) {
        // Lines end by themselves.
      }
    }

    record AboutOther(String other, About about) implements Content {}
  }
}
