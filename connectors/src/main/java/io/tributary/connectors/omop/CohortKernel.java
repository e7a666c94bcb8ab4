package io.tributary.connectors.omop;

import io.tributary.cohort.Attribute;
import io.tributary.cohort.CohortDefinition;
import io.tributary.cohort.CohortEvaluation;
import io.tributary.cohort.CohortEvaluation.Outcome;
import io.tributary.cohort.CohortEvaluation.Spell;
import io.tributary.cohort.CohortEvaluation.Surroundings;
import io.tributary.cohort.ConceptIds;
import io.tributary.cohort.DefinitionReader;
import io.tributary.cohort.Domain;
import io.tributary.cohort.History;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Turns sorted rows of {@link PersonEvents} into spells, one person in memory at a time. */
final class CohortKernel implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1;

  /**
   * A row for each spell, one for a person with an entry event and no spell, and one for each row
   * that cannot be used.
   */
  static final StructType SCHEMA =
      new StructType()
          .add("person_id", DataTypes.LongType, false)
          .add("gender", DataTypes.LongType, false)
          .add("race", DataTypes.LongType, false)
          .add("ethnicity", DataTypes.LongType, false)
          .add("year_of_birth", DataTypes.IntegerType, false)
          .add("birth", DataTypes.IntegerType, true)
          .add("start", DataTypes.IntegerType, false)
          .add("end", DataTypes.IntegerType, false)
          .add("passed", DataTypes.IntegerType, false)
          .add("member", DataTypes.BooleanType, false)
          .add("first", DataTypes.BooleanType, false)
          .add("observed_from", DataTypes.IntegerType, false)
          .add("observed_to", DataTypes.IntegerType, false)
          // NaN where one is missing.
          .add("covariates", DataTypes.createArrayType(DataTypes.DoubleType, false), false)
          // Of RecordFault; then nothing else of the row means anything.
          .add("fault", DataTypes.StringType, true);

  /** Column of {@link PersonEvents}. */
  private static final int FAULT = 11;

  private final byte[] definition;
  private final HashMap<String, Object> covariates;
  private final Broadcast<Map<Integer, long[]>> concepts;

  /**
   * Made on the driver.
   *
   * @param definition as it was written: each partition reads it for itself
   * @param covariates as they stand in the study
   */
  CohortKernel(
      byte[] definition, Map<String, Object> covariates, Broadcast<Map<Integer, long[]>> concepts) {
    this.definition = definition.clone();
    this.covariates = new LinkedHashMap<>(covariates);
    this.concepts = concepts;
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    CohortDefinition read = DefinitionReader.read(definition, covariates, "definition");
    return new Persons(read, new ConceptIds(concepts.value()), rows);
  }

  /** Of a person who is not in the cohort. */
  private static final Spell NOWHERE = new Spell(0, 0);

  private static final Surroundings NOTHING =
      new Surroundings(new History.Period(0, 0), new double[0], new int[0]);

  private static final class Persons implements Iterator<Row> {
    private final CohortDefinition definition;
    private final CohortEvaluation evaluation;
    private final Map<Domain, List<Attribute>> stored;
    private final Iterator<Row> rows;
    private final Queue<Row> ready = new ArrayDeque<>();
    private Row next;

    Persons(CohortDefinition definition, ConceptIds concepts, Iterator<Row> rows) {
      this.definition = definition;
      this.evaluation = new CohortEvaluation(definition, concepts);
      this.stored = definition.stored();
      this.rows = rows;
      this.next = rows.hasNext() ? rows.next() : null;
    }

    @Override
    public boolean hasNext() {
      while (ready.isEmpty() && next != null) {
        person();
      }
      return !ready.isEmpty();
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return ready.remove();
    }

    /**
     * Takes all rows of one person; events of a person who is not in PERSON are passed over. Rows
     * of nobody, which have a fault, are no person and are not kept.
     */
    private void person() {
      if (next.isNullAt(0)) {
        ready.add(faulty(next.getString(FAULT)));
        next = rows.hasNext() ? rows.next() : null;
        return;
      }
      long id = next.getLong(0);
      List<Row> own = new ArrayList<>();
      while (next != null && !next.isNullAt(0) && next.getLong(0) == id) {
        own.add(next);
        next = rows.hasNext() ? rows.next() : null;
      }
      if (own.get(0).getInt(1) != PersonEvents.PERSON) {
        return;
      }
      for (int i = 0; i < own.size(); i++) {
        if (!own.get(i).isNullAt(FAULT)) {
          ready.add(faulty(own.get(i).getString(FAULT)));
        } else if (i > 0 && own.get(i).getInt(1) == PersonEvents.PERSON) {
          ready.add(faulty(RecordFault.REPEATED.at("person", "person_id")));
        }
      }
      if (ready.isEmpty()) {
        evaluate(own.get(0), own.subList(1, own.size()));
      }
    }

    private void evaluate(Row person, List<Row> events) {
      History history =
          new History(
              new History.Person(
                  person.getLong(0),
                  person.getInt(3),
                  whole(person, 5),
                  whole(person, 6),
                  whole(person, 7)));
      for (Row row : events) {
        Domain domain = Domain.of(row.getInt(1));
        History.Event event = event(row, stored.getOrDefault(domain, List.of()));
        history.add(domain, event);
        if (domain == Domain.PERIOD) {
          history.add(new History.Period(event.start(), event.end()));
        }
      }
      Outcome outcome = evaluation.of(history);
      boolean first = true;
      for (Spell spell : outcome.spells()) {
        Surroundings around = evaluation.around(history, spell);
        ready.add(row(person, spell, outcome.passed(), true, first, around));
        addFaults(around.wrongUnits());
        first = false;
      }
      if (first && outcome.passed() >= 0) {
        ready.add(row(person, NOWHERE, outcome.passed(), false, true, NOTHING));
      }
    }

    private void addFaults(int[] wrongUnits) {
      for (int i = 0; i < wrongUnits.length; i++) {
        Domain domain = definition.covariates().get(i).domain();
        String unit = domain.column(Attribute.UNIT).orElse("");
        for (int row = 0; row < wrongUnits[i]; row++) {
          ready.add(faulty(RecordFault.OTHER_UNIT.at(domain.table(), unit)));
        }
      }
    }

    private static Row row(
        Row person, Spell spell, int passed, boolean member, boolean first, Surroundings around) {
      return RowFactory.create(
          person.getLong(0),
          concept(person, 5),
          concept(person, 6),
          concept(person, 7),
          person.getInt(3),
          person.isNullAt(4) ? null : person.getInt(4),
          spell.start(),
          spell.end(),
          passed,
          member,
          first,
          around.observed().start(),
          around.observed().end(),
          around.covariates(),
          null);
    }

    /** As the model says: 0 for no matching concept. */
    private static long concept(Row person, int at) {
      return person.isNullAt(at) ? 0L : person.getLong(at);
    }

    private static Row faulty(String fault) {
      return RowFactory.create(
          0L, 0L, 0L, 0L, 0, null, 0, 0, 0, false, true, 0, 0, new double[0], fault);
    }

    private static long whole(Row row, int at) {
      return row.isNullAt(at) ? History.MISSING : row.getLong(at);
    }

    private static History.Event event(Row row, List<Attribute> stored) {
      int size = stored.size();
      double[] numbers = new double[row.isNullAt(8) ? 0 : size];
      long[] concepts = new long[row.isNullAt(9) ? 0 : size];
      String[] texts = new String[row.isNullAt(10) ? 0 : size];
      if (numbers.length > 0) {
        List<Double> values = row.getList(8);
        for (int i = 0; i < size; i++) {
          numbers[i] = values.get(i) == null ? Double.NaN : values.get(i);
        }
      }
      if (concepts.length > 0) {
        List<Long> values = row.getList(9);
        for (int i = 0; i < size; i++) {
          concepts[i] = values.get(i) == null ? History.MISSING : values.get(i);
        }
      }
      if (texts.length > 0) {
        List<String> values = row.getList(10);
        for (int i = 0; i < size; i++) {
          texts[i] = values.get(i);
        }
      }
      return new History.Event(
          whole(row, 2),
          row.getInt(3),
          row.getInt(4),
          whole(row, 5),
          whole(row, 6),
          whole(row, 7),
          numbers,
          concepts,
          texts);
    }
  }
}
