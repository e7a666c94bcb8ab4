package io.tributary.bench;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.analysis.Program;
import io.tributary.analysis.Step;
import java.util.Arrays;

/**
 * A program of equal steps: every site adds its words as they are, the result is the sum of the
 * last step. Nothing but the protocol is in its time.
 *
 * @param sites n the scales are for
 * @param words of a partial, one frame
 * @param steps sums taken
 */
record WordSum(int sites, int words, int steps) implements Program<long[], long[]> {
  static final long BOUND = 1L << 40;

  @Override
  public byte[] start() {
    return new byte[1];
  }

  @Override
  public Layout layout(byte[] state) {
    return Layout.of(sites).rows(words, words).count("value", 1, "unit", BOUND, 1L << 50).build();
  }

  @Override
  public Partial contribute(byte[] state, long[] data) {
    return Partial.lazy(layout(state), block -> data);
  }

  @Override
  public Step<byte[], long[]> update(byte[] state, Aggregate sum) {
    if (state.length == steps) {
      return new Step.Done<>(Arrays.copyOf(sum.words(0), words));
    }
    return new Step.Next<>(new byte[state.length + 1]);
  }
}
