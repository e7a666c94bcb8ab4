# Writes polytomous.csv: multinomial and ordinal logit models.
# Run in this folder: Rscript polytomous.R PATH/TO/heart-disease PATH/TO/survival/colon.csv (R 4.2.2, nnet 7.3-18, MASS 7.3-58.2)
library(MASS)
library(nnet)
options(digits = 17, contrasts = c("contr.treatment", "contr.poly"))
args <- commandArgs(TRUE)
names <- c("age", "sex", "cp", "trestbps", "chol", "fbs", "restecg", "thalach", "exang", "oldpeak", "slope", "ca", "thal", "num")
heart <- do.call(rbind, lapply(c("cleveland", "hungarian", "switzerland", "va"), function(s)
  read.csv(file.path(args[1], paste0("processed.", s, ".data")), header = FALSE, col.names = names, na.strings = "?")))
heart$sex <- factor(heart$sex)
heart$cp <- factor(heart$cp)
heart$num <- factor(heart$num)
heart$one <- 1
colon <- subset(read.csv(args[2]), etype == 2)
colon$rx <- factor(colon$rx, c("Obs", "Lev", "Lev+5FU"))
colon$one <- 1
colon$differ <- factor(colon$differ)
colon$grade <- factor(colon$extent)

newton <- function(start, derivatives) { # from R's own estimate until nothing changes
  b <- start
  for (i in 1:50) {
    d <- derivatives(b)
    b <- b + solve(d$information, d$score)
  }
  d <- derivatives(b)
  list(b = b, vcov = solve(d$information), loglik = d$loglik)
}
frame <- function(f, data, w) {
  data$weight <- data[[w]]
  m <- eval(substitute(model.frame(f, data, weights = weight)))
  list(y = as.integer(model.response(m)), levels = levels(model.response(m)), x = model.matrix(f, m), w = model.weights(m))
}
multinomial <- function(f, data, w = "one") {
  g <- frame(f, data, w)
  environment(f) <- environment()
  data$weight <- data[[w]]
  m <- multinom(f, data, weights = weight, trace = FALSE, maxit = 10000, reltol = 1e-15, abstol = 1e-15)
  k <- length(g$levels) - 1
  q <- ncol(g$x)
  fit <- newton(as.vector(t(coef(m))), function(b) {
    eta <- cbind(0, g$x %*% matrix(b, q))
    p <- exp(eta - apply(eta, 1, max))
    p <- p / rowSums(p)
    information <- matrix(0, k * q, k * q)
    for (i in 1:k) for (j in 1:k)
      information[(i - 1) * q + 1:q, (j - 1) * q + 1:q] <- crossprod(g$x, g$w * p[, i + 1] * ((i == j) - p[, j + 1]) * g$x)
    list(loglik = sum(g$w * log(p[cbind(seq_along(g$y), g$y)])), information = information,
      score = as.vector(sapply(1:k, function(i) crossprod(g$x, g$w * ((g$y == i + 1) - p[, i + 1])))))
  })
  stopifnot(max(abs(fit$b - as.vector(t(coef(m))))) < 1e-3)
  names(fit$b) <- paste0(rep(g$levels[-1], each = q), ":", colnames(g$x))
  c(fit, list(g = g))
}
ordinal <- function(f, data, w = "one") {
  g <- frame(f, data, w)
  environment(f) <- environment()
  data$weight <- data[[w]]
  m <- polr(f, data, weights = weight, control = list(reltol = 1e-15, maxit = 10000))
  x <- g$x[, -1, drop = FALSE]
  q <- ncol(x)
  k <- length(g$levels) - 1
  fit <- newton(c(coef(m), m$zeta), function(b) {
    eta <- drop(x %*% b[1:q])
    zeta <- c(-Inf, b[q + 1:k], Inf)
    u <- zeta[g$y + 1] - eta
    l <- zeta[g$y] - eta
    p <- ifelse(u > 0, plogis(-l) - plogis(-u), plogis(u) - plogis(l))
    zu <- cbind(-x, outer(g$y, 1:k, "==") + 0)
    zl <- cbind(-x, outer(g$y, 1 + 1:k, "==") + 0)
    slope <- function(v) ifelse(is.finite(v), dlogis(v) * (1 - 2 * plogis(v)), 0)
    gradient <- (dlogis(u) * zu - dlogis(l) * zl) / p
    list(loglik = sum(g$w * log(p)), score = colSums(g$w * gradient),
      information = crossprod(gradient, g$w * gradient) - crossprod(zu, g$w * slope(u) / p * zu) + crossprod(zl, g$w * slope(l) / p * zl))
  })
  stopifnot(max(abs(fit$b - c(coef(m), m$zeta))) < 1e-3 * max(1, abs(fit$b)))
  names(fit$b) <- c(colnames(x), paste(g$levels[-(k + 1)], g$levels[-1], sep = "|"))
  c(fit, list(g = g))
}
out <- function(name, fit) {
  se <- sqrt(diag(fit$vcov))
  p <- length(fit$b)
  share <- tapply(fit$g$w, fit$g$y, sum)
  rbind(
    data.frame(model = name, term = names(fit$b), estimate = fit$b, std_error = se, statistic = fit$b / se, p_value = 2 * pnorm(-abs(fit$b / se))),
    data.frame(model = name, term = c("log_likelihood", "log_likelihood_null", "aic", "n"),
      estimate = c(fit$loglik, sum(share * log(share / sum(share))), 2 * p - 2 * fit$loglik, length(fit$g$y)),
      std_error = NA, statistic = NA, p_value = NA))
}
r <- rbind(
  out("multinomial_cp", multinomial(cp ~ age + sex + thalach, heart)),
  out("multinomial_num", multinomial(num ~ age * sex, heart)),
  out("multinomial_extent", multinomial(grade ~ rx + age + log(time), colon)),
  out("multinomial_weights", multinomial(differ ~ rx + age + obstruct, colon, "extent")),
  out("ordinal_num", ordinal(num ~ age + sex + thalach + oldpeak, heart)),
  out("ordinal_cp", ordinal(cp ~ sex * age, heart)),
  out("ordinal_extent", ordinal(grade ~ rx + age + log(time), colon)),
  out("ordinal_weights", ordinal(differ ~ rx + age + obstruct, colon, "extent")))
for (j in 3:6) r[[j]] <- ifelse(is.na(r[[j]]), "", formatC(r[[j]], digits = 17, format = "g", width = -1))
write.csv(r, "polytomous.csv", row.names = FALSE, quote = FALSE)
