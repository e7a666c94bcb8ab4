package io.tributary.jobs.formula;

import io.tributary.study.Errors;
import java.io.Serializable;

/**
 * A column as a formula names it.
 *
 * @param column name in the study
 * @param form what the formula does to it
 */
public record Variable(String column, Form form) implements Serializable {
  /** What may stand around a column's name. */
  public enum Form {
    PLAIN(""),
    FACTOR("factor"),
    LOG("log"),
    EXP("exp"),
    SQRT("sqrt");

    private final String function;

    Form(String function) {
      this.function = function;
    }

    /** The function's name in a formula, empty for none. */
    public String function() {
      return function;
    }
  }

  /** The variable as R writes it: {@code age}, {@code factor(cp)}, {@code log(time)}. */
  public String label() {
    return form == Form.PLAIN ? column : form.function() + "(" + column + ")";
  }

  /** The function's value; log of zero and root of a negative number are not finite. */
  public double apply(double x) {
    return switch (form) {
      case PLAIN, FACTOR -> x;
      case LOG -> StrictMath.log(x);
      case EXP -> StrictMath.exp(x);
      case SQRT -> StrictMath.sqrt(x);
    };
  }

  /** The same; NOT_A_NUMBER where it is not finite. */
  public double finite(double x) {
    double value = apply(x);
    if (!Double.isFinite(value)) {
      throw Errors.notANumber(label());
    }
    return value;
  }
}
