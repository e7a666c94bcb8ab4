package io.tributary.connectors.omop;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.try_to_date;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.unix_date;
import static org.apache.spark.sql.functions.when;

import io.tributary.cohort.Attribute;
import io.tributary.cohort.CohortDefinition;
import io.tributary.cohort.CohortDefinition.Criterion;
import io.tributary.cohort.ConceptIds;
import io.tributary.cohort.Domain;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import scala.math.BigInt;

/**
 * Persons, observation periods and the events that a definition can ask about, in one shape, so
 * that one exchange brings a person's rows together. Each table is read once, its filter by
 * concepts below the exchange.
 *
 * <pre>
 *   person        bigint
 *   kind          int      {@link #PERSON}, or the domain's number
 *   id            bigint
 *   start, end    int      days since 1970-01-01; for a person year of birth, and day of birth or null
 *   concept, source, visit bigint      for a person: gender, race, ethnicity
 *   numbers, concepts, texts           stored attributes that are asked for, null for the others
 *   fault         string   of {@link RecordFault#at}, null for a good row
 * </pre>
 */
final class PersonEvents {
  static final int PERSON = -1;

  /** Beyond, a filter looks into a broadcast array instead of holding the ids in its code. */
  private static final int MAX_LITERALS = 1000;

  /** Some hundred thousand events. */
  private static final long BYTES_PER_PART = 8L << 20;

  private final CommonDataModel model;
  private final CohortDefinition definition;
  private final ConceptIds concepts;

  PersonEvents(CommonDataModel model, CohortDefinition definition, ConceptIds concepts) {
    this.model = model;
    this.definition = definition;
    this.concepts = concepts;
  }

  Dataset<Row> rows() {
    Dataset<Row> all = persons();
    Map<Domain, List<Attribute>> stored = definition.stored();
    boolean periods = false;
    for (Map.Entry<Domain, List<Attribute>> each : stored.entrySet()) {
      Domain domain = each.getKey();
      periods |= domain == Domain.PERIOD;
      Optional<Column> wanted = domain == Domain.PERIOD ? Optional.of(lit(true)) : wanted(domain);
      if (wanted.isPresent()) {
        all = all.unionAll(events(domain, each.getValue(), wanted.get()));
      }
    }
    return periods ? all : all.unionAll(events(Domain.PERIOD, List.of(), lit(true)));
  }

  private Dataset<Row> persons() {
    CheckedColumns read = new CheckedColumns(model, "person");
    Column person = read.required(read.whole("person_id"), "person_id");
    Column year = read.required(read.small("year_of_birth"), "year_of_birth");
    Column gender = read.whole("gender_concept_id");
    Column race = read.whole("race_concept_id");
    Column ethnicity = read.whole("ethnicity_concept_id");
    return model
        .table("person")
        .select(
            owner("person", person).as("person"),
            lit(PERSON).as("kind"),
            person.as("id"),
            year.as("start"),
            birth(year).cast("int").as("end"),
            gender.as("concept"),
            race.as("source"),
            ethnicity.as("visit"),
            lit(null).cast("array<double>").as("numbers"),
            lit(null).cast("array<bigint>").as("concepts"),
            lit(null).cast("array<string>").as("texts"),
            read.fault().as("fault"));
  }

  /** The day of birth, null where the site does not know it; nobody is refused for it. */
  private Column birth(Column year) {
    List<Column> days = new ArrayList<>();
    model.dayIfAny("person", "birth_datetime").ifPresent(days::add);
    if (model.hasColumn("person", "month_of_birth") && model.hasColumn("person", "day_of_birth")) {
      Column month = model.whole("person", "month_of_birth");
      Column day = model.whole("person", "day_of_birth");
      days.add(unix_date(try_to_date(concat_ws("-", year, month, day), "y-M-d")));
    }
    days.add(lit(null));
    return coalesce(days.toArray(Column[]::new));
  }

  /** Whose row it is; nobody's, if it could not be split, since then no value is where it says. */
  private Column owner(String table, Column person) {
    return model.malformed(table).map(row -> when(not(row), person)).orElse(person);
  }

  /** Which rows can matter; empty if none can. */
  private Optional<Column> wanted(Domain domain) {
    String table = domain.table();
    Set<Long> ids = new TreeSet<>();
    Set<Long> sources = new TreeSet<>();
    if (domain == Domain.VISIT_OCCURRENCE && definition.asksForVisits()) {
      return Optional.of(lit(true));
    }
    for (Criterion criterion : definition.criteria()) {
      if (criterion.domain() != domain) {
        continue;
      }
      if (criterion.concepts().isEmpty() && criterion.sourceConcepts().isEmpty()) {
        return Optional.of(lit(true));
      }
      boolean byConcept = criterion.concepts().isPresent();
      OptionalInt set = byConcept ? criterion.concepts() : criterion.sourceConcepts();
      Set<Long> into = byConcept ? ids : sources;
      Arrays.stream(concepts.toMap().get(set.getAsInt())).forEach(into::add);
    }
    Optional<Column> wanted = Optional.empty();
    if (!ids.isEmpty()) {
      wanted = Optional.of(among(model.whole(table, domain.concept()), ids));
    }
    if (!sources.isEmpty()) {
      // A table as delivered by some sites lacks source concepts; then nothing has one.
      String column = domain.sourceConcept().orElseThrow();
      if (model.hasColumn(table, column)) {
        Column bySource = among(model.whole(table, column), sources);
        wanted = Optional.of(wanted.map(before -> before.or(bySource)).orElse(bySource));
      }
    }
    return wanted;
  }

  private Column among(Column column, Set<Long> ids) {
    if (ids.size() <= MAX_LITERALS) {
      return column.isInCollection(ids);
    }
    Broadcast<long[]> sorted =
        JavaSparkContext.fromSparkContext(model.spark().sparkContext())
            .broadcast(ids.stream().mapToLong(Long::longValue).toArray());
    UDF1<Long, Boolean> contains = id -> id != null && Arrays.binarySearch(sorted.value(), id) >= 0;
    return udf(contains, DataTypes.BooleanType).apply(column);
  }

  private Dataset<Row> events(Domain domain, List<Attribute> stored, Column wanted) {
    String table = domain.table();
    CheckedColumns read = new CheckedColumns(model, table);
    Column concept = read.whole(domain.concept());
    Column source =
        domain
            .sourceConcept()
            .filter(name -> model.hasColumn(table, name))
            .map(read::whole)
            .orElse(CommonDataModel.missing());
    // A row that cannot be read might be one that matters.
    Column kept = read.anyFault().map(wanted::or).orElse(wanted);
    Column person = read.required(read.whole("person_id"), "person_id");
    Column id = read.whole(domain.id());
    Column start = read.required(read.day(domain.start()), domain.start());
    Column visit =
        domain.namesVisit() && model.hasColumn(table, "visit_occurrence_id")
            ? read.whole("visit_occurrence_id")
            : CommonDataModel.missing();
    Column end = end(read, domain, start);
    Column numbers = values(read, domain, stored, Attribute.Kind.NUMBER);
    Column concepts = values(read, domain, stored, Attribute.Kind.CONCEPT);
    Column texts = values(read, domain, stored, Attribute.Kind.TEXT);
    return model
        .table(table)
        .filter(kept)
        .select(
            owner(table, person).as("person"),
            lit(domain.number()).as("kind"),
            id.as("id"),
            start.as("start"),
            end.as("end"),
            concept.as("concept"),
            source.as("source"),
            visit.as("visit"),
            numbers.cast("array<double>").as("numbers"),
            concepts.cast("array<bigint>").as("concepts"),
            texts.cast("array<string>").as("texts"),
            read.fault().as("fault"));
  }

  /** As Circe: the end, or what the supply says, or the next day; a period has an end. */
  private Column end(CheckedColumns read, Domain domain, Column start) {
    if (domain == Domain.PERIOD) {
      String name = domain.end().orElseThrow();
      return read.notBefore(start, read.required(read.day(name), name), name);
    }
    List<Column> ends = new ArrayList<>();
    domain.end().ifPresent(name -> ends.add(read.day(name)));
    if (domain == Domain.DRUG && model.hasColumn(domain.table(), "days_supply")) {
      ends.add(start.plus(read.small("days_supply")));
    }
    ends.add(start.plus(1));
    return coalesce(ends.toArray(Column[]::new)).cast("int");
  }

  /** One element for each stored attribute, null for those of another kind. */
  private static Column values(
      CheckedColumns read, Domain domain, List<Attribute> stored, Attribute.Kind kind) {
    if (stored.stream().noneMatch(attribute -> attribute.kind() == kind)) {
      return lit(null);
    }
    List<Column> values = new ArrayList<>();
    for (Attribute attribute : stored) {
      String name = domain.column(attribute).orElseThrow();
      values.add(
          attribute.kind() != kind
              ? lit(null)
              : switch (kind) {
                case NUMBER, DATE -> read.number(name);
                case CONCEPT -> read.whole(name);
                case TEXT -> read.text(name);
              });
    }
    return array(values.toArray(Column[]::new));
  }

  /** Rows by person, a person's own row first. */
  Dataset<Row> together() {
    Dataset<Row> rows = rows();
    return rows.repartition(parts(rows), col("person"))
        .sortWithinPartitions(col("person"), col("kind"));
  }

  /**
   * The rows are kept, and what is kept has as many parts as it was made in: a hospital's few
   * megabytes in the 200 parts that Spark makes of anything would cost more in tasks than in work.
   */
  private int parts(Dataset<Row> rows) {
    BigInt bytes =
        model.bytes().isPresent()
            ? BigInt.apply(model.bytes().getAsLong())
            : rows.queryExecution().optimizedPlan().stats().sizeInBytes();
    int most = rows.sparkSession().sessionState().conf().numShufflePartitions();
    BigInteger wanted =
        bytes.bigInteger().divide(BigInteger.valueOf(BYTES_PER_PART)).add(BigInteger.ONE);
    return wanted.min(BigInteger.valueOf(most)).intValue();
  }
}
