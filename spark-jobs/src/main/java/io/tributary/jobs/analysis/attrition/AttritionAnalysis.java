package io.tributary.jobs.analysis.attrition;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.cohort.CohortDefinition;
import io.tributary.cohort.DefinitionReader;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.jobs.analysis.Counts;
import io.tributary.jobs.analysis.Job;
import io.tributary.jobs.analysis.OneSum;
import io.tributary.jobs.analysis.OneSumAnalysis;
import io.tributary.jobs.analysis.Options;
import io.tributary.jobs.analysis.PlacedCount;
import io.tributary.report.AnalysisReport;
import io.tributary.study.Errors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Persons left after each step of a cohort's definition; see the package's card. */
public final class AttritionAnalysis implements OneSumAnalysis<AttritionResult> {
  private static final String LEFT = "left";

  private final Job job;
  private final CohortDefinition definition;
  private final List<String> steps;

  private AttritionAnalysis(Job job) {
    this.job = job;
    this.definition =
        DefinitionReader.of(job.study().cohort())
            .orElseThrow(
                () ->
                    Errors.badOption(
                        job.name(),
                        "the study's cohort has no definition, so it has no steps.",
                        "a study with cohort.definition, which 'tributary cohort embed' writes"));
    this.steps = steps();
  }

  /** Takes no options. */
  public static AttritionAnalysis of(Job job) {
    Options.of(job.spec());
    return new AttritionAnalysis(job);
  }

  private List<String> steps() {
    List<String> names = new ArrayList<>(List.of("Initial qualifying events"));
    definition.rules().forEach(rule -> names.add(rule.name()));
    if (isCut()) {
      names.add("In the cohort's days of the calendar");
    }
    job.study().cohort().where().ifPresent(where -> names.add("where " + where));
    return List.copyOf(names);
  }

  private boolean isCut() {
    return definition.notBefore().isPresent() || definition.notAfter().isPresent();
  }

  Job job() {
    return job;
  }

  /** What each step asks for. */
  List<String> stepNames() {
    return steps;
  }

  @Override
  public Layout layout(OneSum state) {
    return Layout.of(job.sites())
        .count(LEFT, steps.size(), "person", 1, job.personsPerSite())
        .build();
  }

  @Override
  public Partial contribute(OneSum state, SiteTable table) {
    Layout layout = layout(state);
    List<Long> left = new ArrayList<>(table.attrition());
    if (left.size() != definition.rules().size() + 2) {
      throw Errors.internal("A cohort's steps are not those of its definition.", null);
    }
    if (!isCut()) {
      // Who has an event that passes all rules is in the cohort.
      left.remove(left.size() - 1);
    }
    if (job.study().cohort().where().isPresent()) {
      left.add(table.use(List.of()).persons());
    }
    long[] words = new long[layout.words(0)];
    int at = layout.offset(layout.slotIndex(LEFT), 0);
    for (int step = 0; step < left.size(); step++) {
      words[at + step] = left.get(step) - (step + 1 < left.size() ? left.get(step + 1) : 0);
    }
    return Partial.of(layout, words);
  }

  @Override
  public String form() {
    return "attrition/1";
  }

  @Override
  public AttritionResult result(Aggregate sum) {
    long[] persons = sum.counts(LEFT);
    for (int step = persons.length - 2; step >= 0; step--) {
      persons[step] = Math.addExact(persons[step], persons[step + 1]);
    }
    return new AttritionResult(Counts.of(persons));
  }

  @Override
  public AnalysisReport present(AttritionResult result) {
    return new AttritionTables(this, result).report();
  }

  @Override
  public String resolution() {
    return "exact";
  }

  /** Who is left at the end is the study's cohort, whatever value its columns have. */
  @Override
  public List<PlacedCount> counts(AnalysisReport report) {
    return job.study().cohort().rowsPerPerson() > 1
        ? List.of()
        : List.of(
            new PlacedCount(
                AttritionTables.ATTRITION, steps.size() - 1, AttritionTables.LEFT, Map.of()));
  }

  @Override
  public List<String> reveals() {
    return List.of(
        "Sum 1: persons by the last of " + steps.size() + " steps of the cohort that they reach.");
  }
}
