package io.tributary.jobs.analysis.elasticnet;

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
import io.tributary.jobs.analysis.ModelTerms;
import io.tributary.jobs.analysis.Options;
import io.tributary.jobs.analysis.PlacedCount;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.RowBlocks;
import io.tributary.jobs.analysis.Scales;
import io.tributary.jobs.analysis.ScoreSums;
import io.tributary.jobs.analysis.StudyAnalysis;
import io.tributary.jobs.analysis.elasticnet.NetResult.Outcome;
import io.tributary.jobs.analysis.elasticnet.NetResult.Point;
import io.tributary.jobs.analysis.elasticnet.NetState.Counted;
import io.tributary.jobs.analysis.elasticnet.NetState.Counting;
import io.tributary.jobs.analysis.elasticnet.NetState.Fit;
import io.tributary.jobs.analysis.elasticnet.NetState.Fitting;
import io.tributary.jobs.analysis.elasticnet.NetState.Judging;
import io.tributary.jobs.analysis.elasticnet.NetState.Multiplying;
import io.tributary.jobs.analysis.elasticnet.NetState.Spread;
import io.tributary.jobs.analysis.elasticnet.NetState.Spreading;
import io.tributary.jobs.formula.Formula;
import io.tributary.privacy.Demand;
import io.tributary.report.AnalysisReport;
import io.tributary.study.Errors;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Linear and logistic models with an elastic net's penalty, on masked sums; see the card. */
public final class ElasticNetAnalysis implements StudyAnalysis<NetState, NetResult> {
  /** Numbers a round may sum; their words are then one block. */
  private static final long MAX_NUMBERS = 1 << 19;

  private static final int MOST_LAMBDAS = 200;
  private static final int MOST_PARTS = 20;

  private final Job job;
  private final Formula formula;
  private final ModelTerms terms;
  private final Design design;
  private final Field outcome;
  private final Optional<Field> partColumn;
  private final Parts parts;
  private final boolean binomial;
  private final boolean standardised;
  private final double alpha;
  private final Reals lambdas;
  private final int steps;
  private final int maxSteps;

  private ElasticNetAnalysis(Job job, Options options) {
    this.job = job;
    this.formula =
        Formula.parse(options.requiredText("formula", "a formula, e.g. \"y ~ age + sex\""));
    if (!formula.intercept() || !formula.offsets().isEmpty() || formula.terms().isEmpty()) {
      throw options.refuse(
          "formula",
          "has an offset, no intercept or no term, which this model has not",
          "an intercept and at least one term");
    }
    this.terms = new ModelTerms(job, formula);
    if (!terms.discovered().isEmpty()) {
      throw Errors.levelsNeeded(job.name(), terms.discoveredColumns().get(0));
    }
    this.design = terms.design(List.of());
    this.binomial =
        options.word("family", "gaussian", List.of("gaussian", "binomial")).equals("binomial");
    this.outcome =
        BinaryOutcome.field(job, formula.response(), binomial, "a numeric outcome, or two levels");
    this.standardised = options.flag("standardize", true);
    double[] mixing = options.numbers("alpha", 1);
    if (mixing.length != 1 || !(mixing[0] >= 0 && mixing[0] <= 1)) {
      throw options.refuse("alpha", "is not one number from 0 to 1", "0 for ridge, 1 for lasso");
    }
    this.alpha = mixing[0];
    this.lambdas = lambdas(options);
    this.steps = lambdas.size() > 0 ? lambdas.size() : options.whole("steps", 50, 2, MOST_LAMBDAS);
    if (lambdas.size() > 0 && options.has("steps")) {
      throw options.refuse("steps", "stands beside lambda, which gives the path", "one of both");
    }
    this.partColumn =
        options.text("fold").map(column -> Field.requireCategory(job.study(), job.name(), column));
    this.parts = parts(options);
    this.maxSteps = options.whole("maxSteps", 30, 3, 100);
    if (numbers() > MAX_NUMBERS) {
      throw options.refuse(
          binomial && lambdas.size() == 0 ? "steps" : "formula",
          "makes sums of " + numbers() + " numbers",
          "at most " + MAX_NUMBERS + ": fewer terms, penalties or folds");
    }
  }

  private static Reals lambdas(Options options) {
    double[] given = options.numbers("lambda");
    if (options.has("lambda") && (given.length == 0 || given.length > MOST_LAMBDAS)) {
      throw options.refuse("lambda", "has " + given.length + " numbers", "1 to " + MOST_LAMBDAS);
    }
    for (int i = 0; i < given.length; i++) {
      if (!(given[i] > 0) || (i > 0 && !(given[i] < given[i - 1]))) {
        throw options.refuse(
            "lambda", "does not descend, or is not above 0", "positive numbers, descending");
      }
    }
    return Reals.of(given);
  }

  private Parts parts(Options options) {
    if (partColumn.isPresent()) {
      int levels = partColumn.get().levels().size();
      if (options.has("folds") || levels < 3 || levels > MOST_PARTS) {
        throw options.refuse(
            "fold",
            "stands beside folds, or has " + levels + " levels",
            "a column of 3 to " + MOST_PARTS + " levels, or folds");
      }
      return new Parts(levels, Parts.From.COLUMN);
    }
    if (!options.has("folds")) {
      return new Parts(1, Parts.From.NONE);
    }
    int count = options.whole("folds", 10, 3, MOST_PARTS);
    boolean several = job.study().cohort().rowsPerPerson() > 1;
    return new Parts(count, several ? Parts.From.PERSON : Parts.From.VALUES);
  }

  /**
   * Reads {@code formula}, {@code family}, {@code alpha}, {@code lambda}, {@code steps}, {@code
   * standardize}, {@code folds}, {@code fold} and {@code maxSteps}.
   */
  public static ElasticNetAnalysis of(Job job) {
    return new ElasticNetAnalysis(
        job,
        Options.of(
            job.spec(),
            "formula",
            "family",
            "alpha",
            "lambda",
            "steps",
            "standardize",
            "folds",
            "fold",
            "maxSteps"));
  }

  Job job() {
    return job;
  }

  Formula formula() {
    return formula;
  }

  boolean binomial() {
    return binomial;
  }

  double alpha() {
    return alpha;
  }

  int maxSteps() {
    return maxSteps;
  }

  /** Columns of the model matrix beside the intercept. */
  int columns() {
    return design.size();
  }

  /** Parts of the cross-validation; 1 without. */
  int parts() {
    return parts.count();
  }

  /** Sets of rows that models are fitted on: all, and all but each part. */
  private int sets() {
    return parts() == 1 ? 1 : 1 + parts();
  }

  /** Models of all penalties and sets. */
  int fits() {
    return steps * sets();
  }

  /** Numbers of the largest sum. */
  private long numbers() {
    long m = columns() + 1L;
    long each = m + m * (m + 1) / 2 + 1;
    return binomial ? each * fits() : each * parts();
  }

  private List<String> names() {
    List<String> names = new ArrayList<>(List.of("(Intercept)"));
    names.addAll(design.names());
    return names;
  }

  // ---- the contract ----------------------------------------------------------------------------

  @Override
  public NetState start() {
    return new Counting();
  }

  @Override
  public Layout layout(NetState state) {
    Layout.Builder layout = Layout.of(job.sites());
    long most = job.personsPerSite();
    if (state instanceof Counting) {
      layout.count(CountingKernel.PERSONS, parts(), "person", 1, most);
      if (binomial) {
        layout.count(CountingKernel.EVENTS, parts(), "person", 1, most);
      }
      layout.count(CountingKernel.DROPPED, 1, "person", 1, most);
      layout.unbounded(CountingKernel.NUMBERS, parts() * (columns() + 1), "unit");
      layout.unbounded(CountingKernel.ABSOLUTES, columns() + 1, "unit");
    } else if (state instanceof Spreading spreading) {
      declareSpreading(layout, spreading.counted());
    } else if (state instanceof Multiplying multiplying) {
      declareGram(layout, NetScaling.of(multiplying.counted(), multiplying.spread()), most);
    } else if (state instanceof Fitting fitting) {
      declareLogistic(layout, NetScaling.of(fitting.counted(), fitting.spread()), fitting, most);
    } else {
      double site = JudgingKernel.MOST * most;
      int size = parts() * steps;
      layout.wide(JudgingKernel.DEVIANCES, size, "deviance", JudgingKernel.MOST, site);
    }
    return layout.build();
  }

  private void declareSpreading(Layout.Builder layout, Counted in) {
    double[] off = new double[columns() + 1];
    for (int j = 0; j <= columns(); j++) {
      // One sum of squares is at most the square of the sum of absolute values.
      double centre = Math.abs(Exact.mean(in.number(j), in.persons().sum()));
      off[j] = Exact.upperBound(in.absolutes().get(j)) + in.persons().sum() * centre;
      double square = off[j] * off[j] * (1 + 0x1p-38);
      layout.wide(SpreadingKernel.SQUARES + j, parts(), "unit^2", square, square);
    }
    for (int j = 0; j < columns(); j++) {
      double product = off[j] * off[columns()] * (1 + 0x1p-38);
      layout.wide(SpreadingKernel.PRODUCTS + j, 1, "unit^2", product, product);
    }
  }

  private void declareGram(Layout.Builder layout, NetScaling scaling, long most) {
    int m = columns() + 1;
    double z = Scales.above(scaling.greatestReach());
    double y = Scales.above(scaling.outcomeReach());
    for (int part = 0; part < parts(); part++) {
      layout.wide(GramKernel.PRODUCTS + part, m, "product", z * y, z * y * most);
      layout.wide(GramKernel.GRAM + part, m * (m + 1) / 2, "product", z * z, z * z * most);
    }
    layout.wide(GramKernel.SQUARES, parts(), "outcome^2", y * y, y * y * most);
  }

  private void declareLogistic(
      Layout.Builder layout, NetScaling scaling, Fitting fitting, long most) {
    int m = columns() + 1;
    double z = Scales.above(scaling.greatestReach());
    double predictor = 0;
    int running = 0;
    for (Fit fit : fitting.fits()) {
      if (!fit.ended()) {
        predictor = Math.max(predictor, scaling.predictorReach(fit.coefficients()));
        layout.wide(LogisticKernel.SCORE + running, m, "score", z, z * most);
        double product = z * z / 4;
        int size = m * (m + 1) / 2;
        String name = LogisticKernel.INFORMATION + running;
        layout.wide(name, size, "information", product, product * most);
        running++;
      }
    }
    double deviance = Scales.above(2 * (predictor + 1));
    layout.wide(LogisticKernel.DEVIANCES, running, "deviance", deviance, deviance * most);
  }

  @Override
  public Partial contribute(NetState state, SiteTable table) {
    Layout layout = layout(state);
    return blocks(table).sum(layout, kernel(layout, state));
  }

  private RowBlocks.Kernel kernel(Layout layout, NetState state) {
    if (state instanceof Counting) {
      return new CountingKernel(columns(), binomial);
    }
    if (state instanceof Spreading spreading) {
      return new SpreadingKernel(NetScaling.centres(spreading.counted()));
    }
    if (state instanceof Multiplying multiplying) {
      List<ScoreSums.Places> places = new ArrayList<>();
      for (int part = 0; part < parts(); part++) {
        places.add(ScoreSums.Places.of(layout, GramKernel.PRODUCTS + part, GramKernel.GRAM + part));
      }
      return new GramKernel(NetScaling.of(multiplying.counted(), multiplying.spread()), places);
    }
    if (state instanceof Fitting fitting) {
      List<LogisticKernel.Running> running = new ArrayList<>();
      for (int i = 0; i < fitting.fits().size(); i++) {
        Fit fit = fitting.fits().get(i);
        if (!fit.ended()) {
          int number = running.size();
          ScoreSums.Places places =
              ScoreSums.Places.of(
                  layout, LogisticKernel.SCORE + number, LogisticKernel.INFORMATION + number);
          running.add(new LogisticKernel.Running(left(i), fit.coefficients(), places));
        }
      }
      return new LogisticKernel(NetScaling.of(fitting.counted(), fitting.spread()), running);
    }
    Judging judging = (Judging) state;
    List<List<Reals>> coefficients = new ArrayList<>();
    for (int part = 0; part < parts(); part++) {
      List<Reals> path = new ArrayList<>();
      for (int i = 0; i < steps; i++) {
        path.add(judging.fits().get((1 + part) * steps + i).coefficients());
      }
      coefficients.add(path);
    }
    return new JudgingKernel(NetScaling.of(judging.counted(), judging.spread()), coefficients);
  }

  /** The part that a fit's rows lack, -1 for none: fits stand set by set. */
  private int left(int fit) {
    return fit / steps - 1;
  }

  private RowBlocks blocks(SiteTable table) {
    List<Field> read = new ArrayList<>(List.of(outcome));
    read.addAll(terms.fields(List.of()));
    partColumn.ifPresent(read::add);
    List<String> columns = read.stream().map(Field::column).toList();
    List<Object> key = List.of("elastic net", formula, read, binomial, parts);
    PartReader reader =
        new PartReader(formula.response(), formula.variables(), read, design, binomial, parts);
    return parts.from() == Parts.From.PERSON
        ? RowBlocks.byPerson(job, table, key, columns, reader, PartReader.FIRST)
        : RowBlocks.of(table, key, columns, reader);
  }

  @Override
  public Step<NetState, NetResult> update(NetState state, Aggregate sum) {
    if (state instanceof Counting) {
      return afterCounting(sum);
    }
    if (state instanceof Spreading spreading) {
      return afterSpreading(spreading.counted(), sum);
    }
    if (state instanceof Multiplying multiplying) {
      LinearPath path = new LinearPath(this, multiplying.counted(), multiplying.spread(), sum);
      return done(multiplying.counted(), path.points());
    }
    return state instanceof Fitting fitting
        ? afterFitting(fitting, sum)
        : afterJudging((Judging) state, sum);
  }

  private Step<NetState, NetResult> afterCounting(Aggregate sum) {
    List<BigDecimal> numbers = new ArrayList<>();
    for (int i = 0; i < parts() * (columns() + 1); i++) {
      numbers.add(sum.unbounded(CountingKernel.NUMBERS, i));
    }
    List<BigDecimal> absolutes = new ArrayList<>();
    for (int j = 0; j <= columns(); j++) {
      absolutes.add(sum.unbounded(CountingKernel.ABSOLUTES, j));
    }
    Counted counted =
        new Counted(
            Counts.of(sum.counts(CountingKernel.PERSONS)),
            Counts.of(binomial ? sum.counts(CountingKernel.EVENTS) : new long[parts()]),
            sum.count(CountingKernel.DROPPED),
            numbers,
            absolutes);
    Optional<Outcome> refusal = refusal(counted);
    return refusal.isPresent()
        ? failed(refusal.get(), counted)
        : new Step.Next<>(new Spreading(counted));
  }

  /** What stops a path after its first sums: the release floor, or data without an answer. */
  private Optional<Outcome> refusal(Counted counted) {
    long n = counted.persons().sum();
    for (long persons : counted.persons().toArray()) {
      if (!job.floor().showsStatistic(persons)) {
        return Optional.of(Outcome.TOO_FEW_PERSONS);
      }
    }
    int minCell = job.floor().minCell();
    if (binomial) {
      long events = counted.events().sum();
      if (events == 0 || events == n) {
        return Optional.of(Outcome.CONSTANT_OUTCOME);
      }
      if (events < minCell || n - events < minCell) {
        return Optional.of(Outcome.RARE_OUTCOME);
      }
      for (int part = 0; part < parts() && parts() > 1; part++) {
        long left = events - counted.events().at(part);
        if (left == 0 || left == n - counted.persons().at(part)) {
          return Optional.of(Outcome.CONSTANT_OUTCOME);
        }
      }
    }
    if (columns() + 1 > job.floor().maxSaturation() * n) {
      return Optional.of(Outcome.SATURATED);
    }
    List<BigDecimal> sums = new ArrayList<>();
    for (int j = 0; j < columns(); j++) {
      sums.add(counted.number(j));
    }
    return design.hasRareLevel(sums, n, minCell)
        ? Optional.of(Outcome.RARE_LEVEL)
        : Optional.empty();
  }

  private Step<NetState, NetResult> afterSpreading(Counted counted, Aggregate sum) {
    List<BigDecimal> squares = new ArrayList<>();
    for (int part = 0; part < parts(); part++) {
      for (int j = 0; j <= columns(); j++) {
        squares.add(sum.exact(SpreadingKernel.SQUARES + j, part));
      }
    }
    List<BigDecimal> products = new ArrayList<>();
    for (int j = 0; j < columns(); j++) {
      products.add(sum.exact(SpreadingKernel.PRODUCTS + j, 0));
    }
    Spread spread = new Spread(squares, products);
    if (!varies(counted, spread)) {
      return failed(Outcome.CONSTANT_OUTCOME, counted);
    }
    if (!binomial) {
      return new Step.Next<>(new Multiplying(counted, spread));
    }
    List<Fit> fits = new ArrayList<>();
    for (int i = 0; i < fits(); i++) {
      fits.add(LogisticPath.first(TrainingSet.without(left(i), counted, spread), columns()));
    }
    return new Step.Next<>(new Fitting(counted, spread, 0, fits));
  }

  /** Whether the outcome varies in every set of rows that a model is fitted on. */
  boolean varies(Counted counted, Spread spread) {
    for (int set = 0; set < sets(); set++) {
      TrainingSet rows = TrainingSet.without(set - 1, counted, spread);
      boolean some =
          binomial
              ? rows.events() > 0 && rows.events() < rows.persons()
              : rows.deviations().at(columns()) > 0;
      if (!some) {
        return false;
      }
    }
    return true;
  }

  private Step<NetState, NetResult> afterFitting(Fitting fitting, Aggregate sum) {
    Counted counted = fitting.counted();
    Spread spread = fitting.spread();
    NetScaling scaling = NetScaling.of(counted, spread);
    Reals path = lambdas(counted, spread);
    List<Fit> fits = new ArrayList<>();
    int running = 0;
    for (int i = 0; i < fitting.fits().size(); i++) {
      Fit fit = fitting.fits().get(i);
      if (!fit.ended()) {
        TrainingSet rows = TrainingSet.without(left(i), counted, spread);
        fit =
            LogisticPath.next(
                fit,
                rows,
                penalty(scaling, rows, path.at(i % steps)),
                sum.exact(LogisticKernel.DEVIANCES, running).doubleValue(),
                sum.values(LogisticKernel.SCORE + running),
                sum.values(LogisticKernel.INFORMATION + running));
        running++;
      }
      if (!fit.coefficients().allFinite()) {
        return failed(Outcome.NOT_CONVERGED, counted);
      }
      fits.add(fit);
    }
    if (!fits.stream().allMatch(Fit::ended)) {
      return fitting.step() + 1 >= maxSteps
          ? failed(Outcome.NOT_CONVERGED, counted)
          : new Step.Next<>(new Fitting(counted, spread, fitting.step() + 1, fits));
    }
    if (parts() > 1) {
      return new Step.Next<>(new Judging(counted, spread, fitting.step() + 1, fits));
    }
    return done(counted, logisticPoints(counted, spread, fits, List.of()));
  }

  private Step<NetState, NetResult> afterJudging(Judging judging, Aggregate sum) {
    List<double[]> errors = new ArrayList<>();
    for (int part = 0; part < parts(); part++) {
      double[] mean = new double[steps];
      for (int i = 0; i < steps; i++) {
        mean[i] =
            sum.exact(JudgingKernel.DEVIANCES, part * steps + i).doubleValue()
                / judging.counted().persons().at(part);
      }
      errors.add(mean);
    }
    return done(
        judging.counted(),
        logisticPoints(judging.counted(), judging.spread(), judging.fits(), errors));
  }

  private List<Point> logisticPoints(
      Counted counted, Spread spread, List<Fit> fits, List<double[]> errors) {
    NetScaling scaling = NetScaling.of(counted, spread);
    Reals path = lambdas(counted, spread);
    TrainingSet all = TrainingSet.without(-1, counted, spread);
    double share = (double) all.events() / all.persons();
    double none =
        -2
            * (all.events() * StrictMath.log(share)
                + (all.persons() - all.events()) * StrictMath.log1p(-share));
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      Fit fit = fits.get(i);
      points.add(
          point(
              path.at(i),
              scaling.estimates(fit.coefficients(), false),
              1 - fit.deviance() / none,
              counted,
              errors,
              i));
    }
    return points;
  }

  /**
   * A point of the path with its error over the parts, weighted by their persons as in cv.glmnet.
   *
   * @param errors mean errors of each part, by penalty; empty without parts
   */
  static Point point(
      double lambda,
      Reals estimates,
      double explained,
      Counted counted,
      List<double[]> errors,
      int penalty) {
    if (errors.isEmpty()) {
      return new Point(lambda, estimates, explained, Double.NaN, Double.NaN);
    }
    double n = counted.persons().sum();
    double mean = 0;
    for (int part = 0; part < errors.size(); part++) {
      mean += counted.persons().at(part) / n * errors.get(part)[penalty];
    }
    double squares = 0;
    for (int part = 0; part < errors.size(); part++) {
      double off = errors.get(part)[penalty] - mean;
      squares += counted.persons().at(part) / n * (off * off);
    }
    double error = Math.sqrt(squares / (errors.size() - 1));
    return new Point(lambda, estimates, explained, mean, error);
  }

  Penalty penalty(NetScaling scaling, TrainingSet rows, double lambda) {
    return Penalty.of(scaling, rows, lambda, alpha, standardised, !binomial);
  }

  /**
   * Those given; else from the least that leaves no column down to a share of it, in logarithms.
   */
  Reals lambdas(Counted counted, Spread spread) {
    if (lambdas.size() > 0) {
      return lambdas;
    }
    TrainingSet all = TrainingSet.without(-1, counted, spread);
    double greatest = 0;
    for (int j = 0; j < columns(); j++) {
      double deviation = all.deviations().at(j);
      if (deviation > 0) {
        double product = Math.abs(spread.products().get(j).doubleValue());
        greatest = Math.max(greatest, product / (standardised ? deviation : 1));
      }
    }
    // As glmnet has it: no lasso is needed for ridge, and few rows end the path earlier.
    greatest /= all.persons() * Math.max(alpha, 1e-3);
    double share = all.persons() < columns() ? 1e-2 : 1e-4;
    double[] path = new double[steps];
    for (int i = 0; i < steps; i++) {
      path[i] = greatest * StrictMath.exp(StrictMath.log(share) * i / (steps - 1));
    }
    return Reals.of(path);
  }

  private Step<NetState, NetResult> done(Counted counted, List<Point> path) {
    return new Step.Done<>(new NetResult(Outcome.OK, counted, names(), path));
  }

  private Step<NetState, NetResult> failed(Outcome outcome, Counted counted) {
    return new Step.Done<>(new NetResult(outcome, counted, names(), List.of()));
  }

  // ---- bytes, words ----------------------------------------------------------------------------

  @Override
  public byte[] encode(NetState state) {
    return NetCodec.encode(state);
  }

  @Override
  public NetState decode(byte[] bytes) {
    return NetCodec.decode(bytes, this);
  }

  @Override
  public AnalysisReport present(NetResult result) {
    return new NetTables(this, result).report();
  }

  @Override
  public String resolution() {
    return binomial
        ? "counts exact; estimates to a decrement of 1e-14 a person"
        : "counts exact; estimates to the rounding of one solution";
  }

  @Override
  public Demand demand() {
    return Demand.ofRounds(binomial ? 2 + maxSteps + (parts() > 1 ? 1 : 0) : 3);
  }

  @Override
  public List<PlacedCount> counts(AnalysisReport report) {
    List<String> complete = new ArrayList<>(List.of(outcome.column()));
    terms.fields(List.of()).forEach(field -> complete.add(field.column()));
    PlacedCount n =
        new PlacedCount(PlacedCount.FACTS, 0, "n", PlacedCount.complete(complete), false, true);
    return List.of(n, n.leftOut(PlacedCount.FACTS, "dropped"));
  }

  @Override
  public List<String> reveals() {
    int m = columns() + 1;
    List<String> sentences = new ArrayList<>();
    String each = parts() > 1 ? " in each of " + parts() + " parts of the persons" : "";
    sentences.add(
        "Sum 1: persons"
            + (binomial ? ", persons with the event" : "")
            + each
            + " and persons left out; sums of "
            + columns()
            + " columns of the model matrix and of the outcome"
            + each
            + ", and absolute sums of both.");
    sentences.add(
        "Sum 2: squares about the means of those"
            + each
            + ", and products of each column and the outcome.");
    if (!binomial) {
      sentences.add(
          "Sum 3: products of intercept, columns and outcome ["
              + (m + 1)
              + " x "
              + (m + 1)
              + ", upper triangle]"
              + each
              + ".");
      return sentences;
    }
    sentences.add(
        "Sums 3 and later, at most "
            + maxSteps
            + ": deviance [1], score ["
            + m
            + "] and information ["
            + m
            + " x "
            + m
            + ", upper triangle] of each of "
            + fits()
            + " models that has not ended, at its coefficients.");
    if (parts() > 1) {
      sentences.add(
          "Sum after the last of these: deviance of each part's persons under the models without"
              + " them ["
              + parts()
              + " x "
              + steps
              + "].");
    }
    return sentences;
  }
}
