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
import io.tributary.cohort.SqlScope.Role;
import io.tributary.cohort.SqlScope.Term;
import io.tributary.cohort.SqlSyntax.Among;
import io.tributary.cohort.SqlSyntax.And;
import io.tributary.cohort.SqlSyntax.Compare;
import io.tributary.cohort.SqlSyntax.Count;
import io.tributary.cohort.SqlSyntax.Exists;
import io.tributary.cohort.SqlSyntax.InConcepts;
import io.tributary.cohort.SqlSyntax.Least;
import io.tributary.cohort.SqlSyntax.Like;
import io.tributary.cohort.SqlSyntax.Name;
import io.tributary.cohort.SqlSyntax.Node;
import io.tributary.cohort.SqlSyntax.Not;
import io.tributary.cohort.SqlSyntax.Numbering;
import io.tributary.cohort.SqlSyntax.Or;
import io.tributary.cohort.SqlSyntax.Output;
import io.tributary.cohort.SqlSyntax.Query;
import io.tributary.cohort.SqlSyntax.Select;
import io.tributary.cohort.SqlSyntax.Text;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The SQL form: one SELECT of person, first and last day over tables of the model, which a database
 * would answer with the same persons and days.
 *
 * <pre>
 *   WITH celecoxib AS (
 *     SELECT descendant_concept_id FROM concept_ancestor WHERE ancestor_concept_id IN (1118084))
 *   SELECT d.person_id, d.drug_era_start_date, o.observation_period_end_date
 *   FROM drug_era d
 *   JOIN person p ON p.person_id = d.person_id
 *   JOIN observation_period o ON o.person_id = d.person_id
 *     AND d.drug_era_start_date BETWEEN o.observation_period_start_date + 365
 *                                   AND o.observation_period_end_date
 *   WHERE d.drug_concept_id IN (SELECT descendant_concept_id FROM celecoxib)
 *     AND year(d.drug_era_start_date) - p.year_of_birth >= 18
 *     AND NOT EXISTS (SELECT 1 FROM condition_occurrence c
 *       WHERE c.person_id = d.person_id AND c.condition_concept_id IN (192671)
 *         AND c.condition_start_date < d.drug_era_start_date)
 * </pre>
 *
 * <p>Conditions on the columns of the first table and on its days observed are those of the entry
 * event; every other part of the WHERE that stands under no OR is a rule, in order.
 */
final class SqlFormReader {
  private static final int MAX_DAYS = 100_000;

  private final List<ConceptSet> sets = new ArrayList<>();
  private final List<String> findings;

  /**
   * A reader.
   *
   * @param findings takes what is not understood, by line
   */
  SqlFormReader(List<String> findings) {
    this.findings = findings;
  }

  /** The definition; what is not understood of it is left out and noted. */
  CohortDefinition read(String text) {
    Parts parts = new Parts();
    try {
      read(SqlSyntax.parse(text), parts);
    } catch (SqlFault fault) {
      findings.add(fault.getMessage());
    }
    Criterion entry = parts.events.criterion(parts.domain);
    return new CohortDefinition(
        "cohort",
        sets,
        new Entry(List.of(entry), parts.prior.orElse(0), parts.after.orElse(0), Limit.ALL),
        Optional.empty(),
        Limit.ALL,
        parts.rules,
        parts.limit,
        parts.exit,
        List.of(),
        0,
        OptionalLong.empty(),
        OptionalLong.empty(),
        List.of());
  }

  /** What has been read of a definition. */
  private static final class Parts {
    private Domain domain = Domain.CONDITION;
    private final Events events = new Events();
    private OptionalInt prior = OptionalInt.empty();
    private OptionalInt after = OptionalInt.empty();
    private final List<Rule> rules = new ArrayList<>();
    private Limit limit = Limit.ALL;
    private Exit exit = new Exit.EndOfObservation();
    private final Set<Role> linked = new HashSet<>();
  }

  /** Events of one table. */
  private static final class Events {
    private OptionalInt concepts = OptionalInt.empty();
    private OptionalInt sources = OptionalInt.empty();
    private final List<Test> tests = new ArrayList<>();

    Criterion criterion(Domain domain) {
      return new Criterion(
          domain, concepts, sources, false, tests, Optional.empty(), Optional.empty());
    }
  }

  private void read(Query query, Parts parts) {
    Select select = query.select();
    SqlScope scope = SqlScope.of(select);
    parts.domain = scope.domain();
    if (scope.isPeriod()) {
      parts.prior = OptionalInt.of(0);
      parts.after = OptionalInt.of(0);
    }
    for (Node condition : conjuncts(select.conditions())) {
      try {
        condition(condition, scope, parts);
      } catch (SqlFault fault) {
        findings.add(fault.getMessage());
      }
    }
    for (Role role : scope.joined()) {
      if (!parts.linked.contains(role)) {
        findings.add(
            "line " + select.line() + ": " + role.table() + " is joined without its person_id.");
      }
    }
    if (parts.prior.isEmpty() || parts.after.isEmpty()) {
      findings.add(
          "line "
              + select.line()
              + ": an event counts while its person is observed: JOIN observation_period o ON"
              + " o.person_id = e.person_id AND e."
              + scope.domain().start()
              + " BETWEEN o.observation_period_start_date AND o.observation_period_end_date.");
    }
    outputs(select, scope, parts);
    if (query.firstOnly()) {
      parts.limit = limit(select.numbering().orElseThrow(), scope);
    }
  }

  // ---- the answer ------------------------------------------------------------------------------

  private static void outputs(Select select, SqlScope scope, Parts parts) {
    List<Output> outputs = select.outputs();
    boolean person =
        outputs.size() == 3
            && outputs.get(0).value() instanceof Name name
            && scope.term(name).column().equals("person_id");
    boolean start =
        person
            && outputs.get(1).value() instanceof Name name
            && scope.term(name).equals(scope.start());
    if (!start) {
      throw new SqlFault(
          select.line(),
          "expected three columns: person_id, " + scope.domain().start() + ", and the last day.");
    }
    parts.exit = exit(outputs.get(2).value(), scope);
  }

  private static Exit exit(Node end, SqlScope scope) {
    if (end instanceof Name name && scope.term(name).equals(SqlScope.PERIOD_END)) {
      return new Exit.EndOfObservation();
    }
    if (end instanceof Least least) {
      for (boolean turned : new boolean[] {false, true}) {
        Linear observed = Linear.of(turned ? least.left() : least.right(), scope);
        Linear own = Linear.of(turned ? least.right() : least.left(), scope);
        boolean within = observed.isTerm(SqlScope.PERIOD_END) && observed.constant() == 0;
        boolean fromStart = own.isTerm(scope.start());
        boolean fromEnd = scope.end().isPresent() && own.isTerm(scope.end().get());
        if (within && (fromStart || fromEnd)) {
          int days = days(end, own.constant());
          if (days >= 0) {
            return new Exit.After(days, fromEnd);
          }
        }
      }
    }
    throw new SqlFault(
        end.line(),
        "the last day is o.observation_period_end_date, or least(D, o.observation_period_end_date)"
            + " where D is the event's first or last day, or so many days after it.");
  }

  private static Limit limit(Numbering numbering, SqlScope scope) {
    boolean ofPerson = scope.term(numbering.person()).column().equals("person_id");
    // Of events on one day the lower id counts, of two periods that hold it the earlier one.
    List<Term> order =
        List.of(
            scope.start(),
            new Term(Role.EVENT, scope.domain().id(), false),
            SqlScope.PERIOD_START,
            SqlScope.PERIOD_END);
    List<Term> by = numbering.by().stream().map(scope::term).toList();
    if (!ofPerson || by.size() > order.size() || !by.equals(order.subList(0, by.size()))) {
      throw new SqlFault(
          numbering.line(),
          "a person's rows are numbered by "
              + scope.domain().start()
              + ", then by "
              + scope.domain().id()
              + " and both ends of the observation period, or by the first of these.");
    }
    return numbering.descending() ? Limit.LAST : Limit.FIRST;
  }

  // ---- conditions ------------------------------------------------------------------------------

  private static List<Node> conjuncts(List<Node> conditions) {
    List<Node> all = new ArrayList<>();
    for (Node each : conditions) {
      addConjuncts(positive(each, false), all);
    }
    return all;
  }

  private static void addConjuncts(Node node, List<Node> all) {
    if (node instanceof And and) {
      and.parts().forEach(part -> addConjuncts(part, all));
    } else {
      all.add(node);
    }
  }

  /** Without NOT but before EXISTS: what is unknown in SQL stays untrue. */
  private static Node positive(Node node, boolean not) {
    if (node instanceof Not inner) {
      return positive(inner.of(), !not);
    }
    if (node instanceof And and) {
      List<Node> parts = and.parts().stream().map(part -> positive(part, not)).toList();
      return not ? new Or(and.line(), parts) : new And(and.line(), parts);
    }
    if (node instanceof Or or) {
      List<Node> parts = or.parts().stream().map(part -> positive(part, not)).toList();
      return not ? new And(or.line(), parts) : new Or(or.line(), parts);
    }
    if (!not) {
      return node;
    }
    if (node instanceof Compare compare) {
      return new Compare(
          compare.line(), negated(compare.comparison()), compare.left(), compare.right());
    }
    if (node instanceof Among among) {
      return new Among(among.line(), among.left(), among.values(), !among.not());
    }
    if (node instanceof InConcepts in) {
      return new InConcepts(in.line(), in.left(), in.name(), in.items(), !in.not());
    }
    if (node instanceof Like like) {
      return new Like(like.line(), like.left(), like.pattern(), !like.not());
    }
    return new Not(node.line(), node);
  }

  private static Comparison negated(Comparison comparison) {
    return switch (comparison) {
      case LESS -> Comparison.AT_LEAST;
      case AT_MOST -> Comparison.GREATER;
      case EQUAL -> Comparison.NOT_EQUAL;
      case NOT_EQUAL -> Comparison.EQUAL;
      case AT_LEAST -> Comparison.LESS;
      case GREATER -> Comparison.AT_MOST;
      case BETWEEN -> Comparison.NOT_BETWEEN;
      case NOT_BETWEEN -> Comparison.BETWEEN;
    };
  }

  /** One conjunct of the outer WHERE or of a join. */
  private void condition(Node node, SqlScope scope, Parts parts) {
    if (node instanceof Compare compare && !isCount(compare)) {
      Optional<Role> link = link(compare, scope);
      if (link.isPresent()) {
        parts.linked.add(link.get());
        return;
      }
      if (observed(compare, scope, parts)) {
        return;
      }
    }
    if (!(node instanceof Or) && !isCounted(node)) {
      Optional<Test> person = personTest(node, scope);
      if (person.isEmpty()) {
        eventCondition(node, scope, parts.events);
        return;
      }
    }
    Group group = group(List.of(node), Group.Kind.ALL, scope);
    parts.rules.add(new Rule(DefinitionWords.of(group, sets), group));
  }

  private static boolean isCount(Compare compare) {
    return compare.left() instanceof Count || compare.right() instanceof Count;
  }

  private static boolean isCounted(Node node) {
    return node instanceof Exists
        || node instanceof Not
        || (node instanceof Compare compare && isCount(compare));
  }

  /** The table that a condition such as {@code p.person_id = e.person_id} brings in. */
  private static Optional<Role> link(Compare compare, SqlScope scope) {
    if (compare.comparison() == Comparison.EQUAL
        && compare.left() instanceof Name left
        && compare.right() instanceof Name right
        && scope.term(left).column().equals("person_id")
        && scope.term(right).column().equals("person_id")) {
      Role one = scope.term(left).role();
      Role other = scope.term(right).role();
      if (one == Role.EVENT) {
        return Optional.of(other);
      }
      if (other == Role.EVENT) {
        return Optional.of(one);
      }
      // p.person_id = o.person_id, where one of them is the event's in turn.
      return Optional.of(one == Role.PERSON ? one : other);
    }
    return Optional.empty();
  }

  /** Days between the event and the ends of its observation period. */
  private static boolean observed(Compare compare, SqlScope scope, Parts parts) {
    Linear difference = Linear.of(compare, scope);
    Optional<Range> before =
        difference.range(scope.start(), SqlScope.PERIOD_START, compare.comparison());
    Optional<Range> after =
        difference.range(SqlScope.PERIOD_END, scope.start(), compare.comparison());
    Optional<Range> range = before.or(() -> after);
    if (range.isEmpty() || scope.isPeriod()) {
      return false;
    }
    // Both name the same two columns only if both are there, so one of them is the right one.
    OptionalInt least = range.get().from();
    if (least.isEmpty() || range.get().to().isPresent() || least.getAsInt() < 0) {
      throw new SqlFault(
          compare.line(),
          "the event starts so many days, 0 or more, after the first day of the observation period"
              + " or before its last.");
    }
    if (before.isPresent()) {
      parts.prior = OptionalInt.of(Math.max(parts.prior.orElse(0), least.getAsInt()));
    } else {
      parts.after = OptionalInt.of(Math.max(parts.after.orElse(0), least.getAsInt()));
    }
    return true;
  }

  /** Conditions of which all or any hold, on persons and on events around the entry event. */
  private Group group(List<Node> nodes, Group.Kind kind, SqlScope scope) {
    List<Correlated> criteria = new ArrayList<>();
    List<Demographic> demographics = new ArrayList<>();
    List<Group> groups = new ArrayList<>();
    for (Node node : nodes) {
      if (node instanceof And and) {
        groups.add(group(and.parts(), Group.Kind.ALL, scope));
      } else if (node instanceof Or or) {
        groups.add(group(or.parts(), Group.Kind.ANY, scope));
      } else if (node instanceof Exists exists) {
        criteria.add(correlated(exists.rows(), scope, Occurrence.AT_LEAST_ONE));
      } else if (node instanceof Not not && not.of() instanceof Exists exists) {
        criteria.add(correlated(exists.rows(), scope, Occurrence.NONE));
      } else if (node instanceof Compare compare && isCount(compare)) {
        counted(compare, scope, criteria, groups);
      } else {
        demographics.add(new Demographic(List.of(indexTest(node, scope))));
      }
    }
    return new Group(kind, 0, criteria, demographics, groups);
  }

  private void counted(
      Compare compare, SqlScope scope, List<Correlated> criteria, List<Group> groups) {
    boolean turned = compare.right() instanceof Count;
    Node other = turned ? compare.left() : compare.right();
    Count count = (Count) (turned ? compare.right() : compare.left());
    long number = SqlSyntax.whole(other);
    Comparison comparison = turned ? turned(compare.comparison()) : compare.comparison();
    long limit =
        comparison == Comparison.GREATER
            ? number + 1
            : comparison == Comparison.LESS ? number - 1 : number;
    if (limit < 0 || limit > 1_000_000) {
      throw new SqlFault(other.line(), "no count is compared with this number.");
    }
    Occurrence.Kind kind =
        switch (comparison) {
          case AT_LEAST, GREATER -> Occurrence.Kind.AT_LEAST;
          case AT_MOST, LESS -> Occurrence.Kind.AT_MOST;
          default -> Occurrence.Kind.EXACTLY;
        };
    SqlScope inner = SqlScope.inside(count.rows(), scope);
    Occurrence.Distinct distinct =
        count.distinct().map(name -> distinct(name, inner)).orElse(Occurrence.Distinct.EVENTS);
    Correlated correlated =
        correlated(count.rows(), scope, new Occurrence(kind, (int) limit, distinct));
    if (comparison == Comparison.NOT_EQUAL) {
      groups.add(new Group(Group.Kind.AT_MOST, 0, List.of(correlated), List.of(), List.of()));
    } else {
      criteria.add(correlated);
    }
  }

  private static Comparison turned(Comparison comparison) {
    return switch (comparison) {
      case LESS -> Comparison.GREATER;
      case AT_MOST -> Comparison.AT_LEAST;
      case AT_LEAST -> Comparison.AT_MOST;
      case GREATER -> Comparison.LESS;
      default -> comparison;
    };
  }

  private static Occurrence.Distinct distinct(Name name, SqlScope scope) {
    Term term = scope.term(name);
    if (term.equals(scope.start())) {
      return Occurrence.Distinct.START_DATES;
    }
    if (term.role() == Role.EVENT && term.column().equals(scope.domain().concept())) {
      return Occurrence.Distinct.CONCEPTS;
    }
    if (term.role() == Role.EVENT && term.column().equals("visit_occurrence_id")) {
      return Occurrence.Distinct.VISITS;
    }
    throw new SqlFault(
        name.line(), "count(DISTINCT ...) takes the concept, the start date or the visit.");
  }

  // ---- events around the entry event -----------------------------------------------------------

  private Correlated correlated(Select select, SqlScope outer, Occurrence occurrence) {
    SqlScope scope = SqlScope.inside(select, outer);
    if (!select.joined().isEmpty() || select.numbering().isPresent()) {
      throw new SqlFault(select.line(), "a query inside another one has one table and no JOIN.");
    }
    Events events = new Events();
    Around around = new Around();
    for (Node node : conjuncts(select.conditions())) {
      if (isCounted(node) || node instanceof Or) {
        throw new SqlFault(
            node.line(),
            "inside EXISTS or a count stand conditions joined by AND: write OR and a further EXISTS"
                + " outside.");
      }
      if (!(node instanceof Compare compare) || !around.take(compare, scope)) {
        eventCondition(node, scope, events);
      }
    }
    if (!around.person) {
      throw new SqlFault(
          select.line(), "events of whom? Add e.person_id = the person_id of the outer table.");
    }
    if (outer.isPeriod() && around.afterFirst && !around.beforeLast) {
      around.fromFirstDay();
    }
    if (around.afterFirst != around.beforeLast) {
      throw new SqlFault(
          select.line(), "an event lies between both ends of the observation period, or anywhere.");
    }
    boolean anywhere = !around.afterFirst;
    if (around.ends.isPresent() && around.starts.isEmpty()) {
      around.starts = Optional.of(Window.ANY);
    }
    return new Correlated(
        events.criterion(scope.domain()),
        around.starts.orElse(Window.ANY),
        around.ends,
        occurrence,
        around.visit,
        anywhere);
  }

  /** How an event lies to the index event. */
  private static final class Around {
    private boolean person;
    private boolean visit;
    private boolean afterFirst;
    private boolean beforeLast;
    private Optional<Window> starts = Optional.empty();
    private Optional<Window> ends = Optional.empty();

    /** Whether the condition is of this kind; then it is kept. */
    boolean take(Compare compare, SqlScope scope) {
      if (compare.comparison() == Comparison.EQUAL
          && compare.left() instanceof Name left
          && compare.right() instanceof Name right
          && scope.term(left).column().equals(scope.term(right).column())) {
        String column = scope.term(left).column();
        boolean across =
            scope.term(left).role() == Role.EVENT ^ scope.term(right).role() == Role.EVENT;
        boolean ofIndex =
            scope.term(left).role() == Role.INDEX || scope.term(right).role() == Role.INDEX;
        if (across && column.equals("person_id")) {
          person = true;
          return true;
        }
        if (across && ofIndex && column.equals("visit_occurrence_id")) {
          visit = true;
          return true;
        }
      }
      Linear difference = Linear.of(compare, scope);
      if (isFromZero(
          difference.range(scope.start(), SqlScope.PERIOD_START, compare.comparison()))) {
        afterFirst = true;
        return true;
      }
      if (isFromZero(difference.range(SqlScope.PERIOD_END, scope.start(), compare.comparison()))) {
        beforeLast = true;
        return true;
      }
      for (Term day : scope.days()) {
        for (Term index : scope.indexDays()) {
          Optional<Range> range = difference.range(day, index, compare.comparison());
          if (range.isPresent()) {
            boolean byEnd = scope.end().isPresent() && day.equals(scope.end().get());
            boolean fromEnd = !index.column().equals(scope.indexDays().get(0).column());
            Optional<Window> known = byEnd ? ends : starts;
            Window narrowed = narrowed(known, range.get(), fromEnd, byEnd, compare);
            if (byEnd) {
              ends = Optional.of(narrowed);
            } else {
              starts = Optional.of(narrowed);
            }
            return true;
          }
        }
      }
      return false;
    }

    /** The outer event is the period itself, whose first day is an index date like any other. */
    void fromFirstDay() {
      Window known = starts.orElse(Window.ANY);
      int later = Math.max(known.from().days().orElse(0), 0);
      starts = Optional.of(new Window(Bound.of(later), known.to(), known.fromIndexEnd(), false));
      afterFirst = known.fromIndexEnd();
    }

    private static boolean isFromZero(Optional<Range> range) {
      return range.isPresent()
          && range.get().to().isEmpty()
          && range.get().from().equals(OptionalInt.of(0));
    }

    private static Window narrowed(
        Optional<Window> known, Range range, boolean fromEnd, boolean byEnd, Compare compare) {
      if (known.isPresent() && known.get().fromIndexEnd() != fromEnd) {
        throw new SqlFault(
            compare.line(), "one date is counted both from the outer event's start and its end.");
      }
      Bound from = known.map(Window::from).orElse(Bound.allBefore());
      Bound to = known.map(Window::to).orElse(Bound.allAfter());
      if (range.from().isPresent()) {
        int later = Math.max(from.days().orElse(-MAX_DAYS), range.from().getAsInt());
        from = Bound.of(later);
      }
      if (range.to().isPresent()) {
        int earlier = Math.min(to.days().orElse(MAX_DAYS), range.to().getAsInt());
        to = Bound.of(earlier);
      }
      return new Window(from, to, fromEnd, byEnd);
    }
  }

  // ---- one event -------------------------------------------------------------------------------

  /** A condition on an event by itself: its concept, its columns, its person. */
  private void eventCondition(Node node, SqlScope scope, Events events) {
    Optional<Term> column = column(node, scope);
    boolean concept =
        column.isPresent()
            && column.get().role() == Role.EVENT
            && column.get().column().equals(scope.domain().concept());
    boolean source =
        column.isPresent()
            && column.get().role() == Role.EVENT
            && scope.domain().sourceConcept().equals(Optional.of(column.get().column()));
    if (concept || source) {
      OptionalInt there = concept ? events.concepts : events.sources;
      OptionalInt set = OptionalInt.of(conceptSet(node, there));
      if (concept) {
        events.concepts = set;
      } else {
        events.sources = set;
      }
      return;
    }
    events.tests.add(
        test(node, scope)
            .orElseThrow(
                () ->
                    new SqlFault(
                        node.line(),
                        "this condition is not understood; COHORTS.md lists those that are.")));
  }

  private static Optional<Term> column(Node node, SqlScope scope) {
    Node left =
        node instanceof Compare compare
            ? compare.left()
            : node instanceof Among among
                ? among.left()
                : node instanceof InConcepts in
                    ? in.left()
                    : node instanceof Like like ? like.left() : node;
    return left instanceof Name name ? Optional.of(scope.term(name)) : Optional.empty();
  }

  private int conceptSet(Node node, OptionalInt there) {
    boolean not =
        node instanceof Among among
            ? among.not()
            : node instanceof InConcepts in
                ? in.not()
                : !(node instanceof Compare compare && compare.comparison() == Comparison.EQUAL);
    if (not != there.isPresent()) {
      throw new SqlFault(
          node.line(), "a concept is = or IN some, once, and AND NOT IN others after that.");
    }
    List<Item> items = new ArrayList<>();
    String name = "";
    if (node instanceof InConcepts in) {
      items.addAll(in.items());
      name = in.name();
    } else if (node instanceof Among among) {
      among.values().forEach(value -> items.add(item(value)));
    } else if (node instanceof Compare compare) {
      items.add(item(compare.right()));
    } else {
      throw new SqlFault(node.line(), "a concept is compared by = or IN.");
    }
    if (!not) {
      return add(name, items);
    }
    if (items.stream().anyMatch(Item::excluded)) {
      throw new SqlFault(node.line(), "NOT IN takes concepts without EXCEPT.");
    }
    List<Item> both = new ArrayList<>(set(there.getAsInt()).items());
    items.forEach(item -> both.add(new Item(item.concept(), true, item.descendants(), false)));
    return add("", both);
  }

  private static Item item(Node value) {
    return new Item(SqlSyntax.whole(value), false, false, false);
  }

  private ConceptSet set(int number) {
    return sets.stream().filter(set -> set.number() == number).findFirst().orElseThrow();
  }

  private int add(String name, List<Item> items) {
    for (ConceptSet set : sets) {
      if (set.items().equals(items) && (name.isEmpty() || set.name().equals(name))) {
        return set.number();
      }
    }
    int number = sets.size();
    String words =
        String.join(
            ", ",
            items.stream()
                .limit(5)
                .map(item -> (item.excluded() ? "not " : "") + item.concept())
                .toList());
    String more = items.size() > 5 ? ", ..." : "";
    String unique = name.isEmpty() ? words + more : name;
    boolean taken = sets.stream().anyMatch(set -> set.name().equals(unique));
    sets.add(new ConceptSet(number, taken ? unique + " (" + number + ")" : unique, items));
    return number;
  }

  /** A test of the person at the entry event: age, sex, race, ethnicity. */
  private Optional<Test> personTest(Node node, SqlScope scope) {
    return test(node, scope)
        .filter(
            test ->
                switch (test.attribute()) {
                  case AGE_AT_START, GENDER, RACE, ETHNICITY -> true;
                  default -> false;
                });
  }

  /** The same, or of its dates. */
  private Test indexTest(Node node, SqlScope scope) {
    Optional<Test> test = test(node, scope);
    boolean ofDates =
        test.map(Test::attribute)
            .filter(each -> each == Attribute.START || each == Attribute.END)
            .isPresent();
    if (ofDates || personTest(node, scope).isPresent()) {
      return test.get();
    }
    throw new SqlFault(
        node.line(),
        "under OR stand EXISTS, counts, age, sex, race, ethnicity and the event's dates; a condition"
            + " on another column of the event does not.");
  }

  private Optional<Test> test(Node node, SqlScope scope) {
    Optional<Attribute> attribute = column(node, scope).flatMap(scope::attribute);
    if (attribute.isPresent() && attribute.get().kind() == Attribute.Kind.CONCEPT) {
      return Optional.of(conceptTest(node, attribute.get()));
    }
    if (attribute.isPresent() && attribute.get().kind() == Attribute.Kind.TEXT) {
      return Optional.of(textTest(node, attribute.get()));
    }
    if (!(node instanceof Compare compare)) {
      return Optional.empty();
    }
    Linear difference = Linear.of(compare, scope);
    for (Attribute each : scope.numbers()) {
      Term plus = scope.plus(each);
      Optional<Term> minus = scope.minus(each);
      Optional<Compared> found = difference.test(each, plus, minus, compare.comparison());
      if (found.isPresent()) {
        return found.map(test -> test);
      }
    }
    return calendarYear(difference, scope, compare);
  }

  /** {@code year(start) >= 2010} is a condition on the start. */
  private static Optional<Test> calendarYear(Linear difference, SqlScope scope, Compare compare) {
    Term year = new Term(Role.EVENT, scope.domain().start(), true);
    Optional<Range> range = difference.range(year, null, compare.comparison());
    if (range.isEmpty()) {
      return Optional.empty();
    }
    OptionalInt from = range.get().from();
    OptionalInt to = range.get().to();
    double first = from.isPresent() ? LocalDate.of(from.getAsInt(), 1, 1).toEpochDay() : 0;
    double last = to.isPresent() ? LocalDate.of(to.getAsInt(), 12, 31).toEpochDay() : 0;
    return Optional.of(
        from.isEmpty()
            ? new Compared(Attribute.START, Comparison.AT_MOST, last, 0)
            : to.isEmpty()
                ? new Compared(Attribute.START, Comparison.AT_LEAST, first, 0)
                : new Compared(Attribute.START, Comparison.BETWEEN, first, last));
  }

  private Test conceptTest(Node node, Attribute attribute) {
    if (node instanceof InConcepts in) {
      return new InSet(attribute, add(in.name(), in.items()), in.not());
    }
    if (node instanceof Among among) {
      return new OneOf(
          attribute,
          new HashSet<>(among.values().stream().map(SqlSyntax::whole).toList()),
          among.not());
    }
    if (node instanceof Compare compare
        && (compare.comparison() == Comparison.EQUAL
            || compare.comparison() == Comparison.NOT_EQUAL)) {
      return new OneOf(
          attribute,
          Set.of(SqlSyntax.whole(compare.right())),
          compare.comparison() == Comparison.NOT_EQUAL);
    }
    throw new SqlFault(node.line(), "a concept is compared by =, <> or IN.");
  }

  private static Test textTest(Node node, Attribute attribute) {
    if (node instanceof Compare compare && compare.right() instanceof Text text) {
      boolean not = compare.comparison() == Comparison.NOT_EQUAL;
      if (not || compare.comparison() == Comparison.EQUAL) {
        return new Worded(attribute, Wording.EQUALS, text.text(), not);
      }
    }
    if (node instanceof Like like) {
      String pattern = like.pattern();
      boolean before = pattern.startsWith("%");
      boolean after = pattern.endsWith("%") && pattern.length() > 1;
      String inside = pattern.substring(before ? 1 : 0, pattern.length() - (after ? 1 : 0));
      if (!inside.contains("%") && !inside.contains("_") && !inside.contains("\\")) {
        Wording wording =
            before && after
                ? Wording.CONTAINS
                : before ? Wording.ENDS_WITH : after ? Wording.STARTS_WITH : Wording.EQUALS;
        return new Worded(attribute, wording, inside, like.not());
      }
    }
    throw new SqlFault(
        node.line(), "a text is compared by =, <>, or LIKE with a percent sign at its ends only.");
  }

  private static int days(Node at, double days) {
    if (days != Math.rint(days) || Math.abs(days) > MAX_DAYS) {
      throw new SqlFault(at.line(), "a number of days is whole and at most " + MAX_DAYS + ".");
    }
    return (int) days;
  }

  /** Whole numbers from and to, an empty end is open. */
  private record Range(OptionalInt from, OptionalInt to) {}

  /** Left minus right of a comparison: terms with a sign, and a number. */
  private record Linear(int line, List<Term> plus, List<Term> minus, double constant) {
    static Linear of(Compare compare, SqlScope scope) {
      Linear linear = new Linear(compare.line(), new ArrayList<>(), new ArrayList<>(), 0);
      return linear.with(compare.left(), false, scope).with(compare.right(), true, scope);
    }

    static Linear of(Node node, SqlScope scope) {
      return new Linear(node.line(), new ArrayList<>(), new ArrayList<>(), 0)
          .with(node, false, scope);
    }

    private Linear with(Node node, boolean negative, SqlScope scope) {
      if (node instanceof SqlSyntax.Sum sum) {
        return with(sum.left(), negative, scope).with(sum.right(), negative ^ sum.minus(), scope);
      }
      double value = constant;
      if (node instanceof SqlSyntax.Numeric number) {
        value += negative ? -number.value() : number.value();
      } else if (node instanceof SqlSyntax.Day day) {
        value += negative ? -day.day() : day.day();
      } else if (node instanceof Text text) {
        long day = SqlSyntax.day(text.line(), text.text()).day();
        value += negative ? -day : day;
      } else {
        Term term = scope.termOf(node);
        List<Term> own = negative ? minus : plus;
        List<Term> other = negative ? plus : minus;
        if (!other.remove(term)) {
          own.add(term);
        }
      }
      return new Linear(line, plus, minus, value);
    }

    boolean isTerm(Term term) {
      return plus.equals(List.of(term)) && minus.isEmpty();
    }

    private boolean is(Term one, Term other) {
      List<Term> none = List.of();
      return plus.equals(one == null ? none : List.of(one))
          && minus.equals(other == null ? none : List.of(other));
    }

    /** What {@code one - other} is compared with, if that is what stands there. */
    private Optional<Compared> against(
        Attribute attribute, Term one, Term other, Comparison comparison) {
      if (is(one, other)) {
        return Optional.of(new Compared(attribute, comparison, 0 - constant, 0));
      }
      return is(other, one)
          ? Optional.of(new Compared(attribute, turned(comparison), constant + 0.0, 0))
          : Optional.empty();
    }

    Optional<Compared> test(
        Attribute attribute, Term plus, Optional<Term> minus, Comparison comparison) {
      return against(attribute, plus, minus.orElse(null), comparison);
    }

    /** In which range {@code one - other} lies; the second may be null. */
    Optional<Range> range(Term one, Term other, Comparison comparison) {
      Optional<Compared> found = against(Attribute.LENGTH, one, other, comparison);
      if (found.isEmpty()) {
        return Optional.empty();
      }
      int value = days(new SqlSyntax.Numeric(line, 0), found.get().low());
      return Optional.of(
          switch (found.get().comparison()) {
            case LESS -> new Range(OptionalInt.empty(), OptionalInt.of(value - 1));
            case AT_MOST -> new Range(OptionalInt.empty(), OptionalInt.of(value));
            case EQUAL -> new Range(OptionalInt.of(value), OptionalInt.of(value));
            case AT_LEAST -> new Range(OptionalInt.of(value), OptionalInt.empty());
            case GREATER -> new Range(OptionalInt.of(value + 1), OptionalInt.empty());
            default -> throw new SqlFault(line, "<> does not stand between two dates.");
          });
    }
  }
}
