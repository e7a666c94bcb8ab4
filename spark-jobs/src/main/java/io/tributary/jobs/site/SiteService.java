package io.tributary.jobs.site;

import io.tributary.analysis.Slot;
import io.tributary.codec.Digest;
import io.tributary.connectors.omop.KeptCohorts;
import io.tributary.exchange.Exchange;
import io.tributary.exchange.ObjectNames;
import io.tributary.exchange.SitePump;
import io.tributary.exchange.WitnessedExchange;
import io.tributary.identity.SigningIdentity;
import io.tributary.jobs.JobFailure;
import io.tributary.jobs.evidence.PartyEvidence;
import io.tributary.jobs.evidence.PolicyText;
import io.tributary.jobs.evidence.StudyEvidence;
import io.tributary.jobs.keys.ConsortiumFile;
import io.tributary.jobs.population.TakenActs;
import io.tributary.jobs.study.PublishedRelease;
import io.tributary.jobs.study.Submission;
import io.tributary.ledger.LedgerEntry;
import io.tributary.ledger.PrivacyLedger;
import io.tributary.privacy.SiteGuard;
import io.tributary.protocol.StateStore;
import io.tributary.protocol.StudyTerms;
import io.tributary.protocol.site.SiteMemory;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteConfig;
import io.tributary.study.SitePolicy;
import io.tributary.study.Study;
import io.tributary.study.TributaryException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/**
 * A site's process: watches for announced studies and takes part in those that name it, each on a
 * thread of its own, over one Spark session, one state folder and one exchange.
 */
public final class SiteService implements AutoCloseable {
  /** Studies that are followed at once; further ones wait their turn. */
  public static final int MAX_STUDIES = 64;

  /** Folder of the ledger inside the state folder. */
  public static final String LEDGER = "ledger";

  private static final Duration LOOK = Duration.ofSeconds(2);
  private static final Duration RETRY = Duration.ofSeconds(2);

  private final SiteConfig config;
  private final ConsortiumFile consortium;
  private final SigningIdentity identity;
  private final Exchange exchange;
  private final SiteMemory memory;
  private final Supplier<SparkSession> spark;
  private final Clock clock;
  private final SecureRandom random;
  private final SiteNotices notices;
  private final PartyEvidence evidence;
  private final ExecutorService studies;
  private final List<Future<?>> running = new ArrayList<>();
  private final PrivacyLedger ledger;
  private final KeptCohorts cohorts = new KeptCohorts();
  private final TakenActs acts;
  private volatile boolean stopping;

  /**
   * A service over open parts; it closes none of them but its own threads. STATE_ROLLED_BACK if the
   * ledger in the state folder is older than the evidence there.
   *
   * @param spark asked when the first row is read
   */
  public SiteService(
      SiteConfig config,
      ConsortiumFile consortium,
      SigningIdentity identity,
      Exchange exchange,
      StateStore store,
      Supplier<SparkSession> spark,
      Clock clock,
      SecureRandom random,
      SiteNotices notices) {
    this.config = config;
    this.consortium = consortium;
    this.identity = identity;
    this.exchange = exchange;
    this.memory = new SiteMemory(store);
    this.spark = spark;
    this.clock = clock;
    this.random = random;
    this.notices = notices;
    this.studies =
        Executors.newFixedThreadPool(
            MAX_STUDIES,
            task -> {
              Thread thread = new Thread(task, "site-study");
              thread.setDaemon(true);
              return thread;
            });
    if (consortium.consortium().site(config.site()).isEmpty()) {
      throw Errors.invalid(
          ErrorCode.CONSORTIUM_INVALID,
          "site '" + config.site() + "'",
          "is not in the consortium file.",
          "Ask the consortium's keeper to add it, then pin the new digest.");
    }
    String pinned = consortium.consortium().site(config.site()).orElseThrow().key();
    if (!pinned.equals(identity.verifyingKey().hex())) {
      throw Errors.invalid(
          ErrorCode.KEY_INVALID,
          "site '" + config.site() + "'",
          "its identity key is not the one in the consortium file.",
          "Name the key file that belongs to the site's card.");
    }
    this.ledger = PrivacyLedger.open(config.state().resolve(LEDGER), random);
    try {
      this.evidence =
          PartyEvidence.open(
              config.state(),
              "site",
              config.site().value(),
              identity,
              consortium,
              Optional.of(PolicyText.of(config.policy())),
              clock,
              random);
    } catch (RuntimeException failed) {
      ledger.close();
      throw failed;
    }
    try {
      // A ledger that was removed, or restored from a backup, has forgotten cohorts.
      evidence.remembered(ledger::requireUsed);
      memory.keepBindings(
          ledger.bindings(), (study, binding) -> ledger.bound(study, clock.instant(), binding));
      this.acts = new TakenActs(config.state(), consortium, evidence, clock);
      acts.goBy(config.site(), memory, ledger);
    } catch (RuntimeException failed) {
      evidence.close();
      ledger.close();
      throw failed;
    }
  }

  /**
   * Serves until {@link #close}, or, with {@code only}, until that study is over.
   *
   * @throws TributaryException what ended the one study, if it did not end well
   */
  public void run(Optional<Digest> only) {
    Set<Digest> known = new HashSet<>();
    List<String> seen = new ArrayList<>();
    notices.ready();
    while (!stopping) {
      for (Digest digest : Submission.announced(seen)) {
        if (only.map(digest::equals).orElse(true) && known.add(digest)) {
          Future<?> study = studies.submit(() -> take(digest));
          if (only.isPresent()) {
            await(study);
            return;
          }
          running.add(study);
        }
      }
      seen = look(seen);
    }
  }

  private List<String> look(List<String> seen) {
    acts.goBy(config.site(), memory, ledger);
    try {
      return exchange.await(Submission.FOLDER, seen, LOOK);
    } catch (TributaryException e) {
      if (e.code() != ErrorCode.EXCHANGE_FAILED) {
        throw e;
      }
      // The coordinator may be down for the night; a site waits for it.
      notices.exchangeLost(e);
      pause(RETRY);
      return seen;
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
    } catch (CancellationException e) {
      // close() cancelled it; whoever closed knows.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One study from its announcement to its end. */
  private void take(Digest digest) {
    try {
      Optional<Submission> submission = Submission.fetch(exchange, digest);
      if (submission.isEmpty()) {
        throw Errors.badMessage("Study " + digest.shortHex() + " is announced but not there.");
      }
      Study study = submission.get().study().study();
      if (!study.sites().contains(config.site())) {
        return;
      }
      participate(submission.get());
    } catch (Exception e) {
      // Spark throws checked exceptions that no method declares.
      RuntimeException failed = JobFailure.refusalIn(e);
      TributaryException why =
          failed instanceof TributaryException refusal
              ? refusal
              : Errors.internal("Unexpected " + failed.getClass().getSimpleName() + ".", failed);
      if (!stopping) {
        notices.studyFailed(digest, why);
      }
      throw why;
    }
  }

  private void participate(Submission submission) {
    Study study = submission.study().study();
    Digest digest = submission.study().digest();
    Optional<Approvals> approvals =
        config.policy().approval() == SitePolicy.Approval.MANUAL
            ? Optional.of(new Approvals(config.state(), identity.verifyingKey(), ledger::entries))
            : Optional.empty();
    SiteAdmission admission =
        new SiteAdmission(config, consortium.consortium(), submission, approvals, ledger, clock);
    StudyEvidence witness = evidence.of(study, digest);
    if (witness.isOver()) {
      // Of an earlier life: there is nothing to answer, and nothing to ask the steward.
      return;
    }
    witness.came(new ObjectNames(digest).study(), submission.study().raw());
    witness.asked(submission.signature().analyst(), SiteGuard.asks(study));
    approvals.ifPresent(each -> awaitSteward(each, submission, admission));
    if (stopping) {
      return;
    }
    StudyTerms terms = new StudyTerms(consortium.consortium(), consortium.digest(), study, digest);
    SiteInput.Clips clips =
        (step, layout, counts) ->
            ledger.clipped(
                new LedgerEntry.Clipped(
                    digest,
                    clock.instant(),
                    step,
                    counts.persons(),
                    layout.slots().stream().map(Slot::name).toList(),
                    counts.bySlot()));
    try (SiteInput input = new SiteInput(study, config, spark, cohorts, clips)) {
      DebitingAdmission debits =
          new DebitingAdmission(
              admission,
              ledger,
              config.policy(),
              study,
              digest,
              submission.signature().analyst(),
              input,
              memory.records(digest),
              witness,
              clock);
      Optional<TributaryException> refusal = admission.refusal().or(debits::refusal);
      witness.judged(refusal, refusal.isPresent() ? "" : rules(approvals, digest));
      SiteStudyListener listener = new SiteStudyListener(study, notices, witness);
      SitePump pump =
          new SitePump(
              new SitePump.Equipment(
                  config.site(),
                  identity,
                  memory,
                  new WitnessedExchange(exchange, witness),
                  new AnchoredAdmission(debits, witness),
                  clock,
                  random,
                  listener),
              terms,
              input);
      if (pump.isOver()) {
        return;
      }
      refusal.ifPresentOrElse(
          why -> notices.studyRefused(digest, why), () -> notices.studyTaken(study, digest));
      boolean ended = false;
      boolean placed = false;
      while (!stopping && !ended) {
        placed = placed || exchanged(() -> witness.checkpoint(exchange));
        runOnce(pump);
        // A site that was never in a roster hears of the end by the release alone.
        ended = pump.isOver() || PublishedRelease.ended(exchange, digest).isPresent();
      }
      if (ended) {
        boolean all = pump.isOver();
        // Keys and population first: a journal that says that the study is over says that they
        // went.
        pump.leave();
        witness.ended(PublishedRelease.ended(exchange, digest).orElse("every analysis is over"));
        exchanged(() -> witness.hold(exchange));
        exchanged(() -> witness.checkpoint(exchange));
        notices.studyEnded(study, digest);
        Optional<TributaryException> reason = refusal.or(listener::declined);
        if (reason.isPresent() && !all) {
          throw reason.get();
        }
      }
    }
  }

  /**
   * Puts a study that passes the rules before the steward, and waits for a decision; the site joins
   * no epoch of it before. Ends without one when the study is over, or no longer valid.
   */
  private void awaitSteward(Approvals approvals, Submission submission, SiteAdmission admission) {
    Digest digest = submission.study().digest();
    if (admission.refusalByRules().isPresent()) {
      return;
    }
    approvals.ask(submission.study(), submission.signature().analyst());
    if (!isUndecided(approvals, digest)) {
      return;
    }
    notices.studyAwaitsSteward(submission.study().study(), digest);
    AtomicBoolean over = new AtomicBoolean();
    while (!stopping
        && !over.get()
        && isUndecided(approvals, digest)
        && admission.refusalByRules().isEmpty()) {
      pause(LOOK);
      exchanged(() -> over.set(PublishedRelease.ended(exchange, digest).isPresent()));
    }
  }

  /** A decision that cannot be read is none to wait for: the study is refused for it. */
  private static boolean isUndecided(Approvals approvals, Digest digest) {
    try {
      return approvals.decision(digest).isEmpty();
    } catch (TributaryException unreadable) {
      return false;
    }
  }

  private static String rules(Optional<Approvals> approvals, Digest digest) {
    return "all of the policy's rules hold"
        + approvals
            .flatMap(each -> each.decision(digest))
            .map(grant -> ", and " + grant.steward() + " grants it until " + grant.until())
            .orElse("");
  }

  private void runOnce(SitePump pump) {
    if (!exchanged(() -> pump.run(clock.instant().plus(LOOK)))) {
      pause(RETRY);
    }
  }

  /** Whether it was done; not, if the exchange does not answer. */
  private boolean exchanged(Runnable work) {
    try {
      work.run();
      return true;
    } catch (TributaryException e) {
      if (e.code() != ErrorCode.EXCHANGE_FAILED) {
        throw e;
      }
      notices.exchangeLost(e);
      return false;
    }
  }

  private void pause(Duration length) {
    Instant until = clock.instant().plus(length);
    while (!stopping && clock.instant().isBefore(until)) {
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** Stops taking part; what was begun goes on at the next start. */
  @Override
  public void close() {
    stopping = true;
    studies.shutdownNow();
    try {
      studies.awaitTermination(10, java.util.concurrent.TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    cohorts.close();
    evidence.close();
    ledger.close();
  }
}
