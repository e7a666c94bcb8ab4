package io.tributary.jobs.evidence;

import io.tributary.codec.Digest;
import io.tributary.exchange.Exchange;
import io.tributary.exchange.ObjectNames;
import io.tributary.identity.VerifyingKey;
import io.tributary.jobs.study.Submission;
import io.tributary.journal.Checkpoint;
import io.tributary.journal.EvidenceCheck.Copy;
import io.tributary.journal.EvidenceEvent;
import io.tributary.journal.EvidenceJournal;
import io.tributary.protocol.Message;
import io.tributary.protocol.SignedObject;
import io.tributary.study.TributaryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Heads of a party's journal that others hold: its checkpoints, and the nonces of its EpochKeys,
 * which are in every roster and so in the transcript of every sum (PROTOCOL.md 2.12). Objects that
 * the party's keys have not signed say nothing and are passed over.
 */
public final class HeldCopies {
  private final String party;
  private final Collection<VerifyingKey> keys;

  public HeldCopies(String party, Collection<VerifyingKey> keys) {
    this.party = party;
    this.keys = keys;
  }

  /** On an exchange, for all studies that were announced there. */
  public List<Copy> on(Exchange exchange) {
    List<Copy> copies = new ArrayList<>();
    for (Digest study : Submission.announced(exchange.list(Submission.FOLDER))) {
      copies.addAll(of(study, exchange.list(StudyEvidence.checkpoints(study)), exchange::get));
      copies.addAll(of(study, exchange.list(new ObjectNames(study).sites()), exchange::get));
    }
    return copies;
  }

  /**
   * Among objects of one study.
   *
   * @param names of objects, others than checkpoints and keys are passed over
   */
  List<Copy> of(Digest study, List<String> names, Function<String, Optional<byte[]>> objects) {
    List<Copy> copies = new ArrayList<>();
    String checkpoints = StudyEvidence.checkpoints(study) + "/" + party + "/";
    for (String name : names) {
      boolean checkpoint = name.startsWith(checkpoints);
      boolean key = name.contains("/setup/key-" + party + "-");
      if (checkpoint || key) {
        objects
            .apply(name)
            .flatMap(bytes -> checkpoint ? checkpoint(name, bytes) : nonce(name, bytes))
            .ifPresent(copies::add);
      }
    }
    return copies;
  }

  /** In another party's own evidence journal. */
  public List<Copy> in(Path state) {
    List<Copy> copies = new ArrayList<>();
    EvidenceJournal.read(
        state,
        (head, line) ->
            line.filter(entry -> entry.event() == EvidenceEvent.HELD)
                .filter(entry -> entry.detail("party").equals(party))
                .flatMap(
                    entry ->
                        checkpoint(
                            state + ", line " + entry.number(),
                            HexFormat.of().parseHex(entry.text())))
                .ifPresent(copies::add));
    return copies;
  }

  private Optional<Copy> checkpoint(String where, byte[] bytes) {
    try {
      Checkpoint checkpoint = Checkpoint.decode(bytes);
      boolean own =
          checkpoint.party().equals(party) && keys.stream().anyMatch(checkpoint::signedBy);
      return own
          ? Optional.of(new Copy(where, checkpoint.head(), Optional.of(checkpoint.count())))
          : Optional.empty();
    } catch (TributaryException e) {
      return Optional.empty();
    }
  }

  private Optional<Copy> nonce(String where, byte[] bytes) {
    try {
      SignedObject object = SignedObject.decode(bytes);
      boolean own = object.sender().equals(party) && keys.stream().anyMatch(object::signedBy);
      return own && object.message(1) instanceof Message.EpochKey key
          ? Optional.of(new Copy(where, Digest.of(key.nonce().toArray()), Optional.empty()))
          : Optional.empty();
    } catch (TributaryException e) {
      return Optional.empty();
    }
  }
}
