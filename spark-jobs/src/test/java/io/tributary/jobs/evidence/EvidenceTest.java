package io.tributary.jobs.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.codec.ConsortiumParser;
import io.tributary.codec.Digest;
import io.tributary.fuzz.Mutator;
import io.tributary.identity.KeyFile;
import io.tributary.identity.SigningIdentity;
import io.tributary.jobs.Versions;
import io.tributary.jobs.cli.Main;
import io.tributary.jobs.keys.ConsortiumFile;
import io.tributary.jobs.local.EvidenceRun;
import io.tributary.jobs.local.LocalFederation;
import io.tributary.jobs.study.StudyFile;
import io.tributary.journal.EvidenceEntry;
import io.tributary.journal.EvidenceEvent;
import io.tributary.journal.EvidenceJournal;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteId;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One study over three sites, and what its parties can prove of it afterwards. */
class EvidenceTest {
  private static final List<SiteId> SITES = EvidenceRun.SITES;
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

  private static final int DOSSIERS = 250;

  @TempDir static Path folder;

  private static LocalFederation federation;
  private static Digest study;

  @BeforeAll
  static void run() throws IOException {
    StudyFile file = StudyFile.of(STUDY.getBytes(StandardCharsets.UTF_8), "study.yaml");
    study = file.digest();
    federation = EvidenceRun.of(folder, file);
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
        .anyMatch(words -> words.contains("columns: sex (group), status (group)"))
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

  @Test
  void aDossierOfEveryPartyVerifiesWithTheRosterAlone() throws IOException {
    for (Path config : configs()) {
      Path dossier = folder.resolve(config.getParent().getFileName() + ".zip");
      assertThat(make(config, dossier)).isZero();
      Path again = folder.resolve(config.getParent().getFileName() + "-again.zip");
      assertThat(make(config, again)).isZero();
      assertThat(dossier).hasSameBinaryContentAs(again);
      assertThat(verify(dossier, federation.consortium())).isZero();
    }
    DossierCheck.Findings found =
        DossierCheck.check(
            Files.readAllBytes(folder.resolve("north.zip")),
            ConsortiumFile.read(federation.consortium()));
    assertThat(found.sums())
        .singleElement()
        .satisfies(
            sum -> {
              assertThat(sum.contributors()).containsExactlyInAnyOrderElementsOf(SITES);
              assertThat(sum.signatures()).isGreaterThanOrEqualTo(2);
            });
    assertThat(found.policies()).containsOnlyKeys("east", "north", "south");
    assertThat(found.release()).isPresent();
    assertThat(found.versions()).isEqualTo(Versions.all()).containsKeys("tributary", "jar", "java");
    assertThat(found.materials().orElseThrow())
        .isEqualTo(BillOfMaterials.read(BillOfMaterials.ofThisProgram().orElseThrow()));
    String page = new String(files("north").get(Dossier.SUMMARY), StandardCharsets.UTF_8);
    assertThat(page)
        .contains("1 sum was taken over 3 sites")
        .contains("masked frame")
        .contains("With which program", "Its jar (SHA-256)", "libraries of others are part of it")
        .doesNotContain("<script")
        .doesNotContain("http://");
    // Whatever is encrypted to somebody stays out.
    assertThat(files("north").keySet()).noneMatch(name -> name.matches(".*/(boxes|unmask)-.*"));
  }

  @Test
  void aDossierWithAnyByteChangedDoesNotVerify() throws IOException {
    Path dossier = folder.resolve("flipped.zip");
    make(federation.coordinatorConfig(), dossier);
    byte[] whole = Files.readAllBytes(dossier);
    ConsortiumFile roster = ConsortiumFile.read(federation.consortium());
    int central = new String(whole, StandardCharsets.ISO_8859_1).indexOf("PK\u0001\u0002");
    for (int at = 0; at < central; at += 301) {
      byte[] changed = whole.clone();
      changed[at] ^= 0x20;
      // Times and host system in a local header say nothing; whoever reads ignores them.
      byte[] read = changed;
      try {
        assertThat(DossierCheck.check(read, roster).digest()).isEqualTo(study);
        assertThat(DossierZip.write(DossierZip.read(read))).isEqualTo(whole);
      } catch (TributaryException e) {
        assertThat(e.code()).isIn(ErrorCode.EVIDENCE_BROKEN, ErrorCode.BAD_SIGNATURE);
      }
    }
  }

  @Test
  void aMakerWhoSignsWhatDidNotHappenIsFoundOut() throws IOException {
    refusesSigned(
        files -> files.put(Dossier.SUMMARY, "all is well".getBytes(StandardCharsets.UTF_8)));
    refusesSigned(files -> files.remove(Dossier.JOURNAL + "north"));
    refusesSigned(files -> files.keySet().removeIf(name -> name.contains("/2-certificate-")));
    refusesSigned(files -> files.keySet().removeIf(name -> name.contains("/upload-east-")));
    refusesSigned(
        files -> files.put(Dossier.POLICY, "columns: nothing".getBytes(StandardCharsets.UTF_8)));
    refusesSigned(
        files ->
            files.replaceAll(
                (name, content) ->
                    name.contains("/3-result-") ? flip(content, content.length / 2) : content));
    refusesSigned(files -> files.replace(Dossier.STUDY, flip(files.get(Dossier.STUDY), 8)));
    refusesSigned(files -> files.put(Dossier.SBOM, "no bill".getBytes(StandardCharsets.UTF_8)));
    // The page names the libraries, so a bill without one is another page.
    refusesSigned(
        files ->
            files.computeIfPresent(
                Dossier.SBOM,
                (name, content) ->
                    new String(content, StandardCharsets.UTF_8)
                        .replaceFirst(
                            "(?s)\\{\\s*\"type\" : \"library\".*?\"purl\" : [^}]*}, ?", "")
                        .getBytes(StandardCharsets.UTF_8)));
    // The journal without its last line: the others hold a later head.
    refusesSigned(
        files ->
            files.computeIfPresent(
                Dossier.JOURNAL + "north",
                (name, content) -> {
                  String text = new String(content, StandardCharsets.UTF_8);
                  int end = text.lastIndexOf('\n', text.length() - 2);
                  end = text.lastIndexOf('\n', end - 1);
                  return text.substring(0, end + 1).getBytes(StandardCharsets.UTF_8);
                }));
  }

  /** A maker can sign anything: what it signed is refused by name, or is another true dossier. */
  @Test
  void whateverAMakerSignsIsRefusedByNameIfAtAll() throws IOException {
    SortedMap<String, byte[]> real = new TreeMap<>(files("north"));
    real.remove(Dossier.MANIFEST);
    real.remove(Dossier.SIGNATURE);
    List<String> names = List.copyOf(real.keySet());
    SigningIdentity north =
        KeyFile.read(federation.readSite(new SiteId("north")).identity().key(), Optional.empty());
    ConsortiumFile roster = ConsortiumFile.read(federation.consortium());
    int refused = 0;
    for (int seed = 0; seed < DOSSIERS; seed++) {
      String name = names.get(seed % names.size());
      SortedMap<String, byte[]> changed = new TreeMap<>(real);
      changed.put(name, new Mutator(seed).next(List.of(real.get(name))));
      byte[] dossier =
          DossierZip.write(Dossier.signed(changed, Versions.all(), "north", study, north));
      try {
        DossierCheck.check(dossier, roster);
      } catch (TributaryException e) {
        refused++;
      } catch (RuntimeException | Error e) {
        throw new AssertionError("seed " + seed + ", " + name, e);
      }
    }
    assertThat(refused).isGreaterThan(DOSSIERS * 9 / 10);
  }

  @Test
  void aDossierUnderAnotherRosterDoesNotVerify() throws IOException {
    Path dossier = folder.resolve("roster.zip");
    make(federation.siteConfig(SITES.get(0)), dossier);
    Path other = folder.resolve("other.yaml");
    Files.writeString(
        other,
        Files.readString(federation.consortium()).replaceFirst("version: [0-9]+", "version: 77"));
    assertThat(ConsortiumParser.parse(Files.readAllBytes(other), "other.yaml").version())
        .isEqualTo(77);
    assertThat(verify(dossier, other)).isEqualTo(exit());
  }

  private static byte[] flip(byte[] content, int at) {
    byte[] changed = content.clone();
    changed[at] ^= 1;
    return changed;
  }

  /** North's dossier, altered and signed again by north itself. */
  private void refusesSigned(Consumer<SortedMap<String, byte[]>> change) throws IOException {
    SortedMap<String, byte[]> files = new TreeMap<>(files("north"));
    files.remove(Dossier.MANIFEST);
    files.remove(Dossier.SIGNATURE);
    change.accept(files);
    SigningIdentity north =
        KeyFile.read(federation.readSite(new SiteId("north")).identity().key(), Optional.empty());
    Map<String, byte[]> signed = Dossier.signed(files, Versions.all(), "north", study, north);
    assertThatThrownBy(
            () ->
                DossierCheck.check(
                    DossierZip.write(signed), ConsortiumFile.read(federation.consortium())))
        .isInstanceOf(TributaryException.class);
  }

  private SortedMap<String, byte[]> files(String site) throws IOException {
    Path dossier = folder.resolve(site + "-files.zip");
    if (!Files.exists(dossier)) {
      make(federation.siteConfig(new SiteId(site)), dossier);
    }
    return DossierZip.read(Files.readAllBytes(dossier));
  }

  private static int make(Path config, Path out) {
    return Main.run(
        "evidence", study.hex(), "--config", config.toString(), "--out", out.toString());
  }

  private static int verify(Path dossier, Path roster) {
    return Main.run("evidence", "verify", dossier.toString(), "--roster", roster.toString());
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
