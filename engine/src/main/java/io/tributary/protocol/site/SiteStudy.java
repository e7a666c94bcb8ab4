package io.tributary.protocol.site;

import io.tributary.analysis.Layout;
import io.tributary.codec.Digest;
import io.tributary.codec.LayoutDigest;
import io.tributary.codec.SiteSet;
import io.tributary.masking.RoundTerms;
import io.tributary.privacy.NoisePlan;
import io.tributary.privacy.StudyBudget;
import io.tributary.protocol.AttemptId;
import io.tributary.protocol.Effect;
import io.tributary.protocol.Message;
import io.tributary.protocol.Place;
import io.tributary.protocol.SignedObject;
import io.tributary.protocol.StepId;
import io.tributary.protocol.Strength;
import io.tributary.protocol.Transition;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteId;
import io.tributary.study.Study;
import io.tributary.study.TributaryException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * One study at one site: its epochs, jobs and attempts, and the rules between them (PROTOCOL.md 2.5
 * R0, 2.8). It decides and never acts: a caller performs the effects of a transition in order, and
 * commits it once its record is durable. The same records, replayed, give the same study.
 *
 * <p>Messages given to it have the coordinator's signature checked. Not thread-safe.
 */
public final class SiteStudy {
  /** An epoch whose key was sent but that never opened a round is dropped after this. */
  public static final Duration UNUSED_LIFETIME = Duration.ofHours(24);

  private final SiteEnvironment site;
  private final NavigableMap<Long, EpochState> epochs = new TreeMap<>();
  private final Map<Integer, Job> jobs = new TreeMap<>();

  /** One job of the study. */
  private static final class Job {
    final NavigableMap<AttemptId, AttemptState> attempts = new TreeMap<>();
    final Map<Integer, StepLock> locks = new TreeMap<>();
    Optional<AttemptId> last = Optional.empty();
    int closedThrough = -1;
    boolean ended;
  }

  /** What to do with a RoundOpen (R0). */
  public enum Judgement {
    /** Accept it. */
    FRESH,
    /** It is the attempt that is under way. */
    UNDER_WAY,
    /** Look again later: the epoch is not active yet, or another study holds the population. */
    WAIT,
    /** Its time is over. */
    STALE
  }

  public SiteStudy(SiteEnvironment site) {
    this.site = site;
  }

  // ---- epochs (2.4)
  // -------------------------------------------------------------------------------

  public EpochState epoch(long epoch) {
    return epochs.getOrDefault(epoch, new None(epoch));
  }

  public Optional<Active> active(long epoch) {
    return epoch(epoch) instanceof Active active ? Optional.of(active) : Optional.empty();
  }

  /** Roster size that messages of an epoch are read with; 1 as long as there is none. */
  public int rosterSize(long epoch) {
    return active(epoch).map(state -> state.roster().size()).orElse(1);
  }

  /** Takes a message of the set-up. */
  public Transition<EpochState> handle(
      SignedObject object, Message message, long epoch, Instant now) {
    return epoch(epoch).handle(site, object, message, now);
  }

  /** Takes no part in an epoch. */
  public Transition<EpochState> refuse(long epoch, ErrorCode code) {
    return Abandoned.refusing(site, epoch, code);
  }

  /** The coordinator has closed an epoch: its keys go, locks and contributors stay. */
  public Optional<Transition<EpochState>> close(Message.EpochClosed closed) {
    return epoch(closed.epoch()) instanceof Abandoned || !epochs.containsKey(closed.epoch())
        ? Optional.empty()
        : Optional.of(
            Abandoned.quietly(site, closed.epoch(), closed.code().orElse(ErrorCode.STALE_ROUND)));
  }

  /** Drops an epoch that nobody used for a day, or that is past its life with no step open. */
  public Optional<Transition<EpochState>> expired(Instant now) {
    for (EpochState state : epochs.values()) {
      Optional<Instant> since = Optional.empty();
      if (state instanceof KeySent sent) {
        since = Optional.of(sent.since().plus(UNUSED_LIFETIME));
      } else if (state instanceof Acked acked) {
        since = Optional.of(acked.since().plus(UNUSED_LIFETIME));
      } else if (state instanceof Active active) {
        Duration lifetime = wasUsed(active.epoch()) ? Active.LIFETIME : UNUSED_LIFETIME;
        since =
            hasOpenStep(active.epoch())
                ? Optional.empty()
                : Optional.of(active.since().plus(lifetime));
      }
      if (since.isPresent() && now.isAfter(since.get())) {
        return Optional.of(Abandoned.quietly(site, state.epoch(), ErrorCode.STALE_ROUND));
      }
    }
    return Optional.empty();
  }

  private boolean wasUsed(long epoch) {
    return jobs.values().stream()
        .flatMap(job -> job.attempts.keySet().stream())
        .anyMatch(id -> id.epoch() == epoch);
  }

  private boolean hasOpenStep(long epoch) {
    return jobs.values().stream()
        .flatMap(job -> job.attempts.values().stream())
        .anyMatch(state -> state.id().epoch() == epoch && !(state instanceof Closed));
  }

  // ---- attempts (2.5)
  // -----------------------------------------------------------------------------

  private Job job(int job) {
    return jobs.computeIfAbsent(job, j -> new Job());
  }

  /** What binds the attempts at a step. */
  public StepLock lock(StepId step) {
    return job(step.job()).locks.computeIfAbsent(step.step(), s -> new StepLock());
  }

  public Optional<AttemptState> attempt(AttemptId id) {
    return Optional.ofNullable(job(id.job()).attempts.get(id));
  }

  /** Attempts whose step is open, ascending inside a job. */
  public List<AttemptState> openAttempts() {
    List<AttemptState> open = new ArrayList<>();
    for (Job job : jobs.values()) {
      for (AttemptState state : job.attempts.values()) {
        if (!(state instanceof Closed)) {
          open.add(state);
        }
      }
    }
    return open;
  }

  /** R0: whether a RoundOpen may be accepted now. */
  public Judgement judge(SignedObject object, AttemptId id, Instant now) {
    Job job = job(id.job());
    if (job.ended || id.step() <= job.closedThrough || id.job() >= site.terms().jobs()) {
      return Judgement.STALE;
    }
    AttemptState known = job.attempts.get(id);
    if (known != null) {
      if (!known.attempt().open().equals(object.digest())) {
        throw equivocation("RoundOpen", id);
      }
      return Judgement.UNDER_WAY;
    }
    if (job.last.isPresent() && id.compareTo(job.last.get()) <= 0) {
      return Judgement.STALE;
    }
    if (!(epoch(id.epoch()) instanceof Active active)) {
      return epoch(id.epoch()) instanceof Abandoned ? Judgement.STALE : Judgement.WAIT;
    }
    if (active.expired(now)) {
      return Judgement.STALE;
    }
    return site.book().isTakenByAnother(active.bound(site), site.terms().studyDigest())
        ? Judgement.WAIT
        : Judgement.FRESH;
  }

  /** Two valid objects of the coordinator for one place. */
  public static TributaryException equivocation(String what, AttemptId id) {
    return Errors.protocol(
        ErrorCode.EQUIVOCATION,
        "The coordinator wrote two different objects '" + what + "' for " + id + ".",
        "An honest coordinator writes one, whatever crashes.",
        "Keep the exchange's objects as evidence; the attempt is dead.");
  }

  /** R0: accepts an attempt; earlier ones of the job are dead from here. */
  public Transition<AttemptState> announce(
      SignedObject object, Message.RoundOpen open, AttemptId id) {
    RoundTerms terms = open.terms();
    Active active = active(id.epoch()).orElseThrow();
    if (!open.epochContext().equals(active.roster().terms().context())
        || terms.job() != id.job()
        || terms.step() != id.step()
        || terms.attempt() != id.attempt()
        || !terms.participants().equals(SiteSet.all(active.roster().size()))) {
      throw Errors.badMessage("RoundOpen of " + id + " is not over its epoch and roster.");
    }
    Attempt attempt = new Attempt(id, active, active.context(terms), object.digest());
    return Transition.to(
        new Announced(attempt), new SiteRecord.RoundAccepted(id, object.digest(), terms));
  }

  /** Attempts that this site accepted at the step before. */
  public List<Attempt> attemptsBefore(AttemptId id) {
    return job(id.job()).attempts.values().stream()
        .map(AttemptState::attempt)
        .filter(attempt -> attempt.id().step() == id.step() - 1)
        .toList();
  }

  /** The attempt of the step before that its Result sums, if this site contributed to it. */
  public Optional<Attempt> summedBefore(AttemptId id, Message.Result previous) {
    return attemptsBefore(id).stream()
        .filter(attempt -> attempt.round().equals(previous.round()))
        .filter(attempt -> previous.contributors().contains(attempt.self()))
        .findFirst();
  }

  /** Verified sums: does not accept an announcement, and tells the coordinator why (R0). */
  public Transition<SiteStudy> refuseState(AttemptId id, Message.RoundOpen open, ErrorCode code) {
    Active active = active(id.epoch()).orElseThrow();
    SignedObject dead =
        site.sign(new Message.AttemptDead(active.context(open.terms()).round(), code));
    return Transition.to(this, new SiteRecord.StateRefused(id, code, dead.encoded()))
        .then(new Effect.Send(Place.attempt(id), dead));
  }

  /**
   * Why an accepted attempt must not go on, from what the site computes itself (R0, R1): another
   * query, layout or noise, a roster with too few honest sites for it, the lock, the population's
   * rules.
   *
   * @param layout by this site's own computation, with the noise that its sum carries
   */
  public Optional<ErrorCode> refusalOf(Attempt attempt, Layout layout) {
    RoundTerms terms = attempt.context().terms();
    Study study = site.terms().study();
    if (study.privacy().isPresent() != layout.noise().isPresent()) {
      return Optional.of(ErrorCode.CONTEXT_MISMATCH);
    }
    Strength strength = attempt.epoch().roster().strength();
    if (layout.noise().isPresent()
        && !StudyBudget.isBorneBy(study, strength.uploads(), strength.colludingSites())) {
      return Optional.of(ErrorCode.ROSTER_TOO_WEAK);
    }
    // 3 + c counts organisations; sites beyond that would fill a place for their own.
    if (study.release().supportRound() == Study.SupportRound.REQUIRED
        && strength.colludingSites() > study.colluding()) {
      return Optional.of(ErrorCode.ROSTER_TOO_WEAK);
    }
    if (!terms.layout().equals(LayoutDigest.of(layout))
        || !terms.query().equals(site.terms().queryHash(terms.job()))
        || !terms.dp().equals(NoisePlan.hash(layout))) {
      return Optional.of(ErrorCode.CONTEXT_MISMATCH);
    }
    Optional<ErrorCode> locked = lock(attempt.id().stepId()).refusalOf(terms);
    return locked.isPresent() ? locked : site.book().refusalOfUpload(attempt.epoch().bound(site));
  }

  /**
   * R4: a Result closes its step; a Result for another U than this site answered for is refused.
   *
   * @param id the attempt it stands under
   */
  public Optional<Transition<SiteStudy>> close(AttemptId id, Message.Result result) {
    Job job = job(id.job());
    if (job.ended || id.step() <= job.closedThrough) {
      return Optional.empty();
    }
    AttemptState known = job.attempts.get(id);
    if (known != null && !known.attempt().round().equals(result.round())) {
      throw Errors.badMessage("The Result of " + id + " belongs to another context.");
    }
    Optional<Active> active = active(id.epoch());
    StepLock lock = lock(id.stepId());
    if (lock.isLocked()) {
      Set<SiteId> ids = active.map(a -> a.roster().ids(result.contributors())).orElse(Set.of());
      if (known == null || lock.refusalOf(known.attempt().context().terms(), ids).isPresent()) {
        throw Errors.protocol(
            ErrorCode.CONTRIBUTORS_CHANGED,
            "The Result of " + id + " is for other contributors than this site answered for.",
            "A site answers for one set only.",
            "Keep the exchange's objects as evidence; the step stays open here.");
      }
    }
    return Optional.of(closing(id.stepId(), result.transcript()));
  }

  /**
   * R0: the Result that RoundOpen carries of the step before closes that step too, so a site that
   * was away goes on. Its transcript must be the one the new round is bound to.
   */
  public Optional<Transition<SiteStudy>> closePrevious(
      AttemptId id, Message.RoundOpen open, Optional<Message.Result> previous) {
    int before = id.step() - 1;
    Job job = job(id.job());
    if (before < 0 || before <= job.closedThrough) {
      return Optional.empty();
    }
    if (previous.isEmpty()
        || !previous.get().transcript().equals(open.terms().previousTranscript())) {
      throw Errors.badMessage("RoundOpen of " + id + " does not carry the Result before it.");
    }
    StepId step = new StepId(id.job(), before);
    for (AttemptState state : job.attempts.values()) {
      if (state.id().step() == before && state.attempt().round().equals(previous.get().round())) {
        return close(state.id(), previous.get());
      }
    }
    if (lock(step).isLocked()) {
      throw Errors.badMessage("RoundOpen of " + id + " carries a Result this site cannot check.");
    }
    return Optional.of(closing(step, open.terms().previousTranscript()));
  }

  private Transition<SiteStudy> closing(StepId step, Digest transcript) {
    site.secrets().close(step);
    return Transition.savingSecrets(this, new SiteRecord.StepClosed(step, transcript));
  }

  /** The job has no further step. */
  public Optional<Transition<SiteStudy>> close(Message.JobClosed closed) {
    return closed.job() >= site.terms().jobs() || job(closed.job()).ended
        ? Optional.empty()
        : Optional.of(ending(closed.job()));
  }

  private Transition<SiteStudy> ending(int job) {
    site.secrets().endJob(job);
    return Transition.savingSecrets(this, new SiteRecord.JobEnded(job));
  }

  /** Ends what has not ended when the study is over: its jobs, then its epochs. */
  public List<Transition<?>> endings() {
    List<Transition<?>> endings = new ArrayList<>();
    for (int job = 0; job < site.terms().jobs(); job++) {
      if (!job(job).ended) {
        endings.add(ending(job));
      }
    }
    for (EpochState state : epochs.values()) {
      if (!(state instanceof Abandoned)) {
        endings.add(Abandoned.quietly(site, state.epoch(), ErrorCode.STALE_ROUND));
      }
    }
    return endings;
  }

  /** The coordinator gave an attempt up: that ends the attempt only. */
  public Optional<Transition<SiteStudy>> abort(AttemptId id, Message.AttemptAbort abort) {
    Optional<AttemptState> known = attempt(id);
    boolean over =
        known.isEmpty()
            || known.get() instanceof Dead
            || known.get() instanceof Closed
            || !known.get().attempt().round().equals(abort.round());
    return over
        ? Optional.empty()
        : Optional.of(Transition.to(this, new SiteRecord.AttemptAborted(id)));
  }

  /** Whether every job has ended. */
  public boolean isOver() {
    for (int job = 0; job < site.terms().jobs(); job++) {
      if (!job(job).ended) {
        return false;
      }
    }
    return true;
  }

  // ---- changes
  // ------------------------------------------------------------------------------------

  /** Goes on to a transition's state; its records are durable now. */
  public void commit(Transition<?> transition) {
    Object state = transition.state();
    if (state instanceof EpochState epoch) {
      epochs.put(epoch.epoch(), epoch);
    } else if (state instanceof AttemptState attempt) {
      job(attempt.id().job()).attempts.put(attempt.id(), attempt);
    }
    for (Effect effect : transition.effects()) {
      if (effect instanceof Effect.Journal journal) {
        SiteRecord record = (SiteRecord) journal.record();
        if (record instanceof SiteRecord.FrameMasked masked
            && state instanceof Uploading uploading) {
          uploading.after(site, masked);
        }
        note(record);
      }
    }
  }

  /** Takes a record of the journal, at start. */
  public void replay(SiteRecord record) {
    if (record instanceof SiteRecord.RoundAccepted accepted) {
      Active active = active(accepted.id().epoch()).orElseThrow();
      Attempt attempt =
          new Attempt(accepted.id(), active, active.context(accepted.terms()), accepted.open());
      job(accepted.id().job()).attempts.put(accepted.id(), new Announced(attempt));
    } else if (epochOf(record).isPresent()) {
      long epoch = epochOf(record).get();
      epochs.put(epoch, epoch(epoch).after(site, record));
    } else if (attemptOf(record).isPresent()) {
      AttemptId id = attemptOf(record).get();
      AttemptState state = attempt(id).orElseThrow();
      job(id.job()).attempts.put(id, state.after(site, record));
    }
    note(record);
  }

  private static Optional<Long> epochOf(SiteRecord record) {
    if (record instanceof SiteRecord.EpochKeyed keyed) {
      return Optional.of(keyed.epoch());
    } else if (record instanceof SiteRecord.RosterAcked acked) {
      return Optional.of(acked.epoch());
    } else if (record instanceof SiteRecord.EpochActivated activated) {
      return Optional.of(activated.epoch());
    } else if (record instanceof SiteRecord.EpochAbandoned abandoned) {
      return Optional.of(abandoned.epoch());
    }
    return Optional.empty();
  }

  private static Optional<AttemptId> attemptOf(SiteRecord record) {
    if (record instanceof SiteRecord.AttemptPrepared prepared) {
      return Optional.of(prepared.id());
    } else if (record instanceof SiteRecord.FrameMasked masked) {
      return Optional.of(masked.id());
    } else if (record instanceof SiteRecord.UploadBuilt built) {
      return Optional.of(built.id());
    } else if (record instanceof SiteRecord.SetSigned signed) {
      return Optional.of(signed.id());
    } else if (record instanceof SiteRecord.AnswerGiven given) {
      return Optional.of(given.id());
    } else if (record instanceof SiteRecord.AttemptDied died) {
      return Optional.of(died.id());
    }
    return Optional.empty();
  }

  /** What a durable record changes beside the state it belongs to. */
  private void note(SiteRecord record) {
    if (record instanceof SiteRecord.RoundAccepted accepted) {
      accepted(accepted.id());
    } else if (record instanceof SiteRecord.FrameMasked masked) {
      StepLock lock = lock(masked.id().stepId());
      lock.noteInput(masked.frame(), masked.inputTag());
      Attempt attempt = attempt(masked.id()).orElseThrow().attempt();
      if (attempt.epoch().roster().strength().shape() == Study.Shape.ALL) {
        // One honest answer is enough for this sum, so the upload locks the step to the roster.
        lock.noteAnswer(attempt.epoch().roster().ids(), attempt.context().terms());
      }
    } else if (record instanceof SiteRecord.AnswerGiven given) {
      Attempt attempt = attempt(given.id()).orElseThrow().attempt();
      lock(given.id().stepId())
          .noteAnswer(
              attempt.epoch().roster().ids(given.contributors()), attempt.context().terms());
    } else if (record instanceof SiteRecord.AttemptAborted aborted) {
      attempt(aborted.id()).ifPresent(state -> kill(state, ErrorCode.STALE_ROUND));
    } else if (record instanceof SiteRecord.StepClosed closed) {
      closed(closed.step());
    } else if (record instanceof SiteRecord.JobEnded ended) {
      Job job = job(ended.job());
      job.ended = true;
      job.locks.clear();
      job.attempts.replaceAll((id, state) -> new Closed(state.attempt()));
    }
  }

  private void accepted(AttemptId id) {
    Job job = job(id.job());
    job.last = Optional.of(id);
    for (AttemptState state : List.copyOf(job.attempts.values())) {
      if (!state.id().equals(id)) {
        kill(state, ErrorCode.STALE_ROUND);
      }
    }
  }

  /** dead(a): an attempt that has answered goes on sending its answer. */
  private void kill(AttemptState state, ErrorCode code) {
    boolean over = state instanceof Answered || state instanceof Closed || state instanceof Dead;
    if (!over) {
      job(state.id().job())
          .attempts
          .put(state.id(), new Dead(state.attempt(), code, state.upload(), state.signature()));
    }
  }

  private void closed(StepId step) {
    Job job = job(step.job());
    job.closedThrough = Math.max(job.closedThrough, step.step());
    job.locks.keySet().removeIf(number -> number <= step.step());
    job.attempts.replaceAll(
        (id, state) -> id.step() <= step.step() ? new Closed(state.attempt()) : state);
    // Two closed steps are enough to know a late object by.
    job.attempts.keySet().removeIf(id -> id.step() < step.step() - 1);
  }

  /** What this site sends again after a restart. */
  public List<Effect> resend() {
    List<Effect> effects = new ArrayList<>();
    for (EpochState state : epochs.values()) {
      if (state instanceof KeySent sent) {
        effects.add(new Effect.Send(Place.epoch(sent.epoch()), sent.key()));
      } else if (state instanceof Acked acked) {
        effects.add(new Effect.Send(Place.epoch(acked.epoch()), acked.ack()));
      }
    }
    for (AttemptState state : openAttempts()) {
      if (site.secrets().stepOf(state.id().epoch(), state.id().job()) == state.id().step()) {
        effects.addAll(state.resend(site));
      }
    }
    return effects;
  }

  @Override
  public String toString() {
    return "SiteStudy[" + site.self() + " " + site.terms() + "]";
  }
}
