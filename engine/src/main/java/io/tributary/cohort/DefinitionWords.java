package io.tributary.cohort;

import io.tributary.cohort.CohortDefinition.Bound;
import io.tributary.cohort.CohortDefinition.Compared;
import io.tributary.cohort.CohortDefinition.Comparison;
import io.tributary.cohort.CohortDefinition.ConceptSet;
import io.tributary.cohort.CohortDefinition.Correlated;
import io.tributary.cohort.CohortDefinition.Criterion;
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
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/** A definition in sentences, for whoever decides about it. */
public final class DefinitionWords {
  private final List<ConceptSet> sets;

  private DefinitionWords(List<ConceptSet> sets) {
    this.sets = sets;
  }

  /** One line a part. */
  public static List<String> of(CohortDefinition definition) {
    return new DefinitionWords(definition.conceptSets()).lines(definition);
  }

  static String of(Group group, List<ConceptSet> sets) {
    return new DefinitionWords(sets).group(group);
  }

  private List<String> lines(CohortDefinition definition) {
    List<String> lines = new ArrayList<>();
    lines.add("Cohort: " + definition.name());
    lines.add("Entry: " + entry(definition));
    definition.additional().ifPresent(group -> lines.add("  with " + group(group)));
    if (definition.additional().isPresent() && definition.qualifiedLimit() != Limit.ALL) {
      lines.add("  of these the " + definition.qualifiedLimit().name().toLowerCase(Locale.ROOT));
    }
    int number = 1;
    for (Rule rule : definition.rules()) {
      lines.add("Rule " + number++ + " (" + rule.name() + "): " + group(rule.group()));
    }
    lines.add(
        "Kept: "
            + (definition.limit() == Limit.ALL
                ? "all such events"
                : "the "
                    + definition.limit().name().toLowerCase(Locale.ROOT)
                    + " such event of each person"));
    lines.add("Exit: " + exit(definition.exit()));
    for (Criterion criterion : definition.censoring()) {
      lines.add("  or earlier at " + criterion(criterion));
    }
    if (definition.collapseDays() > 0) {
      lines.add("Spells at most " + definition.collapseDays() + " days apart are one.");
    }
    definition.notBefore().ifPresent(day -> lines.add("No day before " + date(day) + "."));
    definition.notAfter().ifPresent(day -> lines.add("No day after " + date(day) + "."));
    for (Covariate covariate : definition.covariates()) {
      lines.add("Covariate " + covariate.name() + ": " + covariate(covariate));
    }
    for (ConceptSet set : definition.conceptSets()) {
      lines.add("Concepts " + named(set) + ": " + items(set));
    }
    return lines;
  }

  private String entry(CohortDefinition definition) {
    List<String> events =
        definition.entry().criteria().stream().map(this::criterion).distinct().toList();
    String limit =
        definition.entry().limit() == Limit.ALL
            ? ""
            : "the "
                + definition.entry().limit().name().toLowerCase(Locale.ROOT)
                + " of each person: ";
    String observed =
        "observed "
            + definition.entry().priorDays()
            + " days before and "
            + definition.entry().postDays()
            + " days after";
    return limit + String.join(", or ", events) + "; " + observed;
  }

  private static String named(ConceptSet set) {
    return "'" + set.name() + "'";
  }

  private static String items(ConceptSet set) {
    if (set.items().isEmpty()) {
      return "none";
    }
    List<String> items = new ArrayList<>();
    for (Item item : set.items().stream().limit(50).toList()) {
      items.add(
          (item.excluded() ? "not " : "")
              + item.concept()
              + (item.descendants() ? " with descendants" : "")
              + (item.mapped() ? " with mapped" : ""));
    }
    String more = set.items().size() > 50 ? ", and " + (set.items().size() - 50) + " more" : "";
    return String.join(", ", items) + more;
  }

  private String concepts(OptionalInt number) {
    if (number.isEmpty()) {
      return "any concept";
    }
    return set(number.getAsInt());
  }

  private String set(int number) {
    for (ConceptSet set : sets) {
      if (set.number() == number) {
        return named(set);
      }
    }
    return "set " + number;
  }

  private String criterion(Criterion criterion) {
    StringBuilder words = new StringBuilder();
    words.append(criterion.first() ? "the first " : "").append(criterion.domain().words());
    words.append(" of ").append(concepts(criterion.concepts()));
    if (criterion.sourceConcepts().isPresent()) {
      words.append(" from source ").append(concepts(criterion.sourceConcepts()));
    }
    criterion.tests().forEach(test -> words.append(", ").append(test(test)));
    criterion
        .shift()
        .ifPresent(
            shift ->
                words
                    .append(", its dates moved to ")
                    .append(shift.startFromEnd() ? "end" : "start")
                    .append(signed(shift.startDays()))
                    .append(" and ")
                    .append(shift.endFromStart() ? "start" : "end")
                    .append(signed(shift.endDays())));
    criterion.correlated().ifPresent(group -> words.append(", around it ").append(group(group)));
    return words.toString();
  }

  private static String signed(int days) {
    return days == 0 ? "" : days > 0 ? " + " + days + " days" : " - " + -days + " days";
  }

  private String test(Test test) {
    String name = test.attribute().words();
    if (test instanceof Compared compared) {
      boolean date = test.attribute().kind() == Attribute.Kind.DATE;
      boolean two =
          compared.comparison() == Comparison.BETWEEN
              || compared.comparison() == Comparison.NOT_BETWEEN;
      String low = date ? date((long) compared.low()) : plain(compared.low());
      String high = date ? date((long) compared.high()) : plain(compared.high());
      return name + " " + compared.comparison().words() + " " + low + (two ? " and " + high : "");
    }
    if (test instanceof OneOf oneOf) {
      List<String> ids = oneOf.concepts().stream().sorted().map(String::valueOf).toList();
      return name + (oneOf.not() ? " not" : "") + " among " + String.join(", ", ids);
    }
    if (test instanceof InSet inSet) {
      return name + (inSet.not() ? " not" : "") + " in " + set(inSet.set());
    }
    Worded worded = (Worded) test;
    String how = worded.wording().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return name + (worded.not() ? " not " : " ") + how + " '" + worded.text() + "'";
  }

  private static String plain(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? String.valueOf((long) value)
        : String.valueOf(value);
  }

  private static String date(long day) {
    return LocalDate.ofEpochDay(day).toString();
  }

  private String group(Group group) {
    List<String> parts = new ArrayList<>();
    group.criteria().forEach(each -> parts.add(correlated(each)));
    group
        .demographics()
        .forEach(
            each ->
                parts.add(String.join(" and ", each.tests().stream().map(this::test).toList())));
    group.groups().forEach(each -> parts.add("(" + group(each) + ")"));
    if (parts.isEmpty()) {
      return "no condition";
    }
    return switch (group.kind()) {
      case ALL -> String.join("; and ", parts);
      case ANY -> String.join("; or ", parts);
      case AT_LEAST -> "at least " + group.count() + " of: " + String.join("; ", parts);
      case AT_MOST ->
          (group.count() == 0 ? "none of: " : "at most " + group.count() + " of: ")
              + String.join("; ", parts);
    };
  }

  private String correlated(Correlated correlated) {
    Occurrence occurrence = correlated.occurrence();
    String count =
        switch (occurrence.kind()) {
          case EXACTLY -> "exactly ";
          case AT_MOST -> "at most ";
          case AT_LEAST -> "at least ";
        };
    String distinct =
        switch (occurrence.distinct()) {
          case EVENTS -> " x ";
          case CONCEPTS -> " different concepts of ";
          case START_DATES -> " different start dates of ";
          case VISITS -> " different visits with ";
        };
    StringBuilder words =
        new StringBuilder(count)
            .append(occurrence.count())
            .append(distinct)
            .append(criterion(correlated.criterion()))
            .append(", ")
            .append(window(correlated.start()));
    correlated.end().ifPresent(window -> words.append(", ").append(window(window)));
    if (correlated.sameVisit()) {
      words.append(", in the same visit");
    }
    if (correlated.ignorePeriod()) {
      words.append(", also outside the observation period");
    }
    return words.toString();
  }

  /** What a covariate is, in words. */
  public static String of(CohortDefinition definition, Covariate covariate) {
    return new DefinitionWords(definition.conceptSets()).covariate(covariate);
  }

  private String covariate(Covariate covariate) {
    Correlated events = covariate.events();
    StringBuilder words = new StringBuilder(taken(covariate.take()));
    words.append(criterion(events.criterion())).append(", ").append(window(events.start()));
    events.end().ifPresent(window -> words.append(", ").append(window(window)));
    if (events.ignorePeriod()) {
      words.append(", also outside the observation period");
    }
    if (!covariate.units().isEmpty()) {
      List<String> units = covariate.units().stream().sorted().map(String::valueOf).toList();
      words.append(", in units ").append(String.join(", ", units));
      words.append(covariate.leavesOthers() ? ", others left out" : ", others are errors");
    }
    return words.toString();
  }

  private static String taken(Covariate.Take take) {
    return switch (take) {
      case PRESENCE -> "any ";
      case EVENTS -> "number of events: ";
      case DATES -> "number of different days: ";
      case CONCEPTS -> "number of different concepts: ";
      case VISITS -> "number of different visits: ";
      case DAYS -> "days from the index date to the first event: ";
      case COVERED -> "number of different days covered by: ";
      case FIRST, LAST, MEAN, LEAST, GREATEST -> take.word() + " value: ";
    };
  }

  private static String window(Window window) {
    return (window.eventEnd() ? "ending " : "starting ")
        + bound(window.from())
        + " to "
        + bound(window.to())
        + (window.fromIndexEnd() ? " from the index event's end" : " from the index date");
  }

  private static String bound(Bound bound) {
    return bound.days().isPresent()
        ? bound.days().getAsInt() + " days"
        : bound.before() ? "any time before" : "any time after";
  }

  private static String exit(Exit exit) {
    if (exit instanceof Exit.After after) {
      return after.days()
          + " days after the entry event's "
          + (after.fromEnd() ? "end" : "start")
          + ", at the latest with the observation period";
    }
    if (exit instanceof Exit.Exposure exposure) {
      return "with the run of exposures, gaps up to "
          + exposure.gapDays()
          + " days, plus "
          + exposure.offsetDays()
          + " days";
    }
    return "with the observation period";
  }
}
