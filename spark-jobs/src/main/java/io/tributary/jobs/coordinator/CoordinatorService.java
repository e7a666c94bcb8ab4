package io.tributary.jobs.coordinator;

import io.tributary.analysis.Program;
import io.tributary.codec.Digest;
import io.tributary.exchange.CoordinatorListener;
import io.tributary.exchange.CoordinatorPump;
import io.tributary.exchange.Exchange;
import io.tributary.exchange.FrameSummation;
import io.tributary.exchange.ObjectNames;
import io.tributary.exchange.Schedule;
import io.tributary.exchange.WitnessedExchange;
import io.tributary.identity.SigningIdentity;
import io.tributary.jobs.analysis.Catalog;
import io.tributary.jobs.evidence.PartyEvidence;
import io.tributary.jobs.evidence.ResultDigests;
import io.tributary.jobs.evidence.StudyEvidence;
import io.tributary.jobs.keys.ConsortiumFile;
import io.tributary.jobs.population.TakenActs;
import io.tributary.jobs.study.PublishedRelease;
import io.tributary.jobs.study.Submission;
import io.tributary.journal.EvidenceEvent;
import io.tributary.privacy.SiteGuard;
import io.tributary.protocol.StateStore;
import io.tributary.protocol.StudyTerms;
import io.tributary.protocol.coordinator.CoordinatorMemory;
import io.tributary.protocol.coordinator.Live;
import io.tributary.report.ReportWriter;
import io.tributary.report.StudyReport;
import io.tributary.study.CoordinatorConfig;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.Study;
import io.tributary.study.TributaryException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * The coordinator's process: runs every announced study whose signature holds, each on a thread of
 * its own, and writes what is released.
 */
public final class CoordinatorService implements AutoCloseable {
  /** Studies that are run at once; further ones wait their turn. */
  public static final int MAX_STUDIES = 64;

  private static final Duration LOOK = Duration.ofSeconds(2);
  private static final Duration RETRY = Duration.ofSeconds(2);

  private final CoordinatorConfig config;
  private final ConsortiumFile consortium;
  private final SigningIdentity identity;
  private final Exchange exchange;
  private final CoordinatorMemory memory;
  private final Supplier<FrameSummation> summation;
  private final ReportWriter writer;
  private final Clock clock;
  private final SecureRandom random;
  private final CoordinatorNotices notices;
  private final PartyEvidence evidence;
  private final TakenActs acts;
  private final ExecutorService studies;
  private final List<Future<?>> running = new ArrayList<>();
  private volatile boolean stopping;

  /**
   * A service over open parts; it closes none of them but its own threads.
   *
   * @param summation makes the adder of one study
   */
  public CoordinatorService(
      CoordinatorConfig config,
      ConsortiumFile consortium,
      SigningIdentity identity,
      Exchange exchange,
      StateStore store,
      Supplier<FrameSummation> summation,
      ReportWriter writer,
      Clock clock,
      SecureRandom random,
      CoordinatorNotices notices) {
    this.config = config;
    this.consortium = consortium;
    this.identity = identity;
    this.exchange = exchange;
    this.memory = new CoordinatorMemory(store);
    this.summation = summation;
    this.writer = writer;
    this.clock = clock;
    this.random = random;
    this.notices = notices;
    this.studies =
        Executors.newFixedThreadPool(
            MAX_STUDIES,
            task -> {
              Thread thread = new Thread(task, "coordinator-study");
              thread.setDaemon(true);
              return thread;
            });
    if (!consortium.consortium().coordinator().key().equals(identity.verifyingKey().hex())) {
      throw Errors.invalid(
          ErrorCode.KEY_INVALID,
          "coordinator",
          "its identity key is not the one in the consortium file.",
          "Name the key file that belongs to the coordinator's card.");
    }
    this.evidence =
        PartyEvidence.open(
            config.state(),
            "coordinator",
            config.id(),
            identity,
            consortium,
            Optional.empty(),
            clock,
            random);
    this.acts = new TakenActs(config.state(), consortium, evidence, clock);
    try {
      acts.goBy(memory);
    } catch (RuntimeException failed) {
      evidence.close();
      throw failed;
    }
  }

  /** Where the results of a study go unless it is told otherwise. */
  public Path resultsOf(Study study, Digest digest) {
    return config.state().resolve("results").resolve(study.name() + "-" + digest.shortHex());
  }

  /**
   * Serves until {@link #close}, or, with {@code only}, until that study is over.
   *
   * @param out results of the one study; empty for the usual place
   * @throws TributaryException what ended the one study, if it did not end well
   */
  public void run(Optional<Digest> only, Optional<Path> out) {
    Set<Digest> known = new HashSet<>();
    List<String> seen = new ArrayList<>();
    notices.ready();
    while (!stopping) {
      for (Digest digest : Submission.announced(seen)) {
        if (only.map(digest::equals).orElse(true) && known.add(digest)) {
          Future<?> study = studies.submit(() -> take(digest, out));
          if (only.isPresent()) {
            await(study);
            return;
          }
          running.add(study);
        }
      }
      acts.goBy(memory);
      seen = exchange.await(Submission.FOLDER, seen, LOOK);
    }
  }

  private static void await(Future<?> study) {
    try {
      study.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TributaryException known) {
        throw known;
      }
      throw Errors.internal("A study ended unexpectedly.", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void take(Digest digest, Optional<Path> out) {
    try {
      if (PublishedRelease.ended(exchange, digest).isPresent()) {
        return;
      }
      Submission submission =
          Submission.fetch(exchange, digest)
              .orElseThrow(
                  () ->
                      Errors.badMessage(
                          "Study " + digest.shortHex() + " is announced but not there."));
      Study study = submission.study().study();
      submission
          .signature()
          .verify(submission.study().raw(), study, consortium.consortium(), clock);
      conduct(submission, out);
    } catch (TributaryException e) {
      end(digest, e);
      throw e;
    } catch (RuntimeException e) {
      TributaryException internal =
          Errors.internal("Unexpected " + e.getClass().getSimpleName() + ".", e);
      end(digest, internal);
      throw internal;
    }
  }

  private void end(Digest digest, TributaryException why) {
    if (stopping) {
      // Waits that the stop broke off are no failure; the next start goes on.
      return;
    }
    notices.studyFailed(digest, why);
    evidence.append(
        digest,
        EvidenceEvent.REFUSED,
        Map.of("code", why.code().name(), "problem", why.problem(), "cause", why.reason()));
    boolean comesBack =
        why.code() == ErrorCode.STORAGE_FAILED
            || why.code() == ErrorCode.EXCHANGE_FAILED
            || why.code() == ErrorCode.INTERNAL;
    if (!comesBack) {
      PublishedRelease.close(exchange, digest, Optional.of(why.code()));
    }
  }

  private void conduct(Submission submission, Optional<Path> out) {
    Study study = submission.study().study();
    Digest digest = submission.study().digest();
    StudyTerms terms = new StudyTerms(consortium.consortium(), consortium.digest(), study, digest);
    StudyEvidence witness = evidence.of(study, digest);
    Exchange witnessed = new WitnessedExchange(exchange, witness);
    witness.came(new ObjectNames(digest).study(), submission.study().raw());
    witness.asked(submission.signature().analyst(), SiteGuard.asks(study));
    witness.judged(Optional.empty(), "the analyst's signature holds, the consortium has its sites");
    witness.checkpoint(exchange);
    List<Program<?, ?>> programs = new ArrayList<>();
    for (int job = 0; job < study.analyses().size(); job++) {
      programs.add(Catalog.create(study, job, config.references()).program());
    }
    Instant started = clock.instant();
    StudyRecord record = new StudyRecord(terms, submission.signature().analyst(), started);
    AtomicReference<CoordinatorPump> current = new AtomicReference<>();
    CoordinatorPump pump =
        new CoordinatorPump(
            new CoordinatorPump.Equipment(
                identity,
                memory,
                witnessed,
                clock,
                random,
                listener(study, digest, record, witness, current::get)),
            terms,
            programs,
            schedule(started),
            summation.get());
    current.set(pump);
    notices.studyTaken(study, digest);
    StatusLine status = new StatusLine(exchange, study, digest);
    while (!stopping && !pump.isOver()) {
      runOnce(pump);
      status.publish(pump.status());
    }
    if (!pump.isOver()) {
      return;
    }
    StudyReport report = record.report(pump, clock.instant());
    if (!pump.results().isEmpty()) {
      Path results = out.orElseGet(() -> resultsOf(study, digest));
      writer.write(report, results);
      witness.released(ResultDigests.of(results));
      PublishedRelease.put(witnessed, digest, results);
      notices.released(study, digest, results);
    }
    witness.ended(pump.gaveUp().map(why -> why.code().name()).orElse("every analysis is over"));
    witness.hold(exchange);
    witness.checkpoint(exchange);
    Optional<TributaryException> failure =
        pump.gaveUp().or(() -> pump.failures().values().stream().findFirst());
    if (failure.isPresent()) {
      throw failure.get();
    }
    if (report.isWithheld()) {
      throw Errors.nothingReleased(
          study.name(),
          report.analyses().stream()
              .map(analysis -> analysis.name() + " " + analysis.outcome())
              .toList());
    }
  }

  private Schedule schedule(Instant started) {
    CoordinatorConfig.Deadlines deadlines = config.deadlines();
    return new Schedule(
        deadlines.setup(),
        deadlines.setup(),
        deadlines.upload(),
        deadlines.unmask(),
        RETRY,
        started.plus(deadlines.site()));
  }

  private void runOnce(CoordinatorPump pump) {
    try {
      pump.run(clock.instant().plus(LOOK));
    } catch (TributaryException e) {
      if (e.code() != ErrorCode.EXCHANGE_FAILED || stopping) {
        throw e;
      }
      notices.refusedObject("exchange", e);
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(RETRY.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private CoordinatorListener listener(
      Study study,
      Digest digest,
      StudyRecord record,
      StudyEvidence witness,
      Supplier<CoordinatorPump> pump) {
    return new CoordinatorListener() {
      @Override
      public void status(CoordinatorPump.Status status) {
        notices.status(study, digest, status);
      }

      @Override
      public void roundTaken(RoundTaken round) {
        record.round(round, pump.get().study().live().map(Live::roster));
        witness.summed(
            round.id().job(),
            round.id().step(),
            round.words(),
            round.contributors(),
            round.absent());
        notices.roundTaken(study, digest, round);
      }

      @Override
      public void jobFailed(int job, TributaryException reason) {
        witness.analysisFailed(job, reason);
        notices.analysisFailed(study, study.analyses().get(job).name(), reason);
      }

      @Override
      public void refused(String name, TributaryException reason) {
        witness.notTaken(name, reason);
        notices.refusedObject(name, reason);
      }
    };
  }

  /** Stops; what was begun goes on at the next start. */
  @Override
  public void close() {
    stopping = true;
    studies.shutdownNow();
    try {
      studies.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    evidence.close();
  }
}
