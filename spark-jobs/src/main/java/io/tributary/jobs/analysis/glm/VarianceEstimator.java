package io.tributary.jobs.analysis.glm;

import io.tributary.jobs.analysis.Job;
import io.tributary.jobs.analysis.Options;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where standard errors come from: the model's variance, or squares of score residuals, which hold
 * under any variance (White 1980; MacKinnon and White 1985).
 */
enum VarianceEstimator {
  MODEL("model", 0),
  /** Squares as they are. */
  HC0("HC0", 0),
  /** Corrected for the number of parameters, and of clusters. */
  HC1("HC1", 0),
  /** Each square over 1 - h, h the row's leverage: unbiased if the model's variance holds. */
  HC2("HC2", 1),
  /** Each square over (1 - h)^2: nearly the jackknife. */
  HC3("HC3", 2);

  private static final List<String> WORDS = Stream.of(values()).map(v -> v.word).toList();

  private final String word;
  private final int power;

  VarianceEstimator(String word, int power) {
    this.word = word;
    this.power = power;
  }

  /** Reads the options {@code variance} and {@code cluster}. */
  static VarianceEstimator of(Job job, Options options) {
    VarianceEstimator chosen = values()[WORDS.indexOf(options.word("variance", "model", WORDS))];
    if (options.has("cluster") && !(chosen == HC0 || chosen == HC1)) {
      throw options.refuse(
          "cluster",
          "makes no difference to variance " + chosen.word,
          "variance HC0 or HC1, which are corrected for clusters");
    }
    if (chosen.power > 0 && job.study().cohort().rowsPerPerson() > 1) {
      throw options.refuse(
          "variance",
          "is '" + chosen.word + "', which is about single rows, where a person has several",
          "HC0, HC1");
    }
    return chosen;
  }

  String word() {
    return word;
  }

  /** Whether squares of score residuals are summed. */
  boolean robust() {
    return this != MODEL;
  }

  /** Power of 1 - leverage that a square is divided by: 0, 1 or 2. */
  int power() {
    return power;
  }

  /**
   * Factor of the covariance, as R's sandwich has it.
   *
   * @param n rows
   * @param p coefficients
   * @param clusters n, if every row is one
   */
  double factor(long n, int p, long clusters) {
    double g = clusters;
    return this == HC1 ? g / (g - 1) * ((n - 1.0) / (n - p)) : 1;
  }
}
