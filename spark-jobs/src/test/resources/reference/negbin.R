# Writes negbin.csv: negative binomial models with estimated theta.
# Run in this folder: Rscript negbin.R PATH/TO/survival/lung.csv PATH/TO/survival/colon.csv (R 4.2.2, MASS 7.3-58.2)
library(MASS)
options(digits = 17, contrasts = c("contr.treatment", "contr.poly"))
d <- read.csv(commandArgs(TRUE)[1], check.names = FALSE)
d$sex2 <- factor(d$sex, 1:2, c("male", "female"))
d$w <- 1 + d$id %% 3
d$month <- d$time %/% 30 + 1
d$z <- d$id %% 7 / 10
d$v <- 1
colon <- subset(read.csv(commandArgs(TRUE)[2]), etype == 2)
colon$rx <- factor(colon$rx, c("Obs", "Lev", "Lev+5FU"))
colon$v <- 1
fit <- function(f, data = d, link = "log") { # glm.nb's alternation, to the last digits
  environment(f) <- environment()
  m <- if (link == "log") glm.nb(f, data, weights = v) else glm.nb(f, data, weights = v, link = sqrt)
  control <- glm.control(epsilon = 1e-15, maxit = 200)
  theta <- m$theta
  for (i in 1:200) {
    m <- suppressWarnings(glm(f, negative.binomial(theta, link = link), data, weights = v, control = control, start = coef(m)))
    y <- m$y; mu <- fitted(m); w <- m$prior.weights
    score <- sum(w * (digamma(theta + y) - digamma(theta) + log(theta) + 1 - log(theta + mu) - (y + theta) / (mu + theta)))
    info <- sum(w * (-trigamma(theta + y) + trigamma(theta) - 1 / theta + 2 / (mu + theta) - (y + theta) / (mu + theta)^2))
    theta <- theta + score / info
  }
  loglik <- sum(w * (lgamma(theta + y) - lgamma(theta) - lgamma(y + 1) + theta * log(theta) + y * log(mu + (y == 0)) - (theta + y) * log(theta + mu)))
  list(m = m, theta = theta, se = sqrt(1 / info), loglik = loglik)
}
out <- function(name, f) {
  s <- summary(f$m, dispersion = 1)$coefficients
  aic <- -2 * f$loglik + 2 * f$m$rank + 2
  rbind(
    data.frame(model = name, term = rownames(s), estimate = s[, 1], std_error = s[, 2], statistic = s[, 3], p_value = s[, 4]),
    data.frame(model = name, term = c("null_deviance", "deviance", "log_likelihood", "aic", "n", "theta", "theta_std_error"),
      estimate = c(f$m$null.deviance, f$m$deviance, f$loglik, aic, length(f$m$y), f$theta, f$se),
      std_error = NA, statistic = NA, p_value = NA))
}
r <- rbind(
  out("negative_binomial", fit(month ~ age + sex2 + ph.ecog)),
  out("negative_binomial_weights", fit(month ~ age + sex2 + offset(z), transform(d, v = w))),
  out("negative_binomial_sqrt", fit(month ~ age + sex2, link = "sqrt")),
  out("negative_binomial_nodes", fit(nodes ~ rx + age + sex + obstruct, colon)))
for (j in 3:6) r[[j]] <- ifelse(is.na(r[[j]]), "", formatC(r[[j]], digits = 17, format = "g", width = -1))
write.csv(r, "negbin.csv", row.names = FALSE, quote = FALSE)
