package io.tributary.jobs.analysis.polytomous;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.analysis.Step;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.jobs.analysis.Counts;
import io.tributary.jobs.analysis.Design;
import io.tributary.jobs.analysis.Exact;
import io.tributary.jobs.analysis.Field;
import io.tributary.jobs.analysis.Job;
import io.tributary.jobs.analysis.ModelTerms;
import io.tributary.jobs.analysis.Options;
import io.tributary.jobs.analysis.PlacedCount;
import io.tributary.jobs.analysis.RowBlocks;
import io.tributary.jobs.analysis.StudyAnalysis;
import io.tributary.jobs.analysis.polytomous.PolytomousResult.Fit;
import io.tributary.jobs.analysis.polytomous.PolytomousResult.Outcome;
import io.tributary.jobs.analysis.polytomous.PolytomousState.Counted;
import io.tributary.jobs.analysis.polytomous.PolytomousState.Counting;
import io.tributary.jobs.analysis.polytomous.PolytomousState.Fitting;
import io.tributary.jobs.analysis.polytomous.PolytomousState.Spreading;
import io.tributary.jobs.formula.Formula;
import io.tributary.jobs.formula.Variable.Form;
import io.tributary.privacy.Demand;
import io.tributary.report.AnalysisReport;
import io.tributary.study.Errors;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Outcomes of several levels by Newton's method on masked sums; see the package's card. */
public final class PolytomousAnalysis implements StudyAnalysis<PolytomousState, PolytomousResult> {
  /** Parameters a model may have; its information matrix then has half a million elements. */
  private static final int MAX_PARAMETERS = 1000;

  private final Job job;
  private final Formula formula;
  private final ModelTerms terms;
  private final Design design;
  private final Field outcome;
  private final Optional<Field> weights;
  private final PolytomousModel model;
  private final double confidence;
  private final int maxSteps;

  private PolytomousAnalysis(Job job, Options options, boolean ordered) {
    this.job = job;
    this.formula =
        Formula.parse(options.requiredText("formula", "a formula, e.g. \"stage ~ age + sex\""));
    if (!formula.intercept() || !formula.offsets().isEmpty()) {
      throw options.refuse(
          "formula",
          "has an offset, or no intercept, which this model has not",
          "terms and an intercept");
    }
    this.terms = new ModelTerms(job, formula);
    if (!terms.discovered().isEmpty()) {
      throw Errors.levelsNeeded(job.name(), terms.discoveredColumns().get(0));
    }
    this.design = terms.design(List.of());
    this.outcome = outcome(options);
    this.weights = options.text("weights").map(column -> ModelTerms.number(job, column));
    this.model =
        ordered
            ? new ProportionalOdds(outcome.levels(), design.names())
            : new MultinomialLogit(outcome.levels(), design.names());
    if (model.parameters() > MAX_PARAMETERS) {
      throw options.refuse(
          "formula", "makes " + model.parameters() + " parameters", "at most " + MAX_PARAMETERS);
    }
    this.confidence = options.between("confidence", 0.95, 0, 1);
    this.maxSteps = options.whole("maxSteps", 25, 2, 100);
  }

  /** Reads {@code formula}, {@code weights}, {@code confidence} and {@code maxSteps}. */
  public static PolytomousAnalysis multinomial(Job job) {
    return new PolytomousAnalysis(job, options(job), false);
  }

  /** The same for levels that have an order. */
  public static PolytomousAnalysis ordinal(Job job) {
    return new PolytomousAnalysis(job, options(job), true);
  }

  private static Options options(Job job) {
    return Options.of(job.spec(), "formula", "weights", "confidence", "maxSteps");
  }

  private Field outcome(Options options) {
    String column = formula.response().column();
    if (formula.response().form() != Form.PLAIN) {
      throw options.refuse(
          "formula", "has a function of numbers as its outcome", "a column with levels");
    }
    Field field = Field.requireCategory(job.study(), job.name(), column);
    if (field.levels().size() < 3) {
      throw options.refuse(
          "formula",
          "has an outcome of " + field.levels().size() + " levels",
          "three levels or more; type glm with family binomial has two");
    }
    return field;
  }

  Job job() {
    return job;
  }

  Formula formula() {
    return formula;
  }

  PolytomousModel model() {
    return model;
  }

  boolean weighted() {
    return weights.isPresent();
  }

  double confidence() {
    return confidence;
  }

  /** Columns of the model matrix beside the intercept. */
  int columns() {
    return design.size();
  }

  // ---- the contract ----------------------------------------------------------------------------

  @Override
  public PolytomousState start() {
    return new Counting();
  }

  @Override
  public Layout layout(PolytomousState state) {
    Layout.Builder layout = Layout.of(job.sites());
    long most = job.personsPerSite();
    if (state instanceof Counting) {
      layout.count(CountingKernel.LEVELS, model.levels(), "person", 1, most);
      layout.count(CountingKernel.DROPPED, 1, "person", 1, most);
      layout.unbounded(CountingKernel.WEIGHTS, model.levels(), "unit");
      layout.unbounded(CountingKernel.NUMBERS, columns(), "unit");
      layout.unbounded(CountingKernel.ABSOLUTES, columns(), "unit");
    } else if (state instanceof Spreading spreading) {
      Counted in = spreading.counted();
      for (int j = 0; j < columns(); j++) {
        // One sum of squares is at most the square of the sum of absolute values.
        double centre = Math.abs(Exact.mean(in.numbers().get(j), in.persons()));
        double off = Exact.upperBound(in.absolutes().get(j)) + in.persons() * centre;
        double square = off * off * (1 + 0x1p-38);
        layout.wide(SpreadingKernel.SQUARES + j, 1, "unit^2", square, square);
      }
    } else {
      Fitting fitting = (Fitting) state;
      model.declare(layout, scaling(fitting), fitting.iteration(), most);
    }
    return layout.build();
  }

  private static ColumnScaling scaling(Fitting fitting) {
    return ColumnScaling.of(fitting.counted(), fitting.squares());
  }

  private PolytomousNewton newton(Counted counted) {
    return new PolytomousNewton(model, counted, maxSteps);
  }

  @Override
  public Partial contribute(PolytomousState state, SiteTable table) {
    Layout layout = layout(state);
    return blocks(table).sum(layout, kernel(layout, state));
  }

  private RowBlocks.Kernel kernel(Layout layout, PolytomousState state) {
    if (state instanceof Counting) {
      return new CountingKernel(columns());
    }
    if (state instanceof Spreading spreading) {
      return new SpreadingKernel(ColumnScaling.centres(spreading.counted()));
    }
    Fitting fitting = (Fitting) state;
    return model.kernel(layout, scaling(fitting), fitting.iteration());
  }

  private RowBlocks blocks(SiteTable table) {
    List<Field> read = new ArrayList<>(List.of(outcome));
    read.addAll(terms.fields(List.of()));
    weights.ifPresent(read::add);
    return RowBlocks.of(
        table,
        List.of("polytomous", formula, read),
        read.stream().map(Field::column).toList(),
        new CategoryReader(formula.variables(), weighted(), read, design));
  }

  @Override
  public Step<PolytomousState, PolytomousResult> update(PolytomousState state, Aggregate sum) {
    if (state instanceof Counting) {
      return afterCounting(sum);
    }
    return state instanceof Spreading spreading
        ? afterSpreading(spreading.counted(), sum)
        : afterFitting((Fitting) state, sum);
  }

  private Step<PolytomousState, PolytomousResult> afterCounting(Aggregate sum) {
    int levels = model.levels();
    long[] persons = sum.counts(CountingKernel.LEVELS);
    List<BigDecimal> weightsOf = new ArrayList<>();
    for (int k = 0; k < levels; k++) {
      weightsOf.add(sum.unbounded(CountingKernel.WEIGHTS, k));
    }
    List<BigDecimal> numbers = new ArrayList<>();
    List<BigDecimal> absolutes = new ArrayList<>();
    for (int j = 0; j < columns(); j++) {
      numbers.add(sum.unbounded(CountingKernel.NUMBERS, j));
      absolutes.add(sum.unbounded(CountingKernel.ABSOLUTES, j));
    }
    Counted counted =
        new Counted(
            Counts.of(persons), sum.count(CountingKernel.DROPPED), weightsOf, numbers, absolutes);
    Optional<Outcome> refusal = refusal(counted);
    if (refusal.isPresent()) {
      return failed(
          refusal.get(),
          counted,
          refusal.get() == Outcome.EMPTY_LEVEL ? empty(counted) : List.of());
    }
    return new Step.Next<>(new Spreading(counted));
  }

  /** What stops a model after its first sums: the release floor, or data without an answer. */
  private Optional<Outcome> refusal(Counted counted) {
    long n = counted.persons();
    int minCell = job.floor().minCell();
    if (!job.floor().showsStatistic(n)) {
      return Optional.of(Outcome.TOO_FEW_PERSONS);
    }
    for (long persons : counted.levels().toArray()) {
      if (persons > 0 && persons < minCell) {
        return Optional.of(Outcome.RARE_OUTCOME);
      }
    }
    if (!empty(counted).isEmpty()) {
      return Optional.of(Outcome.EMPTY_LEVEL);
    }
    if (model.parameters() >= n) {
      return Optional.of(Outcome.TOO_MANY_PARAMETERS);
    }
    if (model.parameters() > job.floor().maxSaturation() * n) {
      return Optional.of(Outcome.SATURATED);
    }
    return design.hasRareLevel(counted.numbers(), n, minCell)
        ? Optional.of(Outcome.RARE_LEVEL)
        : Optional.empty();
  }

  private List<String> empty(Counted counted) {
    List<String> names = new ArrayList<>();
    for (int k = 0; k < model.levels(); k++) {
      if (counted.levels().at(k) == 0) {
        names.add(outcome.levels().get(k));
      }
    }
    return names;
  }

  private Step<PolytomousState, PolytomousResult> afterSpreading(Counted counted, Aggregate sum) {
    List<BigDecimal> squares = new ArrayList<>();
    for (int j = 0; j < columns(); j++) {
      squares.add(sum.exact(SpreadingKernel.SQUARES + j, 0));
    }
    return new Step.Next<>(new Fitting(counted, squares, newton(counted).first()));
  }

  private Step<PolytomousState, PolytomousResult> afterFitting(Fitting fitting, Aggregate sum) {
    Counted counted = fitting.counted();
    PolytomousNewton.Verdict verdict = newton(counted).next(fitting.iteration(), sum);
    if (verdict instanceof PolytomousNewton.Verdict.Again again) {
      return new Step.Next<>(new Fitting(counted, fitting.squares(), again.iteration()));
    }
    if (verdict instanceof PolytomousNewton.Verdict.Failed failed) {
      return failed(failed.outcome(), counted, model.concerned(failed.parameters()));
    }
    PolytomousNewton.Verdict.Converged end = (PolytomousNewton.Verdict.Converged) verdict;
    Uncentring uncentring = new Uncentring(model, scaling(fitting));
    Fit fit =
        new Fit(
            uncentring.estimates(end.coefficients()),
            uncentring.covariance(end.factor().inverse()),
            -end.objective() / 2,
            PolytomousResult.nullLogLikelihood(counted),
            end.steps());
    return new Step.Done<>(new PolytomousResult(Outcome.OK, counted, List.of(), Optional.of(fit)));
  }

  private static Step<PolytomousState, PolytomousResult> failed(
      Outcome outcome, Counted counted, List<String> concerned) {
    return new Step.Done<>(new PolytomousResult(outcome, counted, concerned, Optional.empty()));
  }

  // ---- bytes, words ----------------------------------------------------------------------------

  @Override
  public byte[] encode(PolytomousState state) {
    return PolytomousCodec.encode(state);
  }

  @Override
  public PolytomousState decode(byte[] bytes) {
    return PolytomousCodec.decode(bytes, this);
  }

  @Override
  public AnalysisReport present(PolytomousResult result) {
    return new PolytomousTables(this, result).report();
  }

  @Override
  public String resolution() {
    return "counts exact; estimates to a Newton decrement of 1e-12 a person";
  }

  @Override
  public Demand demand() {
    return Demand.ofRounds(2 + maxSteps);
  }

  @Override
  public List<PlacedCount> counts(AnalysisReport report) {
    List<String> complete = new ArrayList<>(List.of(outcome.column()));
    terms.fields(List.of()).forEach(field -> complete.add(field.column()));
    return PlacedCount.ofModel(
        PlacedCount.positive(PlacedCount.complete(complete), weights.map(Field::column)));
  }

  @Override
  public List<String> reveals() {
    int p = model.parameters();
    return List.of(
        "Sum 1: persons and weights at each level of the outcome ["
            + model.levels()
            + " each], and persons left out; sums and absolute sums of "
            + columns()
            + " columns of the model matrix.",
        "Sum 2: squares about the means of those columns.",
        "Sums 3 and later, at most "
            + maxSteps
            + ": log-likelihood [1], score ["
            + p
            + "] and information ["
            + p
            + " x "
            + p
            + ", upper triangle] at that iteration's coefficients, and how many persons' predictor"
            + " moved by more than "
            + PolytomousModel.FAR
            + ".");
  }
}
