package io.tributary.jobs.analysis.glm;

import io.tributary.jobs.analysis.Floor;
import io.tributary.jobs.analysis.PValue;
import io.tributary.jobs.analysis.WaldTables;
import io.tributary.jobs.analysis.glm.GlmResult.Fit;
import io.tributary.jobs.probability.Tails;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.Column;
import io.tributary.report.Plot;
import io.tributary.report.ResultTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tables of a model, with the release floor applied. */
final class GlmTables {
  private final GlmAnalysis analysis;
  private final FamilyLink model;
  private final GlmResult result;
  private final Floor floor;

  GlmTables(GlmAnalysis analysis, GlmResult result) {
    this.analysis = analysis;
    this.model = analysis.model();
    this.result = result;
    this.floor = analysis.job().floor();
  }

  AnalysisReport report() {
    List<ResultTable> tables = new ArrayList<>();
    List<Plot> plots = new ArrayList<>();
    Optional<Effect> ratio = Effect.of(model);
    WaldTables wald = wald();
    tables.add(wald.coefficients());
    if (ratio.isEmpty()) {
      plots.add(forest("coefficients", "Coefficients", "estimate", Plot.Scale.LINEAR));
    } else {
      ResultTable ratios =
          wald.ratios(
              ratio.get().column(), ratio.get().title(), term -> !term.equals("(Intercept)"));
      tables.add(ratios);
      plots.add(forest(ratios.name(), ratios.title(), ratio.get().column(), Plot.Scale.RATIO));
    }
    tables.add(fitTable());
    tables.add(wald.covariance());
    Map<String, Cell> facts = new LinkedHashMap<>();
    facts.put("formula", Cell.of(analysis.formula().text()));
    facts.put("family", Cell.of(model.family().word()));
    facts.put("link", Cell.of(model.link().word()));
    if (analysis.variance().robust()) {
      facts.put("variance", Cell.of(analysis.variance().word()));
    }
    ResultTable fit = fitTable();
    for (String fact : List.of("n", "dropped", "deviance", "aic")) {
      facts.put(fact, fit.rows().get(0).get(fit.column(fact)));
    }
    return new AnalysisReport(
        analysis.job().name(),
        "glm",
        result.outcome().name(),
        persons(),
        0,
        facts,
        tables,
        result.fit().isPresent() ? plots : List.of(),
        notes());
  }

  /** What the exponential of a coefficient is. */
  private enum Effect {
    ODDS("odds_ratio", "Odds ratios"),
    RATE("rate_ratio", "Rate ratios"),
    MEAN("mean_ratio", "Ratios of means");

    private final String column;
    private final String title;

    Effect(String column, String title) {
      this.column = column;
      this.title = title;
    }

    String column() {
      return column;
    }

    String title() {
      return title;
    }

    /** Empty where the exponential has no name of its own. */
    static Optional<Effect> of(FamilyLink model) {
      return switch (model.link()) {
        case LOGIT -> Optional.of(ODDS);
        case LOG ->
            Optional.of(
                switch (model.family().variance()) {
                  case MEAN, OVERDISPERSED -> RATE;
                  case CONSTANT, BINOMIAL, SQUARE, CUBE -> MEAN;
                });
        case IDENTITY, PROBIT, CLOGLOG, CAUCHIT, INVERSE, INVERSE_SQUARE, SQRT -> Optional.empty();
      };
    }
  }

  private static Plot forest(String table, String title, String estimate, Plot.Scale scale) {
    return new Plot.Forest(table, title, "term", estimate, "conf_low", "conf_high", scale);
  }

  private long persons() {
    long persons = result.counted().map(counted -> counted.persons()).orElse(0L);
    return floor.showsStatistic(persons) ? persons : -1;
  }

  private List<String> notes() {
    List<String> notes = new ArrayList<>(result.outcome().notes(result.concerned()));
    notes.add(
        analysis.variance().robust() && analysis.clusters().isPresent()
            ? floor.sentenceOfPersons()
            : floor.sentence());
    notes.add(
        "A model has at most "
            + Math.round(1000 * floor.maxSaturation()) / 10.0
            + " parameters for every 100 persons.");
    if (analysis.variance().robust()) {
      notes.add(
          "Standard errors, tests and limits are robust ("
              + analysis.variance().word()
              + analysis.clusters().map(words -> ", over " + words).orElse("")
              + "); model_std_error, the deviances and the dispersion are the model's.");
    }
    notes.add(
        usesStudent() && !model.linear()
            ? "Tests are Wald's with the t distribution; limits are normal ones, as R's"
                + " confint.default."
            : "Tests and limits are Wald's, with the "
                + (model.linear() ? "t" : "normal")
                + " distribution.");
    if (model.family().estimatesTheta()) {
      notes.add(
          "The variance is mean + mean^2 / theta; standard errors of coefficients take theta for"
              + " known, as R's glm.nb does.");
    }
    if (analysis.weighted()) {
      notes.add("Weights are prior weights, as in R's glm; rows of weight 0 are left out.");
    }
    return notes;
  }

  /** R's coeftest takes the normal distribution with a robust variance but for linear models. */
  private boolean usesStudent() {
    return model.linear()
        || (model.family().estimatesDispersion() && !analysis.variance().robust());
  }

  // ---- coefficients ----------------------------------------------------------------------------

  private WaldTables wald() {
    // Nobody was counted where there is no fit; then no quantile is used.
    double df = result.fit().isPresent() ? residualDf() : 1;
    return new WaldTables(
        result.terms(),
        result
            .fit()
            .map(fit -> new WaldTables.Estimates(fit.estimates(), fit.covariance(), fit.model())),
        result.outcome().absent(),
        usesStudent() ? df : Double.POSITIVE_INFINITY,
        model.linear()
            ? Tails.studentQuantile(analysis.confidence(), df)
            : Tails.normalQuantile(analysis.confidence()),
        analysis.variance().robust());
  }

  private long residualDf() {
    return result.counted().orElseThrow().persons() - (long) result.terms().size();
  }

  // ---- fit -------------------------------------------------------------------------------------

  private ResultTable fitTable() {
    Map<Column, Cell> row = new LinkedHashMap<>();
    boolean counted = result.counted().isPresent();
    boolean shown = counted && persons() >= 0;
    row.put(Column.whole("n"), shown ? Cell.of(persons()) : floor.withheldCount());
    row.put(
        Column.whole("dropped"),
        shown ? floor.missing(result.counted().orElseThrow().dropped()) : floor.withheldCount());
    boolean intercept = analysis.formula().intercept();
    row.put(
        Column.whole("df_null"),
        shown ? Cell.of(persons() - (intercept ? 1 : 0)) : result.outcome().absent());
    row.put(Column.whole("df_residual"), shown ? Cell.of(residualDf()) : result.outcome().absent());
    for (String name : List.of("null_deviance", "deviance", "log_likelihood", "aic", "bic")) {
      row.put(Column.real(name), result.outcome().absent());
    }
    row.put(Column.real("dispersion"), result.outcome().absent());
    row.put(Column.whole("iterations"), result.outcome().absent());
    if (model.family().estimatesTheta()) {
      row.put(Column.real("theta"), result.outcome().absent());
      row.put(Column.real("theta_std_error"), result.outcome().absent());
    }
    if (analysis.clusters().isPresent()) {
      row.put(
          Column.whole("clusters"),
          shown ? floor.count(result.counted().orElseThrow().clusters()) : floor.withheldCount());
    }
    result.fit().ifPresent(fit -> fill(fit, row));
    if (model.linear()) {
      linear(row);
    }
    return new ResultTable(
        "fit", "Fit", new ArrayList<>(row.keySet()), List.of(new ArrayList<>(row.values())));
  }

  private void fill(Fit fit, Map<Column, Cell> row) {
    double parameters = result.terms().size() + model.family().extraParameters();
    double n = result.counted().orElseThrow().persons();
    row.put(Column.real("null_deviance"), Cell.of(fit.nullDeviance()));
    row.put(Column.real("deviance"), Cell.of(fit.deviance()));
    if (fit.logLikelihood().isPresent()) {
      double twice = 2 * fit.logLikelihood().getAsDouble();
      row.put(Column.real("log_likelihood"), Cell.of(fit.logLikelihood().getAsDouble()));
      row.put(Column.real("aic"), Cell.of(2 * parameters - twice));
      row.put(Column.real("bic"), Cell.of(parameters * StrictMath.log(n) - twice));
    } else {
      for (String name : List.of("log_likelihood", "aic", "bic")) {
        row.put(Column.real(name), new Cell.NotComputed("a quasi family has no likelihood"));
      }
    }
    row.put(Column.real("dispersion"), Cell.of(fit.dispersion()));
    row.put(Column.whole("iterations"), Cell.of((long) fit.iterations()));
    fit.theta()
        .ifPresent(
            theta -> {
              row.put(Column.real("theta"), Cell.of(theta.value()));
              row.put(Column.real("theta_std_error"), Cell.of(theta.stdError()));
            });
  }

  /** What R's summary of lm adds. */
  private void linear(Map<Column, Cell> row) {
    List<String> names = List.of("sigma", "r_squared", "adj_r_squared", "f_statistic", "f_p_value");
    for (String name : names) {
      row.put(Column.real(name), result.outcome().absent());
    }
    if (result.fit().isEmpty()) {
      return;
    }
    Fit fit = result.fit().get();
    double explained = fit.nullDeviance() - fit.deviance();
    double df = (double) residualDf();
    int intercept = analysis.formula().intercept() ? 1 : 0;
    double model = result.terms().size() - intercept;
    double n = result.counted().orElseThrow().persons();
    double share = explained / fit.nullDeviance();
    row.put(Column.real("sigma"), Cell.of(Math.sqrt(fit.dispersion())));
    row.put(Column.real("r_squared"), Cell.of(share));
    row.put(Column.real("adj_r_squared"), Cell.of(1 - (1 - share) * ((n - intercept) / df)));
    if (model > 0) {
      double f = explained / model / fit.dispersion();
      row.put(Column.real("f_statistic"), Cell.of(f));
      row.put(Column.real("f_p_value"), PValue.of(Tails.logFisherUpper(f, model, df)));
    } else {
      row.put(Column.real("f_statistic"), new Cell.NotComputed("no term beside the intercept"));
      row.put(Column.real("f_p_value"), new Cell.NotComputed("no term beside the intercept"));
    }
  }
}
