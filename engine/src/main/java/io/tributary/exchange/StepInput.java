package io.tributary.exchange;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.analysis.Program;
import io.tributary.analysis.Step;
import java.util.List;
import java.util.Optional;

/**
 * A site's side of the analyses: what it adds to each sum. The same (job, step, broadcast) gives
 * the same values whenever it is asked, from a frozen snapshot of the data: a step has one input
 * whatever is retried (PROTOCOL.md 2.5, R1).
 */
public interface StepInput {
  /** Shape of the partial; reads no row. Errors of the study's own: BAD_MESSAGE, ... */
  Layout layout(int job, int step, byte[] broadcast);

  /** The partial; its blocks may be computed when asked for, ascending. */
  Partial contribute(int job, int step, byte[] broadcast);

  /** The state that a job begins with, which the study fixes. */
  byte[] start(int job);

  /**
   * The state that follows from a sum; empty after the last. A function of its arguments alone, the
   * same bits on every machine (PROTOCOL.md 2.11).
   */
  Optional<byte[]> next(int job, byte[] broadcast, Aggregate sum);

  /** Programs over data at hand, by job number. */
  static <D> StepInput of(List<? extends Program<D, ?>> programs, D data) {
    return new StepInput() {
      @Override
      public Layout layout(int job, int step, byte[] broadcast) {
        return programs.get(job).layout(broadcast);
      }

      @Override
      public Partial contribute(int job, int step, byte[] broadcast) {
        return programs.get(job).contribute(broadcast, data);
      }

      @Override
      public byte[] start(int job) {
        return programs.get(job).start();
      }

      @Override
      public Optional<byte[]> next(int job, byte[] broadcast, Aggregate sum) {
        return programs.get(job).update(broadcast, sum) instanceof Step.Next<byte[], ?> next
            ? Optional.of(next.state())
            : Optional.empty();
      }
    };
  }
}
