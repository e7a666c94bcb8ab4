package io.tributary.jobs.analysis.gwas;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.EarlierSums;
import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.analysis.Step;
import io.tributary.connectors.genomics.CohortGenotypes;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.jobs.analysis.Carriers;
import io.tributary.jobs.analysis.Job;
import io.tributary.jobs.analysis.Options;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.StudyAnalysis;
import io.tributary.jobs.analysis.gwas.GwasState.Centring;
import io.tributary.jobs.analysis.gwas.GwasState.Counting;
import io.tributary.jobs.analysis.gwas.GwasState.Crossing;
import io.tributary.jobs.analysis.gwas.GwasState.Fitting;
import io.tributary.jobs.analysis.gwas.GwasState.Iterating;
import io.tributary.jobs.analysis.gwas.GwasState.Scanning;
import io.tributary.jobs.genomics.CodedKernel;
import io.tributary.jobs.genomics.Coding;
import io.tributary.jobs.genomics.CohortMask;
import io.tributary.jobs.genomics.Copies;
import io.tributary.jobs.genomics.CopyWeights;
import io.tributary.jobs.genomics.CountingKernel;
import io.tributary.jobs.genomics.DosageCountingKernel;
import io.tributary.jobs.genomics.DosageKernel;
import io.tributary.jobs.genomics.ExpectedCopiesKernel;
import io.tributary.jobs.genomics.MissingProducts;
import io.tributary.jobs.genomics.TileKernel;
import io.tributary.jobs.genomics.VariantGate;
import io.tributary.jobs.genomics.VariantRows;
import io.tributary.jobs.genomics.VariantSums;
import io.tributary.privacy.Demand;
import io.tributary.report.AnalysisReport;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;

/** Association of an outcome with each variant of the study's list; see the package's card. */
public final class GwasAnalysis implements StudyAnalysis<GwasState, GwasResult> {
  /** Sums of moments, of genotypes, and of variants with and without everybody's call. */
  private static final int ROUNDS = 5;

  /** Cases, and controls, without whom no odds are worth a model. */
  private static final int LEAST_CASES = 10;

  private static final int MOST_CASES = 1_000_000;
  private static final String CASES = "minCases";

  private static final String REFUSE = "refuse";
  private static final String ALLOW = "allow";

  private final Job job;
  private final GwasModel model;
  private final int variants;
  private final int leastCarriers;
  private final int leastCases;
  private final boolean allowsAbsent;
  private final Calls calls;
  private final Likelihood likelihood;
  private final Map<SiteTable, ModelRows> rows = Collections.synchronizedMap(new WeakHashMap<>());

  private GwasAnalysis(Job job, Options options) {
    this.job = job;
    this.variants = job.genotypes().count();
    this.model = GwasModel.of(job, options);
    this.leastCarriers = Carriers.least(options, job);
    this.leastCases = leastCases(options);
    this.allowsAbsent = options.word("absent", REFUSE, List.of(REFUSE, ALLOW)).equals(ALLOW);
    this.calls = Calls.of(options, variants);
    this.likelihood = Likelihood.of(options, model, calls, variants);
  }

  /**
   * Reads the options {@code model}, {@code formula}, {@code minCarriers}, {@code absent}, {@code
   * genotypes}, {@code missing}, {@code coding}, {@code test}, {@code pThreshold}, {@code firth},
   * {@code minCases}, {@code ancestry} and {@code technology}.
   */
  public static GwasAnalysis of(Job job) {
    return new GwasAnalysis(
        job,
        Options.of(
            job.spec(),
            "model",
            "formula",
            Carriers.OPTION,
            "absent",
            Calls.GENOTYPES,
            Calls.MISSING,
            Calls.CODING,
            Likelihood.TEST,
            Likelihood.THRESHOLD,
            Likelihood.FIRTH,
            CASES,
            "ancestry",
            "technology"));
  }

  Job job() {
    return job;
  }

  GwasModel model() {
    return model;
  }

  /** Variants of the list. */
  int variants() {
    return variants;
  }

  Calls calls() {
    return calls;
  }

  Likelihood likelihood() {
    return likelihood;
  }

  /** The test of all variants, if it is one without covariates. */
  Optional<CaseTest> caseTest(NullFit fit) {
    double share = fit.model().moments().means().at(fit.model().columns());
    int each = calls.coding() == Coding.ADDITIVE ? 2 : 1;
    return likelihood.ofCases().map(test -> new CaseTest(share, test, each, job.floor().minCell()));
  }

  /**
   * Persons that information of a model with a variant is about, at least: those with a call, those
   * without, from whose sums it is that of the others, and carriers whose likelihood is fitted.
   */
  long leastInformed() {
    return job.floor().minPersons(model.design().size() + 2);
  }

  /**
   * Which variants are summed, in sums of so many sites. Where one site lacks a variant, what is
   * taken off for its persons is that site's part of other sums.
   */
  VariantGate gate(int contributors) {
    long informed = leastInformed();
    return new VariantGate(
        likelihood.ofAll() ? Math.max(leastCarriers, informed) : leastCarriers,
        calls.means() ? 0 : Math.max(leastCarriers, informed),
        informed,
        allowsAbsent ? Math.min(job.study().minContributors(), contributors) : contributors);
  }

  /** Which sites have to have a variant; the same however rows are cut into sites. */
  String sitesInWords() {
    return allowsAbsent
        ? "at least " + job.study().minContributors() + " sites have"
        : "every site has";
  }

  @Override
  public GwasState start() {
    return new Centring();
  }

  @Override
  public Layout layout(GwasState state) {
    int columns = model.design().size() + 1;
    if (state instanceof Centring) {
      return NullSums.centring(job.sites(), job.personsPerSite(), columns);
    }
    if (state instanceof Crossing crossing) {
      return NullSums.crossing(job.sites(), crossing.moments());
    }
    if (state instanceof Fitting fitting) {
      return iteration(fitting).layout(job.sites());
    }
    if (state instanceof Counting) {
      return calls.dosages()
          ? DosageCountingKernel.layout(job.sites(), job.personsPerSite(), variants)
          : CountingKernel.layout(job.sites(), job.personsPerSite(), variants);
    }
    if (state instanceof Iterating iterating) {
      return new LikelihoodScan(iterating).layout(job.sites());
    }
    Scanning scanning = (Scanning) state;
    return scanning.scan().layout(job.sites(), scanning.rows().cardinality());
  }

  private static NullIteration iteration(Fitting state) {
    return new NullIteration(state.model(), state.coefficients());
  }

  @Override
  public Partial contribute(GwasState state, SiteTable table) {
    ModelRows here = rows(table);
    Layout layout = layout(state);
    if (state instanceof Centring) {
      return NullSums.centring(layout, here).partial();
    }
    if (state instanceof Crossing crossing) {
      return NullSums.crossing(layout, crossing.moments(), here).partial();
    }
    if (state instanceof Fitting fitting) {
      return iteration(fitting).sum(layout, here).partial();
    }
    if (state instanceof Iterating iterating) {
      return VariantSums.of(table)
          .part(
              layout,
              VariantRows.of(iterating.variants()),
              coded(new LikelihoodScan(iterating).kernel(layout, here, calls.dosages())));
    }
    int[] positions = here.positions();
    int samples = CohortGenotypes.of(table).source().samples().size();
    if (state instanceof Counting) {
      return VariantSums.of(table)
          .part(
              layout,
              VariantRows.all(variants),
              calls.dosages()
                  ? new DosageCountingKernel(positions)
                  : new CountingKernel(CohortMask.of(positions, samples), positions.length));
    }
    Scanning scanning = (Scanning) state;
    VariantRows scanned = VariantRows.of(scanning.rows());
    CopyWeights weights = scanning.scan().weights(layout, here, samples);
    double[] means = scanning.second() ? scanning.means().of(scanned) : new double[0];
    TileKernel kernel =
        calls.dosages() || means.length > 0
            ? new ExpectedCopiesKernel(positions, weights, calls.dosages(), means)
            : new DosageKernel(CohortMask.of(positions, samples), weights);
    return VariantSums.of(table).part(layout, scanned, coded(kernel));
  }

  private TileKernel coded(TileKernel kernel) {
    return calls.coding() == Coding.ADDITIVE ? kernel : new CodedKernel(kernel, calls.coding());
  }

  private ModelRows rows(SiteTable table) {
    return rows.computeIfAbsent(
        table,
        t -> {
          t.whenClosed(() -> rows.remove(t));
          return ModelRows.read(t, model);
        });
  }

  @Override
  public boolean keepsSums() {
    return true;
  }

  @Override
  public Step<GwasState, GwasResult> update(GwasState state, Aggregate sum) {
    return update(state, sum, EarlierSums.NONE);
  }

  @Override
  public Step<GwasState, GwasResult> update(GwasState state, Aggregate sum, EarlierSums earlier) {
    if (state instanceof Centring) {
      return afterCentring(sum);
    }
    if (state instanceof Crossing crossing) {
      return afterCrossing(NullSums.model(crossing.moments(), sum));
    }
    if (state instanceof Fitting fitting) {
      return afterFitting(fitting, sum);
    }
    if (state instanceof Counting counting) {
      return afterCounting(counting.fit(), sum);
    }
    Optional<GwasState> next =
        state instanceof Scanning scanning
            ? afterScanning(scanning, sum)
            : LikelihoodFits.next((Iterating) state, sum, likelihood.fallsBack())
                .map(GwasState.class::cast);
    return next.<Step<GwasState, GwasResult>>map(Step.Next::new)
        .orElseGet(() -> new Step.Done<>(result(state, sum, earlier)));
  }

  /** Of sums that were kept. Sites have none, and no use for a result. */
  private GwasResult result(GwasState state, Aggregate sum, EarlierSums earlier) {
    GwasResult.Gathering gathering = new GwasResult.Gathering();
    for (int step = 0; step < earlier.size(); step++) {
      gathering.add(decode(earlier.state(step)), earlier.sum(step));
    }
    gathering.add(state, sum);
    Moments moments =
        (state instanceof Scanning scanning ? scanning.fit() : ((Iterating) state).fit())
            .model()
            .moments();
    return gathering
        .result()
        .orElseGet(() -> GwasResult.failed(Outcome.of(Outcome.NO_VARIANT), moments));
  }

  private Step<GwasState, GwasResult> afterCentring(Aggregate sum) {
    int columns = model.design().size() + 1;
    Moments moments = NullSums.moments(sum, columns);
    Optional<Outcome> outcome = Optional.empty();
    List<BigDecimal> totals = new ArrayList<>();
    for (int j = 0; j < model.design().size(); j++) {
      totals.add(NullSums.total(sum, j));
    }
    if (!job.floor().showsStatistic(moments.persons())) {
      outcome = Optional.of(Outcome.of(AnalysisReport.TOO_FEW_PERSONS));
    } else if (columns + 1 > job.floor().maxSaturation() * moments.persons()) {
      outcome = Optional.of(Outcome.of(Outcome.SATURATED));
    } else if (model.design().hasRareLevel(totals, moments.persons(), job.floor().minCell())) {
      outcome = Optional.of(Outcome.of(Outcome.RARE_LEVEL));
    } else if (model.logistic() && Math.min(cases(moments), controls(moments)) < leastCases) {
      outcome = Optional.of(Outcome.of(Outcome.RARE_OUTCOME));
    }
    return outcome.isPresent()
        ? new Step.Done<>(GwasResult.failed(outcome.get(), moments))
        : new Step.Next<>(new Crossing(moments));
  }

  /** Persons of a logistic model whose outcome is 1. */
  long cases(Moments moments) {
    return Math.round(moments.means().at(model.design().size()) * moments.persons());
  }

  long controls(Moments moments) {
    return moments.persons() - cases(moments);
  }

  /** Cases, and controls, of a logistic model: 10 unless the study says otherwise. */
  private int leastCases(Options options) {
    if (!model.logistic() && options.has(CASES)) {
      throw options.refuse(CASES, "is of logistic models", "model: logistic, or no " + CASES);
    }
    int least = Math.max(LEAST_CASES, job.floor().minCell());
    return options.whole(CASES, least, least, MOST_CASES);
  }

  private Step<GwasState, GwasResult> afterCrossing(NullModel fitted) {
    Optional<Outcome> outcome = Outcome.of(fitted, model);
    if (outcome.isPresent()) {
      return new Step.Done<>(GwasResult.failed(outcome.get(), fitted.moments()));
    }
    return new Step.Next<>(
        model.logistic()
            ? new Fitting(fitted, NullIteration.start(fitted), 0)
            : new Counting(NullFit.linear(fitted)));
  }

  private static Step<GwasState, GwasResult> afterFitting(Fitting state, Aggregate sum) {
    NullIteration iteration = iteration(state);
    Optional<Newton> newton = iteration.step(sum);
    Optional<NullFit> fit = newton.flatMap(step -> iteration.fit(step, sum));
    if (fit.isPresent()) {
      return new Step.Next<>(new Counting(fit.get()));
    }
    if (newton.isEmpty() || state.iteration() + 1 == NullIteration.MOST) {
      return new Step.Done<>(
          GwasResult.failed(Outcome.of(Outcome.NOT_CONVERGED), state.model().moments()));
    }
    return new Step.Next<>(
        new Fitting(state.model(), iteration.next(newton.get()), state.iteration() + 1));
  }

  private Step<GwasState, GwasResult> afterCounting(NullFit fit, Aggregate sum) {
    VariantGate gate = gate(sum.contributors());
    Copies.Sums copies = new Copies.Sums(sum, calls.coding());
    Moments moments = fit.model().moments();
    BitSet complete = new BitSet();
    BitSet incomplete = new BitSet();
    BitSet filled = new BitSet();
    BitSet fittable = new BitSet();
    List<Double> means = new ArrayList<>();
    for (int variant = 0; variant < variants; variant++) {
      Copies here = copies.at(variant);
      if (gate.code(here.counts()).isEmpty()) {
        // A site without the variant is a site whose persons have no call.
        boolean everybody = here.called() == moments.persons();
        (everybody ? complete : incomplete).set(variant);
        fittable.set(
            variant, likelihood.chooses() && here.counts().fewerCarriers() >= leastInformed());
        if (!everybody && calls.means()) {
          filled.set(variant);
          means.add(here.mean());
        }
      }
    }
    if (complete.isEmpty() && incomplete.isEmpty()) {
      return new Step.Done<>(GwasResult.failed(Outcome.of(Outcome.NO_VARIANT), moments));
    }
    Means others =
        new Means(filled, Reals.of(means.stream().mapToDouble(Double::doubleValue).toArray()));
    if (fit.logistic() && likelihood.ofAll()) {
      complete.or(incomplete);
      return new Step.Next<>(Iterating.start(fit, likelihood.penalised(), complete, others));
    }
    return new Step.Next<>(
        new Scanning(fit, complete, incomplete, complete.isEmpty(), fittable, others));
  }

  /**
   * The second sum, or likelihoods of variants that either sum has chosen; empty if all is done.
   */
  private Optional<GwasState> afterScanning(Scanning state, Aggregate sum) {
    BitSet chosen = likelihood.chosen(state, sum);
    if (!state.second() && !state.incomplete().isEmpty()) {
      return Optional.of(
          new Scanning(
              state.fit(), state.complete(), state.incomplete(), true, chosen, state.means()));
    }
    return chosen.isEmpty() || chosen.cardinality() > likelihood.most()
        ? Optional.empty()
        : Optional.of(Iterating.start(state.fit(), likelihood.penalised(), chosen, state.means()));
  }

  @Override
  public byte[] encode(GwasState state) {
    return GwasCodec.encode(state);
  }

  @Override
  public GwasState decode(byte[] bytes) {
    return GwasCodec.decode(bytes, this);
  }

  @Override
  public AnalysisReport present(GwasResult result) {
    return new GwasTables(this, result).report();
  }

  @Override
  public String resolution() {
    return "exact sums of whitened columns, which are rounded to a public grid";
  }

  @Override
  public Demand demand() {
    int fitting = model.logistic() ? NullIteration.MOST : 0;
    return Demand.ofRounds(ROUNDS - (likelihood.ofAll() ? 2 : 0) + fitting + likelihood.rounds());
  }

  @Override
  public List<String> reveals() {
    int columns = model.design().size();
    int all = columns + 1;
    List<String> sentences = new ArrayList<>();
    sentences.add(
        "Sum 1: persons, rows left out, sums of " + all + " columns and of their absolute values.");
    sentences.add(
        "Sum 2: " + all * (all + 1) / 2 + " sums of products of columns about their means.");
    if (!model.logistic()) {
      sentences.add(genotypes("Sum 3"));
      sentences.add(
          "Sum 4: for each variant with enough carriers where everybody has a call, "
              + all
              + " sums over its carriers of residual and whitened columns.");
      sentences.add("Sum 5: " + incomplete(all + all * (all + 1) / 2));
      return sentences;
    }
    sentences.add(
        "Sums 3 to "
            + (2 + NullIteration.MOST)
            + " at most: score and information of the model without a variant, "
            + (all + all * (all + 1) / 2)
            + " sums an iteration.");
    sentences.add(genotypes("Sum after them"));
    if (!likelihood.ofAll()) {
      sentences.add(
          "Sum after it: for each variant with enough carriers where everybody has a call, "
              + (all + 2)
              + " sums over its carriers of residual, weight and weighted columns.");
      sentences.add("Sum after it: " + incomplete(MissingProducts.products(all, all + 1)));
    }
    sentences.addAll(likelihood.reveals(all + 1, leastInformed(), calls));
    return sentences;
  }

  private String genotypes(String sum) {
    return sum
        + ": for each of "
        + variants
        + " variants genotypes of these persons, as variant-qc counts them"
        + (calls.dosages() ? ", by the nearest copies; sums of dosages and their squares." : ".")
        + (calls.coding() == Coding.ADDITIVE
            ? ""
            : " Hereafter a carrier is a person coded 1, for "
                + calls.coding().effect()
                + "; these and the others are as many as carriers have to be.");
  }

  private String incomplete(int missing) {
    return calls.means()
        ? "for each other variant with enough carriers, these, with the mean for persons without a"
            + " call."
        : "for each other variant with enough carriers, and at least "
            + leastInformed()
            + " persons with a call and as many without, these and "
            + missing
            + " sums over persons without a call.";
  }
}
