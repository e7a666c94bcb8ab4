package io.tributary.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.codec.Digest;
import io.tributary.identity.SigningIdentity;
import io.tributary.journal.InMemoryStateStore;
import io.tributary.ledger.PrivacyLedger;
import io.tributary.protocol.Declarations;
import io.tributary.protocol.PopulationAct;
import io.tributary.protocol.PopulationBinding;
import io.tributary.protocol.StateStore;
import io.tributary.protocol.coordinator.CoordinatorMemory;
import io.tributary.protocol.coordinator.CoordinatorRecord;
import io.tributary.protocol.site.SiteMemory;
import io.tributary.protocol.site.SiteRecord;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteId;
import io.tributary.study.Study;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an act on a population lets through, and what it does not (PROTOCOL.md 2.8). */
class PopulationActsTest {
  private static final Digest ACT = Digest.sha256(new byte[] {7});

  private static Set<SiteId> ids(int... sites) {
    Set<SiteId> ids = new TreeSet<>();
    for (int site : sites) {
      ids.add(Federation.id(site));
    }
    return ids;
  }

  private static Digest page(SiteId site) {
    return Declarations.none(site.value()).population();
  }

  private static Federation.Run run(
      Federation federation, String name, Set<SiteId> sites, Map<SiteId, long[]> data) {
    Study plain = federation.study(name, data.size(), Optional.empty(), 3, 1);
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
    Federation.Run run = federation.run(study, List.of(StepSums.of(data.size(), 3, 1)), data);
    sites.forEach(run::start);
    // Where a set is refused the coordinator would begin epoch after epoch.
    for (int i = 0; i < 60 && !run.coordinator().isOver(); i++) {
      run.pass();
      if (i % 20 == 19) {
        run.letTimePass(Duration.ofMinutes(31));
      }
    }
    return run;
  }

  /** As the parties do that have taken an act: a record under its digest, then a new life. */
  private static void give(Federation federation, Set<SiteId> takers, Set<SiteId> contributors) {
    List<CoordinatorRecord.Page> pages = new ArrayList<>();
    for (SiteId site : takers) {
      new SiteMemory(federation.store(site))
          .append(ACT, new SiteRecord.ContributorsGiven(page(site), contributors));
      pages.add(new CoordinatorRecord.Page(site, page(site)));
    }
    federation.wrapCoordinatorStore(
        store -> {
          new CoordinatorMemory(store)
              .append(ACT, new CoordinatorRecord.ContributorsGiven(pages, contributors));
          return store;
        });
  }

  @Test
  void withoutAnActASiteThatIsLostStopsThePopulationAndWithItTheNewSetIsSummed() {
    try (Federation federation = new Federation(5, 61)) {
      Map<SiteId, long[]> data = federation.data(3);
      Federation.Run first = run(federation, "five", data.keySet(), data);
      assertThat(first.coordinator().results()).isNotEmpty();
      federation.forgetCoordinator();
      assertThat(run(federation, "four", ids(0, 1, 2, 3), data).coordinator().results()).isEmpty();

      Set<SiteId> left = ids(0, 1, 2, 3);
      federation.forgetCoordinator();
      give(federation, left, left);
      left.forEach(first::forget);
      Federation.Run again = run(federation, "four-again", left, data);
      assertThat(again.coordinator().results())
          .isEqualTo(Map.of(0, List.of(Federation.expected(data, left, 0))));

      // Not for a third set, and not for the one before.
      for (Set<SiteId> other : List.of(ids(0, 1, 2), data.keySet())) {
        federation.forgetCoordinator();
        assertThat(run(federation, "other-" + other.size(), other, data).coordinator().results())
            .isEmpty();
      }
    }
  }

  private static PopulationAct act(Federation federation, String name, int[] before, int[] after) {
    Federation.Run any =
        federation.run(
            federation.study(name, 5, Optional.empty(), 3, 1),
            List.of(StepSums.of(5, 3, 1)),
            federation.data(3));
    PopulationAct act =
        PopulationAct.propose(
            any.terms().consortium(), ACT, Instant.EPOCH, ids(before), ids(after), Set.of(), "");
    for (SiteId site : act.signers()) {
      SigningIdentity identity = federation.identity(site);
      act = act.sign(site, page(site), "Dr. X", Instant.EPOCH, identity);
    }
    return act;
  }

  @Test
  void aBookTakesAnActOnlyOverTheSetThatBindsIt() {
    try (Federation federation = new Federation(5, 62)) {
      Federation.Run four = run(federation, "four", ids(0, 1, 2, 3), federation.data(3));
      assertThat(four.coordinator().results()).isNotEmpty();
      SiteId first = Federation.id(0);
      SiteMemory memory = new SiteMemory(federation.store(first));
      assertThat(memory.book().binding(page(first))).contains(ids(0, 1, 2, 3));
      PopulationAct fits = act(federation, "x", new int[] {0, 1, 2, 3}, new int[] {0, 1, 2});
      assertThat(memory.book().refusalOf(first, fits)).isEmpty();
      // Its sums were over another set than this act says: who did not sign could be computed.
      PopulationAct stale = act(federation, "y", new int[] {0, 1, 2, 4}, new int[] {0, 1, 2});
      assertThat(memory.book().refusalOf(first, stale)).contains(ErrorCode.CONTRIBUTORS_CHANGED);
      // A site that joins brings its own history: site 3, in no sum so far that site 3 knows of,
      // would be told from the others' sums with it.
      PopulationAct joining = act(federation, "z", new int[] {1, 2, 4}, new int[] {0, 1, 2, 4});
      assertThat(memory.book().refusalOf(first, joining)).contains(ErrorCode.CONTRIBUTORS_CHANGED);
      // Before any sum nothing binds.
      SiteId fresh = Federation.id(4);
      PopulationAct wider = act(federation, "w", new int[] {0, 1, 2, 3}, new int[] {0, 1, 2, 3, 4});
      SiteMemory empty = new SiteMemory(federation.store(fresh));
      assertThat(empty.book().refusalOf(fresh, wider)).isEmpty();
      assertThat(memory.book().refusalOf(first, wider)).isEmpty();

      memory.append(ACT, new SiteRecord.ContributorsGiven(page(first), fits.after()));
      assertThat(memory.book().refusalOf(first, fits)).contains(ErrorCode.CONTRIBUTORS_CHANGED);
      // After a restart as before it.
      assertThat(new SiteMemory(federation.store(first)).book().binding(page(first)))
          .contains(ids(0, 1, 2));
    }
  }

  /** A study over some of five sites, run as in another life of the whole consortium. */
  private static boolean isSummed(Federation federation, String name, int... sites) {
    return !run(federation, name, ids(sites), federation.data(3)).coordinator().results().isEmpty();
  }

  /** Every site has lost its journal; one had its ledger elsewhere. */
  @Test
  void whatBindsAPopulationIsInTheLedgerToo(@TempDir Path folder) {
    SiteId keeper = Federation.id(0);
    try (Federation federation = new Federation(5, 63)) {
      assertThat(isSummed(federation, "four", 0, 1, 2, 3)).isTrue();
      SiteMemory memory = new SiteMemory(federation.store(keeper));
      try (PrivacyLedger ledger = PrivacyLedger.open(folder, new SecureRandom())) {
        memory.keepBindings(
            ledger.bindings(), (study, binding) -> ledger.bound(study, Instant.EPOCH, binding));
      }
      for (boolean hasLedger : new boolean[] {false, true}) {
        try (Federation later = federation.withoutStates();
            PrivacyLedger ledger = PrivacyLedger.open(folder, new SecureRandom())) {
          assertThat(ledger.bindings())
              .singleElement()
              .satisfies(
                  binding -> {
                    assertThat(binding.page()).isEqualTo(page(keeper));
                    assertThat(binding.contributors()).contains(ids(0, 1, 2, 3));
                  });
          if (hasLedger) {
            new SiteMemory(later.store(keeper))
                .keepBindings(ledger.bindings(), (study, binding) -> {});
          }
          assertThat(isSummed(later, "three", 0, 1, 2)).isEqualTo(!hasLedger);
          assertThat(!hasLedger || isSummed(later, "again", 0, 1, 2, 3)).isTrue();
          assertThat(new SiteMemory(later.store(keeper)).book().binding(page(keeper)))
              .contains(hasLedger ? ids(0, 1, 2, 3) : ids(0, 1, 2));
        }
      }
    }
  }

  /** The journal is of before an act, or of before the first sum; the ledger is not. */
  @Test
  void aJournalThatIsOlderThanTheLedgerIsBoundByTheLedger(@TempDir Path folder) {
    SiteId keeper = Federation.id(0);
    try (Federation federation = new Federation(5, 65)) {
      assertThat(isSummed(federation, "five", 0, 1, 2, 3, 4)).isTrue();
      StateStore backup = Federation.copy(federation.store(keeper));
      Set<SiteId> left = ids(0, 1, 2, 3);
      give(federation, left, left);
      try (PrivacyLedger ledger = PrivacyLedger.open(folder, new SecureRandom())) {
        BiConsumer<Digest, PopulationBinding> keep =
            (study, binding) -> ledger.bound(study, Instant.EPOCH, binding);
        new SiteMemory(federation.store(keeper)).keepBindings(ledger.bindings(), keep);
        PopulationBinding old = new SiteMemory(backup).book().bindings().get(0);
        SiteMemory restored = new SiteMemory(backup);
        restored.keepBindings(ledger.bindings(), keep);
        assertThat(restored.book().binding(page(keeper))).contains(left);
        assertThat(ledger.bindings()).isEqualTo(restored.book().bindings());
        // A ledger of before, beside a journal that knows what came then, changes nothing.
        SiteMemory newer = new SiteMemory(federation.store(keeper));
        newer.keepBindings(List.of(old), keep);
        assertThat(newer.book().binding(page(keeper))).contains(left);
      }
    }
  }

  /** While a site runs, what binds is kept with the record that makes it so. */
  @Test
  void whatBindsIsKeptWithEveryRecord() {
    try (Federation federation = new Federation(5, 64)) {
      assertThat(isSummed(federation, "four", 0, 1, 2, 3)).isTrue();
      SiteId first = Federation.id(0);
      List<SiteRecord> records = new ArrayList<>();
      federation.store(first).replay((study, record) -> records.add(SiteRecord.decode(record)));
      List<PopulationBinding> kept = new ArrayList<>();
      SiteMemory memory = new SiteMemory(new InMemoryStateStore());
      memory.keepBindings(List.of(), (study, binding) -> kept.add(binding));
      int before = -1;
      for (SiteRecord record : records) {
        memory.append(ACT, record);
        if (record instanceof SiteRecord.FrameMasked) {
          assertThat(kept).as("before the first upload leaves").isNotEmpty();
          before = kept.size();
        }
        if (record instanceof SiteRecord.AnswerGiven) {
          assertThat(kept.size()).isGreaterThan(before);
          assertThat(kept.get(kept.size() - 1).contributors()).contains(ids(0, 1, 2, 3));
        }
      }
      assertThat(before).isPositive();
      assertThat(kept.get(kept.size() - 1))
          .isEqualTo(new SiteMemory(federation.store(first)).book().bindings().get(0));
    }
  }
}
