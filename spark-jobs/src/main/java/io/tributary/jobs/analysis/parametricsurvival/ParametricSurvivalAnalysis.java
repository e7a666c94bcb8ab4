package io.tributary.jobs.analysis.parametricsurvival;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.analysis.Step;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.jobs.analysis.Design;
import io.tributary.jobs.analysis.Exact;
import io.tributary.jobs.analysis.Field;
import io.tributary.jobs.analysis.Job;
import io.tributary.jobs.analysis.ModelTerms;
import io.tributary.jobs.analysis.Options;
import io.tributary.jobs.analysis.PlacedCount;
import io.tributary.jobs.analysis.RowBlocks;
import io.tributary.jobs.analysis.StudyAnalysis;
import io.tributary.jobs.analysis.SurvivalTimes;
import io.tributary.jobs.analysis.parametricsurvival.SurvivalResult.Fit;
import io.tributary.jobs.analysis.parametricsurvival.SurvivalResult.Outcome;
import io.tributary.jobs.analysis.parametricsurvival.SurvivalState.Counted;
import io.tributary.jobs.analysis.parametricsurvival.SurvivalState.Counting;
import io.tributary.jobs.analysis.parametricsurvival.SurvivalState.Fitting;
import io.tributary.jobs.analysis.parametricsurvival.SurvivalState.Spread;
import io.tributary.jobs.analysis.parametricsurvival.SurvivalState.Spreading;
import io.tributary.jobs.analysis.parametricsurvival.SurvivalState.Squaring;
import io.tributary.jobs.formula.Formula;
import io.tributary.jobs.formula.SurvivalFormula;
import io.tributary.jobs.linalg.Cholesky;
import io.tributary.jobs.linalg.Sandwich;
import io.tributary.privacy.Demand;
import io.tributary.report.AnalysisReport;
import io.tributary.study.Errors;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Accelerated failure times by Newton's method on masked sums; see the package's card. */
public final class ParametricSurvivalAnalysis
    implements StudyAnalysis<SurvivalState, SurvivalResult> {
  private final Job job;
  private final SurvivalFormula formula;
  private final ModelTerms terms;
  private final Design design;
  private final Field time;
  private final Field event;
  private final Optional<Field> weights;
  private final TimeDistribution distribution;
  private final boolean robust;
  private final double confidence;
  private final int maxSteps;

  private ParametricSurvivalAnalysis(Job job, Options options) {
    this.job = job;
    this.formula =
        SurvivalFormula.parse(
            options.requiredText("formula", "a formula, e.g. \"Surv(time, dead) ~ age + sex\""));
    if (formula.entry().isPresent() || !formula.strata().isEmpty()) {
      throw options.refuse(
          "formula",
          "has times of entry or strata, which this model has not",
          "Surv(time, event) with terms; type cox has both");
    }
    this.terms = new ModelTerms(job, formula.model());
    if (!terms.discovered().isEmpty()) {
      throw Errors.levelsNeeded(job.name(), terms.discoveredColumns().get(0));
    }
    this.design = terms.design(List.of());
    this.time = SurvivalTimes.numeric(job, options, "formula", formula.time());
    this.event = SurvivalTimes.event(job, options, "formula", formula.event(), false);
    this.weights = options.text("weights").map(column -> ModelTerms.number(job, column));
    this.distribution = TimeDistribution.of(options);
    this.robust = options.word("variance", "model", List.of("model", "robust")).equals("robust");
    this.confidence = options.between("confidence", 0.95, 0, 1);
    this.maxSteps = options.whole("maxSteps", 25, 4, 100);
  }

  /**
   * Reads the options {@code formula}, {@code distribution}, {@code weights}, {@code variance},
   * {@code confidence} and {@code maxSteps}.
   */
  public static ParametricSurvivalAnalysis of(Job job) {
    return new ParametricSurvivalAnalysis(
        job,
        Options.of(
            job.spec(),
            "formula",
            "distribution",
            "weights",
            "variance",
            "confidence",
            "maxSteps"));
  }

  Job job() {
    return job;
  }

  Formula formula() {
    return formula.model();
  }

  TimeDistribution distribution() {
    return distribution;
  }

  boolean weighted() {
    return weights.isPresent();
  }

  /** Whether standard errors are robust: to dependence of a person's rows, and to the model. */
  boolean robust() {
    return robust;
  }

  double confidence() {
    return confidence;
  }

  /** Columns of the model matrix beside the intercept. */
  int columns() {
    return design.size();
  }

  /** Parameters that are estimated, of the model without columns or with all. */
  int parameters(boolean ofNull) {
    return 1 + (ofNull ? 0 : columns()) + (distribution.fixedScale() ? 0 : 1);
  }

  private List<String> names() {
    List<String> names = new ArrayList<>(List.of("(Intercept)"));
    names.addAll(design.names());
    if (!distribution.fixedScale()) {
      names.add(SurvivalTables.LOG_SCALE);
    }
    return names;
  }

  // ---- the contract ----------------------------------------------------------------------------

  @Override
  public SurvivalState start() {
    return new Counting();
  }

  @Override
  public Layout layout(SurvivalState state) {
    Layout.Builder layout = Layout.of(job.sites());
    long most = job.personsPerSite();
    if (state instanceof Counting) {
      layout.count(CountingKernel.EVENTS, 1, "person", 1, most);
      layout.count(CountingKernel.CENSORED, 1, "person", 1, most);
      layout.count(CountingKernel.DROPPED, 1, "person", 1, most);
      layout.unbounded(CountingKernel.WEIGHTS, 1, "unit");
      layout.unbounded(CountingKernel.NUMBERS, columns() + 1, "unit");
      layout.unbounded(CountingKernel.ABSOLUTES, columns() + 1, "unit");
    } else if (state instanceof Spreading spreading) {
      Counted in = spreading.counted();
      for (int j = 0; j <= columns(); j++) {
        // One sum of squares is at most the square of the sum of absolute values.
        double centre = Math.abs(Exact.mean(in.numbers().get(j), in.persons()));
        double off = Exact.upperBound(in.absolutes().get(j)) + in.persons() * centre;
        double square = off * off * (1 + 0x1p-38);
        layout.wide(SpreadingKernel.SQUARES + j, 1, "unit^2", square, square);
      }
      layout.unbounded(SpreadingKernel.EVENT_WEIGHTS, 1, "unit");
      layout.unbounded(SpreadingKernel.EVENT_LOG_TIMES, 1, "unit");
    } else if (state instanceof Fitting fitting) {
      newton(fitting.counted(), fitting.spread()).declare(layout, fitting.iteration(), most);
    } else {
      Squaring squaring = (Squaring) state;
      newton(squaring.counted(), squaring.spread())
          .declareSquares(layout, squaring.estimate(), most);
    }
    return layout.build();
  }

  private SurvivalNewton newton(Counted counted, Spread spread) {
    return new SurvivalNewton(distribution, counted, spread);
  }

  @Override
  public Partial contribute(SurvivalState state, SiteTable table) {
    Layout layout = layout(state);
    return blocks(table).sum(layout, kernel(layout, state));
  }

  private RowBlocks.Kernel kernel(Layout layout, SurvivalState state) {
    if (state instanceof Counting) {
      return new CountingKernel(columns());
    }
    if (state instanceof Spreading spreading) {
      return new SpreadingKernel(LogTimeScaling.centres(spreading.counted()));
    }
    if (state instanceof Fitting fitting) {
      return newton(fitting.counted(), fitting.spread()).kernel(layout, fitting.iteration());
    }
    Squaring squaring = (Squaring) state;
    return newton(squaring.counted(), squaring.spread()).squares(squaring.estimate());
  }

  /** Columns of a row, in the order of {@link LogTimeReader}. */
  private List<Field> read() {
    List<Field> read = new ArrayList<>(List.of(time, event));
    read.addAll(terms.fields(List.of()));
    read.addAll(terms.offsets());
    weights.ifPresent(read::add);
    return read;
  }

  @Override
  public List<PlacedCount> counts(AnalysisReport report) {
    List<String> columns = read().stream().map(Field::column).toList();
    return PlacedCount.ofModel(
        PlacedCount.positive(PlacedCount.complete(columns), weights.map(Field::column)),
        event.column(),
        event.levels());
  }

  private RowBlocks blocks(SiteTable table) {
    List<Field> read = read();
    LogTimeReader reader = new LogTimeReader(formula.model(), weighted(), read, design);
    List<String> columns = read.stream().map(Field::column).toList();
    List<Object> key = List.of("parametric survival", formula, read, robust);
    return robust
        ? RowBlocks.byPerson(job, table, key, columns, reader, LogTimeReader.FIRST)
        : RowBlocks.of(table, key, columns, reader);
  }

  @Override
  public Step<SurvivalState, SurvivalResult> update(SurvivalState state, Aggregate sum) {
    if (state instanceof Counting) {
      return afterCounting(sum);
    }
    if (state instanceof Spreading spreading) {
      return afterSpreading(spreading.counted(), sum);
    }
    return state instanceof Fitting fitting
        ? afterFitting(fitting, sum)
        : afterSquaring((Squaring) state, sum);
  }

  private Step<SurvivalState, SurvivalResult> afterCounting(Aggregate sum) {
    List<BigDecimal> numbers = new ArrayList<>();
    List<BigDecimal> absolutes = new ArrayList<>();
    for (int j = 0; j <= columns(); j++) {
      numbers.add(sum.unbounded(CountingKernel.NUMBERS, j));
      absolutes.add(sum.unbounded(CountingKernel.ABSOLUTES, j));
    }
    Counted counted =
        new Counted(
            sum.count(CountingKernel.EVENTS),
            sum.count(CountingKernel.CENSORED),
            sum.count(CountingKernel.DROPPED),
            sum.unbounded(CountingKernel.WEIGHTS, 0),
            numbers,
            absolutes);
    Optional<Outcome> refusal = refusal(counted);
    return refusal.isPresent()
        ? failed(refusal.get(), counted, List.of())
        : new Step.Next<>(new Spreading(counted));
  }

  /** What stops a model after its first sums: the release floor, or data without an answer. */
  private Optional<Outcome> refusal(Counted counted) {
    long n = counted.persons();
    int minCell = job.floor().minCell();
    if (!job.floor().showsStatistic(n)) {
      return Optional.of(Outcome.TOO_FEW_PERSONS);
    }
    if (counted.events() == 0) {
      return Optional.of(Outcome.NO_EVENTS);
    }
    // Log times are summed over the events next, and so over the others too.
    if (counted.events() < minCell || (counted.censored() > 0 && counted.censored() < minCell)) {
      return Optional.of(Outcome.RARE_OUTCOME);
    }
    if (parameters(false) >= counted.events()) {
      return Optional.of(Outcome.TOO_MANY_PARAMETERS);
    }
    if (parameters(false) > job.floor().maxSaturation() * n) {
      return Optional.of(Outcome.SATURATED);
    }
    return design.hasRareLevel(counted.numbers().subList(1, counted.numbers().size()), n, minCell)
        ? Optional.of(Outcome.RARE_LEVEL)
        : Optional.empty();
  }

  private Step<SurvivalState, SurvivalResult> afterSpreading(Counted counted, Aggregate sum) {
    List<BigDecimal> squares = new ArrayList<>();
    for (int j = 0; j <= columns(); j++) {
      squares.add(sum.exact(SpreadingKernel.SQUARES + j, 0));
    }
    Spread spread =
        new Spread(
            squares,
            sum.unbounded(SpreadingKernel.EVENT_WEIGHTS, 0),
            sum.unbounded(SpreadingKernel.EVENT_LOG_TIMES, 0));
    // Equal times leave no scale to estimate; where it is 1 there is none.
    return squares.get(0).signum() == 0 && !distribution.fixedScale()
        ? failed(Outcome.CONSTANT_OUTCOME, counted, List.of())
        : new Step.Next<>(new Fitting(counted, spread, newton(counted, spread).first(spread)));
  }

  private Step<SurvivalState, SurvivalResult> afterFitting(Fitting fitting, Aggregate sum) {
    SurvivalNewton newton = newton(fitting.counted(), fitting.spread());
    SurvivalNewton.Verdict verdict = newton.next(fitting.iteration(), sum, maxSteps);
    if (verdict instanceof SurvivalNewton.Verdict.Again again) {
      return new Step.Next<>(new Fitting(fitting.counted(), fitting.spread(), again.iteration()));
    }
    if (verdict instanceof SurvivalNewton.Verdict.Failed failed) {
      return failed(
          failed.outcome(),
          fitting.counted(),
          failed.positions().stream().map(names()::get).toList());
    }
    Squaring ended =
        new Squaring(
            fitting.counted(),
            fitting.spread(),
            ((SurvivalNewton.Verdict.Converged) verdict).estimate());
    return robust ? new Step.Next<>(ended) : done(ended, Optional.empty());
  }

  private Step<SurvivalState, SurvivalResult> afterSquaring(Squaring at, Aggregate sum) {
    if (sum.count(SquaresKernel.BEYOND) > 0) {
      return failed(Outcome.NOT_CONVERGED, at.counted(), List.of());
    }
    return done(
        at,
        Optional.of(
            Sandwich.of(parameters(false), inverse(at), sum.values(SquaresKernel.SQUARES))));
  }

  private static double[] inverse(Squaring at) {
    return Cholesky.of(
            at.estimate().coefficients().size(), at.estimate().information().toArray(), 0)
        .inverse();
  }

  private Step<SurvivalState, SurvivalResult> done(Squaring at, Optional<double[]> sandwich) {
    Fit fit =
        Fit.of(
            LogTimeScaling.of(at.counted(), at.spread()),
            distribution.fixedScale(),
            at.spread(),
            at.estimate(),
            inverse(at),
            sandwich);
    return new Step.Done<>(
        new SurvivalResult(Outcome.OK, at.counted(), names(), List.of(), Optional.of(fit)));
  }

  private Step<SurvivalState, SurvivalResult> failed(
      Outcome outcome, Counted counted, List<String> concerned) {
    return new Step.Done<>(
        new SurvivalResult(outcome, counted, names(), concerned, Optional.empty()));
  }

  // ---- bytes, words ----------------------------------------------------------------------------

  @Override
  public byte[] encode(SurvivalState state) {
    return SurvivalCodec.encode(state);
  }

  @Override
  public SurvivalState decode(byte[] bytes) {
    return SurvivalCodec.decode(bytes, this);
  }

  @Override
  public AnalysisReport present(SurvivalResult result) {
    return new SurvivalTables(this, result).report();
  }

  @Override
  public String resolution() {
    return "counts exact; estimates to a Newton decrement of 1e-12 a person";
  }

  @Override
  public Demand demand() {
    return Demand.ofRounds(2 + maxSteps + (robust ? 1 : 0));
  }

  @Override
  public List<String> reveals() {
    int p = parameters(false);
    List<String> sentences = new ArrayList<>();
    sentences.add(
        "Sum 1: persons with the event, without, and left out; sums and absolute sums of log time"
            + " and of "
            + columns()
            + " columns of the model matrix, and of weight.");
    sentences.add(
        "Sum 2: squares about the means of those; weights of all persons with the event, and the sum"
            + " of their log times.");
    sentences.add(
        "Sums 3 and later, at most "
            + maxSteps
            + ": log-likelihood [1], score ["
            + p
            + "] and information ["
            + p
            + " x "
            + p
            + ", upper triangle] at that iteration's coefficients, first without columns, and how many"
            + " persons' predictor moved by more than "
            + LikelihoodKernel.FAR
            + " or lies beyond its cap.");
    if (robust) {
      sentences.add(
          "Sum after the last of these: squares of persons' score residuals ["
              + p
              + " x "
              + p
              + ", upper triangle], and how many rows' residual lies beyond its cap.");
    }
    return sentences;
  }
}
