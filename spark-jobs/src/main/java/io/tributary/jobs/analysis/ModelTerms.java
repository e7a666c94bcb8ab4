package io.tributary.jobs.analysis;

import io.tributary.jobs.formula.Formula;
import io.tributary.jobs.formula.Variable;
import io.tributary.study.Errors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The right-hand side of a model's formula: its columns, their levels, and its model matrix. */
public final class ModelTerms {
  private final Job job;
  private final Formula formula;
  // Empty where a factor's levels have to be discovered.
  private final List<Optional<Field>> fields = new ArrayList<>();
  private final List<Field> offsets;

  /** Reads columns as the study declares them; too many columns of the matrix are refused. */
  public ModelTerms(Job job, Formula formula) {
    this.job = job;
    this.formula = formula;
    for (Variable variable : formula.variables()) {
      fields.add(field(variable));
    }
    this.offsets = formula.offsets().stream().map(offset -> number(job, offset.column())).toList();
    if (discovered().isEmpty()) {
      // Refused here already, not after a round.
      design(List.of());
    }
  }

  private Optional<Field> field(Variable variable) {
    return switch (variable.form()) {
      case PLAIN -> Optional.of(Field.of(job.study(), job.name(), variable.column()));
      case FACTOR -> Field.categoryOf(job.study(), job.name(), variable.column());
      case LOG, EXP, SQRT -> Optional.of(number(job, variable.column()));
    };
  }

  /** A column that must be a number. */
  public static Field number(Job job, String column) {
    Field field = Field.of(job.study(), job.name(), column);
    if (field.isCategory()) {
      throw Errors.badOption(
          job.name(),
          "the column '" + column + "' is a category where a number is needed.",
          "a numeric column");
    }
    return field;
  }

  public Formula formula() {
    return formula;
  }

  /** Fields of the formula's offsets. */
  public List<Field> offsets() {
    return offsets;
  }

  /** Positions of the variables whose levels have to be discovered. */
  public List<Integer> discovered() {
    List<Integer> positions = new ArrayList<>();
    for (int v = 0; v < fields.size(); v++) {
      if (fields.get(v).isEmpty()) {
        positions.add(v);
      }
    }
    return positions;
  }

  /** Columns of those variables. */
  public List<String> discoveredColumns() {
    return discovered().stream().map(v -> formula.variables().get(v).column()).toList();
  }

  /**
   * Fields of the formula's variables.
   *
   * @param levels found for each variable that had to be discovered
   */
  public List<Field> fields(List<Counts> levels) {
    List<Field> known = new ArrayList<>();
    int next = 0;
    for (int v = 0; v < fields.size(); v++) {
      if (fields.get(v).isPresent()) {
        known.add(fields.get(v).get());
      } else {
        known.add(LevelDiscovery.field(formula.variables().get(v).column(), levels.get(next++)));
      }
    }
    return known;
  }

  /** The model matrix once levels are known. */
  public Design design(List<Counts> levels) {
    return Design.of(job.name(), formula, fields(levels));
  }
}
