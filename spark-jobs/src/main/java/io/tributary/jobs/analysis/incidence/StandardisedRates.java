package io.tributary.jobs.analysis.incidence;

import io.tributary.jobs.analysis.incidence.Strata.Stratum;
import io.tributary.jobs.probability.ExactIntervals;
import io.tributary.jobs.probability.ExactIntervals.Limits;
import java.util.ArrayList;
import java.util.List;

/** Direct standardisation over ages that are joined until no rate rests on a handful. */
final class StandardisedRates {
  private final StandardPopulation standard;
  private final IncidenceResult result;
  private final int least;
  private final List<Band> bands;

  /**
   * Rates of a result.
   *
   * @param strata that must have enough in each band if they can
   * @param least fewest persons with and without an event in a band
   */
  StandardisedRates(
      StandardPopulation standard, IncidenceResult result, List<Stratum> strata, int least) {
    this.standard = standard;
    this.result = result;
    this.least = least;
    List<Band> each = joined(strata);
    List<Integer> all = strata.stream().flatMap(one -> one.members().stream()).distinct().toList();
    this.bands =
        each.isEmpty() ? joined(List.of(new Stratum(0, List.of(), all))) : List.copyOf(each);
  }

  /** Neighbouring levels, from the first to before the last; of some share of the standard. */
  record Band(int from, int to, double share) {}

  /** A rate a day, with its limits. */
  record Rate(double value, Limits limits) {}

  /** None if not even all persons together have enough. */
  List<Band> bands() {
    return bands;
  }

  private List<Band> joined(List<Stratum> strata) {
    List<int[]> runs = new ArrayList<>();
    int from = 0;
    for (int level = 0; level < standard.levels(); level++) {
      int start = from;
      int to = level + 1;
      if (weight(start, to) > 0
          && strata.stream().allMatch(stratum -> enough(stratum, start, to))) {
        runs.add(new int[] {start, to});
        from = to;
      }
    }
    if (runs.isEmpty()) {
      return List.of();
    }
    // Who is left over at the end joins the last ones.
    runs.get(runs.size() - 1)[1] = standard.levels();
    double all = weight(0, standard.levels());
    return runs.stream()
        .map(run -> new Band(run[0], run[1], weight(run[0], run[1]) / all))
        .toList();
  }

  private double weight(int from, int to) {
    double weight = 0;
    for (int level = from; level < to; level++) {
      weight += standard.weights().at(level);
    }
    return weight;
  }

  private boolean enough(Stratum stratum, int from, int to) {
    long events = sum(result.events(), stratum, from, to);
    long free = sum(result.atRisk(), stratum, from, to) - events;
    return events >= least && free >= least;
  }

  /** Persons of ages that the standard lacks are in no rate. */
  private long sum(io.tributary.jobs.analysis.Counts counts, Stratum stratum, int from, int to) {
    long sum = 0;
    for (int group : stratum.members()) {
      for (int level = from; level < to; level++) {
        if (standard.weights().at(level) > 0) {
          sum += counts.at(group * standard.levels() + level);
        }
      }
    }
    return sum;
  }

  /** Whether every band of a stratum has enough. */
  boolean has(Stratum stratum) {
    return !bands.isEmpty()
        && bands.stream().allMatch(band -> enough(stratum, band.from(), band.to()));
  }

  /** The rate of a stratum that {@link #has} enough. */
  Rate of(Stratum stratum, double confidence) {
    double rate = 0;
    double variance = 0;
    double most = 0;
    for (Band band : bands) {
      double weight = band.share() / sum(result.days(), stratum, band.from(), band.to());
      long events = sum(result.events(), stratum, band.from(), band.to());
      rate += weight * events;
      variance += weight * weight * events;
      most = Math.max(most, weight);
    }
    return new Rate(rate, ExactIntervals.weightedPoisson(rate, variance, most, confidence));
  }
}
