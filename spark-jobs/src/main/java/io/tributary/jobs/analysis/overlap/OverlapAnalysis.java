package io.tributary.jobs.analysis.overlap;

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
import io.tributary.privacy.Demand;
import io.tributary.report.AnalysisReport;
import java.util.List;

/** Persons in each combination of cohorts; see the package's card. */
public final class OverlapAnalysis implements OneSumAnalysis<OverlapResult> {
  static final String COMBINATIONS = "combinations";
  static final String MISSING = "missing";
  private static final int MAX_COHORTS = 6;

  private final Job job;
  private final List<Field> cohorts;

  private OverlapAnalysis(Job job, Options options) {
    this.job = job;
    List<String> names = options.names("cohorts");
    if (names.size() < 2 || names.size() > MAX_COHORTS) {
      throw options.refuse(
          "cohorts",
          "names " + names.size() + " columns",
          "2 to " + MAX_COHORTS + " columns of 0/1");
    }
    this.cohorts = names.stream().map(name -> Field.flag(job, options, "cohorts", name)).toList();
  }

  /** Reads the option {@code cohorts}. */
  public static OverlapAnalysis of(Job job) {
    return new OverlapAnalysis(job, Options.of(job.spec(), "cohorts"));
  }

  Job job() {
    return job;
  }

  List<Field> cohorts() {
    return cohorts;
  }

  @Override
  public Layout layout(OneSum state) {
    long most = job.personsPerSite();
    return Layout.of(job.sites())
        .count(COMBINATIONS, 1 << cohorts.size(), "person", 1, most)
        .count(MISSING, 1, "person", 1, most)
        .build();
  }

  @Override
  public Partial contribute(OneSum state, SiteTable table) {
    return GroupedReader.blocks(table, Grouping.none(), cohorts)
        .sum(layout(state), new OverlapKernel(cohorts.size()));
  }

  @Override
  public String form() {
    return "cohort-overlap/1";
  }

  @Override
  public OverlapResult result(Aggregate sum) {
    return new OverlapResult(Counts.of(sum.counts(COMBINATIONS)), sum.count(MISSING));
  }

  @Override
  public AnalysisReport present(OverlapResult result) {
    return new OverlapTables(this, result).report();
  }

  @Override
  public String resolution() {
    return "exact";
  }

  @Override
  public List<PlacedCount> counts(AnalysisReport report) {
    return OverlapTables.placed(this);
  }

  @Override
  public Demand demand() {
    return Demand.ofRounds(1).crossing(cohorts.size());
  }

  @Override
  public List<String> reveals() {
    return List.of(
        "Sum 1: persons in each of the "
            + (1 << cohorts.size())
            + " combinations of "
            + cohorts.size()
            + " cohorts; rows that lack a value.");
  }
}
