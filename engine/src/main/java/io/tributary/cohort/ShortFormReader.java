package io.tributary.cohort;

import io.tributary.cohort.CohortDefinition.Bound;
import io.tributary.cohort.CohortDefinition.Compared;
import io.tributary.cohort.CohortDefinition.Comparison;
import io.tributary.cohort.CohortDefinition.ConceptSet;
import io.tributary.cohort.CohortDefinition.Correlated;
import io.tributary.cohort.CohortDefinition.Criterion;
import io.tributary.cohort.CohortDefinition.Demographic;
import io.tributary.cohort.CohortDefinition.Entry;
import io.tributary.cohort.CohortDefinition.Exit;
import io.tributary.cohort.CohortDefinition.Group;
import io.tributary.cohort.CohortDefinition.InSet;
import io.tributary.cohort.CohortDefinition.Item;
import io.tributary.cohort.CohortDefinition.Limit;
import io.tributary.cohort.CohortDefinition.Occurrence;
import io.tributary.cohort.CohortDefinition.OneOf;
import io.tributary.cohort.CohortDefinition.Rule;
import io.tributary.cohort.CohortDefinition.Test;
import io.tributary.cohort.CohortDefinition.Window;
import io.tributary.cohort.CohortDefinition.Worded;
import io.tributary.cohort.CohortDefinition.Wording;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The short form, for people who write by hand.
 *
 * <pre>
 *   cohort: new users of celecoxib
 *   concepts:
 *     celecoxib: [1118084]                     # with descendants
 *     bleed: {ids: [192671], exclude: [], descendants: false, mapped: false}
 *   entry: {drug era: celecoxib, first: true, observed: [-365d, 0d], keep: first}
 *   require:
 *     - {name: adults, age: [18, 120]}
 *     - {condition: bleed, window: [-365d, 0d], at least: 1}
 *   exclude:
 *     - {condition: bleed, window: [all, -1d]}
 *   keep: first
 *   exit: {after: 30d, from: start}            # or observation, or {drug: celecoxib, gap: 30d}
 *   censor: [{death: any}]
 *   collapse: 0d
 *   between: [2010-01-01, 2019-12-31]
 * </pre>
 *
 * <p>Limits keep all events unless {@code keep} says otherwise; windows reach over the observation
 * period unless {@code window} says otherwise.
 */
final class ShortFormReader {
  private static final int MAX_DAYS = 100_000;
  private static final Pattern DAYS = Pattern.compile("([-+]?[0-9]{1,6})d?");
  private static final Map<String, Attribute> ALIASES =
      Map.of(
          "age", Attribute.AGE_AT_START,
          "date", Attribute.START,
          "days", Attribute.LENGTH,
          "visit is", Attribute.VISIT);
  private static final Map<String, Long> SEXES = Map.of("male", 8507L, "female", 8532L);

  private final Map<String, Integer> numbers = new LinkedHashMap<>();
  private final Set<String> ambiguous = new HashSet<>();
  private final List<ConceptSet> sets = new ArrayList<>();

  ShortFormReader() {}

  /** A reader for what refers to concept sets that are there already. */
  ShortFormReader(List<ConceptSet> there) {
    for (ConceptSet set : there) {
      sets.add(set);
      if (numbers.put(set.name(), set.number()) != null) {
        ambiguous.add(set.name());
      }
    }
  }

  /** All sets, those named on the way too. */
  List<ConceptSet> sets() {
    return sets;
  }

  CohortDefinition read(Place top) {
    String name = top.member("cohort").map(Place::scalar).orElse("cohort");
    top.member("concepts").ifPresent(this::concepts);
    Place start = top.required("entry");
    Entry entry = entry(start);
    List<Rule> rules = new ArrayList<>();
    top.list("require").forEach(each -> rules.add(rule(each, false)));
    top.list("exclude").forEach(each -> rules.add(rule(each, true)));
    Limit limit = limit(top);
    Exit exit = top.member("exit").map(this::exit).orElse(new Exit.EndOfObservation());
    List<Criterion> censoring = new ArrayList<>();
    top.list("censor").forEach(each -> censoring.add(criterion(each)));
    int collapse = top.member("collapse").map(each -> days(each, 0)).orElse(0);
    OptionalLong notBefore = OptionalLong.empty();
    OptionalLong notAfter = OptionalLong.empty();
    Optional<Place> between = top.member("between");
    if (between.isPresent()) {
      List<Place> ends = ends(between.get());
      notBefore = open(ends.get(0)) ? notBefore : OptionalLong.of(date(ends.get(0)));
      notAfter = open(ends.get(1)) ? notAfter : OptionalLong.of(date(ends.get(1)));
    }
    top.end();
    return new CohortDefinition(
        name,
        sets,
        entry,
        Optional.empty(),
        Limit.ALL,
        rules,
        limit,
        exit,
        censoring,
        collapse,
        notBefore,
        notAfter,
        List.of());
  }

  // ---- concepts --------------------------------------------------------------------------------

  private void concepts(Place place) {
    for (String name : place.keys()) {
      Place value = place.required(name);
      List<Item> items = new ArrayList<>();
      if (value.isObject()) {
        boolean descendants = value.flag("descendants", true);
        boolean mapped = value.flag("mapped", false);
        value
            .list("ids")
            .forEach(id -> items.add(new Item(id.whole(), false, descendants, mapped)));
        value
            .list("exclude")
            .forEach(id -> items.add(new Item(id.whole(), true, descendants, mapped)));
        value.end();
      } else if (value.isArray()) {
        value.elements().forEach(id -> items.add(new Item(id.whole(), false, true, false)));
      } else {
        items.add(new Item(value.whole(), false, true, false));
      }
      add(name, items);
    }
  }

  private int add(String name, List<Item> items) {
    int number = 1 + sets.stream().mapToInt(ConceptSet::number).max().orElse(-1);
    numbers.put(name, number);
    sets.add(new ConceptSet(number, name, items));
    return number;
  }

  /** The set that a value names: {@code any}, a name under concepts, a concept, or some. */
  private OptionalInt set(Place place) {
    if (place.isTextual()) {
      String name = place.text();
      if (name.equals("any")) {
        return OptionalInt.empty();
      }
      if (!numbers.containsKey(name)) {
        place.wrong("there is no such name under concepts.");
        return OptionalInt.empty();
      }
      if (ambiguous.contains(name)) {
        place.wrong("two concept sets have this name.");
      }
      return OptionalInt.of(numbers.get(name));
    }
    List<Long> ids = new ArrayList<>();
    if (place.isArray()) {
      place.elements().forEach(each -> ids.add(each.whole()));
    } else {
      ids.add(place.whole());
    }
    String name = String.join(", ", ids.stream().map(String::valueOf).toList());
    if (numbers.containsKey(name)) {
      return OptionalInt.of(numbers.get(name));
    }
    return OptionalInt.of(
        add(name, ids.stream().map(id -> new Item(id, false, true, false)).toList()));
  }

  // ---- entry and criteria ----------------------------------------------------------------------

  private Entry entry(Place place) {
    int prior = 0;
    int post = 0;
    Optional<Place> observed = place.member("observed");
    if (observed.isPresent()) {
      List<Place> ends = ends(observed.get());
      prior = -days(ends.get(0), -MAX_DAYS);
      post = days(ends.get(1), -MAX_DAYS);
      if (prior < 0 || post < 0) {
        observed.get().wrong("expected days before and after, such as [-365d, 0d].");
      }
    }
    Limit limit = limit(place);
    List<Criterion> criteria = new ArrayList<>();
    if (place.has("any")) {
      place.list("any").forEach(each -> criteria.add(criterion(each)));
      place.end();
    } else {
      criteria.add(criterion(place));
    }
    if (criteria.isEmpty()) {
      place.wrong("there is no event that starts a spell.");
    }
    return new Entry(criteria, Math.max(prior, 0), Math.max(post, 0), limit);
  }

  private static Limit limit(Place place) {
    Optional<Place> keep = place.member("keep");
    if (keep.isEmpty()) {
      return Limit.ALL;
    }
    return switch (keep.get().scalar()) {
      case "first" -> Limit.FIRST;
      case "last" -> Limit.LAST;
      case "all" -> Limit.ALL;
      default -> {
        keep.get().wrong("expected first, last or all.");
        yield Limit.ALL;
      }
    };
  }

  private static Optional<Domain> domain(Place place) {
    return Domain.among(place.keys().stream().filter(place::has).toList());
  }

  /** An event and nothing else; other keys are noted. */
  private Criterion criterion(Place place) {
    Criterion criterion = event(place);
    place.end();
    return criterion;
  }

  private Criterion event(Place place) {
    Optional<Domain> found = domain(place);
    if (found.isEmpty()) {
      place.wrong("names no kind of event, such as condition, drug or measurement.");
    }
    Domain domain = found.orElse(Domain.CONDITION);
    OptionalInt concepts = place.member(domain.words()).map(this::set).orElse(OptionalInt.empty());
    OptionalInt source =
        domain.sourceConcept().isEmpty()
            ? OptionalInt.empty()
            : place.member("source").map(this::set).orElse(OptionalInt.empty());
    boolean first = place.flag("first", false);
    List<Test> tests = tests(place, attribute -> domain.has(attribute));
    return new Criterion(
        domain, concepts, source, first, tests, Optional.empty(), Optional.empty());
  }

  private List<Test> tests(Place place, java.util.function.Predicate<Attribute> allowed) {
    List<Test> tests = new ArrayList<>();
    for (String key : place.untaken()) {
      Attribute attribute = ALIASES.get(key);
      for (Attribute each : Attribute.values()) {
        if (each.words().equals(key)) {
          attribute = each;
        }
      }
      if (attribute != null && allowed.test(attribute)) {
        tests.add(test(place.required(key), attribute));
      }
    }
    return tests;
  }

  private Test test(Place place, Attribute attribute) {
    return switch (attribute.kind()) {
      case NUMBER, DATE -> range(place, attribute);
      case TEXT -> new Worded(attribute, Wording.EQUALS, place.scalar(), false);
      case CONCEPT -> concept(place, attribute);
    };
  }

  private static Test range(Place place, Attribute attribute) {
    boolean date = attribute.kind() == Attribute.Kind.DATE;
    if (!place.isArray()) {
      double value = date ? date(place) : place.number();
      return new Compared(attribute, Comparison.EQUAL, value, 0);
    }
    List<Place> ends = ends(place);
    boolean openLow = open(ends.get(0));
    boolean openHigh = open(ends.get(1));
    double low = openLow ? 0 : date ? date(ends.get(0)) : ends.get(0).number();
    double high = openHigh ? 0 : date ? date(ends.get(1)) : ends.get(1).number();
    if (openLow && openHigh) {
      place.wrong("both ends are open.");
    }
    if (openLow) {
      return new Compared(attribute, Comparison.AT_MOST, high, 0);
    }
    return openHigh
        ? new Compared(attribute, Comparison.AT_LEAST, low, 0)
        : new Compared(attribute, Comparison.BETWEEN, low, high);
  }

  private Test concept(Place place, Attribute attribute) {
    if (place.isTextual() && attribute == Attribute.GENDER) {
      Long sex = SEXES.get(place.text().toLowerCase(Locale.ROOT));
      if (sex == null) {
        place.wrong("expected male, female or a concept.");
      }
      return new OneOf(attribute, Set.of(sex == null ? 0L : sex), false);
    }
    if (place.isTextual()) {
      OptionalInt set = set(place);
      return set.isPresent()
          ? new InSet(attribute, set.getAsInt(), false)
          : new OneOf(attribute, Set.of(), true);
    }
    Set<Long> ids = new LinkedHashSet<>();
    if (place.isArray()) {
      place.elements().forEach(each -> ids.add(each.whole()));
    } else {
      ids.add(place.whole());
    }
    return new OneOf(attribute, ids, false);
  }

  // ---- rules -----------------------------------------------------------------------------------

  private Rule rule(Place place, boolean excluded) {
    Optional<String> name = place.member("name").map(Place::scalar);
    Group group = group(Group.Kind.ALL, 0, List.of(place));
    String words = name.orElseGet(() -> DefinitionWords.of(group, sets));
    if (excluded) {
      Group none =
          new Group(Group.Kind.AT_MOST, 0, group.criteria(), group.demographics(), group.groups());
      return new Rule(name.orElse("not: " + words), none);
    }
    return new Rule(words, group);
  }

  private Group group(Group.Kind kind, int count, List<Place> places) {
    List<Correlated> criteria = new ArrayList<>();
    List<Demographic> demographics = new ArrayList<>();
    List<Group> groups = new ArrayList<>();
    for (Place place : places) {
      place.skip("name");
      if (place.has("any")) {
        groups.add(group(Group.Kind.ANY, 0, place.list("any")));
      } else if (place.has("all")) {
        groups.add(group(Group.Kind.ALL, 0, place.list("all")));
      } else if (domain(place).isPresent()) {
        criteria.add(correlated(place));
      } else {
        List<Test> tests =
            tests(
                place,
                each ->
                    each == Attribute.AGE_AT_START
                        || each == Attribute.GENDER
                        || each == Attribute.RACE
                        || each == Attribute.ETHNICITY
                        || each == Attribute.START
                        || each == Attribute.END);
        if (tests.isEmpty()) {
          place.wrong("says nothing about events or persons.");
        }
        demographics.add(new Demographic(tests));
      }
      place.end();
    }
    return new Group(kind, count, criteria, demographics, groups);
  }

  Correlated correlated(Place place) {
    boolean indexEnd = place.flag("after end", false);
    Window window =
        place.member("window").map(each -> window(each, indexEnd, false)).orElse(Window.ANY);
    Optional<Window> end = place.member("ends in").map(each -> window(each, indexEnd, true));
    Occurrence.Distinct distinct = Occurrence.Distinct.EVENTS;
    Optional<Place> counted = place.member("distinct");
    if (counted.isPresent()) {
      distinct =
          switch (counted.get().scalar()) {
            case "concepts" -> Occurrence.Distinct.CONCEPTS;
            case "dates" -> Occurrence.Distinct.START_DATES;
            case "visits" -> Occurrence.Distinct.VISITS;
            default -> {
              counted.get().wrong("expected concepts, dates or visits.");
              yield Occurrence.Distinct.EVENTS;
            }
          };
    }
    Occurrence occurrence = new Occurrence(Occurrence.Kind.AT_LEAST, 1, distinct);
    Map<String, Occurrence.Kind> kinds =
        Map.of(
            "at least", Occurrence.Kind.AT_LEAST,
            "at most", Occurrence.Kind.AT_MOST,
            "exactly", Occurrence.Kind.EXACTLY);
    for (Map.Entry<String, Occurrence.Kind> kind : kinds.entrySet()) {
      Optional<Place> count = place.member(kind.getKey());
      if (count.isPresent()) {
        occurrence = new Occurrence(kind.getValue(), count.get().whole(0, 1_000_000), distinct);
      }
    }
    boolean sameVisit = place.flag("same visit", false);
    boolean anyTime = place.flag("outside observation", false);
    return new Correlated(event(place), window, end, occurrence, sameVisit, anyTime);
  }

  private static Window window(Place place, boolean indexEnd, boolean eventEnd) {
    List<Place> ends = ends(place);
    return new Window(bound(ends.get(0), true), bound(ends.get(1), false), indexEnd, eventEnd);
  }

  private static Bound bound(Place place, boolean before) {
    return open(place) ? new Bound(OptionalInt.empty(), before) : Bound.of(days(place, -MAX_DAYS));
  }

  // ---- exit and values -------------------------------------------------------------------------

  private Exit exit(Place place) {
    if (place.isTextual()) {
      if (!place.text().equals("observation")) {
        place.wrong("expected observation, {after: 30d} or {drug: NAME, gap: 30d}.");
      }
      return new Exit.EndOfObservation();
    }
    Optional<Place> drug = place.member("drug");
    if (drug.isPresent()) {
      OptionalInt set = set(drug.get());
      if (set.isEmpty()) {
        drug.get().wrong("name one drug.");
      }
      int gap = place.member("gap").map(each -> days(each, 0)).orElse(0);
      int offset = place.member("offset").map(each -> days(each, 0)).orElse(0);
      Optional<Place> supply = place.member("supply");
      OptionalInt override =
          supply.isEmpty() ? OptionalInt.empty() : OptionalInt.of(days(supply.get(), 0));
      place.end();
      return new Exit.Exposure(set.orElse(0), gap, offset, override);
    }
    int after = days(place.required("after"), 0);
    String from = place.member("from").map(Place::scalar).orElse("start");
    if (!from.equals("start") && !from.equals("end")) {
      place.wrong("from: expected start or end.");
    }
    place.end();
    return new Exit.After(after, from.equals("end"));
  }

  /** Two elements, or two harmless ones and a finding. */
  private static List<Place> ends(Place place) {
    List<Place> ends = place.isArray() ? place.elements() : List.of();
    if (ends.size() != 2) {
      place.wrong("expected two ends, such as [-365d, 0d].");
      return List.of(place, place);
    }
    return ends;
  }

  private static boolean open(Place place) {
    return place.isTextual() && place.text().equals("all");
  }

  private static int days(Place place, int low) {
    Matcher days = DAYS.matcher(place.isTextual() || place.isNumber() ? place.scalar() : "");
    if (!days.matches() || Math.abs(Integer.parseInt(days.group(1))) > MAX_DAYS) {
      place.wrong("expected days, such as 30d or -365d.");
      return 0;
    }
    int value = Integer.parseInt(days.group(1));
    if (value < low) {
      place.wrong("expected at least " + low + " days.");
      return Math.max(low, 0);
    }
    return value;
  }

  private static long date(Place place) {
    try {
      return LocalDate.parse(place.scalar()).toEpochDay();
    } catch (DateTimeException notADate) {
      place.wrong("expected a date such as 2020-12-31.");
      return 0;
    }
  }
}
