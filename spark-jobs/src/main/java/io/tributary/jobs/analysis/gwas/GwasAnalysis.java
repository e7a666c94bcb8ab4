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
import io.tributary.jobs.analysis.StudyAnalysis;
import io.tributary.jobs.analysis.gwas.GwasState.Centring;
import io.tributary.jobs.analysis.gwas.GwasState.Counting;
import io.tributary.jobs.analysis.gwas.GwasState.Crossing;
import io.tributary.jobs.analysis.gwas.GwasState.Scanning;
import io.tributary.jobs.genomics.CohortMask;
import io.tributary.jobs.genomics.CountingKernel;
import io.tributary.jobs.genomics.GenotypeCounts;
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
  private static final int COUNTING_STEP = 2;
  private static final String REFUSE = "refuse";
  private static final String ALLOW = "allow";

  private final Job job;
  private final GwasModel model;
  private final int variants;
  private final int leastCarriers;
  private final boolean allowsAbsent;
  private final Map<SiteTable, ModelRows> rows = Collections.synchronizedMap(new WeakHashMap<>());

  private GwasAnalysis(Job job, Options options) {
    this.job = job;
    this.variants = job.genotypes().count();
    this.model = GwasModel.of(job, options);
    this.leastCarriers = Carriers.least(options, job);
    this.allowsAbsent = options.word("absent", REFUSE, List.of(REFUSE, ALLOW)).equals(ALLOW);
  }

  /**
   * Reads the options {@code formula}, {@code minCarriers}, {@code absent}, {@code ancestry} and
   * {@code technology}.
   */
  public static GwasAnalysis of(Job job) {
    return new GwasAnalysis(
        job,
        Options.of(job.spec(), "formula", Carriers.OPTION, "absent", "ancestry", "technology"));
  }

  Job job() {
    return job;
  }

  GwasModel model() {
    return model;
  }

  int variants() {
    return variants;
  }

  /**
   * Which variants are summed, in sums of so many sites. Where one site lacks a variant, what is
   * taken off for its persons is that site's part of other sums.
   */
  VariantGate gate(int contributors) {
    return new VariantGate(
        leastCarriers,
        job.floor().minPersons(),
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
    if (state instanceof Counting) {
      return CountingKernel.layout(job.sites(), job.personsPerSite(), variants);
    }
    Scanning scanning = (Scanning) state;
    return scan(scanning).layout(job.sites(), scanning.rows().cardinality());
  }

  private static LinearScan scan(Scanning state) {
    return new LinearScan(state.model(), state.second());
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
    int samples = CohortGenotypes.of(table).source().samples().size();
    CohortMask mask = CohortMask.of(here.positions(), samples);
    if (state instanceof Counting) {
      return VariantSums.of(table)
          .part(
              layout, VariantRows.all(variants), new CountingKernel(mask, here.positions().length));
    }
    Scanning scanning = (Scanning) state;
    return VariantSums.of(table)
        .part(
            layout,
            VariantRows.of(scanning.rows()),
            scan(scanning).kernel(layout, here, mask, samples));
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
    if (state instanceof Counting counting) {
      return afterCounting(counting.model(), sum);
    }
    Scanning scanning = (Scanning) state;
    if (!scanning.second() && !scanning.incomplete().isEmpty()) {
      return new Step.Next<>(
          new Scanning(scanning.model(), scanning.complete(), scanning.incomplete(), true));
    }
    // Sites have no earlier sums, and no use for a result.
    if (earlier.size() <= COUNTING_STEP) {
      return new Step.Done<>(GwasResult.failed(Outcome.of(Outcome.NO_VARIANT), moments(scanning)));
    }
    Aggregate counts = earlier.sum(COUNTING_STEP);
    Optional<Aggregate> complete = Optional.empty();
    if (!scanning.complete().isEmpty()) {
      complete = Optional.of(scanning.second() ? earlier.sum(COUNTING_STEP + 1) : sum);
    }
    return new Step.Done<>(
        GwasResult.of(
            scanning, counts, complete, scanning.second() ? Optional.of(sum) : Optional.empty()));
  }

  private static Moments moments(Scanning state) {
    return state.model().moments();
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
    }
    return outcome.isPresent()
        ? new Step.Done<>(GwasResult.failed(outcome.get(), moments))
        : new Step.Next<>(new Crossing(moments));
  }

  private Step<GwasState, GwasResult> afterCrossing(NullModel fitted) {
    Optional<Outcome> outcome = Outcome.of(fitted, model);
    return outcome.isPresent()
        ? new Step.Done<>(GwasResult.failed(outcome.get(), fitted.moments()))
        : new Step.Next<>(new Counting(fitted));
  }

  private Step<GwasState, GwasResult> afterCounting(NullModel fitted, Aggregate sum) {
    VariantGate gate = gate(sum.contributors());
    CountingKernel.Counts counts = new CountingKernel.Counts(sum);
    BitSet complete = new BitSet();
    BitSet incomplete = new BitSet();
    for (int variant = 0; variant < variants; variant++) {
      GenotypeCounts here = counts.at(variant);
      if (gate.code(here).isEmpty()) {
        // A site without the variant is a site whose persons have no call.
        boolean everybody = here.called() == fitted.moments().persons();
        (everybody ? complete : incomplete).set(variant);
      }
    }
    if (complete.isEmpty() && incomplete.isEmpty()) {
      return new Step.Done<>(GwasResult.failed(Outcome.of(Outcome.NO_VARIANT), fitted.moments()));
    }
    return new Step.Next<>(new Scanning(fitted, complete, incomplete, complete.isEmpty()));
  }

  @Override
  public byte[] encode(GwasState state) {
    return GwasCodec.encode(state);
  }

  @Override
  public GwasState decode(byte[] bytes) {
    return GwasCodec.decode(bytes, model.design().size() + 1, variants);
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
    return Demand.ofRounds(5);
  }

  @Override
  public List<String> reveals() {
    int columns = model.design().size();
    int all = columns + 1;
    return List.of(
        "Sum 1: persons, rows left out, sums of " + all + " columns and of their absolute values.",
        "Sum 2: " + all * (all + 1) / 2 + " sums of products of columns about their means.",
        "Sum 3: for each of "
            + variants
            + " variants genotypes of these persons, as variant-qc counts them.",
        "Sum 4: for each variant with enough carriers where everybody has a call, "
            + all
            + " sums over its carriers of residual and whitened columns.",
        "Sum 5: for each other variant with enough carriers and persons without a call, these and "
            + (all + all * (all + 1) / 2)
            + " sums over persons without a call.");
  }
}
