package io.tributary.jobs.analysis;

import io.tributary.jobs.formula.Variable;
import io.tributary.jobs.formula.Variable.Form;
import io.tributary.study.Errors;

/** Outcomes that a person has or has not: a number 0 or 1, or one of two levels. */
public final class BinaryOutcome {
  private BinaryOutcome() {}

  /**
   * How the outcome is read; of two levels the second one is the event. A category with other
   * levels is STUDY_INVALID.
   *
   * @param binary whether the model is one of such outcomes; else a category is refused
   * @param remedy what may stand instead of a category that is refused
   */
  public static Field field(Job job, Variable variable, boolean binary, String remedy) {
    Field field = Field.of(job.study(), job.name(), variable.column());
    if (!field.isCategory()) {
      return field;
    }
    if (!binary || variable.form() != Form.PLAIN) {
      throw Errors.badOption(
          job.name(), "the outcome '" + variable.column() + "' is a category.", remedy);
    }
    if (field.levels().size() != 2) {
      throw Errors.badOption(
          job.name(),
          "the outcome '" + variable.column() + "' has " + field.levels().size() + " levels.",
          "two levels, the second one is the event; or derive a 0/1 column");
    }
    return field;
  }

  /** DATA_INVALID for a value that is neither 0 nor 1. */
  public static void check(String label, double y, String model) {
    if (y != 0 && y != 1) {
      throw Errors.badColumn(
          label,
          "a value is neither 0 nor 1, which a " + model + " outcome must be.",
          "Declare its two levels, or derive a 0/1 column, e.g. dead: \"status == 2\".");
    }
  }
}
