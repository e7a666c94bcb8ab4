package io.tributary.jobs.site;

import io.tributary.codec.Digest;
import io.tributary.codec.SiteConfigParser;
import io.tributary.exchange.Exchange;
import io.tributary.identity.KeyFile;
import io.tributary.identity.SigningIdentity;
import io.tributary.jobs.Exchanges;
import io.tributary.jobs.MemoryDumps;
import io.tributary.jobs.SparkSessions;
import io.tributary.jobs.Stopping;
import io.tributary.jobs.analysis.Catalog;
import io.tributary.jobs.console.Commands;
import io.tributary.jobs.keys.ConsortiumFile;
import io.tributary.jobs.keys.PasswordFile;
import io.tributary.journal.FileStateStore;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;

/**
 * What a site submits: {@code spark-submit --class io.tributary.jobs.site.SiteJob tributary.jar
 * --config site.yaml [--study DIGEST]}; the same as {@code tributary site run}.
 *
 * <p>Secrets live in this process alone, the driver: keys, seeds and randomness are never in a
 * closure, a broadcast or a configuration of Spark. Executors see rows and give partial sums.
 */
public final class SiteJob {
  private SiteJob() {}

  /** Runs {@code site run} with these arguments. */
  public static void main(String[] args) {
    System.exit(Commands.run(new SiteCommand.Run(), args));
  }

  /** Reads a site's configuration; CONFIG_INVALID also if its policy names an unknown analysis. */
  public static SiteConfig config(Path file) {
    SiteConfig config;
    try {
      config = SiteConfigParser.parse(Files.readAllBytes(file), file);
    } catch (IOException e) {
      throw Errors.invalid(
          ErrorCode.CONFIG_INVALID, file.toString(), "cannot be read.", "Check the path.");
    }
    for (String type : config.policy().analyses().listed().keySet()) {
      if (!Catalog.types().contains(type)) {
        throw Errors.invalid(
            ErrorCode.CONFIG_INVALID,
            file + " at policy.analyses",
            "'" + type + "' is no type of analysis.",
            "The types are " + String.join(", ", Catalog.types()) + ".");
      }
    }
    return config;
  }

  /**
   * Serves studies until the process is told to end, or one study until it is over.
   *
   * @param only the one study
   */
  @SuppressWarnings("try") // Stopping is there to be closed.
  public static void run(Path configFile, Optional<Digest> only, SiteNotices notices) {
    MemoryDumps.requireNone();
    SiteConfig config = config(configFile);
    Clock clock = Clock.systemUTC();
    SecureRandom random = new SecureRandom();
    ConsortiumFile consortium = ConsortiumFile.read(config.consortium(), clock);
    SigningIdentity identity =
        KeyFile.read(config.identity().key(), PasswordFile.read(config.identity().passwordFile()));
    try (FileStateStore store = FileStateStore.open(config.state(), random);
        Exchange exchange = Exchanges.ofSite(config, consortium.consortium(), clock);
        SparkSessions spark = new SparkSessions("tributary-site");
        SiteService service =
            new SiteService(
                config, consortium, identity, exchange, store, spark, clock, random, notices);
        Stopping stopping = Stopping.before(service::close)) {
      spark.warmUp(service::close);
      serve(service, only, spark);
    } finally {
      identity.destroy();
    }
  }

  /** Without Spark the service is closed; what its studies then end with is told by that. */
  private static void serve(SiteService service, Optional<Digest> only, SparkSessions spark) {
    try {
      service.run(only);
    } catch (RuntimeException e) {
      spark.requireWarm();
      throw e;
    }
    spark.requireWarm();
  }
}
