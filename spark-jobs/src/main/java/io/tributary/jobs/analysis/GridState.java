package io.tributary.jobs.analysis;

import io.tributary.jobs.survival.TimeGrid;

/** What is public between the rounds of an analysis that counts on a grid of times. */
public sealed interface GridState {
  /** The grid is looked for. */
  record Searching() implements GridState {}

  /** Persons are counted on the grid. */
  record Counting(TimeGrid grid) implements GridState {}

  /** Counting at once on a declared grid; else the search. */
  static GridState start(SurvivalTimes times) {
    return times.declared().<GridState>map(Counting::new).orElseGet(Searching::new);
  }

  /** As bytes. */
  static byte[] encode(String form, GridState state) {
    StateBytes.Writer out = StateBytes.write(form);
    if (state instanceof Counting counting) {
      SurvivalTimes.write(out.whole(1), counting.grid());
    } else {
      out.whole(0);
    }
    return out.bytes();
  }

  /** From bytes; BAD_MESSAGE for a grid that the study cannot have. */
  static GridState decode(String form, byte[] bytes, SurvivalTimes times) {
    StateBytes.Reader in = StateBytes.read(form, bytes);
    GridState state = in.whole(0, 1) == 1 ? new Counting(times.read(in)) : new Searching();
    in.end();
    return state;
  }
}
