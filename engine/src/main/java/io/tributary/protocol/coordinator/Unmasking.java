package io.tributary.protocol.coordinator;

import io.tributary.codec.Digest;
import io.tributary.masking.Seal;
import io.tributary.masking.Secret32;
import io.tributary.protocol.Bytes;
import io.tributary.protocol.Effect;
import io.tributary.protocol.Message;
import io.tributary.protocol.SignedObject;
import io.tributary.protocol.Transition;
import io.tributary.protocol.UnmaskAnswer;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The certificate is out; its members answer (PROTOCOL.md 2.5, R3 and R4). No other attempt is
 * opened from here: sites may have answered.
 *
 * @param proof Certificate as stored
 * @param certificate its content
 * @param answers by roster index
 */
public record Unmasking(
    Round round,
    Uploads uploads,
    SignedObject proof,
    Message.Certificate certificate,
    Map<Integer, UnmaskAnswer> answers)
    implements RoundState {
  public Unmasking {
    answers = Map.copyOf(answers);
  }

  static Unmasking of(Round round, Uploads uploads, SignedObject proof) {
    Message.Certificate certificate = (Message.Certificate) proof.message(round.roster().size());
    return new Unmasking(round, uploads, proof, certificate, Map.of());
  }

  @Override
  public RoundState take(
      CoordinatorEnvironment coordinator, int from, SignedObject object, Message message) {
    if (message instanceof Message.Upload upload) {
      return with(uploads.with(round, from, object, upload));
    } else if (message instanceof Message.Boxes bundle) {
      return with(uploads.with(round, from, bundle));
    } else if (message instanceof Message.Unmask unmask) {
      return answer(coordinator, from, unmask);
    } else if (message instanceof Message.SurvivorSig || message instanceof Message.AttemptDead) {
      return this;
    }
    throw unexpected(message.label(), "unmask/v1");
  }

  private Unmasking with(Uploads more) {
    return new Unmasking(round, more, proof, certificate, answers);
  }

  private Unmasking answer(CoordinatorEnvironment coordinator, int from, Message.Unmask unmask) {
    if (!certificate.contributors().contains(from)
        || !unmask.round().equals(certificate.round())
        || !unmask.certificate().equals(proof.digest())) {
      throw Errors.badMessage("'" + round.roster().id(from) + "' answers another certificate.");
    }
    Secret32 channel =
        coordinator
            .secrets()
            .channel(id().epoch(), from)
            .orElseThrow(() -> Errors.internal("No channel key for " + id() + ".", null));
    byte[] plaintext =
        Seal.open(
                channel,
                "unmask/v1",
                from,
                Seal.COORDINATOR,
                round.context().round(),
                unmask.sealed().shared())
            .orElseThrow(
                () ->
                    Errors.badMessage(
                        "The answer of '" + round.roster().id(from) + "' does not open."));
    UnmaskAnswer answer =
        UnmaskAnswer.decode(plaintext, round.context().participants(), certificate.contributors());
    Map<Integer, UnmaskAnswer> more = new TreeMap<>(answers);
    more.putIfAbsent(from, answer);
    return new Unmasking(round, uploads, proof, certificate, more);
  }

  @Override
  public Set<SiteId> waitingFor() {
    Set<SiteId> missing = new TreeSet<>();
    for (int site : certificate.contributors().indices()) {
      if (!answers.containsKey(site)) {
        missing.add(round.roster().id(site));
      }
    }
    return missing;
  }

  /** As {@link Certifying#redeliver}. */
  public Optional<List<Effect>> redeliver(CoordinatorEnvironment coordinator) {
    return Certifying.redeliver(coordinator, round, uploads, certificate.contributors());
  }

  /**
   * Whether the Uploads that the certificate lists are at hand; after a restart they come again.
   */
  public boolean hasUploads() {
    for (int site : certificate.contributors().indices()) {
      Digest listed = certificate.upload(site);
      if (uploads.object(site).filter(object -> object.digest().equals(listed)).isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /** A contributor's Upload. */
  public Message.Upload upload(int site) {
    return uploads.upload(site);
  }

  /** The released seeds as far as they were answered; empty until the Uploads are at hand. */
  public Optional<OpenedSeeds> open() {
    return hasUploads() ? Optional.of(OpenedSeeds.of(this)) : Optional.empty();
  }

  /** The sum is taken: its words are kept, its digest and the transcript are fixed. */
  public Transition<RoundState> verified(OpenedSeeds seeds, byte[] salt, Digest result) {
    Digest transcript =
        round
            .context()
            .transcriptHash(
                certificate.contributors(), certificate.uploads(), seeds.hash(), result);
    CoordinatorRecord record =
        new CoordinatorRecord.SumVerified(id(), Bytes.of(salt), result, transcript);
    return Transition.to(after(record), record);
  }

  /**
   * A certificate is out: only the operator may {@link #force} another attempt (PROTOCOL.md 2.8,
   * Time).
   */
  @Override
  public Transition<RoundState> giveUp(
      CoordinatorEnvironment coordinator, ErrorCode code, Set<SiteId> suspects) {
    throw Errors.protocol(
        code,
        "The certificate of " + id() + " is out.",
        "Sites may have answered it, so no other attempt is opened.",
        "Wait for the sites that are missing.");
  }

  /**
   * The operator forces another attempt although sites may have answered: new boxes and seeds, the
   * same U, since the certificate stays in the books. It never opens a second set (R3's lock).
   */
  public Transition<RoundState> force(CoordinatorEnvironment coordinator, ErrorCode code) {
    return RoundState.super.giveUp(coordinator, code, Set.of());
  }

  @Override
  public List<Effect> resend() {
    return List.of(round.send(round.open()), round.send(proof));
  }

  @Override
  public RoundState after(CoordinatorRecord record) {
    return record instanceof CoordinatorRecord.SumVerified verified
        ? new Verified(round, proof, certificate, verified.result(), verified.transcript())
        : RoundState.super.after(record);
  }
}
