package io.tributary.jobs.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.codec.Digest;
import io.tributary.connectors.SharedSpark;
import io.tributary.connectors.exchange.filesystem.FileSystemExchange;
import io.tributary.exchange.Exchange;
import io.tributary.exchange.MonotonicTime;
import io.tributary.jobs.cli.Main;
import io.tributary.jobs.study.StudyFile;
import io.tributary.journal.EvidenceEntry;
import io.tributary.journal.EvidenceEvent;
import io.tributary.journal.EvidenceJournal;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One study over three sites, and what its parties can prove of it afterwards. */
class EvidenceTest {
  private static final Clock CLOCK = Clock.systemUTC();
  private static final List<SiteId> SITES =
      List.of(new SiteId("east"), new SiteId("north"), new SiteId("south"));
  private static final String STUDY =
      """
      study: lung
      sites: [north, south, east]
      cohort: {from: lung, derive: {dead: status - 1}}
      columns:
        sex: {levels: ["1", "2"]}
        dead: {type: integer, range: [0, 1]}
      analyses:
        - {name: outcome, type: crosstab, columns: [sex, dead]}
      """;

  @TempDir static Path folder;

  private static LocalFederation federation;
  private static Digest study;

  @BeforeAll
  static void run() throws IOException {
    table();
    federation =
        LocalFederation.create(
            folder.resolve("home"),
            folder.resolve("data"),
            SITES,
            SITES,
            LocalFederation.Transport.FILES,
            Duration.ofMinutes(3),
            CLOCK,
            new SecureRandom());
    StudyFile file = StudyFile.of(STUDY.getBytes(StandardCharsets.UTF_8), "study.yaml");
    study = file.digest();
    Recorder recorder = new Recorder();
    try (Exchange exchange =
        FileSystemExchange.create(
            federation.home().resolve("exchange").toUri(), "run", Map.of(), MonotonicTime.SYSTEM)) {
      new LocalRun(federation, file, SITES, CLOCK, new SecureRandom())
          .inOneJvm(
              folder.resolve("out"),
              SharedSpark::session,
              exchange,
              Duration.ofSeconds(20),
              recorder,
              recorder);
    }
    assertThat(recorder.troubles()).isEmpty();
  }

  private static void table() throws IOException {
    List<String> lines;
    try (InputStream table =
        EvidenceTest.class.getResourceAsStream("/io/tributary/demo/lung.csv")) {
      lines = new String(table.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
    int from = 1;
    for (SiteId site : SITES) {
      Path data = Files.createDirectories(folder.resolve("data").resolve(site.value()));
      int until = site.value().equals("south") ? lines.size() : from + 70;
      Files.writeString(
          data.resolve("lung.csv"),
          lines.get(0) + "\n" + String.join("\n", lines.subList(from, until)) + "\n");
      from = until;
    }
  }

  @Test
  void aSitesJournalSaysWhatWasAskedDecidedSentAndReceived() throws IOException {
    List<EvidenceEntry> lines = lines(site("north"));
    assertThat(lines)
        .extracting(EvidenceEntry::event)
        .containsSubsequence(
            EvidenceEvent.OPENED,
            EvidenceEvent.POLICY,
            EvidenceEvent.ASKED,
            EvidenceEvent.ADMITTED,
            EvidenceEvent.CHECKPOINT,
            EvidenceEvent.ANCHORED,
            EvidenceEvent.LEFT,
            EvidenceEvent.HELD,
            EvidenceEvent.CHECKPOINT);
    assertThat(lines)
        .extracting(EvidenceEntry::words)
        .anyMatch(
            words ->
                words.startsWith(
                    "Left for coordinator: masked frame 0 (analysis outcome, step 0, epoch 1), "))
        .anyMatch(
            words -> words.startsWith("Came from coordinator: announcement (analysis outcome"))
        .anyMatch(words -> words.contains("columns: sex, status"))
        .anyMatch(words -> words.startsWith("Study 'lung' ended: "));
    // Whatever the site has on the exchange it has written down, with the digest it has there.
    for (Path object : objects("north")) {
      assertThat(lines)
          .as(object.toString())
          .anyMatch(
              line ->
                  line.event() == EvidenceEvent.LEFT
                      && object.toString().endsWith(line.text())
                      && line.detail("bytes").matches("[0-9]+"));
    }
  }

  @Test
  void theCoordinatorsDecisionsAreInWords() {
    assertThat(lines(federation.readCoordinator().state()))
        .extracting(EvidenceEntry::words)
        .anyMatch(
            words ->
                words.matches(
                    "Sum taken: step 0 of analysis outcome, [0-9]+ words over east, north, south;"
                        + " without nobody"))
        .anyMatch(words -> words.startsWith("Released: "))
        .anyMatch(words -> words.startsWith("Left for sites: certificate of the contributors ("))
        .anyMatch(words -> words.startsWith("north stood at "));
  }

  @Test
  void everyJournalVerifiesAndAgreesWithTheCopiesOfTheOthers() {
    for (Path config : configs()) {
      assertThat(Main.run("journal", "verify", "--config", config.toString())).isZero();
    }
    assertThat(
            Main.run(
                "journal",
                "verify",
                "--config",
                federation.siteConfig(SITES.get(1)).toString(),
                "--held-in",
                federation.readCoordinator().state().toString()))
        .isZero();
  }

  @Test
  void anEditedACutAndARestoredJournalDoNot() throws IOException {
    Path file = site("south").resolve(EvidenceJournal.FILE);
    String config = federation.siteConfig(new SiteId("south")).toString();
    Path kept = Files.copy(file, folder.resolve("kept"), StandardCopyOption.REPLACE_EXISTING);
    try {
      String text = Files.readString(file);
      Files.writeString(
          file, text.replaceFirst("Admitted|all of the policy", "none of the policy"));
      assertThat(Main.run("journal", "verify", "--config", config)).isEqualTo(exit());
      List<String> lines = Files.readAllLines(kept);
      for (int keep : new int[] {2, lines.size() / 2, lines.size() - 3}) {
        Files.writeString(file, String.join("\n", lines.subList(0, keep)) + "\n");
        assertThat(Main.run("journal", "verify", "--config", config)).isEqualTo(exit());
      }
    } finally {
      Files.copy(kept, file, StandardCopyOption.REPLACE_EXISTING);
    }
    assertThat(Main.run("journal", "verify", "--config", config)).isZero();
  }

  private static int exit() {
    return ErrorCode.EVIDENCE_BROKEN.exitCode();
  }

  private static List<Path> configs() {
    List<Path> configs = new ArrayList<>(SITES.stream().map(federation::siteConfig).toList());
    configs.add(federation.coordinatorConfig());
    return configs;
  }

  private static Path site(String name) {
    return federation.readSite(new SiteId(name)).state();
  }

  private static List<EvidenceEntry> lines(Path state) {
    List<EvidenceEntry> lines = new ArrayList<>();
    EvidenceJournal.read(
        state,
        (head, line) ->
            line.filter(
                    entry -> entry.study().isEmpty() || entry.study().equals(Optional.of(study)))
                .ifPresent(lines::add));
    return lines;
  }

  private static List<Path> objects(String site) throws IOException {
    Path own = federation.home().resolve("exchange").resolve("studies").resolve(study.hex());
    try (var files = Files.walk(own)) {
      List<Path> found =
          files
              .filter(Files::isRegularFile)
              .filter(
                  file ->
                      file.getFileName().toString().contains("-" + site + "-")
                          || (file.getParent().endsWith(site) && file.toString().contains("/f/")))
              .toList();
      assertThat(found).isNotEmpty();
      return found;
    }
  }
}
