package io.tributary.jobs.bench;

import io.tributary.bench.Bench;
import io.tributary.bench.BenchRun;
import java.util.ArrayList;
import java.util.List;

/** What {@code scripts/bench} starts. */
public final class Benchmarks {
  private Benchmarks() {}

  static List<Bench> all() {
    List<Bench> benches = new ArrayList<>(BenchRun.ofEngine());
    benches.add(new LogisticRegressionBench());
    benches.add(new StatisticsBench());
    benches.add(new WarmStudy());
    benches.add(new StartUp());
    benches.add(new Load());
    benches.add(new GwasBench());
    benches.add(new CohortBench());
    return benches;
  }

  public static void main(String[] args) {
    System.exit(BenchRun.run(all(), List.of(args), System.out));
  }
}
