package io.tributary.jobs.cli;

import static io.tributary.jobs.console.Commands.fields;

import io.tributary.jobs.Folders;
import io.tributary.jobs.SparkSessions;
import io.tributary.jobs.Stopping;
import io.tributary.jobs.console.CommonOptions;
import io.tributary.jobs.console.Console;
import io.tributary.jobs.coordinator.CoordinatorCommand;
import io.tributary.jobs.local.LocalFederation;
import io.tributary.jobs.local.LocalFederation.Transport;
import io.tributary.jobs.local.LocalPooled;
import io.tributary.jobs.local.LocalRun;
import io.tributary.jobs.local.LocalSplit;
import io.tributary.jobs.site.SiteFailures;
import io.tributary.jobs.study.StudyFile;
import io.tributary.report.AnalysisReport;
import io.tributary.report.ResultComparison;
import io.tributary.report.ResultFolder;
import io.tributary.report.ResultTable;
import io.tributary.report.StudyReport;
import io.tributary.report.TextTables;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteId;
import io.tributary.study.Study;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tributary local ...}: a whole federation on one machine, to try it on one's own data. */
@Command(
    name = "local",
    description = "A whole federation on this machine.",
    subcommands = {
      LocalCommand.Split.class,
      LocalCommand.Prepare.class,
      LocalCommand.Run.class,
      LocalCommand.PooledRun.class,
      LocalCommand.Compare.class
    })
final class LocalCommand {
  /** 16 MiB of text are some hundred thousand rows. */
  private static final long SMALL_BYTES = 16L << 20;

  /** {@code local split}. */
  @Command(name = "split", description = "Cut one table into a folder of sites.")
  static final class Split implements Callable<Integer> {
    @Mixin private CommonOptions common;

    @Option(names = "--data", required = true, description = "A .csv or .parquet file.")
    private Path data;

    @Option(names = "--out", required = true, description = "New folder; one sub-folder a site.")
    private Path out;

    @ArgGroup(multiplicity = "1")
    private Choice choice;

    @Option(names = "--person", description = "With --into: rows with one value stay together.")
    private String person;

    /** By a column, or into a number of equal parts. */
    static final class Choice {
      @Option(names = "--by", description = "Column whose values are the sites.")
      private String column;

      @Option(names = "--into", description = "Number of sites; rows are dealt in turn.")
      private Integer sites;
    }

    @Override
    public Integer call() {
      LocalSplit.Rule rule =
          choice.column != null
              ? new LocalSplit.Rule.By(choice.column)
              : new LocalSplit.Rule.Into(choice.sites, Optional.ofNullable(person));
      Map<String, Long> rows = new LocalSplit(data, rule).write(out);
      Console console = common.console();
      if (common.json()) {
        console.result(new LinkedHashMap<>(rows));
      } else {
        rows.forEach((site, count) -> console.result(site + ": " + count + " rows"));
      }
      return 0;
    }
  }

  /** {@code local prepare}. */
  @Command(
      name = "prepare",
      description = "Make keys and configuration of a federation, to start its parts by hand.")
  static final class Prepare implements Callable<Integer> {
    @Mixin private CommonOptions common;

    @Option(names = "--sites", required = true, description = "Folder with a sub-folder a site.")
    private Path sites;

    @Option(names = "--home", required = true, description = "New folder for the federation.")
    private Path home;

    @Option(
        names = "--transport",
        defaultValue = "flight",
        description = "flight (mTLS on loopback) or files.")
    private String transport;

    @Option(
        names = "--setup-seconds",
        defaultValue = "180",
        description = "How long a study waits for a missing site at first, 1 to 86400.")
    private long setupSeconds;

    @Override
    public Integer call() {
      if (setupSeconds < 1 || setupSeconds > 86_400) {
        throw Errors.invalid(
            ErrorCode.USAGE, "--setup-seconds", "must be 1 to 86400.", "Give another number.");
      }
      LocalFederation federation =
          LocalFederation.create(
              home,
              sites,
              LocalFederation.sitesIn(sites),
              LocalFederation.sitesIn(sites),
              transport(transport),
              Duration.ofSeconds(setupSeconds),
              Clock.systemUTC(),
              new SecureRandom());
      Console console = common.console();
      console.result("coordinator " + federation.coordinatorConfig());
      console.result("analyst " + federation.analystConfig());
      for (SiteId site : LocalFederation.sitesIn(sites)) {
        console.result("site " + federation.siteConfig(site));
      }
      return 0;
    }
  }

  /** {@code local run}. */
  @Command(
      name = "run",
      description = "Run a study over a folder of sites, with the whole protocol.")
  static final class Run implements Callable<Integer> {
    /** PROTOCOL.md 2.4: with two, a sum less one's own vector is the other's. */
    private static final int LEAST_SITES = 3;

    @Mixin private CommonOptions common;

    @Parameters(description = "STUDY.yaml")
    private Path study;

    @Option(names = "--sites", required = true, description = "Folder with a sub-folder a site.")
    private Path sites;

    @Option(names = "--out", required = true, description = "Folder for the results.")
    private Path out;

    @Option(
        names = "--transport",
        defaultValue = "flight",
        description = "flight (mTLS on loopback) or files.")
    private String transport;

    @Option(names = "--one-jvm", description = "Threads in one process instead of processes.")
    private boolean oneJvm;

    @Option(
        names = "--absent",
        split = ",",
        description = "Sites of the study that stay away from the start.")
    private List<String> absent = List.of();

    @Option(
        names = "--state",
        description = "Keep keys and state of all parties here; without it they are fresh.")
    private Path state;

    @Override
    @SuppressWarnings("try") // Stopping is there to be closed.
    public Integer call() throws IOException {
      StudyFile file = StudyFile.read(study);
      List<SiteId> away = absent.stream().map(SiteId::new).toList();
      List<SiteId> present = present(file.study(), away);
      ResultFolder.requireReplaceable(out);
      boolean keep = state != null;
      Path home = keep ? state : Files.createTempDirectory("tributary-local-");
      // The shutdown has to wait until the folder is gone, whoever removes it.
      try (Stopping stopping = Stopping.before(() -> clear(home, keep))) {
        return run(home, file, present, keep);
      }
    }

    private int run(Path home, StudyFile file, List<SiteId> present, boolean keep)
        throws IOException {
      try {
        LocalFederation federation = federation(home, file.study(), present, keep);
        LocalRun run =
            new LocalRun(federation, file, present, Clock.systemUTC(), new SecureRandom());
        Console console = common.console();
        if (oneJvm) {
          try (SparkSessions spark = new SparkSessions("tributary-local")) {
            run.inOneJvm(
                out, spark, new CoordinatorCommand.Notices(console), SiteFailures.of(console));
          }
        } else {
          run.inProcesses(out, isSmall(sites), (event, fields) -> show(console, event, fields));
        }
        console.result("results in " + out);
        return 0;
      } finally {
        clear(home, keep);
      }
    }

    private static void show(Console console, String event, Map<String, Object> fields) {
      if (event.equals("status")) {
        console.progress(event, fields);
      } else {
        console.event(event, fields);
      }
    }

    private List<SiteId> present(Study study, List<SiteId> away) {
      List<SiteId> folders = LocalFederation.sitesIn(sites);
      for (SiteId site : away) {
        if (!study.sites().contains(site)) {
          throw Errors.invalid(
              ErrorCode.USAGE,
              "--absent",
              "the study does not name '" + site + "'.",
              "Its sites are " + study.sites() + ".");
        }
      }
      for (SiteId site : study.sites()) {
        if (!folders.contains(site) && !away.contains(site)) {
          throw Errors.data(
              ErrorCode.DATA_MISSING,
              sites.toString(),
              "the study names site '" + site + "', which has no folder there.",
              "The folders are " + folders + "; name a site that is away after --absent.");
        }
      }
      List<SiteId> present = study.sites().stream().filter(site -> !away.contains(site)).toList();
      int least = Math.max(LEAST_SITES, study.minContributors());
      if (present.size() < least) {
        throw Errors.protocol(
            ErrorCode.THRESHOLD_LOST,
            "The study needs " + least + " sites, and " + present.size() + " take part.",
            "With fewer, a sum would show what one site added to it.",
            "Bring the sites after --absent back, or lower minContributors to 3 or more.");
      }
      return present;
    }

    private LocalFederation federation(Path home, Study study, List<SiteId> present, boolean keep) {
      if (keep && LocalFederation.existsIn(home)) {
        return LocalFederation.open(home);
      }
      return LocalFederation.create(
          home,
          sites,
          study.sites(),
          present,
          transport(transport),
          present.size() == study.sites().size()
              ? LocalFederation.SETUP
              : oneJvm ? LocalFederation.SETUP_IN_ONE_JVM : LocalFederation.SETUP_WITHOUT_ABSENT,
          Clock.systemUTC(),
          new SecureRandom());
    }
  }

  /** Whether all tables lie in this folder and are read in seconds. */
  private static boolean isSmall(Path sites) throws IOException {
    long bytes = 0;
    try (var files = Files.walk(sites, FileVisitOption.FOLLOW_LINKS)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (file.endsWith("site.yaml")) {
          return false;
        }
        bytes += Files.size(file);
      }
    }
    return bytes <= SMALL_BYTES;
  }

  /** Removes what was made for one command. */
  private static void clear(Path home, boolean keep) {
    try {
      if (!keep) {
        Folders.remove(home);
      }
    } catch (IOException e) {
      throw Errors.storageFailed(
          "The temporary folder " + home + " cannot be removed: " + e.getMessage() + ".",
          "Remove it by hand; it holds the keys of a federation that is over.",
          e);
    }
  }

  /** {@code local pooled}. */
  @Command(
      name = "pooled",
      description = "Run a study's analyses on the pooled rows, without masks.")
  static final class PooledRun implements Callable<Integer> {
    @Mixin private CommonOptions common;

    @Parameters(description = "STUDY.yaml")
    private Path study;

    @Option(names = "--sites", required = true, description = "Folder with a sub-folder a site.")
    private Path sites;

    @Option(names = "--out", required = true, description = "Folder for the results.")
    private Path out;

    @Option(names = "--absent", split = ",", description = "Sites whose rows are left out.")
    private List<String> absent = List.of();

    @Override
    @SuppressWarnings("try") // Stopping is there to be closed.
    public Integer call() throws IOException {
      StudyFile file = StudyFile.read(study);
      List<SiteId> present =
          file.study().sites().stream().filter(site -> !absent.contains(site.value())).toList();
      ResultFolder.requireReplaceable(out);
      Path home = Files.createTempDirectory("tributary-pooled-");
      try (Stopping stopping = Stopping.before(() -> clear(home, false));
          SparkSessions spark = new SparkSessions("tributary-pooled")) {
        LocalFederation federation =
            LocalFederation.create(
                home,
                sites,
                present,
                present,
                Transport.FILES,
                LocalFederation.SETUP,
                Clock.systemUTC(),
                new SecureRandom());
        LocalPooled.run(
            file,
            present.stream().map(federation::readSite).toList(),
            out,
            spark,
            Clock.systemUTC());
      } finally {
        clear(home, false);
      }
      common.console().result("results in " + out);
      return 0;
    }
  }

  /** {@code local compare}. */
  @Command(
      name = "compare",
      description = "How far two results lie apart; exit code 1 if further than --within.")
  static final class Compare implements Callable<Integer> {
    @Mixin private CommonOptions common;

    @Parameters(index = "0", description = "A result folder.")
    private Path a;

    @Parameters(index = "1", description = "Another one.")
    private Path b;

    @Option(
        names = "--within",
        description = "Largest relative difference that is no failure; without it none is.")
    private Double within;

    @Option(names = "--show", description = "Print the numbers of these tables side by side.")
    private boolean show;

    @Override
    public Integer call() {
      ResultComparison comparison = ResultComparison.between(a, b);
      Console console = common.console();
      if (common.json()) {
        console.result(
            fields(
                "identical", comparison.identical(),
                "columns", comparison.columns().size(),
                "largestAbsolute", comparison.largestAbsolute(),
                "largestRelative", comparison.largestRelative(),
                "mismatches", comparison.mismatches().size()));
      } else {
        if (show) {
          beside(console, ResultFolder.read(a), ResultFolder.read(b));
        }
        console.result(comparison.text());
      }
      return within != null && !comparison.within(within) ? 1 : 0;
    }

    private void beside(Console console, StudyReport left, StudyReport right) {
      for (AnalysisReport analysis : left.analyses()) {
        right.analyses().stream()
            .filter(other -> other.name().equals(analysis.name()))
            .findFirst()
            .ifPresent(other -> beside(console, analysis, other));
      }
    }

    private void beside(Console console, AnalysisReport left, AnalysisReport right) {
      for (ResultTable table : left.tables()) {
        for (ResultTable other : right.tables()) {
          if (other.name().equals(table.name()) && !table.name().equals("covariance")) {
            console.result(left.name() + ": " + table.title());
            console.result(
                TextTables.beside(
                    table,
                    a.getFileName().toString(),
                    other,
                    b.getFileName().toString(),
                    List.of()));
          }
        }
      }
    }
  }

  private static Transport transport(String name) {
    return switch (name) {
      case "flight" -> Transport.FLIGHT;
      case "files" -> Transport.FILES;
      default ->
          throw Errors.invalid(
              ErrorCode.USAGE,
              "--transport",
              "there is no transport '" + name + "'.",
              "Use flight or files.");
    };
  }
}
