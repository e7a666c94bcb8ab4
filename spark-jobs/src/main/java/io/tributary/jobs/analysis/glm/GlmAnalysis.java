package io.tributary.jobs.analysis.glm;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.analysis.Step;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.jobs.analysis.BinaryOutcome;
import io.tributary.jobs.analysis.Counts;
import io.tributary.jobs.analysis.Design;
import io.tributary.jobs.analysis.Exact;
import io.tributary.jobs.analysis.Field;
import io.tributary.jobs.analysis.Job;
import io.tributary.jobs.analysis.LevelDiscovery;
import io.tributary.jobs.analysis.ModelTerms;
import io.tributary.jobs.analysis.Options;
import io.tributary.jobs.analysis.PlacedCount;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.RowBlocks;
import io.tributary.jobs.analysis.StudyAnalysis;
import io.tributary.jobs.analysis.glm.GlmResult.Fit;
import io.tributary.jobs.analysis.glm.GlmResult.Outcome;
import io.tributary.jobs.analysis.glm.GlmState.Counted;
import io.tributary.jobs.analysis.glm.GlmState.Counting;
import io.tributary.jobs.analysis.glm.GlmState.Discovering;
import io.tributary.jobs.analysis.glm.GlmState.Element;
import io.tributary.jobs.analysis.glm.GlmState.Fitting;
import io.tributary.jobs.analysis.glm.GlmState.Iteration;
import io.tributary.jobs.analysis.glm.GlmState.Spread;
import io.tributary.jobs.analysis.glm.GlmState.Spreading;
import io.tributary.jobs.analysis.glm.GlmState.Squaring;
import io.tributary.jobs.formula.Formula;
import io.tributary.jobs.linalg.Sandwich;
import io.tributary.privacy.Demand;
import io.tributary.report.AnalysisReport;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Generalised linear models by Newton's method on masked sums; see the package's card. */
public final class GlmAnalysis implements StudyAnalysis<GlmState, GlmResult> {
  private final Job job;
  private final FamilyLink model;
  private final Formula formula;
  private final Optional<String> weights;
  private final double confidence;
  private final int maxSteps;
  private final Field response;
  private final ModelTerms terms;
  private final Optional<Field> weightField;
  private final VarianceEstimator variance;
  private final Optional<String> cluster;

  private GlmAnalysis(Job job, Options options) {
    this.job = job;
    this.formula =
        Formula.parse(options.requiredText("formula", "a formula, e.g. \"death ~ age + sex\""));
    this.model = FamilyLink.of(options);
    this.weights = options.text("weights");
    this.confidence = options.between("confidence", 0.95, 0, 1);
    this.maxSteps = options.whole("maxSteps", 25, 2, 100);
    this.response = responseField();
    this.terms = new ModelTerms(job, formula);
    this.weightField = weights.map(column -> ModelTerms.number(job, column));
    this.variance = VarianceEstimator.of(job, options);
    this.cluster = options.text("cluster");
    if (formula.terms().isEmpty() && !formula.intercept()) {
      throw options.refuse("formula", "has no term", "at least one term, or an intercept");
    }
    requireStart(options);
  }

  /**
   * With some links only the mean of all is a start: at others the model has no mean, or steps from
   * there take too long.
   */
  private void requireStart(Options options) {
    String pair = "link " + model.link().word() + " of family " + model.family().word();
    if (!formula.intercept() && !model.startsAtZero()) {
      throw options.refuse(
          "formula", "has no intercept, without which " + pair + " has no start", "an intercept");
    }
    if (!formula.offsets().isEmpty() && !model.everywhere()) {
      throw options.refuse(
          "formula",
          "has an offset, with which " + pair + " has no start",
          "no offset, or link log");
    }
  }

  /**
   * Reads the options {@code formula}, {@code family}, {@code link}, {@code weights}, {@code
   * variance}, {@code cluster}, {@code confidence} and {@code maxSteps}.
   */
  public static GlmAnalysis of(Job job) {
    return new GlmAnalysis(
        job,
        Options.of(
            job.spec(),
            "formula",
            "family",
            "link",
            "weights",
            "variance",
            "cluster",
            "confidence",
            "maxSteps"));
  }

  private Field responseField() {
    return BinaryOutcome.field(
        job,
        formula.response(),
        model.family().variance() == Variance.BINOMIAL,
        "a number for " + model.family().word() + ", or two levels with family binomial");
  }

  Job job() {
    return job;
  }

  FamilyLink model() {
    return model;
  }

  Formula formula() {
    return formula;
  }

  double confidence() {
    return confidence;
  }

  boolean weighted() {
    return weights.isPresent();
  }

  VarianceEstimator variance() {
    return variance;
  }

  /** What rows stand together in standard errors, in words; empty if each stands for itself. */
  Optional<String> clusters() {
    if (variance.robust() && cluster.isEmpty() && job.study().cohort().rowsPerPerson() > 1) {
      return Optional.of("persons with all their rows");
    }
    return cluster.map(column -> "rows of a site with the same " + column);
  }

  /** Factors to discover; a state that claims other levels is refused. */
  int discoveredFactors() {
    return terms.discovered().size();
  }

  /** The model matrix once levels are known. */
  Design design(List<Counts> levels) {
    return terms.design(levels);
  }

  /** Names of the coefficients, the intercept first. */
  List<String> terms(Design design) {
    List<String> names = new ArrayList<>();
    if (formula.intercept()) {
      names.add("(Intercept)");
    }
    names.addAll(design.names());
    return names;
  }

  /** Whether the model with offset and intercept alone has no closed form. */
  boolean withNull() {
    Variance variance = model.family().variance();
    return !model.linear()
        && (!formula.offsets().isEmpty()
            || !formula.intercept()
            || variance == Variance.OVERDISPERSED
            || variance == Variance.SQUARE
            || variance == Variance.CUBE);
  }

  // ---- the contract ----------------------------------------------------------------------------

  @Override
  public GlmState start() {
    return terms.discovered().isEmpty() ? new Counting(List.of()) : new Discovering();
  }

  @Override
  public Layout layout(GlmState state) {
    Layout.Builder layout = Layout.of(job.sites());
    long most = job.personsPerSite();
    if (state instanceof Discovering) {
      LevelDiscovery.declare(layout, terms.discovered().size(), most);
    } else if (state instanceof Counting counting) {
      int columns = design(counting.levels()).size();
      layout.count(CountingKernel.PERSONS, 1, "person", 1, most);
      layout.count(CountingKernel.DROPPED, 1, "person", 1, most);
      layout.count(CountingKernel.UNWEIGHTED, 1, "person", 1, most);
      layout.count(CountingKernel.EVENTS, 1, "person", 1, most);
      if (clusters().isPresent()) {
        layout.count(CountingKernel.CLUSTERS, 1, "cluster", 1, most);
      }
      layout.unbounded(CountingKernel.OUTCOME, Element.COUNT, "unit");
      if (columns > 0) {
        layout.unbounded(CountingKernel.DESIGN, columns, "unit");
        layout.unbounded(CountingKernel.ABSOLUTES, columns, "unit");
      }
    } else if (state instanceof Spreading spreading) {
      spreadSlots(layout, spreading.counted());
    } else if (state instanceof Squaring squaring) {
      irls(squaring.counted(), squaring.spread())
          .declareSquares(layout, squaring.estimate(), variance.power(), most);
    } else {
      Fitting fitting = (Fitting) state;
      irls(fitting.counted(), fitting.spread()).declare(layout, fitting.iteration(), most);
    }
    return layout.build();
  }

  /** One sum of squares is at most the square of the sum of absolute values. */
  private void spreadSlots(Layout.Builder layout, Counted in) {
    double n = in.persons();
    double[] centres = Scaling.centres(formula.intercept(), in);
    for (int j = 0; j < centres.length; j++) {
      double bound = square(in.absolutes().get(j), n * Math.abs(centres[j]));
      layout.wide(SpreadingKernel.DESIGN + j, 1, "unit^2", bound, bound);
    }
    double outcome = square(in.outcome(Element.ABSOLUTE_Y), n * Math.abs(outcomeCentre(in)));
    layout.wide(SpreadingKernel.OUTCOME, 1, "unit^2", outcome, outcome);
    double mean = Math.abs(Scaling.weightedMean(formula.intercept(), in));
    double weighted =
        square(in.outcome(Element.ABSOLUTE_Y), n * mean) * Exact.upperBound(in.outcome(Element.W));
    layout.wide(SpreadingKernel.WEIGHTED, 1, "unit^2", weighted, weighted);
    double offset =
        square(
            in.outcome(Element.ABSOLUTE_OFFSET),
            n * Math.abs(Exact.mean(in.outcome(Element.OFFSET), in.persons())));
    layout.wide(SpreadingKernel.OFFSET, 1, "unit^2", offset, offset);
  }

  private static double square(BigDecimal absolute, double centres) {
    double most = Exact.upperBound(absolute) + centres * (1 + 0x1p-40);
    return most * most * (1 + 0x1p-40);
  }

  private double outcomeCentre(Counted in) {
    return formula.intercept() ? Exact.mean(in.outcome(Element.Y), in.persons()) : 0;
  }

  private Irls irls(Counted counted, Spread spread) {
    Scaling scaling = Scaling.of(model.linear(), formula.intercept(), weighted(), counted, spread);
    return new Irls(model, scaling, weighted(), withNull(), variance.robust(), counted);
  }

  @Override
  public Partial contribute(GlmState state, SiteTable table) {
    Layout layout = layout(state);
    if (state instanceof Discovering) {
      return discover(layout, table);
    }
    if (state instanceof Counting counting) {
      Design design = design(counting.levels());
      return blocks(table, counting.levels(), design)
          .sum(layout, new CountingKernel(model.family(), design.size(), clusters().isPresent()));
    }
    if (state instanceof Spreading spreading) {
      Counted in = spreading.counted();
      return blocks(table, spreading.levels(), design(spreading.levels()))
          .sum(
              layout,
              new SpreadingKernel(
                  Reals.of(Scaling.centres(formula.intercept(), in)),
                  outcomeCentre(in),
                  Scaling.weightedMean(formula.intercept(), in),
                  Exact.mean(in.outcome(Element.OFFSET), in.persons())));
    }
    if (state instanceof Squaring squaring) {
      return blocks(table, squaring.levels(), design(squaring.levels()))
          .sum(
              layout,
              irls(squaring.counted(), squaring.spread())
                  .squares(squaring.estimate(), variance.power()));
    }
    Fitting fitting = (Fitting) state;
    return blocks(table, fitting.levels(), design(fitting.levels()))
        .sum(layout, irls(fitting.counted(), fitting.spread()).kernel(layout, fitting.iteration()));
  }

  private Partial discover(Layout layout, SiteTable table) {
    List<String> columns = new ArrayList<>(terms.discoveredColumns());
    int factors = columns.size();
    columns.addAll(columns());
    return RowBlocks.of(
            table,
            List.of("glm levels", columns),
            columns,
            new LevelDiscovery.Reader(factors, columns.size()))
        .sum(layout, new LevelDiscovery.Kernel(factors));
  }

  private List<String> columns() {
    List<String> columns = new ArrayList<>();
    columns.add(formula.response().column());
    formula.variables().forEach(variable -> columns.add(variable.column()));
    formula.offsets().forEach(variable -> columns.add(variable.column()));
    weights.ifPresent(columns::add);
    return columns;
  }

  private RowBlocks blocks(SiteTable table, List<Counts> levels, Design design) {
    List<Field> read = new ArrayList<>();
    read.add(response);
    read.addAll(terms.fields(levels));
    read.addAll(terms.offsets());
    weightField.ifPresent(read::add);
    DesignReader reader =
        new DesignReader(
            model,
            formula.response(),
            formula.variables(),
            formula.offsets(),
            weights.isPresent(),
            read,
            design);
    List<Object> key = List.of("glm", model, formula, read, clusters());
    if (cluster.isPresent()) {
      return RowBlocks.byCluster(table, key, columns(), cluster.get(), reader, DesignReader.FIRST);
    }
    return clusters().isPresent()
        ? RowBlocks.byPerson(job, table, key, columns(), reader, DesignReader.FIRST)
        : RowBlocks.of(table, key, columns(), reader);
  }

  @Override
  public List<PlacedCount> counts(AnalysisReport report) {
    return PlacedCount.ofModel(PlacedCount.positive(PlacedCount.complete(columns()), weights));
  }

  @Override
  public Step<GlmState, GlmResult> update(GlmState state, Aggregate sum) {
    if (state instanceof Discovering) {
      return afterDiscovering(sum);
    }
    if (state instanceof Counting counting) {
      return afterCounting(counting, sum);
    }
    if (state instanceof Spreading spreading) {
      Spread spread = spread(spreading.counted(), sum);
      if (!model.family().hasEvents() && spread.outcome().signum() == 0) {
        return failed(Outcome.CONSTANT_OUTCOME, spreading.counted(), spreading.levels());
      }
      Optional<Iteration> first = irls(spreading.counted(), spread).first(spread);
      return first.isEmpty()
          ? failed(Outcome.NO_START, spreading.counted(), spreading.levels())
          : new Step.Next<>(
              new Fitting(spreading.levels(), spreading.counted(), spread, first.get()));
    }
    return state instanceof Squaring squaring
        ? afterSquaring(squaring, sum)
        : afterFitting((Fitting) state, sum);
  }

  private Step<GlmState, GlmResult> afterDiscovering(Aggregate sum) {
    long[] counts = sum.counts(LevelDiscovery.LEVELS);
    List<Counts> levels = LevelDiscovery.found(terms.discovered().size(), counts);
    long[] others = sum.counts(LevelDiscovery.OFF_GRID);
    for (int factor = 0; factor < levels.size(); factor++) {
      Outcome outcome = Outcome.OK;
      if (levels.get(factor).size() == 0 && others[factor] == 0) {
        outcome = Outcome.TOO_FEW_PERSONS;
      } else if (!LevelDiscovery.usable(levels.get(factor), others[factor])) {
        outcome = Outcome.LEVELS_UNKNOWN;
      } else if (LevelDiscovery.rare(factor, counts, job.floor().minCell())) {
        outcome = Outcome.RARE_LEVEL;
      }
      if (outcome != Outcome.OK) {
        String term = formula.variables().get(terms.discovered().get(factor)).label();
        return new Step.Done<>(
            new GlmResult(outcome, Optional.empty(), List.of(), List.of(term), Optional.empty()));
      }
    }
    return new Step.Next<>(new Counting(levels));
  }

  private Step<GlmState, GlmResult> afterCounting(Counting counting, Aggregate sum) {
    Design design = design(counting.levels());
    List<BigDecimal> columns = new ArrayList<>();
    List<BigDecimal> absolutes = new ArrayList<>();
    for (int j = 0; j < design.size(); j++) {
      columns.add(sum.unbounded(CountingKernel.DESIGN, j));
      absolutes.add(sum.unbounded(CountingKernel.ABSOLUTES, j));
    }
    List<BigDecimal> outcome = new ArrayList<>();
    for (Element element : Element.values()) {
      outcome.add(sum.unbounded(CountingKernel.OUTCOME, element.position()));
    }
    Counted counted =
        new Counted(
            sum.count(CountingKernel.PERSONS),
            sum.count(CountingKernel.DROPPED),
            sum.count(CountingKernel.UNWEIGHTED),
            sum.count(CountingKernel.EVENTS),
            sum.count(clusters().isPresent() ? CountingKernel.CLUSTERS : CountingKernel.PERSONS),
            columns,
            absolutes,
            outcome);
    Optional<Outcome> refusal =
        Feasible.refusal(model.family(), design, formula, counted, job.floor());
    return refusal.isPresent()
        ? failed(refusal.get(), counted, counting.levels())
        : new Step.Next<>(new Spreading(counting.levels(), counted));
  }

  private Spread spread(Counted in, Aggregate sum) {
    double[] centres = Scaling.centres(formula.intercept(), in);
    List<BigDecimal> design = new ArrayList<>();
    for (int j = 0; j < centres.length; j++) {
      design.add(sum.exact(SpreadingKernel.DESIGN + j, 0));
    }
    return new Spread(
        design,
        sum.exact(SpreadingKernel.OUTCOME, 0),
        sum.exact(SpreadingKernel.WEIGHTED, 0),
        sum.exact(SpreadingKernel.OFFSET, 0));
  }

  private Step<GlmState, GlmResult> afterFitting(Fitting fitting, Aggregate sum) {
    Irls irls = irls(fitting.counted(), fitting.spread());
    Irls.Verdict verdict = irls.next(fitting.iteration(), sum, maxSteps);
    if (verdict instanceof Irls.Verdict.Again again) {
      return new Step.Next<>(
          new Fitting(fitting.levels(), fitting.counted(), fitting.spread(), again.iteration()));
    }
    if (verdict instanceof Irls.Verdict.Failed failed) {
      List<String> names = terms(design(fitting.levels()));
      return new Step.Done<>(
          new GlmResult(
              failed.outcome(),
              Optional.of(fitting.counted()),
              names,
              failed.positions().stream().map(names::get).toList(),
              Optional.empty()));
    }
    Squaring ended =
        new Squaring(
            fitting.levels(),
            fitting.counted(),
            fitting.spread(),
            ((Irls.Verdict.Converged) verdict).estimate());
    return variance.robust() ? new Step.Next<>(ended) : done(ended, Optional.empty());
  }

  private Step<GlmState, GlmResult> afterSquaring(Squaring at, Aggregate sum) {
    if (sum.count(SquaresKernel.BEYOND) > 0) {
      return failed(Outcome.NOT_CONVERGED, at.counted(), at.levels());
    }
    if (variance.power() > 0 && sum.count(SquaresKernel.FULL) > 0) {
      return failed(Outcome.FULL_LEVERAGE, at.counted(), at.levels());
    }
    int p = at.estimate().beta().size();
    double[] sandwich = Sandwich.of(p, at.estimate().inverse(), sum.values(SquaresKernel.SQUARES));
    double factor = variance.factor(at.counted().persons(), p, at.counted().clusters());
    for (int i = 0; i < sandwich.length; i++) {
      sandwich[i] *= factor;
    }
    return done(at, Optional.of(Reals.of(sandwich)));
  }

  private Step<GlmState, GlmResult> done(Squaring at, Optional<Reals> robust) {
    Scaling scaling =
        Scaling.of(model.linear(), formula.intercept(), weighted(), at.counted(), at.spread());
    Fit fit =
        BackTransform.of(
            model, scaling, at.counted(), at.spread(), withNull(), at.estimate(), robust);
    return new Step.Done<>(
        new GlmResult(
            Outcome.OK,
            Optional.of(at.counted()),
            terms(design(at.levels())),
            List.of(),
            Optional.of(fit)));
  }

  private Step<GlmState, GlmResult> failed(Outcome outcome, Counted counted, List<Counts> levels) {
    return new Step.Done<>(
        new GlmResult(
            outcome, Optional.of(counted), terms(design(levels)), List.of(), Optional.empty()));
  }

  @Override
  public byte[] encode(GlmState state) {
    return GlmCodec.encode(state);
  }

  @Override
  public GlmState decode(byte[] bytes) {
    return GlmCodec.decode(bytes, this);
  }

  @Override
  public AnalysisReport present(GlmResult result) {
    return new GlmTables(this, result).report();
  }

  @Override
  public String resolution() {
    return "counts exact; estimates to a Newton decrement of "
        + (model.bounded() ? "1e-12" : "1e-20")
        + " of the deviance";
  }

  @Override
  public Demand demand() {
    return Demand.ofRounds(
        (terms.discovered().isEmpty() ? 2 : 3) + maxSteps + (variance.robust() ? 1 : 0));
  }

  @Override
  public List<String> reveals() {
    List<String> sentences = new ArrayList<>();
    int first = 1;
    if (!terms.discovered().isEmpty()) {
      sentences.add(
          "Sum 1: persons at each whole number from -1024 to 1023 of "
              + terms.discovered().size()
              + " factors, to find their levels.");
      first = 2;
    }
    String columns =
        terms.discovered().isEmpty() ? design(List.of()).size() + " columns" : "the columns";
    sentences.add(
        "Sum "
            + first
            + ": rows used, dropped and of weight 0, events, "
            + (clusters().isPresent() ? "clusters, " : "")
            + "sums and absolute sums of "
            + columns
            + " of the model matrix, of outcome y and offset; sums of weight w, of log w, of w y"
            + (model.family().variance() == Variance.MEAN ? ", of w y log y" : "")
            + " and of what the likelihood needs of y alone.");
    sentences.add(
        "Sum "
            + (first + 1)
            + ": squares about the means of those columns, outcome and offset, and of the outcome by"
            + " weight.");
    String p =
        terms.discovered().isEmpty() ? Integer.toString(terms(design(List.of())).size()) : "p";
    sentences.add(
        "Sums "
            + (first + 2)
            + " and later, at most "
            + maxSteps
            + ": deviance [1], "
            + (model.family().estimatesTheta()
                ? "log-likelihood [1], its two derivatives to theta [2], "
                : "")
            + (model.family().sumsPearson() || variance.robust() ? "Pearson's statistic [1], " : "")
            + "score ["
            + p
            + "] and information ["
            + p
            + " x "
            + p
            + ", upper triangle] at that iteration's coefficients"
            + (withNull()
                ? ", deviance, score and information of the model without columns [3]"
                : "")
            + ", and how many persons' predictor moved by more than "
            + model.moved()
            + " or lies beyond its cap.");
    if (variance.robust()) {
      sentences.add(
          "Sum after the last of these: squares of score residuals ["
              + p
              + " x "
              + p
              + ", upper triangle]"
              + clusters().map(words -> ", summed first over " + words).orElse("")
              + ", and how many rows lie beyond a cap"
              + (variance.power() > 0 ? " or have leverage 1." : "."));
    }
    return sentences;
  }
}
