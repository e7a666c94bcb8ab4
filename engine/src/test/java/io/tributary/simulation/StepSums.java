package io.tributary.simulation;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.analysis.Program;
import io.tributary.analysis.Step;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A program for protocol tests: at step r every site adds its words times r + 1, and the result is
 * the list of all sums. Its state is the step and the sums so far.
 *
 * @param sites n the scales are for
 * @param words of one partial
 * @param steps sums taken
 * @param wordsPerBlock words of one frame
 */
public record StepSums(int sites, int words, int steps, int wordsPerBlock)
    implements Program<long[], List<List<Long>>> {

  /** One frame. */
  public static StepSums of(int sites, int words, int steps) {
    return new StepSums(sites, words, steps, words);
  }

  @Override
  public byte[] start() {
    return ByteBuffer.allocate(4).putInt(0).array();
  }

  @Override
  public Layout layout(byte[] state) {
    return Layout.of(sites)
        .rows(words, wordsPerBlock)
        .count("value", 1, "unit", 1L << 40, 1L << 50)
        .build();
  }

  @Override
  public Partial contribute(byte[] state, long[] data) {
    Layout layout = layout(state);
    long factor = ByteBuffer.wrap(state).getInt() + 1L;
    return Partial.lazy(
        layout,
        block -> {
          long[] part = new long[layout.words(block)];
          for (int i = 0; i < part.length; i++) {
            part[i] = data[block * wordsPerBlock + i] * factor;
          }
          return part;
        });
  }

  @Override
  public Step<byte[], List<List<Long>>> update(byte[] state, Aggregate sum) {
    ByteBuffer in = ByteBuffer.wrap(state);
    int step = in.getInt();
    List<List<Long>> sums = new ArrayList<>();
    while (in.hasRemaining()) {
      List<Long> earlier = new ArrayList<>();
      for (int i = 0; i < words; i++) {
        earlier.add(in.getLong());
      }
      sums.add(earlier);
    }
    List<Long> now = new ArrayList<>();
    for (int block = 0; block < sum.layout().blocks(); block++) {
      for (long word : sum.words(block)) {
        now.add(word);
      }
    }
    sums.add(now);
    if (step + 1 == steps) {
      return new Step.Done<>(sums);
    }
    ByteBuffer out = ByteBuffer.allocate(4 + 8 * words * sums.size()).putInt(step + 1);
    sums.forEach(list -> list.forEach(out::putLong));
    return new Step.Next<>(out.array());
  }
}
