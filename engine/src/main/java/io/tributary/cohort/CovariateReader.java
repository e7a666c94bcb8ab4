package io.tributary.cohort;

import io.tributary.cohort.CohortDefinition.Correlated;
import io.tributary.cohort.CohortDefinition.Occurrence;
import io.tributary.cohort.Covariate.Take;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Covariates of a study, each an EVENT of the short form with a window and what is taken.
 *
 * <pre>
 *   bled_before: {condition: bleed, window: [-365d, -1d]}            # 1 or 0
 *   conditions:  {condition: any, window: [all, -1d], take: concepts}
 *   hba1c:       {measurement: [3004410], window: [-365d, 0d], take: last, unit: 8554}
 *   bleed_day:   {condition: bleed, window: [0d, all], take: days}
 * </pre>
 */
final class CovariateReader {
  /** As many as columns of a model, and far less than what a plan carries. */
  static final int MAX_COVARIATES = 500;

  private final CohortDefinition definition;
  private final ShortFormReader reader;

  CovariateReader(CohortDefinition definition) {
    this.definition = definition;
    this.reader = new ShortFormReader(definition.conceptSets());
  }

  CohortDefinition read(Place places) {
    List<Covariate> covariates = new ArrayList<>();
    for (String name : places.keys()) {
      Place place = places.required(name);
      if (place.isObject()) {
        covariates.add(covariate(name, place));
      } else {
        place.wrong("expected an event such as {condition: 192671, window: [-365d, 0d]}.");
      }
    }
    if (covariates.size() > MAX_COVARIATES) {
      places.wrong("there are more than " + MAX_COVARIATES + " covariates.");
    }
    return definition.with(reader.sets(), covariates);
  }

  private Covariate covariate(String name, Place place) {
    Take take = place.member("take").map(CovariateReader::take).orElse(Take.PRESENCE);
    Set<Long> units = new HashSet<>();
    boolean leavesOthers = false;
    if (take.isValue()) {
      units.addAll(units(place));
      leavesOthers = leavesOthers(place);
    }
    place.required("window");
    Correlated events = reader.correlated(place);
    if (events.sameVisit()) {
      place.wrong("a spell has no visit.");
    }
    if (!events.occurrence().equals(Occurrence.AT_LEAST_ONE)) {
      place.wrong("counts are asked for by 'take'.");
    }
    if (take.isValue() && !events.criterion().domain().has(Attribute.VALUE)) {
      place.wrong("only measurements and observations have values to take.");
    }
    place.end();
    return new Covariate(name, events, take, units, leavesOthers);
  }

  private static Take take(Place place) {
    List<String> words = new ArrayList<>();
    for (Take take : Take.values()) {
      if (take.word().equals(place.scalar())) {
        return take;
      }
      words.add(take.word());
    }
    place.wrong("expected one of " + String.join(", ", words) + ".");
    return Take.PRESENCE;
  }

  /** Values in two units make no mean, at one site or over all. */
  private static Set<Long> units(Place place) {
    Optional<Place> unit = place.member("unit");
    Set<Long> units = new HashSet<>();
    if (unit.isEmpty()) {
      place.wrong("name the unit's concept under 'unit', or write unit: any.");
    } else if (unit.get().isArray()) {
      unit.get().elements().forEach(each -> units.add(each.whole()));
    } else if (!unit.get().isTextual() || !unit.get().text().equals("any")) {
      units.add(unit.get().whole());
    }
    return units;
  }

  private static boolean leavesOthers(Place place) {
    Optional<Place> others = place.member("other units");
    if (others.isEmpty()) {
      return false;
    }
    boolean leaves = others.get().scalar().equals("leave out");
    if (!leaves && !others.get().scalar().equals("refuse")) {
      others.get().wrong("expected refuse or leave out.");
    }
    return leaves;
  }
}
