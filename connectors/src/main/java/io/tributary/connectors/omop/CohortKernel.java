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
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Turns sorted rows of {@link PersonEvents} into spells, one person in memory at a time. Events are
 * read as Spark holds them: an object for each of their values would cost more than the evaluation.
 */
final class CohortKernel implements FlatMapFunction<Iterator<InternalRow>, Row> {
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
  public Iterator<Row> call(Iterator<InternalRow> rows) {
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
    private final Iterator<InternalRow> rows;
    private final Queue<Row> ready = new ArrayDeque<>();

    /** Spark writes the following row over it. */
    private InternalRow next;

    Persons(CohortDefinition definition, ConceptIds concepts, Iterator<InternalRow> rows) {
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

    private void advance() {
      next = rows.hasNext() ? rows.next() : null;
    }

    /**
     * Takes all rows of one person; events of a person who is not in PERSON are passed over. Rows
     * of nobody, which have a fault, are no person and are not kept.
     */
    private void person() {
      if (next.isNullAt(0)) {
        ready.add(faulty(next.getUTF8String(FAULT).toString()));
        advance();
        return;
      }
      long id = next.getLong(0);
      if (next.getInt(1) != PersonEvents.PERSON) {
        while (isOf(id)) {
          advance();
        }
        return;
      }
      Subject person = Subject.of(next);
      History history =
          new History(
              new History.Person(
                  id, person.yearOfBirth(), whole(next, 5), whole(next, 6), whole(next, 7)));
      boolean first = true;
      while (isOf(id)) {
        boolean again = !first && next.getInt(1) == PersonEvents.PERSON;
        if (!next.isNullAt(FAULT)) {
          ready.add(faulty(next.getUTF8String(FAULT).toString()));
        } else if (again) {
          ready.add(faulty(RecordFault.REPEATED.at("person", "person_id")));
        } else if (!first && ready.isEmpty()) {
          add(history);
        }
        first = false;
        advance();
      }
      if (ready.isEmpty()) {
        evaluate(person, history);
      }
    }

    private boolean isOf(long id) {
      return next != null && !next.isNullAt(0) && next.getLong(0) == id;
    }

    private void add(History history) {
      Domain domain = Domain.of(next.getInt(1));
      History.Event event = event(next, stored.getOrDefault(domain, List.of()).size());
      history.add(domain, event);
      if (domain == Domain.PERIOD) {
        history.add(new History.Period(event.start(), event.end()));
      }
    }

    private void evaluate(Subject person, History history) {
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
        Subject person,
        Spell spell,
        int passed,
        boolean member,
        boolean first,
        Surroundings around) {
      return RowFactory.create(
          person.id(),
          person.gender(),
          person.race(),
          person.ethnicity(),
          person.yearOfBirth(),
          person.birth(),
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

    private static Row faulty(String fault) {
      return RowFactory.create(
          0L, 0L, 0L, 0L, 0, null, 0, 0, 0, false, true, 0, 0, new double[0], fault);
    }

    private static long whole(InternalRow row, int at) {
      return row.isNullAt(at) ? History.MISSING : row.getLong(at);
    }

    private static History.Event event(InternalRow row, int size) {
      double[] numbers = new double[row.isNullAt(8) ? 0 : size];
      long[] concepts = new long[row.isNullAt(9) ? 0 : size];
      String[] texts = new String[row.isNullAt(10) ? 0 : size];
      if (numbers.length > 0) {
        ArrayData values = row.getArray(8);
        for (int i = 0; i < size; i++) {
          numbers[i] = values.isNullAt(i) ? Double.NaN : values.getDouble(i);
        }
      }
      if (concepts.length > 0) {
        ArrayData values = row.getArray(9);
        for (int i = 0; i < size; i++) {
          concepts[i] = values.isNullAt(i) ? History.MISSING : values.getLong(i);
        }
      }
      if (texts.length > 0) {
        ArrayData values = row.getArray(10);
        for (int i = 0; i < size; i++) {
          texts[i] = values.isNullAt(i) ? null : values.getUTF8String(i).toString();
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

  /**
   * What is told of a person.
   *
   * @param gender as race and ethnicity 0 for no matching concept, as the model says
   * @param birth null if the day is not known
   */
  private record Subject(
      long id, long gender, long race, long ethnicity, int yearOfBirth, Integer birth) {
    static Subject of(InternalRow row) {
      return new Subject(
          row.getLong(0),
          concept(row, 5),
          concept(row, 6),
          concept(row, 7),
          row.isNullAt(3) ? 0 : row.getInt(3),
          row.isNullAt(4) ? null : row.getInt(4));
    }

    private static long concept(InternalRow row, int at) {
      return row.isNullAt(at) ? 0L : row.getLong(at);
    }
  }
}
