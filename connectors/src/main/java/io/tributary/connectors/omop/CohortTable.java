package io.tributary.connectors.omop;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.date_from_unix_date;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.year;

import io.tributary.cohort.CohortDefinition;
import io.tributary.cohort.ConceptIds;
import io.tributary.cohort.DefinitionReader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * A cohort at one site: evaluated once, checked and kept until {@link #close}. Evaluation is one
 * job over the tables that the definition names, after at most two over the vocabulary.
 */
public final class CohortTable implements AutoCloseable {
  private static final long MALE = 8507;
  private static final long FEMALE = 8532;

  private final Dataset<Row> outcomes;
  private final List<Long> attrition;
  private final Broadcast<Map<Integer, long[]>> concepts;

  private CohortTable(
      Dataset<Row> outcomes, List<Long> attrition, Broadcast<Map<Integer, long[]>> concepts) {
    this.outcomes = outcomes;
    this.attrition = attrition;
    this.concepts = concepts;
  }

  /**
   * Evaluates a definition.
   *
   * @param definition its text, in one of the two forms
   */
  public static CohortTable of(CommonDataModel model, byte[] definition) {
    CohortDefinition read = DefinitionReader.read(definition, "the cohort's definition");
    ConceptIds ids = ConceptSets.resolve(model, read);
    Broadcast<Map<Integer, long[]>> concepts =
        JavaSparkContext.fromSparkContext(model.spark().sparkContext()).broadcast(ids.toMap());
    Dataset<Row> outcomes =
        PersonEvents.together(new PersonEvents(model, read, ids).rows())
            .mapPartitions(
                new CohortKernel(definition, concepts), Encoders.row(CohortKernel.SCHEMA))
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      return new CohortTable(outcomes, attrition(model, outcomes, read.rules().size()), concepts);
    } catch (RuntimeException failed) {
      outcomes.unpersist(true);
      concepts.destroy();
      throw failed;
    }
  }

  /** Fills the cache; refuses if some row could not be read. */
  private static List<Long> attrition(CommonDataModel model, Dataset<Row> outcomes, int rules) {
    List<Row> counts =
        model.reading(
            outcomes
                    .filter(col("first"))
                    .groupBy("passed", "fault")
                    .agg(count(lit(1)).as("rows"), sum(col("member").cast("bigint")).as("members"))
                ::collectAsList);
    // The first in the alphabet: which one a site is told does not depend on its partitions.
    counts.stream()
        .filter(row -> !row.isNullAt(1))
        .min(Comparator.comparing(row -> row.getString(1)))
        .ifPresent(
            row -> {
              throw RecordFault.refused(model, row.getString(1), row.getLong(2));
            });
    long[] persons = new long[rules + 2];
    for (Row row : counts) {
      for (int rule = 0; rule <= row.getInt(0); rule++) {
        persons[rule] += row.getLong(2);
      }
      persons[rules + 1] += row.getLong(3);
    }
    List<Long> attrition = new ArrayList<>();
    for (long count : persons) {
      attrition.add(count);
    }
    return attrition;
  }

  /** Spells: person_id, start_date, end_date. */
  public Dataset<Row> spells() {
    return members()
        .select(
            col("person_id"),
            date_from_unix_date(col("start")).as("start_date"),
            date_from_unix_date(col("end")).as("end_date"));
  }

  private Dataset<Row> members() {
    return outcomes.filter(col("member"));
  }

  /**
   * What analyses can use, a row for each spell: person_id, sex, gender_concept_id, year_of_birth,
   * age (calendar years at the index date, as OHDSI counts), index_date, end_date, days_in_cohort.
   */
  public Dataset<Row> rows() {
    Column index = date_from_unix_date(col("start"));
    return members()
        .select(
            col("person_id"),
            when(col("gender").equalTo(MALE), "male")
                .when(col("gender").equalTo(FEMALE), "female")
                .otherwise("other")
                .as("sex"),
            col("gender").as("gender_concept_id"),
            col("year_of_birth"),
            year(index).minus(col("year_of_birth")).as("age"),
            index.as("index_date"),
            date_from_unix_date(col("end")).as("end_date"),
            col("end").minus(col("start")).as("days_in_cohort"));
  }

  /**
   * Persons with an entry event, then those left after each rule, then those in the cohort: the
   * number of rules plus 2.
   */
  public List<Long> attrition() {
    return attrition;
  }

  @Override
  public void close() {
    outcomes.unpersist(true);
    concepts.destroy();
  }
}
