package io.tributary.jobs.analysis;

import io.tributary.analysis.Layout;
import io.tributary.jobs.probability.Tails;
import io.tributary.privacy.NoisePlan;
import io.tributary.privacy.NoisePlan.SlotNoise;
import io.tributary.privacy.StudyBudget;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.Column;
import io.tributary.report.ResultTable;
import io.tributary.study.Errors;
import io.tributary.study.Rho;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One analysis of a study with noise (engine/docs/PRIVACY.md): what it may cost, how its sums are
 * laid out, and what its report says of the noise.
 *
 * <p>Noised counts are shown as they are, also below 0 or below the release floor: that keeps them
 * unbiased and lets them be added, and what protects persons is the noise. Statistics ask for the
 * floor's persons by the noised count, and for a count that stands out of its noise.
 */
public final class NoisedJob {
  /** Standard deviations of its noise that a denominator must have. */
  static final double STANDS_OUT = 3;

  private final Job job;
  private final StudyBudget budget;
  private final Rho rho;

  private NoisedJob(Job job, StudyBudget budget) {
    this.job = job;
    this.budget = budget;
    this.rho = budget.ofJob(job.study(), job.number());
  }

  /** The analysis's share of its study's budget. */
  public static NoisedJob of(Job job) {
    return new NoisedJob(
        job,
        StudyBudget.of(job.study())
            .orElseThrow(() -> Errors.internal("A study of exact sums has no noise.", null)));
  }

  public Job job() {
    return job;
  }

  /** What all its sums may cost together. */
  public Rho rho() {
    return rho;
  }

  /** A slot of one sum, on the least grid that is fine enough for its noise. */
  public SlotNoise slot(String name, double norm, int elements, Rho cost) {
    return NoisePlan.slot(name, norm, elements, cost, StudyBudget.honest(job.study()));
  }

  /** The noise of one sum. */
  public NoisePlan plan(List<SlotNoise> slots) {
    return new NoisePlan(slots, StudyBudget.honest(job.study()), budget.privacy().sitesPerPerson());
  }

  /** The layout of one sum with its noise. */
  public Layout layout(NoisePlan plan, String unit) {
    return plan.layout(job.sites(), unit, job.personsPerSite());
  }

  /** Whether a statistic over {@code n} noised persons is shown. */
  public boolean showsStatistic(double n, double sd) {
    return n >= job.floor().minPersons() && n >= STANDS_OUT * sd;
  }

  /** A statistic, or why it is none. */
  public Cell statistic(boolean shown, double value) {
    return shown && Double.isFinite(value)
        ? Cell.of(value)
        : new Cell.NotComputed(
            "the noised count is below "
                + job.floor().minPersons()
                + " persons or within its noise");
  }

  /** z with P(|Z| at most z) = confidence. */
  public static double quantile(double confidence) {
    return Tails.normalQuantile(confidence);
  }

  // ---- the report ------------------------------------------------------------------------------

  /** The report of an analysis whose sums carried these noises. */
  public AnalysisReport report(
      String type,
      double persons,
      double sd,
      int contributors,
      List<NoisePlan> plans,
      Map<String, Cell> facts,
      List<ResultTable> tables,
      List<String> notes) {
    Map<String, Cell> all = new LinkedHashMap<>(facts);
    Rho cost = plans.stream().map(NoisePlan::cost).reduce(Rho.ZERO, Rho::plus);
    all.put("rho", Cell.of(cost.toString()));
    all.put("delta", Cell.of(budget.privacy().delta()));
    all.put("epsilon_proven", Cell.of(budget.epsilon(cost)));
    all.put("epsilon_about", Cell.of(budget.aboutEpsilon(cost)));
    List<ResultTable> with = new ArrayList<>(tables);
    with.add(noise(plans, contributors));
    List<String> sentences = new ArrayList<>(notes);
    sentences.add(
        "Every sum carries noise (discrete Gaussian, added at the sites before masking); the unit is"
            + " the person, at up to "
            + budget.privacy().sitesPerPerson()
            + " sites. Counts are shown as noised, also below 0; intervals include the noise.");
    return new AnalysisReport(
        job.name(),
        type,
        AnalysisReport.OK,
        showsStatistic(persons, sd) ? Math.round(persons) : -1,
        0,
        all,
        with,
        List.of(),
        sentences);
  }

  /** What each sum cost, and the noise in its elements. */
  private static ResultTable noise(List<NoisePlan> plans, int contributors) {
    List<List<Cell>> rows = new ArrayList<>();
    for (int step = 0; step < plans.size(); step++) {
      NoisePlan plan = plans.get(step);
      for (SlotNoise slot : plan.slots()) {
        rows.add(
            List.of(
                Cell.of(step + 1L),
                Cell.of(slot.slot()),
                Cell.of((long) slot.clip().elements()),
                Cell.of(slot.rho().toString()),
                Cell.of(slot.clip().norm()),
                Cell.of(plan.standardDeviation(slot.slot(), contributors))));
      }
    }
    return new ResultTable(
        "noise",
        "Noise in the sums",
        List.of(
            Column.whole("sum"),
            Column.text("quantity"),
            Column.whole("elements"),
            Column.text("rho"),
            Column.real("person_at_most"),
            Column.real("noise_sd")),
        rows);
  }

  /** For {@code reveals}: what a sum costs, in words. */
  public static String sentence(int sum, NoisePlan plan) {
    StringBuilder words = new StringBuilder("Sum " + sum + ", with noise for rho ");
    words.append(plan.cost()).append(':');
    for (SlotNoise slot : plan.slots()) {
      words.append(' ').append(slot.slot()).append(" [").append(slot.clip().elements()).append("]");
    }
    return words.append('.').toString();
  }
}
