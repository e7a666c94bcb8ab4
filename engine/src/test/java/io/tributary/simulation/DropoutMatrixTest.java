package io.tributary.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.protocol.AttemptId;
import io.tributary.protocol.Strength;
import io.tributary.protocol.site.Answered;
import io.tributary.protocol.site.AttemptState;
import io.tributary.protocol.site.Signed;
import io.tributary.protocol.site.Uploaded;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteId;
import io.tributary.study.Study;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every subset of sites is gone at every stage of a sum (PROTOCOL.md 2.4): the sum over exactly the
 * certified survivors comes out, or the study ends in THRESHOLD_LOST when fewer are left than the
 * shape allows. The set-up of an epoch is made once for each shape and size and copied, which also
 * restarts every party from its journal.
 */
class DropoutMatrixTest {
  private static final AttemptId FIRST = new AttemptId(1, 0, 0, 0);
  private static final int WORDS = 3;

  /** When a site goes, for good. */
  private enum Stage {
    ABSENT(null),
    BEFORE_UPLOAD(null),
    AFTER_UPLOAD(Uploaded.class),
    AFTER_SIGNATURE(Signed.class),
    AFTER_ANSWER(Answered.class);

    private final Class<? extends AttemptState> last;

    Stage(Class<? extends AttemptState> last) {
      this.last = last;
    }
  }

  /** A federation whose epoch is active, and the study it is active for. */
  private record SetUp(Federation federation, Study study, Map<SiteId, long[]> data)
      implements AutoCloseable {
    static SetUp of(int sites, Study.Shape shape) {
      Federation federation =
          new Federation(sites, 100 * sites + (shape == Study.Shape.ALL ? 0 : 1));
      Optional<Study.Shape> asked =
          sites == 3 ? Optional.empty() : Optional.of(shape).filter(Study.Shape.ALL::equals);
      Study study = federation.study("matrix-" + sites + "-" + shape, sites, asked, 3, 1);
      SetUp setUp = new SetUp(federation, study, federation.data(WORDS));
      Federation.Run run = setUp.run(federation);
      run.startAll();
      for (int i = 0; run.coordinator().study().live().isEmpty(); i++) {
        assertThat(i).isLessThan(100);
        run.pass();
      }
      data(setUp).forEach(id -> run.site(id).poll());
      data(setUp).forEach(id -> assertThat(run.site(id).study().active(1)).isPresent());
      return setUp;
    }

    private static Set<SiteId> data(SetUp setUp) {
      return setUp.data.keySet();
    }

    Federation.Run run(Federation in) {
      return in.run(study, List.of(StepSums.of(data.size(), WORDS, 1)), data);
    }

    @Override
    public void close() {
      federation.close();
    }
  }

  private static Set<SiteId> subset(int sites, int mask) {
    Set<SiteId> ids = new TreeSet<>();
    for (int i = 0; i < sites; i++) {
      if ((mask >> i & 1) != 0) {
        ids.add(Federation.id(i));
      }
    }
    return ids;
  }

  /** Who must be in the sum; empty if there must not be one. */
  private static Optional<Set<SiteId>> expected(SetUp setUp, Stage stage, Set<SiteId> gone) {
    int n = setUp.data().size();
    int left = n - gone.size();
    boolean all = Strength.shapeOf(setUp.study(), n) == Study.Shape.ALL;
    Strength strength = strength(all ? Study.Shape.ALL : Study.Shape.QUORUM, n);
    Set<SiteId> everybody = setUp.data().keySet();
    Set<SiteId> survivors = new TreeSet<>(everybody);
    survivors.removeAll(gone);
    if (gone.isEmpty()) {
      return Optional.of(everybody);
    }
    return switch (stage) {
      case ABSENT -> all || left < 3 ? Optional.empty() : Optional.of(survivors);
      case BEFORE_UPLOAD ->
          all || left < strength.uploads() ? Optional.empty() : Optional.of(survivors);
      case AFTER_UPLOAD -> left < strength.signatures() ? Optional.empty() : Optional.of(everybody);
      case AFTER_SIGNATURE -> left < strength.shares() ? Optional.empty() : Optional.of(everybody);
      case AFTER_ANSWER -> Optional.of(everybody);
    };
  }

  private static Strength strength(Study.Shape shape, int n) {
    List<String> organisations = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      organisations.add("organisation " + i);
    }
    return Strength.of(shape, organisations, 3, 1);
  }

  private static void check(SetUp setUp, Stage stage, Set<SiteId> gone) {
    try (Federation federation =
        stage == Stage.ABSENT ? setUp.federation().withoutStates() : setUp.federation().copy()) {
      Federation.Run run = setUp.run(federation);
      for (SiteId id : setUp.data().keySet()) {
        if (stage.last != null || !gone.contains(id)) {
          run.start(id);
        }
      }
      runUntilQuiet(run, stage, gone);
      for (int i = 0; i < 4 && !run.coordinator().isOver(); i++) {
        federation.clock().pass(Duration.ofMinutes(31));
        runUntilQuiet(run, stage, gone);
      }
      String what = "%s %s without %s".formatted(setUp.study().name(), stage, gone);
      Optional<Set<SiteId>> expected = expected(setUp, stage, gone);
      assertThat(run.refused).as(what).isEmpty();
      assertThat(run.suspicions).as(what).isEmpty();
      if (expected.isPresent()) {
        assertThat(run.coordinator().results())
            .as(what)
            .isEqualTo(Map.of(0, List.of(Federation.expected(setUp.data(), expected.get(), 0))));
        assertThat(run.rounds.get(0).contributors()).as(what).isEqualTo(expected.get());
        return;
      }
      assertThat(run.coordinator().status().waitingFor()).as(what).isNotEmpty();
      federation.clock().pass(Duration.ofDays(4));
      runUntilQuiet(run, stage, gone);
      assertThat(run.coordinator().results()).as(what).isEmpty();
      assertThat(run.coordinator().gaveUp().orElseThrow().code())
          .as(what)
          .isEqualTo(ErrorCode.THRESHOLD_LOST);
    }
  }

  private static void runUntilQuiet(Federation.Run run, Stage stage, Set<SiteId> gone) {
    for (int i = 0; i < 1000; i++) {
      boolean happened = run.coordinator().poll();
      for (SiteId id : run.terms().study().sites()) {
        if (run.site(id) == null) {
          continue;
        }
        happened |= run.site(id).poll();
        if (stage.last != null
            && gone.contains(id)
            && run.site(id).study().attempt(FIRST).filter(stage.last::isInstance).isPresent()) {
          run.stop(id);
        }
      }
      if (!happened) {
        return;
      }
    }
    throw new AssertionError("still busy: " + run.coordinator());
  }

  @ParameterizedTest
  @CsvSource({"3,ALL", "4,ALL", "4,QUORUM", "5,ALL", "5,QUORUM", "6,ALL", "6,QUORUM"})
  void everySubsetAtEveryStage(int sites, Study.Shape shape) {
    try (SetUp setUp = SetUp.of(sites, shape)) {
      for (Stage stage : Stage.values()) {
        for (int mask = stage == Stage.ABSENT ? 0 : 1; mask < 1 << sites; mask++) {
          check(setUp, stage, subset(sites, mask));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"10,ALL,5", "10,QUORUM,10", "30,QUORUM,4"})
  void sampledSubsetsAtEveryStageButAbsence(int sites, Study.Shape shape, int cases) {
    SplittableRandom random = new SplittableRandom(sites);
    try (SetUp setUp = SetUp.of(sites, shape)) {
      for (int i = 0; i < cases; i++) {
        Stage stage = Stage.values()[1 + i % (Stage.values().length - 1)];
        // Around the threshold, where it matters.
        int size = 1 + random.nextInt(sites / 2);
        Set<SiteId> gone = new TreeSet<>();
        while (gone.size() < size) {
          gone.add(Federation.id(random.nextInt(sites)));
        }
        check(setUp, stage, gone);
      }
    }
  }

  @Test
  void hundredSitesLoseAsManyAsTheShapeAllows() {
    SplittableRandom random = new SplittableRandom(100);
    try (SetUp setUp = SetUp.of(100, Study.Shape.QUORUM)) {
      int most = 100 - strength(Study.Shape.QUORUM, 100).shares();
      Set<SiteId> gone = new TreeSet<>();
      while (gone.size() < most) {
        gone.add(Federation.id(random.nextInt(100)));
      }
      check(setUp, Stage.AFTER_UPLOAD, gone);
    }
  }
}
