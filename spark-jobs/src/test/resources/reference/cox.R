# Writes cox.csv: what R says of models of hazards that the shared oracles do not have.
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
cox <- function(f, v = rep(1, nrow(d)), ties = "efron") { d$v <- v; environment(f) <- environment(); coxph(f, d, weights = v, ties = ties, control = control, robust = FALSE) }
out <- function(name, m) {
  s <- summary(m)
  k <- s$coefficients
  rbind(
    data.frame(model = name, term = rownames(k), estimate = k[, "coef"], std_error = k[, "se(coef)"], p_value = k[, "Pr(>|z|)"]),
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
  out("all_efron", cox(Surv(entry, time, dead) ~ age + factor(third) + sqrt(ph.karno) + strata(sex2) + offset(z), d$w)))
for (j in 3:5) r[[j]] <- ifelse(is.na(r[[j]]), "", formatC(r[[j]], digits = 17, format = "g", width = -1))
write.csv(r, "cox.csv", row.names = FALSE, quote = FALSE)
