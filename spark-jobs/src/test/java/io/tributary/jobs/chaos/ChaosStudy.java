package io.tributary.jobs.chaos;

import io.tributary.codec.Digest;
import io.tributary.jobs.keys.ConsortiumFile;
import io.tributary.jobs.local.LocalFederation;
import io.tributary.protocol.StudyTerms;
import io.tributary.simulation.StepSums;
import io.tributary.study.SiteId;
import io.tributary.study.Study;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * The study of a run: every site adds numbers that follow from its place, and one indicator of
 * itself, so a sum says whose numbers it must consist of.
 */
final class ChaosStudy {
  static final List<SiteId> SITES =
      List.of("east", "north", "south", "west").stream().map(SiteId::new).toList();
  static final int STEPS = 4;

  private static final int WORDS = 64;
  private static final int BLOCK = 24;

  private ChaosStudy() {}

  /** Four sums of three frames. */
  static StepSums program() {
    return new StepSums(SITES.size(), WORDS, STEPS, BLOCK);
  }

  static StudyTerms terms(ConsortiumFile consortium) {
    Study study =
        new Study(
            "chaos",
            SITES,
            3,
            1,
            Optional.empty(),
            LocalFederation.ANALYST,
            "",
            Instant.MAX,
            new Study.Cohort("data", Optional.empty(), Map.of(), Optional.empty()),
            Map.of(),
            List.of(new Study.AnalysisSpec("sums", "sums", Map.of())),
            Study.ReleaseFloor.DEFAULT);
    return new StudyTerms(
        consortium.consortium(),
        consortium.digest(),
        study,
        Digest.sha256("chaos".getBytes(StandardCharsets.UTF_8)));
  }

  static ConsortiumFile consortium(LocalFederation federation, Clock clock) {
    return ConsortiumFile.read(federation.readCoordinator().consortium(), clock);
  }

  /** A site's words at step 0; at step r they are r + 1 times as large. */
  static long[] data(SiteId site) {
    int place = SITES.indexOf(site);
    SplittableRandom random = new SplittableRandom(place);
    long[] words = random.longs(WORDS, -1_000_000, 1_000_000).toArray();
    for (int i = 0; i < SITES.size(); i++) {
      words[i] = i == place ? 1 : 0;
    }
    return words;
  }

  /** Empty if the sums are those of one set of at least three sites; else what is wrong. */
  static Optional<String> fault(List<List<Long>> sums) {
    if (sums.size() != STEPS) {
      return Optional.of(sums.size() + " sums");
    }
    List<Integer> first = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      List<Integer> in = new ArrayList<>();
      long[] expected = new long[WORDS];
      for (int place = 0; place < SITES.size(); place++) {
        if (sums.get(step).get(place) != 0) {
          in.add(place);
          long[] words = data(SITES.get(place));
          for (int i = 0; i < WORDS; i++) {
            expected[i] += words[i] * (step + 1);
          }
        }
      }
      for (int i = 0; i < WORDS; i++) {
        if (sums.get(step).get(i) != expected[i]) {
          return Optional.of("step " + step + " word " + i + " of " + in);
        }
      }
      if (step == 0) {
        first = in;
      }
      if (in.size() < 3 || !in.equals(first)) {
        return Optional.of("step " + step + " has contributors " + in + " after " + first);
      }
    }
    return Optional.empty();
  }
}
