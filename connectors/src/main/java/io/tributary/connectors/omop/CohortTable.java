package io.tributary.connectors.omop;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.date_from_unix_date;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.isnan;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.year;

import io.tributary.cohort.CohortDefinition;
import io.tributary.cohort.ConceptIds;
import io.tributary.cohort.Covariate;
import io.tributary.cohort.DefinitionReader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.storage.StorageLevel;

/**
 * A cohort at one site: evaluated once, checked and kept until {@link #close}. Evaluation is one
 * job over the tables that the definition names, after at most two over the vocabulary.
 */
public final class CohortTable implements AutoCloseable {
  private static final Map<Long, String> SEXES = Map.of(8507L, "male", 8532L, "female");

  /** The census categories of the standard vocabulary. */
  private static final Map<Long, String> RACES =
      Map.of(
          8515L, "asian",
          8516L, "black",
          8527L, "white",
          8557L, "pacific islander",
          8657L, "american indian");

  private static final Map<Long, String> ETHNICITIES =
      Map.of(38003563L, "hispanic", 38003564L, "not hispanic");

  private final Dataset<Row> outcomes;
  private final List<String> covariates;
  private final List<Long> attrition;
  private final Broadcast<Map<Integer, long[]>> concepts;

  private CohortTable(
      Dataset<Row> outcomes,
      List<String> covariates,
      List<Long> attrition,
      Broadcast<Map<Integer, long[]>> concepts) {
    this.outcomes = outcomes;
    this.covariates = covariates;
    this.attrition = attrition;
    this.concepts = concepts;
  }

  /**
   * Evaluates a definition.
   *
   * @param definition its text, in one of the three forms
   */
  public static CohortTable of(CommonDataModel model, byte[] definition) {
    return of(model, definition, Map.of());
  }

  /**
   * Evaluates a definition, and covariates of the persons.
   *
   * @param covariates as a study has them
   */
  public static CohortTable of(
      CommonDataModel model, byte[] definition, Map<String, Object> covariates) {
    CohortDefinition read =
        DefinitionReader.read(definition, covariates, "the cohort's definition");
    ModelVersion.require(model);
    ConceptIds ids = ConceptSets.resolve(model, read);
    Broadcast<Map<Integer, long[]>> concepts =
        JavaSparkContext.fromSparkContext(model.spark().sparkContext()).broadcast(ids.toMap());
    Dataset<Row> events = new PersonEvents(model, read, ids).together();
    CohortKernel kernel = new CohortKernel(definition, covariates, concepts);
    Dataset<Row> outcomes;
    try {
      // Adaptive plans run their exchange when the rows are asked for.
      JavaRDD<InternalRow> sorted =
          model.reading(() -> events.queryExecution().toRdd().toJavaRDD());
      outcomes =
          model
              .spark()
              .createDataFrame(sorted.mapPartitions(kernel), CohortKernel.SCHEMA)
              .persist(StorageLevel.MEMORY_AND_DISK());
    } catch (RuntimeException failed) {
      concepts.destroy();
      throw failed;
    }
    try {
      return new CohortTable(
          outcomes,
          read.covariates().stream().map(Covariate::name).toList(),
          attrition(model, outcomes, read.rules().size()),
          concepts);
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
   * What analyses can use, a row for each spell; COHORTS.md says what each column is. The day of
   * birth, race and ethnicity may be unknown at a site, then {@code age_days} is missing, and the
   * others are {@code other}.
   */
  public Dataset<Row> rows() {
    Column index = date_from_unix_date(col("start"));
    Column age = year(index).minus(col("year_of_birth"));
    List<Column> columns =
        new ArrayList<>(
            List.of(
                col("person_id"),
                word("gender", SEXES).as("sex"),
                col("gender").as("gender_concept_id"),
                word("race", RACES).as("race"),
                col("race").as("race_concept_id"),
                word("ethnicity", ETHNICITIES).as("ethnicity"),
                col("ethnicity").as("ethnicity_concept_id"),
                col("year_of_birth"),
                age.as("age"),
                decade(age).as("age_group"),
                col("start").minus(col("birth")).as("age_days"),
                index.as("index_date"),
                year(index).as("index_year"),
                date_from_unix_date(col("end")).as("end_date"),
                col("end").minus(col("start")).as("days_in_cohort"),
                col("start").minus(col("observed_from")).as("days_observed_before"),
                col("observed_to").minus(col("start")).as("days_observed_after")));
    for (int i = 0; i < covariates.size(); i++) {
      Column value = col("covariates").getItem(i);
      columns.add(when(not(isnan(value)), value).as(covariates.get(i)));
    }
    return members().select(columns.toArray(Column[]::new));
  }

  private static Column word(String column, Map<Long, String> words) {
    Column word = lit(null);
    for (Map.Entry<Long, String> each : words.entrySet()) {
      word = when(col(column).equalTo(each.getKey()), each.getValue()).otherwise(word);
    }
    return coalesce(word, lit("other"));
  }

  /** "60 - 69"; from 100 on "100 -". */
  private static Column decade(Column age) {
    Column low = floor(age.divide(10)).multiply(10).cast("int");
    return when(age.geq(100), "100 -").when(age.geq(0), concat(low, lit(" - "), low.plus(9)));
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
