package io.tributary.jobs.analysis;

import static java.util.Map.entry;

import io.tributary.jobs.analysis.anova.AnovaAnalysis;
import io.tributary.jobs.analysis.attrition.AttritionAnalysis;
import io.tributary.jobs.analysis.contingency.ContingencyTestAnalysis;
import io.tributary.jobs.analysis.correlation.CorrelationAnalysis;
import io.tributary.jobs.analysis.cox.CoxAnalysis;
import io.tributary.jobs.analysis.crosstab.CrosstabAnalysis;
import io.tributary.jobs.analysis.crosstab.NoisedCrosstab;
import io.tributary.jobs.analysis.cumulativeincidence.CumulativeIncidenceAnalysis;
import io.tributary.jobs.analysis.elasticnet.ElasticNetAnalysis;
import io.tributary.jobs.analysis.glm.GlmAnalysis;
import io.tributary.jobs.analysis.glm.NoisedGlm;
import io.tributary.jobs.analysis.gwas.GwasAnalysis;
import io.tributary.jobs.analysis.histogram.HistogramAnalysis;
import io.tributary.jobs.analysis.histogram.NoisedHistogram;
import io.tributary.jobs.analysis.incidence.IncidenceAnalysis;
import io.tributary.jobs.analysis.kaplanmeier.KaplanMeierAnalysis;
import io.tributary.jobs.analysis.ldprune.LdPruneAnalysis;
import io.tributary.jobs.analysis.logrank.LogRankAnalysis;
import io.tributary.jobs.analysis.overlap.OverlapAnalysis;
import io.tributary.jobs.analysis.parametricsurvival.ParametricSurvivalAnalysis;
import io.tributary.jobs.analysis.pathways.PathwaysAnalysis;
import io.tributary.jobs.analysis.pca.PcaAnalysis;
import io.tributary.jobs.analysis.persons.PersonsAnalysis;
import io.tributary.jobs.analysis.polytomous.PolytomousAnalysis;
import io.tributary.jobs.analysis.prevalence.PrevalenceAnalysis;
import io.tributary.jobs.analysis.ranktest.RankTestAnalysis;
import io.tributary.jobs.analysis.summary.NoisedSummary;
import io.tributary.jobs.analysis.summary.SummaryAnalysis;
import io.tributary.jobs.analysis.table1.Table1Analysis;
import io.tributary.jobs.analysis.ttest.TTestAnalysis;
import io.tributary.jobs.analysis.variantqc.VariantQcAnalysis;
import io.tributary.privacy.Demand;
import io.tributary.study.Errors;
import io.tributary.study.Study;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Every analysis a study can name: one line each. */
public final class Catalog {
  private static final Map<String, Function<Job, StudyAnalysis<?, ?>>> TYPES =
      new TreeMap<>(
          Map.ofEntries(
              entry("anova", AnovaAnalysis::of),
              entry("attrition", AttritionAnalysis::of),
              entry("cohort-overlap", OverlapAnalysis::of),
              entry("contingency-test", ContingencyTestAnalysis::of),
              entry("correlation", CorrelationAnalysis::of),
              entry("cox", CoxAnalysis::of),
              entry("crosstab", CrosstabAnalysis::of),
              entry("cumulative-incidence", CumulativeIncidenceAnalysis::of),
              entry("distinct-persons", PersonsAnalysis::of),
              entry("elastic-net", ElasticNetAnalysis::of),
              entry("glm", GlmAnalysis::of),
              entry("gwas", GwasAnalysis::of),
              entry("histogram", HistogramAnalysis::of),
              entry("incidence", IncidenceAnalysis::of),
              entry("kaplan-meier", KaplanMeierAnalysis::of),
              entry("ld-prune", LdPruneAnalysis::of),
              entry("logrank", LogRankAnalysis::of),
              entry("multinomial", PolytomousAnalysis::multinomial),
              entry("ordinal", PolytomousAnalysis::ordinal),
              entry("parametric-survival", ParametricSurvivalAnalysis::of),
              entry("pca", PcaAnalysis::of),
              entry("prevalence", PrevalenceAnalysis::of),
              entry("rank-test", RankTestAnalysis::of),
              entry("summary", SummaryAnalysis::of),
              entry("table1", Table1Analysis::of),
              entry("t-test", TTestAnalysis::of),
              entry("treatment-pathways", PathwaysAnalysis::of),
              entry("variant-qc", VariantQcAnalysis::of)));

  /** Forms with noise, for studies that state a privacy cost. */
  private static final Map<String, Function<Job, StudyAnalysis<?, ?>>> NOISED =
      new TreeMap<>(
          Map.of(
              "crosstab", NoisedCrosstab::of,
              "glm", NoisedGlm::of,
              "histogram", NoisedHistogram::of,
              "summary", NoisedSummary::of));

  /** Why a type has no form with noise. */
  private static final Map<String, String> WITHOUT_NOISE =
      Map.ofEntries(
          entry(
              "anova",
              "no form with noise is built; a linear model gives differences with their errors"),
          entry(
              "attrition", "no form with noise is built; a crosstab counts the cohort with noise"),
          entry(
              "cohort-overlap",
              "no form with noise is built; a crosstab counts two or three cohorts with noise"),
          entry(
              "contingency-test",
              "distributions of tests do not hold under noise; a crosstab gives the counts"),
          entry(
              "correlation",
              "no form with noise is built; a linear model gives one slope with its error"),
          entry(
              "cox",
              "at each event time its sums are about a handful, and noise in every one would hide them"),
          entry(
              "distinct-persons",
              "no form with noise is built; a crosstab counts persons with noise, each once"),
          entry("elastic-net", "no form with noise is built; a model without penalty is"),
          entry("gwas", "noise in every sum of a genome would cost more than a budget has"),
          entry(
              "cumulative-incidence",
              "each step of a curve is a few events, and noise in every risk set would hide them"),
          entry("incidence", "no form with noise is built; a crosstab counts events with noise"),
          entry(
              "kaplan-meier",
              "each step of a curve is a few deaths, and noise in every risk set would hide them"),
          entry("ld-prune", "noise in every product of a genome would cost more than a budget has"),
          entry(
              "logrank",
              "at each time a handful is at risk in some group, and noise in every risk set would hide it"),
          entry("multinomial", "no form with noise is built; a logistic model of each level is"),
          entry("ordinal", "no form with noise is built; a logistic model of each threshold is"),
          entry(
              "parametric-survival",
              "nothing bounds what a person's time adds; a crosstab counts events with noise"),
          entry("pca", "noise in every product of a genome would cost more than a budget has"),
          entry(
              "prevalence",
              "a person is in many periods, and noise for all of them would hide each"),
          entry(
              "rank-test",
              "at each value a handful is counted, and noise in every one would hide the ranks"),
          entry(
              "treatment-pathways",
              "most pathways are of a handful, and noise in every one would hide them"),
          entry(
              "t-test",
              "no form with noise is built; a linear model gives a difference with its error"),
          entry(
              "table1", "no form with noise is built; a summary gives counts and means with noise"),
          entry(
              "variant-qc", "noise in every count of a genome would cost more than a budget has"));

  private Catalog() {}

  /** Types in alphabetical order. */
  public static List<String> types() {
    return List.copyOf(TYPES.keySet());
  }

  /** What each analysis of a study asks for, by job number; its options are checked on the way. */
  public static List<Demand> demands(Study study) {
    List<Demand> demands = new ArrayList<>();
    for (int job = 0; job < study.analyses().size(); job++) {
      demands.add(create(study, job).demand());
    }
    return demands;
  }

  /** The study's analysis number {@code job}, its options checked. */
  public static StudyAnalysis<?, ?> create(Study study, int job) {
    return create(study, job, Map.of());
  }

  /**
   * The same for a party that makes its result.
   *
   * @param references places of public files by name
   */
  public static StudyAnalysis<?, ?> create(Study study, int job, Map<String, String> references) {
    Job here = new Job(study, job, references);
    Function<Job, StudyAnalysis<?, ?>> type = TYPES.get(here.spec().type());
    if (type == null) {
      throw Errors.badOption(
          here.name(),
          "type '" + here.spec().type() + "' is unknown.",
          String.join(", ", TYPES.keySet()));
    }
    if (study.privacy().isPresent()) {
      return noised(here);
    }
    return study.release().supportRound() == Study.SupportRound.REQUIRED
        ? SupportedAnalysis.of(type.apply(here), here)
        : type.apply(here);
  }

  private static StudyAnalysis<?, ?> noised(Job job) {
    Function<Job, StudyAnalysis<?, ?>> type = NOISED.get(job.spec().type());
    if (type == null) {
      throw Errors.badOption(
          job.name(),
          "type '"
              + job.spec().type()
              + "' has no form with noise: "
              + WITHOUT_NOISE.getOrDefault(job.spec().type(), "none is built")
              + ".",
          "with privacy: " + String.join(", ", NOISED.keySet()));
    }
    return type.apply(job);
  }
}
