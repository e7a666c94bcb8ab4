package io.tributary.jobs.bench;

import io.tributary.bench.Bench;
import io.tributary.bench.CpuTime;
import io.tributary.bench.Measurement;
import io.tributary.jobs.local.LocalFederation;
import io.tributary.study.SiteId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * A logistic model over four hospitals in a federation whose services are up: from the submission
 * to the released result. Flight over TLS on the loopback, journals on disk, one JVM and one Spark
 * session for all parties, so they share the cores that four hospitals would not.
 */
final class WarmStudy implements Bench {
  /** Spark plans and compiles queries; a service that has run twenty studies is warm. */
  private static final int WARM_UP = 20;

  private static final int MEASURED = 5;
  private static final double GOAL = 2;
  private static final List<SiteId> HOSPITALS =
      List.of(new SiteId("east"), new SiteId("north"), new SiteId("south"), new SiteId("west"));

  @Override
  public String name() {
    return "warm-study";
  }

  @Override
  public String about() {
    return "a logistic model of 4 hospitals in a warm federation over Flight";
  }

  @Override
  public void run(Consumer<Measurement> out) throws Exception {
    for (LocalFederation.Transport transport : LocalFederation.Transport.values()) {
      try (Scratch scratch = Scratch.make()) {
        Path data = write(scratch.folder().resolve("data"));
        try (RunningFederation federation =
            RunningFederation.start(
                scratch.folder().resolve("home"),
                data,
                HOSPITALS,
                transport,
                BenchSpark::session)) {
          for (int i = 0; i < WARM_UP; i++) {
            federation.run(study("warm-up-" + i));
          }
          double best = Double.MAX_VALUE;
          double sum = 0;
          for (int i = 0; i < MEASURED; i++) {
            String study = study("measured-" + i);
            double wall = CpuTime.ofWall(() -> federation.run(study));
            best = Math.min(best, wall);
            sum += wall;
          }
          String size =
              "hospitals=4 rows=920 rounds=%d transport=%s"
                  .formatted(federation.roundsOfLast(), transport);
          out.accept(
              Measurement.of("warm-study/best", size, best, "s")
                  .goal(new Measurement.Goal.ValueAtMost(GOAL)));
          out.accept(Measurement.of("warm-study/mean", size, sum / MEASURED, "s"));
          out.accept(
              Measurement.of("warm-study/round", size, best / federation.roundsOfLast(), "s"));
        }
      }
    }
  }

  static String study(String name) {
    return """
        study: %s
        sites: [east, north, south, west]
        cohort: {from: hearts}
        columns:
          age: {type: number, range: [0, 120]}
          sex: {type: integer, range: [0, 1]}
          pressure: {type: number, range: [50, 300]}
          pain: {levels: ["1", "2", "3", "4"]}
          disease: {type: integer, range: [0, 1]}
        analyses:
          - {name: model, type: glm, family: binomial, formula: "disease ~ age + sex + pressure + pain"}
        """
        .formatted(name);
  }

  /** 303, 294, 123 and 200 rows: four hospitals of unequal size. */
  static Path write(Path folder) throws IOException {
    int[] rows = {303, 294, 123, 200};
    Random random = new Random(17);
    for (int site = 0; site < rows.length; site++) {
      List<String> lines = new ArrayList<>(List.of("age,sex,pressure,pain,disease"));
      for (int i = 0; i < rows[site]; i++) {
        int age = 30 + random.nextInt(45);
        int sex = random.nextInt(3) == 0 ? 0 : 1;
        int pressure = 100 + random.nextInt(80);
        int pain = 1 + random.nextInt(4);
        double eta = -7 + 0.06 * age + 0.9 * sex + 0.01 * pressure + 0.5 * pain;
        int disease = random.nextDouble() < 1 / (1 + Math.exp(-eta)) ? 1 : 0;
        lines.add(age + "," + sex + "," + pressure + "," + pain + "," + disease);
      }
      Path own = Files.createDirectories(folder.resolve(HOSPITALS.get(site).value()));
      Files.write(own.resolve("hearts.csv"), lines);
    }
    return folder;
  }
}
