package io.tributary.jobs.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.codec.Digest;
import io.tributary.connectors.SharedSpark;
import io.tributary.identity.KeyFile;
import io.tributary.identity.SigningIdentity;
import io.tributary.jobs.Outcome;
import io.tributary.jobs.site.Approvals;
import io.tributary.jobs.study.StudyFile;
import io.tributary.ledger.LedgerEntry.Decided;
import io.tributary.ledger.PrivacyLedger;
import io.tributary.ledger.StewardDecision;
import io.tributary.ledger.StewardDecision.Verdict;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteConfig;
import io.tributary.study.SiteId;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A site whose steward decides: a study waits, is granted or denied, and what was decided lasts.
 */
class ApprovalTest {
  private static final SiteId NORTH = new SiteId("north");
  private static final List<SiteId> SITES = List.of(NORTH, new SiteId("south"), new SiteId("east"));
  private static final StudyFile STUDY =
      StudyFile.of(
          """
          study: asks-first
          sites: [north, south, east]
          cohort: {from: t, derive: {months: age * 12}, where: age >= 18}
          columns: {sex: {levels: [f, m]}, months: {range: [0, 1440]}}
          analyses: [{name: n, type: summary, columns: [months], by: sex}]
          """
              .getBytes(StandardCharsets.UTF_8),
          "study.yaml");

  @TempDir private Path folder;
  private LocalFederation federation;
  private Approvals approvals;
  private SigningIdentity identity;

  @BeforeEach
  void federation() throws IOException {
    for (SiteId site : SITES) {
      Path data = Files.createDirectories(folder.resolve("data").resolve(site.value()));
      Files.writeString(
          data.resolve("t.csv"), "sex,age\n" + "f,40\n".repeat(20) + "m,70\n".repeat(30));
    }
    Files.writeString(
        folder.resolve("data/north/site.yaml"),
        """
        catalog: {t: {format: csv, path: t.csv}}
        policy: {datasets: all, columns: all, analyses: all, analysts: all, purposes: all}
        """);
    federation =
        LocalFederation.create(
            folder.resolve("home"),
            folder.resolve("data"),
            SITES,
            SITES,
            LocalFederation.Transport.FILES,
            Duration.ofMinutes(3),
            Clock.systemUTC(),
            new SecureRandom());
    SiteConfig north = federation.readSite(NORTH);
    identity = KeyFile.read(north.identity().key(), Optional.empty());
    approvals = new Approvals(north.state(), identity.verifyingKey());
  }

  private final Recorder recorder = new Recorder();

  private CompletableFuture<Path> run() {
    return CompletableFuture.supplyAsync(
        () -> {
          Path out = folder.resolve("out");
          new LocalRun(federation, STUDY, SITES, Clock.systemUTC(), new SecureRandom())
              .inOneJvm(out, SharedSpark::session, recorder, recorder);
          return out;
        });
  }

  private void untilAsked() throws InterruptedException {
    until(() -> !approvals.all().isEmpty());
    assertThat(approvals.all()).hasSize(1);
    assertThat(approvals.all().get(0).decision()).isEmpty();
  }

  private static void until(BooleanSupplier happened) throws InterruptedException {
    Instant end = Instant.now().plusSeconds(60);
    while (!happened.getAsBoolean() && Instant.now().isBefore(end)) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private Outcome approve(String... words) {
    List<String> all = new ArrayList<>(List.of("approve"));
    all.addAll(List.of(words));
    all.addAll(List.of("--config", federation.siteConfig(NORTH).toString()));
    return Outcome.of(all.toArray(String[]::new));
  }

  @Test
  void aStudyWaitsForTheStewardAndRunsWhenGranted() throws Exception {
    CompletableFuture<Path> run = run();
    untilAsked();
    // The other two are ready; the one that waits for its steward is the one waited for.
    until(() -> recorder.waitingFor().equals(Set.of(NORTH)));
    assertThat(recorder.waitingFor()).containsExactly(NORTH);
    Path state = federation.readSite(NORTH).state();
    assertThat(journalOf(state)).contains("asks-first").doesNotContain("Dr. Vogel");
    assertThat(approve("list").out()).contains("asks-first", "waits for a decision");
    assertThat(approve("show", "asks-first").out())
        .contains(
            "persons: dataset t\n",
            "derived: months = age * 12\n",
            "filter: age >= 18\n",
            "the coordinator learns:",
            "steward: has not decided");
    assertThat(approve("grant", "asks-first", "--by", "Dr. Vogel", "--days", "0").exit())
        .isEqualTo(ErrorCode.USAGE.exitCode());
    approve("deny", "asks-first", "--by", "Dr. Vogel", "--reason", "a".repeat(4001))
        .refused(ErrorCode.USAGE, "--reason", "4000 bytes");
    assertThat(approve("grant", "nobody-asked", "--by", "Dr. Vogel").exit())
        .isEqualTo(ErrorCode.USAGE.exitCode());
    assertThat(run).isNotDone();

    assertThat(approve("grant", "asks-first", "--by", "Dr. Vogel", "--days", "7").exit()).isZero();

    Path out = run.get(2, TimeUnit.MINUTES);
    assertThat(out.resolve("n")).isDirectory();
    StewardDecision decision = approvals.decision(STUDY.digest()).orElseThrow();
    assertThat(decision.steward()).isEqualTo("Dr. Vogel");
    assertThat(Duration.between(decision.at(), decision.until())).isEqualTo(Duration.ofDays(7));
    // It stands in the ledger as it was signed, and in the journal in words.
    assertThat(PrivacyLedger.read(state.resolve("ledger")))
        .filteredOn(Decided.class::isInstance)
        .hasSize(1);
    assertThat(journalOf(state)).contains("Dr. Vogel grants it until").doesNotContain("sex=f");

    // Files of decisions that were acted on do not go unnoticed, not even all of them.
    Files.delete(placeOf(STUDY.digest()).resolve("1.decision"));
    refuses(STUDY.digest(), ErrorCode.STATE_ROLLED_BACK);
    assertThat(approve("list").err()).contains("STATE_ROLLED_BACK", "the ledger knows");
  }

  private static String journalOf(Path state) throws IOException {
    StringBuilder text = new StringBuilder();
    try (var files = Files.walk(state.resolve("evidence"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        text.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
      }
    }
    return text.toString();
  }

  @Test
  void aStudyThatIsDeniedEndsWithItsCodeAndTheReasonStaysAtTheSite() throws Exception {
    CompletableFuture<Path> run = run();
    untilAsked();
    assertThat(
            approve("deny", "asks-first", "--by", "Dr. Vogel", "--reason", "no ethics vote").exit())
        .isZero();

    assertThatThrownBy(run::join)
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.POLICY_REFUSED);
              assertThat(e.getMessage()).doesNotContain("ethics");
            });
    assertThat(folder.resolve("out")).doesNotExist();
  }

  /** A study over health records is shown to its steward in words. */
  @Test
  void aDefinitionIsShownInWords() throws IOException {
    StudyFile study =
        StudyFile.of(
            """
            study: in-words
            sites: [north, south, east]
            cohort:
              from: cdm
              definition: |
                concepts: {bleed: {ids: [192671], descendants: false}}
                entry: {condition: bleed, first: true}
            columns: {sex: {levels: [male, female]}}
            analyses: [{name: n, type: crosstab, columns: [sex]}]
            """
                .getBytes(StandardCharsets.UTF_8),
            "study.yaml");
    Path place = placeOf(study.digest());
    Files.createDirectories(place);
    Files.write(place.resolve("study.yaml"), study.raw());
    Files.writeString(place.resolve("analyst"), "ada");
    assertThat(approve("show", "in-words").out())
        .contains("persons: dataset cdm, a person is a person_id", "Entry: ", "bleed", "192671");

    Files.write(place.resolve("study.yaml"), STUDY.raw());
    assertThat(approve("list").err())
        .contains("BAD_MESSAGE", "Remove study.yaml there and restart");
  }

  @Test
  void ofDecisionsAtOnceNoneIsLostInSilence() throws Exception {
    Digest study = STUDY.digest();
    Instant now = Instant.parse("2026-11-29T10:00:00Z");
    CountDownLatch start = new CountDownLatch(1);
    ExecutorService stewards = Executors.newFixedThreadPool(8);
    List<CompletableFuture<Boolean>> all = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      StewardDecision decision = decision(study, Verdict.GRANTED, now, Duration.ofDays(i));
      all.add(CompletableFuture.supplyAsync(() -> isKept(decision, start), stewards));
    }
    start.countDown();
    int kept = 0;
    for (CompletableFuture<Boolean> each : all) {
      kept += each.get(1, TimeUnit.MINUTES) ? 1 : 0;
    }
    stewards.shutdown();
    assertThat(kept).isPositive();
    try (Stream<Path> files = Files.list(placeOf(study))) {
      assertThat(files).hasSize(kept);
    }
    assertThat(approvals.decision(study)).isPresent();
  }

  private boolean isKept(StewardDecision decision, CountDownLatch start) {
    try {
      start.await();
      approvals.decide(decision, identity);
      return true;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } catch (TributaryException told) {
      assertThat(told.code()).isEqualTo(ErrorCode.STORAGE_FAILED);
      assertThat(told).hasCauseInstanceOf(FileAlreadyExistsException.class);
      return false;
    }
  }

  private Path placeOf(Digest study) {
    return federation.readSite(NORTH).state().resolve(Approvals.FOLDER).resolve(study.hex());
  }

  @Test
  void theLastDecisionCountsAndNoneMayBeMissing() throws IOException {
    Digest study = STUDY.digest();
    Instant now = Instant.parse("2026-11-29T10:00:00Z");
    approvals.decide(decision(study, Verdict.GRANTED, now, Duration.ofDays(1)), identity);
    assertThat(approvals.decision(study).orElseThrow().grants(now.plusSeconds(5))).isTrue();
    assertThat(approvals.decision(study).orElseThrow().grants(now.plus(Duration.ofDays(2))))
        .isFalse();
    approvals.decide(decision(study, Verdict.DENIED, now, Duration.ZERO), identity);
    assertThat(approvals.decision(study).orElseThrow().grants(now)).isFalse();

    Path place = placeOf(study);
    Path denial = place.resolve("2.decision");
    byte[] signed = Files.readAllBytes(denial);
    Files.delete(place.resolve("1.decision"));
    refuses(study, ErrorCode.STATE_ROLLED_BACK);
    Files.write(place.resolve("1.decision"), signed);
    for (int at : new int[] {signed.length - 1, signed.length / 2}) {
      byte[] altered = signed.clone();
      altered[at] ^= 1;
      Files.write(denial, altered);
      assertThatThrownBy(() -> approvals.decision(study)).isInstanceOf(TributaryException.class);
    }
    // A decision on another study, moved here.
    Digest other = Digest.sha256(new byte[] {1});
    Files.write(denial, decision(other, Verdict.GRANTED, now, Duration.ofDays(1)).sign(identity));
    refuses(study, ErrorCode.BAD_SIGNATURE);
  }

  private static StewardDecision decision(
      Digest study, Verdict verdict, Instant at, Duration term) {
    return new StewardDecision(NORTH, study, verdict, at, at.plus(term), "Dr. Vogel", "");
  }

  private void refuses(Digest study, ErrorCode code) {
    assertThatThrownBy(() -> approvals.decision(study))
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
