package io.tributary.jobs.evidence;

import io.tributary.codec.Digest;
import io.tributary.identity.SigningIdentity;
import io.tributary.jobs.Versions;
import io.tributary.jobs.keys.ConsortiumFile;
import io.tributary.journal.EvidenceEvent;
import io.tributary.journal.EvidenceJournal;
import io.tributary.study.Study;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** A party's evidence journal, as its process writes it. Thread-safe. */
public final class PartyEvidence implements AutoCloseable {
  private final EvidenceJournal journal;
  private final Path state;
  private final String party;
  private final SigningIdentity identity;
  private final ConsortiumFile consortium;
  private final Digest policy;

  private PartyEvidence(
      EvidenceJournal journal,
      Path state,
      String party,
      SigningIdentity identity,
      ConsortiumFile consortium,
      Digest policy) {
    this.journal = journal;
    this.state = state;
    this.party = party;
    this.identity = identity;
    this.consortium = consortium;
    this.policy = policy;
  }

  /**
   * Opens a party's journal and writes down that it serves, and under which policy.
   * STATE_ROLLED_BACK if the party has taken a later consortium file.
   *
   * @param state its state folder
   * @param role "site" or "coordinator"
   * @param policy the policy in force as text; empty for a party without one
   */
  public static PartyEvidence open(
      Path state,
      String role,
      String party,
      SigningIdentity identity,
      ConsortiumFile consortium,
      Optional<String> policy,
      Clock clock,
      SecureRandom random) {
    EvidenceJournal journal =
        EvidenceJournal.open(state, role, party, identity.verifyingKey().hex(), clock, random);
    try {
      RosterEvidence.requireNotOlder(state, consortium);
    } catch (RuntimeException e) {
      journal.close();
      throw e;
    }
    Map<String, String> versions = Versions.all();
    journal.note(
        Optional.empty(),
        EvidenceEvent.STARTED,
        Map.of(
            "version", versions.get("tributary"),
            "java", versions.get("java"),
            "consortium", consortium.digest().hex(),
            "text", words(versions)));
    Optional<Digest> digest =
        policy.map(text -> Digest.sha256(text.getBytes(StandardCharsets.UTF_8)));
    digest.ifPresent(
        found ->
            journal.append(
                Optional.empty(),
                EvidenceEvent.POLICY,
                Map.of("policy", found.hex(), "text", policy.get())));
    return new PartyEvidence(
        journal, state, party, identity, consortium, digest.orElse(Digest.ZERO));
  }

  private static String words(Map<String, String> versions) {
    StringBuilder words = new StringBuilder();
    versions.forEach((name, version) -> words.append(name + " " + version + "\n"));
    return words.toString();
  }

  /** Begins, or goes on with, the evidence of one study. */
  public StudyEvidence of(Study study, Digest digest) {
    return new StudyEvidence(
        journal, party, identity, consortium.consortium(), policy, study, digest);
  }

  /**
   * Gives every cohort that the party has remembered.
   *
   * @param cohorts takes a study and SHA-256 of its cohort's file of fingerprints
   */
  public void remembered(BiConsumer<Digest, Digest> cohorts) {
    EvidenceJournal.read(
        state,
        (head, entry) ->
            entry
                .filter(line -> line.event() == EvidenceEvent.REMEMBERED)
                .ifPresent(
                    line ->
                        cohorts.accept(
                            line.study().orElseThrow(), Digest.ofHex(line.detail("digest")))));
  }

  /** A line of its own, such as a refusal of a study that could not be read. */
  public void append(Digest study, EvidenceEvent event, Map<String, String> details) {
    journal.append(Optional.of(study), event, details);
  }

  @Override
  public void close() {
    journal.close();
  }

  @Override
  public String toString() {
    return "PartyEvidence[" + journal + "]";
  }
}
