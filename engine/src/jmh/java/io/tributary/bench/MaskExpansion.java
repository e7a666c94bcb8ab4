package io.tributary.bench;

import io.tributary.masking.MaskBench;
import java.util.function.Consumer;

/**
 * Masks expanded and added, beside the cipher alone over the same bytes: the methods of {@link
 * MaskBench} in turn, each at its quickest, in processor time of this thread. JMH measures the same
 * methods on the wall, which on a machine with other work tells of that work.
 */
final class MaskExpansion implements Bench {
  /** Masks of 16 peers over a full frame of 2^20 words. */
  private static final double BYTES = 16.0 * (8 << 20);

  private static final int REPETITIONS = 25;
  private static final double GOAL = 0.6;

  /** PROTOCOL.md 2.10: on a processor with vector AES. */
  private static final double GATE = 5;

  @Override
  public String name() {
    return "masks";
  }

  @Override
  public String about() {
    return "masks expanded and added against raw AES-256-CTR, one core";
  }

  @Override
  public void run(Consumer<Measurement> out) throws Exception {
    MaskBench work = new MaskBench();
    work.drawKeys();
    double cipher = Double.MAX_VALUE;
    double narrow = Double.MAX_VALUE;
    double wide = Double.MAX_VALUE;
    for (int i = 0; i < REPETITIONS; i++) {
      cipher = Math.min(cipher, CpuTime.ofThread(work::cipher));
      narrow = Math.min(narrow, CpuTime.ofThread(work::narrow));
      wide = Math.min(wide, CpuTime.ofThread(work::wide));
    }
    String size = "peers=16 words=1048576";
    out.accept(
        Measurement.of("masks/narrow", size, rate(narrow), "GB/s")
            .against(rate(cipher))
            .goal(new Measurement.Goal.RatioAtLeast(GOAL)));
    out.accept(
        Measurement.of("masks/wide", size, rate(wide), "GB/s")
            .against(rate(cipher))
            .goal(new Measurement.Goal.RatioAtLeast(GOAL)));
    out.accept(
        Measurement.of("masks/gate", size, rate(narrow), "GB/s")
            .goal(new Measurement.Goal.ValueAtLeast(GATE)));
  }

  private static double rate(double seconds) {
    return BYTES / seconds / 1e9;
  }
}
