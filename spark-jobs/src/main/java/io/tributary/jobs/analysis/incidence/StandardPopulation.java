package io.tributary.jobs.analysis.incidence;

import io.tributary.jobs.analysis.Field;
import io.tributary.jobs.analysis.Job;
import io.tributary.jobs.analysis.Options;
import io.tributary.jobs.analysis.Reals;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The age structure that rates are standardised to.
 *
 * @param ages the column, whose levels are in order
 * @param weights persons of the standard at each level, 0 or more
 */
record StandardPopulation(Field ages, Reals weights) {
  private static final List<String> TENS =
      List.of(
          "0 - 9", "10 - 19", "20 - 29", "30 - 39", "40 - 49", "50 - 59", "60 - 69", "70 - 79",
          "80 - 89", "90 - 99", "100 -");

  /** Ahmad et al. 2001, table 4, in percent, fives added up. */
  private static final Reals WHO =
      Reals.of(17.55, 17.07, 16.15, 14.76, 12.63, 9.92, 6.68, 3.73, 1.35, 0.19, 0.005);

  /** Eurostat 2013, annex F; 95 and older stand at 90 to 99. */
  private static final Reals EUROPE =
      Reals.of(10500, 11000, 12000, 13500, 14000, 13500, 11500, 9000, 4000, 1000, 0);

  private static final Map<String, Reals> NAMED = Map.of("who-2000", WHO, "esp-2013", EUROPE);

  /** Reads {@code standardise}, a column, and {@code population}, a name or weights by level. */
  static Optional<StandardPopulation> of(Job job, Options options) {
    Optional<String> column = options.text("standardise");
    if (column.isEmpty()) {
      if (options.has("population")) {
        throw options.refuse("population", "stands without standardise", "the column of ages");
      }
      return Optional.empty();
    }
    Field ages = Field.requireCategory(job.study(), job.name(), column.get());
    Object population = options.all().get("population");
    String allowed = "who-2000, esp-2013, or a weight for levels of '" + ages.column() + "'";
    if (population instanceof String name) {
      if (!NAMED.containsKey(name) || !ages.levels().equals(TENS)) {
        throw options.refuse(
            "population",
            NAMED.containsKey(name) ? "needs ages of ten years" : "is '" + name + "'",
            NAMED.containsKey(name) ? "column age_group as it is" : allowed);
      }
      return Optional.of(new StandardPopulation(ages, NAMED.get(name)));
    }
    if (!(population instanceof Map<?, ?> map) || map.isEmpty()) {
      throw options.refuse("population", "is no population", allowed);
    }
    double[] weights = new double[ages.levels().size()];
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      int level = ages.levels().indexOf(String.valueOf(entry.getKey()));
      boolean weight =
          entry.getValue() instanceof Number number
              && number.doubleValue() > 0
              && Double.isFinite(number.doubleValue());
      if (level < 0 || !weight) {
        throw options.refuse(
            "population",
            level < 0 ? "names '" + entry.getKey() + "'" : "has a weight that is not above 0",
            level < 0 ? String.join(", ", ages.levels()) : "numbers above 0");
      }
      weights[level] = ((Number) entry.getValue()).doubleValue();
    }
    return Optional.of(new StandardPopulation(ages, Reals.of(weights)));
  }

  int levels() {
    return ages.levels().size();
  }
}
