package io.tributary.cohort;

import io.tributary.cohort.SqlSyntax.Name;
import io.tributary.cohort.SqlSyntax.Node;
import io.tributary.cohort.SqlSyntax.Select;
import io.tributary.cohort.SqlSyntax.Table;
import io.tributary.cohort.SqlSyntax.Year;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The tables of one SELECT of a definition, by the names that it gives them. */
final class SqlScope {
  static final Term PERIOD_START = new Term(Role.PERIOD, "observation_period_start_date", false);
  static final Term PERIOD_END = new Term(Role.PERIOD, "observation_period_end_date", false);
  private static final Term BIRTH = new Term(Role.PERSON, "year_of_birth", false);

  /** What a table is to the definition. */
  enum Role {
    EVENT("the events"),
    INDEX("the outer events"),
    PERIOD("observation_period"),
    PERSON("person");

    private final String table;

    Role(String table) {
      this.table = table;
    }

    String table() {
      return table;
    }
  }

  /** A column, or the calendar year of a date. */
  record Term(Role role, String column, boolean year) {}

  private final Domain domain;
  private final String event;
  private final Optional<String> period;
  private final Optional<String> person;
  private final Optional<SqlScope> outer;

  private SqlScope(
      Domain domain,
      String event,
      Optional<String> period,
      Optional<String> person,
      Optional<SqlScope> outer) {
    this.domain = domain;
    this.event = event;
    this.period = period;
    this.person = person;
    this.outer = outer;
  }

  /** Tables of the outer SELECT: events, joined with persons and their observation periods. */
  static SqlScope of(Select select) {
    Domain domain = domain(select.from());
    Optional<String> period =
        domain == Domain.PERIOD ? Optional.of(select.from().alias()) : Optional.empty();
    Optional<String> person = Optional.empty();
    Set<String> names = new HashSet<>(Set.of(select.from().alias()));
    for (Table joined : select.joined()) {
      if (joined.table().equals("observation_period") && period.isEmpty()) {
        period = Optional.of(joined.alias());
      } else if (joined.table().equals("person") && person.isEmpty()) {
        person = Optional.of(joined.alias());
      } else {
        throw new SqlFault(
            joined.line(),
            "person and observation_period are joined, each once; other events stand in EXISTS"
                + " (SELECT 1 FROM ...).");
      }
      if (!names.add(joined.alias())) {
        throw new SqlFault(joined.line(), "two tables are '" + joined.alias() + "'.");
      }
    }
    return new SqlScope(domain, select.from().alias(), period, person, Optional.empty());
  }

  /** Tables of a SELECT inside another one. */
  static SqlScope inside(Select select, SqlScope outer) {
    if (outer.event.equals(select.from().alias())
        || outer.period.equals(Optional.of(select.from().alias()))
        || outer.person.equals(Optional.of(select.from().alias()))) {
      throw new SqlFault(
          select.line(),
          "two tables are '" + select.from().alias() + "': give the inner one another name.");
    }
    return new SqlScope(
        domain(select.from()),
        select.from().alias(),
        outer.period,
        outer.person,
        Optional.of(outer));
  }

  private static Domain domain(Table table) {
    for (Domain domain : Domain.values()) {
      if (domain.table().equals(table.table())) {
        return domain;
      }
    }
    throw new SqlFault(
        table.line(),
        "'" + table.table() + "' is no table of events in the OMOP common data model.");
  }

  Domain domain() {
    return domain;
  }

  /** Whether the events are observation periods. */
  boolean isPeriod() {
    return domain == Domain.PERIOD && outer.isEmpty();
  }

  /** Tables beside that of the events. */
  Set<Role> joined() {
    Set<Role> roles = new HashSet<>();
    if (period.isPresent() && !isPeriod()) {
      roles.add(Role.PERIOD);
    }
    person.ifPresent(any -> roles.add(Role.PERSON));
    return roles;
  }

  // ---- columns ---------------------------------------------------------------------------------

  Term start() {
    return isPeriod() ? PERIOD_START : new Term(Role.EVENT, domain.start(), false);
  }

  /** Empty where the model gives events one date. */
  Optional<Term> end() {
    return isPeriod()
        ? Optional.of(PERIOD_END)
        : domain.end().map(name -> new Term(Role.EVENT, name, false));
  }

  List<Term> days() {
    List<Term> days = new ArrayList<>(List.of(start()));
    end().ifPresent(days::add);
    return days;
  }

  /** Dates of the outer event, its start first. */
  List<Term> indexDays() {
    return outer.orElseThrow().days().stream()
        .map(
            day ->
                new Term(day.role() == Role.EVENT ? Role.INDEX : day.role(), day.column(), false))
        .toList();
  }

  Term termOf(Node node) {
    if (node instanceof Name name) {
      return term(name);
    }
    if (node instanceof Year year && year.of() instanceof Name name) {
      Term day = term(name);
      return new Term(day.role(), day.column(), true);
    }
    throw new SqlFault(node.line(), "expected a column, a date or a number here.");
  }

  /** What a name stands for; without a table's name, the nearest table that has the column. */
  Term term(Name name) {
    Optional<Term> found = find(name, Role.EVENT);
    return found.orElseThrow(
        () ->
            new SqlFault(
                name.line(),
                "there is no column '"
                    + (name.table().isEmpty() ? "" : name.table() + ".")
                    + name.column()
                    + "' that a definition can ask for."));
  }

  private Optional<Term> find(Name name, Role own) {
    if (isCalled(event, name) && has(name.column())) {
      Role role = isPeriod() && !name.column().equals("person_id") ? Role.PERIOD : own;
      return Optional.of(new Term(role, name.column(), false));
    }
    if (outer.isPresent()) {
      return outer.get().find(name, Role.INDEX);
    }
    if (period.isPresent() && isCalled(period.get(), name)) {
      if (Set.of("person_id", PERIOD_START.column(), PERIOD_END.column()).contains(name.column())) {
        return Optional.of(new Term(Role.PERIOD, name.column(), false));
      }
    }
    if (person.isPresent() && isCalled(person.get(), name)) {
      boolean known = BIRTH.column().equals(name.column()) || ofPerson(name.column()).isPresent();
      if (known || name.column().equals("person_id")) {
        return Optional.of(new Term(Role.PERSON, name.column(), false));
      }
    }
    return Optional.empty();
  }

  private static boolean isCalled(String alias, Name name) {
    return name.table().isEmpty() || name.table().equals(alias);
  }

  private boolean has(String column) {
    return column.equals("person_id")
        || column.equals(domain.id())
        || column.equals(domain.concept())
        || domain.sourceConcept().equals(Optional.of(column))
        || column.equals(domain.start())
        || domain.end().equals(Optional.of(column))
        || (domain.namesVisit() && column.equals("visit_occurrence_id"))
        || stored(column).isPresent();
  }

  private Optional<Attribute> stored(String column) {
    for (Attribute attribute : Attribute.values()) {
      if (domain.column(attribute).equals(Optional.of(column))) {
        return Optional.of(attribute);
      }
    }
    return Optional.empty();
  }

  private static Optional<Attribute> ofPerson(String column) {
    return switch (column) {
      case "gender_concept_id" -> Optional.of(Attribute.GENDER);
      case "race_concept_id" -> Optional.of(Attribute.RACE);
      case "ethnicity_concept_id" -> Optional.of(Attribute.ETHNICITY);
      default -> Optional.empty();
    };
  }

  /** The attribute that a column of the event or the person is, dates aside. */
  Optional<Attribute> attribute(Term term) {
    return switch (term.role()) {
      case EVENT -> stored(term.column());
      case PERSON -> ofPerson(term.column());
      default -> Optional.empty();
    };
  }

  // ---- attributes that are numbers -------------------------------------------------------------

  /** Those that can be asked for here. */
  List<Attribute> numbers() {
    List<Attribute> numbers = new ArrayList<>(List.of(Attribute.START, Attribute.AGE_AT_START));
    if (end().isPresent()) {
      numbers.addAll(List.of(Attribute.END, Attribute.LENGTH, Attribute.AGE_AT_END));
    }
    for (Attribute attribute : Attribute.values()) {
      if (attribute.kind() == Attribute.Kind.NUMBER && domain.column(attribute).isPresent()) {
        numbers.add(attribute);
      }
    }
    return numbers;
  }

  /** The first column of an attribute that is one number, or a difference of two. */
  Term plus(Attribute attribute) {
    return switch (attribute) {
      case START -> start();
      case END, LENGTH -> end().orElseThrow();
      case AGE_AT_START -> year(start());
      case AGE_AT_END -> year(end().orElseThrow());
      default -> new Term(Role.EVENT, domain.column(attribute).orElseThrow(), false);
    };
  }

  /** The second one. */
  Optional<Term> minus(Attribute attribute) {
    return switch (attribute) {
      case LENGTH -> Optional.of(start());
      case AGE_AT_START, AGE_AT_END -> Optional.of(BIRTH);
      default -> Optional.empty();
    };
  }

  private static Term year(Term day) {
    return new Term(day.role(), day.column(), true);
  }
}
