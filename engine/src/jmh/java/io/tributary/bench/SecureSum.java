package io.tributary.bench;

import io.tributary.simulation.Federation;
import io.tributary.study.SiteId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A secure sum of 100,000 words: every party of the protocol on one thread of one process, over an
 * exchange and journals in memory. A round begins with its announcement and ends with the verified
 * sum; every site masks, uploads, verifies the certificate and opens, the coordinator verifies all
 * signatures, rebuilds and sums. Setting an epoch up is measured apart.
 */
final class SecureSum implements Bench {
  private static final int WORDS = 100_000;
  private static final int ROUNDS = 8;

  @Override
  public String name() {
    return "secure-sum";
  }

  @Override
  public String about() {
    return "a sum of 100,000 words over 10 and 50 sites, all parties on one thread";
  }

  @Override
  public void run(Consumer<Measurement> out) throws Exception {
    measure("round", 10, 40, jobs(10), new Measurement.Goal.ValueAtMost(0.05), out);
    measure("round", 50, 2, jobs(50), new Measurement.Goal.ValueAtMost(1), out);
    measure("verified-round", 10, 20, steps(10), new Measurement.Goal.None(), out);
    measure("verified-round", 50, 2, steps(50), new Measurement.Goal.None(), out);
  }

  /** Sums that nothing follows. */
  private static List<WordSum> jobs(int sites) {
    return Collections.nCopies(ROUNDS, new WordSum(sites, WORDS, 1));
  }

  /** One model of as many rounds: before each but the first, every site recomputes the sum. */
  private static List<WordSum> steps(int sites) {
    return List.of(new WordSum(sites, WORDS, ROUNDS));
  }

  private static void measure(
      String name,
      int sites,
      int studies,
      List<WordSum> programs,
      Measurement.Goal goal,
      Consumer<Measurement> out)
      throws Exception {
    List<Double> rounds = new ArrayList<>();
    List<Double> walls = new ArrayList<>();
    List<Double> setups = new ArrayList<>();
    // The first studies warm the compiler up.
    for (int study = 0; study < studies; study++) {
      rounds.clear();
      walls.clear();
      try (Federation federation = new Federation(sites, study)) {
        Map<SiteId, long[]> data = federation.data(WORDS);
        Federation.Run run =
            federation.run(
                federation.study("sum", sites, Optional.empty(), 3, programs.size()),
                programs,
                data);
        run.startAll();
        setups.add(
            CpuTime.ofThread(
                () -> {
                  while (run.coordinator().study().live().isEmpty()) {
                    run.pass();
                  }
                }));
        for (int step = 0; step < ROUNDS; step++) {
          int taken = step + 1;
          walls.add(
              CpuTime.ofWall(
                  () ->
                      rounds.add(
                          CpuTime.ofThread(
                              () -> {
                                while (run.rounds.size() < taken) {
                                  run.pass();
                                }
                              }))));
        }
        run.settle();
        requireExact(run, data);
      }
    }
    String size = "sites=" + sites + " words=" + WORDS;
    out.accept(Measurement.of("secure-sum/" + name + "-cpu", size, median(rounds), "s").goal(goal));
    out.accept(Measurement.of("secure-sum/" + name + "-wall", size, median(walls), "s"));
    out.accept(
        Measurement.of("secure-sum/epoch-setup-cpu", size, setups.get(setups.size() - 1), "s"));
  }

  private static void requireExact(Federation.Run run, Map<SiteId, long[]> data) {
    long[] expected = new long[WORDS];
    for (long[] words : data.values()) {
      for (int i = 0; i < WORDS; i++) {
        expected[i] += words[i];
      }
    }
    var results = run.coordinator().results().values();
    if (!run.refused.isEmpty()
        || results.isEmpty()
        || !results.stream()
            .allMatch(result -> result instanceof long[] sum && Arrays.equals(sum, expected))) {
      throw new IllegalStateException("the sum is wrong, or was refused: " + run.refused);
    }
  }

  private static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }
}
