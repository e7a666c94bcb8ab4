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
import io.tributary.identity.SigningIdentity;
import io.tributary.identity.StudySignature;
import io.tributary.journal.FileStateStore;
import io.tributary.journal.InMemoryStateStore;
import io.tributary.protocol.SignedObject;
import io.tributary.protocol.StateStore;
import io.tributary.protocol.UnmaskAnswer;
import io.tributary.protocol.coordinator.CoordinatorMemory;
import io.tributary.protocol.site.SiteMemory;
import io.tributary.simulation.Federation;
import io.tributary.simulation.StepSums;
import io.tributary.study.SiteId;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.arrow.memory.RootAllocator;

/** Every decoder with real objects to begin from, those of a small study that ran. */
final class Decoders {
  private static final int SITES = 4;
  private static final Digest STUDY = Digest.sha256(new byte[] {1});
  private static final FrameHeader HEADER = new FrameHeader(STUDY, STUDY, 1, 0, STUDY);

  private Decoders() {}

  /** Reads bytes; may refuse them with a TributaryException. */
  interface Decoder {
    void decode(byte[] bytes) throws IOException;
  }

  /**
   * One decoder.
   *
   * @param corpus real objects, at least one
   */
  record Target(String name, List<byte[]> corpus, Decoder decoder) {
    /** The throwable that got out, if any did that is not a named refusal. */
    Optional<Throwable> escape(byte[] bytes) {
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
  static List<Target> all(Path folder) throws IOException {
    List<Target> targets = new ArrayList<>();
    ofTheProtocol(targets, folder);
    ofTexts(targets);
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
            List.of(new byte[32 + 40 * 3 + 64], new byte[400]),
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
    try (RootAllocator allocator = new RootAllocator();
        ArrowFrame frames = new ArrowFrame(allocator)) {
      return List.of(
          frames.encode(HEADER, new long[] {1, 2, 3, 4, 5}), frames.encode(HEADER, new long[9]));
    }
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

  private static void ofTexts(List<Target> targets) throws IOException {
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
    // The options of CSV and of the other sources are part of a site's configuration.
    targets.add(
        new Target(
            "site-config",
            List.of(conf("site.yaml"), utf8(SITE)),
            bytes -> SiteConfigParser.parse(bytes, any)));
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
        a: {format: csv, path: a.csv, delimiter: ";", quote: "'", encoding: ISO-8859-1, missing: ["", NA, "-9"]}
        b: {format: parquet, path: b.parquet, columns: {age: AGE_YEARS}}
      policy: {datasets: [a, b], columns: [all], analyses: [all], analysts: [all]}
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
