# Writes lung.csv: what R says of models that the shared oracles do not have.
# Run in this folder: Rscript lung.R PATH/TO/survival/lung.csv (R 4.2.2, base packages only)
options(digits = 17, contrasts = c("contr.treatment", "contr.poly"))
d <- read.csv(commandArgs(TRUE)[1], check.names = FALSE)
d$dead <- as.integer(d$status == 2)
d$sex2 <- factor(d$sex, 1:2, c("male", "female"))
d$w <- 1 + d$id %% 3
d$v <- 1
tight <- glm.control(epsilon = 1e-14, maxit = 200)
gfit <- function(f, fam, data = d) { # once more from its own solution: exact standard errors
  m <- glm(f, fam, data, control = tight, weights = v)
  suppressWarnings(glm(f, fam, data, control = tight, weights = v, start = coef(m)))
}
out <- function(name, m) {
  s <- summary(m)$coefficients
  rbind(
    data.frame(model = name, term = rownames(s), estimate = s[, 1], std_error = s[, 2], statistic = s[, 3], p_value = s[, 4]),
    data.frame(model = name, term = c("null_deviance", "deviance", "log_likelihood", "aic", "n"),
      estimate = c(m$null.deviance, m$deviance, as.numeric(logLik(m)), AIC(m), nobs(m)),
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
  out("linear_offset", glm(time ~ age + offset(meal.cal), gaussian, d)))
for (j in 3:6) r[[j]] <- ifelse(is.na(r[[j]]), "", formatC(r[[j]], digits = 17, format = "g", width = -1))
write.csv(r, "lung.csv", row.names = FALSE, quote = FALSE)
