package io.tributary.jobs.evidence;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.tributary.codec.Canonical;
import io.tributary.codec.Digest;
import io.tributary.exchange.Exchange;
import io.tributary.exchange.ObjectNames;
import io.tributary.identity.SigningIdentity;
import io.tributary.jobs.Versions;
import io.tributary.jobs.study.Submission;
import io.tributary.journal.EvidenceEntry;
import io.tributary.journal.EvidenceEvent;
import io.tributary.journal.EvidenceJournal;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that a party can show of one study, in one file.
 *
 * <pre>
 *   dossier.json              format, study, maker, versions and digest of the maker's program,
 *                             SHA-256 of every other file
 *   dossier.sig               the maker's signature over H(dossier/v1, SHA-256 of dossier.json)
 *   study/study.yaml, .sig    the study and its analyst's signature
 *   roster/consortium.yaml    the consortium file as the maker has it
 *   objects/...               signed messages of all parties, and their checkpoints
 *   journal/PARTY             the maker's evidence journal; lines of other studies withheld
 *   policy/policy.txt         a site's policy in force when it decided
 *   release/release.json      what was released, with the digest of every file of it
 *   sbom.cdx.json             the libraries in the maker's program, as CycloneDX lists them
 *   summary.html              one page for an ethics board, made from all this
 * </pre>
 *
 * <p>Masked frames, boxes and unmask answers stay out: their digests stand in the signed Uploads,
 * and whoever keeps sealed shares for decades may one day open them.
 */
public final class Dossier {
  static final String FORMAT = "tributary-dossier/1";
  static final String MANIFEST = "dossier.json";
  static final String SIGNATURE = "dossier.sig";
  static final String STUDY = "study/study.yaml";
  static final String STUDY_SIGNATURE = "study/study.sig";
  static final String ROSTER = "roster/consortium.yaml";
  static final String OBJECTS = "objects/";
  static final String JOURNAL = "journal/";
  static final String POLICY = "policy/policy.txt";
  static final String RELEASE = "release/release.json";
  static final String SBOM = "sbom.cdx.json";
  static final String SUMMARY = "summary.html";

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private Dossier() {}

  /**
   * Gathers a dossier.
   *
   * @param party whose it is
   * @param identity that signs it
   * @return the file's bytes; equal for equal state and exchange
   */
  public static byte[] make(
      PartyConfig party, SigningIdentity identity, Exchange exchange, Digest study) {
    Submission submission =
        Submission.fetch(exchange, study)
            .orElseThrow(
                () ->
                    Errors.data(
                        ErrorCode.DATA_MISSING,
                        "study " + study.shortHex(),
                        "is not on the exchange.",
                        "Give the digest that 'tributary study sign' printed."));
    SortedMap<String, byte[]> files = new TreeMap<>();
    files.put(STUDY, submission.study().raw());
    files.put(STUDY_SIGNATURE, submission.signature().bytes());
    files.put(ROSTER, party.consortium().raw());
    objects(exchange, study, files);
    EvidenceJournal.Head head = EvidenceJournal.read(party.state(), (at, line) -> {});
    files.put(JOURNAL + party.id(), EvidenceJournal.excerpt(party.state(), study, head));
    policy(party.state(), study).ifPresent(text -> files.put(POLICY, text));
    exchange
        .get(ObjectNames.folder(study) + "/release/release.json")
        .ifPresent(release -> files.put(RELEASE, release));
    BillOfMaterials.ofThisProgram().ifPresent(content -> files.put(SBOM, content));
    Map<String, String> versions = Versions.all();
    // The page says what the check finds, so nothing is handed out that would not verify.
    DossierCheck.Findings findings =
        DossierCheck.content(files, versions, party.id(), study, party.consortium());
    files.put(SUMMARY, DossierSummary.page(findings).getBytes(StandardCharsets.UTF_8));
    return DossierZip.write(signed(files, versions, party.id(), study, identity));
  }

  /** The files with their list and its signature. */
  static SortedMap<String, byte[]> signed(
      Map<String, byte[]> files,
      Map<String, String> versions,
      String maker,
      Digest study,
      SigningIdentity identity) {
    byte[] manifest = manifest(maker, study, versions, files);
    SortedMap<String, byte[]> all = new TreeMap<>(files);
    all.put(MANIFEST, manifest);
    all.put(SIGNATURE, identity.sign(signed(manifest)));
    return all;
  }

  private static void objects(Exchange exchange, Digest study, Map<String, byte[]> files) {
    String folder = ObjectNames.folder(study) + "/";
    for (String part : new String[] {"c", "s", "checkpoints"}) {
      for (String name : exchange.list(folder + part)) {
        String file = name.substring(name.lastIndexOf('/') + 1);
        boolean encrypted = file.startsWith("boxes-") || file.startsWith("unmask-");
        if (!encrypted) {
          exchange
              .get(name)
              .ifPresent(bytes -> files.put(OBJECTS + name.substring(folder.length()), bytes));
        }
      }
    }
  }

  /** The policy that was in force when the party first judged the study. */
  private static Optional<byte[]> policy(Path state, Digest study) {
    List<EvidenceEntry> policies = new ArrayList<>();
    boolean[] judged = new boolean[1];
    EvidenceJournal.read(
        state,
        (head, line) -> {
          EvidenceEntry entry = line.orElseThrow();
          if (entry.event() == EvidenceEvent.POLICY && !judged[0]) {
            policies.add(entry);
          }
          judged[0] |= entry.study().equals(Optional.of(study));
        });
    return policies.isEmpty()
        ? Optional.empty()
        : Optional.of(policies.get(policies.size() - 1).text().getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] manifest(
      String maker, Digest study, Map<String, String> versions, Map<String, byte[]> files) {
    Map<String, Object> manifest = new LinkedHashMap<>();
    manifest.put("format", FORMAT);
    manifest.put("study", study.hex());
    manifest.put("maker", maker);
    manifest.put("versions", versions);
    Map<String, String> digests = new TreeMap<>();
    files.forEach((name, content) -> digests.put(name, Digest.sha256(content).hex()));
    manifest.put("files", digests);
    try {
      return JSON.writeValueAsBytes(manifest);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts can be written", e);
    }
  }

  static Digest signed(byte[] manifest) {
    return Canonical.hash("dossier/v1", Digest.sha256(manifest).bytes());
  }
}
