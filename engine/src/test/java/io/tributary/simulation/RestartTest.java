package io.tributary.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.study.SiteId;
import io.tributary.study.Study;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Killed before or after any durable write and started again, the answer is the same. */
class RestartTest {
  /** More than any role writes in the scenario. */
  private static final int MOST_WRITES = 200;

  private static final SiteId KILLED = Federation.id(1);

  private static Federation.Run begin(Federation federation, Map<SiteId, long[]> data) {
    int sites = data.size();
    Study study = federation.study("restart", sites, Optional.empty(), 3, 2);
    return federation.run(
        study, List.of(new StepSums(sites, 6, 2, 4), StepSums.of(sites, 6, 1)), data);
  }

  private static void requireResults(Federation.Run run, Map<SiteId, long[]> data) {
    assertThat(run.refused).isEmpty();
    assertThat(run.declined).isEmpty();
    assertThat(run.coordinator().results())
        .isEqualTo(
            Map.of(
                0,
                List.of(
                    Federation.expected(data, data.keySet(), 0),
                    Federation.expected(data, data.keySet(), 1)),
                1,
                List.of(Federation.expected(data, data.keySet(), 0))));
  }

  @ParameterizedTest
  @EnumSource(CrashingStore.When.class)
  void siteAtEveryWrite(CrashingStore.When when) {
    for (int write = 1; write <= MOST_WRITES; write++) {
      try (Federation federation = new Federation(3, write)) {
        CrashingStore[] store = new CrashingStore[1];
        int at = write;
        federation.wrapStore(KILLED, plain -> store[0] = new CrashingStore(plain, at, when));
        Map<SiteId, long[]> data = federation.data(6);
        Federation.Run run = begin(federation, data);
        run.startAll();
        try {
          run.settle();
        } catch (CrashingStore.Killed expected) {
          run.restart(KILLED);
        }
        run.finish();
        requireResults(run, data);
        if (store[0].isArmed()) {
          assertThat(write).isGreaterThan(20);
          return;
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(CrashingStore.When.class)
  void coordinatorAtEveryWrite(CrashingStore.When when) {
    for (int write = 1; write <= MOST_WRITES; write++) {
      try (Federation federation = new Federation(3, write)) {
        CrashingStore[] store = new CrashingStore[1];
        int at = write;
        federation.wrapCoordinatorStore(plain -> store[0] = new CrashingStore(plain, at, when));
        Map<SiteId, long[]> data = federation.data(6);
        Federation.Run run = begin(federation, data);
        run.startAll();
        try {
          run.settle();
        } catch (CrashingStore.Killed expected) {
          run.restartCoordinator();
        }
        run.finish();
        requireResults(run, data);
        if (store[0].isArmed()) {
          assertThat(write).isGreaterThan(20);
          return;
        }
      }
    }
  }

  /** A result from several sums needs all of them after a crash, also after the last one. */
  @ParameterizedTest
  @EnumSource(CrashingStore.When.class)
  void coordinatorThatKeepsItsSumsAtEveryWrite(CrashingStore.When when) {
    for (int write = 1; write <= MOST_WRITES; write++) {
      try (Federation federation = new Federation(3, write)) {
        CrashingStore[] store = new CrashingStore[1];
        int at = write;
        federation.wrapCoordinatorStore(plain -> store[0] = new CrashingStore(plain, at, when));
        Map<SiteId, long[]> data = federation.data(6);
        Study study = federation.study("kept", 3, Optional.empty(), 3, 1);
        Federation.Run run =
            federation.run(study, List.of(new KeptSums(new StepSums(3, 6, 2, 4))), data);
        run.startAll();
        try {
          run.settle();
        } catch (CrashingStore.Killed expected) {
          run.restartCoordinator();
        }
        run.finish();
        assertThat(run.coordinator().results())
            .isEqualTo(
                Map.of(
                    0,
                    List.of(
                        Federation.expected(data, data.keySet(), 0),
                        Federation.expected(data, data.keySet(), 1))));
        if (store[0].isArmed()) {
          assertThat(write).isGreaterThan(20);
          return;
        }
      }
    }
  }
}
