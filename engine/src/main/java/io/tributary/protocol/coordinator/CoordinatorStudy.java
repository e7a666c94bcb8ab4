package io.tributary.protocol.coordinator;

import io.tributary.codec.Digest;
import io.tributary.codec.SiteSet;
import io.tributary.masking.RoundContext;
import io.tributary.masking.RoundTerms;
import io.tributary.protocol.AttemptId;
import io.tributary.protocol.Bytes;
import io.tributary.protocol.Effect;
import io.tributary.protocol.Message;
import io.tributary.protocol.OpenedSum;
import io.tributary.protocol.Place;
import io.tributary.protocol.Roster;
import io.tributary.protocol.SignedObject;
import io.tributary.protocol.StepId;
import io.tributary.protocol.Transition;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One study at the coordinator: its epochs, and for every job the attempt it stands at (PROTOCOL.md
 * 2.4 to 2.8). It decides and never acts, as {@code site.SiteStudy} does. Not thread-safe.
 */
public final class CoordinatorStudy {
  private final CoordinatorEnvironment coordinator;
  private final Map<Integer, Job> jobs = new TreeMap<>();
  private Optional<SetupState> setup = Optional.empty();

  /** Where a job stands. */
  private static final class Job {
    Optional<RoundState> round = Optional.empty();
    Optional<Published> last = Optional.empty();
    boolean ended;
    Optional<ErrorCode> code = Optional.empty();
    Set<SiteId> suspects = Set.of();
    int blamed;
    final SortedSet<Long> epochs = new TreeSet<>();
  }

  public CoordinatorStudy(CoordinatorEnvironment coordinator) {
    this.coordinator = coordinator;
  }

  public CoordinatorEnvironment environment() {
    return coordinator;
  }

  // ---- epochs
  // -------------------------------------------------------------------------------------

  /** The newest epoch, empty before the first. */
  public Optional<SetupState> setup() {
    return setup;
  }

  public Optional<Live> live() {
    return setup.filter(Live.class::isInstance).map(Live.class::cast);
  }

  /** Opens the next epoch. */
  public Transition<SetupState> openEpoch() {
    return Inviting.begin(coordinator, setup.map(SetupState::epoch).orElse(0L) + 1);
  }

  /** Goes on to a state of the set-up that needs no record. */
  public void update(SetupState state) {
    setup = Optional.of(state);
  }

  // ---- jobs
  // ---------------------------------------------------------------------------------------

  private Job job(int job) {
    return jobs.computeIfAbsent(job, j -> new Job());
  }

  /** The attempt that a job stands at; empty before its first. */
  public Optional<RoundState> round(int job) {
    return job(job).round;
  }

  /** The last published sum of a job. */
  public Optional<Published> lastPublished(int job) {
    return job(job).last;
  }

  public boolean hasEnded(int job) {
    return job(job).ended;
  }

  /** Why a job was given up; empty if it is done or under way. */
  public Optional<ErrorCode> failure(int job) {
    return job(job).code;
  }

  /** Whom the evidence left as suspects when a job was given up. */
  public Set<SiteId> suspects(int job) {
    return job(job).suspects;
  }

  /** Attempts in a row at the job's step that ended with suspects (PROTOCOL.md 2.6). */
  public int blamedAttempts(int job) {
    return job(job).blamed;
  }

  /** The first job that has not ended. */
  public Optional<Integer> currentJob() {
    for (int job = 0; job < coordinator.terms().jobs(); job++) {
      if (!job(job).ended) {
        return Optional.of(job);
      }
    }
    return Optional.empty();
  }

  /** Epochs in which attempts of a job were opened. */
  public SortedSet<Long> epochs(int job) {
    return new TreeSet<>(job(job).epochs);
  }

  /** The epoch of the newest round of any job, 0 before the first. */
  public long lastEpochOfRounds() {
    return jobs.values().stream()
        .flatMap(job -> job.round.stream())
        .mapToLong(round -> round.id().epoch())
        .max()
        .orElse(0);
  }

  /** Goes on to a state of a round that needs no record. */
  public void update(RoundState state) {
    job(state.id().job()).round = Optional.of(state);
    job(state.id().job()).epochs.add(state.id().epoch());
  }

  /** The number of the next attempt at a step in the live epoch; empty when 16 were made. */
  public Optional<AttemptId> nextAttempt(StepId step) {
    long epoch = live().orElseThrow().epoch();
    Optional<AttemptId> last = job(step.job()).round.map(RoundState::id);
    boolean again =
        last.isPresent() && last.get().stepId().equals(step) && last.get().epoch() == epoch;
    int attempt = again ? last.get().attempt() + 1 : 0;
    return attempt < RoundTerms.MAX_ATTEMPTS
        ? Optional.of(new AttemptId(epoch, step.job(), step.step(), attempt))
        : Optional.empty();
  }

  /**
   * R0: opens an attempt.
   *
   * @param payload public state
   * @param layout layout_digest of that state
   * @param dp dp_hash of that state
   * @param deadlineEpochSecond of the uploads
   * @param frames blocks of the layout
   * @param opened the sum before, where it is verified
   */
  public Transition<RoundState> openAttempt(
      AttemptId id,
      Bytes payload,
      Digest layout,
      Digest dp,
      long deadlineEpochSecond,
      int frames,
      Optional<OpenedSum> opened) {
    Roster roster = live().orElseThrow().roster();
    Optional<Published> before = job(id.job()).last;
    List<Bytes> again =
        opened.isPresent() && before.isPresent() && before.get().id().epoch() != id.epoch()
            ? sealedAgain(id.epoch(), roster, before.get(), opened.get())
            : List.of();
    RoundTerms terms =
        new RoundTerms(
            id.job(),
            id.step(),
            id.attempt(),
            SiteSet.all(roster.size()),
            layout,
            Digest.sha256(payload.shared()),
            coordinator.terms().queryHash(id.job()),
            dp,
            before.map(Published::transcript).orElse(Digest.ZERO));
    SignedObject open =
        coordinator.sign(
            new Message.RoundOpen(
                roster.terms().context(),
                terms,
                deadlineEpochSecond,
                payload,
                before.map(Published::evidence).orElse(List.of()),
                again));
    Round round = new Round(id, roster, RoundContext.of(roster.terms(), terms), open, frames);
    return Transition.<RoundState>to(
            new Open(round), new CoordinatorRecord.AttemptOpened(id, open.encoded()))
        .then(new Effect.Send(Place.attempt(id), open));
  }

  /** The keys of the sum before, to its contributors in this epoch's roster; others get nothing. */
  private List<Bytes> sealedAgain(long epoch, Roster roster, Published before, OpenedSum sum) {
    Set<SiteId> contributors = before.round().roster().ids(before.certificate().contributors());
    List<Bytes> keys = new ArrayList<>();
    for (int site = 0; site < roster.size(); site++) {
      int index = site;
      Optional<Bytes> sealed =
          coordinator
              .secrets()
              .channel(epoch, site)
              .filter(channel -> contributors.contains(roster.id(index)))
              .map(channel -> sum.keysFor(channel, index, before.round().context().round()));
      keys.add(sealed.orElse(Bytes.EMPTY));
    }
    return keys;
  }

  /**
   * No further step of the job comes.
   *
   * @param code why it is given up; empty if it is done
   * @param suspects whom the evidence leaves (2.6)
   */
  public Transition<CoordinatorStudy> endJob(
      int job, Optional<ErrorCode> code, Set<SiteId> suspects) {
    long epoch = setup.map(SetupState::epoch).orElse(1L);
    Digest context = live().map(state -> state.roster().terms().context()).orElse(Digest.ZERO);
    SignedObject closed = coordinator.sign(new Message.JobClosed(context, job, code));
    return Transition.to(
            this, new CoordinatorRecord.JobEnded(job, code, suspects, epoch, closed.encoded()))
        .then(new Effect.Send(Place.job(epoch, job), closed));
  }

  // ---- changes
  // ------------------------------------------------------------------------------------

  /** Goes on to a transition's state; its record is durable now. */
  public void commit(Transition<?> transition) {
    if (transition.state() instanceof SetupState state) {
      update(state);
    } else if (transition.state() instanceof RoundState state) {
      moved(state);
    }
    for (Effect effect : transition.effects()) {
      if (effect instanceof Effect.Journal journal
          && journal.record() instanceof CoordinatorRecord.JobEnded ended) {
        ended(ended);
      }
    }
  }

  private void moved(RoundState state) {
    update(state);
    Job job = job(state.id().job());
    if (state instanceof Published published) {
      job.last = Optional.of(published);
      job.blamed = 0;
    } else if (state instanceof AttemptFailed failed && !failed.suspects().isEmpty()) {
      job.blamed++;
    }
  }

  private void ended(CoordinatorRecord.JobEnded ended) {
    job(ended.job()).ended = true;
    job(ended.job()).code = ended.code();
    job(ended.job()).suspects = ended.suspects();
  }

  /** How many frames an upload of a broadcast has: the blocks of the program's layout. */
  @FunctionalInterface
  public interface Frames {
    int of(int job, Bytes payload);
  }

  /** Takes a record of the journal, at start. */
  public void replay(CoordinatorRecord record, Frames frames) {
    if (record instanceof CoordinatorRecord.EpochOpened opened) {
      update(
          Inviting.of(coordinator, opened.epoch(), SignedObject.decode(opened.open().toArray())));
    } else if (record instanceof CoordinatorRecord.RosterProposed
        || record instanceof CoordinatorRecord.EpochActivated
        || record instanceof CoordinatorRecord.EpochEnded) {
      update(setup.orElseThrow().after(coordinator, record));
    } else if (record instanceof CoordinatorRecord.AttemptOpened opened) {
      Roster roster = live().orElseThrow().roster();
      SignedObject open = SignedObject.decode(opened.open().toArray());
      Message.RoundOpen message = (Message.RoundOpen) open.message(roster.size());
      RoundContext context = RoundContext.of(roster.terms(), message.terms());
      int blocks = frames.of(opened.id().job(), message.payload());
      update(new Open(new Round(opened.id(), roster, context, open, blocks)));
    } else if (record instanceof CoordinatorRecord.JobEnded ended) {
      ended(ended);
    } else {
      int job = jobOf(record);
      moved(job(job).round.orElseThrow().after(record));
    }
  }

  private static int jobOf(CoordinatorRecord record) {
    if (record instanceof CoordinatorRecord.SetProposed proposed) {
      return proposed.id().job();
    } else if (record instanceof CoordinatorRecord.Certified certified) {
      return certified.id().job();
    } else if (record instanceof CoordinatorRecord.SumVerified verified) {
      return verified.id().job();
    } else if (record instanceof CoordinatorRecord.ResultPublished published) {
      return published.id().job();
    } else if (record instanceof CoordinatorRecord.AttemptGivenUp givenUp) {
      return givenUp.id().job();
    }
    throw io.tributary.study.Errors.internal("Journal: " + record.getClass() + ".", null);
  }

  /** What the coordinator sends again after a restart. */
  public List<Effect> resend() {
    List<Effect> effects = new ArrayList<>();
    setup.ifPresent(state -> effects.addAll(state.resend()));
    for (Job job : jobs.values()) {
      if (!job.ended) {
        job.round.ifPresent(state -> effects.addAll(state.resend()));
      }
    }
    return effects;
  }

  @Override
  public String toString() {
    return "CoordinatorStudy[" + coordinator.terms() + "]";
  }
}
