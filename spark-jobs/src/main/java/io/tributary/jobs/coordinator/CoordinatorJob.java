package io.tributary.jobs.coordinator;

import io.tributary.codec.CoordinatorConfigParser;
import io.tributary.codec.Digest;
import io.tributary.identity.KeyFile;
import io.tributary.identity.SigningIdentity;
import io.tributary.jobs.Exchanges;
import io.tributary.jobs.MemoryDumps;
import io.tributary.jobs.SparkSessions;
import io.tributary.jobs.Stopping;
import io.tributary.jobs.console.Commands;
import io.tributary.jobs.keys.ConsortiumFile;
import io.tributary.jobs.keys.PasswordFile;
import io.tributary.jobs.report.ParquetTables;
import io.tributary.journal.FileStateStore;
import io.tributary.report.ReportWriter;
import io.tributary.study.CoordinatorConfig;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * What the coordinator submits: {@code spark-submit --class
 * io.tributary.jobs.coordinator.CoordinatorJob tributary.jar --config coordinator.yaml [--study
 * DIGEST]}; the same as {@code tributary coordinator run}.
 */
public final class CoordinatorJob {
  private CoordinatorJob() {}

  /** Runs {@code coordinator run} with these arguments. */
  public static void main(String[] args) {
    System.exit(Commands.run(new CoordinatorCommand.Run(), args));
  }

  /** Reads a coordinator's configuration. */
  public static CoordinatorConfig config(Path file) {
    try {
      return CoordinatorConfigParser.parse(Files.readAllBytes(file), file);
    } catch (IOException e) {
      throw Errors.invalid(
          ErrorCode.CONFIG_INVALID, file.toString(), "cannot be read.", "Check the path.");
    }
  }

  /**
   * Serves studies until the process is told to end, or one study until it is over.
   *
   * @param only the one study
   * @param out results of the one study; empty for the state folder
   */
  @SuppressWarnings("try") // Stopping is there to be closed.
  public static void run(
      Path configFile, Optional<Digest> only, Optional<Path> out, CoordinatorNotices notices) {
    MemoryDumps.requireNone();
    CoordinatorConfig config = config(configFile);
    Clock clock = Clock.systemUTC();
    SecureRandom random = new SecureRandom();
    ConsortiumFile consortium = ConsortiumFile.read(config.consortium(), clock);
    SigningIdentity identity =
        KeyFile.read(config.identity().key(), PasswordFile.read(config.identity().passwordFile()));
    try (FileStateStore store = FileStateStore.open(config.state(), random);
        Exchanges.CoordinatorEnd end =
            Exchanges.ofCoordinator(
                config,
                consortium.consortium(),
                clock,
                refusal -> notices.refusedObject("connection", refusal));
        SparkSessions spark = new SparkSessions("tributary-coordinator");
        CoordinatorService service =
            new CoordinatorService(
                config,
                consortium,
                identity,
                end.exchange(),
                store,
                () -> new SparkSummation(end.exchange(), Exchanges.objects(config), spark),
                new ReportWriter(List.of(new ParquetTables())),
                clock,
                random,
                notices);
        Stopping stopping = Stopping.before(service::close)) {
      service.run(only, out);
    } finally {
      identity.destroy();
    }
  }
}
