# Writes competing.csv: cumulative incidence of recurrence and of death before it in the colon trial, and gray.csv: its tests.
# Run in this folder: Rscript competing.R PATH/TO/survival/colon.csv (R 4.2.2, survival 3.5-3, cmprsk 2.2-11)
library(survival)
library(cmprsk)
options(digits = 17)
d <- read.csv(commandArgs(TRUE)[1])
r <- d[d$etype == 1, ]
m <- d[d$etype == 2, ]
m <- m[match(r$id, m$id), ]
time <- pmin(r$time, m$time)
cause <- factor(ifelse(r$status == 1 & r$time <= m$time, "recurrence", ifelse(m$status == 1, "death", "none")), c("none", "recurrence", "death"))
s <- survfit(Surv(time, cause) ~ rx, data.frame(time, cause, rx = factor(r$rx, c("Obs", "Lev", "Lev+5FU"))))
k <- summary(s, times = c(200, 365, 1000, 2000, 2800))
x <- NULL
for (j in 2:3) x <- rbind(x, data.frame(rx = sub("rx=", "", k$strata), cause = levels(cause)[j], time = k$time, incidence = k$pstate[, j],
  std_error = k$std.err[, j], conf_low = k$lower[, j], conf_high = k$upper[, j]))
for (j in 4:7) x[[j]] <- ifelse(is.na(x[[j]]), "", formatC(x[[j]], digits = 17, format = "g", width = -1))
write.csv(x, "competing.csv", row.names = FALSE, quote = FALSE)
y <- NULL
for (by in c("rx", "sex", "quarter")) {
  g <- factor(if (by == "sex") r$sex else r$rx, if (by == "sex") 0:1 else c("Obs", "Lev", "Lev+5FU"))
  test <- cuminc(if (by == "quarter") time %/% 90 else time, cause, g, cencode = "none")$Tests
  y <- rbind(y, data.frame(by, cause = rownames(test), test))
}
for (j in 3:5) y[[j]] <- formatC(y[[j]], digits = 17, format = "g", width = -1)
write.csv(y, "gray.csv", row.names = FALSE, quote = FALSE)
