package io.tributary.cohort;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Who is in a cohort, and from when to when. Its meaning is that of Circe 1.x (OHDSI), given by
 * {@link CohortEvaluation}. Days are whole days; dates are days since 1970-01-01.
 *
 * @param name for people
 * @param conceptSets by their number in criteria
 * @param entry events that can start a spell
 * @param additional what an entry event must fulfil besides, empty if nothing
 * @param qualifiedLimit which of a person's events are kept then; only asked if {@code additional}
 *     is present, as in Circe
 * @param rules in order; an event must pass all
 * @param limit which of a person's events that pass all rules are kept
 * @param exit when a spell ends
 * @param censoring events that end a spell early
 * @param collapseDays spells of one person that are at most this far apart are one
 * @param notBefore first day of any spell, empty for none
 * @param notAfter last day of any spell, empty for none
 * @param covariates what a study asks besides about who is in the cohort; they decide nothing
 */
public record CohortDefinition(
    String name,
    List<ConceptSet> conceptSets,
    Entry entry,
    Optional<Group> additional,
    Limit qualifiedLimit,
    List<Rule> rules,
    Limit limit,
    Exit exit,
    List<Criterion> censoring,
    int collapseDays,
    OptionalLong notBefore,
    OptionalLong notAfter,
    List<Covariate> covariates) {

  public CohortDefinition {
    conceptSets = List.copyOf(conceptSets);
    rules = List.copyOf(rules);
    censoring = List.copyOf(censoring);
    covariates = List.copyOf(covariates);
  }

  /**
   * The same persons, with covariates.
   *
   * @param sets the definition's concept sets, and those that the covariates name
   */
  CohortDefinition with(List<ConceptSet> sets, List<Covariate> further) {
    return new CohortDefinition(
        name,
        sets,
        entry,
        additional,
        qualifiedLimit,
        rules,
        limit,
        exit,
        censoring,
        collapseDays,
        notBefore,
        notAfter,
        further);
  }

  /** A set of concepts, before the vocabulary is asked. */
  public record ConceptSet(int number, String name, List<Item> items) {
    public ConceptSet {
      items = List.copyOf(items);
    }
  }

  /** One line of a concept set. */
  public record Item(long concept, boolean excluded, boolean descendants, boolean mapped) {}

  /** Which of a person's events, by date. */
  public enum Limit {
    FIRST,
    LAST,
    ALL
  }

  /**
   * Events that can start a spell: any of the criteria, inside an observation period that began at
   * least {@code priorDays} before and ends at least {@code postDays} after.
   */
  public record Entry(List<Criterion> criteria, int priorDays, int postDays, Limit limit) {
    public Entry {
      criteria = List.copyOf(criteria);
    }
  }

  /** A named condition on the entry event. */
  public record Rule(String name, Group group) {}

  /**
   * Events of one domain.
   *
   * @param concepts set that the concept must be in, empty for any concept
   * @param sourceConcepts set that the source concept must be in, empty for any
   * @param first only the person's first event with such concepts, chosen before the tests
   * @param tests all must hold; a missing value fulfils none
   * @param correlated what must hold around the event itself
   * @param shift other dates for the event, empty to take its own
   */
  public record Criterion(
      Domain domain,
      OptionalInt concepts,
      OptionalInt sourceConcepts,
      boolean first,
      List<Test> tests,
      Optional<Group> correlated,
      Optional<Shift> shift) {
    public Criterion {
      tests = List.copyOf(tests);
    }
  }

  /** Start and end as days after the event's own start or end. */
  public record Shift(boolean startFromEnd, int startDays, boolean endFromStart, int endDays) {}

  /** A condition on one attribute. */
  public sealed interface Test {
    Attribute attribute();
  }

  /**
   * A number or date; {@code high} is used by the two kinds of BETWEEN, whose ends belong to it.
   */
  public record Compared(Attribute attribute, Comparison comparison, double low, double high)
      implements Test {}

  /** How a number is compared. */
  public enum Comparison {
    LESS("<"),
    AT_MOST("<="),
    EQUAL("="),
    NOT_EQUAL("!="),
    AT_LEAST(">="),
    GREATER(">"),
    BETWEEN("between"),
    NOT_BETWEEN("not between");

    private final String words;

    Comparison(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }

    boolean holds(double value, double low, double high) {
      return switch (this) {
        case LESS -> value < low;
        case AT_MOST -> value <= low;
        case EQUAL -> value == low;
        case NOT_EQUAL -> value != low;
        case AT_LEAST -> value >= low;
        case GREATER -> value > low;
        case BETWEEN -> value >= low && value <= high;
        case NOT_BETWEEN -> value < low || value > high;
      };
    }
  }

  /** A concept among some; {@code not} turns it round, for values that are there. */
  public record OneOf(Attribute attribute, Set<Long> concepts, boolean not) implements Test {
    public OneOf {
      concepts = Set.copyOf(concepts);
    }
  }

  /** A concept in a concept set. */
  public record InSet(Attribute attribute, int set, boolean not) implements Test {}

  /** A text; upper and lower case differ. */
  public record Worded(Attribute attribute, Wording wording, String text, boolean not)
      implements Test {}

  /** How a text is compared. */
  public enum Wording {
    EQUALS,
    STARTS_WITH,
    CONTAINS,
    ENDS_WITH
  }

  /** Conditions of which all, any, at least or at most {@code count} hold; empty always holds. */
  public record Group(
      Group.Kind kind,
      int count,
      List<Correlated> criteria,
      List<Demographic> demographics,
      List<Group> groups) {
    /** How many must hold. */
    public enum Kind {
      ALL,
      ANY,
      AT_LEAST,
      AT_MOST
    }

    public Group {
      criteria = List.copyOf(criteria);
      demographics = List.copyOf(demographics);
      groups = List.copyOf(groups);
    }

    /** Parts that can hold or not. */
    int size() {
      return criteria.size() + demographics.size() + groups.size();
    }
  }

  /** Tests of the person at the index event. */
  public record Demographic(List<Test> tests) {
    public Demographic {
      tests = List.copyOf(tests);
    }
  }

  /**
   * How often events happen around an index event.
   *
   * @param ignorePeriod whether events outside the index event's observation period count
   */
  public record Correlated(
      Criterion criterion,
      Window start,
      Optional<Window> end,
      Occurrence occurrence,
      boolean sameVisit,
      boolean ignorePeriod) {}

  /**
   * Where a date of an event must lie, both ends included.
   *
   * @param fromIndexEnd days count from the index event's end, else from its start
   * @param eventEnd the event's end must lie there, else its start
   */
  public record Window(Bound from, Bound to, boolean fromIndexEnd, boolean eventEnd) {
    /** Anywhere in the observation period. */
    public static final Window ANY = new Window(Bound.allBefore(), Bound.allAfter(), false, false);
  }

  /**
   * A window's end.
   *
   * @param days after the index date, negative before; empty for the end of the observation period
   */
  public record Bound(OptionalInt days, boolean before) {
    static Bound allBefore() {
      return new Bound(OptionalInt.empty(), true);
    }

    static Bound allAfter() {
      return new Bound(OptionalInt.empty(), false);
    }

    static Bound of(int days) {
      return new Bound(OptionalInt.of(days), days < 0);
    }
  }

  /** How many events, or how many different values among them. */
  public record Occurrence(Occurrence.Kind kind, int count, Distinct distinct) {
    static final Occurrence AT_LEAST_ONE =
        new Occurrence(Occurrence.Kind.AT_LEAST, 1, Distinct.EVENTS);
    static final Occurrence NONE = new Occurrence(Occurrence.Kind.EXACTLY, 0, Distinct.EVENTS);

    /** How the count is compared. */
    public enum Kind {
      EXACTLY,
      AT_MOST,
      AT_LEAST
    }

    /** What is counted. */
    public enum Distinct {
      EVENTS,
      CONCEPTS,
      START_DATES,
      VISITS
    }

    boolean holds(int found) {
      return switch (kind) {
        case EXACTLY -> found == count;
        case AT_MOST -> found <= count;
        case AT_LEAST -> found >= count;
      };
    }
  }

  /** When a spell ends, at the latest with the observation period. */
  public sealed interface Exit {
    /** With the observation period. */
    record EndOfObservation() implements Exit {}

    /** So many days after the entry event's start or end. */
    record After(int days, boolean fromEnd) implements Exit {}

    /**
     * With the run of exposures to a drug that the entry lies in.
     *
     * @param gapDays exposures this far apart are one run
     * @param offsetDays added to the end of the run
     * @param daysSupply length of every exposure, empty to take what the rows say
     */
    record Exposure(int concepts, int gapDays, int offsetDays, OptionalInt daysSupply)
        implements Exit {}
  }

  // ---- what has to be read ---------------------------------------------------------------------

  /** All criteria, nested ones too, in the order of the definition. */
  public List<Criterion> criteria() {
    List<Criterion> all = new ArrayList<>();
    entry.criteria().forEach(criterion -> add(criterion, all));
    additional.ifPresent(group -> add(group, all));
    rules.forEach(rule -> add(rule.group(), all));
    censoring.forEach(criterion -> add(criterion, all));
    if (exit instanceof Exit.Exposure exposure) {
      all.add(
          new Criterion(
              Domain.DRUG,
              OptionalInt.of(exposure.concepts()),
              OptionalInt.empty(),
              false,
              List.of(),
              Optional.empty(),
              Optional.empty()));
      all.add(
          new Criterion(
              Domain.DRUG,
              OptionalInt.empty(),
              OptionalInt.of(exposure.concepts()),
              false,
              List.of(),
              Optional.empty(),
              Optional.empty()));
    }
    covariates.forEach(covariate -> add(covariate.events().criterion(), all));
    return all;
  }

  private static void add(Criterion criterion, List<Criterion> all) {
    all.add(criterion);
    criterion.correlated().ifPresent(group -> add(group, all));
  }

  private static void add(Group group, List<Criterion> all) {
    group.criteria().forEach(correlated -> add(correlated.criterion(), all));
    group.groups().forEach(inner -> add(inner, all));
  }

  /** Stored attributes that are asked for, by domain, in the order in which events carry them. */
  public Map<Domain, List<Attribute>> stored() {
    Map<Domain, Set<Attribute>> asked = new EnumMap<>(Domain.class);
    for (Criterion criterion : criteria()) {
      Set<Attribute> ofDomain =
          asked.computeIfAbsent(criterion.domain(), domain -> EnumSet.noneOf(Attribute.class));
      for (Test test : criterion.tests()) {
        if (test.attribute().stored()) {
          ofDomain.add(test.attribute());
        }
        if (test.attribute() == Attribute.VISIT) {
          asked.computeIfAbsent(Domain.VISIT_OCCURRENCE, domain -> EnumSet.noneOf(Attribute.class));
        }
      }
    }
    for (Covariate covariate : covariates) {
      if (covariate.take().isValue()) {
        asked.get(covariate.domain()).addAll(List.of(Attribute.VALUE, Attribute.UNIT));
      }
    }
    Map<Domain, List<Attribute>> lists = new EnumMap<>(Domain.class);
    asked.forEach((domain, attributes) -> lists.put(domain, List.copyOf(attributes)));
    return lists;
  }

  /** Whether some test asks for the kind of an event's visit. */
  public boolean asksForVisits() {
    return criteria().stream()
        .flatMap(criterion -> criterion.tests().stream())
        .anyMatch(test -> test.attribute() == Attribute.VISIT);
  }

  /** Numbers of concept sets that something refers to. */
  public Set<Integer> usedSets() {
    Set<Integer> used = new HashSet<>();
    for (Criterion criterion : criteria()) {
      criterion.concepts().ifPresent(used::add);
      criterion.sourceConcepts().ifPresent(used::add);
      criterion.tests().forEach(test -> addSet(test, used));
    }
    additional.ifPresent(group -> addSets(group, used));
    rules.forEach(rule -> addSets(rule.group(), used));
    for (Criterion criterion : criteria()) {
      criterion.correlated().ifPresent(group -> addSets(group, used));
    }
    return used;
  }

  private static void addSets(Group group, Set<Integer> used) {
    group.demographics().forEach(person -> person.tests().forEach(test -> addSet(test, used)));
    group.groups().forEach(inner -> addSets(inner, used));
  }

  private static void addSet(Test test, Set<Integer> used) {
    if (test instanceof InSet inSet) {
      used.add(inSet.set());
    }
  }
}
