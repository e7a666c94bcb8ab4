# Writes elasticnet.csv: paths and cross-validations of glmnet.
# Run in this folder: Rscript elasticnet.R PATH/TO/heart-disease (R 4.2.2, glmnet 4.1-6)
suppressPackageStartupMessages(library(glmnet))
options(digits = 17)
names <- c("age", "sex", "cp", "trestbps", "chol", "fbs", "restecg", "thalach", "exang", "oldpeak", "slope", "ca", "thal", "num")
heart <- do.call(rbind, lapply(c("cleveland", "hungarian", "switzerland", "va"), function(s)
  read.csv(file.path(commandArgs(TRUE)[1], paste0("processed.", s, ".data")), header = FALSE, col.names = names, na.strings = "?")))
heart$y <- as.integer(heart$num > 0)
heart$part <- 1 + heart$age %% 5
columns <- c("age", "sex", "trestbps", "thalach", "oldpeak", "exang")
glmnet.control(fdev = 0, devmax = 1, mnlam = 1000, eps = 1e-12)
path <- function(name, outcome, columns, family, cv = FALSE, ...) {
  d <- na.omit(heart[c(outcome, columns, "part")])
  x <- as.matrix(d[columns])
  m <- glmnet(x, d[[outcome]], family, thresh = if (family == "binomial") 1e-20 else 1e-30, maxit = 1e8, ...)
  r <- data.frame(model = name, what = c("(Intercept)", columns), lambda = rep(m$lambda, each = 1 + length(columns)),
    value = as.vector(rbind(m$a0, as.matrix(m$beta))))
  r <- rbind(r, data.frame(model = name, what = "deviance_ratio", lambda = m$lambda, value = m$dev.ratio))
  if (cv) {
    v <- cv.glmnet(x, d[[outcome]], family = family, foldid = d$part, thresh = if (family == "binomial") 1e-20 else 1e-30, maxit = 1e8, ...)
    r <- rbind(r, data.frame(model = name, what = "cv_error", lambda = v$lambda, value = v$cvm),
      data.frame(model = name, what = "cv_std_error", lambda = v$lambda, value = v$cvsd),
      data.frame(model = name, what = c("lambda_min", "lambda_1se"), lambda = 0, value = c(v$lambda.min, v$lambda.1se)))
  }
  r
}
linear <- setdiff(columns, "thalach")
r <- rbind(
  path("linear_lasso", "thalach", linear, "gaussian", nlambda = 12),
  path("linear_half", "thalach", linear, "gaussian", cv = TRUE, alpha = 0.5, lambda = c(8, 4, 2, 1, 0.3, 0.01)),
  path("linear_ridge", "thalach", linear, "gaussian", alpha = 0, lambda = c(300, 30, 3, 0.3)),
  path("linear_raw", "thalach", linear, "gaussian", alpha = 0.8, standardize = FALSE, lambda = c(20, 5, 1, 0.1)),
  path("logistic_lasso", "y", columns, "binomial", nlambda = 10),
  path("logistic_half", "y", columns, "binomial", cv = TRUE, alpha = 0.5, lambda = c(0.3, 0.1, 0.05, 0.01, 0.001)),
  path("logistic_ridge", "y", columns, "binomial", alpha = 0, lambda = c(1, 0.1, 0.01)))
for (j in 3:4) r[[j]] <- formatC(r[[j]], digits = 17, format = "g", width = -1)
write.csv(r, "elasticnet.csv", row.names = FALSE, quote = FALSE)
