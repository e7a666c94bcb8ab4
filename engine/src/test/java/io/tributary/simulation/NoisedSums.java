package io.tributary.simulation;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.analysis.Program;
import io.tributary.analysis.Step;
import io.tributary.privacy.NoisePlan;
import io.tributary.study.Rho;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A program for tests of noise: every step sums many counts, each a slot of its own that costs
 * {@code rho}, so that one run holds many independent uses of one mechanism. Data are persons for
 * each count; the result is the noised counts of all steps.
 */
record NoisedSums(int sites, int counts, int steps, Rho rho, int honest)
    implements Program<long[], List<double[]>> {

  NoisePlan plan() {
    List<NoisePlan.SlotNoise> slots = new ArrayList<>();
    NoisePlan.SlotNoise one = NoisePlan.slot("n", 1, 1, rho, honest);
    for (int i = 0; i < counts; i++) {
      slots.add(new NoisePlan.SlotNoise("n" + i, one.clip(), rho));
    }
    return new NoisePlan(slots, honest);
  }

  @Override
  public byte[] start() {
    return new byte[4];
  }

  @Override
  public Layout layout(byte[] state) {
    return plan().layout(sites, "person", 100_000);
  }

  @Override
  public Partial contribute(byte[] state, long[] data) {
    Layout layout = layout(state);
    long[] words = new long[layout.words(0)];
    for (int i = 0; i < words.length; i++) {
      words[i] = data[i] << layout.slots().get(i).scaleBits();
    }
    return Partial.of(layout, words);
  }

  @Override
  public Step<byte[], List<double[]>> update(byte[] state, Aggregate sum) {
    ByteBuffer in = ByteBuffer.wrap(state);
    int step = in.getInt();
    List<double[]> all = new ArrayList<>();
    while (in.hasRemaining()) {
      double[] earlier = new double[counts];
      for (int i = 0; i < counts; i++) {
        earlier[i] = in.getDouble();
      }
      all.add(earlier);
    }
    double scale = Math.scalb(1.0, -sum.layout().slots().get(0).scaleBits());
    double[] now = new double[counts];
    for (int i = 0; i < counts; i++) {
      now[i] = sum.words(0)[i] * scale;
    }
    all.add(now);
    if (step + 1 == steps) {
      return new Step.Done<>(all);
    }
    ByteBuffer out = ByteBuffer.allocate(4 + 8 * counts * all.size()).putInt(step + 1);
    for (double[] values : all) {
      for (double value : values) {
        out.putDouble(value);
      }
    }
    return new Step.Next<>(out.array());
  }
}
