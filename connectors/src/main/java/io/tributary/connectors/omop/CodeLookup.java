package io.tributary.connectors.omop;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;

import io.tributary.connectors.fhir.CodeConcepts;
import io.tributary.connectors.fhir.VocabularyCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/** Asks a site's vocabulary what codes mean: their concepts, and the standard ones of these. */
final class CodeLookup {
  private static final StructType CODES = StructType.fromDDL("vocabulary string, code string");

  private final CommonDataModel model;

  CodeLookup(CommonDataModel model) {
    this.model = model;
  }

  /** A concept of CONCEPT. */
  private record Entry(VocabularyCode code, long id, boolean standard, String domain) {}

  /** Two jobs over CONCEPT at most, and one over CONCEPT_RELATIONSHIP. */
  CodeConcepts of(Set<VocabularyCode> codes) {
    if (codes.isEmpty()) {
      return new CodeConcepts(Map.of());
    }
    List<Row> asked =
        codes.stream().map(each -> RowFactory.create(each.vocabulary(), each.code())).toList();
    Dataset<Row> wanted = model.spark().createDataFrame(asked, CODES);
    List<Entry> found =
        entries(
            concepts()
                .join(
                    broadcast(wanted),
                    col("vocabulary_id")
                        .equalTo(col("vocabulary"))
                        .and(col("concept_code").equalTo(col("code")))));
    Map<Long, List<Long>> mapped = mapped(found);
    Set<Long> targets = new TreeSet<>();
    mapped.values().forEach(targets::addAll);
    Map<Long, String> domains = domains(targets);
    Map<VocabularyCode, CodeConcepts.Concept> concepts = new HashMap<>();
    for (Entry entry : found) {
      List<Long> standard =
          entry.standard() ? List.of(entry.id()) : mapped.getOrDefault(entry.id(), List.of());
      String domain =
          entry.standard()
              ? entry.domain()
              : standard.isEmpty() ? "" : domains.getOrDefault(standard.get(0), "");
      concepts.put(entry.code(), new CodeConcepts.Concept(entry.id(), standard, domain));
    }
    return new CodeConcepts(concepts);
  }

  private Dataset<Row> concepts() {
    return model
        .table("concept")
        .select(
            model.text("concept", "vocabulary_id").as("vocabulary_id"),
            model.text("concept", "concept_code").as("concept_code"),
            model.whole("concept", "concept_id").as("concept_id"),
            model.text("concept", "standard_concept").as("standard_concept"),
            model.text("concept", "domain_id").as("domain_id"));
  }

  private List<Entry> entries(Dataset<Row> concepts) {
    Dataset<Row> rows =
        concepts.select(
            "vocabulary_id", "concept_code", "concept_id", "standard_concept", "domain_id");
    List<Entry> entries = new ArrayList<>();
    for (Row row : model.reading(rows::collectAsList)) {
      if (!row.isNullAt(2)) {
        entries.add(
            new Entry(
                new VocabularyCode(row.getString(0), row.getString(1)),
                row.getLong(2),
                "S".equals(row.getString(3)),
                row.isNullAt(4) ? "" : row.getString(4)));
      }
    }
    return entries;
  }

  /** What concepts that are not standard map to, in ascending order. */
  private Map<Long, List<Long>> mapped(List<Entry> found) {
    List<Long> sources =
        found.stream().filter(entry -> !entry.standard()).map(Entry::id).distinct().toList();
    Map<Long, List<Long>> mapped = new LinkedHashMap<>();
    String table = "concept_relationship";
    if (sources.isEmpty() || !model.has(table)) {
      return mapped;
    }
    Column maps =
        model
            .text(table, "relationship_id")
            .equalTo("Maps to")
            .and(model.text(table, "invalid_reason").isNull());
    Dataset<Row> rows =
        model
            .table(table)
            .filter(maps)
            .select(
                model.whole(table, "concept_id_1").as("from"),
                model.whole(table, "concept_id_2").as("to"))
            .join(broadcast(numbers(sources)), col("from").equalTo(col("number")))
            .select("from", "to")
            .orderBy("from", "to");
    for (Row row : model.reading(rows::collectAsList)) {
      if (!row.isNullAt(1)) {
        mapped.computeIfAbsent(row.getLong(0), any -> new ArrayList<>()).add(row.getLong(1));
      }
    }
    return mapped;
  }

  private Map<Long, String> domains(Set<Long> concepts) {
    Map<Long, String> domains = new HashMap<>();
    if (!concepts.isEmpty()) {
      entries(
              concepts()
                  .join(
                      broadcast(numbers(List.copyOf(concepts))),
                      col("concept_id").equalTo(col("number"))))
          .forEach(entry -> domains.put(entry.id(), entry.domain()));
    }
    return domains;
  }

  private Dataset<Row> numbers(List<Long> numbers) {
    return model.spark().createDataset(numbers, Encoders.LONG()).toDF("number");
  }
}
