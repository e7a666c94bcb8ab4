package io.tributary.report;

import java.io.IOException;
import java.io.OutputStream;

/**
 * A file in a form of its own beside an analysis's tables, such as other programs read. It is
 * written once, from what its maker holds; two are equal if their names are.
 */
public final class ResultFile {
  private final String name;
  private final Body body;

  /** A file name with its ending, and what is in it. */
  public ResultFile(String name, Body body) {
    this.name = name;
    this.body = body;
  }

  public String name() {
    return name;
  }

  /** Writes the content; does not close the stream. */
  void write(OutputStream out) throws IOException {
    body.write(out);
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

  /** Content of a file. */
  @FunctionalInterface
  public interface Body {
    void write(OutputStream out) throws IOException;
  }
}
