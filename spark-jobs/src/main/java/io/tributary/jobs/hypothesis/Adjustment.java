package io.tributary.jobs.hypothesis;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** How p-values of several tests are adjusted, as R's p.adjust does. */
public enum Adjustment {
  NONE("none"),
  /** m p. */
  BONFERRONI("bonferroni"),
  /** Step-down Bonferroni (Holm 1979). */
  HOLM("holm"),
  /** Step-up Bonferroni, for tests that are independent or depend positively (Hochberg 1988). */
  HOCHBERG("hochberg"),
  /** False discovery rate (Benjamini and Hochberg 1995). */
  BH("BH"),
  /** False discovery rate under any dependence (Benjamini and Yekutieli 2001). */
  BY("BY");

  private final String word;

  Adjustment(String word) {
    this.word = word;
  }

  /** Words of all, NONE first. */
  public static List<String> words() {
    return Arrays.stream(values()).map(Adjustment::word).toList();
  }

  public static Adjustment of(String word) {
    return Arrays.stream(values())
        .filter(each -> each.word.equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(word));
  }

  /** Its name in studies. */
  public String word() {
    return word;
  }

  /**
   * Adjusted p-values.
   *
   * @param logs natural logarithms of p-values; NaN is a test without one, which does not count
   * @return natural logarithms, in the same order
   */
  public double[] apply(double[] logs) {
    int[] order =
        IntStream.range(0, logs.length)
            .filter(i -> !Double.isNaN(logs[i]))
            .boxed()
            .sorted(Comparator.comparingDouble(i -> logs[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] adjusted = logs.clone();
    for (int rank = 1; rank <= order.length; rank++) {
      adjusted[order[rank - 1]] += StrictMath.log(factor(rank, order.length));
    }
    if (this == HOLM) {
      for (int i = 1; i < order.length; i++) {
        adjusted[order[i]] = Math.max(adjusted[order[i]], adjusted[order[i - 1]]);
      }
    } else if (this != NONE && this != BONFERRONI) {
      for (int i = order.length - 2; i >= 0; i--) {
        adjusted[order[i]] = Math.min(adjusted[order[i]], adjusted[order[i + 1]]);
      }
    }
    for (int at : order) {
      adjusted[at] = Math.min(0, adjusted[at]);
    }
    return adjusted;
  }

  private double factor(int rank, int tests) {
    return switch (this) {
      case NONE -> 1;
      case BONFERRONI -> tests;
      case HOLM, HOCHBERG -> tests - rank + 1.0;
      case BH -> (double) tests / rank;
      case BY -> {
        double harmonic = 0;
        for (int i = 1; i <= tests; i++) {
          harmonic += 1.0 / i;
        }
        yield harmonic * tests / rank;
      }
    };
  }
}
