package io.tributary.jobs.evidence;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.codec.Digest;
import io.tributary.exchange.ObjectNames;
import io.tributary.identity.StudySignature;
import io.tributary.identity.VerifyingKey;
import io.tributary.jobs.keys.ConsortiumFile;
import io.tributary.jobs.keys.PartyKeys;
import io.tributary.jobs.study.StudyFile;
import io.tributary.journal.Checkpoint;
import io.tributary.journal.EvidenceCheck;
import io.tributary.journal.EvidenceEntry;
import io.tributary.journal.EvidenceEvent;
import io.tributary.journal.EvidenceJournal;
import io.tributary.masking.RoundContext;
import io.tributary.masking.RoundTerms;
import io.tributary.protocol.Bytes;
import io.tributary.protocol.Message;
import io.tributary.protocol.Roster;
import io.tributary.protocol.SignedObject;
import io.tributary.protocol.StepId;
import io.tributary.protocol.StudyTerms;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteId;
import io.tributary.study.Study;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks a dossier against a consortium file and nothing else: no exchange, no state, no trust in
 * its maker. EVIDENCE_BROKEN, BAD_SIGNATURE or STATE_ROLLED_BACK where it does not hold.
 */
public final class DossierCheck {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);
  private static final int MAX_VERSIONS = 32;
  private static final int MAX_VERSION = 256;
  private static final Pattern EPOCH = Pattern.compile("c/(e\\d{10})/1-roster-[0-9a-f]{16}");
  private static final Pattern RESULT =
      Pattern.compile("c/(e\\d{10})/(j\\d{3}/s\\d{5}/a\\d{2})/3-result-[0-9a-f]{16}");
  private static final Pattern REFUSAL =
      Pattern.compile("s/e\\d{10}/setup/refusal-([a-z][a-z0-9-]{0,31})-[0-9a-f]{16}");
  private static final Pattern OF_SITE =
      Pattern.compile("[a-z]+-([a-z][a-z0-9-]{0,31})-[0-9a-f]{16}");

  private final SortedMap<String, byte[]> objects = new TreeMap<>();
  private final Map<String, SignedObject> signed = new HashMap<>();
  private final StudyTerms terms;

  /**
   * A sum that was taken.
   *
   * @param analysis its name
   * @param contributors whose vectors are in it
   * @param roster sites of the epoch
   * @param signatures of contributors under the certificate
   */
  public record Sum(
      String analysis, int step, Set<SiteId> contributors, int roster, int signatures) {
    public Sum {
      contributors = Set.copyOf(contributors);
    }
  }

  /**
   * What a dossier shows.
   *
   * @param maker whose it is
   * @param rosters of every epoch that all its members acknowledged
   * @param refusals code by site
   * @param policies SHA-256 of the policy under which each site took part
   * @param journal of the maker
   * @param lines of the maker's journal about this study
   * @param release SHA-256 of release.json, if there is one
   * @param versions of the maker's program and what it ran on, with SHA-256 of its jar
   * @param materials the libraries in that program, if it named them
   */
  public record Findings(
      String maker,
      Study study,
      Digest digest,
      StudySignature signature,
      ConsortiumFile consortium,
      List<Set<SiteId>> rosters,
      List<Sum> sums,
      Map<SiteId, String> refusals,
      Map<String, Digest> policies,
      EvidenceCheck.Outcome journal,
      List<EvidenceEntry> lines,
      Optional<Digest> release,
      SortedMap<String, String> versions,
      Optional<BillOfMaterials> materials) {
    public Findings {
      rosters = List.copyOf(rosters);
      sums = List.copyOf(sums);
      refusals = Map.copyOf(refusals);
      policies = Map.copyOf(policies);
      lines = List.copyOf(lines);
      versions = Collections.unmodifiableSortedMap(new TreeMap<>(versions));
    }
  }

  private DossierCheck(Map<String, byte[]> files, StudyTerms terms) {
    this.terms = terms;
    files.forEach(
        (name, content) -> {
          if (name.startsWith(Dossier.OBJECTS)) {
            objects.put(name.substring(Dossier.OBJECTS.length()), content);
          }
        });
  }

  /** Checks a dossier's bytes. */
  public static Findings check(byte[] container, ConsortiumFile consortium) {
    SortedMap<String, byte[]> files = DossierZip.read(container);
    byte[] manifest = required(files, Dossier.MANIFEST);
    byte[] signature = required(files, Dossier.SIGNATURE);
    JsonNode root = json(manifest);
    String maker = root.path("maker").asText();
    if (!root.path("format").asText().equals(Dossier.FORMAT)) {
      throw DossierZip.broken("Its format is not " + Dossier.FORMAT + ".");
    }
    VerifyingKey key =
        PartyKeys.of(consortium.consortium(), maker)
            .orElseThrow(
                () -> DossierZip.broken("The consortium file knows no party '" + maker + "'."));
    if (!key.verifies(Dossier.signed(manifest), signature)) {
      throw Errors.protocol(
          ErrorCode.BAD_SIGNATURE,
          "The dossier is not signed by '" + maker + "'.",
          "It was altered, or made with another key than the consortium file has.",
          "Ask '" + maker + "' for another copy.");
    }
    SortedMap<String, byte[]> content = new TreeMap<>(files);
    content.remove(Dossier.MANIFEST);
    content.remove(Dossier.SIGNATURE);
    JsonNode listed = root.path("files");
    if (listed.size() != content.size()) {
      throw DossierZip.broken("It does not hold the files that its list names.");
    }
    content.forEach(
        (name, bytes) -> {
          if (!listed.path(name).asText().equals(Digest.sha256(bytes).hex())) {
            throw DossierZip.broken("The file '" + name + "' is not the one in its list.");
          }
        });
    Findings findings =
        content(content, versions(root), maker, digest(root.path("study").asText()), consortium);
    byte[] page = DossierSummary.page(findings).getBytes(StandardCharsets.UTF_8);
    if (!Arrays.equals(page, required(files, Dossier.SUMMARY))) {
      throw DossierZip.broken("Its summary does not say what its files show.");
    }
    return findings;
  }

  /** Checks a dossier's files; list, signature and summary are the caller's. */
  static Findings content(
      SortedMap<String, byte[]> files,
      Map<String, String> versions,
      String maker,
      Digest digest,
      ConsortiumFile consortium) {
    if (!Digest.sha256(required(files, Dossier.ROSTER)).equals(consortium.digest())) {
      throw DossierZip.broken("It was made under another consortium file.");
    }
    StudyFile study = StudyFile.of(required(files, Dossier.STUDY), "study.yaml of the dossier");
    if (!study.digest().equals(digest)) {
      throw DossierZip.broken("Its study is not the one that it names.");
    }
    StudySignature signature = StudySignature.read(required(files, Dossier.STUDY_SIGNATURE));
    signature.verify(
        study.raw(),
        study.study(),
        consortium.consortium(),
        Clock.fixed(signature.signedAt(), ZoneOffset.UTC));
    StudyTerms terms =
        new StudyTerms(consortium.consortium(), consortium.digest(), study.study(), digest);
    DossierCheck check = new DossierCheck(files, terms);
    check.signatures();
    Map<String, Roster> rosters = check.rosters();
    List<Sum> sums = check.sums(rosters);
    List<EvidenceEntry> lines = new ArrayList<>();
    EvidenceCheck.Outcome journal = check.journal(files, maker, lines);
    Optional<Digest> release = Optional.ofNullable(files.get(Dossier.RELEASE)).map(Digest::sha256);
    check.consistent(maker, lines, release);
    return new Findings(
        maker,
        study.study(),
        digest,
        signature,
        consortium,
        rosters.values().stream().map(Roster::ids).toList(),
        sums,
        check.refusals(),
        check.policies(files, maker),
        journal,
        lines,
        release,
        new TreeMap<>(versions),
        Optional.ofNullable(files.get(Dossier.SBOM)).map(BillOfMaterials::read));
  }

  /** Every message is signed by whom its name says, and bears its own hash. */
  private void signatures() {
    objects.forEach(
        (name, bytes) -> {
          if (name.startsWith("checkpoints/")) {
            return;
          }
          SignedObject object = SignedObject.decode(bytes);
          String file = name.substring(name.lastIndexOf('/') + 1);
          Matcher ofSite = OF_SITE.matcher(file);
          String sender =
              name.startsWith("c/") ? terms.coordinator() : ofSite.matches() ? ofSite.group(1) : "";
          boolean valid =
              object.sender().equals(sender)
                  && name.endsWith("-" + object.digest().shortHex())
                  && PartyKeys.of(terms.consortium(), sender).filter(object::signedBy).isPresent();
          if (!valid) {
            throw Roster.badSignature(sender, name);
          }
          signed.put(name, object);
        });
  }

  private Optional<SignedObject> one(String prefix) {
    List<String> found =
        objects.tailMap(prefix).keySet().stream()
            .takeWhile(name -> name.startsWith(prefix))
            .toList();
    if (found.size() > 1) {
      throw DossierZip.broken("Two objects stand in one place: " + prefix + ".");
    }
    return found.stream().map(signed::get).findFirst();
  }

  /** Rosters that were acknowledged by all their members, by epoch. */
  private Map<String, Roster> rosters() {
    Map<String, Roster> rosters = new TreeMap<>();
    for (String name : objects.keySet()) {
      Matcher epoch = EPOCH.matcher(name);
      if (epoch.matches()) {
        String place = "c/" + epoch.group(1) + "/";
        Optional<SignedObject> active = one(place + "2-active-");
        if (active.isPresent()) {
          SignedObject open =
              one(place + "0-open-")
                  .orElseThrow(() -> DossierZip.broken("An epoch has no beginning."));
          rosters.put(epoch.group(1), roster(open, signed.get(name), active.get()));
        }
      }
    }
    return rosters;
  }

  private Roster roster(SignedObject open, SignedObject proposal, SignedObject active) {
    if (!(open.message(1) instanceof Message.EpochOpen opened)
        || !opened.consortium().equals(terms.consortiumDigest())
        || !opened.study().equals(terms.studyDigest())
        || !(proposal.message(1) instanceof Message.RosterProposal proposed)
        || !(active.message(1) instanceof Message.EpochActive acknowledged)) {
      throw DossierZip.broken("An epoch is of another study or consortium.");
    }
    Roster roster = Roster.of(terms, open, proposed);
    if (acknowledged.acks().size() != roster.size()) {
      throw DossierZip.broken("A roster was not acknowledged by all of its sites.");
    }
    int index = 0;
    for (Bytes stored : acknowledged.acks()) {
      SignedObject ack = SignedObject.decode(stored.toArray());
      Roster.Entry entry = roster.entry(index++);
      boolean fits =
          ack.sender().equals(entry.id().value())
              && ack.signedBy(entry.key())
              && ack.message(1) instanceof Message.RosterAck said
              && said.roster().equals(roster.terms().roster());
      if (!fits) {
        throw Roster.badSignature(entry.id().value(), "RosterAck");
      }
    }
    return roster;
  }

  private List<Sum> sums(Map<String, Roster> rosters) {
    Map<StepId, Digest> transcripts = new HashMap<>();
    Map<StepId, RoundTerms> rounds = new HashMap<>();
    List<Sum> sums = new ArrayList<>();
    for (String name : objects.keySet()) {
      Matcher result = RESULT.matcher(name);
      if (result.matches()) {
        Roster roster = rosters.get(result.group(1));
        if (roster == null) {
          throw DossierZip.broken("A sum was taken under a roster that was not acknowledged.");
        }
        String attempt = result.group(1) + "/" + result.group(2);
        sums.add(sum(attempt, roster, signed.get(name), transcripts, rounds));
      }
    }
    rounds.forEach(
        (step, round) -> {
          if (step.step() > 0) {
            Digest before = transcripts.get(new StepId(step.job(), step.step() - 1));
            if (!round.previousTranscript().equals(before)) {
              throw DossierZip.broken("The sums of an analysis do not follow from each other.");
            }
          }
        });
    return sums;
  }

  private Sum sum(
      String attempt,
      Roster roster,
      SignedObject stored,
      Map<StepId, Digest> transcripts,
      Map<StepId, RoundTerms> rounds) {
    int n = roster.size();
    Optional<Message> opened = one("c/" + attempt + "/0-open-").map(object -> object.message(n));
    Optional<Message> certified =
        one("c/" + attempt + "/2-certificate-").map(object -> object.message(n));
    if (!(opened.orElse(null) instanceof Message.RoundOpen open)
        || !(certified.orElse(null) instanceof Message.Certificate certificate)
        || !(stored.message(n) instanceof Message.Result result)) {
      throw DossierZip.broken("A sum lacks its announcement or its certificate.");
    }
    RoundTerms round = open.terms();
    Digest context = RoundContext.of(roster.terms(), round).round();
    boolean fits =
        open.epochContext().equals(roster.terms().context())
            && round.query().equals(terms.queryHash(round.job()))
            && certificate.round().equals(context)
            && result.round().equals(context)
            && result.contributors().equals(certificate.contributors());
    if (!fits) {
      throw DossierZip.broken(
          "A sum's announcement, certificate and result are of different sums.");
    }
    int signatures = roster.requireCertificate(certificate).size();
    for (int site : certificate.contributors().indices()) {
      requireUpload(attempt, roster.id(site), n, context, certificate.upload(site));
    }
    StepId step = new StepId(round.job(), round.step());
    if (rounds.put(step, round) != null) {
      throw DossierZip.broken("A step was summed twice.");
    }
    transcripts.put(step, result.transcript());
    return new Sum(
        terms.study().analyses().get(round.job()).name(),
        round.step(),
        roster.ids(result.contributors()),
        n,
        signatures);
  }

  private void requireUpload(String attempt, SiteId site, int n, Digest context, Digest upload) {
    String name = "s/" + attempt + "/upload-" + site + "-" + upload.shortHex();
    SignedObject object = signed.get(name);
    boolean fits =
        object != null
            && object.digest().equals(upload)
            && object.message(n) instanceof Message.Upload said
            && said.round().equals(context);
    if (!fits) {
      throw DossierZip.broken("A certificate lists an Upload of '" + site + "' that is not here.");
    }
  }

  private EvidenceCheck.Outcome journal(
      SortedMap<String, byte[]> files, String maker, List<EvidenceEntry> lines) {
    VerifyingKey key =
        PartyKeys.of(terms.consortium(), maker)
            .orElseThrow(
                () -> DossierZip.broken("The consortium file knows no party '" + maker + "'."));
    EvidenceCheck check = new EvidenceCheck(maker, List.of(key));
    EvidenceJournal.read(
        required(files, Dossier.JOURNAL + maker),
        EvidenceJournal.Bodies.SOME_WITHHELD,
        (head, entry) -> {
          check.line(head, entry);
          entry
              .filter(line -> line.study().equals(Optional.of(terms.studyDigest())))
              .ifPresent(lines::add);
        });
    String folder = ObjectNames.folder(terms.studyDigest()) + "/";
    return check.against(
        new HeldCopies(maker, List.of(key))
            .of(
                terms.studyDigest(),
                objects.keySet().stream().map(name -> folder + name).toList(),
                name -> Optional.ofNullable(objects.get(name.substring(folder.length())))));
  }

  /** What the maker signed it has written down, and what it says it released is what is here. */
  private void consistent(String maker, List<EvidenceEntry> lines, Optional<Digest> release) {
    Set<String> left = new TreeSet<>();
    for (EvidenceEntry line : lines) {
      if (line.event() == EvidenceEvent.LEFT) {
        left.add(line.detail("digest"));
      } else if (line.event() == EvidenceEvent.RELEASED
          && !release.map(Digest::hex).equals(Optional.of(line.detail("release")))) {
        throw DossierZip.broken("The release is not the one that the journal names.");
      }
    }
    signed.forEach(
        (name, object) -> {
          if (object.sender().equals(maker) && !left.contains(object.digest().hex())) {
            throw DossierZip.broken("The journal of '" + maker + "' does not know " + name + ".");
          }
        });
  }

  private Map<SiteId, String> refusals() {
    Map<SiteId, String> refusals = new TreeMap<>();
    for (Map.Entry<String, SignedObject> each : signed.entrySet()) {
      Matcher name = REFUSAL.matcher(each.getKey());
      if (name.matches() && each.getValue().message(1) instanceof Message.EpochRefusal refusal) {
        refusals.put(new SiteId(name.group(1)), refusal.code().name());
      }
    }
    return refusals;
  }

  private Map<String, Digest> policies(SortedMap<String, byte[]> files, String maker) {
    Map<String, Digest> policies = new TreeMap<>();
    objects.forEach(
        (name, bytes) -> {
          if (name.startsWith("checkpoints/")) {
            Checkpoint checkpoint = Checkpoint.decode(bytes);
            boolean valid =
                checkpoint.study().equals(terms.studyDigest())
                    && name.startsWith("checkpoints/" + checkpoint.party() + "/")
                    && PartyKeys.of(terms.consortium(), checkpoint.party())
                        .filter(checkpoint::signedBy)
                        .isPresent();
            if (!valid) {
              throw Roster.badSignature(checkpoint.party(), "checkpoint");
            }
            if (!checkpoint.policy().equals(Digest.ZERO)) {
              policies.putIfAbsent(checkpoint.party(), checkpoint.policy());
            }
          }
        });
    byte[] text = files.get(Dossier.POLICY);
    if (text != null && !Digest.sha256(text).equals(policies.get(maker))) {
      throw DossierZip.broken("The policy is not the one that the maker has signed for.");
    }
    return policies;
  }

  /** When the last line about the study was written. */
  static Instant lastLine(Findings findings) {
    return findings.lines().isEmpty()
        ? findings.signature().signedAt()
        : findings.lines().get(findings.lines().size() - 1).at();
  }

  private static Map<String, String> versions(JsonNode root) {
    Map<String, String> versions = new TreeMap<>();
    for (Map.Entry<String, JsonNode> version : root.path("versions").properties()) {
      if (versions.size() == MAX_VERSIONS || version.getValue().asText().length() > MAX_VERSION) {
        throw DossierZip.broken("Its list of versions is too long.");
      }
      versions.put(version.getKey(), version.getValue().asText());
    }
    return versions;
  }

  private static byte[] required(SortedMap<String, byte[]> files, String name) {
    byte[] content = files.get(name);
    if (content == null) {
      throw DossierZip.broken("It has no '" + name + "'.");
    }
    return content;
  }

  private static Digest digest(String hex) {
    if (!hex.matches("[0-9a-f]{64}")) {
      throw DossierZip.broken("It names no study.");
    }
    return Digest.ofHex(hex);
  }

  private static JsonNode json(byte[] bytes) {
    try {
      return JSON.readTree(bytes);
    } catch (IOException e) {
      throw DossierZip.broken("Its list of files is out of form.");
    }
  }
}
