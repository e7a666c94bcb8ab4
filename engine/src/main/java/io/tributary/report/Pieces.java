package io.tributary.report;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Work on many rows, cut in pieces of which several are worked on at once. */
public final class Pieces {
  /** Rows of a piece. */
  static final int ROWS = 1024;

  /** Pieces that are held until they are taken, for each processor. */
  private static final int AHEAD = 4;

  private Pieces() {}

  /** What a piece becomes; called by several threads at once. */
  @FunctionalInterface
  public interface Maker<T> {
    /** Of the rows {@code from} to {@code to - 1}. */
    T make(int from, int to);
  }

  /**
   * Makes something of each piece, and takes that in the rows' order, one after another.
   *
   * @param rows that there are; without any nothing is made
   */
  public static <T> void inOrder(int rows, Maker<T> maker, Consumer<T> taker) {
    int window = ROWS * AHEAD * Runtime.getRuntime().availableProcessors();
    for (int first = 0; first < rows; first += window) {
      int start = first;
      int end = Math.min(rows - start, window) + start;
      List<T> made =
          IntStream.range(0, (end - start + ROWS - 1) / ROWS)
              .parallel()
              .mapToObj(
                  piece -> {
                    int from = start + piece * ROWS;
                    return maker.make(from, Math.min(from + ROWS, end));
                  })
              .toList();
      made.forEach(taker);
      if (end == rows) {
        break;
      }
    }
  }
}
