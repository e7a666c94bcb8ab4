package io.tributary.jobs.analysis.cox;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.analysis.Step;
import io.tributary.codec.GridSum;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.jobs.analysis.Counts;
import io.tributary.jobs.analysis.Design;
import io.tributary.jobs.analysis.Exact;
import io.tributary.jobs.analysis.Field;
import io.tributary.jobs.analysis.Grouping;
import io.tributary.jobs.analysis.Job;
import io.tributary.jobs.analysis.LevelDiscovery;
import io.tributary.jobs.analysis.LifeTables;
import io.tributary.jobs.analysis.ModelTerms;
import io.tributary.jobs.analysis.Options;
import io.tributary.jobs.analysis.PlacedCount;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.RowBlocks;
import io.tributary.jobs.analysis.StudyAnalysis;
import io.tributary.jobs.analysis.SurvivalTimes;
import io.tributary.jobs.analysis.Values;
import io.tributary.jobs.analysis.cox.CoxResult.Outcome;
import io.tributary.jobs.analysis.cox.CoxState.Counted;
import io.tributary.jobs.analysis.cox.CoxState.Counting;
import io.tributary.jobs.analysis.cox.CoxState.Element;
import io.tributary.jobs.analysis.cox.CoxState.Fitting;
import io.tributary.jobs.analysis.cox.CoxState.Searching;
import io.tributary.jobs.analysis.cox.CoxState.Spread;
import io.tributary.jobs.analysis.cox.CoxState.Spreading;
import io.tributary.jobs.formula.SurvivalFormula;
import io.tributary.jobs.formula.Variable;
import io.tributary.jobs.survival.EventTimes;
import io.tributary.jobs.survival.LifeTable;
import io.tributary.jobs.survival.PartialLikelihood;
import io.tributary.jobs.survival.TimeGrid;
import io.tributary.jobs.survival.TimeTransform;
import io.tributary.privacy.Demand;
import io.tributary.report.AnalysisReport;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Cox's model of proportional hazards by Newton's method on masked sums; see the package's card.
 */
public final class CoxAnalysis implements StudyAnalysis<CoxState, CoxResult> {
  /** Words of the first sums beside the life tables, for as many columns as a model may have. */
  private static final int OTHER_WORDS = 8 * Design.MAX_COLUMNS + 64;

  /** Functions of time, as R's cox.zph names them. */
  private static final List<String> TRANSFORMS = List.of("km", "rank", "identity", "log");

  private final Job job;
  private final SurvivalFormula formula;
  private final ModelTerms terms;
  private final Grouping strata;
  private final SurvivalTimes times;
  private final LifeTables lives;
  private final Optional<Field> weights;
  private final boolean efron;
  private final boolean sparse;
  private final boolean robust;
  private final boolean bySite;
  private final Optional<TimeTransform> transform;
  private final double confidence;
  private final int maxSteps;
  private final NewData newData;

  private CoxAnalysis(Job job, Options options) {
    this.job = job;
    this.formula =
        SurvivalFormula.parse(
            options.requiredText("formula", "a formula, e.g. \"Surv(time, dead) ~ age + sex\""));
    this.terms = new ModelTerms(job, formula.model());
    if (formula.model().terms().isEmpty()) {
      throw options.refuse("formula", "has no term", "at least one term");
    }
    this.strata = Grouping.of(job, options, "formula", formula.strata());
    this.times =
        SurvivalTimes.of(
            job,
            options,
            formula,
            LifeTables.limit(strata.groups(), 1, formula.entry().isPresent(), OTHER_WORDS));
    this.lives = new LifeTables(strata, times, strata.groups());
    this.weights = options.text("weights").map(column -> ModelTerms.number(job, column));
    this.efron = options.word("ties", "efron", List.of("efron", "breslow")).equals("efron");
    this.sparse = options.word("sparse", "refuse", List.of("allow", "refuse")).equals("allow");
    this.robust = options.word("variance", "model", List.of("model", "robust")).equals("robust");
    this.bySite =
        options.word("baseline", "pooled", List.of("pooled", "by-site")).equals("by-site");
    for (String option : List.of("sparse", "variance", "proportional", "newData")) {
      if (bySite && options.has(option)) {
        throw options.refuse(
            option, "has no form with baseline: by-site", "baseline: pooled, or no such option");
      }
    }
    this.transform =
        options.has("proportional")
            ? Optional.of(
                TimeTransform.valueOf(
                    options.word("proportional", "km", TRANSFORMS).toUpperCase(Locale.ROOT)))
            : Optional.empty();
    this.confidence = options.between("confidence", 0.95, 0, 1);
    this.maxSteps = options.whole("maxSteps", 25, 2, 100);
    this.newData = NewData.of(options, formula.model(), terms);
  }

  /**
   * Reads the options {@code formula}, {@code ties}, {@code weights}, {@code resolution}, {@code
   * sparse}, {@code baseline}, {@code variance}, {@code proportional}, {@code newData}, {@code
   * confidence} and {@code maxSteps}.
   */
  public static CoxAnalysis of(Job job) {
    return new CoxAnalysis(
        job,
        Options.of(
            job.spec(),
            "formula",
            "ties",
            "weights",
            "resolution",
            "sparse",
            "baseline",
            "variance",
            "proportional",
            "newData",
            "confidence",
            "maxSteps"));
  }

  Job job() {
    return job;
  }

  SurvivalFormula formula() {
    return formula;
  }

  Grouping strata() {
    return strata;
  }

  SurvivalTimes times() {
    return times;
  }

  boolean weighted() {
    return weights.isPresent();
  }

  String ties() {
    return efron ? "efron" : "breslow";
  }

  boolean sparse() {
    return sparse;
  }

  /** Whether standard errors are robust: to dependence of a person's rows, and to the model. */
  boolean robust() {
    return robust;
  }

  /** Whether every site has baseline hazards of its own. */
  boolean bySite() {
    return bySite;
  }

  LifeTables lives() {
    return lives;
  }

  int maxSteps() {
    return maxSteps;
  }

  /** Function of time along which coefficients are tested for changes. */
  Optional<TimeTransform> transform() {
    return transform;
  }

  /** Rows for which predictions are asked. */
  NewData newData() {
    return newData;
  }

  /** Terms of the formula, each with the positions of its columns. */
  Map<String, List<Integer>> columnsByTerm(List<Counts> levels) {
    Design design = design(levels);
    Map<String, List<Integer>> columns = new LinkedHashMap<>();
    for (int j = 0; j < design.size(); j++) {
      String term = formula.model().label(formula.model().terms().get(design.term(j)));
      columns.computeIfAbsent(term, t -> new ArrayList<>()).add(j);
    }
    return columns;
  }

  double confidence() {
    return confidence;
  }

  /** Factors to discover; a state that claims other levels is refused. */
  int discoveredFactors() {
    return terms.discovered().size();
  }

  /** The model matrix once levels are known. */
  Design design(List<Counts> levels) {
    return terms.design(levels);
  }

  // ---- the contract ----------------------------------------------------------------------------

  @Override
  public CoxState start() {
    return terms.discovered().isEmpty()
        ? times
            .declared()
            .<CoxState>map(grid -> new Counting(List.of(), grid))
            .orElseGet(Searching::new)
        : new Searching();
  }

  @Override
  public Layout layout(CoxState state) {
    Layout.Builder layout = Layout.of(job.sites());
    long most = job.personsPerSite();
    if (state instanceof Searching) {
      SurvivalTimes.declareSearch(layout, most);
      if (!terms.discovered().isEmpty()) {
        LevelDiscovery.declare(layout, terms.discovered().size(), most);
      }
    } else if (state instanceof Counting counting) {
      int columns = design(counting.levels()).size();
      if (bySite) {
        SiteBaselines.declareTotals(layout, most);
      } else {
        lives.declare(layout, counting.grid(), most);
      }
      layout.unbounded(CountingKernel.OTHERS, Element.COUNT, "unit");
      layout.unbounded(CountingKernel.DESIGN, columns, "unit");
      layout.unbounded(CountingKernel.ABSOLUTES, columns, "unit");
    } else if (state instanceof Spreading spreading) {
      spreadSlots(layout, spreading);
    } else {
      Fitting fitting = (Fitting) state;
      if (bySite) {
        siteBaselines(fitting).declare(layout, eventWeights(fitting.counted()));
      } else {
        newton(fitting).declare(layout, fitting.iteration(), most);
      }
    }
    return layout.build();
  }

  /** What is at most the sum of absolute distances from centres bounds each one of them. */
  private void spreadSlots(Layout.Builder layout, Spreading spreading) {
    Counted in = spreading.counted();
    double[] centres = CoxScaling.centres(in);
    double weight = weighted() ? Exact.upperBound(in.other(Element.W)) : 1;
    for (int j = 0; j < centres.length; j++) {
      double off = distances(in.absolutes().get(j), centres[j], in.persons());
      layout.wide(SpreadingKernel.DESIGN + j, 1, "unit^2", off * off, off * off);
      layout.wide(SpreadingKernel.EVENTS + j, 1, "unit", weight * off, weight * off);
      if (in.along().size() > 0) {
        double most = weight * off * greatest(in.along());
        layout.wide(PlacingKernel.ALONG + j, 1, "unit", most, most);
      }
    }
    double off =
        distances(in.other(Element.ABSOLUTE_OFFSET), CoxScaling.offsetCentre(in), in.persons());
    layout.wide(SpreadingKernel.OFFSET, 1, "unit^2", off * off, off * off);
    layout.wide(SpreadingKernel.EVENT_OFFSET, 1, "unit", weight * off, weight * off);
    if (bySite) {
      return;
    }
    int cells = cells(spreading.found(), in).cells();
    layout.count(PlacingKernel.NEVER, strata.groups(), "person", 1, job.personsPerSite());
    layout.count(PlacingKernel.LEAVING, cells, "person", 1, job.personsPerSite());
    if (times.hasEntry()) {
      layout.count(PlacingKernel.ENTERING, cells, "person", 1, job.personsPerSite());
    }
    if (weighted()) {
      layout.wide(PlacingKernel.WEIGHTS, cells, "unit", weight, weight);
    }
  }

  private static double greatest(Reals values) {
    double greatest = 0x1p-60;
    for (int i = 0; i < values.size(); i++) {
      greatest = Math.max(greatest, Math.abs(values.at(i)));
    }
    return greatest;
  }

  private static double distances(BigDecimal absolute, double centre, long persons) {
    double centres = (double) persons * Math.abs(centre);
    return (Exact.upperBound(absolute) + centres) * (1 + 0x1p-39);
  }

  private EventTimes cells(Counting found, Counted counted) {
    return Stratum.times(found.grid(), counted.strata());
  }

  private RiskCells riskCells(Counting found, Counted counted) {
    return new RiskCells(cells(found, counted), times, found.grid());
  }

  private SiteBaselines siteBaselines(Fitting fitting) {
    return new SiteBaselines(
        times,
        lives,
        fitting.found().grid(),
        CoxScaling.of(weighted(), fitting.counted(), fitting.spread()),
        efron,
        weighted(),
        job.personsPerSite());
  }

  /** Weights of all events, or more. */
  private double eventWeights(Counted counted) {
    return weighted() ? Exact.upperBound(counted.other(Element.W)) : (double) counted.events();
  }

  private CoxNewton newton(Fitting fitting) {
    return newton(fitting.found(), fitting.counted(), fitting.spread());
  }

  private CoxNewton newton(Counting found, Counted counted, Spread spread) {
    return new CoxNewton(
        CoxScaling.of(weighted(), counted, spread),
        cells(found, counted),
        efron,
        counted.along(),
        spread);
  }

  @Override
  public Partial contribute(CoxState state, SiteTable table) {
    Layout layout = layout(state);
    if (state instanceof Searching) {
      return search(layout, table);
    }
    if (state instanceof Counting counting) {
      Design design = design(counting.levels());
      int width = CoxReader.before(times) + design.size();
      return blocks(table, counting, design)
          .sum(
              layout,
              new CountingKernel(
                  bySite ? new SiteBaselines.Totals(width) : lives.kernel(counting.grid(), width),
                  CoxReader.weightAt(times),
                  design.size()));
    }
    if (state instanceof Spreading spreading) {
      Counted in = spreading.counted();
      Reals centres = Reals.of(CoxScaling.centres(in));
      RowBlocks.Kernel squares = new SpreadingKernel(times, centres, CoxScaling.offsetCentre(in));
      RowBlocks.Kernel placing =
          new PlacingKernel(riskCells(spreading.found(), in), centres, in.along(), weighted());
      return blocks(table, spreading.found(), design(spreading.found().levels()))
          .sum(layout, bySite ? squares : new Both(squares, placing));
    }
    Fitting fitting = (Fitting) state;
    RowBlocks blocks = blocks(table, fitting.found(), design(fitting.found().levels()));
    if (bySite) {
      return siteBaselines(fitting).contribute(layout, blocks, fitting.iteration());
    }
    RiskCells cells = riskCells(fitting.found(), fitting.counted());
    return blocks.sum(layout, newton(fitting).kernel(cells, fitting.iteration()));
  }

  private record Both(RowBlocks.Kernel first, RowBlocks.Kernel second) implements RowBlocks.Kernel {
    @Override
    public void add(double[] block, GridSum sum) {
      first.add(block, sum);
      second.add(block, sum);
    }
  }

  private Partial search(Layout layout, SiteTable table) {
    List<String> columns = new ArrayList<>(terms.discoveredColumns());
    int factors = columns.size();
    times.fields().forEach(field -> columns.add(field.column()));
    int needed = columns.size() + columns().size();
    columns.addAll(columns());
    return RowBlocks.of(
            table,
            List.of("cox search", columns),
            columns,
            new SearchReader(factors, times, new Values(times.fields()), needed))
        .sum(
            layout,
            new SearchReader.Kernel(
                factors,
                factors + times.fields().size(),
                times.search(factors + times.fields().size(), factors)));
  }

  /** Columns of a row, in the order of {@link CoxReader}. */
  private List<String> columns() {
    List<String> columns = new ArrayList<>();
    strata.fields().forEach(field -> columns.add(field.column()));
    times.fields().forEach(field -> columns.add(field.column()));
    formula.model().variables().stream().map(Variable::column).forEach(columns::add);
    formula.model().offsets().stream().map(Variable::column).forEach(columns::add);
    weights.ifPresent(field -> columns.add(field.column()));
    return columns;
  }

  @Override
  public List<PlacedCount> counts(AnalysisReport report) {
    Map<String, Set<String>> where =
        PlacedCount.positive(PlacedCount.complete(columns()), weights.map(Field::column));
    return PlacedCount.ofModel(where, times.eventColumn(), times.eventLevels());
  }

  private RowBlocks blocks(SiteTable table, Counting found, Design design) {
    List<Field> read = new ArrayList<>(strata.fields());
    read.addAll(times.fields());
    read.addAll(terms.fields(found.levels()));
    read.addAll(terms.offsets());
    weights.ifPresent(read::add);
    CoxReader reader = new CoxReader(strata, times, formula.model(), weighted(), read, design);
    List<Object> key = List.of("cox", formula, read, robust);
    return robust
        ? RowBlocks.byPerson(job, table, key, columns(), reader, CoxReader.firstAt(times))
        : RowBlocks.of(table, key, columns(), reader);
  }

  /** Numbers of a state that score residuals need; what else it may hold is none. */
  int residuals(Counting found, Counted counted, int columns) {
    return robust ? PartialLikelihood.residuals(cells(found, counted), columns, efron) : 0;
  }

  // ---- updates ---------------------------------------------------------------------------------

  @Override
  public Step<CoxState, CoxResult> update(CoxState state, Aggregate sum) {
    if (state instanceof Searching) {
      return afterSearching(sum);
    }
    if (state instanceof Counting counting) {
      return afterCounting(counting, sum);
    }
    if (state instanceof Spreading spreading) {
      return afterSpreading(spreading, sum);
    }
    return afterFitting((Fitting) state, sum);
  }

  private Step<CoxState, CoxResult> afterSearching(Aggregate sum) {
    List<Counts> levels = List.of();
    int factors = terms.discovered().size();
    if (factors > 0) {
      long[] counts = sum.counts(LevelDiscovery.LEVELS);
      long[] others = sum.counts(LevelDiscovery.OFF_GRID);
      levels = LevelDiscovery.found(factors, counts);
      for (int factor = 0; factor < factors; factor++) {
        Outcome outcome = Outcome.OK;
        if (levels.get(factor).size() == 0 && others[factor] == 0) {
          outcome = Outcome.TOO_FEW_PERSONS;
        } else if (!LevelDiscovery.usable(levels.get(factor), others[factor])) {
          outcome = Outcome.LEVELS_UNKNOWN;
        } else if (LevelDiscovery.rare(factor, counts, job.floor().minCell())) {
          outcome = Outcome.RARE_LEVEL;
        }
        if (outcome != Outcome.OK) {
          int variable = terms.discovered().get(factor);
          String term = formula.model().variables().get(variable).label();
          return new Step.Done<>(
              new CoxResult(
                  outcome,
                  Optional.empty(),
                  Optional.empty(),
                  List.of(),
                  List.of(term),
                  List.of(),
                  Optional.empty()));
        }
      }
    }
    TimeGrid grid = times.declared().orElseGet(() -> times.found(sum));
    return new Step.Next<>(new Counting(levels, grid));
  }

  private Step<CoxState, CoxResult> afterCounting(Counting counting, Aggregate sum) {
    int columns = design(counting.levels()).size();
    List<LifeTable> tables = bySite ? List.of() : lives.tables(counting.grid(), sum);
    List<Stratum> strata = bySite ? List.of() : Stratum.all(counting.grid(), tables, job.floor());
    long events =
        bySite
            ? sum.count(SiteBaselines.EVENTS)
            : tables.stream().mapToLong(LifeTable::events).sum();
    Counted counted =
        new Counted(
            strata,
            bySite
                ? events + sum.count(SiteBaselines.OTHERS)
                : tables.stream().mapToLong(LifeTable::persons).sum(),
            events,
            bySite ? sum.count(SiteBaselines.DROPPED) : LifeTables.dropped(sum),
            unbounded(sum, CountingKernel.DESIGN, columns),
            unbounded(sum, CountingKernel.ABSOLUTES, columns),
            unbounded(sum, CountingKernel.OTHERS, Element.COUNT),
            along(counting.grid(), strata, sum));
    Optional<Outcome> refusal = refusal(counting, counted);
    return refusal.isPresent()
        ? failed(refusal.get(), counting, counted, List.of())
        : new Step.Next<>(new Spreading(counting, counted));
  }

  /** The function of time along which coefficients are tested; none for the log of a time 0. */
  private Reals along(TimeGrid grid, List<Stratum> strata, Aggregate sum) {
    if (transform.isEmpty()) {
      return Reals.zeros(0);
    }
    EventTimes cells = Stratum.times(grid, strata);
    Reals along = Reals.of(transform.get().at(grid, lives.together(grid, sum), cells));
    return along.allFinite() ? along : Reals.zeros(0);
  }

  private static List<BigDecimal> unbounded(Aggregate sum, String slot, int size) {
    List<BigDecimal> values = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      values.add(sum.unbounded(slot, i));
    }
    return values;
  }

  /** What stops a model after its first sums: the release floor, or data without an answer. */
  private Optional<Outcome> refusal(Counting counting, Counted counted) {
    Design design = design(counting.levels());
    long n = counted.persons();
    long events = counted.events();
    int minCell = job.floor().minCell();
    if (!job.floor().showsStatistic(n)) {
      return Optional.of(Outcome.TOO_FEW_PERSONS);
    }
    if (events == 0) {
      return Optional.of(Outcome.NO_EVENTS);
    }
    // Columns are summed over the events, and so over the others too.
    if (events < minCell || (!sparse && n > events && n - events < minCell)) {
      return Optional.of(Outcome.RARE_OUTCOME);
    }
    if (design.size() >= events) {
      return Optional.of(Outcome.TOO_MANY_PARAMETERS);
    }
    if (design.size() > job.floor().maxSaturation() * n) {
      return Optional.of(Outcome.SATURATED);
    }
    if (design.hasRareLevel(counted.design(), n, minCell)) {
      return Optional.of(Outcome.RARE_LEVEL);
    }
    if (bySite) {
      return Optional.empty();
    }
    EventTimes cells = cells(counting, counted);
    if (CoxNewton.words(cells, efron, design.size()) > Layout.MAX_BLOCK_WORDS) {
      return Optional.of(Outcome.TOO_MANY_TIMES);
    }
    return !sparse && sparseTimes(cells, counted).amongEvents()
        ? Optional.of(Outcome.SPARSE_TIMES)
        : Optional.empty();
  }

  private SparseTimes sparseTimes(EventTimes cells, Counted counted) {
    return new SparseTimes(
        cells, efron, weighted(), counted.along().size() > 0, job.floor().minCell());
  }

  private boolean isSparse(EventTimes cells, Counted counted, Aggregate sum) {
    long[] entering =
        times.hasEntry() ? sum.counts(PlacingKernel.ENTERING) : new long[cells.cells()];
    return sparseTimes(cells, counted)
        .amongRows(sum.counts(PlacingKernel.LEAVING), entering, sum.counts(PlacingKernel.NEVER));
  }

  private Step<CoxState, CoxResult> afterSpreading(Spreading spreading, Aggregate sum) {
    Counting found = spreading.found();
    Counted counted = spreading.counted();
    if (!bySite && !sparse && isSparse(cells(found, counted), counted, sum)) {
      return failed(Outcome.SPARSE_TIMES, found, counted, List.of());
    }
    List<BigDecimal> squares = new ArrayList<>();
    double[] events = new double[counted.design().size()];
    for (int j = 0; j < events.length; j++) {
      squares.add(sum.exact(SpreadingKernel.DESIGN + j, 0));
      events[j] = sum.values(SpreadingKernel.EVENTS + j)[0];
    }
    double[] scaled = new double[counted.along().size() > 0 ? events.length : 0];
    for (int j = 0; j < scaled.length; j++) {
      scaled[j] = sum.values(PlacingKernel.ALONG + j)[0];
    }
    Spread spread =
        new Spread(
            squares,
            sum.exact(SpreadingKernel.OFFSET, 0),
            Reals.of(events),
            sum.values(SpreadingKernel.EVENT_OFFSET)[0],
            Reals.of(scaled),
            Reals.of(weighted() && !bySite ? sum.values(PlacingKernel.WEIGHTS) : new double[0]));
    return new Step.Next<>(
        new Fitting(found, counted, spread, newton(found, counted, spread).first()));
  }

  private Step<CoxState, CoxResult> afterFitting(Fitting fitting, Aggregate sum) {
    CoxNewton.Verdict verdict = newton(fitting).next(fitting.iteration(), sum, maxSteps, robust);
    if (verdict instanceof CoxNewton.Verdict.Again again) {
      return new Step.Next<>(
          new Fitting(fitting.found(), fitting.counted(), fitting.spread(), again.iteration()));
    }
    List<String> names = design(fitting.found().levels()).names();
    if (verdict instanceof CoxNewton.Verdict.Failed failed) {
      return failed(
          failed.outcome(),
          fitting.found(),
          fitting.counted(),
          failed.positions().stream().map(names::get).toList());
    }
    CoxScaling scaling = CoxScaling.of(weighted(), fitting.counted(), fitting.spread());
    return new Step.Done<>(
        new CoxResult(
            Outcome.OK,
            Optional.of(fitting.found().grid()),
            Optional.of(fitting.counted()),
            names,
            List.of(),
            newData.rows(
                terms.fields(fitting.found().levels()), terms.design(fitting.found().levels())),
            Optional.of(
                BackTransform.fit(
                    scaling,
                    columnsByTerm(fitting.found().levels()),
                    (CoxNewton.Verdict.Converged) verdict))));
  }

  private Step<CoxState, CoxResult> failed(
      Outcome outcome, Counting found, Counted counted, List<String> concerned) {
    return new Step.Done<>(
        new CoxResult(
            outcome,
            Optional.of(found.grid()),
            Optional.of(counted),
            design(found.levels()).names(),
            concerned,
            List.of(),
            Optional.empty()));
  }

  // ---- bytes, words ----------------------------------------------------------------------------

  @Override
  public byte[] encode(CoxState state) {
    return CoxCodec.encode(state);
  }

  @Override
  public CoxState decode(byte[] bytes) {
    return new CoxCodec(this).decode(bytes);
  }

  @Override
  public AnalysisReport present(CoxResult result) {
    return new CoxTables(this, result).report();
  }

  boolean searches() {
    return start() instanceof Searching;
  }

  @Override
  public Demand demand() {
    return new Demand(
        strata.fields().size(), 0, (searches() ? 3 : 2) + maxSteps + (robust ? 1 : 0), sparse);
  }

  @Override
  public List<String> reveals() {
    return Sentences.of(this);
  }

  /** Columns of the model matrix in words, if they are known. */
  String columnCount() {
    return terms.discovered().isEmpty() ? Integer.toString(design(List.of()).size()) : "p";
  }
}
