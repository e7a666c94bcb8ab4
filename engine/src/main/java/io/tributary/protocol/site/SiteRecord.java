package io.tributary.protocol.site;

import io.tributary.codec.Canonical;
import io.tributary.codec.Digest;
import io.tributary.codec.SiteSet;
import io.tributary.masking.RoundTerms;
import io.tributary.protocol.AttemptId;
import io.tributary.protocol.Bytes;
import io.tributary.protocol.Fields;
import io.tributary.protocol.JournalRecord;
import io.tributary.protocol.PopulationBinding;
import io.tributary.protocol.StepId;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteId;
import java.util.Optional;
import java.util.Set;

/**
 * What a site writes to its journal before it acts (PROTOCOL.md 2.8, States). Signed objects are
 * kept as they were sent, so that the same bytes are sent again; frames are kept as hashes. No
 * record holds a secret or a value.
 */
public sealed interface SiteRecord extends JournalRecord {
  /** Largest signed object that a record holds. */
  int MAX_OBJECT_BYTES = 8 << 20;

  /** The signed object that was sent with the record, if any. */
  default Optional<Bytes> sent() {
    return Optional.empty();
  }

  /** E1: the site's key of an epoch, as sent. */
  record EpochKeyed(long epoch, Bytes open, Bytes key, long atEpochSecond) implements SiteRecord {
    static final String LABEL = "journal-epoch-keyed/v1";

    @Override
    public Optional<Bytes> sent() {
      return Optional.of(key);
    }

    @Override
    public byte[] encode() {
      return Canonical.enc(
          LABEL, Canonical.u64(epoch), open.shared(), key.shared(), Canonical.u64(atEpochSecond));
    }
  }

  /** E2: the roster the site accepted, its ack as sent, and what binds the population to it. */
  record RosterAcked(long epoch, Bytes proposal, Bytes ack, BoundRoster roster)
      implements SiteRecord {
    static final String LABEL = "journal-roster-acked/v1";

    @Override
    public Optional<Bytes> sent() {
      return Optional.of(ack);
    }

    @Override
    public byte[] encode() {
      return Canonical.enc(
          LABEL, Canonical.u64(epoch), proposal.shared(), ack.shared(), roster.encode());
    }
  }

  /** E3: keys of all jobs derived, private key gone. */
  record EpochActivated(long epoch, long atEpochSecond) implements SiteRecord {
    static final String LABEL = "journal-epoch-activated/v1";

    @Override
    public byte[] encode() {
      return Canonical.enc(LABEL, Canonical.u64(epoch), Canonical.u64(atEpochSecond));
    }
  }

  /** The site's part in the epoch is over; its refusal as sent, or empty. */
  record EpochAbandoned(long epoch, ErrorCode code, Bytes refusal) implements SiteRecord {
    static final String LABEL = "journal-epoch-abandoned/v1";

    @Override
    public Optional<Bytes> sent() {
      return Optional.of(refusal);
    }

    @Override
    public byte[] encode() {
      return Canonical.enc(LABEL, Canonical.u64(epoch), Fields.code(code), refusal.shared());
    }
  }

  /** R0: an attempt accepted; kills the attempts before it in its job. */
  record RoundAccepted(AttemptId id, Digest open, RoundTerms terms) implements SiteRecord {
    static final String LABEL = "journal-round-accepted/v1";

    @Override
    public byte[] encode() {
      return Canonical.enc(LABEL, Fields.attempt(id), open.bytes(), Fields.terms(terms));
    }
  }

  /** R0: rho and the step's keys are in the file of secrets. */
  record AttemptPrepared(AttemptId id) implements SiteRecord {
    static final String LABEL = "journal-attempt-prepared/v1";

    @Override
    public byte[] encode() {
      return Canonical.enc(LABEL, Fields.attempt(id));
    }
  }

  /** R1: one frame masked; its hash, and the keyed tag of its input. */
  record FrameMasked(AttemptId id, int frame, Digest object, Digest inputTag)
      implements SiteRecord {
    static final String LABEL = "journal-frame-masked/v1";

    @Override
    public byte[] encode() {
      return Canonical.enc(
          LABEL, Fields.attempt(id), Canonical.u32(frame), object.bytes(), inputTag.bytes());
    }
  }

  /** R1: the Upload as sent. */
  record UploadBuilt(AttemptId id, Bytes upload) implements SiteRecord {
    static final String LABEL = "journal-upload-built/v1";

    @Override
    public Optional<Bytes> sent() {
      return Optional.of(upload);
    }

    @Override
    public byte[] encode() {
      return Canonical.enc(LABEL, Fields.attempt(id), upload.shared());
    }
  }

  /** R2: the only set signed in this attempt, and the signature as sent. */
  record SetSigned(AttemptId id, Bytes signature) implements SiteRecord {
    static final String LABEL = "journal-set-signed/v1";

    @Override
    public Optional<Bytes> sent() {
      return Optional.of(signature);
    }

    @Override
    public byte[] encode() {
      return Canonical.enc(LABEL, Fields.attempt(id), signature.shared());
    }
  }

  /** R3: the answer as sent; locks the step, fixes the population's contributors. */
  record AnswerGiven(AttemptId id, SiteSet contributors, Digest certificate, Bytes unmask)
      implements SiteRecord {
    static final String LABEL = "journal-answer-given/v1";

    @Override
    public Optional<Bytes> sent() {
      return Optional.of(unmask);
    }

    @Override
    public byte[] encode() {
      return Canonical.enc(
          LABEL,
          Fields.attempt(id),
          Fields.sites(contributors),
          certificate.bytes(),
          unmask.shared());
    }
  }

  /** The attempt is dead here; AttemptDead as sent, or empty if a later attempt took its place. */
  record AttemptDied(AttemptId id, ErrorCode code, Bytes dead) implements SiteRecord {
    static final String LABEL = "journal-attempt-died/v1";

    @Override
    public Optional<Bytes> sent() {
      return Optional.of(dead);
    }

    @Override
    public byte[] encode() {
      return Canonical.enc(LABEL, Fields.attempt(id), Fields.code(code), dead.shared());
    }
  }

  /** R0: an announcement was not accepted, since its state does not follow; AttemptDead as sent. */
  record StateRefused(AttemptId id, ErrorCode code, Bytes dead) implements SiteRecord {
    static final String LABEL = "journal-state-refused/v1";

    @Override
    public Optional<Bytes> sent() {
      return Optional.of(dead);
    }

    @Override
    public byte[] encode() {
      return Canonical.enc(LABEL, Fields.attempt(id), Fields.code(code), dead.shared());
    }
  }

  /** The coordinator gave the attempt up; a study that waited for the population may go on. */
  record AttemptAborted(AttemptId id) implements SiteRecord {
    static final String LABEL = "journal-attempt-aborted/v1";

    @Override
    public byte[] encode() {
      return Canonical.enc(LABEL, Fields.attempt(id));
    }
  }

  /** R4: the step has its valid Result; its keys, rho and boxes are gone. */
  record StepClosed(StepId step, Digest transcript) implements SiteRecord {
    static final String LABEL = "journal-step-closed/v1";

    @Override
    public byte[] encode() {
      return Canonical.enc(LABEL, Fields.step(step), transcript.bytes());
    }
  }

  /** No step of the job comes after this. */
  record JobEnded(int job) implements SiteRecord {
    static final String LABEL = "journal-job-ended/v1";

    @Override
    public byte[] encode() {
      return Canonical.enc(LABEL, Canonical.u32(job));
    }
  }

  /**
   * The stewards' act gave a population other contributors (2.8, Any other change); under the act's
   * digest in place of a study's.
   *
   * @param page of the population book
   */
  record ContributorsGiven(Digest page, Set<SiteId> contributors) implements SiteRecord {
    static final String LABEL = "journal-contributors-given/v1";

    public ContributorsGiven {
      contributors = Set.copyOf(contributors);
    }

    @Override
    public byte[] encode() {
      return Canonical.enc(LABEL, page.bytes(), Fields.ids(contributors));
    }
  }

  /**
   * What binds a population, from the ledger into a journal that knows nothing of it; under the
   * page's digest in place of a study's.
   */
  record PopulationBound(PopulationBinding binding) implements SiteRecord {
    static final String LABEL = "journal-population-bound/v1";

    @Override
    public byte[] encode() {
      return Canonical.enc(LABEL, binding.encode());
    }
  }

  /** Reads a record of this site's own journal. BAD_MESSAGE if it is out of form. */
  static SiteRecord decode(byte[] record) {
    String label = Canonical.labelOf(record);
    Canonical.Reader in = Canonical.read(record, label, fields(label));
    SiteRecord decoded =
        switch (label) {
          case EpochKeyed.LABEL -> new EpochKeyed(in.u64(), object(in), object(in), in.u64());
          case RosterAcked.LABEL ->
              new RosterAcked(
                  in.u64(), object(in), object(in), BoundRoster.decode(in.bytes(MAX_OBJECT_BYTES)));
          case EpochActivated.LABEL -> new EpochActivated(in.u64(), in.u64());
          case EpochAbandoned.LABEL -> new EpochAbandoned(in.u64(), Fields.code(in), object(in));
          case RoundAccepted.LABEL ->
              new RoundAccepted(
                  Fields.attempt(in), in.digest(), Fields.terms(in.bytes(MAX_OBJECT_BYTES)));
          case AttemptPrepared.LABEL -> new AttemptPrepared(Fields.attempt(in));
          case FrameMasked.LABEL ->
              new FrameMasked(
                  Fields.attempt(in), in.u32(Integer.MAX_VALUE), in.digest(), in.digest());
          case UploadBuilt.LABEL -> new UploadBuilt(Fields.attempt(in), object(in));
          case SetSigned.LABEL -> new SetSigned(Fields.attempt(in), object(in));
          case AnswerGiven.LABEL ->
              new AnswerGiven(Fields.attempt(in), Fields.sites(in), in.digest(), object(in));
          case AttemptDied.LABEL ->
              new AttemptDied(Fields.attempt(in), Fields.code(in), object(in));
          case StateRefused.LABEL ->
              new StateRefused(Fields.attempt(in), Fields.code(in), object(in));
          case AttemptAborted.LABEL -> new AttemptAborted(Fields.attempt(in));
          case StepClosed.LABEL -> new StepClosed(Fields.step(in), in.digest());
          case JobEnded.LABEL -> new JobEnded(in.u32(RoundTerms.MAX_JOBS));
          case ContributorsGiven.LABEL -> new ContributorsGiven(in.digest(), Fields.ids(in));
          case PopulationBound.LABEL ->
              new PopulationBound(PopulationBinding.decode(in.bytes(PopulationBinding.MAX_BYTES)));
          default -> throw Errors.badMessage("No site record has the label '" + label + "'.");
        };
    in.end();
    return decoded;
  }

  private static int fields(String label) {
    return switch (label) {
      case AttemptPrepared.LABEL, AttemptAborted.LABEL, JobEnded.LABEL, PopulationBound.LABEL -> 1;
      case EpochActivated.LABEL,
          UploadBuilt.LABEL,
          SetSigned.LABEL,
          StepClosed.LABEL,
          ContributorsGiven.LABEL ->
          2;
      case EpochAbandoned.LABEL, RoundAccepted.LABEL, AttemptDied.LABEL, StateRefused.LABEL -> 3;
      case EpochKeyed.LABEL, RosterAcked.LABEL, FrameMasked.LABEL, AnswerGiven.LABEL -> 4;
      default -> throw Errors.badMessage("No site record has the label '" + label + "'.");
    };
  }

  private static Bytes object(Canonical.Reader in) {
    return Bytes.take(in.bytes(MAX_OBJECT_BYTES));
  }
}
