package io.tributary.exchange;

import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.analysis.Program;
import java.util.List;

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
    };
  }
}
