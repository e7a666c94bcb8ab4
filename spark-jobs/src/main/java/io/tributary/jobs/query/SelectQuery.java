package io.tributary.jobs.query;

import io.tributary.study.Expression;
import io.tributary.study.Study;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A query as it is understood.
 *
 * @param from what it names as its table
 * @param joins other tables, in order
 * @param where condition, in the grammar of a study's expressions
 * @param keys what groups are made by, in the order of GROUP BY
 * @param aggregates what is computed of each group, each once
 * @param outputs columns of the answer
 * @param having condition on released rows, over names of outputs and {@link #aggregateName}
 * @param order of the rows
 * @param limit most rows
 */
record SelectQuery(
    String from,
    List<Study.Join> joins,
    Optional<String> where,
    List<GroupKey> keys,
    List<Aggregate> aggregates,
    List<Output> outputs,
    Optional<Expression> having,
    List<Order> order,
    OptionalInt limit) {
  SelectQuery {
    joins = List.copyOf(joins);
    keys = List.copyOf(keys);
    aggregates = List.copyOf(aggregates);
    outputs = List.copyOf(outputs);
    order = List.copyOf(order);
  }

  /**
   * One key.
   *
   * @param column in the study
   * @param derivation expression that makes it, empty for a column of the cohort
   */
  record GroupKey(String column, Optional<String> derivation) {}

  /** What can be told of a group by sums. */
  enum Kind {
    ROWS("n"),
    COUNT("n"),
    SUM("sum"),
    AVG("mean"),
    VARIANCE("variance"),
    STDDEV("sd"),
    /** Distinct persons, where a row is one. */
    PERSONS("n"),
    QUANTILE("estimate"),
    CORRELATION("correlation"),
    COVARIANCE("covariance"),
    SLOPE(""),
    INTERCEPT(""),
    R_SQUARED(""),
    /** Mean of the first and of the second of a pair. */
    MEAN_OF_Y("mean"),
    MEAN_OF_X("mean");

    private final String column;

    Kind(String column) {
      this.column = column;
    }

    /** Where it stands in the tables of its analysis; empty if it is computed of several. */
    String column() {
      return column;
    }

    boolean isCount() {
      return this == ROWS || this == COUNT || this == PERSONS;
    }

    /** Whether it is the number of rows of a group. */
    boolean isRows() {
      return this == ROWS || this == PERSONS;
    }

    /** Whether it is about two columns, over the rows that have both. */
    boolean isPair() {
      return switch (this) {
        case CORRELATION, COVARIANCE, SLOPE, INTERCEPT, R_SQUARED, MEAN_OF_Y, MEAN_OF_X -> true;
        case ROWS, COUNT, SUM, AVG, VARIANCE, STDDEV, PERSONS, QUANTILE -> false;
      };
    }
  }

  /**
   * One aggregate.
   *
   * @param arguments expressions: one, empty for all rows, or the two of a pair
   * @param probability of a quantile, 0 for all others
   */
  record Aggregate(Kind kind, List<String> arguments, double probability) {
    Aggregate {
      arguments = List.copyOf(arguments);
    }

    Aggregate(Kind kind, String argument) {
      this(kind, List.of(argument), 0);
    }

    String argument() {
      return arguments.get(0);
    }
  }

  /**
   * One column of the answer.
   *
   * @param key whether it is a key; else an aggregate
   * @param index of it
   */
  record Output(String name, boolean key, int index) {}

  /** By which value; withheld ones come last either way. */
  record Order(boolean key, int index, boolean descending) {}

  /** How HAVING calls an aggregate. */
  static String aggregateName(int index) {
    return "aggregate " + index;
  }
}
