package io.tributary.protocol.coordinator;

import io.tributary.codec.Canonical;
import io.tributary.codec.Digest;
import io.tributary.codec.SiteSet;
import io.tributary.masking.ResultDigest;
import io.tributary.masking.RoundTerms;
import io.tributary.protocol.AttemptId;
import io.tributary.protocol.Bytes;
import io.tributary.protocol.Fields;
import io.tributary.protocol.JournalRecord;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a coordinator writes to its journal before it acts (PROTOCOL.md 2.8, States). Its own signed
 * objects are kept as sent; what sites send stays on the exchange until the job is closed.
 */
public sealed interface CoordinatorRecord extends JournalRecord {
  /** Largest signed object that a record holds: a RoundOpen with its payload. */
  int MAX_OBJECT_BYTES = 15 << 20;

  /** E1: an epoch opened; its C_e is in the file of secrets. */
  record EpochOpened(long epoch, Bytes open) implements CoordinatorRecord {
    static final String LABEL = "journal-epoch-opened/v1";

    @Override
    public byte[] encode() {
      return Canonical.enc(LABEL, Canonical.u64(epoch), open.shared());
    }
  }

  /** E2: a roster proposed; at most one an epoch. */
  record RosterProposed(long epoch, Bytes proposal) implements CoordinatorRecord {
    static final String LABEL = "journal-roster-proposed/v1";

    @Override
    public byte[] encode() {
      return Canonical.enc(LABEL, Canonical.u64(epoch), proposal.shared());
    }
  }

  /** E3: all acks are in; channel keys are in the file of secrets, C_e is gone. */
  record EpochActivated(long epoch, Bytes active, List<Page> pages, long atEpochSecond)
      implements CoordinatorRecord {
    static final String LABEL = "journal-epoch-activated/v1";

    public EpochActivated {
      pages = List.copyOf(pages);
    }

    @Override
    public byte[] encode() {
      return Canonical.enc(
          LABEL,
          Canonical.u64(epoch),
          active.shared(),
          Canonical.list(pages.stream().map(Page::encode).toList()),
          Canonical.u64(atEpochSecond));
    }
  }

  /** A member of a roster and the page of its population book that the roster's sums stand on. */
  record Page(SiteId site, Digest page) {
    byte[] encode() {
      return Canonical.enc("page/v1", Canonical.utf8(site.value()), page.bytes());
    }

    static Page decode(byte[] item) {
      Canonical.Reader in = Canonical.read(item, "page/v1", 2);
      Page page =
          new Page(new SiteId(new String(in.bytes(32), StandardCharsets.US_ASCII)), in.digest());
      in.end();
      return page;
    }
  }

  /** The epoch is over; EpochClosed as sent. */
  record EpochEnded(long epoch, Bytes closed) implements CoordinatorRecord {
    static final String LABEL = "journal-epoch-ended/v1";

    @Override
    public byte[] encode() {
      return Canonical.enc(LABEL, Canonical.u64(epoch), closed.shared());
    }
  }

  /** R0: RoundOpen as sent. */
  record AttemptOpened(AttemptId id, Bytes open) implements CoordinatorRecord {
    static final String LABEL = "journal-attempt-opened/v1";

    @Override
    public byte[] encode() {
      return Canonical.enc(LABEL, Fields.attempt(id), open.shared());
    }
  }

  /** R2: the only SurvivorSet of the attempt, as sent. */
  record SetProposed(AttemptId id, Bytes set) implements CoordinatorRecord {
    static final String LABEL = "journal-set-proposed/v1";

    @Override
    public byte[] encode() {
      return Canonical.enc(LABEL, Fields.attempt(id), set.shared());
    }
  }

  /** R2: the only Certificate of the attempt, as sent; its U is what later sums reuse. */
  record Certified(AttemptId id, SiteSet contributors, Bytes certificate)
      implements CoordinatorRecord {
    static final String LABEL = "journal-certified/v1";

    @Override
    public byte[] encode() {
      return Canonical.enc(
          LABEL, Fields.attempt(id), Fields.sites(contributors), certificate.shared());
    }
  }

  /** R4: the sum is taken and its words are kept; salt of the result digest. */
  record SumVerified(AttemptId id, Bytes salt, Digest result, Digest transcript)
      implements CoordinatorRecord {
    static final String LABEL = "journal-sum-verified/v1";

    @Override
    public byte[] encode() {
      return Canonical.enc(
          LABEL, Fields.attempt(id), salt.shared(), result.bytes(), transcript.bytes());
    }
  }

  /** R4: Result as sent. */
  record ResultPublished(AttemptId id, Bytes result) implements CoordinatorRecord {
    static final String LABEL = "journal-result-published/v1";

    @Override
    public byte[] encode() {
      return Canonical.enc(LABEL, Fields.attempt(id), result.shared());
    }
  }

  /** AttemptAbort as sent, and whom the evidence leaves as suspects. */
  record AttemptGivenUp(AttemptId id, ErrorCode code, Set<SiteId> suspects, Bytes abort)
      implements CoordinatorRecord {
    static final String LABEL = "journal-attempt-given-up/v1";

    public AttemptGivenUp {
      suspects = Set.copyOf(suspects);
    }

    @Override
    public byte[] encode() {
      return Canonical.enc(
          LABEL, Fields.attempt(id), Fields.code(code), Fields.ids(suspects), abort.shared());
    }
  }

  /** JobClosed as sent; the code, and the suspects, if the job was given up. */
  record JobEnded(int job, Optional<ErrorCode> code, Set<SiteId> suspects, long epoch, Bytes closed)
      implements CoordinatorRecord {
    static final String LABEL = "journal-job-closed/v1";

    public JobEnded {
      suspects = Set.copyOf(suspects);
    }

    @Override
    public byte[] encode() {
      return Canonical.enc(
          LABEL,
          Canonical.u32(job),
          code.map(Fields::code).orElse(new byte[0]),
          Fields.ids(suspects),
          Canonical.u64(epoch),
          closed.shared());
    }
  }

  /**
   * The stewards' act gave populations other contributors (2.8, Any other change); under the act's
   * digest in place of a study's.
   */
  record ContributorsGiven(List<Page> pages, Set<SiteId> contributors)
      implements CoordinatorRecord {
    static final String LABEL = "journal-contributors-given/v1";

    public ContributorsGiven {
      pages = List.copyOf(pages);
      contributors = Set.copyOf(contributors);
    }

    @Override
    public byte[] encode() {
      return Canonical.enc(
          LABEL,
          Canonical.list(pages.stream().map(Page::encode).toList()),
          Fields.ids(contributors));
    }
  }

  /** Reads a record of this coordinator's own journal. BAD_MESSAGE if it is out of form. */
  static CoordinatorRecord decode(byte[] record) {
    String label = Canonical.labelOf(record);
    Canonical.Reader in = Canonical.read(record, label, fields(label));
    CoordinatorRecord decoded =
        switch (label) {
          case EpochOpened.LABEL -> new EpochOpened(in.u64(), object(in));
          case RosterProposed.LABEL -> new RosterProposed(in.u64(), object(in));
          case EpochActivated.LABEL ->
              new EpochActivated(in.u64(), object(in), pages(in), in.u64());
          case EpochEnded.LABEL -> new EpochEnded(in.u64(), object(in));
          case AttemptOpened.LABEL -> new AttemptOpened(Fields.attempt(in), object(in));
          case SetProposed.LABEL -> new SetProposed(Fields.attempt(in), object(in));
          case Certified.LABEL -> new Certified(Fields.attempt(in), Fields.sites(in), object(in));
          case SumVerified.LABEL ->
              new SumVerified(
                  Fields.attempt(in),
                  Bytes.take(in.exactly(ResultDigest.SALT_BYTES)),
                  in.digest(),
                  in.digest());
          case ResultPublished.LABEL -> new ResultPublished(Fields.attempt(in), object(in));
          case AttemptGivenUp.LABEL ->
              new AttemptGivenUp(Fields.attempt(in), Fields.code(in), Fields.ids(in), object(in));
          case JobEnded.LABEL ->
              new JobEnded(
                  in.u32(RoundTerms.MAX_JOBS),
                  optionalCode(in),
                  Fields.ids(in),
                  in.u64(),
                  object(in));
          case ContributorsGiven.LABEL -> new ContributorsGiven(pages(in), Fields.ids(in));
          default ->
              throw Errors.badMessage("No coordinator record has the label '" + label + "'.");
        };
    in.end();
    return decoded;
  }

  private static int fields(String label) {
    return switch (label) {
      case EpochOpened.LABEL,
          RosterProposed.LABEL,
          EpochEnded.LABEL,
          AttemptOpened.LABEL,
          SetProposed.LABEL,
          ResultPublished.LABEL,
          ContributorsGiven.LABEL ->
          2;
      case Certified.LABEL -> 3;
      case EpochActivated.LABEL, SumVerified.LABEL, AttemptGivenUp.LABEL -> 4;
      case JobEnded.LABEL -> 5;
      default -> throw Errors.badMessage("No coordinator record has the label '" + label + "'.");
    };
  }

  private static Bytes object(Canonical.Reader in) {
    return Bytes.take(in.bytes(MAX_OBJECT_BYTES));
  }

  private static List<Page> pages(Canonical.Reader in) {
    List<Page> pages = new ArrayList<>();
    for (byte[] item : in.list(SiteSet.MAX_SITES, 256)) {
      pages.add(Page.decode(item));
    }
    return pages;
  }

  private static Optional<ErrorCode> optionalCode(Canonical.Reader in) {
    String name = in.text(64);
    return name.isEmpty() ? Optional.empty() : Optional.of(Fields.code(name));
  }
}
