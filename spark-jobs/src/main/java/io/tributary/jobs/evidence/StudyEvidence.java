package io.tributary.jobs.evidence;

import io.tributary.codec.Digest;
import io.tributary.exchange.Exchange;
import io.tributary.exchange.ObjectNames;
import io.tributary.exchange.WitnessedExchange;
import io.tributary.identity.SigningIdentity;
import io.tributary.jobs.keys.PartyKeys;
import io.tributary.journal.Checkpoint;
import io.tributary.journal.EvidenceEntry;
import io.tributary.journal.EvidenceEvent;
import io.tributary.journal.EvidenceJournal;
import io.tributary.study.Consortium;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.Rho;
import io.tributary.study.SiteId;
import io.tributary.study.Study;
import io.tributary.study.TributaryException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a party's journal is told of one study. An object is written down once, before it leaves;
 * that a restart sends it again changes nothing, since its name holds its hash. Thread-safe.
 */
public final class StudyEvidence implements WitnessedExchange.Witness {
  private final EvidenceJournal journal;
  private final String party;
  private final SigningIdentity identity;
  private final Consortium consortium;
  private final Digest policy;
  private final Study study;
  private final Digest digest;
  private final Set<String> known = new HashSet<>();

  StudyEvidence(
      EvidenceJournal journal,
      String party,
      SigningIdentity identity,
      Consortium consortium,
      Digest policy,
      Study study,
      Digest digest) {
    this.journal = journal;
    this.party = party;
    this.identity = identity;
    this.consortium = consortium;
    this.policy = policy;
    this.study = study;
    this.digest = digest;
    journal.of(digest).forEach(line -> known.add(key(line)));
  }

  /** Two lines with one key say the same, apart from when. */
  private static String key(EvidenceEntry line) {
    return switch (line.event()) {
      case LEFT, CAME -> line.event() + " " + line.detail("digest") + " " + line.text();
      default -> line.event() + " " + line.words();
    };
  }

  /** Folder of the checkpoints that were made on the occasion of a study. */
  static String checkpoints(Digest study) {
    return ObjectNames.folder(study) + "/checkpoints";
  }

  @Override
  public void leaving(String name, byte[] bytes) {
    ObjectWords words = ObjectWords.of(name, digest, study);
    passed(EvidenceEvent.LEFT, "to", words.to(), words.what(), name, bytes);
  }

  @Override
  public void came(String name, byte[] bytes) {
    ObjectWords words = ObjectWords.of(name, digest, study);
    if (!words.from().equals(party)) {
      passed(EvidenceEvent.CAME, "from", words.from(), words.what(), name, bytes);
    }
  }

  private void passed(
      EvidenceEvent event, String end, String who, String what, String name, byte[] bytes) {
    Digest hash = Digest.sha256(bytes);
    synchronized (known) {
      if (known.contains(event + " " + hash.hex() + " " + name)) {
        return;
      }
      Map<String, String> details =
          Map.of(
              end,
              who,
              "what",
              what,
              "bytes",
              Integer.toString(bytes.length),
              "digest",
              hash.hex(),
              EvidenceEntry.TEXT,
              name);
      if (event == EvidenceEvent.LEFT) {
        journal.append(Optional.of(digest), event, details);
      } else {
        // What came is on disk with whatever leaves next.
        journal.note(Optional.of(digest), event, details);
      }
      known.add(event + " " + hash.hex() + " " + name);
    }
  }

  /** Writes a line unless the same one stands there already. */
  private void once(EvidenceEvent event, Map<String, String> details) {
    String words = wordsOf(event, details);
    synchronized (known) {
      if (known.add(event + " " + words)) {
        journal.append(Optional.of(digest), event, details);
      }
    }
  }

  private static String wordsOf(EvidenceEvent event, Map<String, String> details) {
    return new EvidenceEntry(1, java.time.Instant.EPOCH, "", "", event, Optional.empty(), details)
        .words();
  }

  /**
   * The study as it came in.
   *
   * @param asks datasets, analyses and columns, line by line
   */
  public void asked(String analyst, List<String> asks) {
    once(
        EvidenceEvent.ASKED,
        Map.of("analyst", analyst, "name", study.name(), "asks", String.join("; ", asks)));
  }

  /** What the site's rules say. */
  public void judged(Optional<TributaryException> refusal, String rules) {
    refusal.ifPresentOrElse(
        why ->
            once(
                EvidenceEvent.REFUSED,
                Map.of("code", why.code().name(), "problem", why.problem(), "cause", why.reason())),
        () -> once(EvidenceEvent.ADMITTED, Map.of("rules", rules)));
  }

  /**
   * The cohort that the site is about to sum.
   *
   * @param file SHA-256 of its file of fingerprints in the ledger
   */
  public void remembered(String dataset, Digest file) {
    once(EvidenceEvent.REMEMBERED, Map.of("dataset", dataset, "digest", file.hex()));
  }

  /**
   * A step that was debited from a budget.
   *
   * @param budget in words
   * @param step in words
   * @param left of it from now on
   */
  public void debited(String budget, Rho cost, String step, Rho left) {
    once(
        EvidenceEvent.BUDGET,
        Map.of("budget", budget, "spent", "rho " + cost, "purpose", step, "left", "rho " + left));
  }

  /** Whether a cohort of the study was remembered. */
  public boolean remembers() {
    synchronized (known) {
      return known.stream().anyMatch(line -> line.startsWith(EvidenceEvent.REMEMBERED + " "));
    }
  }

  /** The site offers a key; what comes back goes into its EpochKey. */
  public Digest anchor(long epoch) {
    return journal
        .append(Optional.of(digest), EvidenceEvent.ANCHORED, Map.of("epoch", Long.toString(epoch)))
        .chain();
  }

  /** An attempt that the party does not go on with. */
  public void declined(int job, int step, TributaryException why) {
    journal.append(
        Optional.of(digest),
        EvidenceEvent.DECLINED,
        Map.of(
            "what",
            "step " + step + " of analysis " + study.analyses().get(job).name(),
            "code",
            why.code().name(),
            "problem",
            why.problem()));
  }

  /** An object of another party that was not taken. */
  public void notTaken(String name, TributaryException why) {
    once(
        EvidenceEvent.NOT_TAKEN,
        Map.of("what", name, "code", why.code().name(), "problem", why.problem()));
  }

  /** A masked sum (coordinator). */
  public void summed(int job, int step, long words, Set<SiteId> contributors, Set<SiteId> absent) {
    once(
        EvidenceEvent.SUMMED,
        Map.of(
            "what",
            "step " + step + " of analysis " + study.analyses().get(job).name(),
            "words",
            Long.toString(words),
            "contributors",
            names(contributors),
            "absent",
            absent.isEmpty() ? "nobody" : names(absent)));
  }

  private static String names(Set<SiteId> sites) {
    return String.join(", ", sites.stream().map(SiteId::value).sorted().toList());
  }

  /** An analysis was given up (coordinator). */
  public void analysisFailed(int job, TributaryException why) {
    once(
        EvidenceEvent.ANALYSIS_FAILED,
        Map.of(
            "analysis", study.analyses().get(job).name(),
            "code", why.code().name(),
            "problem", why.problem()));
  }

  /** The files of a release (coordinator), by path and digest. */
  public void released(Map<String, Digest> files) {
    StringBuilder text = new StringBuilder();
    new TreeMap<>(files)
        .forEach((path, hash) -> text.append(hash.hex()).append("  ").append(path).append('\n'));
    once(
        EvidenceEvent.RELEASED,
        Map.of(
            "files",
            Integer.toString(files.size()),
            "release",
            files.getOrDefault("release.json", Digest.ZERO).hex(),
            EvidenceEntry.TEXT,
            text.toString()));
  }

  /** The study is over. */
  public void ended(String outcome) {
    once(EvidenceEvent.ENDED, Map.of("name", study.name(), "outcome", outcome));
  }

  /** Whether the journal says that the study is over here. */
  public boolean isOver() {
    synchronized (known) {
      return known.stream().anyMatch(line -> line.startsWith(EvidenceEvent.ENDED + " "));
    }
  }

  /** Signs where the journal stands and gives the others a copy. */
  public void checkpoint(Exchange exchange) {
    Checkpoint checkpoint = journal.checkpoint(digest, policy, identity);
    byte[] encoded = checkpoint.encode();
    exchange.put(
        String.format(
            Locale.ROOT,
            "%s/%s/%010d-%s",
            checkpoints(digest),
            party,
            checkpoint.count(),
            Digest.sha256(encoded).shortHex()),
        encoded);
  }

  /** Takes a copy of the newest checkpoint of every other party of this study. */
  public void hold(Exchange exchange) {
    Map<String, String> newest = new TreeMap<>();
    String folder = checkpoints(digest) + "/";
    for (String name : exchange.list(checkpoints(digest))) {
      String inside = name.substring(folder.length());
      int slash = inside.indexOf('/');
      if (slash > 0 && !inside.substring(0, slash).equals(party)) {
        newest.put(inside.substring(0, slash), name);
      }
    }
    newest.forEach(
        (owner, name) -> exchange.get(name).ifPresent(bytes -> hold(owner, name, bytes)));
  }

  private void hold(String owner, String name, byte[] bytes) {
    try {
      Checkpoint checkpoint = Checkpoint.decode(bytes);
      if (!checkpoint.party().equals(owner) || !checkpoint.study().equals(digest)) {
        throw Errors.badMessage("A checkpoint stands where another party's belongs.");
      }
      checkpoint.verify(
          PartyKeys.of(consortium, owner)
              .orElseThrow(
                  () ->
                      Errors.protocol(
                          ErrorCode.BAD_SIGNATURE,
                          "'" + owner + "' is no party of the consortium.",
                          "",
                          "Keep the object as evidence.")));
      once(
          EvidenceEvent.HELD,
          Map.of(
              "party",
              owner,
              "count",
              Long.toString(checkpoint.count()),
              "head",
              checkpoint.head().hex(),
              "signature",
              HexFormat.of().formatHex(checkpoint.signature().toArray()),
              EvidenceEntry.TEXT,
              HexFormat.of().formatHex(bytes)));
    } catch (TributaryException e) {
      notTaken(name, e);
    }
  }

  @Override
  public String toString() {
    return "StudyEvidence[" + digest.shortHex() + "]";
  }
}
