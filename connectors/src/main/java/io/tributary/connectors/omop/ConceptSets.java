package io.tributary.connectors.omop;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.tributary.cohort.CohortDefinition;
import io.tributary.cohort.CohortDefinition.ConceptSet;
import io.tributary.cohort.CohortDefinition.Item;
import io.tributary.cohort.ConceptIds;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/**
 * Asks a site's vocabulary what belongs to the concept sets of a definition, as Circe does: the
 * concepts named, their valid descendants, what maps to these; less the same of excluded items. A
 * set that only names concepts needs no vocabulary.
 */
final class ConceptSets {
  /** Beyond, ids are joined rather than written into the plan. */
  private static final int MAX_LITERALS = 1000;

  private final CommonDataModel model;

  private ConceptSets(CommonDataModel model) {
    this.model = model;
  }

  /** The sets that the definition refers to; two Spark jobs at most for all of them. */
  static ConceptIds resolve(CommonDataModel model, CohortDefinition definition) {
    return new ConceptSets(model).of(definition);
  }

  private ConceptIds of(CohortDefinition definition) {
    Set<Integer> used = definition.usedSets();
    List<ConceptSet> sets =
        definition.conceptSets().stream().filter(set -> used.contains(set.number())).toList();
    Set<Long> ancestors = new TreeSet<>();
    sets.forEach(
        set ->
            set.items().stream()
                .filter(Item::descendants)
                .forEach(item -> ancestors.add(item.concept())));
    Map<Long, List<Long>> descendants = descendants(ancestors);
    Map<Item, Set<Long>> parts = new LinkedHashMap<>();
    Set<Long> targets = new TreeSet<>();
    for (ConceptSet set : sets) {
      for (Item item : set.items()) {
        Set<Long> part = new HashSet<>(Set.of(item.concept()));
        if (item.descendants()) {
          part.addAll(descendants.getOrDefault(item.concept(), List.of()));
        }
        parts.put(item, part);
        if (item.mapped()) {
          targets.addAll(part);
        }
      }
    }
    Map<Long, List<Long>> mapped = mapped(targets);
    Map<Integer, long[]> resolved = new HashMap<>();
    for (ConceptSet set : sets) {
      Set<Long> included = new TreeSet<>();
      Set<Long> excluded = new HashSet<>();
      for (Item item : set.items()) {
        Set<Long> ids = item.excluded() ? excluded : included;
        ids.addAll(parts.get(item));
        if (item.mapped()) {
          parts.get(item).forEach(id -> ids.addAll(mapped.getOrDefault(id, List.of())));
        }
      }
      included.removeAll(excluded);
      resolved.put(set.number(), included.stream().mapToLong(Long::longValue).toArray());
    }
    return new ConceptIds(resolved);
  }

  /** Valid descendants of concepts; CONCEPT_ANCESTOR is closed already, so circles do no harm. */
  private Map<Long, List<Long>> descendants(Set<Long> ancestors) {
    if (ancestors.isEmpty()) {
      return Map.of();
    }
    Dataset<Row> related =
        related("concept_ancestor", "ancestor_concept_id", "descendant_concept_id", ancestors);
    Dataset<Row> valid =
        model
            .table("concept")
            .filter(model.text("concept", "invalid_reason").isNull())
            .select(model.whole("concept", "concept_id").as("valid"));
    return pairs(
        related
            .join(valid, col("to").equalTo(col("valid")), "left_outer")
            .filter(col("valid").isNotNull().or(col("fault").isNotNull())));
  }

  /** What maps to concepts. */
  private Map<Long, List<Long>> mapped(Set<Long> targets) {
    if (targets.isEmpty()) {
      return Map.of();
    }
    String table = "concept_relationship";
    Column maps =
        model
            .text(table, "relationship_id")
            .equalTo(lit("Maps to"))
            .and(model.text(table, "invalid_reason").isNull());
    return pairs(
        related(table, "concept_id_2", "concept_id_1", targets)
            .filter(model.malformed(table).map(maps::or).orElse(maps)));
  }

  /** Rows of a table that relate some concepts to others, and those that cannot be read. */
  private Dataset<Row> related(String table, String from, String to, Collection<Long> ids) {
    CheckedColumns read = new CheckedColumns(model, table);
    Column start = read.whole(from).as("from");
    Column end = read.whole(to).as("to");
    Dataset<Row> rows = model.table(table).select(col("*"), start, end, read.fault().as("fault"));
    Column faulty = col("fault").isNotNull();
    if (ids.size() <= MAX_LITERALS) {
      return rows.filter(col("from").isInCollection(ids).or(faulty));
    }
    Dataset<Row> asked =
        model.spark().createDataset(List.copyOf(ids), Encoders.LONG()).toDF("asked");
    return rows.join(broadcast(asked), col("from").equalTo(col("asked")), "left_outer")
        .filter(col("asked").isNotNull().or(faulty));
  }

  /** From each concept to those related; where one of the two is missing there is no relation. */
  private Map<Long, List<Long>> pairs(Dataset<Row> related) {
    Dataset<Row> rows = related.select("from", "to", "fault");
    Map<Long, List<Long>> found = new HashMap<>();
    for (Row row : model.reading(rows::collectAsList)) {
      if (!row.isNullAt(2)) {
        String fault = row.getString(2);
        throw RecordFault.refused(model, fault, rows.filter(col("fault").equalTo(fault)).count());
      }
      if (!row.isNullAt(0) && !row.isNullAt(1)) {
        found.computeIfAbsent(row.getLong(0), any -> new ArrayList<>()).add(row.getLong(1));
      }
    }
    return found;
  }
}
