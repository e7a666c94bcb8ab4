package io.tributary.simulation;

import io.tributary.analysis.Program;
import io.tributary.codec.Digest;
import io.tributary.exchange.CoordinatorListener;
import io.tributary.exchange.CoordinatorPump;
import io.tributary.exchange.Exchange;
import io.tributary.exchange.FrameSummation;
import io.tributary.exchange.InMemoryExchange;
import io.tributary.exchange.LocalSummation;
import io.tributary.exchange.Schedule;
import io.tributary.exchange.SiteListener;
import io.tributary.exchange.SitePump;
import io.tributary.exchange.StepInput;
import io.tributary.identity.SigningIdentity;
import io.tributary.journal.InMemoryStateStore;
import io.tributary.protocol.StateStore;
import io.tributary.protocol.StudyTerms;
import io.tributary.protocol.coordinator.CoordinatorMemory;
import io.tributary.protocol.coordinator.Suspicion;
import io.tributary.protocol.site.Admission;
import io.tributary.protocol.site.SiteMemory;
import io.tributary.study.Consortium;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteId;
import io.tributary.study.Study;
import io.tributary.study.TributaryException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/**
 * A whole federation in one process, for tests: sites and a coordinator over one exchange, each
 * with a store that outlives it. Parties can be away and can be restarted. Everything is a function
 * of the seed.
 */
public final class Federation implements AutoCloseable {
  private final Map<SiteId, SigningIdentity> identities = new TreeMap<>();
  private final Map<SiteId, StateStore> stores = new HashMap<>();
  private final Map<SiteId, SiteMemory> memories = new HashMap<>();
  private final Map<SiteId, Admission> admissions = new HashMap<>();
  private final SigningIdentity coordinatorIdentity;
  private final SecureRandom random;
  private final TickingClock clock = new TickingClock();
  private final Consortium consortium;
  private Exchange exchange = new InMemoryExchange();
  private final Map<SiteId, UnaryOperator<Exchange>> siteWrappers = new HashMap<>();
  private UnaryOperator<Exchange> coordinatorWrapper = UnaryOperator.identity();
  private Function<Exchange, FrameSummation> summation = LocalSummation::new;
  private Duration studyLife = Duration.ofDays(3);
  private StateStore coordinatorStore = new InMemoryStateStore();
  private CoordinatorMemory coordinatorMemory;

  /** How the coordinator of runs to come adds frames. */
  public void summing(Function<Exchange, FrameSummation> by) {
    summation = by;
  }

  /** One study running in the federation. */
  public final class Run {
    private final StudyTerms terms;
    private final List<? extends Program<?, ?>> programs;
    private final Function<SiteId, StepInput> inputs;
    private final Map<SiteId, SitePump> sites = new TreeMap<>();
    private CoordinatorPump coordinator;
    public final List<CoordinatorListener.RoundTaken> rounds = new ArrayList<>();
    public final List<String> refused = new ArrayList<>();
    public final List<ErrorCode> declined = new ArrayList<>();
    public final List<String> verified = new ArrayList<>();
    public final List<Suspicion> suspicions = new ArrayList<>();
    public final Map<SiteId, List<ErrorCode>> refusedAt = new TreeMap<>();
    public final Map<SiteId, List<SiteId>> unreadable = new TreeMap<>();

    private Run(
        StudyTerms terms,
        List<? extends Program<?, ?>> programs,
        Function<SiteId, StepInput> inputs) {
      this.terms = terms;
      this.programs = programs;
      this.inputs = inputs;
      if (coordinatorMemory == null) {
        coordinatorMemory = new CoordinatorMemory(coordinatorStore);
      }
      connectCoordinator();
    }

    public StudyTerms terms() {
      return terms;
    }

    public CoordinatorPump coordinator() {
      return coordinator;
    }

    public SitePump site(SiteId id) {
      return sites.get(id);
    }

    /** A new life of the coordinator over its store. */
    public void restartCoordinator() {
      coordinatorMemory = new CoordinatorMemory(coordinatorStore);
      connectCoordinator();
    }

    private void connectCoordinator() {
      Exchange own = coordinatorWrapper.apply(exchange);
      coordinator =
          new CoordinatorPump(
              new CoordinatorPump.Equipment(
                  coordinatorIdentity,
                  coordinatorMemory,
                  own,
                  clock,
                  random,
                  new CoordinatorListener() {
                    @Override
                    public void roundTaken(RoundTaken round) {
                      rounds.add(round);
                    }

                    @Override
                    public void suspected(Suspicion suspicion) {
                      suspicions.add(suspicion);
                    }

                    @Override
                    public void refused(String name, TributaryException reason) {
                      refused.add("coordinator: " + name + ": " + reason.getMessage());
                    }
                  }),
              terms,
              programs,
              schedule(),
              summation.apply(own));
    }

    /** What a site's process had in memory is gone. */
    public void forget(SiteId id) {
      memories.remove(id);
    }

    /** A new life of a site's process over its store. */
    public void restart(SiteId id) {
      memories.remove(id);
      start(id);
    }

    /** A site takes the study up, or comes back. */
    public void start(SiteId id) {
      SiteMemory memory = memories.computeIfAbsent(id, site -> new SiteMemory(stores.get(site)));
      sites.put(
          id,
          new SitePump(
              new SitePump.Equipment(
                  id,
                  identities.get(id),
                  memory,
                  siteWrappers.getOrDefault(id, UnaryOperator.identity()).apply(exchange),
                  admissions.getOrDefault(id, Admission.everything(id.value())),
                  clock,
                  random,
                  listener(id)),
              terms,
              inputs.apply(id)));
    }

    private SiteListener listener(SiteId id) {
      return new SiteListener() {
        @Override
        public void refused(String name, TributaryException reason) {
          refused.add(id + ": " + name + ": " + reason.getMessage());
          refusedAt.computeIfAbsent(id, site -> new ArrayList<>()).add(reason.code());
        }

        @Override
        public void declined(io.tributary.protocol.AttemptId attempt, TributaryException reason) {
          declined.add(reason.code());
        }

        @Override
        public void sumVerified(io.tributary.protocol.AttemptId attempt) {
          verified.add(id + " " + attempt.stepId());
        }

        @Override
        public void unreadableBoxes(io.tributary.protocol.AttemptId attempt, List<SiteId> dealers) {
          unreadable.put(id, dealers);
        }
      };
    }

    public void startAll() {
      identities.keySet().forEach(this::start);
    }

    /** The site is away: its process is gone. */
    public void stop(SiteId id) {
      sites.remove(id);
    }

    /** One pass of everybody; whether anything happened. */
    public boolean pass() {
      boolean happened = coordinator.poll();
      for (SiteId id : new TreeSet<>(sites.keySet())) {
        happened |= sites.get(id).poll();
      }
      return happened;
    }

    /** Passes until nothing happens any more; fails after very many. */
    public void settle() {
      for (int i = 0; i < 10_000; i++) {
        if (!pass()) {
          return;
        }
      }
      throw new AssertionError("still busy: " + coordinator);
    }

    public void letTimePass(Duration duration) {
      clock.pass(duration);
    }

    /** Settles, lets time pass, and so on until the coordinator is done. */
    public void finish() {
      for (int i = 0; i < 40 && !coordinator.isOver(); i++) {
        settle();
        clock.pass(Duration.ofMinutes(31));
      }
      settle();
    }
  }

  public Federation(int sites, long seed) {
    this(sites, seed, site -> "organisation " + site);
  }

  /** Sites of which several may belong to one organisation. */
  public Federation(int sites, long seed, IntFunction<String> organisations) {
    try {
      random = SecureRandom.getInstance("SHA1PRNG");
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
    random.setSeed(seed);
    coordinatorIdentity = SigningIdentity.generate(random);
    List<Consortium.Member> members = new ArrayList<>();
    for (int i = 0; i < sites; i++) {
      SiteId id = id(i);
      identities.put(id, SigningIdentity.generate(random));
      stores.put(id, new InMemoryStateStore());
      members.add(
          new Consortium.Member(
              id, organisations.apply(i), identities.get(id).verifyingKey().hex(), "00"));
    }
    consortium =
        new Consortium(
            "test",
            1,
            Instant.EPOCH,
            Instant.MAX,
            members,
            List.of(),
            new Consortium.Party(
                "coordinator",
                "trial centre",
                coordinatorIdentity.verifyingKey().hex(),
                Optional.of("00")));
  }

  private Federation(Federation other) {
    try {
      random = SecureRandom.getInstance("SHA1PRNG");
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
    random.setSeed(7);
    coordinatorIdentity = other.coordinatorIdentity;
    identities.putAll(other.identities);
    consortium = other.consortium;
    clock.pass(Duration.between(clock.instant(), other.clock.instant()));
    identities.keySet().forEach(id -> stores.put(id, new InMemoryStateStore()));
  }

  /** The same parties with nothing behind them. */
  public Federation withoutStates() {
    return new Federation(this);
  }

  /** The same parties with copies of all that outlives their processes, and of the exchange. */
  public Federation copy() {
    Federation copy = new Federation(this);
    for (SiteId id : identities.keySet()) {
      copy.stores.put(id, copy(stores.get(id)));
    }
    copy.coordinatorStore = copy(coordinatorStore);
    for (String name : exchange.list("")) {
      copy.exchange.put(name, exchange.get(name).orElseThrow());
    }
    return copy;
  }

  /** A backup of a store: journal and secrets. */
  public static StateStore copy(StateStore store) {
    InMemoryStateStore copy = new InMemoryStateStore();
    store.replay(
        (study, record) -> {
          copy.append(study, record);
          store.secrets(study).ifPresent(secrets -> copy.replaceSecrets(study, secrets));
        });
    return copy;
  }

  /** Puts another store in a site's place: a backup that is restored. */
  public void restore(SiteId site, StateStore store) {
    stores.put(site, store);
  }

  public static SiteId id(int site) {
    return new SiteId("site-%03d".formatted(site));
  }

  /** A coordinator that pretends to know nothing of earlier studies. */
  public void forgetCoordinator() {
    coordinatorStore = new InMemoryStateStore();
    coordinatorMemory = null;
  }

  /** How long studies begun from now on may take. */
  public void studyLife(Duration life) {
    studyLife = life;
  }

  public TickingClock clock() {
    return clock;
  }

  public Exchange exchange() {
    return exchange;
  }

  public void wrapExchange(UnaryOperator<Exchange> wrapper) {
    exchange = wrapper.apply(exchange);
  }

  /** What one site's process sees of the exchange, and says to it; a new one for each life. */
  public void wrapExchange(SiteId site, UnaryOperator<Exchange> wrapper) {
    siteWrappers.put(site, wrapper);
  }

  /** As {@link #wrapExchange(SiteId, UnaryOperator)}, for the coordinator's process. */
  public void wrapCoordinatorExchange(UnaryOperator<Exchange> wrapper) {
    coordinatorWrapper = wrapper;
  }

  /** The signing key of a site, for one that lies. */
  public SigningIdentity identity(SiteId site) {
    return identities.get(site);
  }

  public SigningIdentity coordinatorIdentity() {
    return coordinatorIdentity;
  }

  /** What outlives a site's process. */
  public StateStore store(SiteId site) {
    return stores.get(site);
  }

  public void wrapStore(SiteId site, UnaryOperator<StateStore> wrapper) {
    stores.compute(site, (id, store) -> wrapper.apply(store));
  }

  public void wrapCoordinatorStore(UnaryOperator<StateStore> wrapper) {
    coordinatorStore = wrapper.apply(coordinatorStore);
  }

  public void admission(SiteId site, Admission admission) {
    admissions.put(site, admission);
  }

  private Schedule schedule() {
    return new Schedule(
        Duration.ofMinutes(2),
        Duration.ofMinutes(2),
        Duration.ofMinutes(30),
        Duration.ofMinutes(1),
        Duration.ZERO,
        clock.instant().plus(studyLife));
  }

  /** A study over the first sites of the federation. */
  public Study study(
      String name, int sites, Optional<Study.Shape> shape, int minContributors, int jobs) {
    List<SiteId> ids = new ArrayList<>();
    for (int i = 0; i < sites; i++) {
      ids.add(id(i));
    }
    List<Study.AnalysisSpec> analyses = new ArrayList<>();
    for (int job = 0; job < jobs; job++) {
      analyses.add(new Study.AnalysisSpec("sums-" + job, "sums", Map.of()));
    }
    return new Study(
        name,
        ids,
        minContributors,
        1,
        shape,
        "analyst",
        "",
        Instant.MAX,
        new Study.Cohort("data", Optional.empty(), Map.of(), Optional.empty()),
        Map.of(),
        analyses,
        Study.ReleaseFloor.DEFAULT);
  }

  public <D> Run run(Study study, List<? extends Program<D, ?>> programs, Map<SiteId, D> data) {
    return run(study, programs, programs, data);
  }

  /** A run whose coordinator computes something else than the study says. */
  public <D> Run run(
      Study study,
      List<? extends Program<D, ?>> programs,
      List<? extends Program<D, ?>> coordinatorPrograms,
      Map<SiteId, D> data) {
    StudyTerms terms =
        new StudyTerms(
            consortium,
            Digest.sha256("consortium".getBytes(StandardCharsets.UTF_8)),
            study,
            Digest.sha256(study.name().getBytes(StandardCharsets.UTF_8)));
    return new Run(terms, coordinatorPrograms, id -> StepInput.of(programs, data.get(id)));
  }

  /** Words of every site, small numbers of both signs. */
  public Map<SiteId, long[]> data(int words) {
    Map<SiteId, long[]> data = new TreeMap<>();
    for (SiteId id : identities.keySet()) {
      long[] values = new long[words];
      for (int i = 0; i < words; i++) {
        values[i] = random.nextInt(2_000_001) - 1_000_000L;
      }
      data.put(id, values);
    }
    return data;
  }

  /** What the sum of some sites at a step must be. */
  public static List<Long> expected(
      Map<SiteId, long[]> data, Iterable<SiteId> contributors, int step) {
    long[] sum = new long[data.values().iterator().next().length];
    for (SiteId id : contributors) {
      long[] values = data.get(id);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += values[i] * (step + 1L);
      }
    }
    List<Long> list = new ArrayList<>();
    for (long value : sum) {
      list.add(value);
    }
    return list;
  }

  /** Closes the exchange that the parties share. */
  @Override
  public void close() {
    exchange.close();
  }
}
