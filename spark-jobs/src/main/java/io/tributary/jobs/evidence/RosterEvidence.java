package io.tributary.jobs.evidence;

import io.tributary.codec.Digest;
import io.tributary.jobs.keys.ConfiguredParty;
import io.tributary.jobs.keys.ConsortiumFile;
import io.tributary.journal.EvidenceEvent;
import io.tributary.journal.EvidenceJournal;
import io.tributary.protocol.ConsortiumChange;
import io.tributary.protocol.ConsortiumUpdate;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What a party's journal is told of consortium files: which ones its steward signed, and which ones
 * it took. An analyst keeps no journal.
 */
public final class RosterEvidence {
  private final Optional<ConfiguredParty> party;
  private final Clock clock;
  private final SecureRandom random;

  /**
   * The journal of a party.
   *
   * @param party empty for one without a configuration
   * @param random for the lines' salts
   */
  public RosterEvidence(Optional<ConfiguredParty> party, Clock clock, SecureRandom random) {
    this.party = party.filter(each -> each.state().isPresent());
    this.clock = clock;
    this.random = random;
  }

  /**
   * Writes down that the steward signs an update, before the signature is made. CONSORTIUM_INVALID
   * if another file of this version or a later one was signed: what one party signed for others is
   * one line of files.
   */
  public void consented(ConsortiumFile before, ConsortiumUpdate update, String steward) {
    Digest digest = Digest.sha256(update.file());
    long version = update.consortium().version();
    if (party.isEmpty()) {
      return;
    }
    Optional<Map<String, String>> last = last(EvidenceEvent.CONSENTED);
    if (last.isPresent()
        && Long.parseLong(last.get().get("version")) >= version
        && !last.get().get("digest").equals(digest.hex())) {
      throw Errors.invalid(
          ErrorCode.CONSORTIUM_INVALID,
          "version " + version,
          "'"
              + party.get().id()
              + "' has signed version "
              + last.get().get("version")
              + " already, and that is another file.",
          "Give the proposal a version above it, and have it signed by all anew.");
    }
    append(
        EvidenceEvent.CONSENTED,
        Map.of(
            "steward", steward,
            "version", Long.toString(version),
            "digest", digest.hex(),
            "changes", changes(before, update)));
  }

  /** Writes down that a party has taken an update. */
  public void taken(ConsortiumFile before, ConsortiumUpdate update) {
    append(
        EvidenceEvent.ROSTER_TAKEN,
        Map.of(
            "version",
            Long.toString(update.consortium().version()),
            "digest",
            Digest.sha256(update.file()).hex(),
            "signers",
            String.join(
                ", ",
                update.consents().stream()
                    .map(ConsortiumUpdate.Consent::party)
                    .distinct()
                    .toList()),
            "changes",
            changes(before, update)));
  }

  private static String changes(ConsortiumFile before, ConsortiumUpdate update) {
    return String.join(
        "; ", ConsortiumChange.between(before.consortium(), update.consortium()).words());
  }

  private void append(EvidenceEvent event, Map<String, String> details) {
    if (party.isEmpty()) {
      return;
    }
    ConfiguredParty own = party.get();
    ConsortiumFile inForce = ConsortiumFile.pinned(own.consortium());
    String key = ConsortiumUpdate.key(inForce.consortium(), own.id()).orElse("none");
    try (EvidenceJournal journal =
        EvidenceJournal.open(own.state().orElseThrow(), own.role(), own.id(), key, clock, random)) {
      journal.append(Optional.empty(), event, details);
    }
  }

  private Optional<Map<String, String>> last(EvidenceEvent event) {
    return last(party.orElseThrow().state().orElseThrow(), event);
  }

  private static Optional<Map<String, String>> last(Path state, EvidenceEvent event) {
    AtomicReference<Map<String, String>> found = new AtomicReference<>();
    if (Files.exists(state.resolve(EvidenceJournal.FILE))) {
      EvidenceJournal.read(
          state,
          (head, entry) ->
              entry
                  .filter(line -> line.event() == event)
                  .ifPresent(line -> found.set(line.details())));
    }
    return Optional.ofNullable(found.get());
  }

  /**
   * Refuses a consortium file that is older than one that the party has taken: a revoked key would
   * hold again. STATE_ROLLED_BACK.
   */
  static void requireNotOlder(Path state, ConsortiumFile consortium) {
    Optional<Map<String, String>> taken = last(state, EvidenceEvent.ROSTER_TAKEN);
    if (taken.isPresent()
        && Long.parseLong(taken.get().get("version")) > consortium.consortium().version()) {
      throw Errors.protocol(
          ErrorCode.STATE_ROLLED_BACK,
          "The consortium file is version "
              + consortium.consortium().version()
              + ", and this party has taken version "
              + taken.get().get("version")
              + ".",
          "An update beside the pinned file is gone, or an older file was pinned.",
          "Put the update back, or pin the newer file.");
    }
  }
}
