package io.tributary.exchange;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.codec.ArrowFrame;
import io.tributary.codec.Digest;
import io.tributary.codec.FixedPoint;
import io.tributary.codec.FixedVector;
import io.tributary.codec.LayoutDigest;
import io.tributary.codec.SiteSet;
import io.tributary.identity.SigningIdentity;
import io.tributary.protocol.AttemptId;
import io.tributary.protocol.Bytes;
import io.tributary.protocol.Effect;
import io.tributary.protocol.Message;
import io.tributary.protocol.OpenedSum;
import io.tributary.protocol.Place;
import io.tributary.protocol.Roster;
import io.tributary.protocol.SignedObject;
import io.tributary.protocol.StudyTerms;
import io.tributary.protocol.Transition;
import io.tributary.protocol.site.Abandoned;
import io.tributary.protocol.site.Acked;
import io.tributary.protocol.site.Active;
import io.tributary.protocol.site.Admission;
import io.tributary.protocol.site.Announced;
import io.tributary.protocol.site.Answered;
import io.tributary.protocol.site.Attempt;
import io.tributary.protocol.site.AttemptSeeds;
import io.tributary.protocol.site.AttemptState;
import io.tributary.protocol.site.EpochState;
import io.tributary.protocol.site.KeySent;
import io.tributary.protocol.site.None;
import io.tributary.protocol.site.Opening;
import io.tributary.protocol.site.Prepared;
import io.tributary.protocol.site.Signed;
import io.tributary.protocol.site.SiteEnvironment;
import io.tributary.protocol.site.SiteMemory;
import io.tributary.protocol.site.SiteRecord;
import io.tributary.protocol.site.SiteSecrets;
import io.tributary.protocol.site.SiteStudy;
import io.tributary.protocol.site.SumVerification;
import io.tributary.protocol.site.Uploaded;
import io.tributary.protocol.site.Uploading;
import io.tributary.study.ErrorCode;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Runs one study at a site: reads what the coordinator wrote, lets the states decide, and performs
 * their effects, journal before sending (PROTOCOL.md 2.8). Restarted over the same memory and
 * exchange it goes on where it stopped. Not thread-safe; pumps of several studies may run on
 * several threads over one {@link SiteMemory}.
 */
public final class SitePump {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Equipment site;
  private final StudyTerms terms;
  private final StepInput input;
  private final ObjectNames names;
  private final SiteSecrets secrets;
  private final SiteEnvironment environment;
  private final SiteStudy study;
  private final Set<String> done = new HashSet<>();
  private final Map<AttemptId, Message.RoundOpen> announcements = new HashMap<>();
  private final Deque<Effect> outbox = new ArrayDeque<>();
  private final Map<String, Optional<ObjectNames.CoordinatorObject>> parsed = new HashMap<>();

  /** Objects that are waiting for others, by name. */
  private final Map<String, SignedObject> verified = new HashMap<>();

  private List<String> listed = List.of();
  private Listing glance = new Listing(List.of());

  /** What a site's pumps have in common. */
  public record Equipment(
      SiteId self,
      SigningIdentity identity,
      SiteMemory memory,
      Exchange exchange,
      Admission admission,
      Clock clock,
      SecureRandom random,
      SiteListener listener) {}

  /** Rebuilds the study from the site's memory; what was sent before is sent again. */
  public SitePump(Equipment site, StudyTerms terms, StepInput input) {
    this.site = site;
    this.terms = terms;
    this.input = input;
    this.names = new ObjectNames(terms.studyDigest());
    this.secrets = site.memory().secrets(terms.studyDigest());
    this.environment =
        new SiteEnvironment(
            terms,
            site.self(),
            site.identity(),
            site.admission().declarations(terms),
            secrets,
            site.memory().book(),
            epoch -> site.admission().anchor(terms, epoch),
            site.random());
    this.study = new SiteStudy(environment);
    for (SiteRecord record : site.memory().records(terms.studyDigest())) {
      study.replay(record);
    }
    outbox.addAll(study.resend());
    refuseRolledBack();
  }

  /** The states, for status and tests. */
  public SiteStudy study() {
    return study;
  }

  /** Whether every job has ended. */
  public boolean isOver() {
    return study.isOver() && outbox.isEmpty();
  }

  /**
   * One pass over what is there; does not wait for anything, but computes what is asked for.
   *
   * @return whether anything happened
   * @throws TributaryException STORAGE_FAILED, after which the pump must be made anew;
   *     EXCHANGE_FAILED, after which the next pass sends again
   */
  public boolean poll() {
    boolean happened = flush();
    Optional<Transition<EpochState>> expired = study.expired(site.clock().instant());
    if (expired.isPresent()) {
      perform(expired.get());
      happened = true;
    }
    List<String> listing = site.exchange().list(names.coordinator());
    if (!listing.equals(listed)) {
      listing.forEach(name -> parsed.computeIfAbsent(name, names::parse));
      glance = new Listing(listing);
      listed = listing;
    }
    happened |= read();
    happened |= contribute();
    if (isOver()) {
      leave();
    }
    return happened;
  }

  /**
   * The study is over, whatever the coordinator said of its analyses and epochs, and whatever of
   * that came: nothing more is sent, all keys go, and the population is held no longer.
   */
  public void leave() {
    outbox.clear();
    study.endings().forEach(this::perform);
  }

  /** Runs until every job has ended, the deadline passes, or the thread is interrupted. */
  public void run(Instant deadline) {
    while (!isOver() && site.clock().instant().isBefore(deadline)) {
      if (Thread.currentThread().isInterrupted()) {
        return;
      }
      if (!poll()) {
        site.exchange().await(names.coordinator(), listed, PATIENCE);
      }
    }
  }

  // ---- reading
  // ------------------------------------------------------------------------------------

  private boolean read() {
    boolean happened = false;
    for (String name : listed) {
      if (done.contains(name)) {
        continue;
      }
      Optional<ObjectNames.CoordinatorObject> object = parsed.get(name);
      try {
        if (object.isEmpty() || take(name, object.get(), glance)) {
          done(name);
          happened = true;
        }
      } catch (TributaryException e) {
        if (e.code() == ErrorCode.STORAGE_FAILED || e.code() == ErrorCode.EXCHANGE_FAILED) {
          throw e;
        }
        done(name);
        happened = true;
        site.listener().refused(name, e);
      }
    }
    return happened;
  }

  private void done(String name) {
    done.add(name);
    verified.remove(name);
  }

  /** What a listing says at a glance: epochs that are closed, the newest attempt of each job. */
  private final class Listing {
    final Set<Long> closedEpochs = new HashSet<>();
    final Map<Integer, AttemptId> newest = new TreeMap<>();

    Listing(List<String> listing) {
      for (String name : listing) {
        parsed.get(name).ifPresent(this::add);
      }
    }

    private void add(ObjectNames.CoordinatorObject object) {
      Place place = object.place();
      if (place.job().isEmpty() && object.kind().equals("z-closed")) {
        closedEpochs.add(place.epoch());
      }
      place
          .attempt()
          .ifPresent(id -> newest.merge(id.job(), id, (a, b) -> a.compareTo(b) >= 0 ? a : b));
    }
  }

  /** Whether the object is dealt with; false to look at it again in the next pass. */
  private boolean take(String name, ObjectNames.CoordinatorObject object, Listing listed) {
    if (object.place().attempt().isPresent()) {
      return takeRound(name, object.kind(), object.place().attempt().get(), listed);
    }
    if (object.place().job().isPresent()) {
      return takeJobClosed(name, object.place().epoch());
    }
    return takeSetup(name, object, listed);
  }

  /** Reads and verifies an object of the coordinator, once, however often it is looked at. */
  private Optional<SignedObject> fetch(String name) {
    SignedObject kept = verified.get(name);
    if (kept != null) {
      return Optional.of(kept);
    }
    Optional<byte[]> bytes = site.exchange().get(name);
    if (bytes.isEmpty()) {
      return Optional.empty();
    }
    SignedObject object = SignedObject.decode(bytes.get());
    if (!object.sender().equals(terms.coordinator())
        || !object.signedBy(terms.coordinatorKey())
        || !name.endsWith("-" + object.digest().shortHex())) {
      throw Roster.badSignature(terms.coordinator(), "object");
    }
    verified.put(name, object);
    return Optional.of(object);
  }

  private boolean takeSetup(String name, ObjectNames.CoordinatorObject object, Listing listed) {
    long epoch = object.place().epoch();
    EpochState state = study.epoch(epoch);
    boolean closing = object.kind().equals("z-closed");
    if (!closing && listed.closedEpochs.contains(epoch)) {
      return true;
    }
    boolean expected =
        closing
            || (object.kind().equals("0-open") && state instanceof None)
            || (object.kind().equals("1-roster") && state instanceof KeySent)
            || (object.kind().equals("2-active") && state instanceof Acked);
    if (!expected) {
      // Later than the state: wait for what comes before it. Earlier: done with.
      return state instanceof Active
          || object.kind().equals("0-open")
          || !(state instanceof None || state instanceof KeySent);
    }
    Optional<SignedObject> fetched = fetch(name);
    if (fetched.isEmpty()) {
      return false;
    }
    Message message = fetched.get().message(1);
    requirePlace(message, epoch);
    if (message instanceof Message.EpochClosed closed) {
      study.close(closed).ifPresent(this::perform);
      return true;
    }
    decideAndPerform(
        () -> {
          Optional<ErrorCode> refused = state instanceof None ? refusalOfStudy() : Optional.empty();
          return refused.isPresent()
              ? study.refuse(epoch, refused.get())
              : study.handle(fetched.get(), message, epoch, site.clock().instant());
        });
    return true;
  }

  private Optional<ErrorCode> refusalOfStudy() {
    Optional<ErrorCode> expired = expired();
    return expired.isPresent() ? expired : site.admission().refusalOfStudy(terms);
  }

  /** Study and consortium file are valid for a time; a round may be opened inside it only. */
  private Optional<ErrorCode> expired() {
    Instant now = site.clock().instant();
    if (now.isAfter(terms.study().validUntil())) {
      return Optional.of(ErrorCode.STUDY_EXPIRED);
    }
    boolean valid =
        !now.isBefore(terms.consortium().validFrom())
            && !now.isAfter(terms.consortium().validUntil());
    return valid ? Optional.empty() : Optional.of(ErrorCode.CONSORTIUM_INVALID);
  }

  /** A message of the set-up names its study and epoch; it must stand where it belongs. */
  private void requirePlace(Message message, long epoch) {
    boolean fits =
        message instanceof Message.EpochOpen open
            ? open.epoch() == epoch && open.study().equals(terms.studyDigest())
            : message instanceof Message.RosterProposal roster
                ? roster.epoch() == epoch && roster.study().equals(terms.studyDigest())
                : message instanceof Message.EpochActive active
                    ? active.epoch() == epoch && active.study().equals(terms.studyDigest())
                    : message instanceof Message.EpochClosed closed
                        && closed.epoch() == epoch
                        && closed.study().equals(terms.studyDigest());
    if (!fits) {
      throw Errors.badMessage("A message of the set-up stands under another study or epoch.");
    }
  }

  private boolean takeJobClosed(String name, long epoch) {
    Optional<SignedObject> fetched = fetch(name);
    if (fetched.isEmpty()) {
      return false;
    }
    if (!(fetched.get().message(1) instanceof Message.JobClosed closed)) {
      throw Errors.badMessage("What stands where JobClosed must stand is something else.");
    }
    Optional<Active> active = study.active(epoch);
    if (active.isPresent()
        && !closed.epochContext().equals(active.get().roster().terms().context())) {
      throw Errors.badMessage("A JobClosed belongs to another epoch.");
    }
    study.close(closed).ifPresent(this::perform);
    return true;
  }

  private boolean takeRound(String name, String kind, AttemptId id, Listing listed) {
    EpochState epoch = study.epoch(id.epoch());
    if (!(epoch instanceof Active active)) {
      return epoch instanceof Abandoned || listed.closedEpochs.contains(id.epoch());
    }
    int n = active.roster().size();
    return switch (kind) {
      case "0-open" -> takeOpen(name, id, n, listed);
      case "1-set" -> takeSet(name, id, n);
      case "2-certificate" -> takeCertificate(name, id, active);
      case "3-result" -> takeResult(name, id, n);
      case "9-abort" -> takeAbort(name, id, n);
      default -> true;
    };
  }

  private boolean takeOpen(String name, AttemptId id, int n, Listing listed) {
    boolean known = study.attempt(id).isPresent();
    if (!known && !id.equals(listed.newest.get(id.job()))) {
      return true;
    }
    Optional<SignedObject> fetched = fetch(name);
    if (fetched.isEmpty()) {
      return false;
    }
    SignedObject object = fetched.get();
    if (known && !study.attempt(id).get().attempt().open().equals(object.digest())) {
      AttemptState state = study.attempt(id).get();
      if (state.isUploading() || state instanceof Uploaded || state instanceof Signed) {
        decideAndPerform(() -> state.die(environment, ErrorCode.EQUIVOCATION));
      }
      throw SiteStudy.equivocation("RoundOpen", id);
    }
    SiteStudy.Judgement judgement = study.judge(object, id, site.clock().instant());
    if (judgement == SiteStudy.Judgement.WAIT) {
      return false;
    }
    if (judgement == SiteStudy.Judgement.STALE) {
      return true;
    }
    if (!(object.message(n) instanceof Message.RoundOpen open)) {
      throw Errors.badMessage("What stands where RoundOpen must stand is something else.");
    }
    if (judgement == SiteStudy.Judgement.FRESH) {
      Optional<Message.Result> previous = previousResult(id, open, n);
      study.closePrevious(id, open, previous).ifPresent(this::perform);
      if (id.step() == 0) {
        requireStart(id, open);
      } else if (previous.isPresent() && !followsFrom(id, open, previous.get())) {
        return false;
      }
      decideAndPerform(() -> study.announce(object, open, id));
    }
    announcements.keySet().removeIf(older -> older.job() == id.job());
    announcements.put(id, open);
    return true;
  }

  /**
   * The Result that a RoundOpen carries. Its bitmap is over the roster of its own epoch, which may
   * have had another size; to a site that was not in that epoch only the transcript matters.
   */
  private Optional<Message.Result> previousResult(AttemptId id, Message.RoundOpen open, int n) {
    if (open.previous().isEmpty()) {
      return Optional.empty();
    }
    SignedObject object = SignedObject.decode(open.previous().get(0).toArray());
    if (!object.sender().equals(terms.coordinator()) || !object.signedBy(terms.coordinatorKey())) {
      throw Roster.badSignature(terms.coordinator(), "Result");
    }
    for (Attempt attempt : study.attemptsBefore(id)) {
      Optional<Message.Result> result =
          resultOver(object, attempt.epoch().roster().size())
              .filter(read -> read.round().equals(attempt.context().round()));
      if (result.isPresent()) {
        return result;
      }
    }
    Optional<Message.Result> result = resultOver(object, n);
    for (int size = 8; result.isEmpty() && size <= SiteSet.MAX_SITES; size += 8) {
      result = resultOver(object, size);
    }
    return result;
  }

  private static Optional<Message.Result> resultOver(SignedObject object, int sites) {
    try {
      return object.message(sites) instanceof Message.Result result
          ? Optional.of(result)
          : Optional.empty();
    } catch (TributaryException e) {
      return Optional.empty();
    }
  }

  /** A job begins where the study says, and nowhere else (PROTOCOL.md 2.5, R0). */
  private void requireStart(AttemptId id, Message.RoundOpen open) {
    if (!Digest.sha256(input.start(id.job())).equals(open.terms().broadcast())) {
      perform(study.refuseState(id, open, ErrorCode.STATE_UPDATE_MISMATCH));
      throw OpenedSum.mismatch("It is the first question, and not the one that the study asks.");
    }
  }

  /**
   * Verified sums (PROTOCOL.md 2.5): a member of U goes on only to the state that it computes
   * itself from the last sum. False if something is not there yet; STATE_UPDATE_MISMATCH.
   */
  private boolean followsFrom(AttemptId id, Message.RoundOpen open, Message.Result previous) {
    Optional<Attempt> before = study.summedBefore(id, previous);
    if (before.isEmpty()) {
      return true;
    }
    try {
      Optional<byte[]> broadcast = broadcast(before.get());
      if (broadcast.isEmpty()) {
        return false;
      }
      Layout layout = input.layout(id.job(), id.step() - 1, broadcast.get());
      if (!OpenedSum.isVerified(previous.contributors().size(), layout.words())) {
        return true;
      }
      Optional<Aggregate> sum = verifiedSum(id, before.get(), open, previous, layout);
      if (sum.isEmpty()) {
        return false;
      }
      Optional<byte[]> next = input.next(id.job(), broadcast.get(), sum.get());
      if (!next.map(Digest::sha256).equals(Optional.of(open.terms().broadcast()))) {
        throw OpenedSum.mismatch("This site computes another state from the sum.");
      }
      site.listener().sumVerified(id);
      return true;
    } catch (TributaryException e) {
      if (e.code() == ErrorCode.STORAGE_FAILED || e.code() == ErrorCode.EXCHANGE_FAILED) {
        throw e;
      }
      perform(study.refuseState(id, open, ErrorCode.STATE_UPDATE_MISMATCH));
      throw e.code() == ErrorCode.STATE_UPDATE_MISMATCH
          ? e
          : OpenedSum.mismatch("The sum cannot be verified: " + e.code() + ".");
    }
  }

  /** What was announced in an attempt that this site took part in. */
  private Optional<byte[]> broadcast(Attempt attempt) {
    Message.RoundOpen open = announcements.get(attempt.id());
    if (open == null) {
      Optional<SignedObject> stored = fetch(names.open(attempt.id(), attempt.open()));
      if (stored.isEmpty()) {
        return Optional.empty();
      }
      open = (Message.RoundOpen) stored.get().message(attempt.epoch().roster().size());
    }
    return Optional.of(open.payload().toArray());
  }

  /** Empty if an object is not there yet. */
  private Optional<Aggregate> verifiedSum(
      AttemptId id, Attempt before, Message.RoundOpen open, Message.Result result, Layout layout) {
    SignedObject proof = SignedObject.decode(open.previous().get(1).toArray());
    if (!(proof.message(before.epoch().roster().size())
        instanceof Message.Certificate certificate)) {
      throw OpenedSum.mismatch("The sum has no Certificate.");
    }
    Map<Integer, SignedObject> uploads = new TreeMap<>();
    int position = 0;
    for (int member : certificate.contributors().indices()) {
      Optional<byte[]> stored =
          site.exchange()
              .get(
                  names.upload(
                      before.id(),
                      before.epoch().roster().id(member),
                      certificate.uploads().get(position++)));
      if (stored.isEmpty()) {
        return Optional.empty();
      }
      uploads.put(member, SignedObject.decode(stored.get()));
    }
    SumVerification verification =
        new SumVerification(
            environment, before, result, proof, uploads, resealed(id, before, open));
    long[][] blocks = new long[layout.blocks()][];
    for (int block = 0; block < blocks.length; block++) {
      Optional<long[][]> masked = frames(before, verification, layout, block);
      if (masked.isEmpty()) {
        return Optional.empty();
      }
      blocks[block] = verification.sum(block, masked.get(), LayoutDigest.frame(layout, block));
    }
    verification.finish();
    return Optional.of(
        Aggregate.of(layout, certificate.contributors().size(), block -> blocks[block]));
  }

  private Optional<SumVerification.Resealed> resealed(
      AttemptId id, Attempt before, Message.RoundOpen open) {
    Active active = study.active(id.epoch()).orElseThrow();
    boolean again = id.epoch() != before.id().epoch() && open.sealedSum().size() > active.self();
    return again
        ? Optional.of(
            new SumVerification.Resealed(
                id.epoch(), active.self(), open.sealedSum().get(active.self())))
        : Optional.empty();
  }

  private Optional<long[][]> frames(
      Attempt before, SumVerification verification, Layout layout, int frame) {
    List<long[]> masked = new ArrayList<>();
    for (int member : verification.contributors()) {
      Digest digest = verification.frame(member, frame);
      Optional<byte[]> stored =
          site.exchange()
              .get(names.frame(before.id(), before.epoch().roster().id(member), frame, digest));
      if (stored.isEmpty()) {
        return Optional.empty();
      }
      if (!Digest.sha256(stored.get()).equals(digest)) {
        throw OpenedSum.mismatch("A frame is not the one that its Upload names.");
      }
      masked.add(
          ArrowFrame.decode(
              stored.get(),
              verification.header(member, frame),
              LayoutDigest.frame(layout, frame).totalWords()));
    }
    return Optional.of(masked.toArray(long[][]::new));
  }

  private boolean takeSet(String name, AttemptId id, int n) {
    Optional<AttemptState> state = study.attempt(id);
    if (state.isEmpty() || state.get().isUploading()) {
      return !isPending(id);
    }
    Optional<SignedObject> fetched = fetch(name);
    if (fetched.isEmpty()) {
      return false;
    }
    if (!(fetched.get().message(n) instanceof Message.SurvivorSet set)) {
      throw Errors.badMessage("What stands where SurvivorSet must stand is something else.");
    }
    if (set.contributors().contains(state.get().attempt().self())) {
      decideAndPerform(() -> state.get().sign(environment, study.lock(id.stepId()), set));
    }
    return true;
  }

  /** Whether the attempt's announcement may still be accepted, or its upload is under way. */
  private boolean isPending(AttemptId id) {
    return study.attempt(id).map(AttemptState::isUploading).orElse(true)
        && announcements.keySet().stream()
            .noneMatch(newer -> newer.job() == id.job() && newer.compareTo(id) > 0);
  }

  private boolean takeCertificate(String name, AttemptId id, Active active) {
    Optional<AttemptState> state = study.attempt(id);
    if (state.isEmpty() || state.get().isUploading()) {
      return !isPending(id);
    }
    if (state.get().upload().isEmpty()) {
      return true;
    }
    Optional<SignedObject> fetched = fetch(name);
    if (fetched.isEmpty()) {
      return false;
    }
    if (!(fetched.get().message(active.roster().size())
        instanceof Message.Certificate certificate)) {
      throw Errors.badMessage("What stands where Certificate must stand is something else.");
    }
    if (!certificate.contributors().contains(active.self())) {
      return true;
    }
    Optional<Opening> opening = opening(id, active, fetched.get().digest(), certificate);
    if (opening.isEmpty()) {
      return false;
    }
    AttemptState next =
        decideAndPerform(
            () -> state.get().answer(environment, study.lock(id.stepId()), opening.get()));
    if (next instanceof Answered answered && !answered.unreadable().isEmpty()) {
      site.listener().unreadableBoxes(id, answered.unreadable());
    }
    return true;
  }

  /**
   * The other contributors' Uploads and the boxes delivered; empty if something is not there yet.
   */
  private Optional<Opening> opening(
      AttemptId id, Active active, Digest digest, Message.Certificate certificate) {
    Roster roster = active.roster();
    Map<Integer, SignedObject> uploads = new TreeMap<>();
    for (int other : certificate.contributors().indices()) {
      if (other != active.self()) {
        Optional<byte[]> stored =
            site.exchange().get(names.upload(id, roster.id(other), certificate.upload(other)));
        if (stored.isEmpty()) {
          return Optional.empty();
        }
        uploads.put(other, SignedObject.decode(stored.get()));
      }
    }
    List<String> deliveries = site.exchange().list(names.delivery(id, active.self()));
    for (String delivery : deliveries) {
      Optional<SignedObject> fetched = fetch(delivery);
      if (fetched.isPresent()
          && fetched.get().message(roster.size()) instanceof Message.Boxes boxes
          && boxes.round().equals(certificate.round())
          && boxes.to() == active.self()
          && boxes.boxes().size() == uploads.size()) {
        Map<Integer, Bytes> byDealer = new TreeMap<>();
        int at = 0;
        for (int dealer : uploads.keySet()) {
          byDealer.put(dealer, boxes.boxes().get(at++));
        }
        return Optional.of(new Opening(digest, certificate, uploads, byDealer));
      }
    }
    return Optional.empty();
  }

  private boolean takeResult(String name, AttemptId id, int n) {
    Optional<SignedObject> fetched = fetch(name);
    if (fetched.isEmpty()) {
      return false;
    }
    if (!(fetched.get().message(n) instanceof Message.Result result)) {
      throw Errors.badMessage("What stands where Result must stand is something else.");
    }
    study.close(id, result).ifPresent(this::perform);
    return true;
  }

  private boolean takeAbort(String name, AttemptId id, int n) {
    Optional<SignedObject> fetched = fetch(name);
    if (fetched.isEmpty()) {
      return false;
    }
    if (!(fetched.get().message(n) instanceof Message.AttemptAbort abort)) {
      throw Errors.badMessage("What stands where AttemptAbort must stand is something else.");
    }
    study.abort(id, abort).ifPresent(this::perform);
    return true;
  }

  // ---- contributing
  // -------------------------------------------------------------------------------

  private boolean contribute() {
    boolean happened = false;
    for (AttemptState state : study.openAttempts()) {
      Message.RoundOpen open = announcements.get(state.id());
      if (state.isUploading() && open != null) {
        upload(state, open);
        happened = true;
      }
    }
    return happened;
  }

  private void upload(AttemptState state, Message.RoundOpen open) {
    AttemptId id = state.id();
    try {
      byte[] broadcast = open.payload().toArray();
      Layout layout = input.layout(id.job(), id.step(), broadcast);
      requireAdmitted(state.attempt(), layout);
      AttemptState prepared =
          state instanceof Announced announced
              ? decideAndPerform(() -> announced.prepare(environment))
              : state;
      Partial partial = input.contribute(id.job(), id.step(), broadcast);
      if (!partial.layout().equals(layout)) {
        throw Errors.internal("The partial of step " + id.stepId() + " has another layout.", null);
      }
      Uploading uploading =
          prepared instanceof Prepared fresh ? fresh.begin() : (Uploading) prepared;
      sendFrames(uploading, partial);
    } catch (TributaryException e) {
      if (e.code() == ErrorCode.STORAGE_FAILED || e.code() == ErrorCode.EXCHANGE_FAILED) {
        throw e;
      }
      site.listener().declined(id, e);
      decideAndPerform(() -> study.attempt(id).orElseThrow().die(environment, e.code()));
    }
  }

  private void requireAdmitted(Attempt attempt, Layout layout) {
    Optional<ErrorCode> refused = study.refusalOf(attempt, layout);
    if (refused.isEmpty() && layout.sites() < attempt.epoch().roster().size()) {
      refused = Optional.of(ErrorCode.LAYOUT_WOULD_WRAP);
    }
    if (refused.isEmpty()) {
      refused = expired();
    }
    if (refused.isEmpty()) {
      refused = site.admission().refusalOfStep(terms, attempt.id().stepId(), layout);
    }
    if (refused.isPresent()) {
      throw Errors.protocol(
          refused.get(),
          "This site does not take part in " + attempt.id() + ".",
          "Its rules, its earlier answers or its own computation do not allow it.",
          "See the site's journal and policy.");
    }
  }

  private void sendFrames(Uploading uploading, Partial partial) {
    AttemptSeeds seeds = AttemptSeeds.derive(environment, uploading.attempt());
    try {
      int blocks = partial.layout().blocks();
      for (int block = 0; block < blocks; block++) {
        FixedVector vector = FixedPoint.encode(partial, block);
        seeds.addNoise(partial.layout(), vector);
        int frame = block;
        AttemptState next =
            decideAndPerform(
                () ->
                    uploading.frame(
                        environment, study.lock(uploading.id().stepId()), seeds, frame, vector));
        if (next != uploading) {
          return;
        }
        site.listener().frameSent(uploading.id(), block, blocks, 8 * partial.layout().words(block));
      }
      decideAndPerform(() -> uploading.finish(environment, seeds));
    } finally {
      seeds.destroy();
    }
  }

  // ---- effects
  // ------------------------------------------------------------------------------------

  /** A decision of a state. */
  private interface Decision<S> {
    Transition<S> decide();
  }

  /** Decides and journals under the population book's monitor: other studies decide there too. */
  private <S> S decideAndPerform(Decision<S> decision) {
    Transition<S> transition;
    synchronized (site.memory().book()) {
      transition = decision.decide();
      journal(transition);
    }
    outbox.addAll(sends(transition));
    report(transition);
    flush();
    return transition.state();
  }

  private void perform(Transition<?> transition) {
    decideAndPerform(() -> transition);
  }

  private void journal(Transition<?> transition) {
    for (Effect effect : transition.effects()) {
      if (effect instanceof Effect.SaveSecrets) {
        site.memory().save(terms.studyDigest(), secrets);
      } else if (effect instanceof Effect.Journal journal) {
        site.memory().append(terms.studyDigest(), (SiteRecord) journal.record());
      }
    }
    study.commit(transition);
  }

  private static List<Effect> sends(Transition<?> transition) {
    return transition.effects().stream()
        .filter(effect -> effect instanceof Effect.Send || effect instanceof Effect.SendFrame)
        .toList();
  }

  private void report(Transition<?> transition) {
    if (transition.state() instanceof EpochState state) {
      site.listener().epoch(state);
    } else if (transition.state() instanceof AttemptState state && !(state instanceof Uploading)) {
      site.listener().attempt(state);
    }
  }

  /** Sends what is left, in order; what fails stays for the next pass. */
  private boolean flush() {
    boolean sent = false;
    while (!outbox.isEmpty()) {
      Effect effect = outbox.peek();
      if (effect instanceof Effect.Send send) {
        site.exchange()
            .put(names.ofSite(send.place(), send.object()), send.object().encoded().shared());
      } else if (effect instanceof Effect.SendFrame frame) {
        site.exchange()
            .put(
                names.frame(frame.attempt(), site.self(), frame.frame(), frame.digest()),
                frame.object().shared());
      }
      outbox.remove();
      sent = true;
    }
    return sent;
  }

  // ---- rollback
  // -----------------------------------------------------------------------------------

  /**
   * Looks for own objects on the exchange that the journal does not know (PROTOCOL.md 2.8,
   * Rollback): the site's state was restored from a backup, or lost. Their epochs are abandoned.
   */
  private void refuseRolledBack() {
    Set<String> known = new HashSet<>();
    outbox.forEach(
        effect -> {
          if (effect instanceof Effect.Send send) {
            known.add(send.object().digest().shortHex());
          }
        });
    for (SiteRecord record : site.memory().records(terms.studyDigest())) {
      record.sent().ifPresent(sent -> known.add(Digest.sha256(sent.shared()).shortHex()));
    }
    String own = "-" + site.self() + "-";
    Set<Long> lost = new HashSet<>();
    for (String name : site.exchange().list(names.sites())) {
      String file = name.substring(name.lastIndexOf('/') + 1);
      String hash = file.substring(file.lastIndexOf('-') + 1);
      int kindEnds = file.indexOf('-');
      if (kindEnds > 0
          && file.substring(kindEnds).equals(own + hash)
          && !file.startsWith("boxes-")
          && !known.contains(hash)
          && isOwn(name)) {
        names.epochOf(name).ifPresent(lost::add);
      }
    }
    for (long epoch : lost) {
      if (!(study.epoch(epoch) instanceof Abandoned)) {
        perform(study.refuse(epoch, ErrorCode.STATE_ROLLED_BACK));
      }
    }
  }

  /** Only what this site signed counts: anybody may write rubbish under its name. */
  private boolean isOwn(String name) {
    try {
      return site.exchange()
          .get(name)
          .map(SignedObject::decode)
          .filter(object -> object.signedBy(site.identity().verifyingKey()))
          .isPresent();
    } catch (TributaryException e) {
      return false;
    }
  }

  @Override
  public String toString() {
    return "SitePump[" + site.self() + " " + terms + "]";
  }
}
