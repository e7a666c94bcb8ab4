package io.tributary.jobs.analysis.glm;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.analysis.Step;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.jobs.analysis.Design;
import io.tributary.jobs.analysis.Field;
import io.tributary.jobs.analysis.Job;
import io.tributary.jobs.analysis.NoisedJob;
import io.tributary.jobs.analysis.Options;
import io.tributary.jobs.analysis.PersonRows;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.StateBytes;
import io.tributary.jobs.analysis.StudyAnalysis;
import io.tributary.jobs.formula.Formula;
import io.tributary.jobs.formula.Variable;
import io.tributary.jobs.formula.Variable.Form;
import io.tributary.jobs.probability.Tails;
import io.tributary.privacy.Demand;
import io.tributary.privacy.NoisePlan;
import io.tributary.privacy.NoisePlan.SlotNoise;
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

/** Linear, logistic and Poisson models on noised sums; see the package's card. */
public final class NoisedGlm implements StudyAnalysis<NoisedGlmState, NoisedGlmResult> {
  private static final String FORM = "noised-glm/1";

  /** 25 steps of at most 4 from a start below 20 stay far below. */
  private static final double MOST_COEFFICIENT = 1000;

  private static final String SCORE = "score";
  private static final String INFORMATION = "information";
  private static final String OUTCOME = "squares of the outcome";
  private static final String PERSONS = "persons";

  private final NoisedJob noised;
  private final Family family;
  private final Formula formula;
  private final double confidence;
  private final int steps;
  private final Field response;
  private final List<Field> fields = new ArrayList<>();
  private final Design design;
  private final NoisedScaling scaling;
  private final double most;
  private final List<NoisePlan> plans = new ArrayList<>();

  private NoisedGlm(Job job, Options options) {
    this.noised = NoisedJob.of(job);
    this.formula =
        Formula.parse(options.requiredText("formula", "a formula, e.g. \"death ~ age + sex\""));
    this.family = familyOf(options);
    this.confidence = options.between("confidence", 0.95, 0, 1);
    this.steps = family == Family.GAUSSIAN ? 1 : options.whole("iterations", 6, 2, 25);
    if (!formula.offsets().isEmpty()) {
      throw options.refuse("formula", "has an offset, which no form with noise takes", "no offset");
    }
    if (job.study().cohort().rowsPerPerson() > 1) {
      throw options.refuse(
          "formula", "is over several rows of a person", "one row a person with noise");
    }
    for (Variable variable : formula.variables()) {
      Field field =
          variable.form() == Form.FACTOR
              ? Field.requireCategory(job.study(), job.name(), variable.column())
              : Field.of(job.study(), job.name(), variable.column());
      fields.add(field.isCategory() ? field : ranged(variable, field));
    }
    this.response = Field.of(job.study(), job.name(), formula.response().column());
    this.most = mostMean();
    this.design = Design.of(job.name(), formula, fields);
    this.scaling = scaling();
    if (scaling.size() == 0) {
      throw options.refuse("formula", "has no term", "at least one term, or an intercept");
    }
    for (int step = 0; step < steps; step++) {
      plans.add(noised.plan(slots(step)));
    }
  }

  /**
   * Reads the options {@code formula}, {@code family}, {@code link}, {@code confidence} and {@code
   * iterations}.
   */
  public static NoisedGlm of(Job job) {
    return new NoisedGlm(
        job, Options.of(job.spec(), "formula", "family", "link", "confidence", "iterations"));
  }

  /** Noise needs a bound on every person's score and weight, which other pairs do not have. */
  private static Family familyOf(Options options) {
    FamilyLink model = FamilyLink.of(options);
    if (!model.bounded() || model.family().sumsPearson()) {
      throw options.refuse(
          model.link() == model.family().links().get(0) ? "family" : "link",
          "has no form with noise: nothing bounds what one person adds to score, information or"
              + " dispersion",
          "gaussian with identity, binomial with logit, poisson with log");
    }
    return model.family();
  }

  private Field ranged(Variable variable, Field field) {
    boolean bounded =
        field.hasRange()
            && Double.isFinite(variable.apply(field.low()))
            && Double.isFinite(variable.apply(field.high()));
    if (field.isCategory() || !bounded) {
      throw Errors.badOption(
          noised.job().name(),
          "'" + variable.label() + "' has no finite declared range, so nothing bounds a person.",
          "numbers with columns." + field.column() + ".range");
    }
    return field;
  }

  /** Greatest mean of a person: 1 for binomial, the end of the declared range for poisson. */
  private double mostMean() {
    Variable variable = formula.response();
    if (family == Family.BINOMIAL) {
      if (response.isCategory() && response.levels().size() != 2) {
        throw Errors.badOption(
            noised.job().name(),
            "the outcome has " + response.levels().size() + " levels.",
            "two levels, the second one is the event; or a 0/1 column");
      }
      return 1;
    }
    ranged(variable, response);
    return family == Family.POISSON ? Math.max(1, response.high()) : 1;
  }

  private NoisedScaling scaling() {
    double[] low = new double[fields.size()];
    double[] high = new double[fields.size()];
    for (int v = 0; v < low.length; v++) {
      Field field = fields.get(v);
      if (!field.isCategory()) {
        low[v] = formula.variables().get(v).apply(field.low());
        high[v] = formula.variables().get(v).apply(field.high());
      }
    }
    double centre = 0;
    double reach = 1;
    if (family == Family.GAUSSIAN) {
      double from = formula.response().apply(response.low());
      double to = formula.response().apply(response.high());
      centre = formula.intercept() ? from / 2 + to / 2 : 0;
      reach = Math.max(Math.abs(to - centre), Math.abs(from - centre));
    }
    return NoisedScaling.of(
        formula.intercept(), formula.terms().size(), design, low, high, centre, reach);
  }

  /**
   * Counting persons takes a tenth. Of the rest a linear model gives score and information 4 parts
   * each and the outcome's squares 1; other models give half to the last sum, whose noise stays in
   * the estimates, and the other half to those before, score and information alike.
   */
  private List<SlotNoise> slots(int step) {
    int p = scaling.size();
    double r = scaling.norm();
    double residual = family == Family.POISSON ? most : 1;
    double weight = family == Family.BINOMIAL ? 0.25 : family == Family.POISSON ? most : 1;
    Rho count = noised.rho().dividedBy(10);
    Rho rest = noised.rho().minus(count);
    Rho each;
    if (family == Family.GAUSSIAN) {
      each = rest.dividedBy(9).times(4);
    } else {
      Rho half = rest.dividedBy(2);
      each = (step == steps - 1 ? half : half.dividedBy(steps - 1)).dividedBy(2);
    }
    List<SlotNoise> slots = new ArrayList<>();
    slots.add(noised.slot(SCORE, up(r * residual), p, each));
    slots.add(noised.slot(INFORMATION, up(r * r * weight), p * (p + 1) / 2, each));
    if (family == Family.GAUSSIAN) {
      slots.add(noised.slot(OUTCOME, 1, 1, rest.dividedBy(9)));
    }
    if (step == 0) {
      slots.add(noised.slot(PERSONS, 1, 1, count));
    }
    return slots;
  }

  /** Room for the rounding of a person's products in doubles. */
  private static double up(double norm) {
    return norm * (1 + 0x1p-40);
  }

  // ---- the contract ----------------------------------------------------------------------------

  @Override
  public NoisedGlmState start() {
    double[] beta = new double[scaling.size()];
    if (family == Family.POISSON && formula.intercept()) {
      // Between a mean of 1 and the greatest one, where Newton's method needs fewest steps.
      beta[0] = StrictMath.log(most) / 2;
    }
    return new NoisedGlmState(0, 0, Reals.of(beta));
  }

  @Override
  public Layout layout(NoisedGlmState state) {
    return noised.layout(plans.get(state.step()), "unit");
  }

  @Override
  public Partial contribute(NoisedGlmState state, SiteTable table) {
    List<Field> read = new ArrayList<>();
    read.add(response);
    read.addAll(fields);
    DesignReader reader =
        new DesignReader(
            FamilyLink.of(family),
            formula.response(),
            formula.variables(),
            List.of(),
            false,
            read,
            design);
    return PersonRows.of(noised.job(), table, read.stream().map(Field::column).toList(), reader)
        .sum(
            layout(state),
            new NoisedGlmKernel(family, scaling, state.beta(), most, state.step() == 0));
  }

  @Override
  public Step<NoisedGlmState, NoisedGlmResult> update(NoisedGlmState state, Aggregate sum) {
    NoisePlan plan = plans.get(state.step());
    int p = scaling.size();
    double persons = state.step() == 0 ? sum.values(PERSONS)[0] : state.persons();
    double[] score = sum.values(SCORE);
    double[] information = sum.values(INFORMATION);
    double sdScore = plan.standardDeviation(SCORE, sum.contributors());
    double sdInformation = plan.standardDeviation(INFORMATION, sum.contributors());
    NoisedNewton newton = NoisedNewton.of(p, information, sdInformation);
    double[] step = newton.step(score);
    if (family == Family.GAUSSIAN) {
      return new Step.Done<>(linear(persons, sum, newton, step, sdScore, sdInformation));
    }
    Reals beta = NoisedNewton.moved(state.beta(), step);
    if (state.step() + 1 < steps) {
      return new Step.Next<>(new NoisedGlmState(state.step() + 1, persons, beta));
    }
    double[] noise = newton.noise(sdScore * sdScore);
    return new Step.Done<>(
        new NoisedGlmResult(
            NoisedNewton.isSettled(step, noise) ? AnalysisReport.OK : "NOT_CONVERGED",
            persons,
            beta,
            Reals.of(newton.inverse()),
            Reals.of(noise),
            sum.contributors()));
  }

  /** Least squares; the noise of b - A beta has variance sd_b^2 + sd_A^2 |beta|^2 an element. */
  private NoisedGlmResult linear(
      double persons,
      Aggregate sum,
      NoisedNewton newton,
      double[] beta,
      double sdScore,
      double sdInformation) {
    int p = beta.length;
    double[] score = sum.values(SCORE);
    double explained = 0;
    double length = 0;
    for (int j = 0; j < p; j++) {
      explained += beta[j] * score[j];
      length += beta[j] * beta[j];
    }
    double dispersion = Math.max(0, sum.values(OUTCOME)[0] - explained) / Math.max(1, persons - p);
    double[] sampling = newton.inverse();
    for (int i = 0; i < sampling.length; i++) {
      sampling[i] *= dispersion;
    }
    double variance = sdScore * sdScore + sdInformation * sdInformation * length;
    return new NoisedGlmResult(
        AnalysisReport.OK,
        persons,
        Reals.of(beta),
        Reals.of(sampling),
        Reals.of(newton.noise(variance)),
        sum.contributors());
  }

  @Override
  public byte[] encode(NoisedGlmState state) {
    return StateBytes.write(FORM)
        .whole(state.step())
        .real(state.persons())
        .reals(state.beta().toArray())
        .bytes();
  }

  @Override
  public NoisedGlmState decode(byte[] bytes) {
    StateBytes.Reader in = StateBytes.read(FORM, bytes);
    NoisedGlmState state =
        new NoisedGlmState(in.whole(0, steps - 1), in.real(), Reals.of(in.reals(scaling.size())));
    in.end();
    boolean reached = Double.isFinite(state.persons());
    for (int j = 0; j < state.beta().size(); j++) {
      reached &= Math.abs(state.beta().at(j)) <= MOST_COEFFICIENT;
    }
    if (!reached) {
      throw in.refuse();
    }
    return state;
  }

  @Override
  public Demand demand() {
    return Demand.ofRounds(steps);
  }

  @Override
  public List<NoisePlan> noise() {
    return List.copyOf(plans);
  }

  @Override
  public String resolution() {
    return "noised";
  }

  @Override
  public List<String> reveals() {
    List<String> sentences = new ArrayList<>();
    for (int step = 0; step < steps; step++) {
      sentences.add(NoisedJob.sentence(step + 1, plans.get(step)));
    }
    return sentences;
  }

  // ---- the report ------------------------------------------------------------------------------

  @Override
  public AnalysisReport present(NoisedGlmResult result) {
    List<String> terms = new ArrayList<>();
    if (formula.intercept()) {
      terms.add("(Intercept)");
    }
    terms.addAll(design.names());
    double sd = plans.get(0).standardDeviation(PERSONS, result.contributors());
    boolean shown =
        noised.showsStatistic(result.persons(), sd)
            && terms.size() <= noised.job().study().release().maxSaturation() * result.persons();
    List<List<Cell>> rows = new ArrayList<>();
    for (int j = 0; j < terms.size(); j++) {
      rows.add(row(terms.get(j), j, result, shown));
    }
    List<Column> columns = new ArrayList<>(List.of(Column.text("term")));
    for (String name :
        List.of(
            "estimate",
            "std_error",
            "noise_std_error",
            "statistic",
            "p_value",
            "conf_low",
            "conf_high")) {
      columns.add(Column.real(name));
    }
    Map<String, Cell> facts = new LinkedHashMap<>();
    facts.put("family", Cell.of(family.word()));
    facts.put("link", Cell.of(FamilyLink.of(family).link().word()));
    facts.put("persons", Cell.of(result.persons()));
    AnalysisReport report =
        noised.report(
            "glm",
            result.persons(),
            sd,
            result.contributors(),
            plans,
            facts,
            List.of(new ResultTable("coefficients", "Coefficients", columns, rows)),
            List.of(
                "Standard errors hold sampling and the noise of the last sum; noise_std_error is the"
                    + " noise alone. Intervals and tests are normal ones."));
    return new AnalysisReport(
        report.name(),
        report.type(),
        result.outcome(),
        report.persons(),
        report.rounds(),
        report.facts(),
        report.tables(),
        report.plots(),
        report.notes());
  }

  private List<Cell> row(String term, int position, NoisedGlmResult result, boolean shown) {
    double[] back = scaling.back(position);
    double estimate = formula.intercept() && position == 0 ? scaling.outcomeCentre() : 0;
    double sampling = 0;
    double noise = 0;
    int p = back.length;
    for (int j = 0; j < p; j++) {
      estimate += back[j] * result.beta().at(j);
      for (int k = 0; k < p; k++) {
        sampling += back[j] * back[k] * result.sampling().at(j * p + k);
        noise += back[j] * back[k] * result.noise().at(j * p + k);
      }
    }
    double error = Math.sqrt(sampling + noise);
    double z = NoisedJob.quantile(confidence);
    double statistic = estimate / error;
    List<Cell> row = new ArrayList<>(List.of(Cell.of(term)));
    row.add(noised.statistic(shown, estimate));
    row.add(noised.statistic(shown, error));
    row.add(noised.statistic(shown, Math.sqrt(noise)));
    row.add(noised.statistic(shown, statistic));
    row.add(
        noised.statistic(
            shown, StrictMath.exp(Tails.logNormalTwoSided(Math.min(35, Math.abs(statistic))))));
    row.add(noised.statistic(shown, estimate - z * error));
    row.add(noised.statistic(shown, estimate + z * error));
    return row;
  }
}
