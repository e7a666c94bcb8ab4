package io.tributary.jobs.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.study.ErrorCode;
import io.tributary.study.Study;
import io.tributary.study.TributaryException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a study gets to read when an analysis's options are wrong. */
class OptionsTest {
  private static final String COLUMNS =
      "{sex: {levels: [m, f]}, three: {levels: [a, b, c]}, name: {type: text}, r: {range: [0, 100]},"
          + " r4: {type: integer, range: [1, 4]}}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{name: a, type: sumary} | type 'sumary' is unknown | anova, attrition, cohort-overlap, cont",
        "{name: a, type: incidence} | option 'outcome' is missing | days to the first event",
        "{name: a, type: incidence, outcome: x} | option 'time' is missing | days to the end of observation",
        "{name: a, type: incidence, outcome: sex, time: x} | names a category, 'sex' | a column of days",
        "{name: a, type: incidence, outcome: x, time: x, prior: sex} | names a category | 0/1 column",
        "{name: a, type: incidence, outcome: x, time: x, risk: [5, 1]} | no time at risk | the first day",
        "{name: a, type: incidence, outcome: x, time: x, risk: [0.5]} | no time at risk | the first day",
        "{name: a, type: incidence, outcome: x, time: x, population: who-2000} | without standardise |"
            + " the column of ages",
        "{name: a, type: incidence, outcome: x, time: x, standardise: three} | is no population | who",
        "{name: a, type: incidence, outcome: x, time: x, standardise: three, population: who-2000}"
            + " | needs ages of ten years | age_group",
        "{name: a, type: incidence, outcome: x, time: x, standardise: three, population: us} | is 'us'"
            + " | who-2000, esp-2013",
        "{name: a, type: incidence, outcome: x, time: x, standardise: three, population: {d: 1}} | names"
            + " 'd' | a, b, c",
        "{name: a, type: incidence, outcome: x, time: x, standardise: three, population: {a: 0}} | not"
            + " above 0 | numbers above 0",
        "{name: a, type: incidence, outcome: x, time: x, by: sex, standardise: sex, population: {m: 1}}"
            + " | names a column of by | another column",
        "{name: a, type: table1} | names 0 columns | 1 to 200",
        "{name: a, type: cohort-overlap, cohorts: [x]} | names 1 columns | 2 to 6 columns of 0/1",
        "{name: a, type: cohort-overlap, cohorts: [x, sex]} | names a category, 'sex' | 0/1 column",
        "{name: a, type: prevalence, outcome: x, time: x} | option 'index' is missing | index_date",
        "{name: a, type: prevalence, index: x, outcome: x, time: x} | option 'from' is missing | a date",
        "{name: a, type: prevalence, index: x, outcome: x, time: x, from: '2020-02-30'} | is '2020-02-30' | date",
        "{name: a, type: prevalence, index: x, outcome: x, time: x, from: '2020-01-02', to: '2020-12-31'} | none of"
            + " the years whole | a later day",
        "{name: a, type: prevalence, index: x, outcome: x, time: x, at: point, contribution: full} | about periods |"
            + " no contribution at points",
        "{name: a, type: prevalence, index: x, outcome: x, time: x, from: '-999999999-01-01', to: '2020-12-31'} |"
            + " is '-999999999-01-01' | a date",
        "{name: a, type: prevalence, index: x, outcome: x, time: x, from: '2020-01-01', to: '+999999999-12-31'} |"
            + " is '+999999999-12-31' | a date",
        "{name: a, type: prevalence, index: x, outcome: x, time: x, from: '0001-01-01', to: '9999-12-31',"
            + " interval: months} | makes more than 500 cells | longer periods",
        "{name: a, type: prevalence, index: x, outcome: x, time: x, from: '2000-01-01', to: '2020-12-31',"
            + " interval: months, by: sex} | makes more than 500 cells | longer periods",
        "{name: a, type: treatment-pathways, treatments: [x, y, z, u, v, w], depth: 4} | makes more than 3000"
            + " pathways | fewer steps",
        "{name: a, type: treatment-pathways, treatments: [x]} | names 1 columns | 2 to 6 columns of days",
        "{name: a, type: treatment-pathways, treatments: [x, y], depth: 0} | does not fit | from 1 to 6",
        "{name: a, type: table1, columns: [x], by: [sex, three]} | names two columns | one column",
        "{name: a, type: table1, columns: [x, sex], by: sex} | names 'sex' of by | other columns",
        "{name: a, type: table1, columns: [x, three], join: x} | names 'x' | categories",
        "{name: a, type: table1, columns: [name]} | levels of column 'name' | Declare",
        "{name: a, type: table1, columns: [x], quantiles: [0.5]} | option 'quantiles' is unknown | by,"
            + " columns, join",
        "{name: a, type: summary} | option 'columns' is missing | a column name",
        "{name: a, type: summary, columns: [x], colunms: [y]} | option 'colunms' is unknown to"
            + " summary | by, columns, quantiles",
        "{name: a, type: summary, columns: [x, x]} | names 'x' twice | each column once",
        "{name: a, type: summary, columns: 3} | is not a name | a column name",
        "{name: a, type: summary, columns: [x], quantiles: [0]} | one person's value | above 0",
        "{name: a, type: summary, columns: [x], min: true} | is refused | quantiles",
        "{name: a, type: summary, columns: [x], by: [sex, three, sex2]} | levels of column 'sex2'"
            + " | Declare",
        "{name: a, type: summary, columns: [name]} | levels of column 'name' | Declare",
        "{name: a, type: summary, columns: [x], by: y} | levels of column 'y' are not known | Decl",
        "{name: a, type: correlation, columns: [x]} | names 1 columns | 2 to 200 numbers",
        "{name: a, type: correlation, columns: [x, sex]} | category 'sex' | numeric columns",
        "{name: a, type: crosstab, columns: [a, b, c, d]} | names 4 columns | one to three",
        "{name: a, type: crosstab, columns: [sex], confidence: 1} | is 1.0 | below 1.0",
        "{name: a, type: histogram} | option 'column' is missing | one numeric column",
        "{name: a, type: histogram, column: sex} | names a category | a number",
        "{name: a, type: histogram, column: x, bins: 0} | is 0 | from 1 to 1000",
        "{name: a, type: histogram, column: x, bins: 2.5} | is not a whole number | from 1 to 1000",
        "{name: a, type: histogram, column: x, breaks: [1, 1]} | does not ascend | ascending",
        "{name: a, type: histogram, column: x, breaks: [1]} | has 1 numbers | 2 to 1001",
        "{name: a, type: histogram, column: x, breaks: [1, 2], bins: 3} | beside breaks | one of",
        "{name: a, type: logrank, time: x, event: y} | option 'by' is missing | one or two columns",
        "{name: a, type: logrank, time: x, event: y, by: sex, strata: sex} | names 'sex', which makes"
            + " groups | another column",
        "{name: a, type: logrank, time: x, event: three, by: sex} | which has 3 levels | two levels",
        "{name: a, type: logrank, time: sex, event: y, by: sex} | names a category, 'sex' | a column of",
        "{name: a, type: logrank, time: x, by: sex} | option 'event' is missing | a 0/1 column",
        "{name: a, type: logrank, time: x, event: y, by: sex, test: cox} | is 'cox' | log-rank, gehan",
        "{name: a, type: logrank, time: x, event: y, by: sex, rho: 1} | is not part of test"
            + " 'log-rank' | fleming-harrington",
        "{name: a, type: logrank, time: x, event: y, by: sex, test: fleming-harrington, gamma: -1}"
            + " | is not an exponent | from 0 to 100",
        "{name: a, type: logrank, time: x, event: y, by: three, trend: [1, 2]} | has 2 scores | 3"
            + " numbers",
        "{name: a, type: logrank, time: x, event: y, by: sex, trend: [1, 1]} | one score | differ",
        "{name: a, type: cumulative-incidence, event: three} | option 'time' is missing | one numeric",
        "{name: a, type: cumulative-incidence, time: x, event: sex} | names 1 cause | kaplan-meier has one",
        "{name: a, type: cumulative-incidence, time: x, event: y} | names 1 cause | censoring, then 2",
        "{name: a, type: cumulative-incidence, time: x, event: three, times: [2, 1]} | does not ascend |"
            + " positive numbers, ascending",
        "{name: a, type: cumulative-incidence, time: x, event: three, limits: cloglog} | is 'cloglog' |"
            + " log, log-log, plain",
        "{name: a, type: cox} | option 'formula' is missing | Surv(time, dead)",
        "{name: a, type: cox, formula: \"Surv(t, y) ~ 1\"} | has no term | at least one term",
        "{name: a, type: cox, formula: \"Surv(t, three) ~ x\"} | names the event 'three', which has 3"
            + " levels | two levels",
        "{name: a, type: cox, formula: \"Surv(sex, y) ~ x\"} | names a category, 'sex' | a column of",
        "{name: a, type: cox, formula: \"Surv(t, y) ~ x + strata(name)\"} | levels of column 'name'"
            + " | Declare",
        "{name: a, type: cox, formula: \"Surv(t, y) ~ x + strata(sex, sex)\"} | names a group's column"
            + " twice | each column once",
        "{name: a, type: cox, formula: \"Surv(t, y) ~ x\", ties: exact} | is 'exact' | efron, bres",
        "{name: a, type: cox, formula: \"Surv(t, y) ~ x\", baseline: none} | is 'none' | by-site",
        "{name: a, type: cox, formula: \"Surv(t, y) ~ x\", baseline: by-site, sparse: allow} | has no"
            + " form with baseline: by-site | no such option",
        "{name: a, type: cox, formula: \"Surv(t, y) ~ x\", variance: HC3} | is 'HC3' | model, rob",
        "{name: a, type: cox, formula: \"Surv(t, y) ~ x\", proportional: rho} | is 'rho' | km, rank",
        "{name: a, type: cox, formula: \"Surv(t, y) ~ x\", sparse: yes} | is 'yes' | allow, refuse",
        "{name: a, type: cox, formula: \"Surv(t, y) ~ x\", weights: sex} | is a category | numeric",
        "{name: a, type: cox, formula: \"Surv(t, y) ~ x\", resolution: 0} | is 0.0 | above 0.0",
        "{name: a, type: cox, formula: \"Surv(t, y) ~ x\", newData: [1]} | else than a mapping | a list of",
        "{name: a, type: cox, formula: \"Surv(t, y) ~ x\", newData: []} | not such a list | 1 to 20",
        "{name: a, type: cox, formula: \"Surv(t, y) ~ x\", newData: [{x: [1]}]} | more than one value of"
            + " 'x' | a list of",
        "{name: a, type: cox, formula: \"Surv(t, y) ~ x + sex\", newData: [{x: 1}]} | gives values of x |"
            + " one value for each of sex, x",
        "{name: a, type: cox, formula: \"Surv(t, y) ~ x + sex\", newData: [{x: 1, sex: g}]} | gives 'g'"
            + " for sex | m, f",
        "{name: a, type: cox, formula: \"Surv(t, y) ~ log(x)\", newData: [{x: 0}]} | gives '0' for log(x)"
            + " | defined of",
        "{name: a, type: cox, formula: \"Surv(t, y) ~ x\", newData: [{x: a}]} | gives 'a' for x | a"
            + " number",
        "{name: a, type: cox, formula: \"Surv(t, y) ~ x\", baseline: by-site, newData: [{x: 1}]} | no form"
            + " with baseline: by-site | no such option",
        "{name: a, type: cox, formula: \"Surv(t, y) ~ x\", event: y} | option 'event' is unknown |"
            + " formula, maxSteps",
        "{name: a, type: t-test} | names 0 columns | 1 to 200 numbers",
        "{name: a, type: t-test, columns: sex, by: sex} | is a category where | a numeric column",
        "{name: a, type: t-test, columns: x, by: three} | makes 3 groups | two groups; anova",
        "{name: a, type: t-test, columns: x, by: sex, paired: y} | stands beside by | one of the two",
        "{name: a, type: t-test, columns: x, paired: x} | that it is compared with | another column",
        "{name: a, type: t-test, columns: x, variance: equal} | without groups | the option by",
        "{name: a, type: t-test, columns: x, by: sex, variance: pooled} | is 'pooled' | unequal, equal",
        "{name: a, type: t-test, columns: x, mu: [1, 2]} | is not one number | one number",
        "{name: a, type: t-test, columns: x, adjust: fdr} | is 'fdr' | none, bonferroni, holm",
        "{name: a, type: t-test, columns: x, test: welch} | option 'test' is unknown | adjust, by",
        "{name: a, type: anova, columns: x} | option 'by' is missing | at least two levels",
        "{name: a, type: anova, columns: x, by: [sex, three]} | no groups of one way | one column",
        "{name: a, type: anova, columns: [], by: sex} | names 0 columns | 1 to 200 numbers",
        "{name: a, type: rank-test, columns: x} | option 'by' is missing | at least two levels",
        "{name: a, type: rank-test, columns: [], by: sex} | names 0 columns | 1 to 50 numbers",
        "{name: a, type: rank-test, columns: sex, by: three} | is a category where | a numeric column",
        "{name: a, type: rank-test, columns: r, by: sex, resolution: 0.0001} | of the range of 'r' |"
            + " coarser",
        "{name: a, type: rank-test, columns: x, by: sex, paired: y} | stands beside by | one of the two",
        "{name: a, type: rank-test, columns: x, paired: x} | that it is compared with | another column",
        "{name: a, type: rank-test, columns: x, paired: sex} | is a category where | a numeric column",
        "{name: a, type: rank-test, columns: x, paired: [y]} | is not a text | one text",
        "{name: a, type: rank-test, columns: r, paired: r4, resolution: 0.0001} | of the range of 'r - r4' |"
            + " coarser",
        "{name: a, type: rank-test, columns: x, by: sex, resolution: 0} | is 0.0 | above 0.0",
        "{name: a, type: contingency-test, by: sex} | option 'columns' is missing | a column with",
        "{name: a, type: contingency-test, columns: x, by: sex} | levels of column 'x' | Declare",
        "{name: a, type: contingency-test, columns: sex, by: sex} | 'sex', which makes groups |"
            + " another",
        "{name: a, type: contingency-test, columns: sex, by: three, paired: true} | other levels | the"
            + " levels of by",
        "{name: a, type: contingency-test, columns: sex, by: three, strata: r4} | no 2 x 2 tables | two"
            + " levels",
        "{name: a, type: contingency-test, columns: sex, by: three, scores: [1, 1, 1]} | not one for"
            + " each level of by | 3 numbers",
        "{name: a, type: contingency-test, columns: sex, by: three, paired: 1} | neither true nor false"
            + " | true, false",
        "{name: a, type: glm} | option 'formula' is missing | a formula",
        "{name: a, type: glm, formula: \"y ~ x\", family: tweedie} | is 'tweedie' | gaussian, bin",
        "{name: a, type: glm, formula: \"y ~ x\", family: gamma, link: probit} | is 'probit' |"
            + " inverse, log, identity",
        "{name: a, type: glm, formula: \"y ~ x\", link: [log]} | is not a text | one text",
        "{name: a, type: glm, formula: \"y ~ x\", family: binomial, link: log} | is 'log' | logit,"
            + " probit, cloglog, cauchit",
        "{name: a, type: glm, formula: \"y ~ 0 + x\", family: gamma} | has no intercept, without"
            + " which link inverse of family gamma has no start | an intercept",
        "{name: a, type: glm, formula: \"y ~ 0 + x\", family: gamma, link: log} | has no intercept |"
            + " an intercept",
        "{name: a, type: glm, formula: \"y ~ x\", family: negative-binomial, link: logit} | is 'logit' |"
            + " log, sqrt, identity",
        "{name: a, type: glm, formula: \"y ~ 0 + x\", family: negative-binomial} | has no intercept |"
            + " an intercept",
        "{name: a, type: glm, formula: \"y ~ x + offset(t)\", family: poisson, link: identity} | has"
            + " an offset | link log",
        "{name: a, type: glm, formula: \"sex ~ x\", family: gamma} | is a category | a number for"
            + " gamma",
        "{name: a, type: glm, formula: \"y ~ x\", maxSteps: 1} | is 1 | from 2 to 100",
        "{name: a, type: glm, formula: \"sex ~ x\"} | is a category | two levels",
        "{name: a, type: glm, formula: \"three ~ x\", family: binomial} | has 3 levels | two",
        "{name: a, type: glm, formula: \"y ~ log(sex)\"} | is a category where | numeric",
        "{name: a, type: glm, formula: \"y ~ x\", weights: sex} | is a category where | num",
        "{name: a, type: glm, formula: \"y ~ 0\"} | has no term | at least one term",
        "{name: a, type: glm, formula: \"y ~ x\", variance: robust} | is 'robust' | HC0, HC1, HC2, HC3",
        "{name: a, type: glm, formula: \"y ~ x\", variance: [HC0]} | is not a text | one text",
        "{name: a, type: glm, formula: \"y ~ x\", cluster: name} | no difference to variance model | HC1",
        "{name: a, type: glm, formula: \"y ~ x\", cluster: name, variance: HC2} | no difference to"
            + " variance HC2 | variance HC0 or HC1",
        "{name: a, type: glm, formula: \"y ~ x\", cluster: [a, b], variance: HC1} | is not a text | one",
        "{name: a, type: parametric-survival} | option 'formula' is missing | Surv(time, dead)",
        "{name: a, type: parametric-survival, formula: \"Surv(e, t, y) ~ x\"} | has times of entry or"
            + " strata | type cox has both",
        "{name: a, type: parametric-survival, formula: \"Surv(t, y) ~ x + strata(sex)\"} | has times of"
            + " entry or strata | type cox",
        "{name: a, type: parametric-survival, formula: \"Surv(t, y) ~ factor(x)\"} | levels of column 'x'"
            + " | Declare",
        "{name: a, type: parametric-survival, formula: \"Surv(sex, y) ~ x\"} | names a category | a column",
        "{name: a, type: parametric-survival, formula: \"Surv(t, three) ~ x\"} | which has 3 levels | two",
        "{name: a, type: parametric-survival, formula: \"Surv(t, y) ~ x\", distribution: gamma} | is"
            + " 'gamma' | weibull, exponential, lognormal, loglogistic",
        "{name: a, type: parametric-survival, formula: \"Surv(t, y) ~ x\", distribution: 1} | not a text |"
            + " one text",
        "{name: a, type: parametric-survival, formula: \"Surv(t, y) ~ x\", variance: HC1} | is 'HC1' |"
            + " model, robust",
        "{name: a, type: parametric-survival, formula: \"Surv(t, y) ~ x\", weights: sex} | is a category |"
            + " numeric",
        "{name: a, type: parametric-survival, formula: \"Surv(t, y) ~ x\", confidence: 2} | is 2.0 | below",
        "{name: a, type: parametric-survival, formula: \"Surv(t, y) ~ x\", maxSteps: 3} | is 3 | from 4",
        "{name: a, type: parametric-survival, formula: \"Surv(t, y) ~ x\", ties: efron} | is unknown |"
            + " confidence, distribution",
        "{name: a, type: elastic-net} | option 'formula' is missing | y ~ age + sex",
        "{name: a, type: elastic-net, formula: \"y ~ x - 1\"} | no intercept or no term | at least one",
        "{name: a, type: elastic-net, formula: \"y ~ x + offset(t)\"} | has an offset | an intercept",
        "{name: a, type: elastic-net, formula: \"y ~ factor(x)\"} | levels of column 'x' | Declare",
        "{name: a, type: elastic-net, formula: \"sex ~ x\"} | is a category | a numeric outcome",
        "{name: a, type: elastic-net, formula: \"y ~ x\", family: poisson} | is 'poisson' | gaussian, bin",
        "{name: a, type: elastic-net, formula: \"y ~ x\", alpha: 1.5} | not one number from 0 to 1 | lasso",
        "{name: a, type: elastic-net, formula: \"y ~ x\", alpha: [0, 1]} | not one number | ridge",
        "{name: a, type: elastic-net, formula: \"y ~ x\", lambda: [1, 2]} | does not descend | descending",
        "{name: a, type: elastic-net, formula: \"y ~ x\", lambda: 0} | not above 0 | positive numbers",
        "{name: a, type: elastic-net, formula: \"y ~ x\", lambda: []} | has 0 numbers | 1 to 200",
        "{name: a, type: elastic-net, formula: \"y ~ x\", lambda: 1, steps: 5} | beside lambda | one of both",
        "{name: a, type: elastic-net, formula: \"y ~ x\", folds: 2} | is 2 | from 3 to 20",
        "{name: a, type: elastic-net, formula: \"y ~ x\", fold: sex} | has 2 levels | 3 to 20 levels",
        "{name: a, type: elastic-net, formula: \"y ~ x\", fold: three, folds: 3} | beside folds | or folds",
        "{name: a, type: elastic-net, formula: \"y ~ x\", standardize: 1} | neither true nor false | true",
        "{name: a, type: elastic-net, formula: \"y ~ r4*three*sex*x*t*u*v*w\", family: binomial, folds: 20}"
            + " | makes sums of | fewer terms, penalties or folds",
        "{name: a, type: multinomial} | option 'formula' is missing | stage ~ age + sex",
        "{name: a, type: multinomial, formula: \"three ~ x - 1\"} | or no intercept | an intercept",
        "{name: a, type: ordinal, formula: \"three ~ x + offset(t)\"} | has an offset | terms and an",
        "{name: a, type: ordinal, formula: \"log(x) ~ y\"} | a function of numbers | column with levels",
        "{name: a, type: ordinal, formula: \"x ~ y\"} | levels of column 'x' | Declare",
        "{name: a, type: multinomial, formula: \"sex ~ y\"} | outcome of 2 levels | type glm with family",
        "{name: a, type: multinomial, formula: \"three ~ factor(x)\"} | levels of column 'x' | Declare",
        "{name: a, type: ordinal, formula: \"three ~ x\", weights: sex} | is a category | numeric",
        "{name: a, type: ordinal, formula: \"three ~ x\", confidence: 1} | is 1.0 | below",
        "{name: a, type: ordinal, formula: \"three ~ x\", maxSteps: 1} | is 1 | from 2",
        "{name: a, type: ordinal, formula: \"three ~ x\", link: probit} | is unknown | confidence, form",
        "{name: a, type: variant-qc} | the study has no genotypes | a section 'genotypes'",
        "{name: a, type: gwas, formula: \"y ~ x\"} | the study has no genotypes | a section",
      })
  void wrongOptionSaysWhatIsAllowed(String analysis, String problem, String remedy) {
    Study study = Sheet.study(COLUMNS, analysis);
    assertThatThrownBy(() -> Catalog.create(study, 0))
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.STUDY_INVALID);
              assertThat(e.problem()).startsWith("analyses.a: ").contains(problem);
              assertThat(e.remedy()).contains(remedy);
            });
  }

  @Test
  void correctionOfSingleRowsIsRefusedWhereAPersonHasSeveral() {
    Study study =
        Sheet.study(
            COLUMNS,
            "{name: a, type: glm, formula: \"y ~ x\", variance: HC3}",
            "person: name, rowsPerPerson: 2");
    assertThatThrownBy(() -> Catalog.create(study, 0))
        .hasMessageContaining("is about single rows, where a person has several");
  }

  @Test
  void formulaErrorComesThrough() {
    Study study = Sheet.study(COLUMNS, "{name: a, type: glm, formula: \"y ~ x +\"}");
    assertThatThrownBy(() -> Catalog.create(study, 0))
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.FORMULA_INVALID));
  }

  @Test
  void analysisBeyondTheStudyIsRefused() {
    Study study = Sheet.study(COLUMNS, "{name: a, type: summary, columns: [x]}");
    assertThatThrownBy(() -> Catalog.create(study, 1)).hasMessageContaining("no analysis number 1");
  }

  @Test
  void smallestStudiesAreRead() {
    Study study = Sheet.study(COLUMNS, "{name: a, type: glm, formula: \"y ~ x\"}");
    assertThat(Catalog.create(study, 0).reveals()).hasSize(3);
  }

  /** What some models sum beside others is said of these. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "type: glm, formula: 'y ~ x', family: poisson | of w y log y",
        "type: glm, formula: 'y ~ x', weights: x | dropped and of weight 0",
        "type: glm, formula: 'y ~ x + offset(x)', family: poisson | of the model without columns [3]",
        "type: glm, formula: 'y ~ x', family: gamma | of the model without columns [3]",
        "type: glm, formula: 'y ~ x', variance: HC0 | how many rows lie beyond a cap.",
        "type: glm, formula: 'y ~ x', variance: HC3 | lie beyond a cap or have leverage 1.",
        "type: parametric-survival, formula: 'Surv(t, y) ~ x', variance: robust | lies beyond its cap."
      })
  void sentencesNameEverySum(String analysis, String sentence) {
    Study study = Sheet.study(COLUMNS, "{name: a, " + analysis.replace('\'', '"') + "}");
    assertThat(Catalog.create(study, 0).reveals()).anyMatch(said -> said.contains(sentence));
  }
}
