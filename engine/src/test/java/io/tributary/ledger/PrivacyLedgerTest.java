package io.tributary.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.codec.Digest;
import io.tributary.identity.SigningIdentity;
import io.tributary.ledger.LedgerEntry.Debited;
import io.tributary.protocol.PopulationBinding;
import io.tributary.protocol.StepId;
import io.tributary.study.ErrorCode;
import io.tributary.study.Rho;
import io.tributary.study.SiteId;
import io.tributary.study.SitePolicy.Budget;
import io.tributary.study.Study;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivacyLedgerTest {
  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  private static final Digest FIRST = Digest.sha256(bytes("first study"));
  private static final Digest SECOND = Digest.sha256(bytes("second study"));
  private static final Budget ALL =
      new Budget("lung", Optional.empty(), Optional.empty(), Rho.of(1, 1));
  private static final Budget ADAS =
      new Budget("lung", Optional.of("ada"), Optional.empty(), Rho.of(1, 2));

  @TempDir private Path folder;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private PrivacyLedger open() {
    return PrivacyLedger.open(folder.resolve("ledger"), new SecureRandom());
  }

  private static Debited debit(Digest study, int step, String analyst, Rho rho) {
    return new Debited(study, NOW, new StepId(0, step), "lung", analyst, "", rho);
  }

  private static void refused(ErrorCode code, Runnable act) {
    assertThatThrownBy(act::run)
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  /** Persons by name, each with the value of column "age". */
  private static CohortFingerprint cohort(PrivacyLedger ledger, Map<String, String> persons) {
    CohortFingerprint.Builder builder = ledger.cohort("lung", "patient", List.of("age"));
    persons.forEach((name, age) -> builder.row(bytes(name), List.of(bytes(age))));
    return builder.build();
  }

  private static Map<String, String> persons(int count) {
    Map<String, String> persons = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      persons.put("p" + i, "age" + i % 7);
    }
    return persons;
  }

  // ---- budgets ---------------------------------------------------------------------------------

  @Test
  void everyBudgetThatCoversAStepBearsItAndNoneIsOverdrawn() {
    List<Budget> budgets = List.of(ALL, ADAS);
    try (PrivacyLedger ledger = open()) {
      ledger.debit(debit(FIRST, 0, "ada", Rho.of(1, 3)), budgets);
      refused(
          ErrorCode.DP_BUDGET_SPENT,
          () -> ledger.debit(debit(FIRST, 1, "ada", Rho.of(1, 5)), budgets));
      ledger.debit(debit(SECOND, 0, "bob", Rho.of(2, 3)), budgets);
      assertThat(ledger.left(ALL)).isEqualTo(Rho.ZERO);
      assertThat(ledger.spent(ADAS)).isEqualTo(Rho.of(1, 3));
      refused(
          ErrorCode.DP_BUDGET_SPENT,
          () -> ledger.debit(debit(FIRST, 2, "ada", Rho.of(1, 1_000_000)), budgets));
      // Without differential privacy nothing is spent, and the step is still in the ledger.
      ledger.debit(debit(FIRST, 3, "ada", Rho.ZERO), budgets);
      ledger.requireDebited(FIRST, new StepId(0, 3));
    }
  }

  @Test
  void aDatasetWithoutABudgetHasNoneToSpend() {
    try (PrivacyLedger ledger = open()) {
      refused(
          ErrorCode.DP_BUDGET_SPENT,
          () -> ledger.debit(debit(FIRST, 0, "bob", Rho.of(1, 9)), List.of(ADAS)));
    }
  }

  @Test
  void aStepIsPaidForOnceAndWithOneCostAlsoAfterARestart() {
    List<Budget> budgets = List.of(ALL);
    try (PrivacyLedger ledger = open()) {
      ledger.debit(debit(FIRST, 0, "ada", Rho.of(3, 5)), budgets);
    }
    try (PrivacyLedger ledger = open()) {
      ledger.debit(debit(FIRST, 0, "ada", Rho.of(3, 5)), budgets);
      assertThat(ledger.spent(ALL)).isEqualTo(Rho.of(3, 5));
      refused(
          ErrorCode.STEP_INPUT_CHANGED,
          () -> ledger.debit(debit(FIRST, 0, "ada", Rho.of(1, 5)), budgets));
    }
  }

  // ---- the file --------------------------------------------------------------------------------

  @Test
  void aKillAtAnyByteOfAWriteLosesNothingThatWasAcknowledged() throws IOException {
    Path entries = folder.resolve("ledger/entries");
    byte[] before;
    byte[] after;
    try (PrivacyLedger ledger = open()) {
      ledger.debit(debit(FIRST, 0, "ada", Rho.of(1, 3)), List.of(ALL));
      before = Files.readAllBytes(entries);
      ledger.use(FIRST, NOW, "lung", cohort(ledger, persons(20)), 5);
      after = Files.readAllBytes(entries);
    }
    for (int length = before.length; length <= after.length; length++) {
      Files.write(entries, Arrays.copyOf(after, length));
      // A kill while fingerprints are written leaves such a file.
      Files.write(folder.resolve("ledger/cohorts/torn.new"), new byte[] {1, 2, 3});
      try (PrivacyLedger ledger = open()) {
        assertThat(ledger.spent(ALL)).isEqualTo(Rho.of(1, 3));
        assertThat(ledger.entries()).hasSize(length == after.length ? 2 : 1);
        // Whoever was killed comes back and does it again.
        ledger.use(FIRST, NOW, "lung", cohort(ledger, persons(20)), 5);
        assertThat(ledger.entries()).hasSize(2);
      }
    }
  }

  @Test
  void twoProcessesExcludeEachOtherAndReadersDoNot() {
    try (PrivacyLedger ledger = open()) {
      ledger.debit(debit(FIRST, 0, "ada", Rho.of(1, 3)), List.of(ALL));
      refused(ErrorCode.STORAGE_FAILED, this::open);
      List<LedgerEntry> read = PrivacyLedger.read(folder.resolve("ledger"));
      assertThat(read).isEqualTo(ledger.entries());
      assertThat(PrivacyLedger.spent(read, ALL)).isEqualTo(Rho.of(1, 3));
    }
    assertThat(PrivacyLedger.read(folder.resolve("elsewhere"))).isEmpty();
  }

  @Test
  void anEditedLedgerIsNoticedAtEveryByte() throws IOException {
    Path entries = folder.resolve("ledger/entries");
    try (PrivacyLedger ledger = open()) {
      ledger.debit(debit(FIRST, 0, "ada", Rho.of(1, 3)), List.of(ALL));
      ledger.debit(debit(FIRST, 1, "ada", Rho.of(1, 3)), List.of(ALL));
    }
    byte[] whole = Files.readAllBytes(entries);
    // The bytes of a length may make the last record look torn; that is what requireDebited finds.
    for (int at = 4; at < whole.length / 2; at++) {
      byte[] edited = whole.clone();
      edited[at] ^= 1;
      Files.write(entries, edited);
      refused(ErrorCode.STATE_ROLLED_BACK, this::open);
    }
  }

  @Test
  void aRestoredBackupIsNoticed() throws IOException {
    Path entries = folder.resolve("ledger/entries");
    byte[] backup;
    try (PrivacyLedger ledger = open()) {
      ledger.debit(debit(FIRST, 0, "ada", Rho.of(1, 3)), List.of(ALL));
      backup = Files.readAllBytes(entries);
      ledger.debit(debit(FIRST, 1, "ada", Rho.of(1, 3)), List.of(ALL));
      ledger.use(FIRST, NOW, "lung", cohort(ledger, persons(20)), 5);
    }
    byte[] whole = Files.readAllBytes(entries);
    Files.write(entries, backup);
    try (PrivacyLedger ledger = open()) {
      ledger.requireDebited(FIRST, new StepId(0, 0));
      refused(ErrorCode.STATE_ROLLED_BACK, () -> ledger.requireDebited(FIRST, new StepId(0, 1)));
    }
    Files.write(entries, whole);
    try (var cohorts = Files.list(folder.resolve("ledger/cohorts"))) {
      Files.delete(cohorts.findFirst().orElseThrow());
    }
    refused(ErrorCode.STATE_ROLLED_BACK, this::open);
  }

  // ---- cohorts ---------------------------------------------------------------------------------

  @Test
  void cohortsThatDifferByOneToKMinusOnePersonsAreRefused() {
    List<Consumer<Map<String, String>>> changes =
        List.of(
            persons -> persons.remove("p1"),
            persons -> persons.put("new", "age0"),
            persons -> persons.put("p1", "another age"),
            persons -> {
              persons.remove("p1");
              persons.put("p2", "another age");
              persons.put("new", "age1");
            },
            persons -> List.of("p1", "p2", "p3", "p4").forEach(persons::remove));
    try (PrivacyLedger ledger = open()) {
      ledger.use(FIRST, NOW, "lung", cohort(ledger, persons(50)), 5);
      for (Consumer<Map<String, String>> change : changes) {
        Map<String, String> changed = persons(50);
        change.accept(changed);
        refused(
            ErrorCode.COHORT_TOO_CLOSE,
            () -> ledger.use(SECOND, NOW, "lung", cohort(ledger, changed), 5));
      }
      // A study's own cohort may not creep either.
      refused(
          ErrorCode.COHORT_TOO_CLOSE,
          () -> ledger.use(FIRST, NOW, "lung", cohort(ledger, persons(51)), 5));
      Map<String, String> fiveFewer = persons(45);
      ledger.use(SECOND, NOW, "lung", cohort(ledger, fiveFewer), 5);
      ledger.use(SECOND, NOW, "lung", cohort(ledger, persons(50)), 5);
      // Nobody is near both: 47 differs from 50 by 3 and from 45 by 2.
      refused(
          ErrorCode.COHORT_TOO_CLOSE,
          () -> ledger.use(SECOND, NOW, "lung", cohort(ledger, persons(47)), 5));
      ledger.use(SECOND, NOW, "heart", cohort(ledger, persons(47)), 5);
    }
  }

  @Test
  void membersAreComparedWhateverColumnsAreUsed() {
    try (PrivacyLedger ledger = open()) {
      ledger.use(FIRST, NOW, "lung", cohort(ledger, persons(50)), 5);
      CohortFingerprint.Builder other = ledger.cohort("lung", "patient", List.of("sex", "smoker"));
      persons(49).keySet().forEach(p -> other.row(bytes(p), List.of(bytes("f"), bytes("no"))));
      refused(ErrorCode.COHORT_TOO_CLOSE, () -> ledger.use(SECOND, NOW, "lung", other.build(), 5));
      CohortFingerprint.Builder rows = ledger.cohort("lung", CohortFingerprint.ROWS, List.of());
      persons(50).keySet().forEach(p -> rows.row(bytes(p), List.of()));
      refused(ErrorCode.COHORT_TOO_CLOSE, () -> ledger.use(SECOND, NOW, "lung", rows.build(), 5));
    }
  }

  @Test
  void joinedDatasetsAreCohortsWhosePersonsOnlyTheSameJoinHas() {
    try (PrivacyLedger ledger = open()) {
      ledger.use(FIRST, NOW, joined(ledger, "lung", 50), 5);
      ledger.use(SECOND, NOW, joined(ledger, "lung", 50), 5);
      ledger.use(SECOND, NOW, joined(ledger, "lung", 40), 5);
      refused(
          ErrorCode.COHORT_TOO_CLOSE, () -> ledger.use(SECOND, NOW, joined(ledger, "lung", 48), 5));
      CohortFingerprint.Builder alone = ledger.cohort("visits", "patient", List.of());
      persons(20).keySet().forEach(p -> alone.row(bytes(p), List.of()));
      refused(
          ErrorCode.COHORT_TOO_CLOSE, () -> ledger.use(SECOND, NOW, "visits", alone.build(), 5));
      long before = PrivacyLedger.read(folder.resolve("ledger")).size();
      refused(
          ErrorCode.COHORT_TOO_CLOSE,
          () -> ledger.use(SECOND, NOW, joined(ledger, "heart", 50), 5));
      assertThat(PrivacyLedger.read(folder.resolve("ledger"))).hasSize(Math.toIntExact(before));
    }
  }

  /** A cohort of the first of {@code size} persons, and that of the visits joined to them. */
  private static Map<String, CohortFingerprint> joined(
      PrivacyLedger ledger, String from, int size) {
    Map<String, CohortFingerprint> cohorts = new LinkedHashMap<>();
    for (String dataset : List.of(from, "visits")) {
      String unit = dataset.equals(from) ? "id" : CohortFingerprint.joinedUnit(from, "id");
      CohortFingerprint.Builder cohort = ledger.cohort(dataset, unit, List.of());
      persons(size).keySet().forEach(p -> cohort.row(bytes(p), List.of()));
      cohorts.put(dataset, cohort.build());
    }
    return cohorts;
  }

  @Test
  void equalRowsAreDifferentPersonsWhereRowsAreTheUnit() {
    try (PrivacyLedger ledger = open()) {
      CohortFingerprint.Builder three = ledger.cohort("lung", CohortFingerprint.ROWS, List.of());
      CohortFingerprint.Builder one = ledger.cohort("lung", CohortFingerprint.ROWS, List.of());
      for (int i = 0; i < 3; i++) {
        three.row(bytes("same"), List.of());
      }
      one.row(bytes("same"), List.of());
      assertThat(three.build().persons()).isEqualTo(3);
      assertThat(three.build().difference(one.build()).members()).isEqualTo(2);
    }
  }

  @Test
  void rowsOfAPersonMayComeInAnyOrder() {
    try (PrivacyLedger ledger = open()) {
      CohortFingerprint.Builder a = ledger.cohort("lung", "patient", List.of("age"));
      CohortFingerprint.Builder b = ledger.cohort("lung", "patient", List.of("age"));
      a.row(bytes("p"), List.of(bytes("1")));
      a.row(bytes("q"), List.of(bytes("3")));
      a.row(bytes("p"), List.of(bytes("2")));
      b.row(bytes("p"), List.of(bytes("2")));
      b.row(bytes("p"), List.of(bytes("1")));
      b.row(bytes("q"), List.of(bytes("3")));
      assertThat(a.build().encode()).isEqualTo(b.build().encode());
      assertThat(a.build().persons()).isEqualTo(2);
    }
  }

  // ---- decisions -------------------------------------------------------------------------------

  @Test
  void aDecisionIsKeptAsItWasSignedAndOnlyTheSiteCanSignIt() {
    SigningIdentity site = SigningIdentity.generate(new SecureRandom());
    StewardDecision decision =
        new StewardDecision(
            new SiteId("north"),
            FIRST,
            StewardDecision.Verdict.GRANTED,
            NOW,
            NOW.plusSeconds(60),
            "Dr Weber",
            "Board vote 17");
    byte[] signed = decision.sign(site);
    assertThat(StewardDecision.read(signed, site.verifyingKey())).isEqualTo(decision);
    assertThat(decision.grants(NOW.plusSeconds(60))).isTrue();
    assertThat(decision.grants(NOW.plusSeconds(61))).isFalse();
    try (PrivacyLedger ledger = open()) {
      ledger.decided(FIRST, NOW, signed);
      ledger.decided(FIRST, NOW, signed);
      assertThat(ledger.entries()).hasSize(1);
    }
    SigningIdentity other = SigningIdentity.generate(new SecureRandom());
    refused(ErrorCode.BAD_SIGNATURE, () -> StewardDecision.read(signed, other.verifyingKey()));
    for (int at = signed.length - 80; at < signed.length; at++) {
      byte[] edited = signed.clone();
      edited[at] ^= 1;
      assertThatThrownBy(() -> StewardDecision.read(edited, site.verifyingKey()))
          .isInstanceOf(TributaryException.class);
    }
  }

  // ---- populations -----------------------------------------------------------------------------

  @Test
  void whatBindsAPopulationIsKeptOnceAndTheLastCounts() {
    Set<SiteId> sites = Set.of(new SiteId("a"), new SiteId("b"), new SiteId("c"));
    PopulationBinding uploaded =
        new PopulationBinding(FIRST, sites, Study.Shape.QUORUM, 3, false, sites, Optional.empty());
    PopulationBinding released =
        new PopulationBinding(
            FIRST, sites, Study.Shape.QUORUM, 3, false, sites, Optional.of(sites));
    try (PrivacyLedger ledger = open()) {
      ledger.bound(SECOND, NOW, uploaded);
      ledger.bound(SECOND, NOW, uploaded);
      ledger.bound(SECOND, NOW, released);
      ledger.bound(SECOND, NOW, released);
      assertThat(ledger.entries()).hasSize(2);
    }
    try (PrivacyLedger ledger = open()) {
      assertThat(ledger.bindings()).containsExactly(released);
      assertThat(ledger.entries())
          .containsExactly(
              new LedgerEntry.Bound(SECOND, NOW, uploaded),
              new LedgerEntry.Bound(SECOND, NOW, released));
    }
  }
}
