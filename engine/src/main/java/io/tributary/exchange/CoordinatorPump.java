package io.tributary.exchange;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.EarlierSums;
import io.tributary.analysis.Layout;
import io.tributary.analysis.Program;
import io.tributary.analysis.Slot;
import io.tributary.analysis.Step;
import io.tributary.codec.Digest;
import io.tributary.codec.FrameHeader;
import io.tributary.codec.FrameShape;
import io.tributary.codec.GridBounds;
import io.tributary.codec.LayoutDigest;
import io.tributary.codec.SiteSet;
import io.tributary.exchange.FrameSummation.Presence;
import io.tributary.exchange.FrameSummation.StoredFrame;
import io.tributary.identity.SigningIdentity;
import io.tributary.masking.ResultDigest;
import io.tributary.masking.Secret32;
import io.tributary.privacy.NoisePlan;
import io.tributary.protocol.AttemptId;
import io.tributary.protocol.Bytes;
import io.tributary.protocol.Effect;
import io.tributary.protocol.Message;
import io.tributary.protocol.OpenedSum;
import io.tributary.protocol.Roster;
import io.tributary.protocol.SignedObject;
import io.tributary.protocol.StepId;
import io.tributary.protocol.StudyTerms;
import io.tributary.protocol.Transition;
import io.tributary.protocol.coordinator.Agreement;
import io.tributary.protocol.coordinator.AttemptFailed;
import io.tributary.protocol.coordinator.Certifying;
import io.tributary.protocol.coordinator.Collecting;
import io.tributary.protocol.coordinator.CoordinatorEnvironment;
import io.tributary.protocol.coordinator.CoordinatorMemory;
import io.tributary.protocol.coordinator.CoordinatorRecord;
import io.tributary.protocol.coordinator.CoordinatorSecrets;
import io.tributary.protocol.coordinator.CoordinatorStudy;
import io.tributary.protocol.coordinator.Inviting;
import io.tributary.protocol.coordinator.Live;
import io.tributary.protocol.coordinator.Open;
import io.tributary.protocol.coordinator.OpenedSeeds;
import io.tributary.protocol.coordinator.Over;
import io.tributary.protocol.coordinator.Proposing;
import io.tributary.protocol.coordinator.Published;
import io.tributary.protocol.coordinator.Round;
import io.tributary.protocol.coordinator.RoundState;
import io.tributary.protocol.coordinator.SetupState;
import io.tributary.protocol.coordinator.Suspicion;
import io.tributary.protocol.coordinator.Unmasking;
import io.tributary.protocol.coordinator.Verified;
import io.tributary.study.ErrorCode;
import io.tributary.study.ErrorType;
import io.tributary.study.Errors;
import io.tributary.study.SiteId;
import io.tributary.study.TributaryException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Runs one study at the coordinator: opens epochs and attempts, reads what sites wrote, sums, and
 * steps through the programs, journal before sending (PROTOCOL.md 2.4 to 2.8). Restarted over the
 * same memory and exchange it goes on where it stopped. Jobs run in order. Not thread-safe; pumps
 * of several studies may run on several threads over one {@link CoordinatorMemory}.
 */
public final class CoordinatorPump {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** Epochs in a row that come to nothing before the study is given up. */
  private static final int MAX_FAILED_EPOCHS = 1000;

  /** Attempts in a row that end with suspects before their job is given up (PROTOCOL.md 2.6). */
  private static final int MAX_BLAMED_ATTEMPTS = 3;

  /** Messages of which an honest site writes one in a place. */
  private static final Set<String> SINGLE =
      Set.of(
          "epoch-key/v1", "roster-ack/v1", "boxes/v1", "upload/v1", "survivor-sig/v1", "unmask/v1");

  private final Equipment coordinator;
  private final StudyTerms terms;
  private final List<? extends Program<?, ?>> programs;
  private final Schedule schedule;
  private final FrameSummation summation;
  private final ObjectNames names;
  private final CoordinatorSecrets secrets;
  private final CoordinatorStudy study;
  private final Deque<Effect> outbox = new ArrayDeque<>();
  private final Set<String> seen = new HashSet<>();

  /** Objects of this attempt or epoch whose signature holds: later states look at them again. */
  private final Set<Digest> authentic = new HashSet<>();

  private List<String> listed = List.of();
  private final Map<Integer, Object> results = new TreeMap<>();
  private final Map<Integer, TributaryException> failures = new TreeMap<>();
  private final Set<Integer> checkedUploads = new HashSet<>();
  private Instant since;
  private Instant opened;
  private Instant notBefore = Instant.MIN;
  private int failedEpochs;
  private boolean delivered;
  private Optional<Taken> taken = Optional.empty();
  private Optional<TributaryException> gaveUp = Optional.empty();
  private final Map<String, Digest> singles = new HashMap<>();
  private final Set<Suspicion> suspicions = new LinkedHashSet<>();
  private Status status = new Status(Phase.SETTING_UP, Optional.empty(), Set.of(), Set.of());

  /** What a coordinator's pumps have in common. */
  public record Equipment(
      SigningIdentity identity,
      CoordinatorMemory memory,
      Exchange exchange,
      Clock clock,
      SecureRandom random,
      CoordinatorListener listener) {}

  /** What the pump is at. */
  public enum Phase {
    SETTING_UP,
    COLLECTING,
    CERTIFYING,
    UNMASKING,
    WAITING,
    DONE,
    GIVEN_UP
  }

  /**
   * For people.
   *
   * @param attempt under way, if any
   * @param waitingFor sites whose message is missing
   * @param suspects sites that may be to blame for what went wrong so far (PROTOCOL.md 2.6)
   */
  public record Status(
      Phase phase, Optional<AttemptId> attempt, Set<SiteId> waitingFor, Set<SiteId> suspects) {
    public Status {
      waitingFor = Set.copyOf(waitingFor);
      suspects = Set.copyOf(suspects);
    }
  }

  /**
   * Rebuilds the study from the coordinator's memory; what was sent before is sent again, jobs that
   * were done give their results again.
   *
   * @param programs one for each analysis of the study
   */
  public CoordinatorPump(
      Equipment coordinator,
      StudyTerms terms,
      List<? extends Program<?, ?>> programs,
      Schedule schedule,
      FrameSummation summation) {
    if (programs.size() != terms.jobs()) {
      throw new IllegalArgumentException("programs=" + programs.size() + " jobs=" + terms.jobs());
    }
    this.coordinator = coordinator;
    this.terms = terms;
    this.programs = List.copyOf(programs);
    this.schedule = schedule;
    this.summation = summation;
    this.names = new ObjectNames(terms.studyDigest());
    this.secrets = coordinator.memory().secrets(terms.studyDigest());
    this.study =
        new CoordinatorStudy(
            new CoordinatorEnvironment(
                terms,
                coordinator.identity(),
                secrets,
                coordinator.memory().book(),
                coordinator.random()));
    this.since = coordinator.clock().instant();
    this.opened = since;
    for (CoordinatorRecord record : coordinator.memory().records(terms.studyDigest())) {
      study.replay(
          record, (job, payload) -> this.programs.get(job).layout(payload.toArray()).blocks());
    }
    outbox.addAll(study.resend());
    recallResults();
  }

  /** The states, for status and tests. */
  public CoordinatorStudy study() {
    return study;
  }

  public Status status() {
    return status;
  }

  /** Results of the jobs that are done, by job number. */
  public Map<Integer, Object> results() {
    return Map.copyOf(results);
  }

  /** Jobs that were given up. */
  public Map<Integer, TributaryException> failures() {
    return Map.copyOf(failures);
  }

  /** What the evidence says about sites, in the order in which it was seen (PROTOCOL.md 2.6). */
  public List<Suspicion> suspicions() {
    return List.copyOf(suspicions);
  }

  /**
   * The operator's word that the attempt under way is not to be waited for, although its
   * certificate is out (PROTOCOL.md 2.8, Time): the next pass opens another attempt at the same
   * step, with the same U. Returns whether there was such an attempt.
   */
  public boolean forceAttempt() {
    Optional<RoundState> round = study.currentJob().flatMap(study::round);
    if (round.isPresent() && round.get() instanceof Unmasking unmasking) {
      perform(unmasking.force(study.environment(), ErrorCode.DEADLINE_PASSED));
      return true;
    }
    return false;
  }

  /** Why the whole study was given up, if it was. */
  public Optional<TributaryException> gaveUp() {
    return gaveUp;
  }

  /** Whether nothing is left to do. */
  public boolean isOver() {
    return status.phase() == Phase.DONE || status.phase() == Phase.GIVEN_UP;
  }

  /**
   * One pass over what is there; does not wait for anything.
   *
   * @return whether anything happened
   * @throws TributaryException STORAGE_FAILED, after which the pump must be made anew;
   *     EXCHANGE_FAILED, after which the next pass sends again
   */
  public boolean poll() {
    if (isOver()) {
      return false;
    }
    boolean happened = flush();
    Instant now = coordinator.clock().instant();
    if (now.isAfter(schedule.end())) {
      giveUp(
          ErrorCode.THRESHOLD_LOST,
          "The study's deadline has passed; it waited for " + status.waitingFor() + ".");
      return true;
    }
    if (study.currentJob().isEmpty()) {
      finish();
      return true;
    }
    boolean advanced = study.live().isPresent() ? advanceJob(now) : setUp(now);
    return happened || advanced;
  }

  /** Runs until the study is over, the deadline passes, or the thread is interrupted. */
  public void run(Instant deadline) {
    while (!isOver() && coordinator.clock().instant().isBefore(deadline)) {
      if (Thread.currentThread().isInterrupted()) {
        return;
      }
      if (!poll()) {
        coordinator.exchange().await(watched(), listed, PATIENCE);
      }
    }
  }

  private String watched() {
    return study
        .currentJob()
        .flatMap(study::round)
        .filter(round -> study.live().isPresent())
        .map(round -> names.attempt(round.id()))
        .orElseGet(() -> names.setup(study.setup().map(SetupState::epoch).orElse(1L)));
  }

  // ---- epochs (2.4)
  // -------------------------------------------------------------------------------

  private boolean setUp(Instant now) {
    Optional<SetupState> state = study.setup();
    if (state.isEmpty() || state.get() instanceof Over) {
      if (now.isBefore(notBefore)) {
        return false;
      }
      if (failedEpochs > MAX_FAILED_EPOCHS) {
        giveUp(ErrorCode.THRESHOLD_LOST, failedEpochs + " epochs came to nothing.");
        return true;
      }
      seen.clear();
      singles.clear();
      authentic.clear();
      since = now;
      perform(study.openEpoch());
      return true;
    }
    boolean happened = readSetup(state.get().epoch());
    SetupState current = study.setup().orElseThrow();
    if (current instanceof Inviting inviting) {
      return invite(inviting, now) || happened;
    }
    return propose((Proposing) current, now) || happened;
  }

  private boolean readSetup(long epoch) {
    boolean happened = false;
    listed = coordinator.exchange().list(names.setup(epoch));
    for (String name : listed) {
      if (seen.contains(name)) {
        continue;
      }
      happened |=
          readOne(
              name,
              object -> {
                SiteId from = new SiteId(object.sender());
                requireSigned(from, object);
                noteSingle(new AttemptId(epoch, 0, 0, 0), from, object);
                study.update(study.setup().orElseThrow().take(from, object, object.message(1)));
              });
    }
    return happened;
  }

  private boolean invite(Inviting inviting, Instant now) {
    tell(Phase.SETTING_UP, Optional.empty(), inviting.waitingFor());
    boolean everybody = inviting.waitingFor().isEmpty();
    if (!everybody && now.isBefore(since.plus(schedule.keys()))) {
      return false;
    }
    Optional<RosterChoice> choice =
        RosterChoice.of(study.environment(), inviting, coordinator.memory().book());
    if (choice.isPresent()) {
      since = now;
      perform(inviting.propose(study.environment(), choice.get().members(), choice.get().shape()));
      return true;
    }
    if (!everybody) {
      return false;
    }
    return cannotSetUp(inviting.refusals());
  }

  /** Everybody has answered and there is no roster: for good, or to be tried again. */
  private boolean cannotSetUp(Map<SiteId, ErrorCode> refusals) {
    Optional<ErrorCode> decisive =
        refusals.values().stream()
            .filter(code -> code != ErrorCode.BUSY && code != ErrorCode.STATE_ROLLED_BACK)
            .findFirst();
    if (decisive.isPresent()) {
      giveUp(decisive.get(), "Sites refused: " + new TreeMap<>(refusals) + ".");
      return true;
    }
    if (refusals.isEmpty() && study.setup().orElseThrow() instanceof Inviting inviting) {
      Optional<String> weakness = RosterChoice.weakness(study.environment(), inviting);
      if (weakness.isPresent()) {
        giveUp(ErrorCode.ROSTER_TOO_WEAK, weakness.get());
        return true;
      }
    }
    endEpoch(refusals.isEmpty() ? ErrorCode.ROSTER_TOO_WEAK : ErrorCode.BUSY);
    return true;
  }

  private boolean propose(Proposing proposing, Instant now) {
    tell(Phase.SETTING_UP, Optional.empty(), proposing.waitingFor());
    Optional<Transition<SetupState>> active = proposing.activate(study.environment(), now);
    if (active.isPresent()) {
      failedEpochs = 0;
      since = now;
      perform(active.get());
      return true;
    }
    if (!proposing.refusals().isEmpty()) {
      ErrorCode code = proposing.refusals().values().iterator().next();
      if (code == ErrorCode.ROSTER_TOO_WEAK) {
        return cannotSetUp(proposing.refusals());
      }
      endEpoch(code);
      return true;
    }
    if (now.isAfter(since.plus(schedule.acks()))) {
      endEpoch(ErrorCode.DEADLINE_PASSED);
      return true;
    }
    return false;
  }

  private void endEpoch(ErrorCode code) {
    failedEpochs++;
    // A busy population may stay so for hours: ask less and less often.
    int factor = 1 << Math.min(failedEpochs, 6);
    notBefore = coordinator.clock().instant().plus(schedule.retry().multipliedBy(factor));
    perform(study.setup().orElseThrow().end(study.environment(), Optional.of(code)));
  }

  // ---- jobs (2.5)
  // ---------------------------------------------------------------------------------

  private boolean advanceJob(Instant now) {
    int job = study.currentJob().orElseThrow();
    try {
      return advance(job, now);
    } catch (TributaryException e) {
      if (e.code() == ErrorCode.STORAGE_FAILED
          || e.code() == ErrorCode.EXCHANGE_FAILED
          || e.code() == ErrorCode.INTERNAL) {
        throw e;
      }
      fail(job, e);
      return true;
    }
  }

  private boolean advance(int job, Instant now) {
    Optional<RoundState> state = study.round(job);
    if (state.isEmpty()) {
      return openAttempt(new StepId(job, 0), Bytes.take(programs.get(job).start()), now);
    }
    boolean happened = readRound(state.get());
    RoundState current = study.round(job).orElseThrow();
    if (current instanceof Open opening) {
      current = opening.collecting();
      study.update(current);
    }
    if (current instanceof Collecting collecting) {
      return collect(collecting, now) || happened;
    } else if (current instanceof Certifying certifying) {
      return certify(certifying, now) || happened;
    } else if (current instanceof Unmasking unmasking) {
      return unmask(unmasking, now) || happened;
    } else if (current instanceof Verified verified) {
      publish(verified);
      return true;
    } else if (current instanceof Published published) {
      return step(published, now);
    }
    return again((AttemptFailed) current, now);
  }

  private boolean openAttempt(StepId step, Bytes payload, Instant now) {
    Live live = study.live().orElseThrow();
    if (now.isBefore(notBefore)) {
      return false;
    }
    Live.Use use = study.lastEpochOfRounds() == live.epoch() ? Live.Use.USED : Live.Use.UNUSED;
    if (live.isTooOld(now, use)) {
      endEpoch(ErrorCode.STALE_ROUND);
      return true;
    }
    if (!coordinator.memory().book().mayOpen(terms.studyDigest(), live.roster())) {
      tell(Phase.WAITING, Optional.empty(), Set.of());
      return false;
    }
    Optional<AttemptId> id = study.nextAttempt(step);
    if (id.isEmpty()) {
      endEpoch(ErrorCode.STALE_ROUND);
      return true;
    }
    Layout layout = programs.get(step.job()).layout(payload.toArray());
    if (layout.sites() < live.roster().size()) {
      throw Errors.layoutWouldWrap(
          layout.slots().get(0).name(),
          "Its scale is for " + layout.sites() + " sites.",
          "Compile the study for all of its sites.");
    }
    beginWaiting(now);
    opened = now;
    checkedUploads.clear();
    singles.clear();
    authentic.clear();
    summation.forget();
    perform(
        study.openAttempt(
            id.get(),
            payload,
            LayoutDigest.of(layout),
            NoisePlan.hash(layout),
            now.plus(schedule.uploads()).getEpochSecond(),
            layout.blocks(),
            openedBefore(step)));
    return true;
  }

  /** What the sites need to verify the sum before a step, if they do. */
  private Optional<OpenedSum> openedBefore(StepId step) {
    return study
        .lastPublished(step.job())
        .filter(last -> last.id().step() == step.step() - 1)
        .flatMap(last -> opened(last.round(), last.certificate()));
  }

  /** What the members of U need to verify this sum; empty if it is too large for that. */
  private Optional<OpenedSum> opened(Round round, Message.Certificate certificate) {
    return OpenedSum.isVerified(certificate.contributors().size(), layout(round).words())
        ? Optional.of(
            OpenedSum.ofWords(
                coordinator
                    .memory()
                    .words(terms.studyDigest(), round.id().stepId(), round.frames())))
        : Optional.empty();
  }

  private void beginWaiting(Instant now) {
    since = now;
    seen.clear();
    delivered = false;
  }

  private boolean readRound(RoundState state) {
    boolean happened = false;
    Round round = state.round();
    listed = coordinator.exchange().list(names.attempt(round.id()));
    for (String name : listed) {
      if (!seen.contains(name)) {
        happened |= readOne(name, object -> takeRound(round, object));
      }
    }
    return happened;
  }

  private void takeRound(Round round, SignedObject object) {
    SiteId from = new SiteId(object.sender());
    int index =
        round
            .roster()
            .indexOf(from)
            .orElseThrow(() -> Errors.badMessage("'" + from + "' is not in the roster."));
    requireSigned(from, object);
    noteSingle(round.id(), from, object);
    RoundState current = study.round(round.id().job()).orElseThrow();
    study.update(
        current.take(study.environment(), index, object, object.message(round.roster().size())));
  }

  /** Two valid objects of one sender in one place: EQUIVOCATION names their signer (2.6). */
  private void noteSingle(AttemptId id, SiteId from, SignedObject object) {
    if (SINGLE.contains(object.label())) {
      Digest before = singles.putIfAbsent(object.sender() + " " + object.label(), object.digest());
      if (before != null && !before.equals(object.digest())) {
        suspect(id, ErrorCode.EQUIVOCATION, Set.of(from));
      }
    }
  }

  private void suspect(AttemptId id, ErrorCode code, Set<SiteId> sites) {
    Suspicion suspicion = new Suspicion(id, code, sites);
    if (suspicions.add(suspicion)) {
      coordinator.listener().suspected(suspicion);
    }
  }

  private boolean collect(Collecting state, Instant now) {
    Collecting collecting = checkFrames(state);
    study.update(collecting);
    Set<SiteId> needed = needed(collecting);
    boolean late = now.isAfter(since.plus(schedule.uploads()));
    tell(late ? Phase.WAITING : Phase.COLLECTING, Optional.of(collecting.id()), needed);
    if (needed.isEmpty() || late) {
      Collecting restricted = restrict(collecting);
      Agreement agreement = restricted.agreement(study.environment());
      for (int site : agreement.leftOut()) {
        suspect(collecting.id(), ErrorCode.CONTEXT_MISMATCH, ids(collecting.round(), Set.of(site)));
      }
      if (!agreement.tied().isEmpty()) {
        Set<SiteId> tied = ids(collecting.round(), agreement.tied());
        suspect(collecting.id(), ErrorCode.CONTEXT_MISMATCH, tied);
        abandonAttempt(collecting, ErrorCode.CONTEXT_MISMATCH, tied);
        return true;
      }
      Optional<SiteSet> set = restricted.contributors(study.environment(), agreement);
      if (set.isPresent()) {
        beginWaiting(now);
        delivered = true;
        perform(restricted.propose(study.environment(), set.get()));
        return true;
      }
      return cannotCertify(collecting, needed, late, ids(collecting.round(), agreement.leftOut()));
    }
    return false;
  }

  /** Leaves out sites whose frames are not all checked yet. */
  private Collecting restrict(Collecting collecting) {
    Collecting restricted = collecting;
    for (int site : collecting.complete()) {
      if (!checkedUploads.contains(site)) {
        restricted = restricted.without(site, ErrorCode.DEADLINE_PASSED);
      }
    }
    return restricted;
  }

  /** Sites whose upload is waited for: those that sums have had so far, else the whole roster. */
  private Set<SiteId> needed(Collecting collecting) {
    Roster roster = collecting.round().roster();
    Set<SiteId> needed = new TreeSet<>(collecting.waitingFor());
    for (int site : collecting.complete()) {
      if (!checkedUploads.contains(site)) {
        needed.add(roster.id(site));
      }
    }
    coordinator
        .memory()
        .book()
        .requiredContributors(terms.studyDigest(), roster)
        .ifPresent(needed::retainAll);
    return needed;
  }

  private Collecting checkFrames(Collecting collecting) {
    Collecting checked = collecting;
    Round round = collecting.round();
    Layout layout = layout(round);
    for (int site : collecting.complete()) {
      if (!checkedUploads.contains(site)) {
        Message.Upload upload = collecting.upload(site);
        List<StoredFrame> frames = new ArrayList<>();
        for (int frame = 0; frame < round.frames(); frame++) {
          frames.add(storedFrame(round, layout, upload, site, frame));
        }
        Presence presence = summation.check(frames);
        if (presence == Presence.COMPLETE) {
          checkedUploads.add(site);
        } else if (presence == Presence.WRONG) {
          checked = checked.without(site, ErrorCode.BAD_FRAME);
          suspect(round.id(), ErrorCode.BAD_FRAME, ids(round, Set.of(site)));
        }
      }
    }
    return checked;
  }

  private Layout layout(Round round) {
    return programs.get(round.id().job()).layout(round.announcement().payload().toArray());
  }

  private StoredFrame storedFrame(
      Round round, Layout layout, Message.Upload upload, int site, int frame) {
    Digest digest = upload.frames().get(frame);
    return new StoredFrame(
        names.frame(round.id(), round.roster().id(site), frame, digest),
        digest,
        new FrameHeader(
            terms.studyDigest(),
            round.context().round(),
            site,
            frame,
            round.context().terms().layout()),
        LayoutDigest.frame(layout, frame));
  }

  /** No admissible set: a site is out for good, or is waited for, or others want their turn. */
  private boolean cannotCertify(
      Collecting collecting, Set<SiteId> needed, boolean late, Set<SiteId> leftOut) {
    Map<Integer, ErrorCode> out = collecting.uploads().out();
    if (needed.isEmpty()) {
      Optional<Map.Entry<Integer, ErrorCode>> forGood =
          out.entrySet().stream().filter(entry -> isForGood(entry.getValue())).findFirst();
      if (forGood.isPresent()) {
        SiteId site = collecting.round().roster().id(forGood.get().getKey());
        abandonAttempt(collecting, forGood.get().getValue(), Set.of());
        throw Errors.protocol(
            forGood.get().getValue(),
            "Site '"
                + site
                + "' does not contribute to analysis '"
                + terms.study().analyses().get(collecting.id().job()).name()
                + "'.",
            "Its data or its rules do not allow it, and without it the sum is not allowed.",
            "The site itself shows the reason; mend it there and submit the study anew.");
      }
      Set<SiteId> suspects = new TreeSet<>(leftOut);
      out.forEach(
          (site, code) -> {
            if (code == ErrorCode.EQUIVOCATION || code == ErrorCode.BAD_FRAME) {
              suspects.add(collecting.round().roster().id(site));
            }
          });
      ErrorCode code = leftOut.isEmpty() ? ErrorCode.THRESHOLD_LOST : ErrorCode.CONTEXT_MISMATCH;
      abandonAttempt(collecting, out.values().stream().findFirst().orElse(code), suspects);
      return true;
    }
    if (late && aMemberLeft(collecting)) {
      perform(collecting.giveUp(study.environment(), ErrorCode.STATE_ROLLED_BACK, Set.of()));
      endEpoch(ErrorCode.STATE_ROLLED_BACK);
      return true;
    }
    Live live = study.live().orElseThrow();
    if (late && live.isTooOld(coordinator.clock().instant(), Live.Use.USED)) {
      // Sites take no round of this epoch any more: the step goes on in the next one.
      perform(collecting.giveUp(study.environment(), ErrorCode.STALE_ROUND, Set.of()));
      endEpoch(ErrorCode.STALE_ROUND);
      return true;
    }
    if (late && coordinator.memory().book().othersWait(terms.studyDigest())) {
      abandonAttempt(collecting, ErrorCode.BUSY, Set.of());
      return true;
    }
    return false;
  }

  /** Whether a member has left the epoch since its activation: its state was lost or restored. */
  private boolean aMemberLeft(Collecting collecting) {
    Roster roster = collecting.round().roster();
    for (String name : coordinator.exchange().list(names.setup(collecting.id().epoch()))) {
      Optional<byte[]> bytes = coordinator.exchange().get(name);
      if (bytes.isPresent() && isRefusal(roster, bytes.get())) {
        return true;
      }
    }
    return false;
  }

  private static boolean isRefusal(Roster roster, byte[] bytes) {
    try {
      SignedObject object = SignedObject.decode(bytes);
      return object.message(1) instanceof Message.EpochRefusal
          && roster
              .indexOf(new SiteId(object.sender()))
              .filter(index -> object.signedBy(roster.entry(index).key()))
              .isPresent();
    } catch (TributaryException e) {
      return false;
    }
  }

  /** Gives an attempt up; the job too, after several in a row that left the same kind of mark. */
  private void abandonAttempt(RoundState state, ErrorCode code, Set<SiteId> suspects) {
    notBefore = coordinator.clock().instant().plus(schedule.retry());
    perform(state.giveUp(study.environment(), code, suspects));
    if (study.blamedAttempts(state.id().job()) >= MAX_BLAMED_ATTEMPTS) {
      throw Errors.blame(
          code,
          suspects,
          "Attempts at " + state.id().stepId() + " fail again and again.",
          "One of these sites is faulty or lies; the evidence does not say more.",
          "Compare versions and journals of these sites; the objects are kept as evidence.");
    }
  }

  private static Set<SiteId> ids(Round round, Set<Integer> sites) {
    Set<SiteId> ids = new TreeSet<>();
    sites.forEach(site -> ids.add(round.roster().id(site)));
    return ids;
  }

  private static boolean isForGood(ErrorCode code) {
    return code.type() == ErrorType.DATA
        || code.type() == ErrorType.REFUSED
        || code.type() == ErrorType.STUDY
        || code == ErrorCode.STEP_INPUT_CHANGED
        || code == ErrorCode.STEP_LOCKED
        || code == ErrorCode.STATE_UPDATE_MISMATCH
        || code == ErrorCode.CONTRIBUTORS_CHANGED;
  }

  private boolean again(AttemptFailed failed, Instant now) {
    StepId step = failed.id().stepId();
    return openAttempt(step, failed.round().announcement().payload(), now);
  }

  private boolean certify(Certifying certifying, Instant now) {
    boolean happened = false;
    if (!delivered) {
      Optional<List<Effect>> deliveries = certifying.redeliver(study.environment());
      delivered = deliveries.isPresent();
      deliveries.ifPresent(outbox::addAll);
      happened = flush();
    }
    tell(Phase.CERTIFYING, Optional.of(certifying.id()), certifying.waitingFor());
    Optional<Transition<RoundState>> certified = certifying.certify(study.environment());
    if (certified.isPresent()) {
      boolean wasDelivered = delivered;
      beginWaiting(now);
      delivered = wasDelivered;
      perform(certified.get());
      return true;
    }
    if (certifying.isHopeless()) {
      abandonAttempt(certifying, ErrorCode.THRESHOLD_LOST, Set.of());
      return true;
    }
    return happened;
  }

  private boolean unmask(Unmasking unmasking, Instant now) {
    if (!delivered) {
      Optional<List<Effect>> deliveries = unmasking.redeliver(study.environment());
      delivered = deliveries.isPresent();
      deliveries.ifPresent(outbox::addAll);
      flush();
    }
    Set<SiteId> missing = unmasking.waitingFor();
    boolean late = now.isAfter(since.plus(schedule.answers()));
    tell(late ? Phase.WAITING : Phase.UNMASKING, Optional.of(unmasking.id()), missing);
    if (!missing.isEmpty() && !late) {
      return false;
    }
    Optional<OpenedSeeds> seeds = unmasking.open();
    if (seeds.isEmpty()) {
      return false;
    }
    seeds
        .get()
        .findings()
        .forEach(sites -> suspect(unmasking.id(), ErrorCode.SHARE_MISMATCH, sites));
    if (!seeds.get().isComplete()) {
      if (missing.isEmpty()) {
        throw seeds.get().mismatch();
      }
      return false;
    }
    sum(unmasking, seeds.get(), missing, now);
    return true;
  }

  private void sum(Unmasking unmasking, OpenedSeeds seeds, Set<SiteId> vanished, Instant now) {
    Round round = unmasking.round();
    Layout layout = layout(round);
    int[] contributors = seeds.contributors();
    Map<Integer, Message.Upload> uploads = new TreeMap<>();
    for (int site : contributors) {
      uploads.put(site, unmasking.upload(site));
    }
    SummationOrder order =
        new SummationOrder(
            round.frames(),
            frame ->
                uploads.entrySet().stream()
                    .map(
                        entry ->
                            storedFrame(round, layout, entry.getValue(), entry.getKey(), frame))
                    .toList(),
            round.context().round(),
            round.context().checkKey(),
            seeds.seeds(),
            seeds.subtract());
    byte[] salt = new byte[ResultDigest.SALT_BYTES];
    coordinator.random().nextBytes(salt);
    List<Digest> frames = new ArrayList<>();
    summation.sum(
        order,
        (frame, words) -> {
          requireInBounds(layout, frame, words, contributors.length);
          frames.add(ResultDigest.ofFrame(salt, frame, words));
          coordinator.memory().keep(terms.studyDigest(), round.id().stepId(), frame, words);
        });
    if (programs.get(round.id().job()).keepsSums()) {
      coordinator
          .memory()
          .keepState(
              terms.studyDigest(),
              round.id().stepId(),
              round.announcement().payload().toArray(),
              contributors.length);
    }
    if (OpenedSum.isVerified(contributors.length, layout.words())) {
      byte[] key = new byte[Secret32.BYTES];
      coordinator.random().nextBytes(key);
      coordinator
          .memory()
          .keep(
              terms.studyDigest(),
              round.id().stepId(),
              round.frames(),
              new OpenedSum(salt, key, seeds.seeds()).words());
    }
    perform(unmasking.verified(seeds, salt, ResultDigest.of(salt, frames)));
    if (round.id().step() > 0 && !programs.get(round.id().job()).keepsSums()) {
      coordinator
          .memory()
          .forget(terms.studyDigest(), new StepId(round.id().job(), round.id().step() - 1));
    }
    publish((Verified) study.round(round.id().job()).orElseThrow());
    Set<SiteId> members = round.roster().ids(unmasking.certificate().contributors());
    Set<SiteId> absent = round.roster().ids();
    absent.removeAll(members);
    coordinator
        .listener()
        .roundTaken(
            new CoordinatorListener.RoundTaken(
                round.id(),
                opened,
                Duration.between(opened, now),
                members,
                absent,
                vanished,
                layout.words()));
  }

  private static void requireInBounds(Layout layout, int frame, long[] words, int contributors) {
    FrameShape shape = LayoutDigest.frame(layout, frame);
    if (words.length != shape.dataWords()) {
      throw Errors.internal("A sum has " + words.length + " words for " + shape + ".", null);
    }
    Optional<Slot> violated = GridBounds.violated(layout, frame, words, contributors);
    if (violated.isPresent()) {
      throw Errors.protocol(
          ErrorCode.CHECK_FAILED,
          "The sum of slot '" + violated.get().name() + "' lies beyond the sites' bounds.",
          "A site added more than its bound allows.",
          "Compare the sites' versions; the sum is not used.");
    }
  }

  private void publish(Verified verified) {
    summation.forget();
    boolean goesOn = next(verified.round(), verified.certificate()) instanceof Step.Next<byte[], ?>;
    perform(
        verified.publish(
            study.environment(),
            goesOn ? opened(verified.round(), verified.certificate()) : Optional.empty()));
  }

  private boolean step(Published published, Instant now) {
    AttemptId id = published.id();
    Step<byte[], ?> step = next(published.round(), published.certificate());
    if (step instanceof Step.Next<byte[], ?> next) {
      return openAttempt(new StepId(id.job(), id.step() + 1), Bytes.of(next.state()), now);
    }
    Object result = ((Step.Done<byte[], ?>) step).result();
    results.put(id.job(), result);
    coordinator.listener().jobDone(id.job(), result);
    perform(study.endJob(id.job(), Optional.empty(), Set.of()));
    removeObjects(id.job());
    return true;
  }

  /**
   * JobClosed is out: frames and boxes of all the job's attempts go (PROTOCOL.md 2.5, R4). What
   * sites signed stays, since a site that was set back finds its own future by it (2.8, Rollback).
   */
  private void removeObjects(int job) {
    for (long epoch : study.epochs(job)) {
      coordinator.exchange().remove(names.frames(epoch, job));
      for (int site = 0; site < terms.study().sites().size(); site++) {
        coordinator.exchange().remove(names.deliveries(epoch, job, site));
      }
    }
  }

  /** What follows from a sum; computed once. */
  private Step<byte[], ?> next(Round round, Message.Certificate certificate) {
    if (taken.isEmpty() || !taken.get().id().equals(round.id())) {
      Step<byte[], ?> step = update(programs.get(round.id().job()), round, certificate);
      taken = Optional.of(new Taken(round.id(), step));
    }
    return taken.get().step();
  }

  /** A sum that was taken, and what follows from it. */
  private record Taken(AttemptId id, Step<byte[], ?> step) {}

  private Step<byte[], ?> update(
      Program<?, ?> program, Round round, Message.Certificate certificate) {
    byte[] payload = round.announcement().payload().toArray();
    Aggregate sum =
        Aggregate.of(
            program.layout(payload),
            certificate.contributors().size(),
            block -> coordinator.memory().words(terms.studyDigest(), round.id().stepId(), block));
    return program.update(
        payload,
        sum,
        program.keepsSums() ? new Kept(program, round.id().stepId()) : EarlierSums.NONE);
  }

  /** The sums of a job before a step, from the store. */
  private final class Kept implements EarlierSums {
    private final Program<?, ?> program;
    private final StepId before;

    Kept(Program<?, ?> program, StepId before) {
      this.program = program;
      this.before = before;
    }

    private StepId at(int step) {
      return new StepId(before.job(), Objects.checkIndex(step, size()));
    }

    @Override
    public int size() {
      return before.step();
    }

    @Override
    public byte[] state(int step) {
      return coordinator.memory().state(terms.studyDigest(), at(step));
    }

    @Override
    public Aggregate sum(int step) {
      return Aggregate.of(
          program.layout(state(step)),
          coordinator.memory().contributors(terms.studyDigest(), at(step)),
          block -> coordinator.memory().words(terms.studyDigest(), at(step), block));
    }
  }

  /** Results of jobs that ended in an earlier life: their last sums are kept. */
  private void recallResults() {
    for (int job = 0; job < terms.jobs(); job++) {
      if (!study.hasEnded(job)) {
        continue;
      }
      Optional<ErrorCode> code = study.failure(job);
      if (code.isPresent()) {
        TributaryException failure = failure(job, code.get(), study.suspects(job));
        failures.put(job, failure);
        coordinator.listener().jobFailed(job, failure);
      } else {
        Published last = study.lastPublished(job).orElseThrow();
        if (update(programs.get(job), last.round(), last.certificate())
            instanceof Step.Done<byte[], ?> done) {
          results.put(job, done.result());
          coordinator.listener().jobDone(job, done.result());
        }
      }
    }
  }

  private TributaryException failure(int job, ErrorCode code, Set<SiteId> suspects) {
    return Errors.blame(
        code,
        suspects,
        "Analysis '" + terms.study().analyses().get(job).name() + "' was given up.",
        "See the coordinator's journal for what led to it.",
        "Mend the cause and submit the study anew.");
  }

  private void fail(int job, TributaryException reason) {
    failures.put(job, reason);
    coordinator.listener().jobFailed(job, reason);
    Optional<RoundState> round = study.round(job);
    if (round.isPresent() && round.get() instanceof Collecting collecting) {
      perform(collecting.giveUp(study.environment(), reason.code(), reason.suspects()));
    }
    perform(study.endJob(job, Optional.of(reason.code()), reason.suspects()));
    removeObjects(job);
  }

  // ---- the end
  // ------------------------------------------------------------------------------------

  private void finish() {
    study.live().ifPresent(live -> perform(live.end(study.environment(), Optional.empty())));
    tell(Phase.DONE, Optional.empty(), Set.of());
  }

  private void giveUp(ErrorCode code, String why) {
    TributaryException reason =
        Errors.blame(
            code,
            status.suspects(),
            "Study '" + terms.study().name() + "' is given up.",
            why,
            "Released results stay; bring the missing sites back and submit the study anew.");
    for (int job = 0; job < terms.jobs(); job++) {
      if (!study.hasEnded(job)) {
        fail(job, reason);
      }
    }
    study
        .setup()
        .filter(state -> !(state instanceof Over))
        .ifPresent(state -> perform(state.end(study.environment(), Optional.of(code))));
    gaveUp = Optional.of(reason);
    tell(Phase.GIVEN_UP, Optional.empty(), status.waitingFor());
  }

  // ---- effects
  // ------------------------------------------------------------------------------------

  /** Takes one object; it is refused alone, with its reason. */
  private interface Taker {
    void take(SignedObject object);
  }

  private boolean readOne(String name, Taker taker) {
    try {
      // An object that is damaged where it lies is refused like one that was never right.
      Optional<byte[]> bytes = coordinator.exchange().get(name);
      if (bytes.isEmpty()) {
        return false;
      }
      SignedObject object = SignedObject.decode(bytes.get());
      if (!name.endsWith("-" + object.sender() + "-" + object.digest().shortHex())) {
        throw Errors.badMessage("An object does not bear its own hash and sender in its name.");
      }
      taker.take(object);
    } catch (TributaryException e) {
      if (e.code() == ErrorCode.STORAGE_FAILED || e.code() == ErrorCode.EXCHANGE_FAILED) {
        throw e;
      }
      coordinator.listener().refused(name, e);
    }
    seen.add(name);
    return true;
  }

  private void requireSigned(SiteId from, SignedObject object) {
    if (authentic.contains(object.digest())) {
      return;
    }
    boolean signed = terms.key(from).map(object::signedBy).orElse(false);
    if (!signed) {
      throw Roster.badSignature(from.value(), object.label());
    }
    authentic.add(object.digest());
  }

  private void perform(Transition<?> transition) {
    for (Effect effect : transition.effects()) {
      if (effect instanceof Effect.SaveSecrets) {
        coordinator.memory().save(terms.studyDigest(), secrets);
      } else if (effect instanceof Effect.Journal journal) {
        coordinator.memory().append(terms.studyDigest(), (CoordinatorRecord) journal.record());
      }
    }
    study.commit(transition);
    transition.effects().stream()
        .filter(effect -> effect instanceof Effect.Send)
        .forEach(outbox::add);
    flush();
  }

  private boolean flush() {
    boolean sent = false;
    while (!outbox.isEmpty()) {
      if (outbox.peek() instanceof Effect.Send send) {
        coordinator
            .exchange()
            .put(
                names.ofCoordinator(send.place(), send.object()), send.object().encoded().shared());
      }
      outbox.remove();
      sent = true;
    }
    return sent;
  }

  private void tell(Phase phase, Optional<AttemptId> attempt, Set<SiteId> waitingFor) {
    Set<SiteId> suspects = new TreeSet<>();
    suspicions.forEach(suspicion -> suspects.addAll(suspicion.suspects()));
    Status next = new Status(phase, attempt, waitingFor, suspects);
    if (!next.equals(status)) {
      status = next;
      coordinator.listener().status(next);
    }
  }

  @Override
  public String toString() {
    return "CoordinatorPump[" + terms + " " + status + "]";
  }
}
