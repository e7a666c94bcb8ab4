package io.tributary.simulation;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.EarlierSums;
import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.analysis.Program;
import io.tributary.analysis.Step;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * {@link StepSums} whose state holds no sum: the result is made from what the coordinator kept.
 *
 * @param sums the same program with the sums in its state
 */
public record KeptSums(StepSums sums) implements Program<long[], List<List<Long>>> {
  @Override
  public byte[] start() {
    return sums.start();
  }

  @Override
  public Layout layout(byte[] state) {
    return sums.layout(state);
  }

  @Override
  public Partial contribute(byte[] state, long[] data) {
    return sums.contribute(state, data);
  }

  @Override
  public boolean keepsSums() {
    return true;
  }

  @Override
  public Step<byte[], List<List<Long>>> update(byte[] state, Aggregate sum) {
    return update(state, sum, EarlierSums.NONE);
  }

  @Override
  public Step<byte[], List<List<Long>>> update(byte[] state, Aggregate sum, EarlierSums earlier) {
    int step = ByteBuffer.wrap(state).getInt();
    if (step + 1 < sums.steps()) {
      return new Step.Next<>(ByteBuffer.allocate(4).putInt(step + 1).array());
    }
    List<List<Long>> all = new ArrayList<>();
    for (int before = 0; before < earlier.size(); before++) {
      int announced = ByteBuffer.wrap(earlier.state(before)).getInt();
      if (announced != before || earlier.sum(before).contributors() != sum.contributors()) {
        throw new IllegalStateException("step " + before + " was kept as " + announced);
      }
      all.add(words(earlier.sum(before)));
    }
    all.add(words(sum));
    return new Step.Done<>(all);
  }

  private static List<Long> words(Aggregate sum) {
    List<Long> words = new ArrayList<>();
    for (int block = 0; block < sum.layout().blocks(); block++) {
      for (long word : sum.words(block)) {
        words.add(word);
      }
    }
    return words;
  }
}
