package io.tributary.jobs.reference;

import io.tributary.codec.StudyParser;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.jobs.analysis.Catalog;
import io.tributary.jobs.analysis.Job;
import io.tributary.jobs.analysis.Pooled;
import io.tributary.jobs.analysis.Sheet;
import io.tributary.report.AnalysisReport;
import io.tributary.study.Study;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Sites that hold one data set, and a study of all that is compared on it. Opening a table costs
 * seconds, so each cut is opened once for all tests of this process.
 */
record Federation(Study study, List<SiteTable> tables) {
  private static final Map<String, Federation> OPENED = new HashMap<>();
  private static final Path FOLDER = folder();

  private static final String HEART =
      """
      study: heart
      sites: [a, b, c, d, e, f, g, h, i, j]
      cohort: {from: table}
      columns: {site: {levels: [cleveland, hungarian, switzerland, va]}}
      analyses:
        - {name: logistic-m1, type: glm, family: binomial, formula: "y ~ age + sex + trestbps + thalach + oldpeak"}
        - {name: logistic-m2-cp-exang, type: glm, family: binomial, formula: "y ~ age + sex + factor(cp) + trestbps + thalach + exang + oldpeak"}
        - {name: logistic-m3-site-fixed-effects, type: glm, family: binomial, formula: "y ~ age + sex + factor(cp) + trestbps + thalach + exang + oldpeak + site"}
        - {name: linear-thalach, type: glm, formula: "thalach ~ age + sex + exang + oldpeak"}
        - {name: linear-thalach-interaction-site, type: glm, formula: "thalach ~ age * sex + exang + oldpeak + site"}
        - {name: poisson-num, type: glm, family: poisson, formula: "num ~ age + sex + thalach"}
        - {name: probit, type: glm, family: binomial, link: probit, formula: "y ~ age + sex + thalach"}
        - {name: gamma-log-thalach, type: glm, family: gamma, link: log, formula: "thalach ~ age + sex + exang"}
        - {name: gamma-inverse-thalach, type: glm, family: gamma, formula: "thalach ~ age + sex + exang"}
        - {name: summary, type: summary, quantiles: [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95], columns: [age, sex, cp, trestbps, chol, fbs, restecg, thalach, exang, oldpeak, slope, ca, thal, num]}
        - {name: histogram-age, type: histogram, column: age, breaks: [25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80]}
        - {name: sex-y, type: crosstab, columns: [sex, y]}
        - {name: cp-y, type: crosstab, columns: [cp, y]}
        - {name: site-y, type: crosstab, columns: [site, y]}
        - {name: fbs-y, type: crosstab, columns: [fbs, y]}
        - {name: pearson, type: correlation, columns: [age, trestbps, chol, thalach, oldpeak]}
        - {name: pearson-two, type: correlation, columns: [age, thalach]}
        - {name: count-sex, type: crosstab, columns: [sex]}
        - {name: count-cp, type: crosstab, columns: [cp]}
        - {name: count-fbs, type: crosstab, columns: [fbs]}
        - {name: count-restecg, type: crosstab, columns: [restecg]}
        - {name: count-exang, type: crosstab, columns: [exang]}
        - {name: count-slope, type: crosstab, columns: [slope]}
        - {name: count-ca, type: crosstab, columns: [ca]}
        - {name: count-thal, type: crosstab, columns: [thal]}
        - {name: count-num, type: crosstab, columns: [num]}
      """;

  private static final String HEART_TESTS =
      """
      study: heart-tests
      sites: [a, b, c, d, e, f, g, h, i, j]
      cohort: {from: table}
      columns:
        site: {levels: [cleveland, hungarian, switzerland, va]}
        y: {levels: [0, 1]}
        sex: {levels: [0, 1]}
        cp: {levels: [1, 2, 3, 4]}
        num: {levels: [0, 1, 2, 3, 4]}
      analyses:
        - {name: t-welch, type: t-test, columns: [age, thalach], by: y}
        - {name: t-student, type: t-test, columns: age, by: y, variance: equal}
        - {name: t-one, type: t-test, columns: age, mu: 53}
        - {name: t-paired, type: t-test, columns: trestbps, paired: thalach}
        - {name: t-five, type: t-test, columns: [age, trestbps, chol, thalach, oldpeak], by: y, adjust: BH}
        - {name: table-sex, type: contingency-test, columns: sex, by: y}
        - {name: table-cp, type: contingency-test, columns: cp, by: y}
        - {name: table-site, type: contingency-test, columns: site, by: y}
        - {name: table-strata, type: contingency-test, columns: sex, by: y, strata: site}
        - {name: trend-cp, type: contingency-test, columns: y, by: cp}
        - {name: trend-cp-scores, type: contingency-test, columns: y, by: cp, scores: [1, 2, 5, 9]}
        - {name: ranks-paired, type: rank-test, columns: trestbps, paired: thalach}
        - {name: ranks-y, type: rank-test, columns: thalach, by: y}
        - {name: ranks-tenths, type: rank-test, columns: oldpeak, by: y, resolution: 0.1}
        - {name: ranks-site, type: rank-test, columns: age, by: site}
        - {name: ranks-tens, type: rank-test, columns: age, by: y, resolution: 10}
        - {name: ranks-hundredths, type: rank-test, columns: age, by: y, resolution: 0.01}
        - {name: multinomial-cp, type: multinomial, formula: "cp ~ age + sex + thalach"}
        - {name: multinomial-num, type: multinomial, formula: "num ~ age * sex"}
        - {name: ordinal-num, type: ordinal, formula: "num ~ age + sex + thalach + oldpeak"}
        - {name: ordinal-cp, type: ordinal, formula: "cp ~ sex * age"}
        - {name: anova-three, type: anova, columns: [age, trestbps, chol], by: site, adjust: holm}
      """;

  private static final String PENALISED =
      """
      study: penalised
      sites: [a, b, c]
      cohort: {from: table}
      columns: {part: {type: integer, range: [1, 5]}}
      analyses:
        - {name: linear-lasso, type: elastic-net, formula: "thalach ~ age + sex + trestbps + oldpeak + exang", steps: 12}
        - {name: linear-half, type: elastic-net, formula: "thalach ~ age + sex + trestbps + oldpeak + exang", alpha: 0.5, lambda: [8, 4, 2, 1, 0.3, 0.01], fold: part}
        - {name: linear-ridge, type: elastic-net, formula: "thalach ~ age + sex + trestbps + oldpeak + exang", alpha: 0, lambda: [300, 30, 3, 0.3]}
        - {name: linear-raw, type: elastic-net, formula: "thalach ~ age + sex + trestbps + oldpeak + exang", alpha: 0.8, standardize: false, lambda: [20, 5, 1, 0.1]}
        - {name: logistic-lasso, type: elastic-net, family: binomial, formula: "y ~ age + sex + trestbps + thalach + oldpeak + exang", steps: 10}
        - {name: logistic-half, type: elastic-net, family: binomial, formula: "y ~ age + sex + trestbps + thalach + oldpeak + exang", alpha: 0.5, lambda: [0.3, 0.1, 0.05, 0.01, 0.001], fold: part}
        - {name: logistic-ridge, type: elastic-net, family: binomial, formula: "y ~ age + sex + trestbps + thalach + oldpeak + exang", alpha: 0, lambda: [1, 0.1, 0.01]}
        - {name: oracle-ridge, type: elastic-net, family: binomial, formula: "y ~ s_age + s_sex + s_trestbps + s_thalach + s_oldpeak", standardize: false, alpha: 0, lambda: [0.1, 0.01]}
        - {name: oracle-lasso, type: elastic-net, family: binomial, formula: "y ~ s_age + s_sex + s_trestbps + s_thalach + s_oldpeak", standardize: false, alpha: 1, lambda: [0.1, 0.01]}
        - {name: oracle-elastic-net-05, type: elastic-net, family: binomial, formula: "y ~ s_age + s_sex + s_trestbps + s_thalach + s_oldpeak", standardize: false, alpha: 0.5, lambda: [0.1, 0.01]}
      """;

  private static final String COLON =
      """
      study: colon
      sites: [a, b, c, d, e, f, g, h, i, j]
      cohort: {from: table}
      columns: {rx: {levels: [Obs, Lev, Lev+5FU]}, site: {levels: [S1, S2, S3, S4, S5]}, differ: {type: integer, range: [1, 3]}, extent: {type: integer, range: [1, 4]}}
      analyses:
        - {name: multinomial-extent, type: multinomial, formula: "extent ~ rx + age + log(time)"}
        - {name: multinomial-weights, type: multinomial, formula: "differ ~ rx + age + obstruct", weights: extent}
        - {name: ordinal-extent, type: ordinal, formula: "extent ~ rx + age + log(time)"}
        - {name: ordinal-weights, type: ordinal, formula: "differ ~ rx + age + obstruct", weights: extent}
        - {name: km-rx, type: kaplan-meier, time: time, event: status, by: rx, restricted: 3329, times: [365, 730, 1095, 1826]}
        - {name: logrank-rx, type: logrank, time: time, event: status, by: rx}
        - {name: logrank-rx-peto, type: logrank, time: time, event: status, by: rx, test: peto}
        - {name: logrank-rx-strata, type: logrank, time: time, event: status, by: rx, strata: site}
        - {name: cox-death-breslow, type: cox, formula: "Surv(time, status) ~ rx + age + sex + nodes + differ + extent", ties: breslow, sparse: allow}
        - {name: cox-death-efron, type: cox, formula: "Surv(time, status) ~ rx + age + sex + nodes + differ + extent", sparse: allow}
        - {name: cox-death-strata-site-breslow, type: cox, formula: "Surv(time, status) ~ rx + age + sex + nodes + differ + extent + strata(site)", ties: breslow, sparse: allow}
        - {name: cox-death-strata-site-efron, type: cox, formula: "Surv(time, status) ~ rx + age + sex + nodes + differ + extent + strata(site)", sparse: allow}
        - {name: logistic-dead-5-years, type: glm, family: binomial, formula: "dead5 ~ rx + age + sex + obstruct + adhere + nodes"}
        - {name: poisson-nodes, type: glm, family: poisson, formula: "nodes ~ rx + age + sex + obstruct"}
        - {name: colon-weibull, type: parametric-survival, formula: "Surv(time, status) ~ rx + age + sex + nodes + differ + extent"}
        - {name: colon-exponential, type: parametric-survival, distribution: exponential, formula: "Surv(time, status) ~ rx + age + nodes"}
        - {name: colon-lognormal, type: parametric-survival, distribution: lognormal, formula: "Surv(time, status) ~ rx + age + sex + nodes"}
        - {name: colon-loglogistic, type: parametric-survival, distribution: loglogistic, formula: "Surv(time, status) ~ rx + age + sex + nodes"}
        - {name: negative-binomial-nodes, type: glm, family: negative-binomial, formula: "nodes ~ rx + age + sex + obstruct"}
        - {name: poisson-rate-offset-log-time, type: glm, family: poisson, formula: "status ~ rx + age + offset(log(time))"}
      """;

  private static final String FIRST =
      """
      study: first
      sites: [a, b, c, d]
      cohort: {from: table}
      columns: {rx: {levels: [Obs, Lev, Lev+5FU]}, sex: {levels: [0, 1]}, cause: {levels: [none, recurrence, death]}}
      analyses:
        - {name: causes-rx, type: cumulative-incidence, time: first, event: cause, by: rx, times: [365, 2000]}
        - {name: causes-sex, type: cumulative-incidence, time: first, event: cause, by: sex}
        - {name: causes-quarter, type: cumulative-incidence, time: quarter, event: cause, by: rx}
      """;

  private static final String BOTH =
      """
      study: both
      sites: [a, b, c, d, e]
      cohort: {from: table, person: id, rowsPerPerson: 2}
      columns: {rx: {levels: [Obs, Lev, Lev+5FU]}, etype: {levels: [1, 2]}}
      analyses:
        - {name: both, type: cox, formula: "Surv(time, status) ~ rx + age + sex + nodes + differ + extent + strata(etype)", sparse: allow, variance: robust}
        - {name: net-persons, type: elastic-net, formula: "nodes ~ age + sex + time", folds: 5, steps: 4}
        - {name: both-lognormal, type: parametric-survival, distribution: lognormal, formula: "Surv(time, status) ~ rx + age + sex + nodes", variance: robust}
      """;

  private static final String LUNG =
      """
      study: lung
      sites: [a, b, c, d, e, f, g, h, i, j]
      cohort: {from: table}
      columns: {sex2: {levels: [male, female]}, site: {levels: [A, B, C]}, ward: {type: text}, ph.ecog: {type: integer, range: [0, 3]}}
      analyses:
        - {name: km, type: kaplan-meier, time: time, event: dead, restricted: 1022}
        - {name: km-sex, type: kaplan-meier, time: time, event: dead, by: sex2, restricted: 1022}
        - {name: km-sex-log-log, type: kaplan-meier, time: time, event: dead, by: sex2, limits: log-log}
        - {name: km-site, type: kaplan-meier, time: time, event: dead, by: site, restricted: 1022}
        - {name: logrank-sex, type: logrank, time: time, event: dead, by: sex2}
        - {name: logrank-sex-rho-1, type: logrank, time: time, event: dead, by: sex2, test: fleming-harrington, rho: 1}
        - {name: logrank-ecog, type: logrank, time: time, event: dead, by: ph.ecog}
        - {name: logrank-sex-strata, type: logrank, time: time, event: dead, by: sex2, strata: site}
        - {name: entry-efron, type: cox, formula: "Surv(entry, time, dead) ~ age + sex2", proportional: km, sparse: allow}
        - {name: entry-breslow, type: cox, formula: "Surv(entry, time, dead) ~ age + sex2", ties: breslow, proportional: log, sparse: allow}
        - {name: entry-strata, type: cox, formula: "Surv(entry, time, dead) ~ age + strata(sex2, site)", proportional: rank, sparse: allow}
        - {name: weights-efron, type: cox, formula: "Surv(month, dead) ~ age + sex2", weights: w, proportional: km, sparse: allow}
        - {name: weights-breslow, type: cox, formula: "Surv(month, dead) ~ age + sex2", weights: w, ties: breslow, proportional: rank, sparse: allow}
        - {name: months-efron, type: cox, formula: "Surv(month, dead) ~ age * sex2", proportional: identity, sparse: allow}
        - {name: offset, type: cox, formula: "Surv(time, dead) ~ sex2 + offset(z) + offset(log(age))", sparse: allow}
        - {name: robust-efron, type: cox, formula: "Surv(entry, time, dead) ~ age + sex2 + strata(site)", weights: w, sparse: allow, variance: robust}
        - {name: robust-months, type: cox, formula: "Surv(month, dead) ~ age + sex2", sparse: allow, variance: robust}
        - {name: robust-breslow, type: cox, formula: "Surv(month, dead) ~ age + sex2 + offset(z)", weights: w, ties: breslow, sparse: allow, variance: robust}
        - {name: site-weights, type: cox, formula: "Surv(entry, time, dead) ~ age + sex2 + strata(site)", weights: w, sparse: allow}
        - {name: by-site-efron, type: cox, formula: "Surv(time, dead) ~ age + sex + ph.ecog", baseline: by-site}
        - {name: by-site-breslow, type: cox, formula: "Surv(time, dead) ~ age + sex + ph.ecog", baseline: by-site, ties: breslow}
        - {name: by-site-weights, type: cox, formula: "Surv(entry, time, dead) ~ age + sex2", baseline: by-site, weights: w}
        - {name: all-efron, type: cox, formula: "Surv(entry, time, dead) ~ age + factor(third) + sqrt(ph.karno) + strata(sex2) + offset(z)", weights: w, proportional: identity, sparse: allow}
        - {name: cox-breslow, type: cox, formula: "Surv(time, dead) ~ age + sex + ph.ecog", ties: breslow, sparse: allow}
        - {name: cox-efron, type: cox, formula: "Surv(time, dead) ~ age + sex + ph.ecog", proportional: km, sparse: allow}
        - {name: cox-breslow-5-covariates, type: cox, formula: "Surv(time, dead) ~ age + sex + ph.ecog + ph.karno + wt.loss", ties: breslow, sparse: allow}
        - {name: cox-efron-5-covariates, type: cox, formula: "Surv(time, dead) ~ age + sex + ph.ecog + ph.karno + wt.loss", sparse: allow}
        - {name: cox-breslow-strata-site, type: cox, formula: "Surv(time, dead) ~ age + sex + ph.ecog + strata(site)", ties: breslow, sparse: allow}
        - {name: cox-efron-strata-site, type: cox, formula: "Surv(time, dead) ~ age + sex + ph.ecog + strata(site)", sparse: allow}
        - {name: predict-efron, type: cox, formula: "Surv(time, dead) ~ age + sex + ph.ecog", sparse: allow, newData: [{age: 60, sex: 1, ph.ecog: 1}, {age: 75, sex: 2, ph.ecog: 2}]}
        - {name: predict-breslow, type: cox, formula: "Surv(time, dead) ~ age + sex + ph.ecog", ties: breslow, sparse: allow, newData: [{age: 60, sex: 1, ph.ecog: 1}, {age: 75, sex: 2, ph.ecog: 2}]}
        - {name: predict-robust, type: cox, formula: "Surv(month, dead) ~ age + sex2", variance: robust, sparse: allow, newData: [{age: 62, sex2: female}]}
        - {name: predict-strata, type: cox, formula: "Surv(entry, time, dead) ~ age + factor(third) + sqrt(ph.karno) + strata(sex2) + offset(z)", weights: w, sparse: allow, newData: [{age: 62, third: 2, ph.karno: 80, z: 0.3}, {age: 62, third: 7, ph.karno: 80, z: 0.3}]}
        - {name: logistic, type: glm, family: binomial, formula: "dead ~ age + sex + ph.ecog"}
        - {name: logistic-interaction, type: glm, family: binomial, formula: "dead ~ age * sex2 + wt.loss"}
        - {name: logistic-weights, type: glm, family: binomial, formula: "dead ~ age + sex", weights: w}
        - {name: logistic-no-intercept, type: glm, family: binomial, formula: "dead ~ 0 + age + sex2"}
        - {name: poisson-rate, type: glm, family: poisson, formula: "dead ~ age + sex + ph.ecog + offset(log(time))"}
        - {name: poisson-no-intercept, type: glm, family: poisson, formula: "dead ~ age + sex2 - 1"}
        - {name: linear-weights, type: glm, formula: "time ~ age + sex", weights: w}
        - {name: linear-no-intercept, type: glm, formula: "time ~ 0 + sex2 + age"}
        - {name: linear-offset, type: glm, formula: "time ~ age + offset(meal.cal)"}
        - {name: probit, type: glm, family: binomial, link: probit, formula: "dead ~ age + sex2 + ph.ecog"}
        - {name: probit-weights, type: glm, family: binomial, link: probit, formula: "dead ~ age + sex2", weights: w}
        - {name: probit-no-intercept, type: glm, family: binomial, link: probit, formula: "dead ~ 0 + age + offset(z)"}
        - {name: cloglog, type: glm, family: binomial, link: cloglog, formula: "dead ~ age + sex2 + offset(z)"}
        - {name: cauchit, type: glm, family: binomial, link: cauchit, formula: "dead ~ age + sex2 + ph.ecog"}
        - {name: gamma-inverse, type: glm, family: gamma, formula: "time ~ age + sex2"}
        - {name: gamma-inverse-weights, type: glm, family: gamma, link: inverse, formula: "time ~ age + sex2 + ph.ecog", weights: w}
        - {name: gamma-log, type: glm, family: gamma, link: log, formula: "meal.cal ~ age + sex2 + offset(z)"}
        - {name: gamma-log-offset, type: glm, family: gamma, link: log, formula: "meal.cal ~ age + sex2 + offset(log(time))"}
        - {name: gamma-identity, type: glm, family: gamma, link: identity, formula: "month ~ age + sex2 + ph.ecog"}
        - {name: inverse-gaussian, type: glm, family: inverse-gaussian, formula: "month ~ age + sex2"}
        - {name: inverse-gaussian-log, type: glm, family: inverse-gaussian, link: log, formula: "meal.cal ~ age + sex2", weights: w}
        - {name: inverse-gaussian-inverse, type: glm, family: inverse-gaussian, link: inverse, formula: "meal.cal ~ age + sex2"}
        - {name: poisson-sqrt, type: glm, family: poisson, link: sqrt, formula: "month ~ age + sex2"}
        - {name: poisson-identity, type: glm, family: poisson, link: identity, formula: "month ~ sex2 + z"}
        - {name: gaussian-log, type: glm, family: gaussian, link: log, formula: "time ~ age + sex2"}
        - {name: gaussian-log-offset, type: glm, family: gaussian, link: log, formula: "month ~ sex2 + offset(z)", weights: w}
        - {name: quasibinomial, type: glm, family: quasibinomial, formula: "dead ~ age + sex2"}
        - {name: quasibinomial-cloglog, type: glm, family: quasibinomial, link: cloglog, formula: "dead ~ age + sex2"}
        - {name: quasipoisson, type: glm, family: quasipoisson, formula: "month ~ age + sex2"}
        - {name: quasipoisson-offset, type: glm, family: quasipoisson, formula: "z ~ age + sex2 + offset(log(month))", weights: w}
        - {name: quasipoisson-sqrt, type: glm, family: quasipoisson, link: sqrt, formula: "month ~ age + sex2"}
        - {name: negative-binomial, type: glm, family: negative-binomial, formula: "month ~ age + sex2 + ph.ecog"}
        - {name: negative-binomial-weights, type: glm, family: negative-binomial, formula: "month ~ age + sex2 + offset(z)", weights: w}
        - {name: negative-binomial-sqrt, type: glm, family: negative-binomial, link: sqrt, formula: "month ~ age + sex2"}
        - {name: weibull, type: parametric-survival, formula: "Surv(time, dead) ~ age + sex2 + ph.ecog"}
        - {name: weibull-robust, type: parametric-survival, formula: "Surv(time, dead) ~ age + sex2", weights: w, variance: robust}
        - {name: exponential-weights, type: parametric-survival, distribution: exponential, formula: "Surv(time, dead) ~ age * sex2 + offset(z)", weights: w}
        - {name: lognormal, type: parametric-survival, distribution: lognormal, formula: "Surv(time, dead) ~ age + sex2 + sqrt(ph.karno)"}
        - {name: loglogistic-weights, type: parametric-survival, distribution: loglogistic, formula: "Surv(time, dead) ~ age + sex2 + offset(z)", weights: w}
        - {name: weibull-aft, type: parametric-survival, formula: "Surv(time, dead) ~ age + sex"}
        - {name: linear-hc0, type: glm, formula: "time ~ age * sex2", weights: w, variance: HC0}
        - {name: linear-hc3, type: glm, formula: "time ~ age * sex2", weights: w, variance: HC3}
        - {name: probit-hc2, type: glm, family: binomial, link: probit, formula: "dead ~ age + sex2 + ph.ecog", variance: HC2}
        - {name: gamma-hc3, type: glm, family: gamma, formula: "time ~ age + sex2", weights: w, variance: HC3}
        - {name: rate-hc1, type: glm, family: poisson, formula: "dead ~ age + sex + offset(log(time))", variance: HC1}
        - {name: ward-logit-hc0, type: glm, family: binomial, formula: "dead ~ age + sex2", cluster: ward, variance: HC0}
        - {name: ward-linear-hc1, type: glm, formula: "time ~ age + sex2", cluster: ward, variance: HC1}
        - {name: ward-gamma-hc1, type: glm, family: gamma, link: log, formula: "time ~ age + sex2", weights: w, cluster: ward, variance: HC1}
      """;

  private static final String CLOTTING =
      """
      study: clotting
      sites: [a, b, c]
      cohort: {from: table}
      columns: {}
      analyses:
        - {name: lot1, type: glm, family: gamma, formula: "lot1 ~ log(u)"}
        - {name: lot2, type: glm, family: gamma, formula: "lot2 ~ log(u)"}
        - {name: gamma, type: glm, family: gamma, formula: "lot1 ~ log(u)"}
        - {name: gamma-huge, type: glm, family: gamma, formula: "huge ~ log(u)"}
        - {name: gamma-tiny, type: glm, family: gamma, formula: "tiny ~ log(u)"}
        - {name: inverse-gaussian, type: glm, family: inverse-gaussian, formula: "lot1 ~ log(u)"}
        - {name: inverse-gaussian-huge, type: glm, family: inverse-gaussian, formula: "huge ~ log(u)"}
        - {name: inverse-gaussian-tiny, type: glm, family: inverse-gaussian, formula: "tiny ~ log(u)"}
      """;

  /**
   * Clotting times of plasma in seconds by its dilution u in percent, each row ten times; the first
   * lot's also times 1e9 and 1e-9.
   */
  static Federation clotting() {
    return opened(
        "clotting",
        CLOTTING,
        () -> {
          List<List<String>> rows = new ArrayList<>();
          for (int copy = 0; copy < 10; copy++) {
            for (String row :
                List.of(
                    "5 118 69",
                    "10 58 35",
                    "15 42 26",
                    "20 35 21",
                    "30 27 18",
                    "40 25 16",
                    "60 21 13",
                    "80 19 12",
                    "100 18 12")) {
              rows.add(List.of(row.split(" ")));
            }
          }
          return new Sheet(List.of("u", "lot1", "lot2"), rows)
              .with("huge", row -> row.get("lot1") + "e9")
              .with("tiny", row -> row.get("lot1") + "e-9")
              .cut(3, 5);
        });
  }

  /** Heart-disease on {@code sites} sites, rows shuffled, one site of a single row. */
  static Federation heart(int sites) {
    return opened("heart " + sites, HEART, () -> Oracle.heartDisease().cut(sites, 17L * sites));
  }

  /** Tests on heart-disease on three sites, with levels that the models' study leaves open. */
  static Federation heartTests() {
    Study study = StudyParser.parse(HEART_TESTS.getBytes(StandardCharsets.UTF_8), "study.yaml");
    return new Federation(study, heart(3).tables());
  }

  /** Heart-disease with parts of a cross-validation and scaled columns. */
  static Federation penalised() {
    return opened("penalised", PENALISED, () -> Oracle.heartDiseaseScaled().cut(3, 5));
  }

  /** Heart-disease as it came: four hospitals. In the Swiss one alone the model is separated. */
  static Federation hospitals() {
    return opened(
        "hospitals",
        HEART,
        () -> {
          Sheet all = Oracle.heartDisease();
          return List.of(
              all.where("site", "cleveland"),
              all.where("site", "hungarian"),
              all.where("site", "switzerland"),
              all.where("site", "va"));
        });
  }

  static Federation colon(int sites) {
    return opened("colon " + sites, COLON, () -> Oracle.colonDeaths().cut(sites, 17L * sites));
  }

  /** Colon's deaths by its column {@code site}. */
  static Federation colonSites() {
    return opened(
        "colon sites",
        COLON,
        () ->
            List.of("S1", "S2", "S3", "S4", "S5").stream()
                .map(site -> Oracle.colonDeaths().where("site", site))
                .toList());
  }

  /** Both rows of each patient, recurrence and death, at the site that has the patient. */
  static Federation bothEvents() {
    return opened(
        "both events",
        BOTH,
        () ->
            List.of("S1", "S2", "S3", "S4", "S5").stream()
                .map(site -> Oracle.data("survival/colon.csv").where("site", site))
                .toList());
  }

  /** Colon by what came first of recurrence and death. */
  static Federation colonFirst() {
    return opened("colon first", FIRST, () -> Oracle.colonFirst().cut(4, 11));
  }

  /** Lung by its column {@code site}. */
  static Federation lungSites() {
    return opened(
        "lung sites",
        LUNG,
        () ->
            List.of("A", "B", "C").stream()
                .map(site -> Oracle.lung().where("site", site))
                .toList());
  }

  /** The colon trial's recurrences: the other row of each patient. */
  static Federation recurrences(int sites) {
    return opened(
        "recurrences " + sites, COLON, () -> Oracle.colonRecurrences().cut(sites, 13L * sites));
  }

  static Federation lung(int sites) {
    return opened("lung " + sites, LUNG, () -> Oracle.lung().cut(sites, 17L * sites));
  }

  private static synchronized Federation opened(
      String name, String yaml, Supplier<List<Sheet>> parts) {
    return OPENED.computeIfAbsent(
        name,
        key -> {
          Study study = StudyParser.parse(yaml.getBytes(StandardCharsets.UTF_8), "study.yaml");
          return new Federation(study, Sheet.open(parts.get(), study, FOLDER));
        });
  }

  private static Path folder() {
    try {
      Path folder = Files.createTempDirectory("reference");
      folder.toFile().deleteOnExit();
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The job of an analysis by its name in the study. */
  Job job(String analysis) {
    for (int job = 0; job < study.analyses().size(); job++) {
      if (study.analyses().get(job).name().equals(analysis)) {
        return new Job(study, job);
      }
    }
    throw new IllegalArgumentException("no analysis " + analysis);
  }

  AnalysisReport report(String analysis) {
    return Pooled.report(Catalog.create(study, job(analysis).number()), tables);
  }

  /** That of one site's rows alone. */
  AnalysisReport report(String analysis, int site) {
    return Pooled.report(Catalog.create(study, job(analysis).number()), List.of(tables.get(site)));
  }
}
