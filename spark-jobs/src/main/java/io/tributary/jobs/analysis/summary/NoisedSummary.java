package io.tributary.jobs.analysis.summary;

import io.tributary.analysis.Partial;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.jobs.analysis.Field;
import io.tributary.jobs.analysis.GroupedReader;
import io.tributary.jobs.analysis.Grouping;
import io.tributary.jobs.analysis.Job;
import io.tributary.jobs.analysis.NoisedJob;
import io.tributary.jobs.analysis.NoisedOnce;
import io.tributary.jobs.analysis.NoisedSums;
import io.tributary.jobs.analysis.OneSum;
import io.tributary.jobs.analysis.Options;
import io.tributary.privacy.Demand;
import io.tributary.privacy.NoisePlan;
import io.tributary.privacy.NoisePlan.SlotNoise;
import io.tributary.report.AnalysisReport;
import io.tributary.study.Errors;
import io.tributary.study.Rho;
import java.util.ArrayList;
import java.util.List;

/** Noised counts, moments and quantiles of columns, by group; see the package's card. */
public final class NoisedSummary implements NoisedOnce {
  static final String PERSONS = "persons";
  static final String SUMS = "sums";
  static final String SQUARES = "squares";
  static final String BINS = "bins";
  static final String LEVELS = "levels";

  /** Parts of a declared range in which persons are counted for quantiles. */
  static final int PARTS = 32;

  private final NoisedJob noised;
  private final Grouping grouping;
  private final List<Field> numbers = new ArrayList<>();
  private final List<Field> categories = new ArrayList<>();
  private final double[] probabilities;
  private final double confidence;
  private final NoisePlan plan;

  private NoisedSummary(Job job, Options options) {
    this.noised = NoisedJob.of(job);
    this.grouping = Grouping.of(job, options);
    this.confidence = options.between("confidence", 0.95, 0, 1);
    List<String> columns = options.names("columns");
    if (columns.isEmpty()) {
      throw options.refuse("columns", "is missing", "a column name, or a list of them");
    }
    for (String column : columns) {
      Field field = Field.of(job.study(), job.name(), column);
      if (!field.isCategory() && !field.hasRange()) {
        throw Errors.badOption(
            job.name(),
            "the column '"
                + column
                + "' has no declared range, so nothing bounds what a person adds.",
            "columns with columns.NAME.range or levels");
      }
      (field.isCategory() ? categories : numbers).add(field);
    }
    this.probabilities = options.numbers("quantiles", 0.25, 0.5, 0.75);
    for (double probability : probabilities) {
      if (!(probability > 0 && probability < 1)) {
        throw options.refuse("quantiles", "holds " + probability, "numbers above 0 and below 1");
      }
    }
    this.plan = noised.plan(slots());
  }

  /** Reads the options {@code columns}, {@code by}, {@code quantiles} and {@code confidence}. */
  public static NoisedSummary of(Job job) {
    return new NoisedSummary(
        job, Options.of(job.spec(), "columns", "by", "quantiles", "confidence"));
  }

  /**
   * A person adds one entry for each column, each at most 1 after centring and scaling by its
   * range, so every slot has norm sqrt(columns). Numbers and categories share the cost evenly;
   * counts, sums, squares and bins have 2, 2, 1 and 3 parts of the numbers' share.
   */
  private List<SlotNoise> slots() {
    List<SlotNoise> slots = new ArrayList<>();
    int groups = grouping.groups();
    boolean both = !numbers.isEmpty() && !categories.isEmpty();
    Rho half = both ? noised.rho().dividedBy(2) : noised.rho();
    if (!numbers.isEmpty()) {
      int size = numbers.size() * groups;
      double norm = norm(numbers.size());
      Rho part = half.dividedBy(probabilities.length > 0 ? 8 : 5);
      slots.add(noised.slot(PERSONS, norm, 2 * size, part.times(2)));
      slots.add(noised.slot(SUMS, norm, size, part.times(2)));
      slots.add(noised.slot(SQUARES, norm, size, part));
      if (probabilities.length > 0) {
        slots.add(noised.slot(BINS, norm, PARTS * size, part.times(3)));
      }
    }
    if (!categories.isEmpty()) {
      int size = categories.stream().mapToInt(field -> field.levels().size() + 1).sum();
      slots.add(noised.slot(LEVELS, norm(categories.size()), size * groups, half));
    }
    return slots;
  }

  private static double norm(int columns) {
    return Math.nextUp(Math.sqrt(columns));
  }

  Grouping grouping() {
    return grouping;
  }

  List<Field> numbers() {
    return numbers;
  }

  List<Field> categories() {
    return categories;
  }

  double[] probabilities() {
    return probabilities.clone();
  }

  double confidence() {
    return confidence;
  }

  @Override
  public NoisedJob noised() {
    return noised;
  }

  @Override
  public NoisePlan plan() {
    return plan;
  }

  @Override
  public String form() {
    return "noised-summary/1";
  }

  @Override
  public Partial contribute(OneSum state, SiteTable table) {
    List<Field> measured = new ArrayList<>(numbers);
    measured.addAll(categories);
    return GroupedReader.persons(noised.job(), table, grouping, measured)
        .sum(
            layout(state),
            new NoisedSummaryKernel(
                grouping.groups(),
                numbers.stream().mapToDouble(NoisedSummary::centre).toArray(),
                numbers.stream().mapToDouble(NoisedSummary::reach).toArray(),
                categories.stream().mapToInt(field -> field.levels().size()).toArray(),
                probabilities.length > 0));
  }

  /** The middle of a declared range. */
  static double centre(Field field) {
    return field.low() / 2 + field.high() / 2;
  }

  /** Half the width of a declared range; values lie at most this far from the centre. */
  static double reach(Field field) {
    return Math.max(field.high() - centre(field), centre(field) - field.low());
  }

  @Override
  public Demand demand() {
    return Demand.ofRounds(1).crossing(grouping.fields().size());
  }

  @Override
  public List<String> reveals() {
    return List.of(
        NoisedJob.sentence(1, plan)
            + " By column"
            + grouping.sentence()
            + ": persons with and without a value, sums and squares scaled by the range, persons"
            + " in parts of the range, persons at each level.");
  }

  @Override
  public AnalysisReport present(NoisedSums result) {
    return new NoisedSummaryTables(this, result).report();
  }
}
