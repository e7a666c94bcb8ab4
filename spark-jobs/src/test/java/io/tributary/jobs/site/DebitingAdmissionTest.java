package io.tributary.jobs.site;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.analysis.Layout;
import io.tributary.codec.Digest;
import io.tributary.connectors.SharedSpark;
import io.tributary.connectors.omop.KeptCohorts;
import io.tributary.identity.KeyFile;
import io.tributary.identity.SigningIdentity;
import io.tributary.jobs.evidence.PartyEvidence;
import io.tributary.jobs.evidence.StudyEvidence;
import io.tributary.jobs.keys.ConsortiumFile;
import io.tributary.jobs.local.LocalFederation;
import io.tributary.jobs.study.StudyFile;
import io.tributary.ledger.LedgerEntry.Debited;
import io.tributary.ledger.PrivacyLedger;
import io.tributary.protocol.AttemptId;
import io.tributary.protocol.StepId;
import io.tributary.protocol.StudyTerms;
import io.tributary.protocol.site.Admission;
import io.tributary.protocol.site.SiteRecord;
import io.tributary.study.ErrorCode;
import io.tributary.study.Rho;
import io.tributary.study.SiteConfig;
import io.tributary.study.SiteId;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A journal that knows an upload, and a ledger that does not. */
class DebitingAdmissionTest {
  private static final Clock CLOCK = Clock.systemUTC();
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final AttemptId FIRST = new AttemptId(1, 0, 0, 1);
  private static final List<SiteRecord> UPLOADED =
      List.of(new SiteRecord.FrameMasked(FIRST, 0, Digest.ZERO, Digest.ZERO));

  private static final SiteInput.Clips NOT_CLIPPED =
      (step, layout, counts) -> {
        throw new AssertionError("no sum has noise");
      };

  @TempDir private Path folder;

  private static StudyFile study(String privacy) {
    String yaml =
        """
        study: s
        sites: [a, b, c]
        cohort: {from: t}
        columns: {sex: {levels: [f, m]}}
        analyses: [{name: n, type: crosstab, columns: [sex]}]
        """;
    return StudyFile.of((yaml + privacy).getBytes(StandardCharsets.UTF_8), "study.yaml");
  }

  private static DebitingAdmission admission(
      StudyFile study,
      SiteConfig config,
      SiteInput input,
      PrivacyLedger ledger,
      StudyEvidence evidence) {
    return new DebitingAdmission(
        Admission.everything("a"),
        ledger,
        config.policy(),
        study.study(),
        study.digest(),
        "ada",
        input,
        UPLOADED,
        evidence,
        CLOCK);
  }

  private static Optional<ErrorCode> refusal(
      StudyFile study, SiteConfig config, PrivacyLedger ledger, StudyEvidence evidence) {
    SiteInput input =
        new SiteInput(
            study.study(),
            config,
            () -> {
              throw new AssertionError("no row is needed to tell");
            },
            new KeptCohorts(),
            NOT_CLIPPED);
    return admission(study, config, input, ledger, evidence)
        .refusal()
        .map(TributaryException::code);
  }

  private SiteConfig site() throws IOException {
    List<SiteId> sites = Stream.of("a", "b", "c").map(SiteId::new).toList();
    for (SiteId site : sites) {
      Path data = Files.createDirectories(folder.resolve("data").resolve(site.value()));
      Files.writeString(data.resolve("t.csv"), "sex\nf\n");
    }
    return LocalFederation.create(
            folder.resolve("home"),
            folder.resolve("data"),
            sites,
            sites,
            LocalFederation.Transport.FILES,
            Duration.ofMinutes(1),
            CLOCK,
            RANDOM)
        .readSite(sites.get(0));
  }

  private PartyEvidence evidence(SiteConfig config, ConsortiumFile consortium) {
    SigningIdentity identity = KeyFile.read(config.identity().key(), Optional.empty());
    return PartyEvidence.open(
        folder, "site", "a", identity, consortium, Optional.empty(), CLOCK, RANDOM);
  }

  @Test
  void uploadsFromBeforeTheLedgerAreThoseOfExactSumsThatNoEvidenceSaysWereRemembered()
      throws IOException {
    SiteConfig config = site();
    ConsortiumFile consortium = ConsortiumFile.read(config.consortium(), CLOCK);
    StudyFile exact = study("");
    StudyFile noised = study("privacy: {rho: 1}\n");
    try (PrivacyLedger ledger = PrivacyLedger.open(folder.resolve("ledger"), RANDOM);
        PartyEvidence evidence = evidence(config, consortium)) {
      StudyEvidence ofExact = evidence.of(exact.study(), exact.digest());
      assertThat(refusal(exact, config, ledger, ofExact)).isEmpty();
      assertThat(refusal(noised, config, ledger, evidence.of(noised.study(), noised.digest())))
          .contains(ErrorCode.STATE_ROLLED_BACK);

      ofExact.remembered("t", Digest.ZERO);
      assertThat(refusal(exact, config, ledger, ofExact)).contains(ErrorCode.STATE_ROLLED_BACK);
      // Also after a restart.
      assertThat(refusal(exact, config, ledger, evidence.of(exact.study(), exact.digest())))
          .contains(ErrorCode.STATE_ROLLED_BACK);
      ledger.debit(
          new Debited(exact.digest(), CLOCK.instant(), FIRST.stepId(), "t", "ada", "", Rho.ZERO),
          List.of());
      assertThat(refusal(exact, config, ledger, ofExact)).isEmpty();
    }
  }

  /** The study goes on after an upgrade, and once more after a restart. */
  @Test
  void stepsFromBeforeTheLedgerDoNotEndAStudyThatWentOn() throws IOException {
    SiteConfig config = site();
    ConsortiumFile consortium = ConsortiumFile.read(config.consortium(), CLOCK);
    StudyFile exact = study("");
    StudyTerms terms =
        new StudyTerms(consortium.consortium(), consortium.digest(), exact.study(), exact.digest());
    StepId second = new AttemptId(1, 0, 1, 1).stepId();
    Layout layout = Layout.of(3).count("n", 1, "person", 1, 10).build();
    try (PrivacyLedger ledger = PrivacyLedger.open(folder.resolve("ledger"), RANDOM);
        PartyEvidence evidence = evidence(config, consortium);
        SiteInput input =
            new SiteInput(
                exact.study(), config, SharedSpark::session, new KeptCohorts(), NOT_CLIPPED)) {
      StudyEvidence witness = evidence.of(exact.study(), exact.digest());
      assertThat(
              admission(exact, config, input, ledger, witness).refusalOfStep(terms, second, layout))
          .isEmpty();
      assertThat(witness.remembers()).isTrue();
      assertThat(refusal(exact, config, ledger, evidence.of(exact.study(), exact.digest())))
          .isEmpty();
    }
    // A ledger that has forgotten all of it is noticed as before.
    try (PrivacyLedger other = PrivacyLedger.open(folder.resolve("other"), RANDOM);
        PartyEvidence evidence = evidence(config, consortium)) {
      assertThat(refusal(exact, config, other, evidence.of(exact.study(), exact.digest())))
          .contains(ErrorCode.STATE_ROLLED_BACK);
    }
  }
}
