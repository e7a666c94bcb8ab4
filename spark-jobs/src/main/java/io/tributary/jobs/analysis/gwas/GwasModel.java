package io.tributary.jobs.analysis.gwas;

import io.tributary.jobs.analysis.BinaryOutcome;
import io.tributary.jobs.analysis.Design;
import io.tributary.jobs.analysis.Field;
import io.tributary.jobs.analysis.Job;
import io.tributary.jobs.analysis.ModelTerms;
import io.tributary.jobs.analysis.Options;
import io.tributary.jobs.analysis.Values;
import io.tributary.jobs.formula.Formula;
import io.tributary.jobs.formula.Variable;
import io.tributary.study.Errors;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;

/** The model to which each variant is added: outcome, intercept and covariates. */
final class GwasModel {
  private static final String NOT_REPORTED = "NR";
  private static final String LINEAR = "linear";
  private static final String LOGISTIC = "logistic";

  private final boolean logistic;
  private final Formula formula;
  private final Design design;
  private final Values values;
  private final String ancestry;
  private final String technology;

  private GwasModel(
      boolean logistic, Formula formula, Design design, Values values, Options options) {
    this.logistic = logistic;
    this.formula = formula;
    this.design = design;
    this.values = values;
    this.ancestry = options.text("ancestry").orElse(NOT_REPORTED);
    this.technology = options.text("technology").orElse(NOT_REPORTED);
  }

  /**
   * Reads the options {@code model}, {@code formula}, {@code ancestry} and {@code technology};
   * levels of categories have to be declared.
   */
  static GwasModel of(Job job, Options options) {
    boolean logistic = options.word("model", LINEAR, List.of(LINEAR, LOGISTIC)).equals(LOGISTIC);
    Formula formula =
        Formula.parse(options.requiredText("formula", "a formula, e.g. \"height ~ age + sex\""));
    if (!formula.intercept()) {
      throw options.refuse("formula", "has no intercept", "a model with an intercept");
    }
    if (!formula.offsets().isEmpty()) {
      throw options.refuse("formula", "has an offset", "a model without offset");
    }
    ModelTerms terms = new ModelTerms(job, formula);
    if (!terms.discovered().isEmpty()) {
      throw Errors.levelsNeeded(job.name(), terms.discoveredColumns().get(0));
    }
    List<Field> fields = new ArrayList<>();
    fields.add(
        logistic
            ? BinaryOutcome.field(
                job, formula.response(), true, "two levels without a transformation")
            : ModelTerms.number(job, formula.response().column()));
    fields.addAll(terms.fields(List.of()));
    return new GwasModel(logistic, formula, terms.design(List.of()), new Values(fields), options);
  }

  /** Whether the outcome is 0 or 1, and its log-odds are modelled; else its mean is. */
  boolean logistic() {
    return logistic;
  }

  /** The model in a word. */
  String word() {
    return logistic ? LOGISTIC : LINEAR;
  }

  Design design() {
    return design;
  }

  /** Ancestry of the persons, for the metadata of a file. */
  String ancestry() {
    return ancestry;
  }

  /** How they were genotyped, for the metadata of a file. */
  String technology() {
    return technology;
  }

  /** The outcome as the formula writes it. */
  String outcome() {
    return formula.response().label();
  }

  /** Name of a column of {@link Moments}: of the design, or the outcome. */
  String name(int column) {
    return column == design.size() ? outcome() : design.names().get(column);
  }

  /** Columns of the table that are read. */
  List<String> columns() {
    List<String> columns = new ArrayList<>();
    columns.add(formula.response().column());
    formula.variables().forEach(variable -> columns.add(variable.column()));
    return columns;
  }

  /**
   * Reads a row as columns of the design, then the outcome.
   *
   * @return false if a value is missing
   */
  boolean read(Row row, double[] into) {
    int variables = formula.variables().size();
    for (int i = 0; i <= variables; i++) {
      if (row.isNullAt(i)) {
        return false;
      }
    }
    double[] read = new double[variables];
    for (int v = 0; v < variables; v++) {
      read[v] = value(formula.variables().get(v), 1 + v, row);
    }
    design.write(read, into, 0);
    double outcome = value(formula.response(), 0, row);
    if (logistic) {
      BinaryOutcome.check(formula.response().label(), outcome, LOGISTIC);
    }
    into[design.size()] = outcome;
    return true;
  }

  private double value(Variable variable, int at, Row row) {
    double value = variable.apply(values.value(at, row, at));
    if (!Double.isFinite(value)) {
      throw Errors.notANumber(variable.label());
    }
    return value;
  }
}
