package io.tributary.jobs.analysis.parametricsurvival;

import io.tributary.jobs.analysis.Options;
import io.tributary.jobs.survival.LogTimes;
import java.util.List;
import java.util.stream.Stream;

/** Distributions of times that a study can name. */
enum TimeDistribution {
  WEIBULL("weibull", LogTimes.EXTREME_VALUE, false),
  EXPONENTIAL("exponential", LogTimes.EXTREME_VALUE, true),
  LOG_NORMAL("lognormal", LogTimes.NORMAL, false),
  LOG_LOGISTIC("loglogistic", LogTimes.LOGISTIC, false);

  private static final List<String> WORDS = Stream.of(values()).map(d -> d.word).toList();

  private final String word;
  private final LogTimes logTimes;
  private final boolean fixedScale;

  TimeDistribution(String word, LogTimes logTimes, boolean fixedScale) {
    this.word = word;
    this.logTimes = logTimes;
    this.fixedScale = fixedScale;
  }

  /** Reads the option {@code distribution}. */
  static TimeDistribution of(Options options) {
    return values()[WORDS.indexOf(options.word("distribution", "weibull", WORDS))];
  }

  String word() {
    return word;
  }

  LogTimes logTimes() {
    return logTimes;
  }

  /** Whether the scale is 1, and not estimated. */
  boolean fixedScale() {
    return fixedScale;
  }
}
