package io.tributary.jobs.analysis;

import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import java.util.List;

/** How a model can end; every end but OK has a name instead of numbers. */
public interface NamedOutcome {
  /** The name, as reports have it. */
  String name();

  /** What it means, without a final stop; empty for OK. */
  String sentence();

  /** Whether a release rule stopped it, rather than the data. */
  boolean withheld();

  /** What stands where a number cannot. */
  default Cell absent() {
    return withheld() ? new Cell.Suppressed(sentence()) : new Cell.Failed(name());
  }

  /** Whether there are numbers. */
  default boolean isOk() {
    return name().equals(AnalysisReport.OK);
  }

  /**
   * Name and meaning as a report's first note; none for OK.
   *
   * @param concerned the terms that led to it
   */
  default List<String> notes(List<String> concerned) {
    if (isOk()) {
      return List.of();
    }
    String terms = concerned.isEmpty() ? "" : ": " + String.join(", ", concerned);
    return List.of(name() + ": " + sentence() + terms + ".");
  }
}
