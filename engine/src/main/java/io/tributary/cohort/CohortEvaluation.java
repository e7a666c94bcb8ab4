package io.tributary.cohort;

import io.tributary.cohort.CohortDefinition.Bound;
import io.tributary.cohort.CohortDefinition.Compared;
import io.tributary.cohort.CohortDefinition.Correlated;
import io.tributary.cohort.CohortDefinition.Criterion;
import io.tributary.cohort.CohortDefinition.Demographic;
import io.tributary.cohort.CohortDefinition.Exit;
import io.tributary.cohort.CohortDefinition.Group;
import io.tributary.cohort.CohortDefinition.InSet;
import io.tributary.cohort.CohortDefinition.Limit;
import io.tributary.cohort.CohortDefinition.OneOf;
import io.tributary.cohort.CohortDefinition.Shift;
import io.tributary.cohort.CohortDefinition.Test;
import io.tributary.cohort.CohortDefinition.Window;
import io.tributary.cohort.CohortDefinition.Worded;
import io.tributary.cohort.Covariate.Take;
import io.tributary.cohort.History.Event;
import io.tributary.cohort.History.Period;
import io.tributary.cohort.History.Person;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The meaning of a definition: from one person's history to that person's spells in the cohort.
 * Follows the SQL that Circe 1.x writes, with two differences: what SQL leaves to chance (which of
 * two events on one day is the first) is settled by the events' numbers, and an event that lies in
 * two observation periods is looked at in each of them by itself.
 */
public final class CohortEvaluation {
  private final CohortDefinition definition;
  private final ConceptIds concepts;
  private final Map<Domain, List<Attribute>> stored;

  public CohortEvaluation(CohortDefinition definition, ConceptIds concepts) {
    this.definition = definition;
    this.concepts = concepts;
    this.stored = definition.stored();
  }

  /** Days in the cohort, both included. */
  public record Spell(int start, int end) {}

  /**
   * What a person's history comes to.
   *
   * @param passed how many rules from the first on the person's best entry event passes, at most
   *     all; -1 if the person has no entry event. The best event is the one that passes most rules,
   *     then the one whose first passed rule comes first, then the earliest: that of the inclusion
   *     report of ATLAS (Circe's {@code best_events})
   * @param spells by start, none overlap
   */
  public record Outcome(int passed, List<Spell> spells) {
    public Outcome {
      spells = List.copyOf(spells);
    }
  }

  /**
   * What surrounds the first day of a spell.
   *
   * @param observed the first observation period that holds that day; of spells that were joined
   *     over a gap and cut inside it, the spell itself
   * @param covariates in the definition's order, NaN for a missing one
   * @param wrongUnits values that are errors because of their unit, by covariate
   */
  @SuppressWarnings("ArrayRecordComponent") // made for each spell, read in one place
  public record Surroundings(Period observed, double[] covariates, int[] wrongUnits) {}

  /** Where a spell of this person lies, and the definition's covariates. */
  public Surroundings around(History history, Spell spell) {
    return new Run(history).surroundings(spell);
  }

  public Outcome of(History history) {
    return new Run(history).outcome();
  }

  /** An event that criteria look around. */
  private record Index(long id, int start, int end, long visit, Period period) {}

  /** An event that fulfils a criterion, with the dates that the criterion gives it. */
  private record Found(Event event, int start, int end) {}

  /** One person. */
  private final class Run {
    private final History history;
    private final IdentityHashMap<Criterion, List<Found>> found = new IdentityHashMap<>();

    Run(History history) {
      this.history = history;
    }

    Outcome outcome() {
      List<Index> entries = entries();
      if (definition.additional().isPresent()) {
        Group additional = definition.additional().get();
        entries = limited(keep(entries, additional), definition.qualifiedLimit());
      }
      if (entries.isEmpty()) {
        return new Outcome(-1, List.of());
      }
      int rules = definition.rules().size();
      List<Index> included = new ArrayList<>();
      int last = 0;
      for (Index entry : entries) {
        int passed = 0;
        while (passed < rules && holds(definition.rules().get(passed).group(), entry)) {
          passed++;
        }
        last = passed;
        if (passed == rules) {
          included.add(entry);
        }
      }
      int passed = !included.isEmpty() ? rules : entries.size() == 1 ? last : passedByBest(entries);
      return new Outcome(passed, spells(limited(included, definition.limit())));
    }

    /** Of entries, none of which passes all rules; they are sorted by start. */
    private int passedByBest(List<Index> entries) {
      BitSet best = new BitSet();
      for (Index entry : entries) {
        BitSet passed = new BitSet();
        for (int rule = 0; rule < definition.rules().size(); rule++) {
          passed.set(rule, holds(definition.rules().get(rule).group(), entry));
        }
        int more = passed.cardinality() - best.cardinality();
        if (more > 0 || (more == 0 && passed.nextSetBit(0) < best.nextSetBit(0))) {
          best = passed;
        }
      }
      return best.nextClearBit(0);
    }

    private List<Index> entries() {
      List<Index> entries = new ArrayList<>();
      for (Criterion criterion : definition.entry().criteria()) {
        for (Found event : found(criterion)) {
          for (Period period : history.periods()) {
            boolean observed =
                period.contains(event.start())
                    && period.start() + (long) definition.entry().priorDays() <= event.start()
                    && event.start() + (long) definition.entry().postDays() <= period.end();
            if (observed) {
              entries.add(index(event, period));
            }
          }
        }
      }
      // Stable: of two criteria the first one's event comes first.
      entries.sort(Comparator.comparingInt(Index::start).thenComparingLong(Index::id));
      return limited(entries, definition.entry().limit());
    }

    private Index index(Found event, Period period) {
      return new Index(
          event.event().id(), event.start(), event.end(), event.event().visit(), period);
    }

    private List<Index> keep(List<Index> entries, Group group) {
      return entries.stream().filter(entry -> holds(group, entry)).toList();
    }

    private static List<Index> limited(List<Index> entries, Limit limit) {
      if (limit == Limit.ALL || entries.size() < 2) {
        return entries;
      }
      if (limit == Limit.FIRST) {
        return List.of(entries.get(0));
      }
      int last = entries.get(entries.size() - 1).start();
      return entries.stream().filter(entry -> entry.start() == last).limit(1).toList();
    }

    // ---- criteria ------------------------------------------------------------------------------

    private List<Found> found(Criterion criterion) {
      List<Found> known = found.get(criterion);
      if (known == null) {
        known = find(criterion);
        found.put(criterion, known);
      }
      return known;
    }

    private List<Found> find(Criterion criterion) {
      List<Found> kept = new ArrayList<>();
      for (Event event : history.events(criterion.domain())) {
        boolean named =
            (criterion.concepts().isEmpty()
                    || concepts.contains(criterion.concepts().getAsInt(), event.concept()))
                && (criterion.sourceConcepts().isEmpty()
                    || concepts.contains(
                        criterion.sourceConcepts().getAsInt(), event.sourceConcept()));
        if (!named) {
          continue;
        }
        Found shifted = shifted(event, criterion);
        if (holds(criterion, shifted)) {
          kept.add(shifted);
        }
        if (criterion.first()) {
          break;
        }
      }
      return kept;
    }

    private static Found shifted(Event event, Criterion criterion) {
      if (criterion.shift().isEmpty()) {
        return new Found(event, event.start(), event.end());
      }
      Shift shift = criterion.shift().get();
      return new Found(
          event,
          (shift.startFromEnd() ? event.end() : event.start()) + shift.startDays(),
          (shift.endFromStart() ? event.start() : event.end()) + shift.endDays());
    }

    private boolean holds(Criterion criterion, Found event) {
      for (Test test : criterion.tests()) {
        if (!holds(test, criterion.domain(), event)) {
          return false;
        }
      }
      if (criterion.correlated().isEmpty() || criterion.correlated().get().size() == 0) {
        return true;
      }
      Group group = criterion.correlated().get();
      return history.periods().stream()
          .anyMatch(period -> period.contains(event.start()) && holds(group, index(event, period)));
    }

    // ---- tests ---------------------------------------------------------------------------------

    private boolean holds(Test test, Domain domain, Found event) {
      if (test instanceof Compared compared) {
        return compare(compared, number(test.attribute(), domain, event));
      }
      if (test instanceof Worded worded) {
        return holds(worded, event.event().texts()[slot(domain, test.attribute())]);
      }
      return holdsConcept(test, concept(test.attribute(), domain, event.event()));
    }

    private static boolean compare(Compared test, double value) {
      return !Double.isNaN(value) && test.comparison().holds(value, test.low(), test.high());
    }

    private boolean holdsConcept(Test test, long concept) {
      if (concept == History.MISSING) {
        return false;
      }
      if (test instanceof OneOf oneOf) {
        return oneOf.concepts().contains(concept) != oneOf.not();
      }
      InSet inSet = (InSet) test;
      return concepts.contains(inSet.set(), concept) != inSet.not();
    }

    private static boolean holds(Worded test, String text) {
      if (text == null) {
        return false;
      }
      boolean like =
          switch (test.wording()) {
            case EQUALS -> text.equals(test.text());
            case STARTS_WITH -> text.startsWith(test.text());
            case CONTAINS -> text.contains(test.text());
            case ENDS_WITH -> text.endsWith(test.text());
          };
      return like != test.not();
    }

    private double number(Attribute attribute, Domain domain, Found event) {
      return switch (attribute) {
        case START -> event.start();
        case END -> event.end();
        case LENGTH -> (double) event.end() - event.start();
        case AGE_AT_START -> age(event.start());
        case AGE_AT_END -> age(event.end());
        default -> event.event().numbers()[slot(domain, attribute)];
      };
    }

    /** As Circe: the difference of calendar years. */
    private int age(int day) {
      return LocalDate.ofEpochDay(day).getYear() - history.person().yearOfBirth();
    }

    private long concept(Attribute attribute, Domain domain, Event event) {
      Person person = history.person();
      return switch (attribute) {
        case GENDER -> person.gender();
        case RACE -> person.race();
        case ETHNICITY -> person.ethnicity();
        case VISIT -> domain == Domain.VISIT_OCCURRENCE ? event.concept() : visit(event.visit());
        default -> event.concepts()[slot(domain, attribute)];
      };
    }

    private long visit(long id) {
      for (Event visit : history.events(Domain.VISIT_OCCURRENCE)) {
        if (visit.id() == id) {
          return visit.concept();
        }
      }
      return History.MISSING;
    }

    private int slot(Domain domain, Attribute attribute) {
      return stored.get(domain).indexOf(attribute);
    }

    // ---- groups --------------------------------------------------------------------------------

    private boolean holds(Group group, Index index) {
      if (group.size() == 0) {
        return true;
      }
      int holding = 0;
      for (Correlated correlated : group.criteria()) {
        holding += holds(correlated, index) ? 1 : 0;
      }
      for (Demographic demographic : group.demographics()) {
        holding += holds(demographic, index) ? 1 : 0;
      }
      for (Group inner : group.groups()) {
        holding += holds(inner, index) ? 1 : 0;
      }
      return switch (group.kind()) {
        case ALL -> holding == group.size();
        case ANY -> holding > 0;
        case AT_LEAST -> holding >= group.count();
        case AT_MOST -> holding <= group.count();
      };
    }

    private boolean holds(Demographic demographic, Index index) {
      for (Test test : demographic.tests()) {
        boolean holds =
            switch (test.attribute()) {
              case GENDER -> holdsConcept(test, history.person().gender());
              case RACE -> holdsConcept(test, history.person().race());
              case ETHNICITY -> holdsConcept(test, history.person().ethnicity());
              case START -> compare((Compared) test, index.start());
              case END -> compare((Compared) test, index.end());
              default -> compare((Compared) test, age(index.start()));
            };
        if (!holds) {
          return false;
        }
      }
      return true;
    }

    private boolean holds(Correlated correlated, Index index) {
      int count = 0;
      Set<Long> different = new HashSet<>();
      for (Found event : found(correlated.criterion())) {
        if (!around(correlated, event, index)) {
          continue;
        }
        count++;
        long value =
            switch (correlated.occurrence().distinct()) {
              case EVENTS -> count;
              case CONCEPTS -> event.event().concept();
              case START_DATES -> event.start();
              case VISITS -> event.event().visit();
            };
        if (value != History.MISSING) {
          different.add(value);
        }
      }
      return correlated.occurrence().holds(different.size());
    }

    private static boolean around(Correlated correlated, Found event, Index index) {
      if (!correlated.ignorePeriod() && !index.period().contains(event.start())) {
        return false;
      }
      if (correlated.sameVisit()
          && (index.visit() == History.MISSING || event.event().visit() != index.visit())) {
        return false;
      }
      return inside(correlated.start(), event, index, correlated.ignorePeriod())
          && (correlated.end().isEmpty()
              || inside(correlated.end().get(), event, index, correlated.ignorePeriod()));
    }

    private static boolean inside(Window window, Found event, Index index, boolean ignorePeriod) {
      int anchor = window.fromIndexEnd() ? index.end() : index.start();
      int day = window.eventEnd() ? event.end() : event.start();
      return day >= edge(window.from(), anchor, index.period(), ignorePeriod, Long.MIN_VALUE)
          && day <= edge(window.to(), anchor, index.period(), ignorePeriod, Long.MAX_VALUE);
    }

    private static long edge(
        Bound bound, int anchor, Period period, boolean ignorePeriod, long open) {
      if (bound.days().isPresent()) {
        return anchor + (long) bound.days().getAsInt();
      }
      if (ignorePeriod) {
        return open;
      }
      return bound.before() ? period.start() : period.end();
    }

    // ---- covariates ----------------------------------------------------------------------------

    Surroundings surroundings(Spell spell) {
      Period observed =
          history.periods().stream()
              .filter(period -> period.contains(spell.start()))
              .findFirst()
              .orElse(new Period(spell.start(), spell.end()));
      Index index =
          new Index(History.MISSING, spell.start(), spell.end(), History.MISSING, observed);
      int size = definition.covariates().size();
      double[] values = new double[size];
      int[] wrongUnits = new int[size];
      for (int i = 0; i < size; i++) {
        GatheredEvents gathered = gathered(definition.covariates().get(i), index);
        values[i] = gathered.value();
        wrongUnits[i] = gathered.wrongUnits();
      }
      return new Surroundings(observed, values, wrongUnits);
    }

    private GatheredEvents gathered(Covariate covariate, Index index) {
      GatheredEvents gathered = new GatheredEvents(covariate);
      for (Found found : found(covariate.events().criterion())) {
        if (!around(covariate.events(), found, index)) {
          continue;
        }
        Event event = found.event();
        if (covariate.take().isValue()) {
          gathered.add(
              event.numbers()[slot(covariate.domain(), Attribute.VALUE)],
              event.concepts()[slot(covariate.domain(), Attribute.UNIT)]);
        } else if (covariate.take() == Take.COVERED) {
          long last = Math.min(found.end(), windowsEnd(covariate.events(), index));
          gathered.cover(event.start() - index.start(), (int) last - index.start());
        } else {
          gathered.add(event.start() - index.start(), event.concept(), event.visit());
        }
      }
      return gathered;
    }

    /** Last day of a window, and of the observation period where the window is inside it. */
    private static long windowsEnd(Correlated events, Index index) {
      Window window = events.start();
      int anchor = window.fromIndexEnd() ? index.end() : index.start();
      boolean ignore = events.ignorePeriod();
      long end = edge(window.to(), anchor, index.period(), ignore, Long.MAX_VALUE);
      return ignore ? end : Math.min(end, index.period().end());
    }

    // ---- spells --------------------------------------------------------------------------------

    private List<Spell> spells(List<Index> included) {
      List<Spell> spells = new ArrayList<>();
      for (Index entry : included) {
        spells.add(new Spell(entry.start(), Math.max(entry.start(), end(entry))));
      }
      List<Spell> clipped = new ArrayList<>();
      for (Spell spell : joined(spells, definition.collapseDays())) {
        long start = Math.max(spell.start(), definition.notBefore().orElse(Integer.MIN_VALUE));
        long end = Math.min(spell.end(), definition.notAfter().orElse(Integer.MAX_VALUE));
        if (start <= end) {
          clipped.add(new Spell((int) start, (int) end));
        }
      }
      return clipped;
    }

    private int end(Index entry) {
      int end = entry.period().end();
      if (definition.exit() instanceof Exit.After after) {
        long day = (after.fromEnd() ? entry.end() : entry.start()) + (long) after.days();
        end = (int) Math.min(end, day);
      } else if (definition.exit() instanceof Exit.Exposure exposure) {
        for (Spell run : runs(exposure)) {
          if (run.start() <= entry.start() && entry.start() <= run.end()) {
            end = Math.min(end, run.end());
          }
        }
      }
      for (Criterion criterion : definition.censoring()) {
        for (Found event : found(criterion)) {
          if (event.start() >= entry.start() && event.start() <= entry.period().end()) {
            end = Math.min(end, event.start());
          }
        }
      }
      return end;
    }

    private List<Spell> runs(Exit.Exposure exposure) {
      List<Spell> exposures = new ArrayList<>();
      for (Event event : history.events(Domain.DRUG)) {
        if (concepts.contains(exposure.concepts(), event.concept())
            || concepts.contains(exposure.concepts(), event.sourceConcept())) {
          int end =
              exposure.daysSupply().isPresent()
                  ? event.start() + exposure.daysSupply().getAsInt()
                  : event.end();
          exposures.add(new Spell(event.start(), end + exposure.offsetDays()));
        }
      }
      return joined(exposures, exposure.gapDays());
    }

    /** Runs of spells of which each begins at most {@code gap} days after all before it ended. */
    private static List<Spell> joined(List<Spell> spells, int gap) {
      List<Spell> sorted = new ArrayList<>(spells);
      sorted.sort(Comparator.comparingInt(Spell::start));
      List<Spell> runs = new ArrayList<>();
      for (Spell spell : sorted) {
        int last = runs.size() - 1;
        if (last >= 0 && spell.start() <= runs.get(last).end() + (long) gap) {
          Spell before = runs.get(last);
          runs.set(last, new Spell(before.start(), Math.max(before.end(), spell.end())));
        } else {
          runs.add(spell);
        }
      }
      return Collections.unmodifiableList(runs);
    }
  }
}
