package io.tributary.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.analysis.Layout;
import io.tributary.codec.SiteSet;
import io.tributary.protocol.Declarations;
import io.tributary.protocol.Message;
import io.tributary.protocol.SignedObject;
import io.tributary.protocol.StepId;
import io.tributary.protocol.StudyTerms;
import io.tributary.protocol.site.Active;
import io.tributary.protocol.site.Admission;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteId;
import io.tributary.study.Study;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * A coordinator that takes sums over changing sets of sites in order to subtract them: the sites
 * refuse (PROTOCOL.md 2.8). It forgets what it knew, so that it asks for what an honest one does
 * not, and shows other sets than it certifies.
 */
class DifferencingTest {
  private static Federation.Run study(
      Federation federation,
      String name,
      Map<SiteId, long[]> data,
      Set<SiteId> sites,
      Optional<Study.Shape> shape) {
    Study plain = federation.study(name, data.size(), shape, 3, 1);
    Study study =
        new Study(
            plain.name(),
            List.copyOf(sites),
            plain.minContributors(),
            plain.colluding(),
            plain.shape(),
            plain.analyst(),
            plain.purpose(),
            plain.validUntil(),
            plain.cohort(),
            plain.columns(),
            plain.analyses(),
            plain.release());
    return federation.run(study, List.of(StepSums.of(data.size(), 3, 1)), data);
  }

  private static Set<SiteId> without(Map<SiteId, long[]> data, int... gone) {
    Set<SiteId> left = new TreeSet<>(data.keySet());
    for (int site : gone) {
      left.remove(Federation.id(site));
    }
    return left;
  }

  /** Runs a study in which some sites go when its epoch is active, before they upload. */
  private static void runWithout(Federation.Run run, Set<SiteId> gone) {
    List<SiteId> sites = run.terms().study().sites();
    sites.forEach(run::start);
    for (int i = 0; i < 60 && !run.coordinator().isOver(); i++) {
      run.coordinator().poll();
      for (SiteId id : sites) {
        if (run.site(id) == null) {
          continue;
        }
        if (gone.contains(id) && run.site(id).study().active(1).isPresent()) {
          run.stop(id);
        } else {
          run.site(id).poll();
        }
      }
      if (i % 20 == 19) {
        run.letTimePass(Duration.ofMinutes(31));
      }
    }
  }

  private static void requireSum(
      Federation.Run run, Map<SiteId, long[]> data, Set<SiteId> contributors) {
    assertThat(run.coordinator().results())
        .isEqualTo(Map.of(0, List.of(Federation.expected(data, contributors, 0))));
  }

  private static void requireNoAnswer(Federation federation, Federation.Run run) {
    assertThat(run.coordinator().results()).isEmpty();
    assertThat(federation.exchange().list("studies/" + run.terms().studyDigest().hex()))
        .noneMatch(name -> name.contains("/unmask-"));
  }

  /** Codes with which sites refused epochs of a study. */
  private static Set<ErrorCode> refusals(Federation federation, Federation.Run run) {
    Set<ErrorCode> codes = new TreeSet<>();
    for (String name :
        federation.exchange().list("studies/" + run.terms().studyDigest().hex() + "/s")) {
      if (name.contains("/refusal-")) {
        SignedObject object = SignedObject.decode(federation.exchange().get(name).orElseThrow());
        codes.add(((Message.EpochRefusal) object.message(1)).code());
      }
    }
    return codes;
  }

  private static Admission declaring(
      SiteId site, Declarations.Consent consent, Declarations.Scope scope) {
    return new Admission() {
      @Override
      public Optional<ErrorCode> refusalOfStudy(StudyTerms terms) {
        return Optional.empty();
      }

      @Override
      public Optional<ErrorCode> refusalOfStep(StudyTerms terms, StepId step, Layout layout) {
        return Optional.empty();
      }

      @Override
      public Declarations declarations(StudyTerms terms) {
        return new Declarations(Declarations.none(site.value()).population(), consent, scope);
      }
    };
  }

  @Test
  void fourComplementsOfSevenSitesGiveOneSum() {
    for (int[] gone : new int[][] {{2, 3}, {4, 5}, {6}}) {
      try (Federation federation = new Federation(7, 41)) {
        Map<SiteId, long[]> data = federation.data(3);
        Federation.Run first = study(federation, "first", data, data.keySet(), Optional.empty());
        Set<SiteId> contributors = without(data, 0, 1);
        runWithout(first, Set.of(Federation.id(0), Federation.id(1)));
        requireSum(first, data, contributors);
        federation.forgetCoordinator();
        Federation.Run next = study(federation, "next", data, data.keySet(), Optional.empty());
        Set<SiteId> away = new TreeSet<>(data.keySet());
        away.removeAll(without(data, gone));
        runWithout(next, away);
        requireNoAnswer(federation, next);
        contributors.removeAll(away);
        for (SiteId site : contributors) {
          assertThat(next.refusedAt.get(site))
              .as("at %s without %s", site, away)
              .contains(ErrorCode.CONTRIBUTORS_CHANGED);
        }
      }
    }
  }

  @Test
  void allMinusFemaleAndMaleOverAnotherSetIsRefused() {
    try (Federation federation = new Federation(4, 42)) {
      Map<SiteId, long[]> data = federation.data(3);
      Federation.Run all = study(federation, "all", data, data.keySet(), Optional.empty());
      runWithout(all, Set.of());
      requireSum(all, data, data.keySet());
      for (String cohort : List.of("female", "male")) {
        federation.forgetCoordinator();
        Federation.Run part = study(federation, cohort, data, data.keySet(), Optional.empty());
        runWithout(part, Set.of(Federation.id(3)));
        requireNoAnswer(federation, part);
        for (SiteId site : without(data, 3)) {
          assertThat(part.refusedAt.get(site)).contains(ErrorCode.CONTRIBUTORS_CHANGED);
        }
      }
    }
  }

  @Test
  void iterationWithoutOneSiteIsNotSigned() {
    try (Federation federation = new Federation(5, 43)) {
      Map<SiteId, long[]> data = federation.data(3);
      federation.wrapCoordinatorExchange(
          exchange ->
              new LyingExchange(
                  exchange,
                  "coordinator",
                  federation.coordinatorIdentity(),
                  5,
                  (name, message) ->
                      List.of(
                          name.contains("/s00001/") && message instanceof Message.SurvivorSet set
                              ? withoutTheLast(set)
                              : message)));
      Study study = federation.study("iteration", 5, Optional.empty(), 3, 1);
      Federation.Run run = federation.run(study, List.of(StepSums.of(5, 3, 2)), data);
      run.startAll();
      run.settle();
      assertThat(run.rounds).hasSize(1);
      for (SiteId site : without(data, 4)) {
        assertThat(run.refusedAt.get(site)).contains(ErrorCode.CONTRIBUTORS_CHANGED);
      }
      assertThat(federation.exchange().list("studies"))
          .noneMatch(name -> name.contains("/s00001/") && name.contains("/signature-"));
    }
  }

  private static Message withoutTheLast(Message.SurvivorSet set) {
    int[] members = set.contributors().indices();
    int[] fewer = Arrays.copyOf(members, members.length - 1);
    return new Message.SurvivorSet(
        set.round(),
        SiteSet.of(set.contributors().rosterSize(), fewer),
        set.uploads().subList(0, fewer.length));
  }

  @Test
  void oneRosterOnceAsQuorumAndOnceAsAllIsRefused() {
    try (Federation federation = new Federation(4, 44)) {
      Map<SiteId, long[]> data = federation.data(3);
      Federation.Run quorum = study(federation, "quorum", data, data.keySet(), Optional.empty());
      runWithout(quorum, Set.of(Federation.id(3)));
      requireSum(quorum, data, without(data, 3));
      federation.forgetCoordinator();
      Federation.Run all =
          study(federation, "all", data, data.keySet(), Optional.of(Study.Shape.ALL));
      runWithout(all, Set.of());
      requireNoAnswer(federation, all);
      assertThat(all.declined).contains(ErrorCode.CONTRIBUTORS_CHANGED);
      assertThat(all.coordinator().failures().get(0).code())
          .isEqualTo(ErrorCode.CONTRIBUTORS_CHANGED);
    }
  }

  @Test
  void threeOverlappingRostersGiveOneSum() {
    try (Federation federation = new Federation(4, 45)) {
      Map<SiteId, long[]> data = federation.data(3);
      Federation.Run first = study(federation, "r-1", data, without(data, 3), Optional.empty());
      runWithout(first, Set.of());
      requireSum(first, data, without(data, 3));
      for (int left : new int[] {0, 2}) {
        federation.forgetCoordinator();
        Federation.Run next =
            study(federation, "r-2-" + left, data, without(data, left), Optional.empty());
        runWithout(next, Set.of());
        requireNoAnswer(federation, next);
        assertThat(refusals(federation, next)).contains(ErrorCode.CONTRIBUTORS_CHANGED);
      }
    }
  }

  @Test
  void shrunkRosterIsRefusedAtItsSetUp() {
    try (Federation federation = new Federation(5, 46)) {
      Map<SiteId, long[]> data = federation.data(3);
      Federation.Run first = study(federation, "five", data, data.keySet(), Optional.empty());
      runWithout(first, Set.of());
      requireSum(first, data, data.keySet());
      federation.forgetCoordinator();
      Federation.Run three =
          study(federation, "three", data, without(data, 3, 4), Optional.empty());
      runWithout(three, Set.of());
      requireNoAnswer(federation, three);
      assertThat(refusals(federation, three)).contains(ErrorCode.CONTRIBUTORS_CHANGED);
    }
  }

  @Test
  void declaredSiteMayBeLeftOutAndACoreSiteMayNot() {
    try (Federation federation = new Federation(5, 47)) {
      SiteId declared = Federation.id(4);
      federation.admission(
          declared, declaring(declared, Declarations.Consent.GIVEN, Declarations.Scope.POPULATION));
      Map<SiteId, long[]> data = federation.data(3);
      Federation.Run first = study(federation, "first", data, data.keySet(), Optional.empty());
      runWithout(first, Set.of());
      requireSum(first, data, data.keySet());
      Federation.Run second = study(federation, "second", data, data.keySet(), Optional.empty());
      runWithout(second, Set.of(declared));
      requireSum(second, data, without(data, 4));
      federation.forgetCoordinator();
      Federation.Run third = study(federation, "third", data, data.keySet(), Optional.empty());
      runWithout(third, Set.of(Federation.id(0)));
      requireNoAnswer(federation, third);
    }
  }

  @Test
  void scopeOfAStudyBindsInsideItOnly() {
    try (Federation federation = new Federation(5, 48)) {
      for (int site = 0; site < 5; site++) {
        SiteId id = Federation.id(site);
        federation.admission(
            id, declaring(id, Declarations.Consent.WITHHELD, Declarations.Scope.STUDY));
      }
      Map<SiteId, long[]> data = federation.data(3);
      Federation.Run first = study(federation, "first", data, data.keySet(), Optional.empty());
      runWithout(first, Set.of(Federation.id(4)));
      requireSum(first, data, without(data, 4));
      Federation.Run second = study(federation, "second", data, data.keySet(), Optional.empty());
      runWithout(second, Set.of());
      requireSum(second, data, data.keySet());
    }
    try (Federation federation = new Federation(5, 49)) {
      for (int site = 0; site < 4; site++) {
        SiteId id = Federation.id(site);
        federation.admission(
            id, declaring(id, Declarations.Consent.WITHHELD, Declarations.Scope.STUDY));
      }
      Map<SiteId, long[]> data = federation.data(3);
      Federation.Run first = study(federation, "first", data, data.keySet(), Optional.empty());
      runWithout(first, Set.of(Federation.id(4)));
      requireSum(first, data, without(data, 4));
      federation.forgetCoordinator();
      Federation.Run second = study(federation, "second", data, data.keySet(), Optional.empty());
      runWithout(second, Set.of());
      // One site does not set it, so it does not hold.
      requireNoAnswer(federation, second);
    }
  }

  @Test
  void siteGoneForGoodAfterTheFirstReleaseDoesNotStopAStudyWhoseSumsItWasNotIn() {
    try (Federation federation = new Federation(5, 50)) {
      federation.studyLife(Duration.ofDays(30));
      Map<SiteId, long[]> data = federation.data(3);
      Study study = federation.study("continued", 5, Optional.empty(), 3, 1);
      Federation.Run run = federation.run(study, List.of(StepSums.of(5, 3, 3)), data);
      SiteId gone = Federation.id(4);
      run.startAll();
      while (run.site(gone).study().active(1).isEmpty()) {
        run.pass();
      }
      run.stop(gone);
      run.settle();
      federation.clock().pass(Duration.ofMinutes(31));
      while (run.rounds.isEmpty()) {
        run.pass();
      }
      Set<SiteId> left = without(data, 4);
      left.forEach(run::stop);
      run.settle();
      // The epoch ends while everybody is away; the next roster is ALL over those that are left.
      federation.clock().pass(Active.LIFETIME.plusDays(1));
      run.settle();
      left.forEach(run::restart);
      run.finish();
      List<List<Long>> sums = new ArrayList<>();
      for (int step = 0; step < 3; step++) {
        sums.add(Federation.expected(data, left, step));
      }
      assertThat(run.coordinator().results()).isEqualTo(Map.of(0, sums));
      assertThat(run.rounds.get(1).absent()).isEmpty();
      assertThat(run.rounds.get(1).id().epoch()).isGreaterThan(1);
    }
  }
}
