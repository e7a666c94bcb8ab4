package io.tributary.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.exchange.CoordinatorPump;
import io.tributary.protocol.AttemptId;
import io.tributary.protocol.site.Active;
import io.tributary.protocol.site.AttemptState;
import io.tributary.protocol.site.Signed;
import io.tributary.protocol.site.Uploaded;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteId;
import io.tributary.study.Study;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Sites that are away from the start or go at one stage of a sum (PROTOCOL.md 2.4, 2.5). */
class DropoutTest {
  private static final AttemptId FIRST = new AttemptId(1, 0, 0, 0);

  private static Federation.Run run(Federation federation, int sites, Map<SiteId, long[]> data) {
    Study study = federation.study("dropout", sites, Optional.empty(), 3, 1);
    return federation.run(study, List.of(StepSums.of(sites, 7, 1)), data);
  }

  private static void requireSum(
      Federation.Run run, Map<SiteId, long[]> data, Set<SiteId> contributors) {
    assertThat(run.refused).isEmpty();
    assertThat(run.coordinator().results())
        .isEqualTo(Map.of(0, List.of(Federation.expected(data, contributors, 0))));
  }

  private static Set<SiteId> without(Map<SiteId, long[]> data, int... gone) {
    Set<SiteId> left = new TreeSet<>(data.keySet());
    for (int site : gone) {
      left.remove(Federation.id(site));
    }
    return left;
  }

  /** Passes until the site's first attempt is in a state, then the site is gone. */
  private static void stopIn(Federation.Run run, int site, Class<? extends AttemptState> state) {
    SiteId id = Federation.id(site);
    for (int i = 0; i < 100; i++) {
      run.coordinator().poll();
      for (SiteId other : run.terms().study().sites()) {
        if (run.site(other) != null) {
          run.site(other).poll();
          if (other.equals(id)
              && run.site(id).study().attempt(FIRST).filter(state::isInstance).isPresent()) {
            run.stop(id);
            return;
          }
        }
      }
    }
    throw new AssertionError("never in " + state);
  }

  @Test
  void siteAbsentFromTheStartIsLeftOut() {
    try (Federation federation = new Federation(5, 1)) {
      Map<SiteId, long[]> data = federation.data(7);
      Federation.Run run = run(federation, 5, data);
      for (int site = 0; site < 4; site++) {
        run.start(Federation.id(site));
      }
      run.finish();
      requireSum(run, data, without(data, 4));
    }
  }

  @Test
  void siteThatGoesBeforeItsUploadIsLeftOut() {
    try (Federation federation = new Federation(5, 2)) {
      Map<SiteId, long[]> data = federation.data(7);
      Federation.Run run = run(federation, 5, data);
      run.startAll();
      for (int i = 0; !run.site(Federation.id(2)).study().active(1).isPresent(); i++) {
        assertThat(i).isLessThan(100);
        run.pass();
      }
      assertThat(run.site(Federation.id(2)).study().epoch(1)).isInstanceOf(Active.class);
      run.stop(Federation.id(2));
      run.finish();
      requireSum(run, data, without(data, 2));
      assertThat(run.rounds.get(0).absent()).containsExactly(Federation.id(2));
    }
  }

  @Test
  void siteThatGoesAfterItsUploadIsInTheSum() {
    try (Federation federation = new Federation(5, 3)) {
      Map<SiteId, long[]> data = federation.data(7);
      Federation.Run run = run(federation, 5, data);
      run.startAll();
      stopIn(run, 0, Uploaded.class);
      run.finish();
      requireSum(run, data, data.keySet());
      assertThat(run.rounds.get(0).vanished()).containsExactly(Federation.id(0));
    }
  }

  @Test
  void siteThatGoesAfterItsSignatureIsInTheSum() {
    try (Federation federation = new Federation(5, 4)) {
      Map<SiteId, long[]> data = federation.data(7);
      Federation.Run run = run(federation, 5, data);
      run.startAll();
      stopIn(run, 3, Signed.class);
      run.finish();
      requireSum(run, data, data.keySet());
    }
  }

  @Test
  void oneOfThreeMayGoAfterItsUpload() {
    try (Federation federation = new Federation(3, 5)) {
      Map<SiteId, long[]> data = federation.data(7);
      Federation.Run run = run(federation, 3, data);
      run.startAll();
      stopIn(run, 1, Uploaded.class);
      run.finish();
      requireSum(run, data, data.keySet());
    }
  }

  @Test
  void threeSitesWaitForTheThird() {
    try (Federation federation = new Federation(3, 6)) {
      Map<SiteId, long[]> data = federation.data(7);
      Federation.Run run = run(federation, 3, data);
      run.start(Federation.id(0));
      run.start(Federation.id(1));
      run.finish();
      assertThat(run.coordinator().isOver()).isFalse();
      assertThat(run.coordinator().status().waitingFor()).containsExactly(Federation.id(2));
      run.start(Federation.id(2));
      run.finish();
      requireSum(run, data, data.keySet());
    }
  }

  @Test
  void twoSitesAreRefused() {
    try (Federation federation = new Federation(2, 7)) {
      Map<SiteId, long[]> data = federation.data(7);
      Federation.Run run = run(federation, 2, data);
      run.startAll();
      run.finish();
      assertThat(run.coordinator().status().phase()).isEqualTo(CoordinatorPump.Phase.GIVEN_UP);
      assertThat(run.coordinator().gaveUp().orElseThrow().code())
          .isEqualTo(ErrorCode.ROSTER_TOO_WEAK);
      assertThat(run.coordinator().results()).isEmpty();
    }
  }
}
