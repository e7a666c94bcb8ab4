# Writes survreg.csv: parametric models of times.
# Run in this folder: Rscript survreg.R PATH/TO/survival/lung.csv PATH/TO/survival/colon.csv (R 4.2.2, survival 3.5-3)
library(survival)
options(digits = 17, contrasts = c("contr.treatment", "contr.poly"))
d <- read.csv(commandArgs(TRUE)[1], check.names = FALSE)
d$dead <- as.integer(d$status == 2)
d$sex2 <- factor(d$sex, 1:2, c("male", "female"))
d$w <- 1 + d$id %% 3
d$z <- d$id %% 7 / 10
both <- read.csv(commandArgs(TRUE)[2])
both$rx <- factor(both$rx, c("Obs", "Lev", "Lev+5FU"))
colon <- subset(both, etype == 2)
control <- survreg.control(rel.tolerance = 1e-14, maxiter = 200, toler.chol = 1e-14)
fit <- function(f, dist, data = d, v = rep(1, nrow(data)), cluster = NULL) {
  data$v <- v
  data$k <- cluster
  environment(f) <- environment()
  m <- survreg(f, data, weights = v, dist = dist, control = control)
  # survreg itself takes its residuals without their weights here, where coxph takes them with these.
  if (!is.null(cluster)) {
    used <- if (is.null(m$na.action)) cluster else cluster[-m$na.action]
    m$robust <- crossprod(rowsum(residuals(m, "dfbeta", weighted = TRUE), used))
  }
  m
}
out <- function(name, m) {
  s <- summary(m)$table
  e <- if (is.null(m$robust)) s[, "Std. Error"] else sqrt(diag(m$robust))
  ll <- c(m$loglik[2], m$loglik[1], 2 * diff(m$loglik), AIC(m), BIC(m), m$scale, length(m$linear.predictors))
  rbind(
    data.frame(model = name, term = rownames(s), estimate = s[, "Value"], std_error = e, p_value = 2 * pnorm(-abs(s[, "Value"] / e))),
    data.frame(model = name, term = c("log_likelihood", "log_likelihood_null", "likelihood_ratio", "aic", "bic", "scale", "n"),
      estimate = ll, std_error = NA, p_value = NA))
}
r <- rbind(
  out("weibull", fit(Surv(time, dead) ~ age + sex2 + ph.ecog, "weibull")),
  out("weibull_robust", fit(Surv(time, dead) ~ age + sex2, "weibull", v = d$w, cluster = d$id)),
  out("exponential_weights", fit(Surv(time, dead) ~ age * sex2 + offset(z), "exponential", v = d$w)),
  out("lognormal", fit(Surv(time, dead) ~ age + sex2 + sqrt(ph.karno), "lognormal")),
  out("loglogistic_weights", fit(Surv(time, dead) ~ age + sex2 + offset(z), "loglogistic", v = d$w)),
  out("colon_weibull", fit(Surv(time, status) ~ rx + age + sex + nodes + differ + extent, "weibull", colon)),
  out("colon_exponential", fit(Surv(time, status) ~ rx + age + nodes, "exponential", colon)),
  out("colon_lognormal", fit(Surv(time, status) ~ rx + age + sex + nodes, "lognormal", colon)),
  out("colon_loglogistic", fit(Surv(time, status) ~ rx + age + sex + nodes, "loglogistic", colon)),
  out("both_lognormal", fit(Surv(time, status) ~ rx + age + sex + nodes, "lognormal", both, cluster = both$id)))
for (j in 3:5) r[[j]] <- ifelse(is.na(r[[j]]), "", formatC(r[[j]], digits = 17, format = "g", width = -1))
write.csv(r, "survreg.csv", row.names = FALSE, quote = FALSE)
