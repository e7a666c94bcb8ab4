# Writes lung.csv: what R says of models that the shared oracles do not have.
# Run in this folder: Rscript lung.R PATH/TO/survival/lung.csv (R 4.2.2, base packages only)
options(digits = 17, contrasts = c("contr.treatment", "contr.poly"))
d <- read.csv(commandArgs(TRUE)[1], check.names = FALSE)
d$dead <- as.integer(d$status == 2)
d$sex2 <- factor(d$sex, 1:2, c("male", "female"))
d$w <- 1 + d$id %% 3
d$third <- d$id %% 3
d$z <- d$id %% 7 / 10
d$month <- d$time %/% 30 + 1
d$v <- 1
tight <- glm.control(epsilon = 1e-14, maxit = 200)
gfit <- function(f, fam, data = d, start = NULL) { # again from its own solution: exact standard errors
  m <- glm(f, fam, data, control = tight, weights = v, start = start)
  # Without a canonical link a step gains few digits, and the deviance stops changing early.
  for (i in 1:(if (paste(m$family$family, m$family$link) %in% c("binomial logit", "poisson log")) 1 else 20))
    m <- suppressWarnings(glm(f, fam, data, control = tight, weights = v, start = coef(m)))
  m
}
out <- function(name, m) {
  s <- summary(m)$coefficients
  p <- if (m$family$family %in% c("gaussian", "binomial", "poisson") && m$family$link %in% c("identity", "logit", "log")) NULL else summary(m)$dispersion
  rbind(
    data.frame(model = name, term = rownames(s), estimate = s[, 1], std_error = s[, 2], statistic = s[, 3], p_value = s[, 4]),
    data.frame(model = name, term = c("null_deviance", "deviance", "log_likelihood", "aic", "n", if (!is.null(p)) "dispersion"),
      estimate = c(m$null.deviance, m$deviance, as.numeric(logLik(m)), AIC(m), nobs(m), p),
      std_error = NA, statistic = NA, p_value = NA))
}
r <- rbind(
  out("logistic", gfit(dead ~ age + sex + ph.ecog, binomial)),
  out("logistic_interaction", gfit(dead ~ age * sex2 + wt.loss, binomial)),
  out("logistic_weights", gfit(dead ~ age + sex, binomial, transform(d, v = w))),
  out("logistic_no_intercept", gfit(dead ~ 0 + age + sex2, binomial)),
  out("poisson_rate", gfit(dead ~ age + sex + ph.ecog + offset(log(time)), poisson)),
  out("poisson_no_intercept", gfit(dead ~ age + sex2 - 1, poisson)),
  out("linear_weights", glm(time ~ age + sex, gaussian, d, weights = d$w)),
  out("linear_no_intercept", glm(time ~ 0 + sex2 + age, gaussian, d)),
  out("linear_offset", glm(time ~ age + offset(meal.cal), gaussian, d)),
  out("probit", gfit(dead ~ age + sex2 + ph.ecog, binomial("probit"))),
  out("probit_weights", gfit(dead ~ age + sex2, binomial("probit"), transform(d, v = w))),
  out("probit_no_intercept", gfit(dead ~ 0 + age + offset(z), binomial("probit"))),
  out("cloglog", gfit(dead ~ age + sex2 + offset(z), binomial("cloglog"))),
  out("cauchit", gfit(dead ~ age + sex2 + ph.ecog, binomial("cauchit"))),
  out("gamma_inverse", gfit(time ~ age + sex2, Gamma)),
  out("gamma_inverse_weights", gfit(time ~ age + sex2 + ph.ecog, Gamma, transform(d, v = w))),
  out("gamma_log", gfit(meal.cal ~ age + sex2 + offset(z), Gamma("log"))),
  out("gamma_log_offset", gfit(meal.cal ~ age + sex2 + offset(log(time)), Gamma("log"))),
  out("gamma_identity", gfit(month ~ age + sex2 + ph.ecog, Gamma("identity"))),
  out("inverse_gaussian", gfit(month ~ age + sex2, inverse.gaussian, start = c(0.01, 0, 0))),
  out("inverse_gaussian_log", gfit(meal.cal ~ age + sex2, inverse.gaussian("log"), transform(d, v = w))),
  out("inverse_gaussian_inverse", gfit(meal.cal ~ age + sex2, inverse.gaussian("inverse"))),
  out("poisson_sqrt", gfit(month ~ age + sex2, poisson("sqrt"))),
  out("poisson_identity", gfit(month ~ sex2 + z, poisson("identity"))),
  out("gaussian_log", gfit(time ~ age + sex2, gaussian("log"), start = c(5.7, 0, 0))),
  out("gaussian_log_offset", gfit(month ~ sex2 + offset(z), gaussian("log"), transform(d, v = w), start = c(2, 0))),
  out("quasibinomial", gfit(dead ~ age + sex2, quasibinomial)),
  out("quasibinomial_cloglog", gfit(dead ~ age + sex2, quasibinomial("cloglog"))),
  out("quasipoisson", gfit(month ~ age + sex2, quasipoisson)),
  out("quasipoisson_offset", gfit(z ~ age + sex2 + offset(log(month)), quasipoisson, transform(d, v = w))),
  out("quasipoisson_sqrt", gfit(month ~ age + sex2, quasipoisson("sqrt"))))
for (j in 3:6) r[[j]] <- ifelse(is.na(r[[j]]), "", formatC(r[[j]], digits = 17, format = "g", width = -1))
write.csv(r, "lung.csv", row.names = FALSE, quote = FALSE)
