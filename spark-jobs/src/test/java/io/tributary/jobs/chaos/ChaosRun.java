package io.tributary.jobs.chaos;

import io.tributary.codec.Digest;
import io.tributary.jobs.Exchanges;
import io.tributary.jobs.local.LocalFederation;
import io.tributary.protocol.StepId;
import io.tributary.study.SiteId;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * One study of four sites and a coordinator, each a process, under faults that follow from a seed.
 * Right are sums of one set of at least three sites over all steps; an error with a code is an end,
 * too; anything else, no end inside the deadline, or a step that left a site and is not in its
 * ledger, is a defect.
 */
final class ChaosRun {
  /** The study's own deadline, from its start. */
  static final Duration END = Duration.ofSeconds(25);

  /** After it, until a named error has to be there: outages and stops may delay it. */
  private static final Duration GRACE = Duration.ofSeconds(20);

  /** When faults begin: an undisturbed run of warm processes takes a second. */
  private static final int EARLIEST_MILLIS = 50;

  private static final int LATEST_MILLIS = 1200;
  private static final long END_OF_PARTY_MILLIS = 20_000;

  /** Ends that a service is started again after; others are the study's. */
  private static final Set<String> COMES_BACK =
      Set.of("STORAGE_FAILED", "EXCHANGE_FAILED", "PORT_TAKEN");

  private final Map<String, PartyProcess> parties;
  private final long seed;
  private final Random random;
  private final LocalFederation.Transport transport;
  private final Path home;
  private final Map<String, Long> shifts = new HashMap<>();
  private final List<Fault> faults = new ArrayList<>();
  private final List<String> said = new ArrayList<>();
  private final PriorityQueue<Act> acts = new PriorityQueue<>();
  private LocalFederation federation;
  private Optional<FaultyWire> wire = Optional.empty();
  private Path objects;
  private List<List<Long>> results = List.of();
  private String order;
  private long started;

  /** Something to be done at a time. */
  private record Act(long atMillis, Step step) implements Comparable<Act> {
    @Override
    public int compareTo(Act other) {
      return Long.compare(atMillis, other.atMillis);
    }
  }

  /** Touches processes or files. */
  @FunctionalInterface
  private interface Step {
    void take() throws IOException, InterruptedException;
  }

  /**
   * How a run ended.
   *
   * @param faults those that were done before it ended
   * @param end {@code right}, {@code error CODE}, {@code wrong ...}, {@code hung ...}, {@code
   *     broken ...} or {@code under-counted ...}
   * @param millis from start to the end
   */
  record Outcome(
      long seed,
      LocalFederation.Transport transport,
      List<Fault> faults,
      String end,
      long millis,
      List<String> said) {
    boolean isDefect() {
      return !end.equals("right") && !end.startsWith("error ");
    }
  }

  /**
   * A run.
   *
   * @param parties processes by name; those that are missing or dead are started
   * @param home new folder
   */
  ChaosRun(Map<String, PartyProcess> parties, long seed, Path home) {
    this.parties = parties;
    this.seed = seed;
    // Neighbouring seeds of Random begin alike.
    this.random = new Random(new SplittableRandom(seed).nextLong());
    this.transport =
        random.nextBoolean() ? LocalFederation.Transport.FILES : LocalFederation.Transport.FLIGHT;
    this.home = home;
  }

  Outcome run() throws IOException, InterruptedException {
    prepare();
    try {
      plan();
      for (PartyProcess party : parties.values()) {
        if (!party.isAlive()) {
          party.start();
        }
        party.order("clock 0");
        begin(party);
      }
      String end = watch();
      long millis = elapsed();
      String parted = part();
      if (parted.isEmpty() && !end.startsWith("hung")) {
        parted = budgets();
      }
      return new Outcome(
          seed,
          transport,
          List.copyOf(faults),
          parted.isEmpty() ? end : parted,
          millis,
          List.copyOf(said));
    } finally {
      wire.ifPresent(FaultyWire::close);
    }
  }

  private void prepare() throws IOException {
    for (SiteId site : ChaosStudy.SITES) {
      Path data = Files.createDirectories(home.resolve("data").resolve(site.value()));
      Files.writeString(data.resolve("data.csv"), "x\n1\n");
    }
    federation =
        LocalFederation.create(
            home.resolve("home"),
            home.resolve("data"),
            ChaosStudy.SITES,
            ChaosStudy.SITES,
            transport,
            Duration.ofSeconds(3),
            Clock.systemUTC(),
            new SecureRandom());
    URI folder = Exchanges.objects(federation.readCoordinator());
    objects = Files.createDirectories(Path.of(folder));
    int port = 0;
    if (federation.readCoordinator().exchange()
        instanceof io.tributary.study.CoordinatorConfig.Flight flight) {
      wire = Optional.of(new FaultyWire(flight.port()));
      port = wire.get().port();
    }
    started = System.nanoTime();
    order =
        "run "
            + federation.home()
            + " "
            + port
            + " "
            + Clock.systemUTC().instant().plus(END).toEpochMilli();
  }

  private long elapsed() {
    return (System.nanoTime() - started) / 1_000_000;
  }

  private void begin(PartyProcess party) {
    party.order("clock " + shifts.getOrDefault(party.name(), 0L));
    party.order(order);
  }

  // ---- faults
  // -------------------------------------------------------------------------------------

  private void plan() {
    List<Fault> kinds = new ArrayList<>(List.of(Fault.values()));
    if (wire.isEmpty()) {
      kinds.remove(Fault.HALF_OPEN);
    }
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      Fault fault = kinds.get(random.nextInt(kinds.size()));
      Step step = step(fault);
      at(
          EARLIEST_MILLIS + random.nextInt(LATEST_MILLIS - EARLIEST_MILLIS),
          () -> {
            faults.add(fault);
            step.take();
          });
    }
  }

  private void at(long millis, Step step) {
    acts.add(new Act(millis, step));
  }

  private void later(long millis, Step step) {
    at(elapsed() + millis, step);
  }

  private Step step(Fault fault) {
    List<PartyProcess> all = new ArrayList<>(parties.values());
    PartyProcess party = all.get(random.nextInt(all.size()));
    boolean coordinator = party.name().equals(LocalFederation.COORDINATOR);
    boolean onWire = wire.isPresent() && random.nextBoolean();
    long length = 200L + random.nextInt(3500);
    int pick = random.nextInt(1 << 20);
    int size = random.nextInt(20_000);
    long jump =
        coordinator
            ? random.nextInt(20_000) - 8_000L
            : random.nextInt(40 * 3_600_000) - 20 * 3_600_000L;
    return switch (fault) {
      case KILL ->
          () -> {
            party.resume();
            party.kill();
            later(
                length,
                () -> {
                  // Two kills may follow each other; a second process would find the first one's
                  // lock.
                  if (!party.isAlive()) {
                    party.start();
                    begin(party);
                  }
                });
          };
      case STOP ->
          () -> {
            if (party.isAlive()) {
              party.stop();
              later(length, party::resume);
            }
          };
      case CLOCK ->
          () -> {
            shifts.put(party.name(), jump);
            party.order("clock " + jump);
          };
      case DISK_FULL ->
          () -> {
            party.limitFiles(size);
            later(length, () -> party.limitFiles(-1));
          };
      case READ_ONLY ->
          () -> {
            writable(false);
            later(length, () -> writable(true));
          };
      case DELAY ->
          onWire
              ? () -> {
                wire.get().delay(1 + pick % 200);
                later(length, () -> wire.get().delay(0));
              }
              : () -> hide(pick, 1).forEach(hidden -> later(length, hidden));
      case DROP ->
          onWire
              ? () -> {
                wire.get().refuse(true);
                wire.get().cut();
                later(length, () -> wire.get().refuse(false));
              }
              : () -> hide(pick, 1);
      case REORDER ->
          () -> {
            List<Step> hidden = hide(pick, 3);
            for (int i = 0; i < hidden.size(); i++) {
              later(length / (i + 1), hidden.get(i));
            }
          };
      case DUPLICATE -> () -> duplicate(pick);
      case TRUNCATE -> onWire ? () -> wire.get().cut() : () -> damage(pick, true);
      case FLIP -> onWire ? () -> wire.get().flipOnce() : () -> damage(pick, false);
      case HALF_OPEN ->
          () -> {
            wire.get().silence(true);
            later(length, () -> wire.get().silence(false));
          };
    };
  }

  private List<Path> stored() throws IOException {
    List<Path> found = new ArrayList<>();
    walk(
        file -> {
          if (!objects.relativize(file).toString().startsWith(".")) {
            found.add(file);
          }
        },
        folder -> {});
    found.sort(null);
    return found;
  }

  /** Takes what there is; others make and remove files meanwhile. */
  private void walk(
      java.util.function.Consumer<Path> files, java.util.function.Consumer<Path> folders)
      throws IOException {
    Files.walkFileTree(
        objects,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            files.accept(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            folders.accept(folder);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private Optional<Path> pick(int pick) throws IOException {
    List<Path> stored = stored();
    return stored.isEmpty() ? Optional.empty() : Optional.of(stored.get(pick % stored.size()));
  }

  /** Takes the newest of some objects away; gives what brings each back. */
  private List<Step> hide(int pick, int count) throws IOException {
    Path away = Files.createDirectories(home.resolve("away"));
    List<Step> back = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Optional<Path> file = pick(pick + i * 7);
      if (file.isPresent()) {
        Path hidden = away.resolve(seed + "-" + pick + "-" + i);
        Files.move(file.get(), hidden);
        back.add(
            () -> {
              if (!Files.exists(file.get()) && Files.isDirectory(file.get().getParent())) {
                Files.move(hidden, file.get());
              }
            });
      }
    }
    return back;
  }

  private void duplicate(int pick) throws IOException {
    Optional<Path> file = pick(pick);
    if (file.isPresent()) {
      String name = file.get().getFileName().toString();
      char last = name.charAt(name.length() - 1);
      Path copy =
          file.get()
              .resolveSibling(name.substring(0, name.length() - 1) + (last == '0' ? '1' : '0'));
      if (!Files.exists(copy)) {
        Files.copy(file.get(), copy);
      }
    }
  }

  private void damage(int pick, boolean truncate) throws IOException {
    Optional<Path> file = pick(pick);
    if (file.isPresent()) {
      byte[] bytes = Files.readAllBytes(file.get());
      if (truncate) {
        bytes = Arrays.copyOf(bytes, pick % bytes.length);
      } else {
        bytes[pick % bytes.length] ^= (byte) (1 << (pick % 8));
      }
      Files.write(file.get(), bytes);
    }
  }

  private void writable(boolean yes) throws IOException {
    walk(
        file -> {},
        folder -> {
          try {
            Files.setPosixFilePermissions(
                folder, PosixFilePermissions.fromString(yes ? "rwxr-xr-x" : "r-xr-xr-x"));
          } catch (IOException e) {
            // Removed meanwhile.
          }
        });
  }

  // ---- watching
  // -----------------------------------------------------------------------------------

  private String watch() throws IOException, InterruptedException {
    long deadline = END.plus(GRACE).toMillis();
    while (elapsed() < deadline) {
      while (!acts.isEmpty() && acts.peek().atMillis() <= elapsed()) {
        try {
          acts.poll().step().take();
        } catch (NoSuchFileException e) {
          // The object was removed in between.
        }
      }
      for (PartyProcess party : parties.values()) {
        for (Optional<String> line = party.line(); line.isPresent(); line = party.line()) {
          Optional<String> end = hear(party, line.get());
          if (end.isPresent()) {
            return end.get();
          }
        }
      }
      Thread.sleep(10);
    }
    for (PartyProcess party : parties.values()) {
      if (party.isAlive()) {
        party.resume();
        party.writeThreads(home.resolve(party.name() + ".threads"));
      }
    }
    return "hung: no end after " + deadline + " ms";
  }

  private Optional<String> hear(PartyProcess party, String line) {
    said.add(elapsed() + " " + party.name() + " " + line);
    String[] words = line.split(" ");
    boolean coordinator = party.name().equals(LocalFederation.COORDINATOR);
    switch (words[0]) {
      case "error" -> {
        if (COMES_BACK.contains(words[1])) {
          later(300, () -> begin(party));
        } else if (coordinator) {
          return Optional.of(line);
        }
      }
      case "done" -> {
        results = sums(words[1]);
        return Optional.of(ChaosStudy.fault(results).map(why -> "wrong: " + why).orElse("right"));
      }
      case "broken" -> {
        return Optional.of(line + " (" + party.name() + ")");
      }
      default -> {
        // Others end with the run.
      }
    }
    return Optional.empty();
  }

  private static List<List<Long>> sums(String text) {
    List<List<Long>> sums = new ArrayList<>();
    for (String list : text.substring(2, text.length() - 2).split("\\],\\[")) {
      sums.add(Arrays.stream(list.split(",")).map(Long::valueOf).toList());
    }
    return sums;
  }

  /** Everybody lets go; empty unless somebody cannot. */
  private String part() throws IOException, InterruptedException {
    writable(true);
    wire.ifPresent(
        each -> {
          each.delay(0);
          each.silence(false);
          each.refuse(false);
        });
    Map<String, PartyProcess> asked = new LinkedHashMap<>();
    for (PartyProcess party : parties.values()) {
      if (party.isAlive()) {
        party.resume();
        party.limitFiles(-1);
        party.order("end");
        asked.put(party.name(), party);
      }
    }
    String hung = "";
    for (PartyProcess party : asked.values()) {
      if (!party.await("ended", END_OF_PARTY_MILLIS)) {
        Path threads = home.resolve(party.name() + ".threads");
        party.writeThreads(threads);
        hung = "hung: " + party.name() + " does not let go: " + ofParty(threads);
        party.kill();
      }
    }
    return hung;
  }

  /** Empty unless a site's ledger does not have a step that left the site, or has it twice. */
  private String budgets() {
    Digest study =
        ChaosStudy.terms(ChaosStudy.consortium(federation, Clock.systemUTC())).studyDigest();
    for (SiteId site : ChaosStudy.SITES) {
      Set<StepId> summed = new TreeSet<>();
      for (int step = 0; step < results.size(); step++) {
        if (results.get(step).get(ChaosStudy.SITES.indexOf(site)) != 0) {
          summed.add(new StepId(0, step));
        }
      }
      Optional<String> fault = ChaosBudget.fault(federation.readSite(site).state(), study, summed);
      if (fault.isPresent()) {
        return "under-counted: " + site.value() + ": " + fault.get();
      }
    }
    return "";
  }

  /** Where the thread that runs the study is, innermost call first. */
  private static String ofParty(Path threads) throws IOException {
    return Files.readAllLines(threads).stream()
        .dropWhile(line -> !line.startsWith("\"party\""))
        .takeWhile(line -> !line.isBlank())
        .map(String::strip)
        .limit(30)
        .collect(Collectors.joining(" "));
  }
}
