package io.tributary.fuzz;

import io.tributary.codec.AnalystConfigParser;
import io.tributary.codec.ArrowFrame;
import io.tributary.codec.ConsortiumParser;
import io.tributary.codec.CoordinatorConfigParser;
import io.tributary.codec.Digest;
import io.tributary.codec.ExpressionParser;
import io.tributary.codec.FrameHeader;
import io.tributary.codec.SiteConfigParser;
import io.tributary.codec.SiteSet;
import io.tributary.codec.StudyParser;
import io.tributary.cohort.DefinitionReader;
import io.tributary.identity.KeyFile;
import io.tributary.identity.SigningIdentity;
import io.tributary.identity.StudySignature;
import io.tributary.journal.Checkpoint;
import io.tributary.journal.EvidenceBodies;
import io.tributary.journal.EvidenceEvent;
import io.tributary.journal.EvidenceJournal;
import io.tributary.journal.FileStateStore;
import io.tributary.journal.InMemoryStateStore;
import io.tributary.ledger.CohortFingerprint;
import io.tributary.ledger.LedgerEntry;
import io.tributary.ledger.PrivacyLedger;
import io.tributary.ledger.StewardDecision;
import io.tributary.masking.Secret32;
import io.tributary.masking.Shamir;
import io.tributary.protocol.Bytes;
import io.tributary.protocol.ConsortiumUpdate;
import io.tributary.protocol.PopulationAct;
import io.tributary.protocol.PopulationBinding;
import io.tributary.protocol.SignedObject;
import io.tributary.protocol.StateStore;
import io.tributary.protocol.StepId;
import io.tributary.protocol.UnmaskAnswer;
import io.tributary.protocol.coordinator.CoordinatorMemory;
import io.tributary.protocol.site.SiteMemory;
import io.tributary.report.ReportWriter;
import io.tributary.report.ResultFolder;
import io.tributary.report.SampleStudy;
import io.tributary.simulation.Federation;
import io.tributary.simulation.StepSums;
import io.tributary.study.Consortium;
import io.tributary.study.Rho;
import io.tributary.study.SiteId;
import io.tributary.study.SitePolicy;
import io.tributary.study.Study;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToIntFunction;

/** Every decoder of the engine with real objects to begin from, those of a small study that ran. */
public final class Decoders {
  private static final int SITES = 4;
  private static final Digest STUDY = Digest.sha256(new byte[] {1});
  private static final FrameHeader HEADER = new FrameHeader(STUDY, STUDY, 1, 0, STUDY);

  private Decoders() {}

  /** Reads bytes; may refuse them with a TributaryException. */
  public interface Decoder {
    void decode(byte[] bytes) throws IOException;
  }

  /**
   * One decoder.
   *
   * @param corpus real objects, at least one
   */
  public record Target(String name, List<byte[]> corpus, Decoder decoder) {
    /** The throwable that got out, if any did that is not a named refusal. */
    public Optional<Throwable> escape(byte[] bytes) {
      try {
        decoder.decode(bytes.clone());
        return Optional.empty();
      } catch (TributaryException e) {
        return Optional.empty();
      } catch (Throwable e) {
        // Also errors: a stack that overflows or a heap that fills is what an attacker wants.
        return Optional.of(e);
      }
    }
  }

  /**
   * All of them.
   *
   * @param folder for the one that reads a file
   */
  public static List<Target> all(Path folder) throws IOException {
    List<Target> targets = new ArrayList<>();
    ofTheProtocol(targets, folder);
    ofTheLedger(targets, folder);
    ofTheEvidence(targets, folder);
    ofResults(targets, folder);
    ofStewards(targets);
    ofTexts(targets, folder);
    return List.copyOf(targets);
  }

  private static void ofTheProtocol(List<Target> targets, Path folder) throws IOException {
    List<byte[]> objects = new ArrayList<>();
    List<byte[]> siteRecords = new ArrayList<>();
    List<byte[]> coordinatorRecords = new ArrayList<>();
    AtomicReference<StateStore> siteStore = new AtomicReference<>();
    AtomicReference<StateStore> coordinatorStore = new AtomicReference<>();
    try (Federation federation = new Federation(SITES, 5)) {
      federation.wrapStore(
          Federation.id(1),
          store -> {
            siteStore.set(store);
            return store;
          });
      federation.wrapCoordinatorStore(
          store -> {
            coordinatorStore.set(store);
            return store;
          });
      Map<SiteId, long[]> data = federation.data(3);
      Study study = federation.study("fuzz", SITES, Optional.empty(), 3, 1);
      Federation.Run run = federation.run(study, List.of(StepSums.of(SITES, 3, 2)), data);
      run.startAll();
      run.settle();
      for (String name : federation.exchange().list("")) {
        if (!name.contains("/f/")) {
          objects.add(federation.exchange().get(name).orElseThrow());
        }
      }
    }
    siteStore.get().replay((study, record) -> siteRecords.add(record.clone()));
    coordinatorStore.get().replay((study, record) -> coordinatorRecords.add(record.clone()));
    targets.add(new Target("message", objects, bytes -> SignedObject.decode(bytes).message(SITES)));
    targets.add(
        new Target(
            "site-record", siteRecords, bytes -> new SiteMemory(holding(siteRecords, bytes))));
    targets.add(
        new Target(
            "coordinator-record",
            coordinatorRecords,
            bytes -> new CoordinatorMemory(holding(coordinatorRecords, bytes))));
    targets.add(
        new Target(
            "unmask-answer",
            List.of(unmaskAnswer(Shamir.SHARE_BYTES), unmaskAnswer(0)),
            bytes -> UnmaskAnswer.decode(bytes, SiteSet.all(SITES), SiteSet.of(SITES, 0, 1, 3))));
    targets.add(new Target("frame", frames(), bytes -> ArrowFrame.decode(bytes, HEADER, 5)));
    targets.add(
        new Target("journal", List.of(journal(folder, siteRecords)), bytes -> open(folder, bytes)));
  }

  /** A journal of real records and one more, put in somewhere; where follows from its length. */
  private static StateStore holding(List<byte[]> real, byte[] record) {
    StateStore store = new InMemoryStateStore();
    int at = record.length % (real.size() + 1);
    real.subList(0, at).forEach(each -> store.append(STUDY, each));
    store.append(STUDY, record);
    real.subList(at, real.size()).forEach(each -> store.append(STUDY, each));
    return store;
  }

  private static List<byte[]> frames() {
    return List.of(
        ArrowFrame.encode(HEADER, new long[] {1, 2, 3, 4, 5}),
        ArrowFrame.encode(HEADER, new long[] {-1, Long.MAX_VALUE, 0, Long.MIN_VALUE, 1L << 32}));
  }

  /** An answer of one of three contributors among four; shares are empty where a box failed. */
  private static byte[] unmaskAnswer(int shareBytes) {
    Bytes seed = Bytes.take(new byte[Secret32.BYTES]);
    List<Bytes> shares = Collections.nCopies(2, Bytes.take(new byte[shareBytes]));
    return new UnmaskAnswer(seed, shares, List.of(seed), shares).encode();
  }

  private static byte[] journal(Path folder, List<byte[]> records) throws IOException {
    Path own = Files.createDirectories(folder.resolve("journal-corpus"));
    try (FileStateStore store = FileStateStore.open(own, new SecureRandom())) {
      records.forEach(record -> store.append(STUDY, record));
    }
    return Files.readAllBytes(own.resolve("journal"));
  }

  private static void open(Path folder, byte[] journal) throws IOException {
    Path own = folder.resolve("journal-corpus");
    Files.write(own.resolve("journal"), journal);
    try (FileStateStore store = FileStateStore.open(own, new SecureRandom())) {
      store.replay((study, record) -> {});
    }
  }

  /** Every seed of every target is taken as it is. */
  public static void requireTaken(List<Target> targets) {
    List<String> refused = new ArrayList<>();
    for (Target target : targets) {
      for (byte[] seed : target.corpus()) {
        try {
          target.decoder().decode(seed.clone());
        } catch (Exception e) {
          refused.add(target.name() + ": " + e.getMessage());
        }
      }
    }
    if (!refused.isEmpty()) {
      throw new AssertionError(String.join("\n", refused));
    }
  }

  /**
   * Changes every target's corpus from seeds 0 up and stops at the first escape.
   *
   * @param inputs how many for each target
   */
  public static void requireNoEscape(List<Target> targets, ToIntFunction<Target> inputs) {
    for (Target target : targets) {
      for (byte[] real : target.corpus()) {
        target
            .escape(real)
            .ifPresent(
                escape -> {
                  throw new AssertionError(target.name() + " on its own corpus", escape);
                });
      }
      for (long seed = 0; seed < inputs.applyAsInt(target); seed++) {
        byte[] bytes = new Mutator(seed).next(target.corpus());
        Optional<Throwable> escape = target.escape(bytes);
        if (escape.isPresent()) {
          throw new AssertionError(
              target.name() + " seed " + seed + ": " + HexFormat.of().formatHex(bytes),
              escape.get());
        }
      }
    }
  }

  // ---- ledger ----------------------------------------------------------------------------------

  private static void ofTheLedger(List<Target> targets, Path folder) throws IOException {
    Instant at = Instant.ofEpochSecond(1_790_000_000);
    Path own = Files.createDirectories(folder.resolve("ledger-corpus"));
    SigningIdentity steward = SigningIdentity.ofSeed(new byte[SigningIdentity.SEED_BYTES]);
    byte[] decision =
        new StewardDecision(
                Federation.id(1),
                STUDY,
                StewardDecision.Verdict.GRANTED,
                at,
                at.plusSeconds(86_400),
                "Dr. Wren",
                "")
            .sign(steward);
    LedgerEntry.Debited debit =
        new LedgerEntry.Debited(
            STUDY, at, new StepId(2, 1), "lung", "ada", "research", Rho.parse("1/3"));
    List<LedgerEntry> written;
    try (PrivacyLedger ledger = PrivacyLedger.open(own, new SecureRandom())) {
      ledger.debit(
          debit,
          List.of(
              new SitePolicy.Budget("lung", Optional.empty(), Optional.empty(), Rho.parse("2"))));
      CohortFingerprint.Builder cohort = ledger.cohort("lung", "id", List.of("age", "sex"));
      for (byte person = 0; person < 12; person++) {
        cohort.row(new byte[] {person}, List.of(new byte[8], new byte[8]));
      }
      ledger.use(STUDY, at, "lung", cohort.build(), 5);
      ledger.clipped(
          new LedgerEntry.Clipped(
              STUDY, at, new StepId(2, 1), 80, List.of("n", "age"), List.of(0L, 3L)));
      written = ledger.entries();
    }
    List<byte[]> entries = new ArrayList<>(written.stream().map(LedgerEntry::encode).toList());
    entries.add(new LedgerEntry.Decided(STUDY, at, decision).encode());
    Set<SiteId> sites = Set.of(new SiteId("east"), new SiteId("north"), new SiteId("west"));
    entries.add(
        new LedgerEntry.Bound(
                STUDY,
                at,
                new PopulationBinding(
                    STUDY, sites, Study.Shape.QUORUM, 3, false, sites, Optional.of(sites)))
            .encode());
    targets.add(
        new Target("ledger-entry", entries, bytes -> LedgerEntry.decode(STUDY, bytes).encode()));
    targets.add(
        new Target(
            "steward-decision",
            List.of(decision),
            bytes -> StewardDecision.read(bytes, steward.verifyingKey())));
    Path file = own.resolve("entries");
    byte[] whole = Files.readAllBytes(file);
    targets.add(
        new Target(
            "ledger",
            List.of(whole),
            bytes -> {
              Files.write(file, bytes);
              PrivacyLedger.read(own);
              PrivacyLedger.open(own, new SecureRandom()).close();
            }));
  }

  // ---- evidence --------------------------------------------------------------------------------

  private static void ofTheEvidence(List<Target> targets, Path folder) throws IOException {
    Path own = Files.createDirectories(folder.resolve("evidence-corpus"));
    Clock clock = Clock.fixed(Instant.ofEpochSecond(1_790_000_000), ZoneOffset.UTC);
    byte[] lines;
    try (EvidenceJournal journal =
        EvidenceJournal.open(own, "site", "north", "00".repeat(32), clock, new SecureRandom())) {
      journal.append(
          Optional.of(STUDY),
          EvidenceEvent.ASKED,
          Map.of("analyst", "ada", "name", "lung", "asks", "1 analysis", "text", "columns: age"));
      journal.append(
          Optional.of(STUDY),
          EvidenceEvent.LEFT,
          Map.of("to", "hub", "what", "upload", "bytes", "7", "digest", STUDY.hex()));
      lines = Files.readAllBytes(own.resolve(EvidenceJournal.FILE));
    }
    targets.add(
        new Target(
            "evidence-journal",
            List.of(lines),
            bytes -> {
              List<String> words = new ArrayList<>();
              EvidenceJournal.read(
                  bytes,
                  EvidenceJournal.Bodies.SOME_WITHHELD,
                  (head, entry) -> entry.ifPresent(line -> words.add(line.words())));
            }));
    // A line with digests that fit, so that what is changed reaches the reader of its body.
    targets.add(new Target("evidence-line", EvidenceBodies.of(lines), EvidenceBodies::words));
    Checkpoint checkpoint =
        new Checkpoint("north", STUDY, 12, STUDY, STUDY, Bytes.take(new byte[64]));
    targets.add(
        new Target(
            "checkpoint",
            List.of(checkpoint.encode()),
            bytes -> Checkpoint.decode(bytes).encode()));
  }

  // ---- signed acts -----------------------------------------------------------------------------

  private static void ofStewards(List<Target> targets) throws IOException {
    Consortium before = ConsortiumParser.parse(conf("consortium.yaml"), "consortium.yaml");
    SigningIdentity identity = SigningIdentity.ofSeed(new byte[SigningIdentity.SEED_BYTES]);
    Instant at = Instant.ofEpochSecond(1_790_000_000);
    Digest file = Digest.sha256(conf("consortium.yaml"));
    String first = before.sites().get(0).id().value();
    byte[] update =
        ConsortiumUpdate.propose(before, file, next(before))
            .sign(first, "Dr. Wren", at, identity)
            .encode();
    targets.add(
        new Target(
            "consortium-update",
            List.of(update),
            bytes -> ConsortiumUpdate.read(bytes).missing(before)));
    Set<SiteId> all = new TreeSet<>();
    before.sites().forEach(member -> all.add(member.id()));
    Set<SiteId> left = new TreeSet<>(all);
    SiteId lost = before.sites().get(before.sites().size() - 1).id();
    left.remove(lost);
    byte[] act =
        PopulationAct.propose(before, file, at, all, left, Set.of(lost), "closed down")
            .sign(new SiteId(first), STUDY, "Dr. Wren", at, identity)
            .encode();
    targets.add(
        new Target("population-act", List.of(act), bytes -> PopulationAct.read(bytes).missing()));
  }

  /** The same consortium one version later, with another certificate of its first site. */
  private static byte[] next(Consortium before) {
    List<Consortium.Member> sites = new ArrayList<>(before.sites());
    Consortium.Member first = sites.get(0);
    sites.set(
        0, new Consortium.Member(first.id(), first.organisation(), first.key(), "ab".repeat(32)));
    return ConsortiumParser.write(
        new Consortium(
            before.name(),
            before.version() + 1,
            before.validFrom(),
            before.validUntil(),
            sites,
            before.analysts(),
            before.coordinator()));
  }

  // ---- results ---------------------------------------------------------------------------------

  /** What an analyst fetches: the manifest of a release, and a table. */
  private static void ofResults(List<Target> targets, Path folder) throws IOException {
    Path own = folder.resolve("result-corpus");
    new ReportWriter(List.of()).write(SampleStudy.full(), own);
    for (String name : List.of("release.json", "death/coefficients.json")) {
      Path file = own.resolve(name);
      byte[] whole = Files.readAllBytes(file);
      targets.add(
          new Target(
              name.startsWith("release") ? "release-manifest" : "result-table",
              List.of(whole),
              bytes -> {
                Files.write(file, bytes);
                try {
                  ResultFolder.read(own);
                } finally {
                  Files.write(file, whole);
                }
              }));
    }
  }

  private static void ofTexts(List<Target> targets, Path folder) throws IOException {
    Path any = Path.of("/nowhere/config.yaml").toAbsolutePath();
    List<byte[]> studies =
        List.of(conf("study.yaml"), conf("demo/colon.yaml"), conf("demo/lung.yaml"));
    targets.add(new Target("study", studies, bytes -> StudyParser.parse(bytes, "study.yaml")));
    byte[] signature =
        StudySignature.sign(
                studies.get(0),
                "analyst",
                SigningIdentity.ofSeed(new byte[SigningIdentity.SEED_BYTES]),
                Clock.fixed(Instant.EPOCH, ZoneOffset.UTC))
            .bytes();
    targets.add(new Target("study-signature", List.of(signature), StudySignature::read));
    targets.add(
        new Target(
            "site-config",
            List.of(conf("site.yaml"), utf8(SITE.formatted(CSV_OPTIONS.get(0)))),
            bytes -> SiteConfigParser.parse(bytes, any)));
    targets.add(
        new Target(
            "csv-options",
            CSV_OPTIONS.stream().map(Decoders::utf8).toList(),
            bytes ->
                SiteConfigParser.parse(
                    utf8(SITE.formatted(new String(bytes, StandardCharsets.UTF_8))), any)));
    targets.add(
        new Target(
            "coordinator-config",
            List.of(conf("coordinator.yaml")),
            bytes -> CoordinatorConfigParser.parse(bytes, any)));
    targets.add(
        new Target(
            "analyst-config",
            List.of(conf("analyst.yaml")),
            bytes -> AnalystConfigParser.parse(bytes, any)));
    targets.add(
        new Target(
            "consortium",
            List.of(conf("consortium.yaml")),
            bytes -> ConsortiumParser.parse(bytes, "consortium.yaml")));
    targets.add(
        new Target(
            "cohort-definition",
            List.of(utf8(ATLAS), utf8(SHORT_FORM), utf8(SQL_FORM)),
            bytes -> DefinitionReader.check(bytes, "definition")));
    Path key = folder.resolve("fuzzed.key");
    SigningIdentity identity = SigningIdentity.ofSeed(new byte[SigningIdentity.SEED_BYTES]);
    KeyFile.write(key, identity, Optional.empty(), new SecureRandom());
    byte[] pem = Files.readAllBytes(key);
    targets.add(
        new Target(
            "key-file",
            List.of(pem),
            bytes -> {
              // The same file again and again, with the rights it was made with.
              Files.write(key, bytes);
              KeyFile.read(key, Optional.of("password".toCharArray())).destroy();
            }));
    targets.add(
        new Target(
            "expression",
            List.of(
                utf8("age >= 40 and sex in ('male', 'female') and not (bmi is null)"),
                utf8("case when stage > 2 then log(x + 1) / 2 else coalesce(y, 0) end"),
                utf8("year(date '2024-02-29') - floor(abs(-3.5e2)) * 2")),
            bytes -> ExpressionParser.parse(new String(bytes, StandardCharsets.UTF_8))));
  }

  private static final String SITE =
      """
      site: north
      identity: {key: identity.key}
      consortium: {file: consortium.yaml, digest: 0000000000000000000000000000000000000000000000000000000000000000}
      exchange: {type: files, path: exchange}
      state: state
      catalog:
        a: {format: csv, path: a.csv, options: %s}
        b: {format: parquet, path: b.parquet, columns: {age: AGE_YEARS}}
      policy: {datasets: [a, b], columns: [all], analyses: [all], analysts: [all]}
      """;

  private static final List<String> CSV_OPTIONS =
      List.of(
          "{delimiter: ';', quote: '\"', decimal: ',', encoding: ISO-8859-1, missing: ['', NA, '-9']}",
          "{header: false, names: [first, second], escape: '|', newlinesInQuotes: true}");

  private static final String ATLAS =
      """
      {"ConceptSets": [{"id": 0, "name": "x", "expression": {"items": [
         {"concept": {"CONCEPT_ID": 201826, "CONCEPT_NAME": "T2DM"}, "includeDescendants": true}]}}],
       "PrimaryCriteria": {"CriteriaList": [{"ConditionOccurrence": {"CodesetId": 0,
           "Age": {"Op": "gte", "Value": 18}}}],
         "ObservationWindow": {"PriorDays": 365, "PostDays": 0},
         "PrimaryCriteriaLimit": {"Type": "First"}},
       "QualifiedLimit": {"Type": "First"}, "ExpressionLimit": {"Type": "First"},
       "InclusionRules": [{"name": "drug", "expression": {"Type": "ALL", "CriteriaList": [
         {"Criteria": {"DrugExposure": {"CodesetId": 0}},
          "StartWindow": {"Start": {"Days": 30, "Coeff": -1}, "End": {"Days": 0, "Coeff": 1}},
          "Occurrence": {"Type": 2, "Count": 1}}], "DemographicCriteriaList": [], "Groups": []}}],
       "CensoringCriteria": [], "CensorWindow": {},
       "CollapseSettings": {"CollapseType": "ERA", "EraPad": 0}, "cdmVersionRange": ">=5.0.0"}
      """;

  private static final String SQL_FORM =
      """
      WITH x AS (SELECT descendant_concept_id FROM concept_ancestor WHERE ancestor_concept_id = 5)
      SELECT person_id, a, b FROM (
        SELECT e.person_id, e.drug_era_start_date a, least(e.drug_era_end_date + 3,
          o.observation_period_end_date) b, row_number() OVER (PARTITION BY e.person_id
          ORDER BY e.drug_era_start_date) n
        FROM drug_era e JOIN observation_period o ON o.person_id = e.person_id
        AND e.drug_era_start_date BETWEEN o.observation_period_start_date + 7
        AND o.observation_period_end_date JOIN person p ON p.person_id = e.person_id
        WHERE e.drug_concept_id IN (SELECT descendant_concept_id FROM x)
        AND year(e.drug_era_start_date) - p.year_of_birth NOT BETWEEN 3 AND 17
        AND (p.gender_concept_id <> 8507 OR NOT EXISTS (SELECT 1 FROM condition_occurrence c
          WHERE c.person_id = e.person_id AND c.condition_concept_id IN (5) AND
          c.stop_reason LIKE '%done' AND c.condition_start_date < e.drug_era_end_date - 2))
      ) y WHERE n = 1;
      """;

  private static final String SHORT_FORM =
      """
      cohort: new users
      concepts: {metformin: [1503297], bleed: {ids: [192671], descendants: false}}
      entry: {drug: metformin, first: true, observed: [-365d, 0d]}
      require:
        - {name: adults, age: [18, 120]}
        - {condition: 201826, window: [all, 0d], at least: 2, distinct: dates}
      exclude:
        - {condition: bleed, window: [-30d, -1d]}
      keep: first
      exit: {drug: metformin, gap: 30d}
      """;

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] conf(String file) {
    try {
      Path folder = Path.of(System.getProperty("fuzz.conf", "../conf"));
      return Files.readAllBytes(folder.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
