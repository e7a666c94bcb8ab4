# Writes sandwich.csv: robust standard errors of glm and lm.
# Run in this folder: Rscript sandwich.R PATH/TO/survival/lung.csv (R 4.2.2, sandwich 3.0-2)
library(sandwich)
options(digits = 17, contrasts = c("contr.treatment", "contr.poly"))
d <- read.csv(commandArgs(TRUE)[1], check.names = FALSE)
d$dead <- as.integer(d$status == 2)
d$sex2 <- factor(d$sex, 1:2, c("male", "female"))
d$w <- 1 + d$id %% 3
d$month <- d$time %/% 30 + 1
d$v <- 1
d$ward <- ifelse(is.na(d$inst), NA, paste0(d$site, d$inst))
fit <- function(f, family, data = d, start = NULL) { # again from its own solution: exact weights
  control <- glm.control(epsilon = 1e-14, maxit = 200)
  m <- glm(f, family, data, control = control, weights = v, start = start)
  for (i in 1:20) m <- suppressWarnings(glm(f, family, data, control = control, weights = v, start = coef(m)))
  m
}
wards <- d[!is.na(d$ward), ]
out <- function(name, m, v) {
  z <- coef(m) / sqrt(diag(v))
  p <- if (inherits(m, "glm")) 2 * pnorm(-abs(z)) else 2 * pt(-abs(z), df.residual(m))
  data.frame(model = name, term = names(z), estimate = coef(m), std_error = sqrt(diag(v)), statistic = z, p_value = p)
}
probit <- fit(dead ~ age + sex2 + ph.ecog, binomial("probit"))
linear <- lm(time ~ age * sex2, d, weights = w)
gamma <- fit(time ~ age + sex2, Gamma, transform(d, v = w))
rate <- fit(dead ~ age + sex + offset(log(time)), poisson)
ward_logit <- fit(dead ~ age + sex2, binomial, wards)
ward_linear <- lm(time ~ age + sex2, wards)
ward_gamma <- fit(time ~ age + sex2, Gamma("log"), transform(wards, v = w))
hc <- function(name, type) out(paste0(name, "_", tolower(type)), get(name), vcovHC(get(name), type = type))
cl <- function(name, type) out(paste0(name, "_", tolower(type)), get(name),
  vcovCL(get(name), wards$ward, type = type, cadjust = type == "HC1"))
r <- rbind(hc("linear", "HC0"), hc("linear", "HC3"), hc("probit", "HC2"), hc("gamma", "HC3"), hc("rate", "HC1"),
  cl("ward_logit", "HC0"), cl("ward_linear", "HC1"), cl("ward_gamma", "HC1"))
for (j in 3:6) r[[j]] <- formatC(r[[j]], digits = 17, format = "g", width = -1)
write.csv(r, "sandwich.csv", row.names = FALSE, quote = FALSE)
