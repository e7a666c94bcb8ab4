package io.tributary.connectors.omop;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.date_add;
import static org.apache.spark.sql.functions.datediff;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * Eras of records that come without them, as OHDSI's scripts for the common data model 5 make them
 * from events: those of one condition, or of drugs with one ingredient, become one where at most 30
 * days lie between. For tables whose dates are dates.
 */
final class Eras {
  private static final int GAP_DAYS = 30;

  private final CommonDataModel model;

  Eras(CommonDataModel model) {
    this.model = model;
  }

  /** CONDITION_ERA, from CONDITION_OCCURRENCE; concept 0 has none. */
  Dataset<Row> ofConditions() {
    Column start = col("condition_start_date");
    return named(
        eras(
            model
                .table("condition_occurrence")
                .filter(col("condition_concept_id").notEqual(0))
                .select(
                    col("person_id"),
                    col("condition_concept_id").as("concept"),
                    start.as("start"),
                    coalesce(col("condition_end_date"), date_add(start, 1)).as("end"))),
        "condition_era",
        "condition",
        "condition_occurrence_count");
  }

  /** DRUG_ERA, from DRUG_EXPOSURE and the vocabulary. */
  Dataset<Row> ofDrugs() {
    Column start = col("drug_exposure_start_date");
    Column supplied = when(col("days_supply").gt(0), date_add(start, col("days_supply")));
    return named(
        eras(
            model
                .table("drug_exposure")
                .join(ingredients(), col("drug_concept_id").equalTo(col("descendant")))
                .select(
                    col("person_id"),
                    col("ingredient").as("concept"),
                    start.as("start"),
                    coalesce(col("drug_exposure_end_date"), supplied, date_add(start, 1))
                        .as("end"))),
        "drug_era",
        "drug",
        "drug_exposure_count");
  }

  private Dataset<Row> ingredients() {
    Column isIngredient =
        model
            .text("concept", "concept_class_id")
            .equalTo("Ingredient")
            .and(model.text("concept", "vocabulary_id").equalTo("RxNorm"));
    Dataset<Row> ingredients =
        model
            .table("concept")
            .filter(isIngredient)
            .select(model.whole("concept", "concept_id").as("ingredient"));
    return model
        .table("concept_ancestor")
        .select(
            model.whole("concept_ancestor", "ancestor_concept_id").as("ancestor"),
            model.whole("concept_ancestor", "descendant_concept_id").as("descendant"))
        .join(ingredients, col("ancestor").equalTo(col("ingredient")))
        .select("descendant", "ingredient");
  }

  /** From person_id, concept, start, end to the same of eras, with their events and gap_days. */
  private static Dataset<Row> eras(Dataset<Row> events) {
    WindowSpec order = Window.partitionBy("person_id", "concept").orderBy("start", "end");
    Column reached =
        max("end").over(order.rowsBetween(Window.unboundedPreceding(), Window.currentRow() - 1));
    Column begins = col("reached").isNull().or(col("start").gt(date_add(col("reached"), GAP_DAYS)));
    Column gap = greatest(lit(0), datediff(col("start"), col("reached")));
    return events
        .select(col("*"), reached.as("reached"))
        .select(
            col("*"),
            when(begins, 1).otherwise(0).as("first"),
            when(begins, 0).otherwise(gap).as("gap"))
        .select(
            col("*"),
            sum("first")
                .over(order.rowsBetween(Window.unboundedPreceding(), Window.currentRow()))
                .as("era"))
        .groupBy("person_id", "concept", "era")
        .agg(
            min("start").as("start"),
            max("end").as("end"),
            count(lit(1)).as("events"),
            sum("gap").as("gap_days"));
  }

  /** An era has no number of its own: of those that begin on one day the lower concept is first. */
  private static Dataset<Row> named(
      Dataset<Row> eras, String table, String concept, String events) {
    return eras.select(
        col("concept").as(table + "_id"),
        col("person_id"),
        col("concept").as(concept + "_concept_id"),
        col("start").as(table + "_start_date"),
        col("end").as(table + "_end_date"),
        col("events").as(events),
        col("gap_days"));
  }
}
