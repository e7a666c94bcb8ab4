package io.tributary.jobs.chaos;

import io.tributary.jobs.local.LocalFederation;
import io.tributary.study.SiteId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Many {@link ChaosRun}s one after another over the same processes. {@code scripts/chaos} starts
 * it: {@code --runs N --seed S --work FOLDER}; run i has seed S + i and can be repeated alone. Exit
 * code 1 if a run ended wrong, hung, without a name, or with a budget that counts too little.
 */
public final class Chaos {
  private Chaos() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    Map<String, String> options = new TreeMap<>();
    for (int i = 0; i + 1 < args.length; i += 2) {
      options.put(args[i], args[i + 1]);
    }
    int runs = Integer.parseInt(options.getOrDefault("--runs", "20"));
    long seed = Long.parseLong(options.getOrDefault("--seed", "1"));
    Path work = Path.of(options.getOrDefault("--work", "target/chaos"));
    List<ChaosRun.Outcome> outcomes =
        run(runs, seed, work.toAbsolutePath(), outcome -> System.out.println(line(outcome)));
    figures(outcomes).forEach(System.out::println);
    System.exit(outcomes.stream().anyMatch(ChaosRun.Outcome::isDefect) ? 1 : 0);
  }

  /** Runs with consecutive seeds; folders of runs that were no defect are removed. */
  static List<ChaosRun.Outcome> run(
      int runs, long seed, Path work, Consumer<ChaosRun.Outcome> heard)
      throws IOException, InterruptedException {
    Files.createDirectories(work);
    Map<String, PartyProcess> parties = new LinkedHashMap<>();
    List<String> names = new ArrayList<>(List.of(LocalFederation.COORDINATOR));
    ChaosStudy.SITES.stream().map(SiteId::value).forEach(names::add);
    names.forEach(name -> parties.put(name, new PartyProcess(name, work.resolve(name + ".log"))));
    List<ChaosRun.Outcome> outcomes = new ArrayList<>();
    try {
      for (int i = 0; i < runs; i++) {
        Path home = work.resolve("run-" + (seed + i));
        remove(home);
        ChaosRun.Outcome outcome = new ChaosRun(parties, seed + i, home).run();
        outcomes.add(outcome);
        heard.accept(outcome);
        if (!outcome.isDefect()) {
          remove(home);
        }
      }
    } finally {
      for (PartyProcess party : parties.values()) {
        if (party.isAlive()) {
          party.kill();
        }
      }
    }
    return outcomes;
  }

  private static void remove(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (var files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  static String line(ChaosRun.Outcome outcome) {
    String text =
        "seed=%d transport=%s faults=%s ms=%d end=%s"
            .formatted(
                outcome.seed(),
                outcome.transport(),
                outcome.faults(),
                outcome.millis(),
                outcome.end());
    return outcome.end().equals("right") ? text : text + " said=" + outcome.said();
  }

  /** Runs, faults by kind, ends by kind. */
  static List<String> figures(List<ChaosRun.Outcome> outcomes) {
    Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
    Map<String, Integer> ends = new TreeMap<>();
    Map<String, Integer> transports = new TreeMap<>();
    for (ChaosRun.Outcome outcome : outcomes) {
      outcome.faults().forEach(fault -> faults.merge(fault, 1, Integer::sum));
      String end = outcome.end();
      ends.merge(end.contains(":") ? end.substring(0, end.indexOf(':')) : end, 1, Integer::sum);
      transports.merge(outcome.transport().name(), 1, Integer::sum);
    }
    List<String> lines = new ArrayList<>();
    lines.add("runs " + outcomes.size() + " " + transports);
    lines.add("faults " + faults.values().stream().mapToInt(n -> n).sum() + " " + faults);
    lines.add("ends " + ends);
    lines.add(
        "wrong %d, hung %d, without a name %d, budget under-counted %d"
            .formatted(
                count(outcomes, "wrong"),
                count(outcomes, "hung"),
                count(outcomes, "broken"),
                count(outcomes, "under-counted")));
    return lines;
  }

  private static long count(List<ChaosRun.Outcome> outcomes, String kind) {
    return outcomes.stream().filter(outcome -> outcome.end().startsWith(kind)).count();
  }
}
