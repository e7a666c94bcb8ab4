package io.tributary.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.analysis.Layout;
import io.tributary.codec.Digest;
import io.tributary.exchange.CoordinatorPump;
import io.tributary.protocol.Declarations;
import io.tributary.protocol.StepId;
import io.tributary.protocol.StudyTerms;
import io.tributary.protocol.site.Active;
import io.tributary.protocol.site.Admission;
import io.tributary.protocol.site.SiteMemory;
import io.tributary.protocol.site.SiteSecrets;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteId;
import io.tributary.study.Study;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Sums of one population have one contributor set, over steps and studies (PROTOCOL.md 2.8). */
class ContributorsTest {
  private static final SiteId LAST = Federation.id(4);

  private static Federation.Run study(
      Federation federation, String name, Map<SiteId, long[]> data, int steps) {
    Study study = federation.study(name, 5, Optional.empty(), 3, 1);
    return federation.run(study, List.of(StepSums.of(5, 4, steps)), data);
  }

  private static Set<SiteId> firstFour(Map<SiteId, long[]> data) {
    Set<SiteId> ids = new TreeSet<>(data.keySet());
    ids.remove(LAST);
    return ids;
  }

  /** A first study that the last site leaves when its epoch is active, before it uploads. */
  private static void firstStudyWithoutTheLast(Federation federation, Map<SiteId, long[]> data) {
    Federation.Run first = study(federation, "first", data, 1);
    first.startAll();
    for (int i = 0; first.site(LAST).study().active(1).isEmpty(); i++) {
      assertThat(i).isLessThan(100);
      first.pass();
    }
    first.stop(LAST);
    first.finish();
    assertThat(first.coordinator().results())
        .isEqualTo(Map.of(0, List.of(Federation.expected(data, firstFour(data), 0))));
  }

  @Test
  void laterStudiesHaveTheContributorsOfTheFirst() {
    try (Federation federation = new Federation(5, 11)) {
      Map<SiteId, long[]> data = federation.data(4);
      firstStudyWithoutTheLast(federation, data);
      Federation.Run second = study(federation, "second", data, 2);
      second.startAll();
      second.finish();
      assertThat(second.refused).isEmpty();
      assertThat(second.coordinator().results())
          .isEqualTo(
              Map.of(
                  0,
                  List.of(
                      Federation.expected(data, firstFour(data), 0),
                      Federation.expected(data, firstFour(data), 1))));
    }
  }

  @Test
  void siteGoneForGoodStopsNobodyWhenContributorsAreLeft() {
    try (Federation federation = new Federation(5, 12)) {
      Map<SiteId, long[]> data = federation.data(4);
      firstStudyWithoutTheLast(federation, data);
      Federation.Run second = study(federation, "second", data, 1);
      firstFour(data).forEach(second::start);
      second.finish();
      assertThat(second.coordinator().results())
          .isEqualTo(Map.of(0, List.of(Federation.expected(data, firstFour(data), 0))));
      Active active = second.site(Federation.id(0)).study().active(1).orElse(null);
      // The epoch is closed by now; what counts is the roster that the sum was taken over.
      assertThat(active).isNull();
      assertThat(second.rounds.get(0).contributors()).isEqualTo(firstFour(data));
      assertThat(second.rounds.get(0).absent()).isEmpty();
    }
  }

  /** A site that hears of the end of every analysis, or of none, and not of its epoch's. */
  @Test
  void studyThatIsOverHoldsNoPopulationAndNoKeys() {
    for (String unheard : List.of(".*/e\\d+/z-closed-.*", ".*")) {
      try (Federation federation = new Federation(5, 15)) {
        SiteId first = Federation.id(0);
        Map<SiteId, long[]> data = federation.data(4);
        federation.admission(LAST, declining(LAST));
        firstFour(data).forEach(id -> federation.admission(id, declining(id)));
        Federation.Run declined = study(federation, "declined", data, 1);
        boolean[] deaf = new boolean[1];
        federation.wrapExchange(
            first,
            exchange ->
                new ForwardingExchange(exchange) {
                  @Override
                  public List<String> list(String prefix) {
                    return exchange.list(prefix).stream()
                        .filter(name -> !deaf[0] || !name.matches(unheard))
                        .toList();
                  }
                });
        declined.startAll();
        for (int i = 0; declined.site(first).study().active(1).isEmpty(); i++) {
          assertThat(i).isLessThan(100);
          declined.pass();
        }
        deaf[0] = true;
        declined.finish();
        assertThat(declined.coordinator().results()).isEmpty();
        if (unheard.equals(".*")) {
          // As services do that find the study's end on the exchange.
          firstFour(data).forEach(id -> declined.site(id).leave());
        }
        assertThat(declined.site(first).isOver()).isTrue();
        deaf[0] = false;
        Digest digest = declined.terms().studyDigest();
        assertThat(new SiteMemory(federation.store(first)).secrets(digest).encode())
            .hasSameSizeAs(new SiteSecrets().encode());

        // Another roster is not BUSY: nothing of the first one has left.
        firstFour(data).forEach(id -> federation.admission(id, Admission.everything(id.value())));
        firstFour(data).forEach(declined::forget);
        federation.forgetCoordinator();
        Federation.Run second = study(federation, "second", data, 1);
        firstFour(data).forEach(second::start);
        second.finish();
        assertThat(second.coordinator().results())
            .isEqualTo(Map.of(0, List.of(Federation.expected(data, firstFour(data), 0))));
      }
    }
  }

  private static Admission declining(SiteId site) {
    Admission everything = Admission.everything(site.value());
    return new Admission() {
      @Override
      public Optional<ErrorCode> refusalOfStudy(StudyTerms terms) {
        return Optional.empty();
      }

      @Override
      public Optional<ErrorCode> refusalOfStep(StudyTerms terms, StepId step, Layout layout) {
        return Optional.of(ErrorCode.POLICY_REFUSED);
      }

      @Override
      public Declarations declarations(StudyTerms terms) {
        return everything.declarations(terms);
      }
    };
  }

  @Test
  void studyWaitsForAContributorBetweenSteps() {
    try (Federation federation = new Federation(5, 13)) {
      Map<SiteId, long[]> data = federation.data(4);
      Federation.Run run = study(federation, "steps", data, 3);
      run.startAll();
      for (int i = 0; run.rounds.isEmpty(); i++) {
        assertThat(i).isLessThan(200);
        run.pass();
      }
      run.stop(LAST);
      for (int i = 0; i < 3; i++) {
        run.settle();
        federation.clock().pass(Duration.ofHours(1));
      }
      assertThat(run.coordinator().status().phase()).isEqualTo(CoordinatorPump.Phase.WAITING);
      assertThat(run.coordinator().status().waitingFor()).containsExactly(LAST);
      run.restart(LAST);
      run.finish();
      assertThat(run.refused).isEmpty();
      Set<SiteId> all = data.keySet();
      assertThat(run.coordinator().results())
          .isEqualTo(
              Map.of(
                  0,
                  List.of(
                      Federation.expected(data, all, 0),
                      Federation.expected(data, all, 1),
                      Federation.expected(data, all, 2))));
    }
  }

  @Test
  void studiesOpenedCrosswiseBothFinish() {
    try (Federation federation = new Federation(5, 14)) {
      Map<SiteId, long[]> data = federation.data(4);
      Federation.Run one = study(federation, "one", data, 2);
      Federation.Run two = study(federation, "two", data, 2);
      one.startAll();
      two.startAll();
      for (int i = 0; i < 400 && !(one.coordinator().isOver() && two.coordinator().isOver()); i++) {
        one.coordinator().poll();
        two.coordinator().poll();
        int turn = 0;
        for (SiteId id : data.keySet()) {
          // Odd sites hear of the second study first.
          (turn % 2 == 0 ? one : two).site(id).poll();
          (turn % 2 == 0 ? two : one).site(id).poll();
          turn++;
        }
        federation.clock().pass(Duration.ofSeconds(20));
      }
      for (Federation.Run run : List.of(one, two)) {
        assertThat(run.refused).isEmpty();
        assertThat(run.coordinator().results())
            .isEqualTo(
                Map.of(
                    0,
                    List.of(
                        Federation.expected(data, data.keySet(), 0),
                        Federation.expected(data, data.keySet(), 1))));
      }
    }
  }

  @Test
  void smallerRosterIsRefusedAfterARelease() {
    try (Federation federation = new Federation(5, 15)) {
      Map<SiteId, long[]> data = federation.data(4);
      Federation.Run first = study(federation, "first", data, 1);
      first.startAll();
      first.finish();
      assertThat(first.coordinator().isOver()).isTrue();
      Study small = federation.study("small", 4, Optional.empty(), 3, 1);
      Federation.Run second = federation.run(small, List.of(StepSums.of(5, 4, 1)), data);
      firstFour(data).forEach(second::start);
      second.finish();
      assertThat(second.coordinator().results()).isEmpty();
    }
  }
}
