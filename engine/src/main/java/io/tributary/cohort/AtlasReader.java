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
import io.tributary.cohort.CohortDefinition.Shift;
import io.tributary.cohort.CohortDefinition.Test;
import io.tributary.cohort.CohortDefinition.Window;
import io.tributary.cohort.CohortDefinition.Worded;
import io.tributary.cohort.CohortDefinition.Wording;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A Circe 1.x cohort expression, as ATLAS exports it, with or without the envelope that has its
 * name. Keys, defaults and meanings are those of OHDSI/circe-be.
 */
final class AtlasReader {
  private static final int MAX_DAYS = 100_000;
  private static final Map<String, Comparison> COMPARISONS =
      Map.of(
          "lt", Comparison.LESS,
          "lte", Comparison.AT_MOST,
          "eq", Comparison.EQUAL,
          "!eq", Comparison.NOT_EQUAL,
          "gte", Comparison.AT_LEAST,
          "gt", Comparison.GREATER,
          "bt", Comparison.BETWEEN,
          "!bt", Comparison.NOT_BETWEEN);
  private static final Map<String, Wording> WORDINGS =
      Map.of(
          "eq", Wording.EQUALS,
          "startsWith", Wording.STARTS_WITH,
          "contains", Wording.CONTAINS,
          "endsWith", Wording.ENDS_WITH);

  private final Set<Integer> sets = new HashSet<>();

  CohortDefinition read(Place top) {
    Optional<Place> inEnvelope =
        top.has("expression") && !top.has("PrimaryCriteria")
            ? top.member("expression")
            : Optional.empty();
    Place root = inEnvelope.orElse(top);
    String name = top.has("name") ? top.required("name").scalar() : "cohort";
    if (root.has("Title")) {
      name = root.required("Title").scalar();
    }
    root.skip("cdmVersionRange");
    List<ConceptSet> conceptSets = conceptSets(root);
    Entry entry = entry(root.required("PrimaryCriteria"));
    Optional<Group> additional = root.member("AdditionalCriteria").flatMap(this::group);
    Limit qualified = limit(root, "QualifiedLimit");
    List<Rule> rules = new ArrayList<>();
    for (Place place : root.list("InclusionRules")) {
      place.skip("description");
      String title = place.member("name").map(Place::scalar).orElse("rule " + (rules.size() + 1));
      rules.add(
          new Rule(title, place.member("expression").flatMap(this::group).orElse(everything())));
      place.end();
    }
    Limit limit = limit(root, "ExpressionLimit");
    Exit exit = root.member("EndStrategy").map(this::exit).orElse(new Exit.EndOfObservation());
    List<Criterion> censoring = new ArrayList<>();
    root.list("CensoringCriteria").forEach(place -> censoring.add(criterion(place)));
    int collapse = root.member("CollapseSettings").map(AtlasReader::collapse).orElse(0);
    OptionalLong notBefore = OptionalLong.empty();
    OptionalLong notAfter = OptionalLong.empty();
    Optional<Place> window = root.member("CensorWindow");
    if (window.isPresent()) {
      notBefore = day(window.get(), "StartDate");
      notAfter = day(window.get(), "EndDate");
      window.get().end();
    }
    root.end();
    return new CohortDefinition(
        name,
        conceptSets,
        entry,
        additional,
        qualified,
        rules,
        limit,
        exit,
        censoring,
        collapse,
        notBefore,
        notAfter,
        List.of());
  }

  private static Group everything() {
    return new Group(Group.Kind.ALL, 0, List.of(), List.of(), List.of());
  }

  private List<ConceptSet> conceptSets(Place root) {
    List<ConceptSet> found = new ArrayList<>();
    for (Place place : root.list("ConceptSets")) {
      int number = place.required("id").whole(0, Integer.MAX_VALUE);
      if (!sets.add(number)) {
        place.wrong("the concept set " + number + " stands here twice.");
      }
      String name = place.member("name").map(Place::scalar).orElse("set " + number);
      List<Item> items = new ArrayList<>();
      Place expression = place.required("expression");
      for (Place item : expression.list("items")) {
        items.add(
            new Item(
                concept(item.required("concept")),
                item.flag("isExcluded", false),
                item.flag("includeDescendants", false),
                item.flag("includeMapped", false)));
        item.end();
      }
      expression.end();
      found.add(new ConceptSet(number, name, items));
    }
    return found;
  }

  /** Only the number counts: names, codes and the like are for people. */
  private static long concept(Place place) {
    return place.required("CONCEPT_ID").whole();
  }

  private Entry entry(Place place) {
    List<Criterion> criteria = new ArrayList<>();
    place.list("CriteriaList").forEach(each -> criteria.add(criterion(each)));
    if (criteria.isEmpty()) {
      place.wrong("there is no criterion that starts a spell.");
    }
    int prior = 0;
    int post = 0;
    Optional<Place> window = place.member("ObservationWindow");
    if (window.isPresent()) {
      prior = window.get().member("PriorDays").map(each -> each.whole(0, MAX_DAYS)).orElse(0);
      post = window.get().member("PostDays").map(each -> each.whole(0, MAX_DAYS)).orElse(0);
      window.get().end();
    }
    Limit limit = limit(place, "PrimaryCriteriaLimit");
    place.end();
    return new Entry(criteria, prior, post, limit);
  }

  private static Limit limit(Place place, String key) {
    Optional<Place> member = place.member(key);
    if (member.isEmpty()) {
      return Limit.FIRST;
    }
    Optional<Place> type = member.get().member("Type");
    member.get().end();
    String word = type.map(Place::text).orElse("First").toUpperCase(Locale.ROOT);
    for (Limit limit : Limit.values()) {
      if (limit.name().equals(word)) {
        return limit;
      }
    }
    member.get().wrong("expected First, Last or All.");
    return Limit.FIRST;
  }

  // ---- criteria --------------------------------------------------------------------------------

  /** An object with one key, the domain. */
  private Criterion criterion(Place outer) {
    for (Domain domain : Domain.values()) {
      if (outer.has(domain.atlasName())) {
        Criterion criterion = criterion(domain, outer.required(domain.atlasName()));
        outer.end();
        return criterion;
      }
    }
    String name = outer.isObject() && !outer.keys().isEmpty() ? outer.keys().get(0) : "";
    outer.wrong("the domain '" + name.replaceAll("\\W", "?") + "' is not supported.");
    return anything(Domain.CONDITION);
  }

  private static Criterion anything(Domain domain) {
    return new Criterion(
        domain,
        OptionalInt.empty(),
        OptionalInt.empty(),
        false,
        List.of(),
        Optional.empty(),
        Optional.empty());
  }

  private Criterion criterion(Domain domain, Place place) {
    OptionalInt concepts = set(place, "CodesetId");
    OptionalInt source =
        domain.atlasSource().isEmpty() ? OptionalInt.empty() : set(place, domain.atlasSource());
    boolean first = place.flag("First", false);
    List<Test> tests = new ArrayList<>();
    domain.atlasAttributes().forEach((key, attribute) -> tests(place, key, attribute, tests));
    Optional<Shift> shift = place.member("DateAdjustment").map(AtlasReader::shift);
    Optional<Group> correlated = place.member("CorrelatedCriteria").flatMap(this::group);
    place.end();
    return new Criterion(domain, concepts, source, first, tests, correlated, shift);
  }

  private OptionalInt set(Place place, String key) {
    Optional<Place> member = place.member(key);
    if (member.isEmpty()) {
      return OptionalInt.empty();
    }
    int number = member.get().whole(0, Integer.MAX_VALUE);
    if (!sets.contains(number)) {
      member.get().wrong("there is no concept set " + number + ".");
    }
    return OptionalInt.of(number);
  }

  private void tests(Place place, String key, Attribute attribute, List<Test> tests) {
    switch (attribute.kind()) {
      case DATE, NUMBER ->
          place
              .member(key)
              .ifPresent(
                  range ->
                      tests.add(range(range, attribute, attribute.kind() == Attribute.Kind.DATE)));
      case TEXT -> place.member(key).ifPresent(text -> tests.add(worded(text, attribute)));
      case CONCEPT -> concepts(place, key, attribute, tests);
    }
  }

  private void concepts(Place place, String key, Attribute attribute, List<Test> tests) {
    boolean not = attribute == Attribute.TYPE && place.flag(key + "Exclude", false);
    List<Place> listed = place.list(key);
    if (!listed.isEmpty()) {
      Set<Long> ids = new LinkedHashSet<>();
      listed.forEach(each -> ids.add(concept(each)));
      tests.add(new OneOf(attribute, ids, not));
    }
    Optional<Place> selection = place.member(key + "CS");
    if (selection.isPresent()) {
      OptionalInt set = set(selection.get(), "CodesetId");
      boolean excluded = selection.get().flag("IsExclusion", false);
      selection.get().end();
      set.ifPresent(number -> tests.add(new InSet(attribute, number, excluded)));
    }
  }

  private static Compared range(Place place, Attribute attribute, boolean date) {
    String operator = place.required("Op").text();
    Comparison comparison = COMPARISONS.get(operator);
    if (comparison == null) {
      place.wrong("the operator is not one of lt, lte, eq, !eq, gte, gt, bt, !bt.");
      comparison = Comparison.EQUAL;
    }
    Place value = place.required("Value");
    double low = date ? day(value) : value.number();
    double high = 0;
    Optional<Place> extent = place.member("Extent");
    if (comparison == Comparison.BETWEEN || comparison == Comparison.NOT_BETWEEN) {
      Place end = place.required("Extent");
      high = date ? day(end) : end.number();
    } else if (extent.isPresent() && extent.get().isObject()) {
      extent.get().wrong("expected one value.");
    }
    place.end();
    return new Compared(attribute, comparison, low, high);
  }

  private static long day(Place place) {
    String text = place.text();
    try {
      return LocalDate.parse(text.length() > 10 ? text.substring(0, 10) : text).toEpochDay();
    } catch (DateTimeException notADate) {
      place.wrong("expected a date such as 2020-12-31.");
      return 0;
    }
  }

  private static OptionalLong day(Place place, String key) {
    Optional<Place> member = place.member(key);
    return member.isEmpty() ? OptionalLong.empty() : OptionalLong.of(day(member.get()));
  }

  private static Worded worded(Place place, Attribute attribute) {
    String operator = place.required("Op").text();
    boolean not = operator.startsWith("!");
    Wording wording = WORDINGS.get(not ? operator.substring(1) : operator);
    if (wording == null) {
      place.wrong(
          "the operator is not one of eq, startsWith, contains, endsWith, or these with !.");
      wording = Wording.EQUALS;
    }
    String text = place.required("Text").text();
    place.end();
    return new Worded(attribute, wording, text, not);
  }

  private static Shift shift(Place place) {
    boolean fromEnd = endDate(place, "StartWith", false);
    int start = place.member("StartOffset").map(each -> each.whole(-MAX_DAYS, MAX_DAYS)).orElse(0);
    boolean endFromStart = !endDate(place, "EndWith", true);
    int end = place.member("EndOffset").map(each -> each.whole(-MAX_DAYS, MAX_DAYS)).orElse(0);
    place.end();
    return new Shift(fromEnd, start, endFromStart, end);
  }

  private static boolean endDate(Place place, String key, boolean byDefault) {
    Optional<Place> member = place.member(key);
    if (member.isEmpty()) {
      return byDefault;
    }
    return switch (member.get().text()) {
      case "START_DATE", "StartDate" -> false;
      case "END_DATE", "EndDate" -> true;
      default -> {
        member.get().wrong("expected START_DATE or END_DATE.");
        yield false;
      }
    };
  }

  // ---- groups ----------------------------------------------------------------------------------

  private Optional<Group> group(Place place) {
    if (place.keys().isEmpty()) {
      return Optional.empty();
    }
    String type = place.member("Type").map(Place::text).orElse("ALL");
    Group.Kind kind =
        switch (type.toUpperCase(Locale.ROOT)) {
          case "ALL" -> Group.Kind.ALL;
          case "ANY" -> Group.Kind.ANY;
          case "AT_LEAST" -> Group.Kind.AT_LEAST;
          case "AT_MOST" -> Group.Kind.AT_MOST;
          default -> {
            place.wrong("the type is not one of ALL, ANY, AT_LEAST, AT_MOST.");
            yield Group.Kind.ALL;
          }
        };
    int count = place.member("Count").map(each -> each.whole(0, 1000)).orElse(0);
    List<Correlated> criteria = new ArrayList<>();
    place.list("CriteriaList").forEach(each -> criteria.add(correlated(each)));
    List<Demographic> demographics = new ArrayList<>();
    place.list("DemographicCriteriaList").forEach(each -> demographics.add(demographic(each)));
    List<Group> groups = new ArrayList<>();
    place.list("Groups").forEach(each -> group(each).ifPresent(groups::add));
    place.end();
    return Optional.of(new Group(kind, count, criteria, demographics, groups));
  }

  private Demographic demographic(Place place) {
    List<Test> tests = new ArrayList<>();
    tests(place, "Age", Attribute.AGE_AT_START, tests);
    tests(place, "Gender", Attribute.GENDER, tests);
    tests(place, "Race", Attribute.RACE, tests);
    tests(place, "Ethnicity", Attribute.ETHNICITY, tests);
    tests(place, "OccurrenceStartDate", Attribute.START, tests);
    tests(place, "OccurrenceEndDate", Attribute.END, tests);
    place.end();
    return new Demographic(tests);
  }

  private Correlated correlated(Place place) {
    Criterion criterion = criterion(place.required("Criteria"));
    Window start = place.member("StartWindow").map(each -> window(each, false)).orElse(Window.ANY);
    Optional<Window> end = place.member("EndWindow").map(each -> window(each, true));
    Occurrence occurrence =
        place.member("Occurrence").map(this::occurrence).orElse(Occurrence.AT_LEAST_ONE);
    boolean sameVisit = place.flag("RestrictVisit", false);
    boolean ignorePeriod = place.flag("IgnoreObservationPeriod", false);
    if (sameVisit && !criterion.domain().namesVisit()) {
      place.wrong("RestrictVisit: a " + criterion.domain().words() + " names no visit.");
    }
    place.end();
    return new Correlated(criterion, start, end, occurrence, sameVisit, ignorePeriod);
  }

  private Window window(Place place, boolean eventEndByDefault) {
    Bound from = bound(place.member("Start"), true);
    Bound to = bound(place.member("End"), false);
    boolean indexEnd = place.flag("UseIndexEnd", false);
    boolean eventEnd = place.flag("UseEventEnd", eventEndByDefault);
    place.end();
    return new Window(from, to, indexEnd, eventEnd);
  }

  private static Bound bound(Optional<Place> place, boolean before) {
    if (place.isEmpty()) {
      return new Bound(OptionalInt.empty(), before);
    }
    int sign = place.get().required("Coeff").whole(-1, 1);
    Optional<Place> days = place.get().member("Days");
    OptionalInt offset =
        days.isEmpty() ? OptionalInt.empty() : OptionalInt.of(sign * days.get().whole(0, MAX_DAYS));
    place.get().end();
    return new Bound(offset, sign < 0);
  }

  private Occurrence occurrence(Place place) {
    Occurrence.Kind kind =
        switch (place.required("Type").whole(0, 2)) {
          case 0 -> Occurrence.Kind.EXACTLY;
          case 1 -> Occurrence.Kind.AT_MOST;
          default -> Occurrence.Kind.AT_LEAST;
        };
    int count = place.required("Count").whole(0, 1_000_000);
    boolean distinct = place.flag("IsDistinct", false);
    Occurrence.Distinct column = Occurrence.Distinct.EVENTS;
    Optional<Place> counted = place.member("CountColumn");
    String name = counted.map(Place::text).orElse("DOMAIN_CONCEPT");
    if (distinct) {
      column =
          switch (name) {
            case "DOMAIN_CONCEPT" -> Occurrence.Distinct.CONCEPTS;
            case "START_DATE" -> Occurrence.Distinct.START_DATES;
            case "VISIT_ID" -> Occurrence.Distinct.VISITS;
            default -> {
              place.wrong("CountColumn is not one of DOMAIN_CONCEPT, START_DATE, VISIT_ID.");
              yield Occurrence.Distinct.EVENTS;
            }
          };
    }
    place.end();
    return new Occurrence(kind, count, column);
  }

  // ---- exit ------------------------------------------------------------------------------------

  private Exit exit(Place place) {
    Optional<Place> offset = place.member("DateOffset");
    Optional<Place> era = place.member("CustomEra");
    place.end();
    if (offset.isPresent()) {
      boolean fromEnd = endDate(offset.get(), "DateField", false);
      int days = offset.get().required("Offset").whole(0, MAX_DAYS);
      offset.get().end();
      return new Exit.After(days, fromEnd);
    }
    if (era.isPresent()) {
      OptionalInt set = set(era.get(), "DrugCodesetId");
      if (set.isEmpty()) {
        era.get().wrong("'DrugCodesetId' is missing.");
      }
      int gap = era.get().member("GapDays").map(each -> each.whole(0, MAX_DAYS)).orElse(0);
      int days = era.get().member("Offset").map(each -> each.whole(0, MAX_DAYS)).orElse(0);
      Optional<Place> supply = era.get().member("DaysSupplyOverride");
      OptionalInt override =
          supply.isEmpty() ? OptionalInt.empty() : OptionalInt.of(supply.get().whole(0, MAX_DAYS));
      era.get().end();
      return new Exit.Exposure(set.orElse(0), gap, days, override);
    }
    return new Exit.EndOfObservation();
  }

  private static int collapse(Place place) {
    Optional<Place> type = place.member("CollapseType");
    if (type.isPresent() && !type.get().text().equals("ERA")) {
      type.get().wrong("only ERA is supported.");
    }
    int pad = place.member("EraPad").map(each -> each.whole(0, MAX_DAYS)).orElse(0);
    place.end();
    return pad;
  }
}
