# Association of dosages of example.16bits.bgen (bgen-samples), as plink2 exported them, with made-up outcomes; R 4.2.2.
# Rscript dosages.R PLINK2.RAW.GZ > dosages.csv
options(digits = 15)
raw <- read.delim(gzfile(commandArgs(TRUE)[1]), check.names = FALSE)
# plink2 prints as many digits as tell 16384ths apart.
g <- 2 - round(as.matrix(raw[, -(1:6)]) * 16384) / 16384
i <- seq_len(nrow(g)); x <- cos(i / 3); y <- sin(i) + x; case <- as.numeric((i * 7919) %% 1000 < 350)
linear <- function(d, k) { s <- summary(lm(y[k] ~ x[k] + d[k]))$coefficients; s[3, 1:2] }
logistic <- function(d, k) {
  m <- glm(case[k] ~ x[k] + d[k], family = binomial, control = glm.control(epsilon = 1e-13, maxit = 60))
  m <- glm(case[k] ~ x[k] + d[k], family = binomial, start = coef(m)); summary(m)$coefficients[3, 1:2]
}
score <- function(d) {
  m <- glm(case ~ x, family = binomial, control = glm.control(epsilon = 1e-13, maxit = 60)); mu <- fitted(m); w <- mu * (1 - mu); C <- cbind(1, x)
  a <- crossprod(C, w * d); v <- sum(w * d^2) - drop(crossprod(a, solve(crossprod(C, C * w), a))); c(sum(d * (case - mu)) / v, 1 / sqrt(v))
}
out <- t(sapply(seq_len(ncol(g)), function(v) {
  d <- g[, v]; k <- !is.na(d); f <- ifelse(k, d, mean(d, na.rm = TRUE)); all <- rep(TRUE, length(d))
  c(n = sum(k), freq = mean(d, na.rm = TRUE) / 2, linear(d, k), linear(f, all), logistic(d, k), logistic(f, all), score(f))
}))
colnames(out) <- c("n", "freq", "linear_beta", "linear_se", "mean_beta", "mean_se", "logistic_beta", "logistic_se", "filled_beta", "filled_se", "score_beta", "score_se")
write.csv(data.frame(id = sub("_[^_]*$", "", colnames(g)), signif(out, 15)), row.names = FALSE, quote = FALSE)
