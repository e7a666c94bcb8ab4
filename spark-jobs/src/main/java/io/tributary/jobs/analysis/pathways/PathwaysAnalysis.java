package io.tributary.jobs.analysis.pathways;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.jobs.analysis.Counts;
import io.tributary.jobs.analysis.Field;
import io.tributary.jobs.analysis.GroupedReader;
import io.tributary.jobs.analysis.Grouping;
import io.tributary.jobs.analysis.Job;
import io.tributary.jobs.analysis.OneSum;
import io.tributary.jobs.analysis.OneSumAnalysis;
import io.tributary.jobs.analysis.Options;
import io.tributary.jobs.analysis.PlacedCount;
import io.tributary.report.AnalysisReport;
import java.util.List;

/** Orders in which persons begin treatments; see the package's card. */
public final class PathwaysAnalysis implements OneSumAnalysis<PathwaysResult> {
  static final String PERSONS = "persons";
  private static final int MAX_TREATMENTS = 6;
  private static final int MAX_PATHWAYS = 3_000;
  private static final int MAX_COMBINE = 3650;

  private final Job job;
  private final List<Field> treatments;
  private final int depth;
  private final int combine;
  private final Pathways pathways;

  private PathwaysAnalysis(Job job, Options options) {
    this.job = job;
    List<String> names = options.names("treatments");
    if (names.size() < 2 || names.size() > MAX_TREATMENTS) {
      throw options.refuse(
          "treatments",
          "names " + names.size() + " columns",
          "2 to " + MAX_TREATMENTS + " columns of days");
    }
    this.treatments =
        names.stream().map(name -> Field.days(job, options, "treatments", name)).toList();
    this.combine = whole(options, "combine", 0, 0, MAX_COMBINE);
    this.depth = whole(options, "depth", 5, 1, MAX_TREATMENTS);
    this.pathways = new Pathways(names.size(), depth, MAX_PATHWAYS);
    if (pathways.size() > MAX_PATHWAYS) {
      throw options.refuse(
          "depth", "makes more than " + MAX_PATHWAYS + " pathways", "fewer steps or treatments");
    }
  }

  /** Reads the options {@code treatments}, {@code depth} and {@code combine}. */
  public static PathwaysAnalysis of(Job job) {
    return new PathwaysAnalysis(job, Options.of(job.spec(), "treatments", "depth", "combine"));
  }

  private static int whole(Options options, String name, int fallback, int low, int high) {
    double[] numbers = options.numbers(name, fallback);
    boolean fits = numbers.length == 1 && numbers[0] >= low && numbers[0] <= high;
    if (!fits || numbers[0] != Math.rint(numbers[0])) {
      throw options.refuse(name, "does not fit", "a whole number from " + low + " to " + high);
    }
    return (int) numbers[0];
  }

  Job job() {
    return job;
  }

  Pathways pathways() {
    return pathways;
  }

  /** What decides which pathway a person has. */
  String question() {
    return names() + ", " + depth + " steps, combined within " + combine + " days";
  }

  /** Of the treatments, as a study calls their columns. */
  List<String> names() {
    return treatments.stream().map(Field::column).toList();
  }

  @Override
  public Layout layout(OneSum state) {
    return Layout.of(job.sites())
        .count(PERSONS, pathways.size(), "person", 1, job.personsPerSite())
        .build();
  }

  @Override
  public Partial contribute(OneSum state, SiteTable table) {
    return GroupedReader.blocks(table, Grouping.none(), treatments)
        .sum(layout(state), new PathwaysKernel(pathways, treatments.size(), combine));
  }

  @Override
  public String form() {
    return "treatment-pathways/1";
  }

  @Override
  public PathwaysResult result(Aggregate sum) {
    return new PathwaysResult(Counts.of(sum.counts(PERSONS)));
  }

  @Override
  public AnalysisReport present(PathwaysResult result) {
    return new PathwaysTables(this, result).report();
  }

  @Override
  public String resolution() {
    return "exact";
  }

  @Override
  public List<PlacedCount> counts(AnalysisReport report) {
    return PathwaysTables.placed(this, report);
  }

  @Override
  public List<String> reveals() {
    return List.of(
        "Sum 1: persons in each of "
            + pathways.size()
            + " orders in which "
            + treatments.size()
            + " treatments can begin.");
  }
}
