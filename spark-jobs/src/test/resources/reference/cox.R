# Writes cox.csv and proportionality.csv: what R says of models of hazards that the shared oracles do not have.
# Run in this folder: Rscript cox.R PATH/TO/survival/lung.csv (R 4.2.2, survival 3.5-3)
library(survival)
options(digits = 17, contrasts = c("contr.treatment", "contr.poly"))
d <- read.csv(commandArgs(TRUE)[1], check.names = FALSE)
d$dead <- as.integer(d$status == 2)
d$sex2 <- factor(d$sex, 1:2, c("male", "female"))
d$w <- 1 + d$id %% 3
d$entry <- (d$time * ((37 * d$id) %% 100)) %/% 150
d$month <- d$time %/% 30 + 1
d$third <- d$id %% 3
d$z <- (d$id %% 7) / 10
control <- coxph.control(eps = 1e-13, toler.chol = 1e-15, iter.max = 100)
cox <- function(f, v = rep(1, nrow(d)), ties = "efron", robust = FALSE) {
  d$v <- v
  environment(f) <- environment()
  if (robust) coxph(f, d, weights = v, ties = ties, control = control, cluster = id)
  else coxph(f, d, weights = v, ties = ties, control = control, robust = FALSE)
}
models <- list()
tests <- NULL
zph <- function(name, transform) {
  k <- cox.zph(models[[name]], transform = transform)$table
  tests <<- rbind(tests, data.frame(model = name, transform = transform, term = sub("GLOBAL", "(all)", rownames(k)),
    statistic = k[, 1], df = k[, 2], p_value = k[, 3]))
}
write <- function(x, columns, file) {
  for (j in columns) x[[j]] <- ifelse(is.na(x[[j]]), "", formatC(x[[j]], digits = 17, format = "g", width = -1))
  write.csv(x, file, row.names = FALSE, quote = FALSE)
}
out <- function(name, m) {
  models[[name]] <<- m
  s <- summary(m)
  k <- s$coefficients
  rbind(
    data.frame(model = name, term = rownames(k), estimate = k[, "coef"], std_error = k[, if ("robust se" %in% colnames(k)) "robust se" else "se(coef)"], p_value = k[, "Pr(>|z|)"]),
    data.frame(model = name,
      term = c("log_likelihood_null", "log_likelihood", "likelihood ratio", "Wald", "score", "n", "n_event"),
      estimate = c(m$loglik, s$logtest[1], m$wald.test, m$score, m$n, m$nevent), std_error = NA, p_value = NA))
}
r <- rbind(
  out("entry_efron", cox(Surv(entry, time, dead) ~ age + sex2)),
  out("entry_breslow", cox(Surv(entry, time, dead) ~ age + sex2, ties = "breslow")),
  out("entry_strata", cox(Surv(entry, time, dead) ~ age + strata(sex2, site))),
  out("weights_efron", cox(Surv(month, dead) ~ age + sex2, d$w)),
  out("weights_breslow", cox(Surv(month, dead) ~ age + sex2, d$w, ties = "breslow")),
  out("months_efron", cox(Surv(month, dead) ~ age * sex2)),
  out("offset", cox(Surv(time, dead) ~ sex2 + offset(z) + offset(log(age)))),
  out("robust_efron", cox(Surv(entry, time, dead) ~ age + sex2 + strata(site), d$w, robust = TRUE)),
  out("robust_months", cox(Surv(month, dead) ~ age + sex2, robust = TRUE)),
  out("robust_breslow", cox(Surv(month, dead) ~ age + sex2 + offset(z), d$w, ties = "breslow", robust = TRUE)),
  out("site_weights", cox(Surv(entry, time, dead) ~ age + sex2 + strata(site), d$w)),
  out("all_efron", cox(Surv(entry, time, dead) ~ age + factor(third) + sqrt(ph.karno) + strata(sex2) + offset(z), d$w)))
write(r, 3:5, "cox.csv")
zph("entry_efron", "km")
zph("entry_breslow", "log")
zph("entry_strata", "rank")
zph("weights_efron", "km")
zph("weights_breslow", "rank")
zph("months_efron", "identity")
zph("all_efron", "identity")
write(tests, c(4, 6), "proportionality.csv")
predicted <- NULL
predict_at <- function(name, m, new, times, strata = NULL) {
  s <- survfit(m, newdata = new, se.fit = TRUE)
  k <- summary(s, times = times)
  groups <- if (is.null(strata)) "" else rep(strata, each = length(times))
  rows <- if (is.matrix(k$cumhaz)) ncol(k$cumhaz) else 1
  for (i in seq_len(rows)) predicted <<- rbind(predicted, data.frame(model = name, row = i, stratum = groups, time = k$time,
    survival = as.matrix(k$surv)[, i], std_error = as.matrix(k$std.err)[, i], conf_low = as.matrix(k$lower)[, i],
    conf_high = as.matrix(k$upper)[, i], cumulative_hazard = as.matrix(k$cumhaz)[, i],
    cumulative_hazard_std_error = as.matrix(k$std.chaz)[, i]))
}
two <- data.frame(age = c(60, 75), sex = c(1, 2), ph.ecog = c(1, 2))
times <- c(5, 100, 300, 600, 883)
predict_at("predict_efron", cox(Surv(time, dead) ~ age + sex + ph.ecog), two, times)
predict_at("predict_breslow", cox(Surv(time, dead) ~ age + sex + ph.ecog, ties = "breslow"), two, times)
predict_at("predict_robust", cox(Surv(month, dead) ~ age + sex2, robust = TRUE), data.frame(age = 62, sex2 = "female"), c(2, 10, 20))
predict_at("predict_strata", cox(Surv(entry, time, dead) ~ age + factor(third) + sqrt(ph.karno) + strata(sex2) + offset(z), d$w),
  data.frame(age = 62, third = 2, ph.karno = 80, sex2 = c("male", "female"), z = 0.3), c(100, 300, 600), c("male", "female"))
write(predicted, 5:10, "predictions.csv")
