package io.tributary.jobs.fuzz;

import io.tributary.codec.Digest;
import io.tributary.exchange.InMemoryExchange;
import io.tributary.exchange.ObjectNames;
import io.tributary.fuzz.Decoders.Target;
import io.tributary.jobs.evidence.BillOfMaterials;
import io.tributary.jobs.evidence.DossierDecoder;
import io.tributary.jobs.formula.Formula;
import io.tributary.jobs.formula.SurvivalFormula;
import io.tributary.jobs.keys.PartyCard;
import io.tributary.jobs.study.PublishedRelease;
import io.tributary.jobs.study.PublishedStatus;
import io.tributary.study.SiteId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Decoders of the commands and of what is published. States are in AnalysisConformanceTest. */
final class JobsDecoders {
  private static final Digest STUDY = Digest.sha256(new byte[] {1});

  private JobsDecoders() {}

  /**
   * All of them.
   *
   * @param folder for those that read files
   */
  static List<Target> all(Path folder) {
    List<Target> targets = new ArrayList<>(DossierDecoder.targets());
    targets.add(
        new Target(
            "bill-of-materials",
            List.of(BillOfMaterials.ofThisProgram().orElseThrow()),
            BillOfMaterials::read));
    targets.add(
        new Target(
            "formula",
            List.of(
                utf8("dead ~ age + sex * factor(stage) + offset(x) - 1"),
                utf8("y ~ a:b + log(a) * (b + c)")),
            bytes -> Formula.parse(text(bytes))));
    targets.add(
        new Target(
            "survival-formula",
            List.of(utf8("Surv(entry, time, dead) ~ age + strata(sex, arm) + sqrt(wt)")),
            bytes -> SurvivalFormula.parse(text(bytes))));
    targets.add(card(folder.resolve("fuzzed-card.yaml")));
    targets.add(
        new Target(
            "published-status",
            List.of(utf8("{\"phase\":\"ROUNDS\",\"waits\":[\"north\"],\"step\":3}")),
            bytes -> {
              try (InMemoryExchange exchange = new InMemoryExchange()) {
                exchange.put(ObjectNames.folder(STUDY) + "/status/000000", bytes);
                PublishedStatus.read(exchange, STUDY);
              }
            }));
    targets.add(
        new Target(
            "published-end",
            List.of(utf8("OK"), utf8("THRESHOLD_LOST")),
            bytes -> {
              try (InMemoryExchange exchange = new InMemoryExchange()) {
                exchange.put(ObjectNames.folder(STUDY) + "/release/end", bytes);
                PublishedRelease.ended(exchange, STUDY)
                    .filter(word -> !word.equals(PublishedRelease.OK))
                    .ifPresent(PublishedRelease::code);
              }
            }));
    return targets;
  }

  private static Target card(Path file) {
    byte[] card =
        new PartyCard(new SiteId("north"), PartyCard.Role.SITE, "ab".repeat(32), "cd".repeat(32))
            .yaml();
    return new Target(
        "party-card",
        List.of(card),
        bytes -> {
          write(file, bytes);
          PartyCard.read(file);
        });
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    Files.write(file, bytes);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
